// Objectives against what the proofs remember: which runs were planned, what each of them saw, and what that says of the budget.
import type { Objective, Operations } from '../../checks/service.ts';
import { merge, type HistogramData } from '../../metrics/histogram.ts';
import { NO_PERCENTILES, percentilesOf, type Percentiles } from '../../metrics/percentiles.ts';
import { judgeObjective, type Budget } from '../../metrics/slo/objective.ts';
import { planPeriods, type Period, type WindowRun } from '../../metrics/slo/window.ts';
import type { History } from '../history.ts';
import { placeOf } from '../../proof/path-law.ts';
import { timeOfUlid } from '../../proof/ulid.ts';
import { readSamples, type SampleReading } from './sample-data.ts';

export interface EvaluationRequest {
  readonly operations: Pick<Operations, 'objectives' | 'schedule'>;
  /** Those of `operations`, or some of them. */
  readonly objectives: readonly Objective[];
  readonly history: History;
  readonly nowMs: number;
}

export interface Evaluation {
  readonly objective: Objective;
  readonly budget: Budget;
  readonly window: { readonly from: string; readonly to: string; readonly days: number };
  readonly coverage: Coverage;
  /** Of the times of all samples in the window, in ms. */
  readonly percentiles: Percentiles;
}

export interface Coverage {
  readonly planned_runs: number;
  readonly present_runs: number;
  /** Periods in which a run is missing, or its proof does not hold: days where they are days, else when they began. The newest, where they are many. */
  readonly missing: readonly string[];
}

export interface Evaluated {
  readonly evaluations: readonly Evaluation[];
  /** Runs whose proofs do not hold or contradict themselves, and files of the ledger; relative to proofs/. */
  readonly broken: History['broken'];
}

const DAY_MS = 86_400_000;
/** Of all objectives together: a proof has an end. */
const MAX_MISSING = 1500;

/** An objective means runs, and those that nobody planned could not be missing: without a word of the configuration there is one a night. */
export function plannedRuns({ smoke }: Operations['schedule']): NonNullable<Operations['schedule']['smoke']> {
  return smoke ?? { everyMs: DAY_MS, graceMs: DAY_MS / 2 };
}

/** How far back the proofs must be read: without `since` an objective begins with the first proof of its service, whenever that was. */
export function startOfHistory(objectives: readonly Objective[], nowMs: number): number {
  return Math.min(...objectives.map(({ since, windowMs }) => (since === null ? 0 : Math.max(Date.parse(since), nowMs - windowMs))), nowMs);
}

export function evaluateObjectives(request: EvaluationRequest): Evaluated {
  const { history, objectives } = request;
  const runs = history.runs.map((run): KnownRun => ({ path: run.path, startedMs: Date.parse(run.startedAt), reading: readSamples(run) }));
  const contradicting = runs.flatMap(({ path, reading }) => (reading.ok ? [] : [{ path, reason: reading.problem }]));
  const known = [...runs, ...history.broken.flatMap(({ path, reason }) => toBrokenRun(path, reason))];
  return {
    evaluations: objectives.map((objective) => evaluate(objective, known, request)),
    broken: [...history.broken, ...contradicting],
  };
}

interface KnownRun {
  readonly path: string;
  readonly startedMs: number;
  readonly reading: SampleReading;
}

/** When it was is in its name; a file of the ledger is no run. */
function toBrokenRun(path: string, problem: string): readonly KnownRun[] {
  const place = placeOf(path);
  return place === null ? [] : [{ path, startedMs: timeOfUlid(place.id), reading: { ok: false, problem } }];
}

interface ObjectiveRun extends WindowRun {
  readonly histogram: HistogramData | null;
}

function evaluate(objective: Objective, known: readonly KnownRun[], request: EvaluationRequest): Evaluation {
  const { operations, nowMs } = request;
  const { target, windowMs, missing } = objective;
  const { everyMs, graceMs } = plannedRuns(operations.schedule);
  const runs = known.filter(({ startedMs }) => startedMs <= nowMs).flatMap((run) => toObjectiveRun(objective, run, graceMs));
  const sinceMs = objective.since === null ? Math.min(...runs.map(({ atMs }) => atMs)) : Date.parse(objective.since);
  const periods = Number.isFinite(sinceMs) ? planPeriods({ nowMs, windowMs, everyMs, graceMs, sinceMs, runs }) : [];
  const budget = judgeObjective({
    target,
    windowMs,
    everyMs,
    nowMs,
    perRun: perRunOf(objective, operations.objectives),
    excludesMissingRuns: missing !== 'bad',
    periods,
  });
  const fromMs = periods[0]?.startMs ?? nowMs - windowMs;
  return {
    objective,
    budget,
    window: { from: toTime(fromMs), to: toTime(nowMs), days: windowMs / DAY_MS },
    coverage: coverageOf(periods, { everyMs, most: Math.ceil(MAX_MISSING / request.objectives.length) }),
    percentiles: percentilesIn(periods, runs),
  };
}

/** Nothing of a run that was about other services only. */
function toObjectiveRun(objective: Objective, { startedMs, reading }: KnownRun, graceMs: number): readonly ObjectiveRun[] {
  if (!reading.ok) return [{ atMs: startedMs, tally: null, histogram: null }];
  const { id, service, check } = objective;
  const lateMs = startedMs - (reading.plannedMs ?? startedMs);
  const atMs = lateMs > 0 && lateMs <= graceMs ? startedMs - lateMs : startedMs;
  const sample = reading.samples.find((each) => each.slo === id && each.service === service && each.check === check);
  if (sample === undefined) return reading.asked(service) ? [{ atMs, tally: null, histogram: null }] : [];
  const { good, bad, histogram } = sample;
  return [{ atMs, tally: { good, bad }, histogram }];
}

/** Objectives of the same check share their samples, so that one of them is enough for all. */
function perRunOf({ service, check }: Objective, all: readonly Objective[]): number {
  return Math.max(1, ...all.filter((each) => each.service === service && each.check === check).map(({ samples }) => samples.perRun));
}

function coverageOf(periods: readonly Period[], { everyMs, most }: { readonly everyMs: number; readonly most: number }): Coverage {
  const present = ({ runs }: Period): number => runs.filter(({ tally }) => tally !== null).length;
  const missing = periods.filter((period) => present(period) < Math.max(1, period.runs.length));
  return {
    planned_runs: periods.reduce((sum, { runs }) => sum + Math.max(1, runs.length), 0),
    present_runs: periods.reduce((sum, period) => sum + present(period), 0),
    missing: missing.slice(-most).map(({ startMs }) => nameOf(startMs, everyMs)),
  };
}

function percentilesIn(periods: readonly Period[], runs: readonly ObjectiveRun[]): Percentiles {
  const counted = new Set(periods.flatMap((period) => period.runs));
  const times = runs.filter((run) => counted.has(run)).flatMap(({ histogram }) => histogram ?? []);
  const [first, ...others] = times;
  if (first === undefined) return NO_PERCENTILES;
  const { p50, p95, p99 } = percentilesOf(others.reduce(merge, first));
  return { p50: toTenths(p50), p95: toTenths(p95), p99: toTenths(p99) };
}

/** A tenth of a millisecond is finer than the histogram is. */
function toTenths(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 10) / 10;
}

function nameOf(startMs: number, everyMs: number): string {
  return everyMs % DAY_MS === 0 ? toTime(startMs).slice(0, 'yyyy-mm-dd'.length) : toTime(startMs);
}

function toTime(ms: number): string {
  return new Date(ms).toISOString();
}
