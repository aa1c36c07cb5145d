// What a service of ours counts of itself, to serve at /metrics.
import { Tally, type HistogramData } from './histogram.ts';
import { percentilesOf, type Percentiles } from './percentiles.ts';

export interface Metrics {
  /** One request that was answered. Throws a RangeError for a duration that is no number from 0: it would be no duration. */
  count(request: { readonly durationMs: number; readonly isError: boolean }): void;
  snapshot(): MetricsSnapshot;
}

/** The JSON that is served: keys as there. */
export interface MetricsSnapshot {
  readonly counters: { readonly requests_total: number; readonly errors_total: number };
  readonly latencies: Percentiles;
  /** Of no requests there is no error rate. */
  readonly slo: { readonly error_rate: number | null; readonly target: number };
  readonly unit: 'ms';
  readonly started_at: string;
  readonly histogram: HistogramData;
}

/** `target` is the share of errors that is allowed; `startedAtMs` since 1970. */
export function createMetrics({ target, startedAtMs }: { readonly target: number; readonly startedAtMs: number }): Metrics {
  const durations = new Tally();
  const startedAt = new Date(startedAtMs).toISOString();
  let [requests, errors] = [0, 0];
  return {
    count: ({ durationMs, isError }) => {
      if (!(durationMs >= 0)) throw new RangeError(`a duration of ${durationMs} ms`);
      durations.record(durationMs);
      requests += 1;
      errors += isError ? 1 : 0;
    },
    snapshot: () => {
      const histogram = durations.toData();
      return {
        counters: { requests_total: requests, errors_total: errors },
        latencies: percentilesOf(histogram),
        slo: { error_rate: requests === 0 ? null : errors / requests, target },
        unit: 'ms',
        started_at: startedAt,
        histogram,
      };
    },
  };
}
