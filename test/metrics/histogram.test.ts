import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { createHistogram, downscale, histogramOf, merge, quantile, record, toHistogram } from '../../src/metrics/histogram.ts';
import type { HistogramData } from '../../src/metrics/histogram.ts';
import { extent } from '../extent.ts';

const MAX_ERROR = 0.0109;
const QUANTILES = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999];

const latency = fc.double({ min: 1e-6, max: 1e7, noNaN: true });
const anyValue = fc.oneof(
  latency,
  fc.constant(0),
  latency.map((value) => -value),
  fc.integer({ min: -40, max: 40 }).map((exponent) => 2 ** exponent),
);

suite('histogram', () => {
  test('a quantile is within 1.09 % of the true one after any split and merge', () => {
    fc.assert(
      fc.property(
        fc.array(latency, { minLength: 1, maxLength: 400 }),
        fc.array(fc.nat(9), { minLength: 400, maxLength: 400 }),
        (values, dealt) => {
          const parts = Array.from({ length: 10 }, (_, part) => histogramOf(values.filter((_value, at) => dealt[at] === part)));
          const whole = parts.reduce((left, right) => merge(left, right));
          const sorted = values.toSorted((left, right) => left - right);
          for (const q of QUANTILES) {
            const exact = sorted[Math.max(Math.ceil(q * values.length), 1) - 1]!;
            const told = quantile(whole, q)!;
            assert.ok(Math.abs(told - exact) <= exact * MAX_ERROR, `p${q * 100}: ${told} for ${exact}`);
          }
        },
      ),
      { numRuns: extent(1000, 100) },
    );
  });

  test('merging is addition: in any order and grouping the buckets are the same', () => {
    const values = fc.array(anyValue, { maxLength: 40 });
    fc.assert(
      fc.property(values, values, values, (one, two, three) => {
        const [a, b, c] = [histogramOf(one), histogramOf(two), histogramOf(three)];
        const direct = withoutSum(histogramOf([...one, ...two, ...three]));
        assert.deepEqual(withoutSum(merge(merge(a, b), c)), direct);
        assert.deepEqual(withoutSum(merge(c, merge(b, a))), direct);
        assert.deepEqual(merge(a, createHistogram()), a);
      }),
      { numRuns: extent(500, 60) },
    );
  });

  test('every power of two is the upper end of its bucket, and the next number begins another', () => {
    for (let exponent = -1022; exponent <= 1023; exponent += 1) {
      const power = 2 ** exponent;
      assert.deepEqual(histogramOf([power]).offset, exponent * 32 - 1, `2^${exponent}`);
      assert.deepEqual(histogramOf([power * (1 + Number.EPSILON)]).offset, exponent * 32, `just above 2^${exponent}`);
      assert.deepEqual(histogramOf([power * (1 - Number.EPSILON / 2)]).offset, exponent * 32 - 1, `just below 2^${exponent}`);
    }
  });

  test('the smallest and the largest numbers have their place', () => {
    assert.equal(histogramOf([Number.MIN_VALUE]).offset, -1074 * 32 - 1);
    assert.equal(quantile(histogramOf([Number.MIN_VALUE]), 0.5), Number.MIN_VALUE);
    assert.equal(histogramOf([Number.MAX_VALUE]).offset, 1024 * 32 - 1);
    const largest = quantile(histogramOf([Number.MAX_VALUE]), 1)!;
    assert.ok(Math.abs(largest / Number.MAX_VALUE - 1) <= MAX_ERROR);
    assert.equal(histogramOf([Number.MAX_VALUE, Number.MAX_VALUE]).sum, Number.MAX_VALUE, 'a sum stays a number');
    for (const value of [Number.NaN, Infinity, -Infinity]) assert.throws(() => record(createHistogram(), value), RangeError);
  });

  test('what is zero or negative is counted apart, and comes first', () => {
    const mixed = histogramOf([-100, -1, 0, -0, 3]);
    assert.deepEqual([mixed.n, mixed.zero, mixed.counts, mixed.negative?.counts.length], [5, 2, [1], 214]);
    assert.ok(Math.abs(quantile(mixed, 0.01)! + 100) < 1.1);
    assert.ok(Math.abs(quantile(mixed, 0.4)! + 1) < 0.011);
    assert.equal(quantile(mixed, 0.6), 0);
    assert.ok(Math.abs(quantile(mixed, 1)! - 3) < 0.033);
    assert.equal(quantile(createHistogram(), 0.5), null);
  });

  test('a rank is the nearest one, also where a decimal cannot be kept exactly', () => {
    const hundred = histogramOf(Array.from({ length: 100 }, (_, at) => 2 ** at));
    for (const [q, rank] of [
      [0.07, 7],
      [0.28, 28],
      [0.55, 55],
      [0.551, 56],
      [0, 1],
      [1, 100],
    ] as const) {
      const exact = 2 ** (rank - 1);
      assert.ok(Math.abs(quantile(hundred, q)! - exact) <= exact * MAX_ERROR, `q = ${q}`);
    }
  });

  test('a coarser partner takes the finer one to its scale', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { minLength: 1, maxLength: 60 }), fc.integer({ min: -8, max: 4 }), (values, scale) => {
        const coarse = downscale(histogramOf(values), scale);
        assert.equal(coarse.scale, scale);
        assert.equal(coarse.n, values.length);
        assert.deepEqual(withoutSum(merge(coarse, histogramOf(values))), withoutSum(downscale(histogramOf([...values, ...values]), scale)));
        assert.ok(toHistogram(coarse as never).ok);
      }),
      { numRuns: extent(500, 60) },
    );
    const octaves = downscale(histogramOf([1, 1.5, 2, 3, 4]), 0);
    assert.deepEqual([octaves.offset, octaves.counts], [-1, [1, 2, 2]], 'one bucket for each power of two, upper end included');
    assert.ok(quantile(downscale(histogramOf([1e-300, 5, 1e300]), -10), 0.5)! > 0);
  });

  test('a finer partner comes to our scale, however far apart its values are', () => {
    const fine = (offset: number): HistogramData => ({ scale: 20, zero: 0, offset, counts: [1], n: 1, sum: 1 });
    const merged = merge(fine(-1_100_000_000), fine(1_000_000_000));
    assert.deepEqual([merged.scale, merged.n, merged.counts.length < 70_000], [5, 2, true]);
    assert.equal(toHistogram(fine(-1_100_000_000) as never).ok, true);
  });

  test('data that was written is read back as it was', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 60 }), (values) => {
        const data = histogramOf(values);
        assert.deepEqual(toHistogram(JSON.parse(JSON.stringify(data)) as never), { ok: true, histogram: data });
      }),
      { numRuns: extent(500, 60) },
    );
  });

  const good = { scale: 5, zero: 1, offset: 10, counts: [2, 0, 3], n: 6, sum: 7.5 };
  const BROKEN: readonly (readonly [string, object | number | null])[] = [
    ['no object', 7],
    ['null', null],
    ['a list', []],
    ['counts that are not n', { ...good, n: 7 }],
    ['a count below zero', { ...good, counts: [2, -1, 4] }],
    ['half a value', { ...good, counts: [2.5, 0, 2.5] }],
    ['no counts', { scale: 5, zero: 6, offset: 0, n: 6, sum: 0 }],
    ['a zero that is not whole', { ...good, zero: 1.5, n: 6.5 }],
    ['a scale beyond the model', { ...good, scale: 21 }],
    ['a scale that is text', { ...good, scale: '5' }],
    ['buckets beyond all numbers', { ...good, offset: 40_000 }],
    ['buckets below all numbers', { ...good, offset: -40_000 }],
    ['no sum', { ...good, sum: null }],
    ['a sum below zero of values above it', { ...good, sum: -1 }],
    ['a sum of nothing', { scale: 5, zero: 2, offset: 0, counts: [], n: 2, sum: 1 }],
    ['a field of its own', { ...good, min: 1 }],
    ['negative buckets that are none', { ...good, negative: { offset: 0 } }],
    ['more than can be counted', { ...good, counts: [Number.MAX_SAFE_INTEGER, 3, 1] }],
  ];
  for (const [what, data] of BROKEN) {
    test(`data with ${what} is refused`, () => {
      assert.equal(toHistogram(data as never).ok, false);
    });
  }

  test('data of a stranger that agrees with itself is taken, without its empty ends', () => {
    const read = toHistogram({ ...good, counts: [0, 2, 0, 3, 0] });
    assert.deepEqual(read, { ok: true, histogram: { ...good, offset: 11 } });
  });
});

/** Floating point addition depends on the order; the buckets must not. */
function withoutSum(histogram: HistogramData): Omit<HistogramData, 'sum'> {
  const { sum: _sum, ...rest } = histogram;
  return rest;
}
