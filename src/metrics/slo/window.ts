// Which runs were planned, and which of them took place. What was planned follows from the schedule and the clock, never from the runs:
// a run that is taken away leaves its place empty.

/** What one run saw of an objective. */
export interface Tally {
  readonly good: number;
  readonly bad: number;
}

export interface WindowRun {
  /** When it was planned, where it says so; else when it began. */
  readonly atMs: number;
  /** Null of a run that says nothing: its proof does not hold or is gone, or it ended before its samples were taken. */
  readonly tally: Tally | null;
}

export interface Period {
  readonly startMs: number;
  /** Oldest first. */
  readonly runs: readonly WindowRun[];
}

export interface WindowRequest {
  readonly nowMs: number;
  readonly windowMs: number;
  /** How often a run is planned: once in each period, which are counted from 1970 (UTC), so that days are days. */
  readonly everyMs: number;
  /** How long after its beginning a period may be without its run. */
  readonly graceMs: number;
  /** Nothing was planned before the period that this is in. */
  readonly sinceMs: number;
  readonly runs: readonly WindowRun[];
}

/** More are no schedule but a slip. */
export const MAX_PERIODS = 1_000_000;

/**
 * The periods that begin in the window, oldest first, each with its runs. A period without one is left out only as long as its run may
 * still come. No second run of a period makes up for the one before: nobody could tell that from a night whose proof was taken away.
 */
export function planPeriods(request: WindowRequest): readonly Period[] {
  const { nowMs, windowMs, everyMs, graceMs, sinceMs } = request;
  const first = Math.max(Math.ceil((nowMs - windowMs) / everyMs), Math.floor(sinceMs / everyMs));
  const last = Math.floor(nowMs / everyMs);
  if (last - first > MAX_PERIODS) throw new RangeError('a window has at most a million planned runs');
  const buckets = new Map<number, WindowRun[]>();
  for (let index = first; index <= last; index += 1) buckets.set(index, []);
  const runs = request.runs.filter(({ atMs }) => atMs <= nowMs).toSorted((a, b) => a.atMs - b.atMs);
  for (const run of runs) buckets.get(Math.floor(run.atMs / everyMs))?.push(run);
  return Array.from(buckets, ([index, own]) => ({ startMs: index * everyMs, runs: own })).filter(
    ({ startMs, runs: own }) => own.length > 0 || nowMs > startMs + graceMs,
  );
}
