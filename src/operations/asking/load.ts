// A little load after a deploy: is the service slower than it was after the last one? Never a bare ratio: chance has its say.
import type { ControlHeld } from '../../checks/judge.ts';
import { keyOf, type Plan } from '../../checks/plan.ts';
import { duration, plural } from '../../markdown.ts';
import type { Finding, Json, Verdict } from '../../outcome.ts';
import type { History, PastRun } from '../history.ts';
import type { Learnt } from './asking.ts';
import type { Said, Series } from './samples.ts';

/** For each service. */
const REQUESTS = 200;
const PER_SECOND = 10;
/** With fewer, the chance that none lies above the 95th percentile is more than 5 %. */
const FEWEST = 59;
const RESAMPLES = 1000;

export type Load = Series;

/** `data.load` of a run. */
export interface LoadData {
  readonly service: string;
  readonly planned: number;
  /** Milliseconds, in order; of answers in good order only, and not all of them where many services were measured. */
  readonly times: readonly number[];
  readonly p95: number | null;
}

/** The health of each service, where it was asked. */
export function planLoad(plan: Plan, learnt: Learnt): readonly Load[] {
  return plan.places
    .filter(({ check }) => check === 'health')
    .map((place) => {
      const asked = learnt.get(keyOf(place));
      const inquiry = asked?.kind === 'asked' ? asked.inquiry : null;
      return { place, inquiry, planned: REQUESTS, rate: PER_SECOND, indicator: 'latency', taken: [] };
    });
}

export interface LoadRequest {
  readonly isControlHeld: ControlHeld;
  readonly history: History;
  /** From 0 to below 1. */
  readonly chance: () => number;
}

export interface Loaded {
  readonly finding: Finding;
  readonly data: LoadData;
}

export function judgeLoad(load: Load, { isControlHeld, history, chance }: LoadRequest): Loaded {
  const { place, planned, taken } = load;
  const verdicts = taken.map(({ judge }) => judge(isControlHeld));
  const isUsable = (at: number): boolean => WELL.has(verdicts[at]!.verdict) && !taken[at]!.isTainted;
  const times = taken.flatMap(({ ms }, at) => (isUsable(at) ? [Math.round(ms * 10) / 10] : [])).sort((a, b) => a - b);
  const data: LoadData = { service: place.target, planned, times, p95: times.length < FEWEST ? null : p95Of(times) };
  const bad = verdicts.find(({ verdict }) => verdict === 'fail');
  const about = { check: 'load', target: place.target, ...(place.location === null ? {} : { location: place.location }) };
  if (bad !== undefined) {
    const reason = `${plural(verdicts.filter(({ verdict }) => verdict === 'fail').length, 'request')} of ${planned} failed; the first: ${bad.reason}`;
    return { finding: { ...about, verdict: 'fail', reason, ...(bad.code === undefined ? {} : { code: bad.code }) }, data };
  }
  const heard = verdicts.filter(({ verdict }) => WELL.has(verdict)).length;
  return { finding: { ...about, ...(heard < planned ? silent(heard, planned) : compare(history, data, chance)) }, data };
}

/** More of them would leave no room in a proof for anything else. */
const MAX_TIMES = 4000;

/** As many for each service as a proof has room for, evenly drawn from all; none where they would be too few to compare with. */
export function boundTimes(all: readonly LoadData[]): readonly LoadData[] {
  const room = Math.floor(MAX_TIMES / all.length);
  return all.map((each) => ({ ...each, times: each.times.length <= room ? each.times : drawEvenly(each.times, room) }));
}

function drawEvenly(times: readonly number[], count: number): readonly number[] {
  if (count < FEWEST) return [];
  return Array.from({ length: count }, (_, index) => times[Math.floor(((index + 0.5) * times.length) / count)]!);
}

/** What is missing could have failed: fewer answers never look better. */
function silent(heard: number, planned: number): Compared {
  return {
    verdict: 'unknown',
    code: 'SLO_INSUFFICIENT_DATA',
    reason: `of ${plural(planned - heard, 'request')} of ${planned} nothing is known`,
  };
}

