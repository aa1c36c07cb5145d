// Which proofs may go: old enough, sealed, holding, and needed by nothing that stays.
import type { Context } from '../../context.ts';
import type { Entry } from '../ledger/entries.ts';
import { isLedgerKind, placeOf } from '../path-law.ts';
import type { Store } from '../store.ts';
import { openProofs } from '../tree.ts';
import { timeOfUlid } from '../ulid.ts';
import { proofNamedBy } from '../view.ts';
import type { ArchiveClaim } from './claims.ts';
import { judgeSealed, readClaimed, readSealed, type Flaw, type Holdings, type Sealed } from './holdings.ts';
import { openArchive, type ArchivedProof, type ArchiveFlaw } from './opening.ts';
import { archivePlaceOf } from './place.ts';

export interface PrunePlan {
  /** What goes, as files or within an archive. */
  readonly leaving: readonly Entry[];
  /** Archives that go as a whole: none of their proofs stays. */
  readonly archives: readonly ArchiveClaim[];
  /** Of the proofs that go, relative to proofs/. */
  readonly attachments: readonly string[];
  /** Old enough, and still needed. */
  readonly kept: readonly { readonly path: string; readonly reason: string }[];
  readonly flaws: readonly Flaw[];
}

interface PlanRequest {
  readonly store: Store;
  readonly olderThanMs: number;
  readonly kinds: readonly string[];
  readonly holdings: Holdings;
}

export async function planPruning(context: Context, request: PlanRequest): Promise<PrunePlan> {
  const candidates = await findCandidates(context, request);
  const kept = keepNeeded(request, candidates);
  const going = [...candidates.proofs.values()].filter(({ path }) => !kept.has(path));
  return {
    leaving: going.map(({ entry }) => entry).sort((a, b) => a.index - b.index),
    archives: candidates.archives.filter(({ members }) => !members.some((path) => kept.has(path))).map(({ claim }) => claim),
    attachments: going.flatMap(({ attachments }) => attachments),
    kept: [...kept].map(([path, reason]) => ({ path, reason })),
    flaws: candidates.flaws,
  };
}

/** Of a proof that may go, what decides whether it does. The statement itself is not kept: there may be a hundred thousand. */
interface Candidate {
  readonly path: string;
  readonly entry: Entry;
  readonly attachments: readonly string[];
  readonly views: readonly string[];
  /** Proofs that it revokes or replaces. */
  readonly overrides: readonly string[];
}

interface Candidates {
  readonly proofs: ReadonlyMap<string, Candidate>;
  readonly archives: readonly { readonly claim: ArchiveClaim; readonly members: readonly string[] }[];
  readonly flaws: readonly Flaw[];
}

async function findCandidates(context: Context, { store, olderThanMs, kinds, holdings }: PlanRequest): Promise<Candidates> {
  const limitMs = context.clock.now() - olderThanMs;
  const tree = openProofs(context, store);
  const proofs = new Map<string, Candidate>();
  const flaws: Flaw[] = [];
  const take = (read: Sealed | Flaw): void => {
    if ('statement' in read) proofs.set(read.entry.path, toCandidate(read));
    else flaws.push(read);
  };
  const isOld = (path: string): boolean => isDue(path, limitMs, kinds);
  for (const entry of holdings.entries.values()) {
    if (isOld(entry.path) && tree.stat(entry.path)?.kind === 'file') take(readSealed(store, entry));
    if (entry.index % 256 === 255) await context.clock.breathe(context.signal);
  }
  const archives: Candidates['archives'][number][] = [];
  const gone = new Set(holdings.prunedArchives.map(({ path }) => path));
  for (const claim of holdings.claims.values()) {
    if (gone.has(claim.path) && tree.stat(claim.path) === null) continue;
    const members = readMembers(store, claim, kinds);
    if (members === null || !members.every(({ path }) => isOld(path))) continue;
    for (const member of members) take(judgeMember(member, holdings));
    archives.push({ claim, members: members.map(({ path }) => path) });
    await context.clock.breathe(context.signal);
  }
  return { proofs, archives, flaws };
}

type Member = ArchivedProof | ArchiveFlaw | Flaw;

/** Null for an archive of a kind that was not asked for. */
function readMembers(store: Store, claim: ArchiveClaim, kinds: readonly string[]): readonly Member[] | null {
  const place = archivePlaceOf(claim.path);
  if (place === null || !isWanted(place.kind, kinds)) return null;
  const packed = readClaimed(store, claim);
  return 'check' in packed ? [packed] : [...openArchive(claim.path, place, packed)];
}

function judgeMember(member: Member, { entries }: Holdings): Sealed | Flaw {
  if (!('bytes' in member)) return member;
  const entry = entries.get(member.path);
  return entry === undefined
    ? { check: 'archive-tampered', path: member.archive, reason: `${member.path} was never sealed` }
    : judgeSealed(entry, member.bytes);
}

function toCandidate({ entry, statement: { predicate } }: Sealed): Candidate {
  return {
    path: entry.path,
    entry,
    attachments: predicate.attachments.map(({ path }) => path),
    views: predicate.views.map(({ path }) => path),
    overrides: predicate.links.filter(({ rel }) => rel === 'revokes' || rel === 'supersedes').map(({ proof }) => proof),
  };
}

/** Path → why it stays. One that stays can be why another does. */
function keepNeeded({ store, holdings }: PlanRequest, { proofs, archives }: Candidates): ReadonlyMap<string, string> {
  const kept = new Map<string, string>();
  const gone = new Set(holdings.prunedLeaves.map(({ path }) => path));
  const stays = (path: string): boolean => kept.has(path) || (!proofs.has(path) && !gone.has(path));
  for (const { path, views } of proofs.values()) {
    const view = views.find((each) => isViewOf(store, each, path));
    if (view !== undefined) kept.set(path, `the view ${view} is its own`);
  }
  for (let before = -1; before !== kept.size;) {
    before = kept.size;
    for (const { path, overrides } of proofs.values()) {
      const target = overrides.find(stays);
      if (target !== undefined && !kept.has(path)) kept.set(path, `it revokes or replaces ${target}, which stays`);
    }
    for (const { claim, members } of archives) {
      if (!members.some((path) => kept.has(path))) continue;
      for (const path of members) if (!kept.has(path)) kept.set(path, `it is in ${claim.path} with one that stays`);
    }
  }
  return kept;
}

function isViewOf({ files, proofs }: Store, view: string, path: string): boolean {
  const file = `${proofs}/${view}`;
  return files.stat(file)?.kind === 'file' && proofNamedBy(view, files.read(file)) === path;
}

function isDue(path: string, limitMs: number, kinds: readonly string[]): boolean {
  const place = placeOf(path);
  return place !== null && isWanted(place.kind, kinds) && timeOfUlid(place.id) <= limitMs;
}

/** What the ledger says of itself is what explains the gaps: it stays. */
function isWanted(kind: string, kinds: readonly string[]): boolean {
  return kinds.length === 0 ? !isLedgerKind(kind) : kinds.includes(kind);
}
