// What is taken away never makes anything look better. Health: PASSED, then WARNED, then FAILED and UNKNOWN alike.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { Objective } from '../../../src/checks/service.ts';
import { resultOf, type Result } from '../../../src/outcome.ts';
import type { History, PastRun } from '../../../src/operations/history.ts';
import { evaluateObjectives } from '../../../src/operations/slo/evaluation.ts';
import { tellObjectives } from '../../../src/operations/slo/findings.ts';
import type { SampleData } from '../../../src/operations/run-data.ts';
import { extent } from '../../extent.ts';
import { DAY_MS, objective, operationsOf, pastRun, sample } from './made-runs.ts';

const NOW_MS = Date.parse('2026-11-30T18:00:00Z');
const HEALTH: Readonly<Record<Result, number>> = { PASSED: 2, WARNED: 1, FAILED: 0, UNKNOWN: 0 };

interface Past {
  readonly objective: Objective;
  readonly everyMs: number;
  readonly history: History;
}

/** What a period holds: a sum of good and bad for each run. */
type Share = readonly [good: number, bad: number];

const schedules = fc.constantFrom(
  { everyMs: DAY_MS, periods: 30 },
  { everyMs: DAY_MS / 24, periods: 72 },
  { everyMs: 300_000, periods: 300 },
);
/** Mostly good, as services are: near the borders everything is decided. */
const goodShare = fc.constantFrom(0, 0.01, 0.03, 0.05, 0.07, 0.2, 1);

const pasts: fc.Arbitrary<Past> = fc
  .record({
    schedule: schedules,
    target: fc.constantFrom('0.5', '0.9', '0.95', '0.99', '0.999'),
    perRun: fc.constantFrom(1, 10, 60),
    exclude: fc.boolean(),
    hasSince: fc.boolean(),
    badShare: goodShare,
    seeds: fc.array(fc.nat(999), { minLength: 1, maxLength: 300 }),
    extra: fc.nat(2),
  })
  .map(({ schedule: { everyMs, periods }, target, perRun, exclude, hasSince, badShare, seeds, extra }) => {
    const firstMs = Math.floor(NOW_MS / everyMs) * everyMs - (periods - 1) * everyMs;
    const shareOf = (seed: number): Share => {
      const bad = seed / 1000 < badShare ? Math.min(perRun, 1 + (seed % perRun)) : 0;
      return [perRun - bad - (seed % 17 === 0 && bad < perRun ? 1 : 0), bad];
    };
    const runs = Array.from({ length: periods }, (_, index) => index).flatMap((index) => {
      const seed = seeds[index % seeds.length]!;
      const count = seed % 23 === 0 ? 0 : seed % 11 === 0 ? 1 + extra : 1;
      return Array.from({ length: count }, (_run, nth) => {
        const [good, bad] = shareOf((seed * (nth + 1) * 7 + index) % 1000);
        return pastRun(firstMs + index * everyMs + nth * 1000, [sample(good, bad, perRun)]);
      });
    });
    return {
      everyMs,
      history: { runs, broken: [] },
      objective: objective({
        target,
        samples: { perRun, rate: 10 },
        windowMs: periods * everyMs,
        missing: exclude ? { exclude: 'why not' } : 'bad',
        since: hasSince ? new Date(firstMs).toISOString() : null,
      }),
    };
  });

suite('the health of an objective never rises', () => {
  test('when sealed proofs are deleted', () => {
    check(fc.array(fc.nat(), { minLength: 1, maxLength: 9 }), ({ history }, picks) => {
      if (history.runs.length === 0) return null;
      const gone = new Set(picks.map((pick) => history.runs[pick % history.runs.length]!));
      return {
        runs: history.runs.filter((run) => !gone.has(run)),
        broken: [...gone].map(({ path }) => ({ path, reason: 'the ledger has it, and it is gone' })),
      };
    });
  });

  test('when planned nights are taken away without a trace, where the configuration says since when', () => {
    check(fc.array(fc.nat(), { minLength: 1, maxLength: 9 }), (past, picks) => {
      const { history, everyMs, objective: asked } = past;
      if (asked.missing !== 'bad' || asked.since === null) return null;
      const periods = Map.groupBy(history.runs, ({ startedAt }) => Math.floor(Date.parse(startedAt) / everyMs));
      const lonely = [...periods.values()].filter(({ length }) => length === 1).flat();
      if (lonely.length === 0) return null;
      const gone = new Set(picks.map((pick) => lonely[pick % lonely.length]!));
      return { ...history, runs: history.runs.filter((run) => !gone.has(run)) };
    });
  });

  test('when samples are taken away, or all that a run says of the objective', () => {
    check(fc.array(fc.tuple(fc.nat(), fc.constantFrom('good', 'bad', 'all')), { minLength: 1, maxLength: 40 }), ({ history }, picks) => {
      if (history.runs.length === 0) return null;
      const runs = [...history.runs];
      for (const [pick, what] of picks) {
        const index = pick % runs.length;
        const run = runs[index]!;
        runs[index] = { ...run, data: { ...run.data, samples: samplesOf(run).flatMap((each) => without(each, what)) } };
      }
      return { ...history, runs };
    });
  });
});

function check<Choice>(choices: fc.Arbitrary<Choice>, take: (past: Past, choice: Choice) => History | null): void {
  let [tried, changed] = [0, 0];
  fc.assert(
    fc.property(pasts, choices, (past, choice) => {
      const after = take(past, choice);
      fc.pre(after !== null);
      const [before, then] = [resultFor(past, past.history), resultFor(past, after)];
      tried += 1;
      if (before !== then) changed += 1;
      assert(HEALTH[then] <= HEALTH[before], `${before} became ${then}`);
    }),
    { numRuns: extent(4000, 150), maxSkipsPerRun: 1000 },
  );
  assert(changed > tried / 100, `of ${tried} only ${changed} changed anything: the cases are too tame`);
}

function resultFor({ objective: asked, everyMs }: Past, history: History): Result {
  const operations = operationsOf([asked], { everyMs, graceMs: everyMs / 2 });
  const evaluated = evaluateObjectives({ operations, objectives: [asked], history, nowMs: NOW_MS });
  return resultOf(tellObjectives({ evaluated, operations, config: { locate: () => null }, isEmpty: history.runs.length === 0 }));
}

function samplesOf({ data }: PastRun): readonly SampleData[] {
  return data['samples'] as unknown as readonly SampleData[];
}

function without(each: SampleData, what: 'good' | 'bad' | 'all'): { readonly [key: string]: number | string | null }[] {
  if (what === 'all') return [];
  const bare = { ...each, histogram: null };
  if (each[what] === 0) return [bare];
  return [{ ...bare, n: each.n - 1, [what]: each[what] - 1 }];
}
