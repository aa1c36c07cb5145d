// What a metric point must consist of, by the type of its family.
import { parseNumber } from '../line-reader.ts';
import { labelOf, type FamilyType } from '../series.ts';
import type { SampleLine } from './sample-line.ts';

export interface PointProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Its samples, of which there is at least one, are each right by themselves. */
export function judgePoint(
  { name, type }: { readonly name: string; readonly type: FamilyType },
  samples: readonly SampleLine[],
): PointProblem | null {
  if (type === 'counter') return find(samples, `${name}_total`) === undefined ? missing(samples, `${name}_total`) : null;
  if (type !== 'histogram' && type !== 'gaugehistogram') return null;
  const prefix = type === 'histogram' ? '_' : '_g';
  return judgeHistogram({ name, prefix }, samples) ?? judgeSign({ name, prefix }, samples);
}

interface Histogram {
  readonly name: string;
  /** Of `_count` and `_sum`; of a gaugehistogram they are `_gcount` and `_gsum`. */
  readonly prefix: '_' | '_g';
}

/** What holds of a histogram in every text format: buckets in order, all that they count in the last, and the same in the count. */
export function judgeHistogram({ name, prefix }: Histogram, samples: readonly SampleLine[]): PointProblem | null {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
  const problem = judgeBuckets(buckets);
  if (problem !== null) return problem;
  const last = buckets.at(-1);
  if (last === undefined || boundOf(last) !== Infinity) return missing(last === undefined ? samples : [last], `${name}_bucket{le="+Inf"}`);
  const [count, sum] = [find(samples, `${name}${prefix}count`), find(samples, `${name}${prefix}sum`)];
  if (sum !== undefined && count === undefined) return missing([sum], `${name}${prefix}count`);
  if (count !== undefined && sum === undefined) return missing([count], `${name}${prefix}sum`);
  if (count === undefined || count.value === last.value) return null;
  return atValue(count, `the count is not that of the bucket +Inf, ${last.value}`);
}

/** In the order of their bounds, and growing. */
function judgeBuckets(buckets: readonly SampleLine[]): PointProblem | null {
  let [bound, count] = [-Infinity, 0];
  for (const [at, bucket] of buckets.entries()) {
    const own = boundOf(bucket);
    if (at > 0 && own <= bound) return atStart(bucket, 'buckets stand in the order of le');
    if (bucket.value < count) return atValue(bucket, 'a bucket counts what the ones before it count, too');
    [bound, count] = [own, bucket.value];
  }
  return null;
}

/** A sum of values below zero would not only grow, as a counter does; a gaugehistogram has no such duty, but a reason. */
function judgeSign({ name, prefix }: Histogram, samples: readonly SampleLine[]): PointProblem | null {
  const sum = find(samples, `${name}${prefix}sum`);
  if (sum === undefined) return null;
  const isNegative = samples.some((sample) => sample.name === `${name}_bucket` && boundOf(sample) < 0);
  if (prefix === '_') return isNegative ? atStart(sum, 'with buckets below zero there is no sum') : null;
  return sum.value < 0 && !isNegative ? atValue(sum, 'without buckets below zero the sum is not negative') : null;
}

function find(samples: readonly SampleLine[], name: string): SampleLine | undefined {
  return samples.find((sample) => sample.name === name);
}

function boundOf({ labels }: SampleLine): number {
  return parseNumber(labelOf(labels, 'le') ?? '') ?? Number.NaN;
}

/** Behind the last of these it was still to come. */
function missing(samples: readonly SampleLine[], what: string): PointProblem {
  return { line: samples.at(-1)?.line ?? 1, column: 1, message: `${what} is missing` };
}

function atStart({ line }: SampleLine, message: string): PointProblem {
  return { line, column: 1, message };
}

function atValue({ line, valueColumn }: SampleLine, message: string): PointProblem {
  return { line, column: valueColumn, message };
}
