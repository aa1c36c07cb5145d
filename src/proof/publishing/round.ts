// One round of sealing for everybody: a copy of the branch, what is new here, what waits, and the ledger continued over all of it.
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { readLedger, type Ledger } from '../ledger/ledger.ts';
import { chooseOrigin } from '../ledger/origin.ts';
import type { Sealing } from '../ledger/seal.ts';
import { placeOf } from '../path-law.ts';
import { buildTree, commitTree, storeFiles } from '../plumbing/commit.ts';
import type { Remote } from '../plumbing/remote.ts';
import { pathIn, resolve, type Where } from '../plumbing/repository.ts';
import { withScratch, type Scratch } from '../plumbing/scratch.ts';
import { readTip, type Tip } from '../plumbing/tip.ts';
import { openProofs } from '../tree.ts';
import { forkPoint } from './basis.ts';
import { copyLedger, copyUnsealed } from './branch-copy.ts';
import { winnersOf } from './contest.ts';
import { immutable } from './draft.ts';
import { fold, judgeCopy } from './fold.ts';
import { branchOf, readInbox, type Inbox } from './inbox.ts';
import { kinshipOf } from './kinship.ts';
import { commitMessage } from './message.ts';
import { compare, removalsOf, sortOf } from './plan.ts';
import { describeProof, gitIdOf, type Flaw, type Snapshot } from './snapshot.ts';
import { INBOX, INBOX_BRANCHES } from './target.ts';

export interface Sealer {
  readonly where: Where;
  /** Absolute. */
  readonly proofs: string;
  readonly remote: Remote;
  /** `refs/heads/main` */
  readonly ref: string;
  readonly snapshot: Snapshot;
  /** `proofs.origin` of the configuration. */
  readonly origin: string | undefined;
  readonly seal: (
    context: Context,
    place: { readonly proofs: string; readonly name: string },
    origin: string | undefined,
  ) => Promise<Sealing>;
}

export interface Round {
  readonly sealing: Sealing | null;
  /** What the branch, or what is here, does not hold by itself: nothing is pushed then. */
  readonly flaws: readonly Flaw[];
  readonly parent: string | null;
  /** Null where the branch has everything. */
  readonly commit: string | null;
  /** From the project root. */
  readonly files: readonly string[];
  readonly taken: readonly Inbox[];
  /** There is more in the inbox than one round takes. */
  readonly hasMore: boolean;
}

/** What one push changes together, and one command line names. */
const MAX_INBOXES = 256;
/** What they bring is held in memory, as far as one round goes. */
const MAX_BYTES = 128 * 1024 * 1024;

/** `refs`: of the remote, and here. `refused` grows: ref → why. Null where the round has to be made again without one of the inboxes. */
export async function makeRound(
  context: Context,
  sealer: Sealer,
  { refs, refused }: { readonly refs: ReadonlyMap<string, string>; readonly refused: Map<string, string> },
): Promise<Round | null> {
  const parent = refs.get(sealer.ref) ?? (await forkPoint(context, sealer.remote, sealer.ref));
  const tip = await readTip(context, sealer.where, parent);
  const { waiting, hasMore } = await findWaiting(context, sealer, { refs, refused });
  return await withScratch(context, async (scratch) => {
    const { ledger, ids } = await assemble(context, sealer, { scratch, tip, waiting });
    const stay = { parent: tip.commit, commit: null, files: [], taken: [], hasMore: false };
    const flaws = [...ledger.flaws, ...(await judgeCopy(context, { scratch, ledger }))];
    if (flaws.length > 0) return { ...stay, sealing: null, flaws };
    const folded = await fold(context, { scratch, ledger, ids }, waiting);
    for (const { ref, reason } of folded.refused) refused.set(ref, reason);
    const origin = sealer.origin ?? (ledger.checkpoint === null ? await chooseOrigin(context, sealer.proofs) : undefined);
    // Nobody can attest a file that is gone in a moment.
    const quiet = { ...context, env: { ...context.env, GITHUB_ARTIFACTS: undefined } };
    const sealing = await sealer.seal(quiet, { proofs: scratch.folder, name: sealer.where.folder }, origin);
    if (sealing.flaws.length > 0) return blame(folded.taken, sealing, refused) ? null : { ...stay, sealing, flaws: sealing.flaws };
    const { commit, files } = await commitScratch(context, sealer, { scratch, tip });
    return { parent: tip.commit, commit, files, taken: folded.taken, hasMore, sealing, flaws: [] };
  });
}

interface Copy {
  readonly scratch: Scratch;
  readonly tip: Tip;
}

interface Assembly extends Copy {
  readonly waiting: readonly Inbox[];
}

interface Assembled {
  /** To be continued. */
  readonly ledger: Ledger;
  /** Path relative to proofs/ → id, of everything that the branch will have. */
  readonly ids: Map<string, string>;
}

