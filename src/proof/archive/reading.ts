// Proofs that live in archives, as if they were files, out of any tree. An archive counts only with the digest that a `compact`
// proof has of it; what is read out of it is to be judged like any file, and against its leaf in the ledger.
import { sha256Of } from '../digest.ts';
import { placeOf } from '../path-law.ts';
import { readFileOf, type ProofTree, type TreeEntry } from '../tree.ts';
import type { ArchiveClaim, PrunedArchive } from './claims.ts';
import { openArchive, type ArchivedProof, type ArchiveFlaw } from './opening.ts';
import { MAX_PACKED_BYTES } from './packing.ts';
import { archivePlaceOf, monthOf, type ArchivePlace } from './place.ts';

export interface ArchiveReading {
  readonly tree: ProofTree;
  /** What a walk found below archive/, in any order. */
  readonly found: readonly TreeEntry[];
  /** Of the `compact` proofs that hold. */
  readonly claims: readonly ArchiveClaim[];
  /** Of the `prune` proofs that hold and are sealed. */
  readonly pruned: readonly PrunedArchive[];
}

export interface ArchiveBatch {
  readonly proofs: readonly ArchivedProof[];
  readonly flaws: readonly ArchiveFlaw[];
}

const BATCH = 256;

/** Every archive is looked at, one at a time, whatever is wrong with the others: what can be read out of a damaged one is read. */
export async function* readArchives({ tree, found, claims, pruned }: ArchiveReading): AsyncGenerator<ArchiveBatch, void> {
  const claimsOf = Map.groupBy(claims, ({ path }) => path);
  for (const entry of found) yield* readFound(tree, entry, claimsOf.get(entry.path) ?? []);
  const met = new Set(found.map(({ path }) => path));
  const gone = [...claimsOf].filter(([path, [claim]]) => !met.has(path) && !pruned.some((each) => isThat(each, path, claim)));
  const flaws = gone.map(([path, [claim]]) => missing(path, claim?.claimedBy ?? 'a proof'));
  if (flaws.length > 0) yield { proofs: [], flaws };
}

/** The bytes of one archived proof, wherever the tree is; null where no archive has it. Who asks compares its leaf. */
export async function findArchivedIn(tree: ProofTree, path: string): Promise<Uint8Array | null> {
  const proof = placeOf(path);
  if (proof === null) return null;
  const month = monthOf(proof.id);
  for (const { path: archive, stat } of tree.walk()) {
    const place = archivePlaceOf(archive);
    if (place?.kind !== proof.kind || place.month !== month || stat?.kind !== 'file') continue;
    const { bytes } = await readFileOf(tree, archive, { maxBytes: MAX_PACKED_BYTES });
    for (const item of openArchive(archive, place, bytes ?? new Uint8Array())) if ('bytes' in item && item.path === path) return item.bytes;
  }
  return null;
}

async function* readFound(tree: ProofTree, entry: TreeEntry, claims: readonly ArchiveClaim[]): AsyncGenerator<ArchiveBatch, void> {
  const { path } = entry;
  const place = archivePlaceOf(path);
  const flaw = place === null ? foreign(entry, 'no archive is called that, and nothing else lies here') : findUnreadable(entry, claims);
  if (flaw !== null || place === null) {
    yield { proofs: [], flaws: flaw === null ? [] : [flaw] };
    return;
  }
  const file = await readFileOf(tree, path, { maxBytes: MAX_PACKED_BYTES });
  if (file.bytes === null) yield { proofs: [], flaws: [{ check: 'archive-tampered', path, reason: file.problem }] };
  else yield* readVouched(path, place, { packed: file.bytes, claims });
}

function findUnreadable(entry: TreeEntry, claims: readonly ArchiveClaim[]): ArchiveFlaw | null {
  const { path, stat } = entry;
  if (claims.length === 0) return foreign(entry, 'no proof of the kind compact vouches for this archive');
  if (stat === null) return { check: 'missing', path, reason: entry.problem ?? 'there is no way to look at it' };
  if (stat.kind !== 'file') return foreign(entry, 'not a plain file; links are not followed');
  if (stat.sizeBytes <= MAX_PACKED_BYTES) return null;
  return { check: 'archive-tampered', path, reason: `${stat.sizeBytes} bytes; an archive has at most ${MAX_PACKED_BYTES}` };
}

function foreign({ path, problem }: TreeEntry, reason: string): ArchiveFlaw {
  return { check: 'foreign', path, reason: problem ?? reason };
}

interface Vouched {
  readonly packed: Uint8Array;
  readonly claims: readonly ArchiveClaim[];
}

function* readVouched(path: string, place: ArchivePlace, { packed, claims }: Vouched): Generator<ArchiveBatch, void> {
  const flaws: ArchiveFlaw[] = findBrokenClaims(packed, claims).map((reason) => ({ check: 'archive-tampered', path, reason }));
  let proofs: ArchivedProof[] = [];
  let count = 0;
  for (const item of openArchive(path, place, packed)) {
    if ('bytes' in item) proofs.push(item);
    else flaws.push(item);
    if (proofs.length < BATCH) continue;
    count += proofs.length;
    yield { proofs, flaws: [] };
    proofs = [];
  }
  count += proofs.length;
  const claim = claims.find(({ proofs: claimed }) => claimed !== count);
  if (flaws.length === 0 && claim !== undefined)
    flaws.push({ check: 'archive-tampered', path, reason: `${count} proofs, but ${claim.claimedBy} says ${claim.proofs}` });
  yield { proofs, flaws };
}

/** Archives are never rewritten, so two proofs that vouch for one must agree. */
function findBrokenClaims(packed: Uint8Array, claims: readonly ArchiveClaim[]): string[] {
  const sha256 = sha256Of(packed);
  const isKnown = claims.some((claim) => claim.sha256 === sha256);
  return claims
    .filter((claim) => claim.sha256 !== sha256 || claim.sizeBytes !== packed.length)
    .map(({ claimedBy }) =>
      isKnown ? `${claimedBy} vouches for other bytes under this name` : `not the bytes whose SHA-256 ${claimedBy} has`,
    );
}

function missing(path: string, claimedBy: string): ArchiveFlaw {
  return { check: 'missing', path, reason: `the archive is gone; ${claimedBy} vouches for it` };
}

function isThat(each: PrunedArchive, path: string, claim: ArchiveClaim | undefined): boolean {
  return each.path === path && each.sha256 === claim?.sha256;
}
