// Base-2 exponential histograms, as the data model of OpenTelemetry has them.
import type { Json, JsonObject } from '../outcome.ts';
import { indexOf, isWithinDoubles, middleOf, SCALE, type Buckets } from './buckets/exponential.ts';

/** `counts[i]` is of (b^(offset+i), b^(offset+i+1)], b = 2^(2^−scale). */
export interface HistogramData {
  readonly scale: number;
  /** How many were zero. */
  readonly zero: number;
  readonly offset: number;
  readonly counts: readonly number[];
  readonly n: number;
  readonly sum: number;
  /** Of values below zero, by their magnitude; absent where there were none. */
  readonly negative?: { readonly offset: number; readonly counts: readonly number[] };
}

const EMPTY: HistogramData = { scale: SCALE, zero: 0, offset: 0, counts: [], n: 0, sum: 0 };

export function createHistogram(): HistogramData {
  return EMPTY;
}

/** Throws a RangeError for what is no finite number. Many values at once: `histogramOf`, `Tally`. */
export function record(histogram: HistogramData, value: number): HistogramData {
  return merge(histogram, histogramOf([value]));
}

export function histogramOf(values: Iterable<number>): HistogramData {
  const tally = new Tally();
  for (const value of values) tally.record(value);
  return tally.toData();
}

/** Counts while values come; `toData` is what there is so far. */
export class Tally {
  readonly #positive = new Map<number, number>();
  readonly #negative = new Map<number, number>();
  #zero = 0;
  #n = 0;
  #sum = 0;

