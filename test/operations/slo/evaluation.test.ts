import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Objective } from '../../../src/checks/service.ts';
import { histogramOf } from '../../../src/metrics/histogram.ts';
import type { History, PastRun } from '../../../src/operations/history.ts';
import { evaluateObjectives, startOfHistory, type Evaluation } from '../../../src/operations/slo/evaluation.ts';
import { tellBroken, tellObjectives } from '../../../src/operations/slo/findings.ts';
import { toSloData } from '../../../src/operations/slo/slo-data.ts';
import { warnOfObjectives } from '../../../src/operations/slo/warnings.ts';
import { DAY_MS, NIGHTLY, objective, operationsOf, pastRun, sample } from './made-runs.ts';

const NOW = '2026-11-30T18:00:00Z';

suite('an objective against its runs', () => {
  test('is counted from the first run of its service on', () => {
    const runs = [run('2026-11-20', [], ['other']), run('2026-11-28', [sample(60, 0)]), run('2026-11-30', [sample(59, 1)])];
    const { budget, coverage, window } = evaluate({ runs });
    assert.deepEqual([budget.planned, budget.good, budget.bad, budget.missing], [180, 119, 1, 60]);
    assert.deepEqual(coverage, { planned_runs: 3, present_runs: 2, missing: ['2026-11-29'] });
    assert.deepEqual(window, { from: '2026-11-28T00:00:00.000Z', to: '2026-11-30T18:00:00.000Z', days: 30 });
  });

  test('is counted from since on, whether anything ran or not', () => {
    const { budget, coverage } = evaluate({ runs: [run('2026-11-30', [sample(60, 0)])], asked: { since: '2026-11-28' } });
    assert.deepEqual([budget.planned, budget.missing], [180, 120]);
    assert.deepEqual(coverage.missing, ['2026-11-28', '2026-11-29']);
  });

  test('without any run has nothing planned', () => {
    assert.equal(evaluate({ runs: [] }).budget.state, 'insufficient-data');
    assert.equal(evaluate({ runs: [] }).budget.planned, 0);
  });

  test('misses the samples of a run that does not hold, on its day', () => {
    const [good, gone] = [run('2026-11-29', [sample(60, 0)]), run('2026-11-30', [])];
    const { budget, coverage } = evaluate({ runs: [good], broken: [{ path: gone.path, reason: 'x' }] });
    assert.deepEqual([budget.planned, budget.missing], [120, 60]);
    assert.deepEqual(coverage.missing, ['2026-11-30']);
  });

  test('misses the samples of a run that contradicts itself, and the run is named', () => {
    const odd = run('2026-11-30', [{ ...sample(60, 0), good: 61 }]);
    const evaluated = evaluateAll({ runs: [odd] });
    assert.deepEqual(evaluated.broken, [{ path: odd.path, reason: '/samples/0 counts 61 good and 0 bad, and 60 in all' }]);
    assert.equal(evaluated.evaluations[0]?.budget.missing, 60);
  });

  test('is not counted by samples of another check of the same name', () => {
    const { budget } = evaluate({ runs: [run('2026-11-30', [sample(60, 0, 60, { check: 'other' })])] });
    assert.deepEqual([budget.planned, budget.good, budget.missing], [60, 0, 60]);
  });

  test('does not count a run about another service alone', () => {
    const runs = [run('2026-11-29', [sample(60, 0)]), run('2026-11-30', [sample(60, 0)]), run('2026-11-30T05:00', [], ['other'])];
    assert.equal(evaluate({ runs }).budget.planned, 120);
  });

  test('plans as many samples as the largest objective of the same check', () => {
    const other = objective({ id: 'repo-p95', indicator: 'latency', underMs: 800, samples: { perRun: 100, rate: 10 } });
    const operations = operationsOf([objective(), other]);
    const history = { runs: [run('2026-11-30', [sample(100, 0, 100)])], broken: [] };
    const { evaluations } = evaluateObjectives({ operations, objectives: [operations.objectives[0]!], history, nowMs: Date.parse(NOW) });
    assert.equal(evaluations[0]?.budget.planned, 100);
  });

  test('does not look into the future', () => {
    const runs = [run('2026-11-30', [sample(60, 0)]), run('2026-12-01', [sample(0, 60)])];
    assert.equal(evaluate({ runs }).budget.bad, 0);
  });

  test('has percentiles of all its samples together, as soon as there are enough of them', () => {
    const times = (from: number, length: number): PastRun['data'] => ({
      services: [{ id: 'mcp-repo' }],
      samples: [{ ...sample(60, 0), histogram: { ...histogramOf(Array.from({ length }, (_, index) => from + index)) } }],
    });
    const [first, second] = [run('2026-11-29', []), run('2026-11-30', [])];
    const { percentiles } = evaluate({
      runs: [
        { ...first, data: times(100, 30) },
        { ...second, data: times(130, 30) },
      ],
    });
    assert(Math.abs((percentiles.p50 ?? 0) - 129) / 129 < 0.011);
    assert(Math.abs((percentiles.p95 ?? 0) - 156) / 156 < 0.011);
    assert.equal(percentiles.p99, null);
    assert.deepEqual(evaluate({ runs: [{ ...first, data: times(100, 4) }] }).percentiles, { p50: null, p95: null, p99: null });
  });

  test('without a schedule plans a run a night', () => {
    const operations = operationsOf([objective()], null);
    const history = { runs: [run('2026-11-28', [sample(60, 0)])], broken: [] };
    const { evaluations } = evaluateObjectives({ operations, objectives: operations.objectives, history, nowMs: Date.parse(NOW) });
    assert.equal(evaluations[0]?.budget.planned, 180);
  });

  test('has a run that came late on the day for which it was planned, if its grace was not over', () => {
    const late = (startedAt: string, plannedAt: string): PastRun => {
      const made = run(startedAt, [sample(60, 0)]);
      return { ...made, data: { ...made.data, schedule: { cron: '50 23 * * *', planned_at: plannedAt, late_ms: 1 } } };
    };
    const nightly = run('2026-11-30T02:00', [sample(60, 0)]);
    const missingOf = (first: PastRun): readonly string[] =>
      evaluate({ runs: [first, nightly], asked: { since: '2026-11-29' } }).coverage.missing;
    assert.deepEqual(missingOf(late('2026-11-30T00:08', '2026-11-29T23:50:00.000Z')), []);
    assert.deepEqual(missingOf(late('2026-11-30T13:00', '2026-11-29T23:50:00.000Z')), ['2026-11-29']);
    assert.deepEqual(missingOf(late('2026-11-30T00:08', '2026-11-30T23:50:00.000Z')), ['2026-11-29'], 'before it was planned');
    assert.deepEqual(missingOf(late('2026-11-30T00:08', 'soon')), ['2026-11-29']);
  });

  test('reads proofs as far back as it has to', () => {
    const nowMs = Date.parse(NOW);
    assert.equal(startOfHistory([objective({ since: '2026-11-10' })], nowMs), Date.parse('2026-11-10'));
    assert.equal(startOfHistory([objective({ since: '2020-01-01' })], nowMs), nowMs - 30 * DAY_MS);
    assert.equal(startOfHistory([objective({ since: '2026-11-10' }), objective()], nowMs), 0);
    assert.equal(startOfHistory([], nowMs), nowMs);
  });
});

