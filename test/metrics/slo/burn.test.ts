import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { burnRates, factorOf, TIME_RULES, type Burn } from '../../../src/metrics/slo/burn.ts';
import { toText } from '../../../src/metrics/slo/decimal.ts';
import type { Period } from '../../../src/metrics/slo/window.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

suite('burn rates', () => {
  test('have the factors of the workbook for 30 days, and theirs for 28', () => {
    const factors = (days: number): readonly string[] => TIME_RULES.map((rule) => toText(factorOf(rule, days * DAY_MS, 3)));
    assert.deepEqual(factors(30), ['14.4', '6', '3', '1']);
    assert.deepEqual(factors(28), ['13.44', '5.6', '2.8', '0.933']);
  });

  test('are by runs where runs are nightly, and named so', () => {
    const burn = nightly(Array.from({ length: 30 }, () => 0));
    assert.deepEqual(
      burn.map(({ basis, severity, factor, windows, fires }) => [basis, severity, factor, windows[0]?.name, fires]),
      [
        ['runs', 'ticket', 3, 'last run', false],
        ['runs', 'ticket', 1, 'last 3 runs', false],
        ['runs', 'ticket', 0.857, 'last 7 runs', false],
      ],
    );
  });

  test('by runs fire above their factor, and not at it', () => {
    const firing = (bad: number): boolean | null | undefined => nightly([...Array.from({ length: 29 }, () => 0), bad])[0]?.fires;
    assert.equal(firing(9), false, '9 of 60 is 3 times 5 %');
    assert.equal(firing(10), true);
  });

  test('by runs wait for as many runs as they are about', () => {
    assert.deepEqual(
      nightly([0, 0, 0]).map(({ windows }) => windows[0]?.name),
      ['last run', 'last 3 runs'],
    );
    assert.deepEqual(nightly([]), []);
  });

  test('cannot be told where a missing night decides', () => {
    assert.deepEqual(
      nightly([0, 0, 0, null]).map(({ fires }) => fires),
      [null, null],
    );
    assert.deepEqual(
      nightly([0, 0, null, 0]).map(({ fires }) => fires),
      [false, null],
    );
    assert.deepEqual(
      nightly([0, 30, null, 0]).map(({ fires }) => fires),
      [false, true],
      'what was seen is enough',
    );
  });

  test('are by time where the short window plans ten samples, each rule by itself', () => {
    const names = (everyMs: number): readonly string[] =>
      byMinutes(everyMs, []).map(({ windows }) => windows.map(({ name }) => name).join(' and '));
    assert.deepEqual(names(MINUTE_MS), [
      'last 1 h and last 5 min',
      'last 6 h and last 30 min',
      'last 1 d and last 2 h',
      'last 3 d and last 6 h',
    ]);
    assert.deepEqual(names(30 * MINUTE_MS), ['last 6 h and last 30 min', 'last 1 d and last 2 h', 'last 3 d and last 6 h']);
  });

  test('by time fire only while both windows are above', () => {
    const everyMs = 5 * MINUTE_MS;
    const firing = (bad: (index: number) => number): readonly (boolean | null)[] =>
      byMinutes(
        everyMs,
        Array.from({ length: 864 }, (_, index) => bad(863 - index)),
      ).map(({ fires }) => fires);
    assert.deepEqual(
      firing(() => 60),
      [true, true, true, true],
    );
    assert.deepEqual(
      firing(() => 0),
      [false, false, false, false],
    );
    assert.deepEqual(
      firing((ago) => (ago < 12 ? 60 : 0)),
      [true, false, false, false],
      'an hour',
    );
    assert.deepEqual(
      firing((ago) => (ago >= 1 && ago < 12 ? 60 : 0)),
      [false, false, false, false],
      'it is over',
    );
  });
});

/** Bad ones of sixty samples a night, oldest first; null where nothing ran. */
function nightly(bad: readonly (number | null)[]): readonly Burn[] {
  return rates(DAY_MS, bad);
}

function byMinutes(everyMs: number, bad: readonly number[]): readonly Burn[] {
  return rates(everyMs, bad);
}

function rates(everyMs: number, bad: readonly (number | null)[]): readonly Burn[] {
  const periods = bad.map((count, index): Period => ({
    startMs: index * everyMs,
    runs: count === null ? [] : [{ atMs: index * everyMs, tally: { good: 60 - count, bad: count } }],
  }));
  return burnRates({
    allowedShare: { units: 5n, scale: 2 },
    windowMs: 30 * DAY_MS,
    everyMs,
    nowMs: bad.length * everyMs,
    periods,
    rule: { perRun: 60, excludesMissingRuns: false },
  });
}
