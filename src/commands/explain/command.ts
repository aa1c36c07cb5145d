import { defineCommand } from '../../command.ts';
import { describeError, ERROR_CODES, SophiaError, type ErrorCode } from '../../errors.ts';
import { blocks, bold, code, table } from '../../markdown.ts';
import { outcome } from '../../outcome.ts';
import { suggest } from '../../suggest.ts';

type Explanation = ReturnType<typeof describeError>;

export default defineCommand({
  name: 'explain',
  summary: 'Say what an error code means, why it comes up and what to do about it',
  group: 'desk',
  action: { none: 'it answers a person; the annotation of a failed step already carries the hint' },
  options: {
    code: {
      type: 'string',
      positional: true,
      value: 'CODE',
      help: 'A code as printed in an error, upper or lower case (without it: all codes)',
    },
  },
  examples: [
    { command: 'sophia explain CONFIG_INVALID', does: 'Explain one code' },
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
            exitCode: { enum: [2, 3, 4, 5] },
            status: { type: 'integer', description: 'HTTP status of the problem document' },
            retryable: { const: true },
          },
        },
      },
    },
  },
  run: (_context, options) => {
    const codes = options.code === undefined ? ERROR_CODES.map(describeError) : [describeError(findCode(options.code))];
    const findings = codes.map((each) => ({ check: 'explained', target: each.code, verdict: 'pass' as const, reason: each.title }));
    return Promise.resolve(outcome(findings, { codes }));
  },
  view: ({ data }) => (data.codes.length === 1 ? viewOne(data.codes[0]!) : viewAll(data.codes)),
});

function findCode(typed: string): ErrorCode {
  const wanted = typed.trim().toUpperCase().replaceAll('-', '_');
  const found = ERROR_CODES.find((each) => each === wanted);
  if (found === undefined) throw new SophiaError('UNKNOWN_CODE', { code: typed, suggestion: suggest(wanted, ERROR_CODES) });
  return found;
}

function viewOne(each: Explanation): string {
  return blocks(
    bold(each.code),
    `What happened: ${each.title}`,
    `Why: ${each.explain}`,
    `What to do: ${each.hint}`,
    `Exit code ${each.exitCode}.${each.retryable === true ? ' Trying again may help.' : ''}`,
  );
}

function viewAll(codes: readonly Explanation[]): string {
  const rows = codes.map((each) => [each.code, String(each.exitCode), each.title]);
  return blocks(table(['code', 'exit', 'what happened'], rows), `More about one: ${code('sophia explain CODE')}`);
}