suite('what is said of an objective', () => {
  test('is one finding, with its sum, what is missing, and its line in the configuration', () => {
    const runs = [run('2026-11-01', [sample(60, 0)]), ...month().slice(2)];
    assert.deepEqual(tell({ runs }), [
      {
        check: 'repo-avail',
        target: 'mcp-repo',
        verdict: 'pass',
        reason:
          'met: (1 − 0.95) × 1800 = 90 allowed; 0 bad + 60 missing; 30 left even if all missing were bad (33.3 %); no run, or none that holds: 2026-11-02',
        observed: { planned: 1800, good: 1740, bad: 0, missing: 60 },
        expected: { indicator: 'availability', target: '0.95', allowed: 90 },
        location: { file: 'sophia.yaml', line: 7, column: 5 },
      },
    ]);
  });

  test('names the burn where that is the news, and the breach where it is older', () => {
    assert.deepEqual(codes({ runs: month([[30, 10]]) }), ['SLO_BURN']);
    assert.deepEqual(
      codes({
        runs: month([
          [10, 60],
          [11, 60],
        ]),
      }),
      ['SLO_BREACHED'],
    );
    assert.deepEqual(
      codes({
        runs: month([
          [10, 60],
          [11, 20],
        ]),
      }),
      ['SLO_AT_RISK'],
    );
  });

  test('names too little data', () => {
    assert.deepEqual(codes({ runs: month().slice(3), asked: { since: '2026-11-01' } }), ['SLO_INSUFFICIENT_DATA']);
  });

  test('says why missing runs are left out', () => {
    const [finding] = tell({ runs: month().slice(3), asked: { since: '2026-11-01', missing: { exclude: 'moved house' } } });
    assert.deepEqual([finding?.verdict, finding?.code], ['warn', 'RUN_MISSING']);
    assert.match(finding?.reason ?? '', /missing runs are left out: moved house$/);
  });

  test('is unknown without objectives, and without proofs', () => {
    const operations = operationsOf([]);
    const none = { evaluations: [], broken: [] };
    const telling = { operations, config: { locate: () => null } };
    assert.deepEqual(
      tellObjectives({ ...telling, evaluated: none, isEmpty: true }).map(({ verdict, code }) => [verdict, code]),
      [['unknown', 'NOTHING_TO_CHECK']],
    );
    assert.deepEqual(codes({ runs: [] }), ['SLO_INSUFFICIENT_DATA', 'NOTHING_TO_CHECK']);
  });

  test('is unknown where the ledger cannot be read whole', () => {
    const broken = [{ path: 'ledger/checkpoint', reason: 'a run saw 2 entries, and there are 0' }];
    const findings = tell({ runs: month(), broken });
    assert.deepEqual(
      findings.map(({ check, verdict }) => [check, verdict]),
      [
        ['repo-avail', 'pass'],
        ['history', 'unknown'],
      ],
    );
  });

  test('names at most a few broken proofs, and how many more there are', () => {
    const broken = Array.from({ length: 7 }, (_, index) => ({ path: `smoke/${index}`, reason: 'x' }));
    assert.equal(tellBroken(broken).length, 6);
    assert.equal(tellBroken(broken).at(-1), '2 more proofs do not hold');
    assert.deepEqual(tellBroken([]), []);
  });

  test('is kept with numbers that are numbers', () => {
    const data = toSloData(
      evaluate({
        runs: month([
          [10, 60],
          [11, 30],
        ]),
      }),
    );
    assert.deepEqual(
      { ...data, burn: data.burn.length },
      {
        id: 'repo-avail',
        service: 'mcp-repo',
        indicator: 'availability',
        target: 0.95,
        window: { from: '2026-11-01T00:00:00.000Z', to: '2026-11-30T18:00:00.000Z', days: 30 },
        planned: 1800,
        n: 1800,
        good: 1710,
        bad: 90,
        missing: 0,
        allowed: 90,
        remaining: 0,
        interval: { method: 'wilson', level: 0.95, low: 0.040855, high: 0.061062 },
        coverage: { planned_runs: 30, present_runs: 30, missing: [] },
        percentiles: { p50: null, p95: null, p99: null },
        burn: 3,
        state: 'at-risk',
        arithmetic: '(1 − 0.95) × 1800 = 90 allowed; 90 bad + 0 missing; 0 left (0 %)',
      },
    );
  });
});

