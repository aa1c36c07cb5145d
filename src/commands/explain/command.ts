import { describeFinding, FINDING_CODES, isFindingCode } from '../../codes.ts';
import { defineCommand } from '../../command.ts';
import { describeError, ERROR_CODES, SophiaError } from '../../errors.ts';
import { blocks, bold, code, table } from '../../markdown.ts';
import { outcome } from '../../outcome.ts';
import { suggest } from '../../suggest.ts';

interface Explanation {
  readonly code: string;
  readonly title: string;
  readonly hint: string;
  readonly explain: string;
  /** Null for a finding: its verdict decides. */
  readonly exitCode: number | null;
  readonly status: number | null;
  readonly retryable?: true;
}

const ERRORS: ReadonlySet<string> = new Set(ERROR_CODES);

/** Who reads a code does not know, and need not, whether it stopped the run or is what the run found. */
const CATALOGUE: readonly Explanation[] = [
  ...ERROR_CODES.map(describeError),
  ...FINDING_CODES.filter((each) => !ERRORS.has(each)).map((each) => ({ ...describeFinding(each), exitCode: null, status: null })),
];
const CODES = CATALOGUE.map(({ code }) => code);

export default defineCommand({
  name: 'explain',
  summary: 'Say what a code of an error or a finding means, why it comes up and what to do about it',
  group: 'desk',
  action: { none: 'it answers a person; the annotation of a failed step already carries the hint' },
  options: {
    code: {
      type: 'string',
      positional: true,
      value: 'CODE',
      help: 'A code as printed with an error or a finding, upper or lower case (without it: all codes)',
    },
  },
  examples: [
    { command: 'sophia explain CONFIG_INVALID', does: 'Explain one code' },
    { command: 'sophia explain VERSION_MIXED', does: 'Explain what a check has found' },
    { command: 'sophia explain', does: 'List all codes' },
    { command: 'sophia explain --json', does: 'All codes with their texts, for a program' },
  ],
  dataSchema: {
    type: 'object',
    required: ['codes'],
    additionalProperties: false,
    properties: {
      codes: {
        type: 'array',
        items: {
          type: 'object',
          required: ['code', 'title', 'hint', 'explain', 'exitCode', 'status'],
          additionalProperties: false,
          properties: {
            code: { type: 'string' },
            title: { type: 'string', description: 'What happened, with {placeholders}' },
            hint: { type: 'string', description: 'What to do about it' },
            explain: { type: 'string', description: 'Why it comes up' },
            exitCode: { enum: [2, 3, 4, 5, null], description: 'null for a finding: its verdict decides' },
            status: { type: ['integer', 'null'], description: 'HTTP status of the problem document; null for a finding' },
            retryable: { const: true },
          },
        },
      },
    },
  },
  run: (_context, options) => {
    const codes = options.code === undefined ? CATALOGUE : [find(options.code)];
    const findings = codes.map((each) => ({ check: 'explained', target: each.code, verdict: 'pass' as const, reason: each.title }));
    return Promise.resolve(outcome(findings, { codes }));
  },
  view: ({ data }) => (data.codes.length === 1 ? viewOne(data.codes[0]!) : viewAll(data.codes)),
});

function find(typed: string): Explanation {
  const wanted = typed.trim().toUpperCase().replaceAll('-', '_');
  const found = CATALOGUE.find(({ code: each }) => each === wanted);
  if (found === undefined) throw new SophiaError('UNKNOWN_CODE', { code: typed, suggestion: suggest(wanted, CODES) });
  return found;
}

function viewOne(each: Explanation): string {
  return blocks(
    bold(each.code),
    `What happened: ${each.title}`,
    `Why: ${each.explain}`,
    `What to do: ${each.hint}`,
    each.exitCode === null
      ? 'A finding: its verdict decides the exit code.'
      : `Exit code ${each.exitCode}.${each.retryable === true ? ' Trying again may help.' : ''}`,
    each.exitCode !== null && isFindingCode(each.code) && viewAsFinding(describeFinding(each.code)),
  );
}

/** What stops one run is what another has found. */
function viewAsFinding({ explain, hint }: Pick<Explanation, 'explain' | 'hint'>): string {
  return blocks(`As a finding: ${explain} Its verdict decides the exit code.`, `What to do then: ${hint}`);
}

function viewAll(codes: readonly Explanation[]): string {
  const rows = codes.map((each) => [each.code, each.exitCode === null ? '' : String(each.exitCode), each.title]);
  return blocks(
    table(['code', 'exit', 'what happened'], rows),
    'Without an exit code it is a finding, whose verdict decides.',
    `More about one: ${code('sophia explain CODE')}`,
  );
}
