import { defineCommand } from '../../command.ts';
import type { Context } from '../../context.ts';
import { blocks, plural, table } from '../../markdown.ts';
import { outcome, type Finding } from '../../outcome.ts';
import { timeOfUlid } from '../../proof/ulid.ts';
import { listProofs, locateStore, readProof, type ProofEntry, type Store } from '../../proof/store.ts';

interface Row {
  readonly id: string;
  readonly kind: string;
  /** From the project root. */
  readonly path: string;
  readonly startedAt: string;
  /** Null where the proof does not hold: what it says of itself is not repeated. */
  readonly result: string | null;
  readonly durationMs: number | null;
  readonly sha256: string | null;
  readonly holds: boolean;
  /** Said by a newer proof. */
  readonly revokedBy: string | null;
  readonly supersededBy: string | null;
}

export default defineCommand({
  name: 'proofs ls',
  summary: 'List the proofs, newest first, with their results',
  action: { none: 'it answers a person; "proofs verify" is what a workflow asks' },
  options: {
    kind: { type: 'string', value: 'KIND', help: 'Only this kind' },
    result: { type: 'string', choices: ['PASSED', 'WARNED', 'FAILED', 'UNKNOWN'], help: 'Only proofs with this result' },
    since: { type: 'duration', value: 'AGE', help: 'Only runs started within this time' },
    limit: { type: 'integer', value: 'N', default: 20, min: 1, help: 'At most so many' },
    dir: { type: 'path', value: 'DIR', default: 'proofs', help: 'Where the proofs are' },
  },
  examples: [
    { command: 'sophia proofs ls', does: 'The newest proofs of every kind' },
    { command: 'sophia proofs ls --kind smoke --result FAILED --since 7d', does: 'What failed in the last week' },
  ],
  dataSchema: {
    type: 'object',
    required: ['proofs'],
    additionalProperties: false,
    properties: {
      proofs: {
        type: 'array',
        items: {
          type: 'object',
          required: ['id', 'kind', 'path', 'startedAt', 'result', 'durationMs', 'sha256', 'holds', 'revokedBy', 'supersededBy'],
          additionalProperties: false,
          properties: {
            id: { type: 'string' },
            kind: { type: 'string' },
            path: { type: 'string', description: 'From the project root' },
            startedAt: { type: 'string' },
            result: { type: ['string', 'null'], description: 'Null when the proof does not hold' },
            durationMs: { type: ['number', 'null'] },
            sha256: { type: ['string', 'null'] },
            holds: { type: 'boolean' },
            revokedBy: { type: ['string', 'null'], description: 'Path of the proof that says so' },
            supersededBy: { type: ['string', 'null'] },
          },
        },
      },
    },
  },
  run: async (context, options) => {
    const store = locateStore(context, options.dir);
    const earliestMs = options.since === undefined ? -Infinity : context.clock.now() - options.since;
    const entries = listProofs(store, options.kind).filter(({ id }) => timeOfUlid(id) >= earliestMs);
    const proofs = await readRows(context, store, { entries, result: options.result, limit: options.limit });
    return outcome(judge(store, proofs), { proofs });
  },
  view: ({ data }) => {
    const rows = data.proofs.map((row) => [
      row.startedAt.replace('T', ' ').slice(0, 19),
      row.kind,
      row.result ?? 'does not hold',
      row.id,
      noteOf(row),
    ]);
    return blocks(table(['started (UTC)', 'kind', 'result', 'id', 'note'], rows), plural(data.proofs.length, 'proof'));
  },
});

interface Listing {
  readonly entries: readonly ProofEntry[];
  readonly result: string | undefined;
  readonly limit: number;
}

/** Newest first, so whoever revokes a proof has been read before it. Stops as soon as there are enough. */
async function readRows(context: Context, store: Store, { entries, result, limit }: Listing): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const said = new Map<string, string>();
  for (const [index, entry] of entries.entries()) {
    if (index % 256 === 255) await context.clock.breathe(context.signal);
    const row = readRow(store, entry, said);
    if (result === undefined || row.result === result) rows.push(row);
    if (rows.length === limit) break;
  }
  return rows;
}

function readRow(store: Store, { id, kind, path }: ProofEntry, said: Map<string, string>): Row {
  const read = readProof(store, path);
  const statement = read?.flaws.length === 0 ? read.statement : null;
  for (const { rel, proof } of statement?.predicate.links ?? []) said.set(`${rel} ${proof}`, `${store.name}/${path}`);
  return {
    id,
    kind,
    path: `${store.name}/${path}`,
    startedAt: new Date(timeOfUlid(id)).toISOString(),
    result: statement?.predicate.result ?? null,
    durationMs: statement?.predicate.durationMs ?? null,
    sha256: read?.sha256 ?? null,
    holds: statement !== null,
    revokedBy: said.get(`revokes ${path}`) ?? null,
    supersededBy: said.get(`supersedes ${path}`) ?? null,
  };
}

/** A list says nothing about evidence: `proofs verify` does. A proof that does not hold is still pointed out. */
function judge(store: Store, rows: readonly Row[]): readonly Finding[] {
  if (rows.length === 0) return [{ check: 'listed', target: store.name, verdict: 'unknown', reason: 'there is no such proof' }];
  const broken = rows.filter(({ holds }) => !holds);
  return [
    { check: 'listed', target: store.name, verdict: 'pass', reason: plural(rows.length, 'proof') },
    ...broken.map(({ path }) => ({
      check: 'holds',
      target: path,
      verdict: 'warn' as const,
      reason: 'it does not hold: "sophia proofs verify" says why',
    })),
  ];
}

function noteOf({ revokedBy, supersededBy }: Row): string {
  if (revokedBy !== null) return 'revoked';
  return supersededBy === null ? '' : 'superseded';
}
