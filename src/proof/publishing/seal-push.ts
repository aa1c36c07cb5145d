// Sealing for everybody: what waits in the inbox is taken in, the ledger is continued, and branch and inbox change together or not at all.
// All of it happens beside the work tree; what is checked out learns of it by the next pull.
import type { Context } from '../../context.ts';
import { SophiaError, toProblem } from '../../errors.ts';
import { plural } from '../../markdown.ts';
import type { Finding } from '../../outcome.ts';
import type { Sealing } from '../ledger/seal.ts';
import type { PushAnswer } from '../plumbing/answer.ts';
import { openRemote, type Remote } from '../plumbing/remote.ts';
import { findRepository } from '../plumbing/repository.ts';
import { foresee, mendOf } from './local-branch.ts';
import { offer, pause, type Tally } from './offer.ts';
import type { Publication, PublishRequest } from './publish.ts';
import { makeRound, type Round, type Sealer } from './round.ts';
import { takeSnapshot, type Flaw } from './snapshot.ts';
import { checkRemoteName, chooseBranch, INBOX, INBOX_BRANCHES } from './target.ts';

export type SealPushRequest = Pick<PublishRequest, 'branch' | 'remote' | 'attempts'> & Pick<Sealer, 'origin' | 'seal'>;

export interface Delivery extends Publication {
  /** Refs whose proofs are on the branch now. */
  readonly folded: readonly string[];
  /** Refs that do not hold, and stay. */
  readonly left: readonly string[];
}

export interface Delivered {
  /** Null where it did not get that far. */
  readonly sealing: Sealing | null;
  readonly findings: readonly Finding[];
  readonly delivery: Delivery;
  readonly error?: SophiaError;
}

/** Below the working directory. */
const FOLDER = 'proofs';

/** The working directory's own proofs go along. Errors come with the outcome, so that it says how far it got. */
export async function sealAndPush(context: Context, request: SealPushRequest): Promise<Delivered> {
  const progress: Progress = { tally: { attempts: 0, pushes: 0 }, folded: [], refused: new Map() };
  try {
    const sealer = await prepare(context, request);
    const { flaws } = sealer.snapshot;
    return flaws.length > 0 ? broken(flaws, progress) : await run(context, { ...sealer, attempts: request.attempts }, progress);
  } catch (thrown) {
    if (!(thrown instanceof SophiaError) || context.signal.aborted) throw thrown;
    const findings: readonly Finding[] = [{ check: 'published', target: FOLDER, verdict: 'unknown', reason: toProblem(thrown).title }];
    return { sealing: null, findings, delivery: deliveryOf(progress), error: thrown as SophiaError }; // instanceof forgets which codes there are
  }
}

interface Progress {
  readonly tally: Tally;
  readonly folded: string[];
  /** ref → why */
  readonly refused: Map<string, string>;
}

async function prepare(context: Context, { branch, remote: name, origin, seal }: SealPushRequest): Promise<Sealer> {
  const { prefix, format, head } = await findRepository(context);
  await checkRemoteName(context, name);
  const remote = openRemote(context, name);
  const ref = await chooseBranch(context, { asked: branch, head, remote });
  const proofs = `${context.directory}/${FOLDER}`;
  const snapshot = await takeSnapshot(context, { proofs, name: FOLDER, format });
  return { where: { prefix, format, folder: FOLDER }, proofs, remote, ref, snapshot, origin, seal };
}

async function run(context: Context, sealer: Sealer & { readonly attempts: number }, progress: Progress): Promise<Delivered> {
  const { remote, ref } = sealer;
  const { tally, folded, refused } = progress;
  for (let lost = 0; ;) {
    const refs = await remote.refs([ref, `${INBOX}*`, `${INBOX_BRANCHES}*`]);
    const gone = await missedIn(remote, refs);
    if (gone !== null) {
      if ((lost += 1) >= sealer.attempts) throw gone;
      await pause(context, lost);
      continue;
    }
    const round = await makeRound(context, sealer, { refs, refused });
    if (round === null) continue;
    if (round.flaws.length > 0) return broken(round.flaws, progress);
    tally.attempts += 1;
    const answer = await deliver(sealer, round, tally);
    if (answer.kind === 'taken') {
      folded.push(...round.taken.map((inbox) => inbox.ref));
      if (!round.hasMore) return await conclude(context, sealer, { round, progress, note: answer.note });
    } else if (answer.kind === 'overtaken' && (lost += 1) < sealer.attempts) {
      await pause(context, lost);
    } else {
      const reason = 'reason' in answer ? answer.reason : '';
      throw new SophiaError(answer.kind === 'overtaken' ? 'PUBLISH_OVERTAKEN' : 'PUBLISH_DENIED', { remote: remote.name, reason });
    }
  }
}

