import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogramOf } from '../../src/metrics/histogram.ts';
import { percentilesOf } from '../../src/metrics/percentiles.ts';

test('a percentile is told from as many samples as make it likely that one lies above it', () => {
  const told = (n: number): readonly string[] =>
    Object.entries(percentilesOf(histogramOf(Array.from({ length: n }, (_, at) => at + 1))))
      .filter(([, value]) => value !== null)
      .map(([name]) => name);
  assert.deepEqual(told(0), []);
  assert.deepEqual(told(4), []);
  assert.deepEqual(told(5), ['p50']);
  assert.deepEqual(told(58), ['p50']);
  assert.deepEqual(told(59), ['p50', 'p95']);
  assert.deepEqual(told(298), ['p50', 'p95']);
  assert.deepEqual(told(299), ['p50', 'p95', 'p99']);
});

test('the least numbers are those from which one sample lies above the percentile 19 times of 20', () => {
  for (const [q, n] of [
    [0.5, 5],
    [0.95, 59],
    [0.99, 299],
  ] as const) {
    assert.ok(1 - q ** n >= 0.95);
    assert.ok(1 - q ** (n - 1) < 0.95);
  }
});
