// Sealing: the proofs that no entry has yet become entries, and one checkpoint vouches for all there are.
// All is judged before the first byte is written. Then come the seal's own proof, the entries and last the checkpoint; what is cut off
// in between is a proof that waits for the next seal, and entries that no checkpoint covers.
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { plural } from '../../markdown.ts';
import type { JsonObject } from '../../outcome.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import { recordLedgerRun, type LedgerRun, type Recorded } from '../recording/record.ts';
import type { Keyless } from '../sigstore/keyless.ts';
import { MAX_PROOF_BYTES } from '../statement.ts';
import { createRedactor } from '../redaction/redaction.ts';
import { rulesOf } from '../redaction/rules.ts';
import { openProofs, readFileOf, type ProofTree } from '../tree.ts';
import type { Memory } from '../inspection/history.ts';
import { findUnsealed, judgeUnsealed, type Candidate, type CandidateFlaw, type Unsealed } from './candidates.ts';
import { CHECKPOINT_FILE, lastCheckpoint, textOfCheckpoint, toRoot, type Checkpoint } from './checkpoint.ts';
import { headOf, isSigned, judgeMemories, judgeSignatures, lastVkey, refuseUnsigned, type Head } from './continuity.ts';
import { leafOf } from './entries.ts';
import { readLedger, type Ledger } from './ledger.ts';
import { isLocked, withSealLock } from './lock.ts';
import { leafHash } from './merkle.ts';
import type { Signer } from './note.ts';
import { chooseOrigin } from './origin.ts';
import { assertCanSign, signCheckpoint, signerOf, vkeyOf, type Signing } from './signing.ts';
import { writeLedger } from './write-ledger.ts';

export interface SealRequest {
  /** Absolute path of proofs/, and what a user calls it. */
  readonly place: { readonly proofs: string; readonly name: string };
  readonly run: Omit<LedgerRun, 'kind' | 'place'>;
  readonly key: SigningKey | null;
  /** `proofs.origin` of the configuration. */
  readonly origin?: string | undefined;
  /** Keys of the configuration: a key without a name of its own signs under the one it is trusted by. */
  readonly trusted?: readonly Signer[];
  /** Gets the checkpoint that stands in the end, new or not, for a second opinion on it (a Sigstore bundle); what it returns is told. */
  readonly countersign?: ((sealed: { readonly proofs: string; readonly checkpoint: Checkpoint }) => Promise<Keyless>) | undefined;
}

export interface Sealing {
  /** Where there is one, nothing was written. Paths are relative to proofs/. */
  readonly flaws: readonly CandidateFlaw[];
  /** How many proofs, the seal's own not counted. */
  readonly sealed: number;
  readonly from: Head;
  /** As it stands now; null where there is no ledger. */
  readonly checkpoint: Checkpoint | null;
  readonly isSigned: boolean;
  /** Of this seal; null where it signed nothing. */
  readonly vkey: string | null;
  /** Of the seal itself. */
  readonly proof: Recorded['proof'];
  readonly countersigned: Keyless | null;
}

/**
 * Nothing to seal changes no file. A seal that was cut off is finished: entries beyond the checkpoint count for nothing, and are
 * written again. Throws `LEDGER_SIGNED`, `LEDGER_ORIGIN_DIFFERS`, `LEDGER_LOCKED`, `LEDGER_NOT_WRITTEN`, `LEDGER_FORBIDDEN`, `SIGNING_FAILED`.
 */
export async function sealProofs(context: Context, request: SealRequest): Promise<Sealing> {
  const sealing = await sealOnce(context, request);
  const { checkpoint, flaws } = sealing;
  if (checkpoint === null || flaws.length > 0) return sealing;
  return { ...sealing, countersigned: (await request.countersign?.({ proofs: request.place.proofs, checkpoint })) ?? null };
}

async function sealOnce(context: Context, request: SealRequest): Promise<Sealing> {
  refuseLink(context, request.place);
  const tree = openProofs(context, request.place);
  // Asked before the lock, so that where there is nothing to do not even a lock appears.
  const before = await survey(tree);
  if (isOver(before) && !isLocked(context, request.place.proofs)) return leave(before);
  return await withSealLock(context, request.place, async () => {
    const now = isAsBefore(context, request, before) ? before : await survey(tree);
    return isOver(now) ? leave(now) : await seal(context, request, { tree, ...now });
  });
}

