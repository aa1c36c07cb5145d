// A commit upon what the remote has, with everything that it lacks of what is here.
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { readLedger } from '../ledger/ledger.ts';
import { placeOf } from '../path-law.ts';
import { buildTree, commitTree, storeVerified } from '../plumbing/commit.ts';
import { winnersOf } from './contest.ts';
import { copyLedger } from './branch-copy.ts';
import { kinshipOf, type Kinship } from './kinship.ts';
import { withScratch } from '../plumbing/scratch.ts';
import { commitMessage } from './message.ts';
import { compare, isOfLedger, removalsOf } from './plan.ts';
import type { Remote } from '../plumbing/remote.ts';
import { pathIn, type Where } from '../plumbing/repository.ts';
import { describeProof, type Snapshot } from './snapshot.ts';
import { readTip, type Tip } from '../plumbing/tip.ts';
import { openProofs } from '../tree.ts';

export interface Draft {
  readonly parent: string | null;
  /** Null where the parent has everything. */
  readonly commit: string | null;
  /** From the project root; what was archived or pruned here is among them. */
  readonly files: readonly string[];
  /** A ledger has one place: what belongs to it cannot wait in the inbox. */
  readonly isOfLedger: boolean;
}

export interface DraftRequest {
  readonly where: Where;
  /** Absolute. */
  readonly proofs: string;
  readonly remote: Remote;
  /** `refs/heads/main` */
  readonly ref: string;
  readonly snapshot: Snapshot;
}

/** `parent` is here. Throws `PROOF_IMMUTABLE`, and `PUBLISH_CHANGED` where a file is no longer the one that was verified. */
export async function draftUpon(context: Context, request: DraftRequest, parent: string | null): Promise<Draft> {
  const { where, proofs, remote, ref, snapshot } = request;
  const tip = await readTip(context, where, parent);
  const { fresh, contested, conflicts, ledger } = compare(snapshot.ids, tip);
  if (conflicts.length > 0) throw immutable(where, conflicts);
  const winners = await winnersOf(context, { remote, tip, proofs, contested });
  const continued = await continuationOf(context, request, { tip, ledger });
  const paths = [...fresh, ...winners, ...continued].sort();
  const gone = removalsOf(snapshot.ids, snapshot.sealed, tip);
  const draft = {
    parent,
    files: [...paths, ...gone].map((path) => `${where.folder}/${path}`),
    isOfLedger: [...paths, ...gone].some(isOfLedger),
  };
  if (draft.files.length === 0) return { ...draft, commit: null };
  const idOf = (path: string): string => snapshot.ids.get(path) ?? '';
  await storeVerified(context, proofs, new Map(paths.map((path) => [path, idOf(path)])));
  const changes = [
    ...paths.map((path) => ({ path: pathIn(where, path), id: idOf(path) })),
    ...gone.map((path) => ({ path: pathIn(where, path), id: null })),
  ];
  const tree = await buildTree(context, { format: where.format, parent, changes });
  const told = paths.filter((path) => placeOf(path) !== null).map((path) => describeProof(path, context.files.read(`${proofs}/${path}`)));
  return { ...draft, commit: await commitTree(context, { tree, parent, message: commitMessage(told, ref) }) };
}

/** Files of the ledger here, where it continues the one of the branch. Throws `LEDGER_FORKED`. */
async function continuationOf(
  context: Context,
  request: DraftRequest,
  { tip, ledger }: { readonly tip: Tip; readonly ledger: readonly string[] },
): Promise<readonly string[]> {
  return ledger.length > 0 && (await kinshipWith(context, { ...request, tip })) === 'ahead' ? ledger : [];
}

type Kin = Pick<DraftRequest, 'where' | 'proofs' | 'remote'> & { readonly tip: Tip };

/** Of the ledger here with that of the branch. Throws `LEDGER_FORKED`. */
export async function kinshipWith(context: Context, { where: { folder }, proofs, remote, tip }: Kin): Promise<Exclude<Kinship, 'forked'>> {
  const ours = await readLedger(openProofs(context, { proofs, name: folder }));
  const theirs = await withScratch(context, async (scratch) => await copyLedger(context, { remote, scratch, tip }));
  const kinship = kinshipOf(ours, theirs);
  if (kinship === 'forked') throw new SophiaError('LEDGER_FORKED', { directory: folder, remote: remote.name });
  return kinship;
}

export function immutable({ folder }: Where, conflicts: readonly string[]): SophiaError {
  const errors = conflicts.map((path) => ({ path: `${folder}/${path}` }));
  const others = conflicts.length === 1 ? '' : `, like ${conflicts.length - 1} others`;
  return new SophiaError(
    'PROOF_IMMUTABLE',
    { path: `${folder}/${conflicts[0] ?? ''}`, reason: `it has other bytes there${others}` },
    { errors },
  );
}