/** The branch and what is here, together. Throws `PROOF_IMMUTABLE`, `LEDGER_FORKED`, `PUBLISH_CHANGED`. */
async function assemble(context: Context, sealer: Sealer, { scratch, tip, waiting }: Assembly): Promise<Assembled> {
  const { where, remote, proofs, snapshot } = sealer;
  const copying = { remote, scratch, tip };
  const theirs = await copyLedger(context, copying);
  const ours = await readLedger(openProofs(context, { proofs, name: where.folder }));
  const kinship = kinshipOf(ours, theirs);
  if (kinship === 'forked') throw new SophiaError('LEDGER_FORKED', { directory: where.folder, remote: remote.name });
  const continued = kinship === 'ahead' ? ours : theirs;
  const { fresh, contested, conflicts, ledger } = compare(snapshot.ids, tip);
  if (conflicts.length > 0) throw immutable(where, conflicts);
  const coming = [...fresh, ...waiting.flatMap(({ files }) => [...files.keys()])];
  await copyUnsealed(context, copying, { entries: continued.entries, coming });
  const winners = await winnersOf(context, { remote, tip, proofs, contested });
  const fromHere = [...fresh, ...winners, ...(kinship === 'ahead' ? ledger : [])];
  const ids = new Map([...tip.files].map(([path, { id }]) => [path, id] as const));
  for (const path of fromHere) {
    const bytes = context.files.read(`${proofs}/${path}`);
    const id = gitIdOf(bytes, where.format);
    if (id !== snapshot.ids.get(path)) throw new SophiaError('PUBLISH_CHANGED', { path: `${where.folder}/${path}` });
    scratch.put(path, bytes);
    ids.set(path, id);
  }
  return { ledger: continued, ids };
}

/** In order of their names, and only those for this branch. */
async function findWaiting(
  context: Context,
  sealer: Sealer,
  { refs, refused }: { readonly refs: ReadonlyMap<string, string>; readonly refused: Map<string, string> },
): Promise<{ readonly waiting: readonly Inbox[]; readonly hasMore: boolean }> {
  const waiting: Inbox[] = [];
  const named = [...refs].filter(([ref]) => (ref.startsWith(INBOX) || ref.startsWith(INBOX_BRANCHES)) && !refused.has(ref));
  for (const [ref, commit] of named.sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (waiting.length === MAX_INBOXES) return { waiting, hasMore: true };
    if ((await resolve(context, `${commit}^{commit}`)) !== commit) {
      refused.set(ref, 'it is no commit');
      continue;
    }
    const branch = await branchOf(context, commit);
    if (branch !== null && branch !== sealer.ref) continue;
    const inbox = await readInbox(context, sealer, { ref, commit });
    if (typeof inbox === 'string') refused.set(ref, inbox);
    else waiting.push(inbox);
    if (waiting.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) > MAX_BYTES) return { waiting, hasMore: true };
  }
  return { waiting, hasMore: false };
}

/** True where what the seal will not have came with one of them. */
function blame(taken: readonly Inbox[], { flaws }: Sealing, refused: Map<string, string>): boolean {
  let isTheirs = false;
  for (const { ref, files } of taken) {
    const flaw = flaws.find(({ path }) => files.has(path));
    if (flaw === undefined) continue;
    refused.set(ref, `${flaw.path}: ${flaw.check}: ${flaw.reason}`);
    isTheirs = true;
  }
  return isTheirs;
}

/** Everything in the copy that the branch does not have. */
async function commitScratch(context: Context, sealer: Sealer, { scratch, tip }: Copy): Promise<Pick<Round, 'commit' | 'files'>> {
  const { where, ref, snapshot } = sealer;
  const tree = openProofs(context, { proofs: scratch.folder, name: where.folder });
  // Whoever writes a proof furnishes the folder: a README of the branch's own stays.
  const paths = [...tree.walk()].map(({ path }) => path).filter((path) => isOurs(path, tip));
  const stored = await storeFiles(context, scratch.folder, paths);
  const fresh = paths.filter((path) => tip.files.get(path)?.id !== stored.get(path)).sort();
  const dropped = [...tip.files.keys()].filter((path) => sortOf(path) === 'ledger' && !stored.has(path));
  const gone = [...dropped, ...removalsOf(snapshot.ids, snapshot.sealed, tip)];
  if (fresh.length + gone.length === 0) return { commit: null, files: [] };
  const changes = [
    ...fresh.map((path) => ({ path: pathIn(where, path), id: stored.get(path) ?? '' })),
    ...gone.map((path) => ({ path: pathIn(where, path), id: null })),
  ];
  const parent = tip.commit;
  const built = await buildTree(context, { format: where.format, parent, changes });
  const told = fresh.filter((path) => placeOf(path) !== null).map((path) => describeProof(path, scratch.read(path)));
  const commit = await commitTree(context, { tree: built, parent, message: commitMessage(told, ref) });
  return { commit, files: [...fresh, ...gone].map((path) => `${where.folder}/${path}`) };
}

function isOurs(path: string, tip: Tip): boolean {
  const sort = sortOf(path);
  return sort !== null && !(sort === 'furnishing' && tip.files.has(path));
}
