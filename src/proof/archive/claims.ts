// What proofs of the kinds `compact` and `prune` say: which archives there are, and which sealed proofs are gone on purpose.
import { isJsonObject, isList } from '../canonical.ts';
import type { Json, JsonObject } from '../../outcome.ts';
import { placeOf } from '../path-law.ts';
import type { Statement } from '../statement.ts';
import { digestOf } from '../verification/judge.ts';
import { archivePlaceOf } from './place.ts';

/** A `compact` proof vouches for an archive: its digest stands among the subjects. */
export interface ArchiveClaim {
  /** Of the archive, relative to proofs/. */
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** How many proofs are in it. */
  readonly proofs: number;
  /** Of the `compact` proof. */
  readonly claimedBy: string;
}

/** A sealed proof that was removed on purpose: what its entry in the ledger says, repeated by a `prune` proof. */
export interface PrunedLeaf {
  readonly index: number;
  /** Hex. */
  readonly leaf: string;
  /** Relative to proofs/. */
  readonly path: string;
  /** Of the `prune` proof. */
  readonly prunedBy: string;
}

export interface PrunedArchive {
  readonly path: string;
  readonly sha256: string;
  readonly prunedBy: string;
}

/** Data of a `compact` proof; each path is a subject as well, with its SHA-256. */
export function compactData(archives: readonly Pick<ArchiveClaim, 'path' | 'sizeBytes' | 'proofs'>[]): JsonObject {
  return { archives: archives.map(({ path, sizeBytes, proofs }) => ({ path, sizeBytes, proofs })) };
}

/** Data of a `prune` proof. Entries are told in the ledger's own words: `<index> <leaf> <path>`. */
export function pruneData(leaves: readonly Omit<PrunedLeaf, 'prunedBy'>[], archives: readonly string[]): JsonObject {
  return { entries: leaves.map(({ index, leaf, path }) => `${index} ${leaf} ${path}`), archives };
}

/** Nothing for a proof of another kind. What is not what it should be (a word of it may have been redacted) counts for nothing. */
export function archivesClaimedBy(statement: Statement, claimedBy: string): readonly ArchiveClaim[] {
  const { kind, data } = statement.predicate;
  return kind === 'compact' ? readEach(data['archives'], (each) => readArchiveClaim(each, statement, claimedBy)) : [];
}

/** The same. It counts only where the `prune` proof is sealed: else a deletion could excuse itself. */
export function leavesPrunedBy({ predicate: { kind, data } }: Statement, prunedBy: string): readonly PrunedLeaf[] {
  return kind === 'prune' ? readEach(data['entries'], (each) => readPrunedLeaf(each, prunedBy)) : [];
}

export function archivesPrunedBy(statement: Statement, prunedBy: string): readonly PrunedArchive[] {
  const { kind, data } = statement.predicate;
  return kind === 'prune' ? readEach(data['archives'], (each) => readPrunedArchive(each, statement, prunedBy)) : [];
}

const ENTRY_LINE = /^(0|[1-9]\d{0,14}) ([0-9a-f]{64}) (\S+)$/;

function readEach<Claim>(list: Json | undefined, read: (each: Json) => Claim | null): readonly Claim[] {
  return list !== undefined && isList(list) ? list.map(read).filter((claim) => claim !== null) : [];
}

function readArchiveClaim(each: Json, statement: Statement, claimedBy: string): ArchiveClaim | null {
  if (!isJsonObject(each)) return null;
  const { path, sizeBytes, proofs } = each;
  if (typeof path !== 'string' || archivePlaceOf(path) === null) return null;
  if (!isCount(sizeBytes) || !isCount(proofs)) return null;
  const sha256 = digestOf(statement, path);
  return sha256 === null ? null : { path, sha256, sizeBytes, proofs, claimedBy };
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function readPrunedLeaf(each: Json, prunedBy: string): PrunedLeaf | null {
  const [, index, leaf, path] = (typeof each === 'string' ? ENTRY_LINE.exec(each) : null) ?? [];
  if (index === undefined || leaf === undefined || path === undefined || placeOf(path) === null) return null;
  return { index: Number(index), leaf, path, prunedBy };
}

function readPrunedArchive(each: Json, statement: Statement, prunedBy: string): PrunedArchive | null {
  if (typeof each !== 'string' || archivePlaceOf(each) === null) return null;
  const sha256 = digestOf(statement, each);
  return sha256 === null ? null : { path: each, sha256, prunedBy };
}
