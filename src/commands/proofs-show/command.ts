import { defineCommand } from '../../command.ts';
import { SophiaError } from '../../errors.ts';
import { blocks, bold, code, duration, plural, table } from '../../markdown.ts';
import { outcome, type Finding } from '../../outcome.ts';
import { openReader, type Reading } from '../../proof/reader.ts';
import type { Predicate, Statement } from '../../proof/statement.ts';
import { listProofs, locateStore, resolveProof, type Store } from '../../proof/store.ts';

interface Shown {
  /** From the project root. */
  readonly path: string;
  readonly sha256: string | null;
  readonly isSealed: boolean;
  readonly isArchived: boolean;
  /** Said by a newer proof that holds. */
  readonly revokedBy: string | null;
  readonly supersededBy: string | null;
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
    required: ['path', 'sha256', 'isSealed', 'isArchived', 'revokedBy', 'supersededBy', 'statement'],
    additionalProperties: false,
    properties: {
      path: { type: 'string', description: 'From the project root' },
      sha256: { type: ['string', 'null'] },
      isSealed: { type: 'boolean', description: 'The ledger has an entry for it' },
      isArchived: { type: 'boolean', description: 'It lies in an archive, not in a file of its own' },
      revokedBy: { type: ['string', 'null'], description: 'Path of the proof that says so' },
      supersededBy: { type: ['string', 'null'] },
      statement: { type: ['object', 'null'], description: 'As in schemas/proof-run-v1.json; null when the file is not a statement' },
    },
  },
  run: async (context, options) => {
    const store = locateStore(context, options.dir);
    const reader = await openReader(context, store);
    const entry = resolveProof(store, options.ref);
    for (const newer of listProofs(store)) {
      if (newer.id <= entry.id) break;
      reader.skim(newer);
    }
    const { sha256, statement, flaws, isSealed } = reader.read(entry);
    const target = `${store.name}/${entry.path}`;
    const { revokedBy, supersededBy } = reader.standingOf(entry);
    const data: Shown = {
      path: target,
      sha256,
      isSealed,
      isArchived: entry.archived !== null,
      revokedBy: fromRoot(store, revokedBy),
      supersededBy: fromRoot(store, supersededBy),
      statement,
    };
    const findings = judge(data, flaws);
    if (flaws.length === 0) return outcome(findings, data);
    const error = new SophiaError('PROOF_DOES_NOT_HOLD', { directory: target, count: plural(flaws.length, 'finding') });
    return { ...outcome(findings, data), error };
  },
  view: ({ findings, data }) => {
    const flaws = findings.filter(({ verdict }) => verdict === 'fail');
    return blocks(
      ...flaws.map(({ check, reason }) => `${bold(check)}: ${reason}`),
      ...findings.filter(({ verdict }) => verdict === 'warn').map(({ check, reason }) => `${bold(check)}: ${reason}`),
      data.statement === null ? '' : viewOf(data.statement.predicate),
      `${code(data.path)}${data.isArchived ? ', archived' : ''}${data.isSealed ? ', sealed' : ', not sealed'}${data.sha256 === null ? '' : `\nsha256 ${data.sha256}`}`,
    );
  },
});

/** A revoked proof holds, and must not be taken for evidence all the same. */
function judge({ path: target, revokedBy, supersededBy }: Shown, flaws: Reading['flaws']): readonly Finding[] {
  const findings: Finding[] = flaws.map(({ check, reason }) => ({ check, target, verdict: 'fail', reason }));
  if (flaws.length === 0)
    findings.push({ check: 'holds', target, verdict: 'pass', reason: 'what it says of itself agrees with its findings' });
  if (revokedBy !== null) findings.push({ check: 'revoked', target, verdict: 'warn', reason: `by ${revokedBy}` });
  if (supersededBy !== null) findings.push({ check: 'superseded', target, verdict: 'warn', reason: `by ${supersededBy}` });
  return findings;
}

function fromRoot({ name }: Store, path: string | null): string | null {
  return path === null ? null : `${name}/${path}`;
}

function viewOf(predicate: Predicate): string {
  const { result, kind, startedAt, durationMs, ending, exitCode, source, error, argv, attachments, views, redactions, truncated } =
    predicate;
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
        ...(truncated.length === 0 ? [] : [['kept in part', truncated.map(({ path }) => path).join(', ')]]),
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
