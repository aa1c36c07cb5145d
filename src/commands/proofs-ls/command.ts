import { defineCommand } from '../../command.ts';
import type { Context } from '../../context.ts';
import { blocks, plural, table } from '../../markdown.ts';
import { outcome, type Finding } from '../../outcome.ts';
import { assertKind } from '../../proof/path-law.ts';
import { timeOfUlid } from '../../proof/ulid.ts';
import { openReader, type Reader } from '../../proof/reader.ts';
import { listProofs, locateStore, type ProofEntry, type Store } from '../../proof/store.ts';

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
  readonly isSealed: boolean;
  readonly isArchived: boolean;
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
          required: [
            'id',
            'kind',
            'path',
            'startedAt',
            'result',
            'durationMs',
            'sha256',
            'holds',
            'isSealed',
            'isArchived',
            'revokedBy',
            'supersededBy',
          ],
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
            isSealed: { type: 'boolean', description: 'The ledger has an entry for it' },
            isArchived: { type: 'boolean' },
            revokedBy: { type: ['string', 'null'], description: 'Path of the proof that says so' },
            supersededBy: { type: ['string', 'null'] },
          },
        },
      },
    },
  },
  run: async (context, options) => {
    if (options.kind !== undefined) assertKind(options.kind);
    const store = locateStore(context, options.dir);
    const { kind, result, limit, since } = options;
    const earliestMs = since === undefined ? -Infinity : context.clock.now() - since;
    const proofs = await readRows(context, store, { kind, result, limit, earliestMs });
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
  readonly kind: string | undefined;
  readonly result: string | undefined;
  readonly limit: number;
  readonly earliestMs: number;
}

/** Newest first and of every kind, so whoever revokes a proof has been read before it. Stops as soon as there are enough. */
async function readRows(context: Context, store: Store, { kind, result, limit, earliestMs }: Listing): Promise<readonly Row[]> {
  const reader = await openReader(context, store);
  const rows: Row[] = [];
  let seen = 0;
  for (const entry of listProofs(store)) {
    seen += 1;
    if (seen % 256 === 0) await context.clock.breathe(context.signal);
    if (timeOfUlid(entry.id) < earliestMs) break;
    if (kind !== undefined && entry.kind !== kind) {
      reader.skim(entry);
      continue;
    }
    const row = readRow(store, reader, entry);
    if (result === undefined || row.result === result) rows.push(row);
    if (rows.length === limit) break;
  }
  return rows;
}

function readRow({ name }: Store, reader: Reader, entry: ProofEntry): Row {
  const { sha256, statement, flaws, isSealed } = reader.read(entry);
  const holding = flaws.length === 0 ? statement : null;
  const { revokedBy, supersededBy } = reader.standingOf(entry);
  return {
    id: entry.id,
    kind: entry.kind,
    path: `${name}/${entry.path}`,
    startedAt: new Date(timeOfUlid(entry.id)).toISOString(),
    result: holding?.predicate.result ?? null,
    durationMs: holding?.predicate.durationMs ?? null,
    sha256,
    holds: holding !== null,
    isSealed,
    isArchived: entry.archived !== null,
    revokedBy: revokedBy === null ? null : `${name}/${revokedBy}`,
    supersededBy: supersededBy === null ? null : `${name}/${supersededBy}`,
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

function noteOf({ revokedBy, supersededBy, isSealed, isArchived }: Row): string {
  const notes = [revokedBy === null ? '' : 'revoked', supersededBy === null ? '' : 'superseded', isArchived ? 'archived' : ''];
  return [...notes, isSealed ? '' : 'not sealed'].filter((note) => note !== '').join(', ');
}
