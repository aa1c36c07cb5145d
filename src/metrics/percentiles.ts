// Percentiles that may be printed: with too few samples one is not known, however it is computed.
import { quantile, type HistogramData } from './histogram.ts';

export interface Percentiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

export const NO_PERCENTILES: Percentiles = { p50: null, p95: null, p99: null };

/** From so many the chance is at least 95 % that one sample lies above the percentile: 1 − q^n ≥ 0.95. */
const ENOUGH = { p50: 5, p95: 59, p99: 299 } as const;

export function percentilesOf(histogram: HistogramData): Percentiles {
  return choosePercentiles(histogram.n, (q) => quantile(histogram, q));
}

/** Of `n` samples whose quantiles someone else knows. */
export function choosePercentiles(n: number, quantileOf: (q: number) => number | null): Percentiles {
  return {
    p50: n < ENOUGH.p50 ? null : quantileOf(0.5),
    p95: n < ENOUGH.p95 ? null : quantileOf(0.95),
    p99: n < ENOUGH.p99 ? null : quantileOf(0.99),
  };
}
