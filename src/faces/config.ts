// sophia.yaml: strict YAML 1.2, data only. One section per command, keys in snake_case; anything unknown is an error at line:column.
import path from 'node:path';
import type { LineCounter, Node, Pair } from 'yaml';
import type * as Yaml from 'yaml';
import { toSection, toSnake, type Command, type OptionSpec } from '../command.ts';
import type { Context } from '../context.ts';
import { SophiaError, systemCodeOf } from '../errors.ts';
import type { JsonObject } from '../outcome.ts';
import type { Registry } from '../registry.ts';
import { suggest } from '../suggest.ts';
import type { RawOptions } from './options.ts';

const DEFAULT_NAME = 'sophia.yaml';
/** A configuration is written by hand; a larger file is none, and would only cost memory. */
const MAX_BYTES = 256 << 10;
/** A file that is broken throughout has one problem, not thousands. */
const MAX_TOLD = 20;

export interface ConfigRequest {
  /** From --config or SOPHIA_CONFIG; it must exist. Without it sophia.yaml is read where there is one. */
  readonly path: string | undefined;
  readonly command: Command;
  readonly registry: Registry;
}

/** The options that the configuration gives the command; throws CONFIG_INVALID with every problem of the file. */
export async function readConfig(context: Context, request: ConfigRequest): Promise<RawOptions> {
  const name = request.path ?? DEFAULT_NAME;
  const file = path.resolve(context.directory, name);
  if (!context.files.exists(file)) {
    if (request.path !== undefined) throw new SophiaError('CONFIG_NOT_FOUND', { path: name });
    return {};
  }
  const bytes = readRegular(context, name, file);
  const sections = await parseConfig(name, Buffer.from(bytes).toString('utf8'), request.registry);
  context.record.input(name, bytes);
  return sections.get(request.command.name) ?? {};
}

/** A symlink is followed; a FIFO or a device would be read for ever. */
function readRegular({ files }: Context, name: string, file: string): Uint8Array {
  try {
    const real = files.realPath(file);
    const found = files.stat(real);
    if (found?.kind !== 'file') throw new SophiaError('CONFIG_UNREADABLE', { path: name, reason: 'it is not a regular file' });
    if (found.sizeBytes > MAX_BYTES)
      throw new SophiaError('CONFIG_UNREADABLE', { path: name, reason: `it has ${found.sizeBytes} bytes, more than ${MAX_BYTES}` });
    return files.read(real);
  } catch (error) {
    if (error instanceof SophiaError) throw error;
    throw new SophiaError('CONFIG_UNREADABLE', { path: name, reason: systemCodeOf(error) ?? String(error) }, { cause: error });
  }
}

async function parseConfig(name: string, text: string, registry: Registry): Promise<Map<string, RawOptions>> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, version: '1.2', strict: true, uniqueKeys: true });
  const problems = new Problems(name, lines);
  for (const error of [...document.errors, ...document.warnings]) problems.add(error.pos[0], error.message.split(' at line ')[0]!);
  const sections = new Map<string, RawOptions>();
  const commands = await Promise.all(registry.map((entry) => entry.load()));
  const root = document.contents;
  if (root !== null && !yaml.isMap(root)) problems.addAt(root, 'the file must be a mapping of sections');
  for (const pair of yaml.isMap(root) ? (root.items as Pair<Node, Node | null>[]) : []) {
    const key = String(pair.key);
    const command = commands.find((each) => toSection(each.name) === key);
    if (command === undefined) {
      problems.addAt(
        pair.key,
        `unknown section "${key}"${suggest(
          key,
          commands.map((each) => toSection(each.name)),
        )}`,
      );
    } else if (yaml.isMap(pair.value)) {
      sections.set(command.name, readSection(yaml, { command, pairs: pair.value.items as Pair<Node, Node | null>[], problems }));
    } else if (pair.value !== null && !(yaml.isScalar(pair.value) && pair.value.value === null)) {
      problems.addAt(pair.value, `"${key}" must be a mapping of options`);
    }
  }
  problems.throwIfAny();
  return sections;
}

interface Section {
  readonly command: Command;
  readonly pairs: readonly Pair<Node, Node | null>[];
  readonly problems: Problems;
}

function readSection(yaml: typeof Yaml, { command, pairs, problems }: Section): RawOptions {
  const options = new Map(
    Object.entries(command.options)
      .filter(([, spec]) => !spec.positional)
      .map(([name, spec]) => [toSnake(name), { name, spec }]),
  );
  const values: Record<string, string | boolean | readonly string[]> = {};
  for (const { key, value } of pairs) {
    const option = options.get(String(key));
    if (option === undefined) {
      problems.addAt(key, `unknown key "${String(key)}" in ${toSection(command.name)}${suggest(String(key), [...options.keys()])}`);
      continue;
    }
    if (yaml.isAlias(value)) {
      problems.addAt(value, `"${String(key)}" is an alias; write its value out`);
      continue;
    }
    const plain: unknown = value?.toJSON();
    if (isRightType(option.spec, plain))
      values[option.name] = typeof plain === 'boolean' ? plain : Array.isArray(plain) ? plain.map(String) : String(plain);
    else problems.addAt(value ?? key, `"${String(key)}" must be ${describeType(option.spec)}`);
  }
  return values;
}

function isRightType(spec: OptionSpec, value: unknown): boolean {
  switch (spec.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isSafeInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'size':
      return typeof value === 'string' || Number.isSafeInteger(value);
    case 'list':
      return typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'));
    default:
      return typeof value === 'string' && (spec.choices?.includes(value) ?? true);
  }
}

function describeType(spec: OptionSpec): string {
  if (spec.choices !== undefined) return `one of ${spec.choices.join(', ')}`;
  const words = {
    boolean: 'true or false',
    integer: 'a whole number',
    number: 'a number',
    size: 'a size like 1MiB',
    list: 'a list of text',
    duration: 'a duration like 10s',
    path: 'a path',
    string: 'text',
  };
  return words[spec.type];
}

class Problems {
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #found: (JsonObject & { message: string; problem: string; location: { file: string; line: number; column: number } })[] = [];

  constructor(file: string, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
  }

  addAt(node: Node, problem: string): void {
    this.add(node.range?.[0] ?? 0, problem);
  }

  add(offset: number, problem: string): void {
    const { line, col } = this.#lines.linePos(offset);
    const location = { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
    this.#found.push({
      code: 'CONFIG_INVALID',
      message: `${location.file}:${location.line}:${location.column}: ${problem}`,
      location,
      problem,
    });
  }

  throwIfAny(): void {
    const first = this.#found[0];
    if (first === undefined) return;
    const { location } = first;
    const rest = this.#found.length === 1 ? '' : ` (and ${this.#found.length - 1} more)`;
    throw new SophiaError(
      'CONFIG_INVALID',
      { ...location, problem: `${first.problem}${rest}` },
      { errors: this.#found.slice(0, MAX_TOLD) },
    );
  }
}
