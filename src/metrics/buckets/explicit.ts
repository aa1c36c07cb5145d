// Percentiles out of the buckets of text: all that is known of a value is between which bounds it lies.
import { choosePercentiles, NO_PERCENTILES, type Percentiles } from '../percentiles.ts';

/** Bounds ascending, +Inf last; `count` is of all up to the bound. */
export interface Bucket {
  readonly bound: number;
  readonly count: number;
}

/**
 * Several series are added where they share a bound: what lies between two bounds of one of them nobody knows.
 * Within a bucket values are taken to be evenly spread. One in the last bucket, which has no end, is not known.
 */
export function bucketPercentiles(series: readonly (readonly Bucket[])[]): Percentiles {
  const buckets = addSeries(series);
  const n = buckets.at(-1)?.count ?? 0;
  return n === 0 ? NO_PERCENTILES : choosePercentiles(n, (q) => quantileOf(buckets, q * n));
}

function addSeries(series: readonly (readonly Bucket[])[]): readonly Bucket[] {
  const sums = new Map<number, { series: number; count: number }>();
  for (const { bound, count } of series.flat()) {
    const sum = sums.get(bound) ?? { series: 0, count: 0 };
    sums.set(bound, { series: sum.series + 1, count: sum.count + count });
  }
  const inAll = [...sums].filter(([, sum]) => sum.series === series.length);
  return inAll.map(([bound, { count }]) => ({ bound, count })).toSorted((left, right) => left.bound - right.bound);
}

function quantileOf(buckets: readonly Bucket[], rank: number): number | null {
  const at = buckets.findIndex(({ count }) => count >= rank);
  const [bucket, before] = [buckets[at], buckets[at - 1]];
  if (bucket === undefined || bucket.bound === Infinity) return null;
  const [lower, below] = before === undefined ? [Math.min(0, bucket.bound), 0] : [before.bound, before.count];
  return lower + ((bucket.bound - lower) * (rank - below)) / (bucket.count - below);
}
