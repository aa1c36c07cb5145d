import { defineCommand } from '../../command.ts';
import { SophiaError } from '../../errors.ts';
import { blocks, bold, code, duration, plural, table } from '../../markdown.ts';
import { outcome, type Finding } from '../../outcome.ts';
import type { Predicate, Statement } from '../../proof/statement.ts';
import { locateStore, readProof, resolveProof } from '../../proof/store.ts';

interface Shown {
  /** From the project root. */
  readonly path: string;
  readonly sha256: string | null;
  readonly statement: Statement | null;
}

export default defineCommand({
  name: 'proofs show',
  summary: 'Show one proof: what was observed, by which code, and when',
  action: { none: 'it answers a person; a job summary shows each proof as it is made' },
  options: {
    ref: {
      type: 'string',
      positional: true,
      required: true,
      value: 'REF',
      help: 'First letters of an id, a path, "latest" or "latest:KIND"',
    },
    dir: { type: 'path', value: 'DIR', default: 'proofs', help: 'Where the proofs are' },
  },
  examples: [
    { command: 'sophia proofs show latest', does: 'The newest proof of any kind' },
    { command: 'sophia proofs show latest:smoke --json', does: 'The newest smoke run, for a program' },
  ],
  dataSchema: {
    type: 'object',
    required: ['path', 'sha256', 'statement'],
    additionalProperties: false,
    properties: {
      path: { type: 'string', description: 'From the project root' },
      sha256: { type: ['string', 'null'] },
      statement: { type: ['object', 'null'], description: 'As in schemas/proof-run-v1.json; null when the file is not a statement' },
    },
  },
  run: (context, options) => {
    const store = locateStore(context, options.dir);
    const { path } = resolveProof(store, options.ref);
    const target = `${store.name}/${path}`;
    const read = readProof(store, path);
    const data: Shown = { path: target, sha256: read?.sha256 ?? null, statement: read?.statement ?? null };
    const flaws = read?.flaws ?? [{ check: 'schema', reason: 'it cannot be read' }];
    const findings: readonly Finding[] = flaws.map(({ check, reason }) => ({ check, target, verdict: 'fail', reason }));
    if (flaws.length === 0) {
      const reason = 'what it says of itself agrees with its findings';
      return Promise.resolve(outcome<Shown>([{ check: 'holds', target, verdict: 'pass', reason }], data));
    }
    const error = new SophiaError('PROOF_DOES_NOT_HOLD', { directory: target, count: plural(flaws.length, 'finding') });
    return Promise.resolve({ ...outcome(findings, data), error });
  },
  view: ({ findings, data }) => {
    const flaws = findings.filter(({ verdict }) => verdict === 'fail');
    return blocks(
      ...flaws.map(({ check, reason }) => `${bold(check)}: ${reason}`),
      data.statement === null ? '' : viewOf(data.statement.predicate),
      `${code(data.path)}${data.sha256 === null ? '' : `\nsha256 ${data.sha256}`}`,
    );
  },
});

function viewOf(predicate: Predicate): string {
  const { result, kind, startedAt, durationMs, ending, exitCode, source, error, argv, attachments, views, redactions } = predicate;
  return blocks(
    `${bold(result)} ${kind}, ${ending}, exit code ${exitCode}`,
    table(
      ['fact', 'value'],
      [
        ['started', startedAt],
        ['took', duration(durationMs)],
        ['command', ['sophia', ...argv].join(' ')],
        ['code', describeCode(source)],
        ...(error === null ? [] : [['error', `${error.code}: ${error.title}`]]),
        ...(redactions.length === 0 ? [] : [['redacted', plural(redactions.length, 'place')]]),
      ],
    ),
    table(
      ['check', 'target', 'verdict', 'reason'],
      predicate.findings.map(({ check, target, verdict, reason }) => [check, target, verdict, reason]),
    ),
    table(
      ['file', 'bytes'],
      [...attachments, ...views].map(({ path, sizeBytes }) => [path, sizeBytes]),
    ),
  );
}

function describeCode(source: Predicate['source']): string {
  if (source === null) return 'outside git';
  const commit = source.commit?.slice(0, 12) ?? 'before the first commit';
  return `${commit}${source.dirty ? ', with changes' : ''}`;
}
