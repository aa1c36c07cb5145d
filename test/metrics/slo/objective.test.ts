import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { judgeObjective, type Budget } from '../../../src/metrics/slo/objective.ts';
import type { Period, Tally } from '../../../src/metrics/slo/window.ts';

const DAY_MS = 86_400_000;
const PER_RUN = 60;

suite('an objective of 0.95 over thirty nights of sixty samples', () => {
  test('is met where every sample was good', () => {
    const { state, verdict, planned, allowed, remaining, arithmetic, interval } = judge(nights(30));
    assert.deepEqual(
      { state, verdict, planned, allowed, remaining },
      { state: 'met', verdict: 'pass', planned: 1800, allowed: 90, remaining: 90 },
    );
    assert.equal(arithmetic, '(1 − 0.95) × 1800 = 90 allowed; 0 bad + 0 missing; 90 left (100 %)');
    assert.equal(interval?.low, 0);
  });

  test('prints the sum as in the design', () => {
    const { state, verdict, arithmetic, because } = judge([night(12), null, ...nights(28)]);
    assert.equal(arithmetic, '(1 − 0.95) × 1800 = 90 allowed; 12 bad + 60 missing; 18 left even if all missing were bad (20 %)');
    assert.deepEqual([state, verdict], ['at-risk', 'warn']);
    assert.match(because, /less than 25 % of the budget is left/);
  });

  test('is met although a night is missing, if it would be met were all of it bad', () => {
    const { state, verdict, bad, missing } = judge([null, ...nights(29)]);
    assert.deepEqual({ state, verdict, bad, missing }, { state: 'met', verdict: 'pass', bad: 0, missing: 60 });
  });

  test('is breached by the first bad sample too many, and not by the last allowed one', () => {
    const last = judge([night(60), night(30), ...nights(28)]);
    assert.deepEqual([last.state, last.bad, last.remaining], ['at-risk', 90, 0]);
    const first = judge([night(60), night(31), ...nights(28)]);
    assert.deepEqual([first.state, first.verdict, first.remaining], ['breached', 'fail', -1]);
    assert.equal(first.arithmetic, '(1 − 0.95) × 1800 = 90 allowed; 91 bad + 0 missing; 1 too many');
  });

  test('is insufficient data where the missing samples decide', () => {
    const { state, verdict, arithmetic } = judge([null, null, ...nights(28)]);
    assert.deepEqual([state, verdict], ['insufficient-data', 'unknown']);
    assert.equal(arithmetic, '(1 − 0.95) × 1800 = 90 allowed; 0 bad + 120 missing; 30 too many if all missing were bad');
  });

  test('is breached whatever is missing, once what was seen is enough', () => {
    const { state, arithmetic } = judge([night(60), night(31), null, null, ...nights(26)]);
    assert.equal(state, 'breached');
    assert.equal(arithmetic, '(1 − 0.95) × 1800 = 90 allowed; 91 bad + 120 missing; 1 too many');
  });

  test('is insufficient data where nothing was planned', () => {
    const { state, verdict, interval, arithmetic } = judge([]);
    assert.deepEqual([state, verdict, interval], ['insufficient-data', 'unknown', null]);
    assert.equal(arithmetic, '(1 − 0.95) × 0 = 0 allowed; nothing was planned');
  });

  test('is at risk with one night, which says too little of the true share', () => {
    const { state, because } = judge(nights(1));
    assert.equal(state, 'at-risk');
    assert.equal(because, '60 samples do not rule out that more than 5 % are bad');
  });

  test('says how fast the budget burns, and where that cannot be told', () => {
    assert.equal(
      judge([...nights(29), night(10)]).because,
      'burn rate 3.333 in the last run, above 3; burn rate 1.111 in the last 3 runs, above 1',
    );
    assert.match(judge([...nights(29), null]).because, /burn rate 0 in the last run, and with what is missing it may be above 3/);
  });

  test('counts every sample of a night with several runs, and plans as many', () => {
    const twice: Period = { startMs: 0, runs: [run({ good: 60, bad: 0 }), run({ good: 50, bad: 3 })] };
    const { planned, good, bad, missing } = judge([twice, ...nights(29)]);
    assert.deepEqual({ planned, good, bad, missing }, { planned: 1860, good: 1850, bad: 3, missing: 7 });
  });

  test('lets no run stand in for another with more samples than are planned', () => {
    const { planned, good, bad, missing } = judge([tallied({ good: 115, bad: 5 }), null, ...nights(28)]);
    assert.deepEqual({ planned, good, bad, missing }, { planned: 1800, good: 1735, bad: 5, missing: 60 });
  });

  test('counts a run that says nothing as missing', () => {
    const { planned, missing } = judge([{ startMs: 0, runs: [run(null), run({ good: 60, bad: 0 })] }]);
    assert.deepEqual({ planned, missing }, { planned: 120, missing: 60 });
  });
});

