// schemas/*.json, JSON Schema 2020-12: what `--json` prints, for each command, and what sophia.yaml may say.
import { isConfigurable, toSection, toSlug, toSnake, type Command, type OptionSpec } from '../command.ts';
import { ERROR_CODES } from '../errors.ts';
import { VERDICTS } from '../outcome.ts';
import type { Section } from '../section.ts';
import { DURATION_PATTERN, SIZE_PATTERN } from '../units.ts';
import { markOf } from './source.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** The document of one command: complete, or stopped by an error. */
export function documentSchemaOf(command: Command): string {
  return toJson({
    $schema: DIALECT,
    $id: `urn:sophia:schema:${toSlug(command.name)}`,
    $comment: markOf(`src/commands/${toSlug(command.name)}/command.ts`),
    title: `sophia ${command.name} --json`,
    description: command.summary,
    anyOf: [
      shapeOf(command, { data: { $ref: '#/$defs/data' }, error: { type: 'null' } }),
      shapeOf(command, { data: { type: 'object', description: 'What was known when the run ended' }, error: { $ref: '#/$defs/problem' } }),
    ],
    $defs: { data: embed(command), finding: FINDING, problem: PROBLEM, proof: PROOF },
  });
}

function shapeOf(command: Command, ends: { readonly data: object; readonly error: object }): object {
  return {
    type: 'object',
    required: ['command', 'result', 'findings', 'data', 'error', 'proof'],
    additionalProperties: false,
    properties: {
      command: { const: command.name },
      result: { enum: ['PASSED', 'WARNED', 'FAILED', 'UNKNOWN'] },
      findings: { type: 'array', items: { $ref: '#/$defs/finding' } },
      ...ends,
      proof: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/proof' }] },
    },
  };
}

export interface ConfigParts {
  readonly commands: readonly Command[];
  readonly sections: readonly Section[];
}

/** sophia.yaml: a part for each command that has options and for each room's section, keys in snake_case, nothing else. */
export function configSchemaOf({ commands, sections }: ConfigParts): string {
  const names = [...new Set([...commands.map(({ name }) => toSection(name)), ...sections.map(({ name }) => name)])];
  return toJson({
    $schema: DIALECT,
    $id: 'urn:sophia:schema:config',
    $comment: markOf('src/commands/*/command.ts and src/*/section.ts'),
    title: 'sophia.yaml',
    description: 'Everything in it is optional. Flags and SOPHIA_* variables beat it; it beats the defaults.',
    type: ['object', 'null'],
    additionalProperties: false,
    properties: Object.fromEntries(
      names.map((name) => [
        name,
        partOf(
          commands.find((command) => toSection(command.name) === name),
          sections.find((section) => section.name === name),
        ),
      ]),
    ),
  });
}

/** A part that is there and empty is as good as none. */
function partOf(command: Command | undefined, section: Section | undefined): object {
  if (section?.fields === null) return { description: section.summary, anyOf: [section.shape.schema, { type: 'null' }] };
  const options = Object.entries(command?.options ?? {}).filter(([, spec]) => isConfigurable(spec));
  const fields = Object.entries(section?.fields ?? {});
  return {
    type: ['object', 'null'],
    description: section?.summary ?? command?.summary,
    additionalProperties: false,
    properties: Object.fromEntries([
      ...fields.map(([name, { schema }]) => [name, schema] as const),
      ...options.map(([name, spec]) => [toSnake(name), { description: spec.help, ...valueOf(spec) }] as const),
    ]),
  };
}

/** What the reader of sophia.yaml takes for an option; a test feeds both the same values. */
function valueOf(spec: OptionSpec): object {
  const standard = spec.default === undefined ? {} : { default: spec.default };
  const minimum = spec.min === undefined ? {} : { minimum: spec.min };
  switch (spec.type) {
    case 'boolean':
      return { type: 'boolean', ...standard };
    case 'integer':
    case 'number':
      return { type: spec.type, ...minimum, ...standard };
    case 'size':
      return { type: ['string', 'integer'], pattern: whole(SIZE_PATTERN), ...minimum, ...standard, examples: ['1MiB', '500KB'] };
    case 'list':
      return { type: ['string', 'array'], items: { type: 'string' }, ...standard };
    case 'duration':
      return { type: 'string', pattern: whole(DURATION_PATTERN), ...standard, examples: ['10s', '5m', '24h'] };
    case 'path':
      return { type: 'string', minLength: 1, ...standard };
    default:
      return { type: 'string', ...(spec.choices === undefined ? {} : { enum: spec.choices }), ...standard };
  }
}

function whole(pattern: string): string {
  return `^(?:${pattern})$`;
}

/** A schema with definitions of its own keeps them: with an id its references stay inside it. */
function embed(command: Command): object {
  const { $schema: _, ...schema } = command.dataSchema as { readonly $schema?: string };
  return '$defs' in schema ? { $id: `urn:sophia:schema:${toSlug(command.name)}:data`, ...schema } : schema;
}

function toJson(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

const SHA256 = { type: 'string', pattern: '^[0-9a-f]{64}$' };

const FINDING = {
  type: 'object',
  required: ['check', 'target', 'verdict', 'reason'],
  additionalProperties: false,
  properties: {
    check: { type: 'string' },
    target: { type: 'string' },
    verdict: { enum: VERDICTS },
    reason: { type: 'string' },
    code: { type: 'string' },
    attempts: { type: 'integer', minimum: 0 },
    durationMs: { type: 'number', minimum: 0 },
    observed: {},
    expected: {},
    tries: { type: 'array' },
    location: {
      type: 'object',
      required: ['file', 'line', 'column'],
      additionalProperties: false,
      properties: { file: { type: 'string' }, line: { type: 'integer', minimum: 1 }, column: { type: 'integer', minimum: 1 } },
    },
  },
};

const PROBLEM = {
  description: 'RFC 9457 problem details',
  type: 'object',
  required: ['type', 'code', 'title', 'status', 'detail', 'hint', 'retryable', 'errors'],
  additionalProperties: false,
  properties: {
    type: { type: 'string' },
    code: { enum: ERROR_CODES },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    hint: { type: 'string' },
    retryable: { type: 'boolean' },
    errors: { type: 'array', items: { type: 'object' } },
  },
};

const PROOF = {
  type: 'object',
  required: ['id', 'path', 'sha256'],
  additionalProperties: false,
  properties: { id: { type: 'string', pattern: '^[0-9A-HJKMNP-TV-Z]{26}$' }, path: { type: 'string' }, sha256: SHA256 },
};