/** A directory that is reached through a link is looked into by nobody, so "nothing to seal" would be no true answer. */
function refuseLink({ files }: Context, { proofs, name }: SealRequest['place']): void {
  const kind = files.stat(proofs)?.kind ?? 'directory';
  if (kind !== 'directory')
    throw new SophiaError('LEDGER_NOT_WRITTEN', {
      directory: name,
      reason: `it is ${kind === 'symlink' ? 'a symbolic link' : 'no folder'}`,
    });
}

interface Survey {
  readonly ledger: Ledger;
  readonly unsealed: Unsealed;
  readonly flaws: readonly CandidateFlaw[];
}

async function survey(tree: ProofTree): Promise<Survey> {
  const ledger = await readLedger(tree);
  // Entries without a checkpoint are what a first seal leaves that was cut off; whether a proof knows better is asked later.
  const flaws: CandidateFlaw[] = ledger.flaws.filter(({ check }) => check !== 'ledger-missing');
  if (ledger.root !== null && ledger.root !== headOf(ledger.checkpoint).root)
    flaws.push({ check: 'ledger-tampered', path: CHECKPOINT_FILE, reason: 'its root is not the root of the entries' });
  if (flaws.length > 0) return { ledger, unsealed: { paths: [], leftovers: [], flaws: [] }, flaws };
  const unsealed = findUnsealed(tree, ledger);
  return { ledger, unsealed, flaws: unsealed.flaws };
}

function isOver({ ledger, unsealed, flaws }: Survey): boolean {
  return flaws.length > 0 || (unsealed.paths.length === 0 && ledger.tail.length === 0);
}

/** While the lock was waited for another seal may have ended; without one what was read still stands. */
function isAsBefore({ files }: Context, { place }: SealRequest, { ledger: { checkpoint, tail } }: Survey): boolean {
  const now = lastCheckpoint(files, place.proofs);
  const [old, current] = [checkpoint, now].map((each) => (each === null ? '' : textOfCheckpoint(each)));
  return tail.length === 0 && old === current;
}

function leave({ ledger, flaws }: Pick<Survey, 'ledger' | 'flaws'>): Sealing {
  const { checkpoint } = ledger;
  return {
    flaws,
    sealed: 0,
    from: headOf(checkpoint),
    checkpoint,
    isSigned: isSigned(ledger),
    vkey: null,
    proof: null,
    countersigned: null,
  };
}

interface Work extends Survey {
  readonly tree: ProofTree;
}

async function seal(context: Context, request: SealRequest, work: Work): Promise<Sealing> {
  const { place, key, trusted = [] } = request;
  const { tree, ledger, unsealed } = work;
  refuseUnsigned(place.name, ledger, key);
  const judged = await judgeUnsealed(tree, {
    ledger,
    paths: unsealed.paths,
    secretPatterns: rulesOf(context).patterns ?? [],
    nowMs: context.clock.now(),
  });
  const { candidates, memories } = judged;
  const origin = await originOf(context, request, { checkpoint: ledger.checkpoint, memories });
  const known = [...trusted, ...(ledger.checkpoint?.signatures ?? [])];
  const by = key === null ? null : { key, signer: signerOf(key, { origin, known }) };
  const signers = by === null ? trusted : [by.signer, ...trusted];
  const signatures = judgeSignatures(ledger, { signers, last: await lastVkey(tree, ledger) });
  const flaws = [...judged.flaws, ...signatures, ...judgeMemories(ledger, memories, origin)];
  if (flaws.length > 0) return leave({ ledger, flaws });
  if (candidates.length === 0) return trim(context, request, work);
  refuseSecretOrigin(context, request, origin);
  if (key !== null) await assertCanSign(context, key);
  return await append(context, request, { ...work, candidates, origin, by });
}

interface Addition extends Work {
  readonly candidates: readonly Candidate[];
  readonly origin: string;
  readonly by: Signing | null;
}

