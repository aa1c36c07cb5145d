// Letting old proofs go: what is removed is put on record first, by path and leaf, in a proof that is sealed (and signed, if the
// ledger is) before anything disappears. So a deletion is either announced by whoever may seal, or it is one that verify names.
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { plural } from '../../markdown.ts';
import type { Finding, ProofReference } from '../../outcome.ts';
import { readLedger } from '../ledger/ledger.ts';
import { withSealLock } from '../ledger/lock.ts';
import { refuseUnsigned } from '../ledger/continuity.ts';
import { sealProofs, type SealRequest } from '../ledger/seal.ts';
import { recordLedgerRun } from '../recording/record.ts';
import type { Store } from '../store.ts';
import { openProofs } from '../tree.ts';
import { pruneData } from './claims.ts';
import { readHoldings, type Flaw, type Holdings } from './holdings.ts';
import { planPruning, type PrunePlan } from './pruning-plan.ts';
import { removeFiles } from './removal.ts';

export interface PruneRequest extends Omit<SealRequest, 'place'> {
  readonly store: Store;
  readonly olderThanMs: number;
  /** Only of these kinds; all but the ledger's own when empty. */
  readonly kinds: readonly string[];
  readonly isDryRun: boolean;
}

export interface Pruning {
  /** Where there is one, nothing was removed. */
  readonly flaws: readonly Flaw[];
  /** Proofs that are gone, or would be; relative to proofs/. */
  readonly pruned: readonly string[];
  /** Archives that went as a whole. */
  readonly archives: readonly string[];
  /** Old enough, and still needed. */
  readonly kept: PrunePlan['kept'];
  /** Files that were removed: proofs, their attachments, archives. */
  readonly files: number;
  /** The `prune` proofs. */
  readonly proofs: readonly ProofReference[];
}

/** Throws what sealing throws: `LEDGER_SIGNED` where the ledger is signed and there is no key, before anything is written. */
export async function pruneProofs(context: Context, request: PruneRequest): Promise<Pruning> {
  const { store, isDryRun } = request;
  // Where nothing is sealed, not even a lock appears.
  const isEmpty = (await readLedger(openProofs(context, store))).entries.length === 0;
  if (isDryRun || isEmpty) return toPruning(await plan(context, request), {});
  const announced = await withSealLock(context, store, async () => {
    const planned = await plan(context, request);
    refuseUnsigned(store.name, planned.holdings.ledger, request.key);
    if (planned.flaws.length > 0 || isNothing(planned.going)) return { ...planned, proofs: [] };
    const proofs = await announce(context, request, unannounced(planned));
    await assertAnnounced(context, store, { ...planned.going, isSealed: false });
    return { ...planned, proofs };
  });
  const { proofs, going } = announced;
  if (announced.flaws.length > 0 || isNothing(going)) return toPruning(announced, { proofs });
  const { flaws } = await sealProofs(context, { ...request, place: store });
  if (flaws.length > 0) return toPruning({ ...announced, flaws }, { proofs });
  const files = await withSealLock(context, store, async () => {
    await assertAnnounced(context, store, { ...going, isSealed: true });
    return removeFiles(store, [...going.attachments, ...[...going.leaving, ...going.archives].map(({ path }) => path)]);
  });
  return toPruning(announced, { proofs, files });
}

interface Planned {
  readonly holdings: Holdings;
  readonly going: PrunePlan;
  readonly flaws: readonly Flaw[];
}

async function plan(context: Context, request: PruneRequest): Promise<Planned> {
  const holdings = await readHoldings(context, request.store);
  const going = await planPruning(context, { ...request, holdings });
  return { holdings, going, flaws: [...holdings.flaws, ...going.flaws] };
}

function toPruning(
  { going, flaws }: Pick<Planned, 'going' | 'flaws'>,
  { proofs = [], files = 0 }: Partial<Pick<Pruning, 'proofs' | 'files'>>,
): Pruning {
  const { leaving, archives, kept } = flaws.length > 0 ? { ...going, leaving: [], archives: [] } : going;
  return { flaws, pruned: leaving.map(({ path }) => path), archives: archives.map(({ path }) => path), kept, files, proofs };
}