const WELL: ReadonlySet<Verdict> = new Set<Verdict>(['pass', 'warn']);

type Compared = Said & Pick<Finding, 'observed' | 'expected'>;

interface Baseline {
  readonly times: readonly number[];
  readonly path: string;
}

function compare({ runs, broken }: History, { service, times, planned, p95 }: LoadData, chance: () => number): Compared {
  if (p95 === null) {
    const reason = `only ${plural(times.length, 'answer')} of ${planned} can be used, too few for a 95th percentile`;
    return { verdict: 'unknown', code: 'SLO_INSUFFICIENT_DATA', reason, observed: { answers: times.length } };
  }
  const observed = { p95_ms: p95, answers: times.length };
  // A proof that is gone must not look better than one that is there: without a comparison there is a warning.
  const baseline = findBaseline(runs, service);
  if (baseline === null || broken.length > 0) {
    const why = broken.length > 0 ? 'not all earlier proofs hold' : 'no earlier verified deployment measured it';
    const reason = `p95 ${duration(p95)}; ${why}, so there is nothing to compare it with`;
    return { verdict: 'warn', reason, observed };
  }
  const interval = differenceOfP95(times, baseline.times, chance);
  const before = p95Of(baseline.times);
  const said = `p95 ${duration(p95)}, it was ${duration(before)}; the difference lies between ${signed(interval.lowMs)} and ${signed(interval.highMs)} (95 %)`;
  const expected = { p95_ms: before, answers: baseline.times.length, proof: baseline.path };
  const facts = { observed: { ...observed, difference_ms: [interval.lowMs, interval.highMs] }, expected };
  return interval.lowMs > 0
    ? { verdict: 'warn', code: 'HTTP_SLOW', reason: `slower: ${said}`, ...facts }
    : { verdict: 'pass', reason: said, ...facts };
}

function signed(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${duration(Math.abs(ms))}`;
}

/** Of the last deployment that was verified and measured. */
function findBaseline(runs: readonly PastRun[], service: string): Baseline | null {
  for (const { result, data, path } of runs.toReversed()) {
    if (result !== 'PASSED' && result !== 'WARNED') continue;
    const times = timesIn(data['load'], service);
    if (times.length >= FEWEST) return { times, path };
  }
  return null;
}

/** Whoever may write proofs may have written it: what no run can have measured is no measurement, however much of it there is. */
function timesIn(load: Json | undefined, service: string): readonly number[] {
  if (!Array.isArray(load)) return [];
  const entries = load as readonly Json[];
  const entry = entries.find((each) => isObject(each) && each['service'] === service);
  const times = isObject(entry) ? entry['times'] : undefined;
  if (!Array.isArray(times) || times.length > REQUESTS) return [];
  const known = (times as readonly Json[]).filter((each): each is number => typeof each === 'number' && each >= 0);
  return known.length === times.length ? known.toSorted((a, b) => a - b) : [];
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The percentile bootstrap (Efron 1979): 95 % of what the difference would have been with other draws of the same answers. */
export function differenceOfP95(
  after: readonly number[],
  before: readonly number[],
  chance: () => number,
): { readonly lowMs: number; readonly highMs: number } {
  const differences = Array.from({ length: RESAMPLES }, () => p95Of(resample(after, chance)) - p95Of(resample(before, chance))).sort(
    (a, b) => a - b,
  );
  const round = (value: number): number => Math.round(value * 10) / 10;
  return { lowMs: round(differences[Math.floor(RESAMPLES * 0.025)]!), highMs: round(differences[Math.ceil(RESAMPLES * 0.975) - 1]!) };
}

function resample(values: readonly number[], chance: () => number): readonly number[] {
  return values.map(() => values[Math.floor(chance() * values.length)]!).sort((a, b) => a - b);
}

/** Nearest rank; of values in order. */
function p95Of(sorted: readonly number[]): number {
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
}