/** Another seal may take in what was just seen waiting: then everything is looked at again. */
async function missedIn(remote: Remote, refs: ReadonlyMap<string, string>): Promise<SophiaError | null> {
  try {
    await remote.fetch(refs);
    return null;
  } catch (thrown) {
    if (thrown instanceof SophiaError && thrown.code === 'PUBLISH_OVERTAKEN') return thrown as SophiaError;
    throw thrown;
  }
}

type DeliveryAnswer = Exclude<PushAnswer, { kind: 'taken' }> | { readonly kind: 'taken'; readonly note: string | null };

/** Together; where the server cannot or will not do that, the branch first: what stays in the inbox is harmless, and goes next time. */
async function deliver({ remote, ref }: Sealer, { commit, taken }: Round, tally: Tally): Promise<DeliveryAnswer> {
  const branch = commit === null ? undefined : { commit, ref };
  const deletions = new Map(taken.map((inbox) => [inbox.ref, inbox.commit] as const));
  if (branch === undefined && deletions.size === 0) return { kind: 'taken', note: null };
  const together = await offer(remote, { ...(branch === undefined ? {} : { branch }), deletions }, tally);
  if (together.kind === 'taken') return { kind: 'taken', note: null };
  if (together.kind === 'overtaken' || branch === undefined || deletions.size === 0) return together;
  const first = await offer(remote, { branch }, tally);
  if (first.kind !== 'taken') return first;
  const second = await offer(remote, { deletions }, tally);
  return {
    kind: 'taken',
    note: second.kind === 'taken' ? null : `the inbox could not be emptied (${'reason' in second ? second.reason : ''})`,
  };
}

interface Conclusion {
  readonly round: Round;
  readonly progress: Progress;
  readonly note: string | null;
}

async function conclude(context: Context, sealer: Sealer, { round, progress, note }: Conclusion): Promise<Delivered> {
  const { where, remote, ref } = sealer;
  const { refused, folded } = progress;
  const { parent, files, sealing } = round;
  const commit = round.commit ?? parent;
  const isUnchanged = round.commit === null && folded.length === 0;
  const told = isUnchanged ? `${ref} of ${remote.name} has everything` : `${plural(files.length, 'file')} went to ${ref} of ${remote.name}`;
  const from = folded.length === 0 ? '' : `; ${plural(folded.length, 'commit')} came from the inbox`;
  const findings: Finding[] = [{ check: 'published', target: FOLDER, verdict: 'pass', reason: `${told}${from}` }];
  if (note !== null) findings.push({ check: 'inbox', target: ref, verdict: 'warn', reason: note });
  for (const [target, reason] of refused) findings.push({ check: 'inbox', target, verdict: 'fail', reason: `left where it is: ${reason}` });
  const mend =
    commit === null ? null : mendOf(await foresee(context, { ...where, ref, commit }), { ...where, ref, commit, remote: remote.name });
  if (mend !== null)
    findings.push({
      check: 'pull',
      target: ref,
      verdict: 'warn',
      reason: `files of ${FOLDER}/ that the branch has are untracked here, and git would not pull over them; do: ${mend}`,
    });
  const delivery: Delivery = { ...deliveryOf(progress), route: isUnchanged ? 'unchanged' : 'direct', ref, commit, files };
  const count = plural(refused.size, 'ref');
  const error = refused.size === 0 ? {} : { error: new SophiaError('INBOX_DOES_NOT_HOLD', { count, remote: remote.name }) };
  return { sealing, findings, delivery, ...error };
}

function broken(flaws: readonly Flaw[], progress: Progress): Delivered {
  const findings = flaws.map(({ check, path, reason }): Finding => ({ check, target: `${FOLDER}/${path}`, verdict: 'fail', reason }));
  const error = new SophiaError('PROOF_DOES_NOT_HOLD', { directory: FOLDER, count: plural(flaws.length, 'finding') });
  return { sealing: null, findings, delivery: deliveryOf(progress), error };
}

function deliveryOf({ tally, folded, refused }: Progress): Delivery {
  return { route: null, ref: null, commit: null, files: [], ...tally, folded: [...folded], left: [...refused.keys()] };
}
