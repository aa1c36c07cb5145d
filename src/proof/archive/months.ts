// Which months are due: closed for long enough, with proofs that are sealed, hold, and lie in no archive yet.
import type { Context } from '../../context.ts';
import { sha256Of } from '../digest.ts';
import type { Entry } from '../ledger/entries.ts';
import { placeOf } from '../path-law.ts';
import type { Store } from '../store.ts';
import { openProofs } from '../tree.ts';
import { isSealedAs, readClaimed, readSealed, type Flaw, type Holdings } from './holdings.ts';
import { listArchives } from './listing.ts';
import type { MadeArchive } from './making.ts';
import { openArchive, type ArchivedProof, type ArchiveFlaw } from './opening.ts';
import { MAX_PACKED_BYTES } from './packing.ts';
import { archivePathOf, archivePlaceOf, isArchivable, monthOf, type ArchivePlace } from './place.ts';

/** One kind's month that has proofs to put away. */
export interface Month {
  readonly kind: string;
  readonly month: string;
  /** Oldest first. */
  readonly entries: readonly Entry[];
  /** Of its archives, the highest number that is taken. */
  readonly lastPart: number;
}

export interface Plan {
  readonly months: readonly Month[];
  /** Archives that nobody vouches for yet, because the run that made them was cut off. */
  readonly adopted: readonly MadeArchive[];
  /** Proofs whose files go in the end: those put away now, and those that an earlier run left. */
  readonly leaving: readonly Entry[];
  readonly flaws: readonly Flaw[];
}

interface PlanRequest {
  readonly store: Store;
  readonly olderThanMs: number;
  readonly holdings: Holdings;
}

export async function planCompaction(context: Context, { store, olderThanMs, holdings }: PlanRequest): Promise<Plan> {
  const limitMs = context.clock.now() - olderThanMs;
  const tree = openProofs(context, store);
  // What was pruned is going: its removal was cut off, and the next prune carries on.
  const pruned = new Set(holdings.prunedLeaves.map(({ path }) => path));
  // The next seal reads the last one, and does not look into archives.
  const isLast = ({ index }: Entry): boolean => index === holdings.entries.size - 1;
  const due = [...holdings.entries.values()].filter((entry) => isDue(entry.path, limitMs) && !pruned.has(entry.path) && !isLast(entry));
  const leaving = due.filter(({ path }) => tree.stat(path)?.kind === 'file');
  const months: Month[] = [];
  const adopted: MadeArchive[] = [];
  const flaws: Flaw[] = [];
  for (const [key, entries] of Map.groupBy(leaving, monthKeyOf)) {
    const [kind = '', month = ''] = key.split(' ');
    const known = readKnown(store, { kind, month }, holdings);
    adopted.push(...known.adopted);
    const fresh = entries.filter(({ path }) => !known.paths.has(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
    flaws.push(...known.flaws, ...(await judgeEach(context, store, fresh)));
    if (fresh.length > 0) months.push({ kind, month, entries: fresh, lastPart: known.lastPart });
  }
  return { months, adopted, leaving, flaws };
}

async function judgeEach({ clock, signal }: Context, store: Store, entries: readonly Entry[]): Promise<readonly Flaw[]> {
  const flaws: Flaw[] = [];
  for (const [index, entry] of entries.entries()) {
    if (index % 256 === 255) await clock.breathe(signal);
    const read = readSealed(store, entry);
    if (!('statement' in read)) flaws.push(read);
  }
  return flaws;
}

interface Known {
  /** Proofs that are in an archive already. */
  readonly paths: ReadonlySet<string>;
  readonly adopted: readonly MadeArchive[];
  readonly lastPart: number;
  readonly flaws: readonly Flaw[];
}

/** The archives of a kind's month. A name is never given twice, not even where the archive was pruned. */
function readKnown(store: Store, { kind, month }: Pick<Month, 'kind' | 'month'>, holdings: Holdings): Known {
  const paths = new Set<string>();
  const adopted: MadeArchive[] = [];
  const flaws: Flaw[] = [];
  const isOfMonth = (place: ArchivePlace | null): place is ArchivePlace => place?.kind === kind && place.month === month;
  const present = listArchives(store, kind).filter(isOfMonth);
  for (const place of present) {
    const archive = archivePathOf(place);
    const claim = holdings.claims.get(archive);
    const packed = claim === undefined ? readPacked(store, archive) : readClaimed(store, claim);
    if (packed !== null && 'check' in packed) flaws.push(packed);
    if (packed === null || 'check' in packed) continue;
    const members = [...openArchive(archive, place, packed)];
    if (claim === undefined && !isAdoptable(members, holdings, paths)) continue; // of unknown origin: verify names it
    if (claim === undefined) adopted.push({ path: archive, sha256: sha256Of(packed), sizeBytes: packed.length, proofs: members.length });
    for (const { path } of members) paths.add(path);
  }
  const taken = [...present, ...[...holdings.claims.keys()].map(archivePlaceOf).filter(isOfMonth)];
  return { paths, adopted, lastPart: Math.max(0, ...taken.map(({ part }) => part)), flaws };
}

/** Every line is a proof that was sealed, and none of them is in another archive. */
function isAdoptable(members: readonly (ArchivedProof | ArchiveFlaw)[], { entries }: Holdings, others: ReadonlySet<string>): boolean {
  if (members.length === 0) return false;
  return members.every((member) => {
    const entry = entries.get(member.path);
    return 'bytes' in member && entry !== undefined && isSealedAs(entry, member.bytes) && !others.has(member.path);
  });
}

function readPacked({ files, proofs }: Store, archive: string): Uint8Array | null {
  const stat = files.stat(`${proofs}/${archive}`);
  return stat?.kind === 'file' && stat.sizeBytes <= MAX_PACKED_BYTES ? files.read(`${proofs}/${archive}`) : null;
}

function isDue(path: string, limitMs: number): boolean {
  const place = placeOf(path);
  if (place === null || !isArchivable(place.kind)) return false;
  const [year, month] = monthOf(place.id).split('-').map(Number);
  return Date.UTC(year ?? 0, month ?? 0) <= limitMs; // the first moment of the month after
}

function monthKeyOf({ path }: Entry): string {
  const place = placeOf(path);
  return place === null ? '' : `${place.kind} ${monthOf(place.id)}`;
}