suite('a warning is due', () => {
  const warn = (asked: Partial<Objective>): readonly string[] => warnOfObjectives(operationsOf([objective(asked)], NIGHTLY));

  test('of latency with too few samples', () => {
    const few = { indicator: 'latency', underMs: 800, samples: { perRun: 58, rate: 10 }, windowMs: DAY_MS } as const;
    assert.match(warn(few)[0] ?? '', /58 planned samples are too few/);
    assert.deepEqual(warn({ ...few, samples: { perRun: 59, rate: 10 } }), []);
  });

  test('of a budget of less than one sample', () => {
    assert.match(warn({ target: '0.9999' })[0] ?? '', /of 1800 planned samples 0.18 may be bad/);
    assert.deepEqual(warn({ target: '0.999' }), []);
  });
});

interface Case {
  readonly runs: readonly PastRun[];
  readonly broken?: History['broken'];
  readonly asked?: Partial<Objective>;
}

function evaluateAll({ runs, broken = [], asked }: Case): ReturnType<typeof evaluateObjectives> {
  const operations = operationsOf([objective(asked)]);
  return evaluateObjectives({ operations, objectives: operations.objectives, history: { runs, broken }, nowMs: Date.parse(NOW) });
}

function evaluate(asked: Case): Evaluation {
  return evaluateAll(asked).evaluations[0]!;
}

function tell(asked: Case): ReturnType<typeof tellObjectives> {
  const location = { file: 'sophia.yaml', line: 7, column: 5 };
  const locate = (section: { readonly name: string }, pointer: string): typeof location | null =>
    section.name === 'slos' && pointer === '/0' ? location : null;
  const isEmpty = asked.runs.length === 0 && asked.broken === undefined;
  return tellObjectives({ evaluated: evaluateAll(asked), operations: operationsOf([objective(asked.asked)]), config: { locate }, isEmpty });
}

function codes(asked: Case): readonly (string | undefined)[] {
  return tell(asked).map(({ code }) => code);
}

/** Thirty nights; on these days of November so many samples were bad. */
function month(bad: readonly (readonly [day: number, count: number])[] = []): readonly PastRun[] {
  const badOn = new Map(bad);
  return Array.from({ length: 30 }, (_, index) => index + 1).map((day) => {
    const count = badOn.get(day) ?? 0;
    return run(`2026-11-${String(day).padStart(2, '0')}`, [sample(60 - count, count)]);
  });
}

/** At three in the morning, where only a day is said. */
function run(time: string, ...rest: [samples: Parameters<typeof pastRun>[1], services?: readonly string[]]): PastRun {
  return pastRun(Date.parse(time.length === 10 ? `${time}T03:00:00Z` : `${time}Z`), ...rest);
}
