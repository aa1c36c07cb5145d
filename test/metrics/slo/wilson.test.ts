import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { wilson } from '../../../src/metrics/slo/wilson.ts';

suite('the Wilson interval at 95 %', () => {
  const known: readonly (readonly [hits: number, n: number, low: string, high: string])[] = [
    [0, 30, '0.0', '11.4'],
    [0, 60, '0.0', '6.0'],
    [90, 1800, '4.1', '6.1'],
    [5, 10, '23.7', '76.3'],
    [60, 60, '94.0', '100.0'],
    [1, 1, '20.7', '100.0'],
  ];

  for (const [hits, n, low, high] of known)
    test(`of ${hits} in ${n} is ${low} to ${high} %`, () => {
      const interval = wilson(hits, n);
      assert.equal(((interval?.low ?? Number.NaN) * 100).toFixed(1), low);
      assert.equal(((interval?.high ?? Number.NaN) * 100).toFixed(1), high);
    });

  test('of nothing is not known', () => assert.equal(wilson(0, 0), null));

  test('has the observed share inside, and both ends between 0 and 1', () => {
    for (let n = 1; n <= 60; n += 1)
      for (let hits = 0; hits <= n; hits += 1) {
        const { low, high } = wilson(hits, n)!;
        assert(low >= 0 && low <= hits / n && hits / n <= high && high <= 1, `${hits} in ${n}`);
      }
  });
});
