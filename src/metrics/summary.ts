// What text says of requests, errors and time, under whatever names. What it does not say is null.
import { bucketPercentiles, type Bucket } from './buckets/explicit.ts';
import { parseNumber } from './line-reader.ts';
import { NO_PERCENTILES, type Percentiles } from './percentiles.ts';
import type { MetricsRequest, MetricsSummary } from './reading.ts';
import { keyOf, labelOf, type Exposition, type Family, type Sample } from './series.ts';

/** The gauge in which our own services say which share of errors they allow. */
export const TARGET_NAME = 'error_rate_target_ratio';

export function summarize(exposition: Exposition, names: MetricsRequest['names']): MetricsSummary {
  const requests = sumOf(exposition, names.requests);
  const errors = sumOf(exposition, names.errors);
  return {
    counters: { requests_total: requests, errors_total: errors },
    latencies: latenciesOf(exposition.families.find(({ name }) => name === names.latency)),
    slo: { error_rate: rateOf(requests, errors), target: sumOf(exposition, TARGET_NAME) },
    started_at: startOf(exposition, names.requests),
    histogram: null,
  };
}

/** Over its labels, each series as it is in its last point. Null where there is none, or a sum that is no number. */
function sumOf({ families }: Exposition, name: string): number | null {
  const series = new Map<string, number>();
  for (const family of families) {
    const full = nameOfTotal(family, name);
    for (const sample of family.samples) if (sample.name === full) series.set(keyOf(sample.labels), sample.value);
  }
  const sum = [...series.values()].reduce((total, value) => total + value, 0);
  return series.size > 0 && Number.isFinite(sum) ? sum : null;
}

/** A counter may be named as its family is, without the suffix of its samples. */
function nameOfTotal({ name, type, samples }: Family, wanted: string): string {
  const total = `${wanted}_total`;
  return type === 'counter' && name === wanted && samples.some((sample) => sample.name === total) ? total : wanted;
}

/** More errors than requests are errors of something else. */
function rateOf(requests: number | null, errors: number | null): number | null {
  return requests === null || errors === null || requests === 0 || errors > requests || errors < 0 ? null : errors / requests;
}

/** The last of its series to begin: from then on all of them count. */
function startOf({ families }: Exposition, requests: string): string | null {
  const created = `${requests.replace(/_total$/, '')}_created`;
  let startMs = -Infinity;
  for (const sample of families.flatMap(({ samples }) => samples))
    if (sample.name === created) startMs = Math.max(startMs, sample.value * 1000);
  return Math.abs(startMs) <= MAX_TIME_MS ? new Date(startMs).toISOString() : null;
}

/** What a date can be. */
const MAX_TIME_MS = 8.64e15;

const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ['seconds', 1000],
  ['milliseconds', 1],
  ['ms', 1],
  ['microseconds', 1e-3],
  ['nanoseconds', 1e-6],
  ['minutes', 60_000],
]);

function latenciesOf(family: Family | undefined): Percentiles {
  if (family === undefined) return NO_PERCENTILES;
  const factor = MILLISECONDS.get(family.unit === '' ? family.name.slice(family.name.lastIndexOf('_') + 1) : family.unit);
  if (factor === undefined) return NO_PERCENTILES;
  const { p50, p95, p99 } = family.type === 'histogram' ? bucketPercentiles(bucketsOf(family)) : quantilesOf(family);
  const toMs = (value: number | null): number | null => (value === null ? null : value * factor);
  return { p50: toMs(p50), p95: toMs(p95), p99: toMs(p99) };
}

function bucketsOf({ name, samples }: Family): readonly (readonly Bucket[])[] {
  const series = new Map<string, Map<number, number>>();
  for (const sample of samples.filter((each) => each.name === `${name}_bucket`)) {
    const key = keyOf(sample.labels.filter((label) => label.name !== 'le'));
    const buckets = series.get(key) ?? new Map<number, number>();
    buckets.set(parseNumber(labelOf(sample.labels, 'le') ?? '') ?? Number.NaN, sample.value);
    series.set(key, buckets);
  }
  return [...series.values()].map((buckets) => [...buckets].map(([bound, count]) => ({ bound, count })));
}

/** As they are told, of one series only: percentiles of several cannot be made into one. */
function quantilesOf({ name, type, samples }: Family): Percentiles {
  const told = samples.filter((sample) => sample.name === name);
  const series = new Set(told.map(({ labels }) => keyOf(labels.filter((label) => label.name !== 'quantile'))));
  if (type !== 'summary' || series.size !== 1) return NO_PERCENTILES;
  return { p50: quantileIn(told, 0.5), p95: quantileIn(told, 0.95), p99: quantileIn(told, 0.99) };
}

function quantileIn(samples: readonly Sample[], q: number): number | null {
  const value = samples.findLast(({ labels }) => Number(labelOf(labels, 'quantile')) === q)?.value;
  return value !== undefined && Number.isFinite(value) ? value : null;
}