function isNothing({ leaving, archives }: Going): boolean {
  return leaving.length === 0 && archives.length === 0;
}

/** A proof's data is at most 128 KiB; an entry has some 130 bytes. */
const ENTRIES_A_PROOF = 600;
const ARCHIVES_A_PROOF = 100;

type Going = Pick<PrunePlan, 'leaving' | 'archives'>;

/** Without what a run said that was cut off before it removed anything. */
function unannounced({ going: { leaving, archives }, holdings }: Planned): Going {
  const leaves = new Set(holdings.prunedLeaves.map(({ index }) => index));
  const packed = new Set(holdings.prunedArchives.map(({ path }) => path));
  return { leaving: leaving.filter(({ index }) => !leaves.has(index)), archives: archives.filter(({ path }) => !packed.has(path)) };
}

/** As many `prune` proofs as it takes. */
async function announce(context: Context, request: PruneRequest, { leaving, archives }: Going): Promise<readonly ProofReference[]> {
  const proofs: ProofReference[] = [];
  const count = Math.max(Math.ceil(leaving.length / ENTRIES_A_PROOF), Math.ceil(archives.length / ARCHIVES_A_PROOF));
  for (let index = 0; index < count; index += 1) {
    proofs.push(
      await announcePart(context, request, {
        leaving: leaving.slice(index * ENTRIES_A_PROOF, (index + 1) * ENTRIES_A_PROOF),
        archives: archives.slice(index * ARCHIVES_A_PROOF, (index + 1) * ARCHIVES_A_PROOF),
      }),
    );
  }
  return proofs;
}

async function announcePart(context: Context, { store, run }: PruneRequest, { leaving, archives }: Going): Promise<ProofReference> {
  const { proof, proofProblem } = await recordLedgerRun(context, { ...run, kind: 'prune', place: store }, ({ record }) => {
    record.find(toFinding(store, leaving.length, archives.length));
    for (const { path, sha256 } of archives) record.subject(path, sha256);
    record.data(
      pruneData(
        leaving,
        archives.map(({ path }) => path),
      ),
    );
  });
  if (proof === null) throw new SophiaError('ARCHIVE_NOT_VOUCHED', { reason: proofProblem?.title ?? 'it was not written' });
  return proof;
}

function toFinding({ name }: Store, proofs: number, archives: number): Finding {
  const reason = `${plural(proofs, 'proof')}${archives === 0 ? '' : ` and ${plural(archives, 'archive')}`} to be removed`;
  return { check: 'pruned', target: name, verdict: 'pass', reason };
}

/** Read back from the disk and the ledger: whatever no `prune` proof names, sealed in the end, stays where it is. */
async function assertAnnounced(
  context: Context,
  store: Store,
  { leaving, archives, isSealed }: Going & { readonly isSealed: boolean },
): Promise<void> {
  const { entries, prunedLeaves, prunedArchives, flaws } = await readHoldings(context, store);
  const counts = ({ prunedBy }: { readonly prunedBy: string }): boolean => !isSealed || entries.has(prunedBy);
  const leaves = new Set(prunedLeaves.filter(counts).map(({ index, leaf }) => `${index} ${leaf}`));
  const packed = new Set(prunedArchives.filter(counts).map(({ path, sha256 }) => `${path} ${sha256}`));
  const isSaid =
    flaws.length === 0 &&
    leaving.every(({ index, leaf }) => leaves.has(`${index} ${leaf}`)) &&
    archives.every(({ path, sha256 }) => packed.has(`${path} ${sha256}`));
  if (!isSaid)
    throw new SophiaError('ARCHIVE_NOT_VOUCHED', {
      reason: 'the "prune" proofs do not name all that was to go; was a word of them redacted?',
    });
}