  /** Throws a RangeError for what is no finite number: it has no place in any bucket. */
  record(value: number): void {
    if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be counted`);
    if (value === 0) this.#zero += 1;
    else increase(value > 0 ? this.#positive : this.#negative, indexOf(Math.abs(value)), 1);
    this.#n += 1;
    this.#sum = add(this.#sum, value);
  }

  toData(): HistogramData {
    return toData({ scale: SCALE, zero: this.#zero, n: this.#n, sum: this.#sum }, this.#positive, this.#negative);
  }
}

/**
 * Addition: in any order and any grouping the same buckets. The coarser scale of the two, and none finer than ours: between two values
 * of a stranger there could be more buckets than there is memory.
 */
export function merge(left: HistogramData, right: HistogramData): HistogramData {
  const scale = Math.min(left.scale, right.scale, SCALE);
  const [one, other] = [downscale(left, scale), downscale(right, scale)];
  const facts = { scale, zero: one.zero + other.zero, n: one.n + other.n, sum: add(one.sum, other.sum) };
  return toData(facts, addBuckets(one, other), addBuckets(one.negative ?? NO_BUCKETS, other.negative ?? NO_BUCKETS));
}

/** Buckets are halved in number for each step; a finer scale than it has cannot be had. */
export function downscale(histogram: HistogramData, scale: number): HistogramData {
  const steps = histogram.scale - scale;
  if (steps <= 0) return histogram;
  const { zero, n, sum, negative } = histogram;
  return toData({ scale, zero, n, sum }, coarsen(histogram, steps), coarsen(negative ?? NO_BUCKETS, steps));
}

/** Nearest rank: the middle of the bucket in which the ⌈q·n⌉-th smallest value lies. Null of nothing. */
export function quantile(histogram: HistogramData, q: number): number | null {
  const { scale, zero, offset, counts, n, negative } = histogram;
  if (n === 0) return null;
  let left = rankOf(q, n);
  // The largest magnitude is the smallest value.
  for (let at = (negative?.counts.length ?? 0) - 1; negative !== undefined && at >= 0; at -= 1) {
    left -= negative.counts[at] ?? 0;
    if (left <= 0) return -middleOf(negative.offset + at, scale);
  }
  left -= zero;
  if (left <= 0) return 0;
  let at = 0;
  for (; at < counts.length - 1; at += 1) {
    left -= counts[at] ?? 0;
    if (left <= 0) break;
  }
  return middleOf(offset + at, scale);
}

/** How many values are at most 2^powerOfTwo, which must be a bound of its buckets: a multiple of 2^−scale. */
export function cumulativeAt(
  { scale, zero, offset, counts, negative }: HistogramData,
  { powerOfTwo }: { readonly powerOfTwo: number },
): number {
  const end = powerOfTwo * 2 ** scale - offset;
  return (negative === undefined ? 0 : total(negative)) + zero + counts.slice(0, Math.max(end, 0)).reduce((sum, count) => sum + count, 0);
}

export type HistogramRead = { readonly ok: true; readonly histogram: HistogramData } | { readonly ok: false; readonly problem: string };

/** The data of a stranger: nothing missing, nothing more, and in agreement with itself. */
export function toHistogram(json: Json): HistogramRead {
  if (!isObject(json)) return refuse('is not an object');
  const unknown = Object.keys(json).find((key) => !(FIELDS as readonly string[]).includes(key));
  if (unknown !== undefined) return refuse(`has a field "${unknown}" that no histogram has`);
  const { scale, zero, n, sum } = json;
  const positive = toBuckets(json);
  const negative = json['negative'] === undefined ? NO_BUCKETS : toBuckets(json['negative']);
  if (!isInteger(scale) || scale < MIN_SCALE || scale > MAX_SCALE) return refuse(`has no scale from ${MIN_SCALE} to ${MAX_SCALE}`);
  if (positive === null || negative === null) return refuse('has no offset, or counts that are not whole numbers from 0');
  if (!isCount(zero) || !isCount(n)) return refuse('has a zero or an n that is not a whole number from 0');
  if (typeof sum !== 'number' || !Number.isFinite(sum)) return refuse('has no finite sum');
  if (![positive, negative].every((buckets) => isWithinDoubles(buckets, scale))) return refuse('has buckets beyond what a number can be');
  const counted = zero + total(positive) + total(negative);
  if (counted !== n) return refuse(`counts ${counted} values where n is ${n}`);
  const [isAllPositive, isAllNegative] = [total(negative) === 0, total(positive) === 0];
  if ((isAllPositive && sum < 0) || (isAllNegative && sum > 0)) return refuse(`cannot have a sum of ${sum} with such values`);
  return { ok: true, histogram: toData({ scale, zero, n, sum }, indexed(positive), indexed(negative)) };
}

type Facts = Pick<HistogramData, 'scale' | 'zero' | 'n' | 'sum'>;

const NO_BUCKETS: Buckets = { offset: 0, counts: [] };
const FIELDS = ['scale', 'zero', 'offset', 'counts', 'n', 'sum', 'negative'] as const;
/** What OpenTelemetry allows. */
const MIN_SCALE = -10;
const MAX_SCALE = 20;

/** q·n may be a hair above a whole number only because of how 0.07 is kept. */
function rankOf(q: number, n: number): number {
  const exact = q * n;
  const near = Math.round(exact);
  return Math.min(Math.max(Math.abs(exact - near) <= n * 1e-12 ? near : Math.ceil(exact), 1), n);
}

/** What was never seen has no bucket. */
function increase(buckets: Map<number, number>, index: number, by: number): void {
  if (by > 0) buckets.set(index, (buckets.get(index) ?? 0) + by);
}

function indexed({ offset, counts }: Buckets): Map<number, number> {
  const buckets = new Map<number, number>();
  for (let at = 0; at < counts.length; at += 1) increase(buckets, offset + at, counts[at] ?? 0);
  return buckets;
}

function addBuckets(one: Buckets, other: Buckets): Map<number, number> {
  const sum = indexed(one);
  for (const [index, count] of indexed(other)) increase(sum, index, count);
  return sum;
}

function coarsen(buckets: Buckets, steps: number): Map<number, number> {
  const coarse = new Map<number, number>();
  for (const [index, count] of indexed(buckets)) increase(coarse, index >> steps, count);
  return coarse;
}

/** Empty buckets at both ends are left out, so that equal contents are equal data. */
function toData(facts: Facts, positive: ReadonlyMap<number, number>, negative: ReadonlyMap<number, number>): HistogramData {
  const below = pack(negative);
  const data = { scale: facts.scale, zero: facts.zero, ...pack(positive), n: facts.n, sum: facts.sum };
  return below.counts.length === 0 ? data : { ...data, negative: below };
}

function pack(buckets: ReadonlyMap<number, number>): Buckets {
  let [first, last] = [Infinity, -Infinity];
  for (const index of buckets.keys()) {
    first = Math.min(first, index);
    last = Math.max(last, index);
  }
  if (first > last) return NO_BUCKETS;
  const counts = Array.from<number>({ length: last - first + 1 }).fill(0);
  for (const [index, count] of buckets) counts[index - first] = count;
  return { offset: first, counts };
}

/** A sum that left the range of numbers would be no JSON. */
function add(left: number, right: number): number {
  return Math.min(Math.max(left + right, -Number.MAX_VALUE), Number.MAX_VALUE);
}

function total({ counts }: Buckets): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function toBuckets(json: Json | undefined): Buckets | null {
  if (!isObject(json)) return null;
  const { offset, counts } = json;
  if (!isInteger(offset) || !Array.isArray(counts) || !counts.every(isCount)) return null;
  return { offset, counts };
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function isInteger(json: Json | undefined): json is number {
  return typeof json === 'number' && Number.isSafeInteger(json);
}

function isCount(json: Json | undefined): json is number {
  return isInteger(json) && json >= 0;
}

function refuse(problem: string): HistogramRead {
  return { ok: false, problem };
}