suite('an objective that leaves missing runs out', () => {
  test('does not plan them, and is met at best with a warning', () => {
    const { state, verdict, planned, missing } = judge([null, null, ...nights(28)], { excludesMissingRuns: true });
    assert.deepEqual({ state, verdict, planned, missing }, { state: 'met', verdict: 'warn', planned: 1680, missing: 0 });
  });

  test('still misses the samples of a run that does not hold', () => {
    const { planned, missing } = judge([{ startMs: 0, runs: [run(null)] }, ...nights(28)], { excludesMissingRuns: true });
    assert.deepEqual({ planned, missing }, { planned: 1740, missing: 60 });
  });
});

suite('budgets that a pocket calculator confirms', () => {
  const known: readonly (readonly [target: string, nights: number, bad: number, allowed: number, remaining: number])[] = [
    ['0.9', 7, 10, 42, 32],
    ['0.95', 7, 0, 21, 21],
    ['0.99', 30, 5, 18, 13],
    ['0.995', 28, 8, 8.4, 0.4],
    ['0.999', 30, 1, 1.8, 0.8],
    ['0.9999', 30, 0, 0.18, 0.18],
    ['0.5', 1, 30, 30, 0],
    ['0.333', 3, 100, 120.06, 20.06],
  ];
  for (const [target, count, bad, allowed, remaining] of known)
    test(`${target} of ${count * PER_RUN} samples allows ${allowed}, and ${bad} bad leave ${remaining}`, () => {
      const spread = Array.from({ length: count }, (_, index) => night(Math.max(0, Math.min(PER_RUN, bad - index * PER_RUN))));
      const budget = judge(spread, { target });
      assert.deepEqual([budget.allowed, budget.remaining, budget.bad], [allowed, remaining, bad]);
    });

  test('a target is between 0 and 1', () => {
    for (const target of ['0', '1', '1.0', '2', '-0.5', 'x', '1e-3']) assert.throws(() => judge(nights(1), { target }), RangeError, target);
  });
});

/** Null is a night in which nothing ran. */
function judge(
  nightsOrPeriods: readonly (Period | null)[],
  request: { readonly target?: string; readonly excludesMissingRuns?: boolean } = {},
): Budget {
  const periods = nightsOrPeriods.map((each, index): Period => ({ startMs: index * DAY_MS, runs: each?.runs ?? [] }));
  return judgeObjective({
    target: '0.95',
    excludesMissingRuns: false,
    ...request,
    windowMs: 30 * DAY_MS,
    everyMs: DAY_MS,
    nowMs: periods.length * DAY_MS,
    perRun: PER_RUN,
    periods,
  });
}

function nights(count: number): readonly Period[] {
  return Array.from({ length: count }, () => night(0));
}

function night(bad: number): Period {
  return tallied({ good: PER_RUN - bad, bad });
}

function tallied(tally: Tally): Period {
  return { startMs: 0, runs: [run(tally)] };
}

function run(tally: Tally | null): Period['runs'][number] {
  return { atMs: 0, tally };
}
