// Publishing: what is here and holds becomes a commit on a branch of the remote, without touching work tree, index or hooks.
// Whoever loses the race for the branch tries again, and then leaves the commit in the inbox, where nobody races.
import type { Context } from '../../context.ts';
import { SophiaError, toProblem } from '../../errors.ts';
import { plural } from '../../markdown.ts';
import type { Finding, Outcome } from '../../outcome.ts';
import type { Sealing } from '../ledger/seal.ts';
import { placeOf } from '../path-law.ts';
import { offerOthers } from '../recording/attestation.ts';
import { recoverVanished } from '../recording/vanished.ts';
import { nextUlid } from '../ulid.ts';
import type { PushAnswer } from '../plumbing/answer.ts';
import { basisOf } from './basis.ts';
import { draftUpon, kinshipWith, type Draft, type DraftRequest } from './draft.ts';
import { adopt, mendOf, type Adopted } from './local-branch.ts';
import { offer, pause, type Tally } from './offer.ts';
import { openRemote } from '../plumbing/remote.ts';
import { findRepository } from '../plumbing/repository.ts';
import { readTip } from '../plumbing/tip.ts';
import { takeSnapshot, type Snapshot } from './snapshot.ts';
import { checkRemoteName, chooseBranch, INBOX, INBOX_BRANCHES } from './target.ts';

export interface PublishRequest {
  /** The branch that is checked out, unless one is named. */
  readonly branch: string | undefined;
  readonly remote: string;
  /** Tries for the branch, before the inbox. */
  readonly attempts: number;
  /** Everything but the push. */
  readonly isTrial: boolean;
  /** Seals the directory of proofs first: for a single writer, whose ledger here is that of the branch. */
  readonly seal?: ((place: { readonly proofs: string; readonly name: string }) => Promise<Sealing>) | undefined;
}

export interface Publication {
  /** How it got there: null where it is not on the remote, `unchanged` where it was all there before. */
  readonly route: 'direct' | 'inbox' | 'unchanged' | null;
  /** Where it is on the remote: `refs/heads/main`. */
  readonly ref: string | null;
  readonly commit: string | null;
  readonly attempts: number;
  /** Everything that was offered to the remote, the inbox included. */
  readonly pushes: number;
  /** From the project root. */
  readonly files: readonly string[];
}

/** Below the working directory. */
const FOLDER = 'proofs';

/** What is refused or lost on the way stays as it is here. Errors come with the outcome, so that it says how far it got. */
export async function publishProofs(context: Context, request: PublishRequest): Promise<Outcome<Publication>> {
  const tally = { attempts: 0, pushes: 0 };
  try {
    const publisher = await prepare(context, request, tally);
    const { findings, data, error } = await send(context, publisher);
    if (data.commit !== null) offerOthers(context, proofsAmong(context, data.files));
    return { findings: [...strangersIn(publisher.snapshot), ...findings], data, ...(error === undefined ? {} : { error }) };
  } catch (thrown) {
    if (!(thrown instanceof SophiaError) || context.signal.aborted) throw thrown;
    return failed(thrown as SophiaError, tally); // instanceof forgets which codes there are
  }
}

function proofsAmong({ directory }: Context, files: readonly string[]): readonly string[] {
  return files.filter((file) => placeOf(file.slice(FOLDER.length + 1)) !== null).map((file) => `${directory}/${file}`);
}

interface Publisher extends DraftRequest {
  readonly request: PublishRequest;
  readonly tally: Tally;
}

async function prepare(context: Context, request: PublishRequest, tally: Tally): Promise<Publisher> {
  const { prefix, format, head } = await findRepository(context);
  await checkRemoteName(context, request.remote);
  const remote = openRemote(context, request.remote);
  const ref = await chooseBranch(context, { asked: request.branch, head, remote });
  if (!request.isTrial) await recoverVanished(context);
  const proofs = `${context.directory}/${FOLDER}`;
  const where = { prefix, format, folder: FOLDER };
  const sealing =
    request.seal === undefined || request.isTrial ? null : await sealFirst(context, request.seal, { where, proofs, remote, ref });
  const snapshot = await takeSnapshot(context, { proofs, name: FOLDER, format });
  const flaws = sealing === null || sealing.flaws.length === 0 ? snapshot.flaws : sealing.flaws;
  return { request, where, proofs, remote, ref, snapshot: { ...snapshot, flaws }, tally };
}

/** Upon the ledger of the branch or not at all: two that began at the same place could never be joined. */
async function sealFirst(
  context: Context,
  seal: NonNullable<PublishRequest['seal']>,
  { where, proofs, remote, ref }: Omit<DraftRequest, 'snapshot'>,
): Promise<Sealing> {
  const tip = await readTip(context, where, await basisOf(context, remote, ref));
  const kinship = await kinshipWith(context, { where, proofs, remote, tip });
  if (kinship === 'behind') throw new SophiaError('LEDGER_BEHIND', { directory: where.folder, remote: remote.name });
  return await seal({ proofs, name: where.folder });
}

