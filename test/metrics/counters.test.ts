import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { increaseOf } from '../../src/metrics/counters.ts';

const MONDAY = '2026-11-23T00:00:00.000Z';
const TUESDAY = '2026-11-24T00:00:00.000Z';

test('a counter that went on is counted from where it was', () => {
  assert.deepEqual(increaseOf({ value: 5, startedAt: MONDAY }, { value: 9, startedAt: MONDAY }), { by: 4, isReset: false });
  assert.deepEqual(increaseOf({ value: 5, startedAt: null }, { value: 5, startedAt: MONDAY }), { by: 0, isReset: false });
  assert.deepEqual(increaseOf({ value: 5, startedAt: MONDAY }, { value: 6, startedAt: '2026-11-23T00:00:00Z' }), { by: 1, isReset: false });
});

test('a counter that fell was reset, and so was one that began at another time', () => {
  assert.deepEqual(increaseOf({ value: 5, startedAt: null }, { value: 3, startedAt: null }), { by: 3, isReset: true });
  assert.deepEqual(increaseOf({ value: 5, startedAt: MONDAY }, { value: 9, startedAt: TUESDAY }), { by: 9, isReset: true });
});

test('no increase is negative', () => {
  const reading = fc.record({ value: fc.nat(), startedAt: fc.constantFrom(null, MONDAY, TUESDAY) });
  fc.assert(fc.property(reading, reading, (before, now) => increaseOf(before, now).by >= 0));
});
