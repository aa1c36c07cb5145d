// Schedules are dropped at full hours and switched off after sixty quiet days, and nobody is told. Whoever counts on runs asks how old the newest is.
import type { Result } from '../outcome.ts';
import type { Reader } from './reader.ts';
import type { Predicate } from './statement.ts';
import type { ProofEntry } from './store.ts';

/** A run may be late by half its period before somebody has to look. */
const TOLERANCE = 1.5;
/** Clocks differ; a run that ended in the future says nothing about now. */
export const MAX_AHEAD_MS = 5 * 60_000;

export interface Wanted {
  readonly kind: string;
  readonly periodMs: number;
}

export interface Newest {
  readonly id: string;
  /** Relative to proofs/. */
  readonly path: string;
  readonly finishedAt: string;
  readonly result: Result;
  readonly ageMs: number;
}

export interface Freshness extends Wanted {
  readonly maxAgeMs: number;
  /** The newest run whose proof holds and is not revoked; null where there is none. */
  readonly newest: Newest | null;
  readonly isFresh: boolean;
}

export interface FreshnessReport {
  readonly kinds: readonly Freshness[];
  /** Newer than what was looked for, of a kind that was asked for, and not what was written. */
  readonly broken: readonly string[];
}

export interface FreshnessRequest {
  /** All kinds, newest first. */
  readonly entries: Iterable<ProofEntry>;
  readonly wanted: readonly Wanted[];
  readonly nowMs: number;
  readonly reader: Reader;
}

/** Reads from the newest on, and no further than needed: who revokes a proof is newer than it. */
export function assessFreshness({ entries, wanted, nowMs, reader }: FreshnessRequest): FreshnessReport {
  const found = new Map<string, Newest>();
  const broken: string[] = [];
  const kinds = new Set(wanted.map(({ kind }) => kind));
  if (kinds.size === 0) return { kinds: [], broken };
  for (const entry of entries) {
    if (!kinds.has(entry.kind) || found.has(entry.kind)) {
      reader.skim(entry);
      continue;
    }
    const { statement, flaws } = reader.read(entry);
    if (statement === null || flaws.length > 0) broken.push(entry.path);
    else if (reader.standingOf(entry).revokedBy === null) found.set(entry.kind, toNewest(entry, statement.predicate, nowMs));
    if (found.size === kinds.size) break;
  }
  return { kinds: wanted.map((each) => judge(each, found.get(each.kind) ?? null)), broken };
}

function toNewest({ id, path }: ProofEntry, { finishedAt, result }: Predicate, nowMs: number): Newest {
  return { id, path, finishedAt, result, ageMs: nowMs - Date.parse(finishedAt) };
}

function judge({ kind, periodMs }: Wanted, newest: Newest | null): Freshness {
  const maxAgeMs = Math.round(periodMs * TOLERANCE);
  return { kind, periodMs, maxAgeMs, newest, isFresh: newest !== null && newest.ageMs <= maxAgeMs && newest.ageMs >= -MAX_AHEAD_MS };
}