async function append(
  context: Context,
  request: SealRequest,
  { tree, ledger, unsealed, candidates, origin, by }: Addition,
): Promise<Sealing> {
  const from = headOf(ledger.checkpoint);
  const vkey = vkeyOf(by?.signer ?? null);
  const sealed = candidates.length;
  const { proof, own } = await recordSeal(context, request, { tree, facts: { origin, from: { ...from }, sealed, signer: vkey } });
  const added = [...candidates, own].map(({ leaf, path }, offset) => ({ index: from.size + offset, leaf, path }));
  const grown = ledger.grown.copy();
  for (const entry of added) grown.append(leafOf(entry));
  const signed = await signCheckpoint(context, { origin, size: grown.size, root: toRoot(grown.root) }, by);
  writeLedger(context, {
    ...request.place,
    ...signed,
    entries: [...ledger.entries, ...added],
    from: from.size,
    leftovers: unsealed.leftovers,
  });
  const { checkpoint } = signed;
  return { flaws: [], sealed, from, checkpoint, isSigned: by !== null, vkey, proof, countersigned: null };
}

/** What is left of a seal that was cut off, whose proofs are gone: the ledger becomes what its checkpoint says. */
function trim(context: Context, { place }: SealRequest, { ledger, unsealed: { leftovers } }: Work): Sealing {
  const { checkpoint, entries } = ledger;
  if (checkpoint !== null) writeLedger(context, { ...place, checkpoint, sshsig: undefined, entries, from: entries.length, leftovers });
  return leave({ ledger, flaws: [] });
}

/** Its own name, where there is one: in the checkpoint, or in the seal of a first checkpoint that never came. */
async function originOf(
  context: Context,
  { place, origin }: SealRequest,
  { checkpoint, memories }: { readonly checkpoint: Checkpoint | null; readonly memories: readonly Memory[] },
): Promise<string> {
  const found = checkpoint?.origin ?? memories.find(({ size }) => size === 0)?.origin;
  if (found === undefined) return origin ?? (await chooseOrigin(context, place.proofs));
  if (origin !== undefined && origin !== found)
    throw new SophiaError('LEDGER_ORIGIN_DIFFERS', { directory: place.name, found, expected: origin });
  return found;
}

/** Every seal says the origin. Redaction would put another word there, and the ledger would be that of somebody else. */
function refuseSecretOrigin(context: Context, { place }: SealRequest, origin: string): void {
  if (createRedactor(rulesOf(context)).text(origin, '/predicate/data/origin') !== origin)
    throw new SophiaError('LEDGER_ORIGIN_SECRET', { directory: place.name });
}

interface Seal {
  readonly tree: ProofTree;
  readonly facts: JsonObject & { readonly from: { readonly size: number; readonly root: string }; readonly sealed: number };
}

/** Writes the seal's own proof, and reads it back as the last candidate. */
async function recordSeal(
  context: Context,
  { place, run }: SealRequest,
  { tree, facts }: Seal,
): Promise<{ readonly proof: Recorded['proof']; readonly own: Pick<Candidate, 'leaf' | 'path'> }> {
  const reason = `${plural(facts.sealed, 'proof')} appended to ${plural(facts.from.size, 'entry', 'entries')}`;
  context.signal.throwIfAborted();
  const recorded = await recordLedgerRun(context, { ...run, kind: 'seal', place }, ({ record }) => {
    record.find({ check: 'sealed', target: place.name, verdict: 'pass', reason });
    record.data(facts);
  });
  context.signal.throwIfAborted();
  const { proof, proofProblem, error } = recorded;
  const problem = proofProblem ?? error;
  if (proof === null || problem !== null) throw new SophiaError('PROOF_NOT_WRITTEN', { reason: problem?.title ?? 'no reason is known' });
  const path = proof.path.slice(place.name.length + 1);
  const { bytes } = await readFileOf(tree, path, { maxBytes: MAX_PROOF_BYTES });
  if (bytes === null) throw new SophiaError('PROOF_NOT_WRITTEN', { reason: `${proof.path} cannot be read back` });
  return { proof, own: { path, leaf: leafHash(bytes).toString('hex') } };
}
