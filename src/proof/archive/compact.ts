// Putting closed months away: many files become one archive. Nothing is lost wherever this is cut off: an archive is written and
// read back, then a proof vouches for it, and only then the files go that are in it. The next run carries on.
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { plural, size } from '../../markdown.ts';
import type { Finding, ProofReference } from '../../outcome.ts';
import type { Entry } from '../ledger/entries.ts';
import { readLedger } from '../ledger/ledger.ts';
import { withSealLock } from '../ledger/lock.ts';
import type { SealRequest } from '../ledger/seal.ts';
import { recordLedgerRun } from '../recording/record.ts';
import { readBytes, type Store } from '../store.ts';
import { openProofs } from '../tree.ts';
import { judgeProof } from '../verification/judge.ts';
import { archivesClaimedBy, compactData } from './claims.ts';
import { isSealedAs, readHoldings, type Flaw } from './holdings.ts';
import { keepArchive, packMonth, toMade, type MadeArchive } from './making.ts';
import { planCompaction } from './months.ts';
import { removeFiles } from './removal.ts';

export interface CompactRequest {
  readonly store: Store;
  readonly olderThanMs: number;
  /** Pack and measure, and change nothing. */
  readonly isDryRun: boolean;
  readonly run: SealRequest['run'];
}

export interface Compaction {
  /** Where there is one, nothing was changed. */
  readonly flaws: readonly Flaw[];
  readonly archives: readonly MadeArchive[];
  /** Proofs whose files are gone, or would be. */
  readonly removed: number;
  /** The `compact` proofs; none where no archive was made. */
  readonly proofs: readonly ProofReference[];
}

export async function compactProofs(context: Context, request: CompactRequest): Promise<Compaction> {
  const { store, isDryRun } = request;
  // Where nothing is sealed, not even a lock appears.
  if (isDryRun || (await readLedger(openProofs(context, store))).entries.length === 0) return await compact(context, request);
  return await withSealLock(context, store, () => compact(context, request));
}

async function compact(context: Context, request: CompactRequest): Promise<Compaction> {
  const { store, isDryRun } = request;
  const holdings = await readHoldings(context, store);
  const plan = await planCompaction(context, { ...request, holdings });
  const flaws = [...holdings.flaws, ...plan.flaws];
  if (flaws.length > 0) return { flaws, archives: [], removed: 0, proofs: [] };
  const made = [...plan.adopted];
  for (const month of plan.months) {
    for (const part of packMonth(store, month)) {
      if (!isDryRun) keepArchive(store, part);
      made.push(toMade(part));
      await context.clock.breathe(context.signal);
    }
  }
  const proofs: ProofReference[] = [];
  if (isDryRun) return { flaws, archives: made, removed: plan.leaving.length, proofs };
  for (let from = 0; from < made.length; from += ARCHIVES_A_PROOF)
    proofs.push(await vouch(context, request, made.slice(from, from + ARCHIVES_A_PROOF)));
  const removed = removeFiles(store, unchanged(store, plan.leaving));
  return { flaws, archives: made, removed, proofs };
}

/** A proof has at most 256 KiB. */
const ARCHIVES_A_PROOF = 200;

/** It is read back: what it does not say, nobody vouches for. */
async function vouch(context: Context, { store, run }: CompactRequest, made: readonly MadeArchive[]): Promise<ProofReference> {
  const { proof, proofProblem } = await recordLedgerRun(context, { ...run, kind: 'compact', place: store }, ({ record }) => {
    for (const archive of made) {
      record.find(toFinding(store, archive));
      record.subject(archive.path, archive.sha256);
    }
    record.data(compactData(made));
  });
  if (proof === null) throw new SophiaError('ARCHIVE_NOT_VOUCHED', { reason: proofProblem?.title ?? 'it was not written' });
  const path = proof.path.slice(store.name.length + 1);
  const { statement } = judgeProof(path, store.files.read(`${store.proofs}/${path}`));
  const claims = statement === null ? [] : archivesClaimedBy(statement, path);
  const isSaid = made.every((each) => claims.some((claim) => claim.path === each.path && claim.sha256 === each.sha256));
  if (!isSaid)
    throw new SophiaError('ARCHIVE_NOT_VOUCHED', { reason: `${proof.path} does not name every archive; was a word of them redacted?` });
  return proof;
}

function toFinding({ name }: Store, { path, proofs, sizeBytes }: MadeArchive): Finding {
  return { check: 'archived', target: `${name}/${path}`, verdict: 'pass', reason: `${plural(proofs, 'proof')} in ${size(sizeBytes)}` };
}

/** What is not what was sealed any more is left alone. */
function* unchanged(store: Store, entries: readonly Entry[]): Generator<string, void> {
  for (const entry of entries) {
    const bytes = readBytes(store, { path: entry.path, archived: null });
    if (bytes !== null && isSealedAs(entry, bytes)) yield entry.path;
  }
}