async function send(context: Context, publisher: Publisher): Promise<Outcome<Publication>> {
  const { snapshot, request, remote, ref, tally } = publisher;
  if (snapshot.flaws.length > 0) return broken(snapshot);
  if (![...snapshot.ids.keys()].some((path) => placeOf(path) !== null)) return nothingHere();
  for (;;) {
    const draft = await draftUpon(context, publisher, await basisOf(context, remote, ref));
    if (request.isTrial) return planned(publisher, draft);
    tally.attempts += 1;
    const { commit } = draft;
    if (commit === null) return await conclude(context, publisher, draft);
    const answer = await offer(remote, { branch: { commit, ref } }, tally);
    if (answer.kind === 'taken') return await conclude(context, publisher, draft);
    // A server may say "refused" where it was only another one's turn.
    const isRace = answer.kind === 'overtaken' || (await basisOf(context, remote, ref)) !== draft.parent;
    if (isRace && tally.attempts < request.attempts) {
      await pause(context, tally.attempts);
      continue;
    }
    if (draft.isOfLedger)
      throw new SophiaError(isRace ? 'PUBLISH_OVERTAKEN' : 'PUBLISH_DENIED', { remote: remote.name, reason: reasonOf(answer) });
    return await leaveInInbox(context, publisher, { commit, files: draft.files, answer });
  }
}

interface Refused {
  readonly commit: string;
  readonly files: readonly string[];
  readonly answer: PushAnswer;
}

/** A name of its own for each commit: nobody can be faster, at most a lock is held for a moment. Throws `PUBLISH_DENIED`. */
async function leaveInInbox(
  context: Context,
  { request, remote, tally }: Publisher,
  { commit, files, answer: first }: Refused,
): Promise<Outcome<Publication>> {
  const { id } = nextUlid(context.clock, context.machine);
  let reason = reasonOf(first);
  for (const ref of [`${INBOX}${id}`, `${INBOX_BRANCHES}${id}`]) {
    let answer = await offer(remote, { branch: { commit, ref } }, tally);
    for (let tries = 1; answer.kind === 'overtaken' && tries < request.attempts; tries += 1) {
      await pause(context, tries);
      answer = await offer(remote, { branch: { commit, ref } }, tally);
    }
    if (answer.kind === 'taken') {
      const told = `${plural(files.length, 'file')} went to ${ref} of ${remote.name}, because the branch did not take them (${reason})`;
      const next = '"sophia proofs seal --push" brings them to the branch';
      return { findings: [published(`${told}; ${next}`)], data: { route: 'inbox', ref, commit, files, ...tally } };
    }
    reason = reasonOf(answer);
  }
  throw new SophiaError('PUBLISH_DENIED', { remote: remote.name, reason });
}

function reasonOf(answer: PushAnswer): string {
  return 'reason' in answer ? answer.reason : '';
}

/** Everything is on the branch of the remote. */
async function conclude(context: Context, { where, remote, ref, tally }: Publisher, draft: Draft): Promise<Outcome<Publication>> {
  const { parent, commit, files } = draft;
  const tip = commit ?? parent;
  const findings = [
    published(
      commit !== null ? `${plural(files.length, 'file')} went to ${ref} of ${remote.name}` : `${ref} of ${remote.name} has everything`,
    ),
  ];
  const mend = tip === null ? null : await moveAlong(context, { ...where, ref, commit: tip, remote: remote.name });
  if (mend !== null) {
    const reason = `files of ${FOLDER}/ that the branch has are untracked here, and git would not pull over them; do: ${mend}`;
    findings.push({ check: 'pull', target: ref, verdict: 'warn', reason });
  }
  return { findings, data: { route: commit === null ? 'unchanged' : 'direct', ref, commit: tip, files, ...tally } };
}

/** What is left to do by hand. */
async function moveAlong(context: Context, target: Adopted & { readonly remote: string }): Promise<string | null> {
  return mendOf(await adopt(context, { ...target, subject: 'sophia proofs publish' }), target);
}

function planned({ remote, ref, tally }: Publisher, { files }: Draft): Outcome<Publication> {
  const findings = [published(`${plural(files.length, 'file')} would go to ${ref} of ${remote.name}`)];
  return { findings, data: { ...NOWHERE, ...tally, ref, files } };
}

const NOWHERE = { route: null, ref: null, commit: null, attempts: 0, pushes: 0, files: [] } as const satisfies Publication;

function nothingHere(): Outcome<Publication> {
  const finding: Finding = { check: 'published', target: FOLDER, verdict: 'unknown', reason: 'there is no proof here' };
  return { findings: [finding], data: NOWHERE };
}

function broken({ flaws }: Snapshot): Outcome<Publication> {
  const findings = flaws.map(({ check, path, reason }): Finding => ({ check, target: targetOf(path), verdict: 'fail', reason }));
  const error = new SophiaError('PROOF_DOES_NOT_HOLD', { directory: FOLDER, count: plural(flaws.length, 'finding') });
  return { findings, data: NOWHERE, error };
}

function failed(error: SophiaError, tally: Tally): Outcome<Publication> {
  const finding: Finding = { check: 'published', target: FOLDER, verdict: 'unknown', reason: toProblem(error).title };
  return { findings: [finding], data: { ...NOWHERE, ...tally }, error };
}

function strangersIn({ strangers }: Snapshot): readonly Finding[] {
  return strangers.map((path) => ({
    check: 'foreign',
    target: targetOf(path),
    verdict: 'warn',
    reason: 'no proof vouches for it: it stays here',
  }));
}

function published(reason: string): Finding {
  return { check: 'published', target: FOLDER, verdict: 'pass', reason };
}

function targetOf(path: string): string {
  return path === '' ? FOLDER : `${FOLDER}/${path}`;
}
