import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { askPlan, type Learnt } from '../../../src/operations/asking/asking.ts';
import { boundTimes, differenceOfP95, judgeLoad, planLoad, type Loaded } from '../../../src/operations/asking/load.ts';
import { takeSamples } from '../../../src/operations/asking/samples.ts';
import type { PastRun } from '../../../src/operations/history.ts';
import type { Replies } from '../../fakes/probe.ts';
import { deskFor, place } from './places.ts';
import type { TestContext } from 'node:test';

/** A fixed sequence (mulberry32), so that a failure can be repeated. */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function past(times: readonly number[], more: Partial<PastRun> = {}): PastRun {
  const at = '2026-11-22T03:00:00.000Z';
  const about = {
    id: '01M80K4KWV7Q2M9XC4W0RZ5T8A',
    path: 'deployment/2026/11/22/01M80K4KWV7Q2M9XC4W0RZ5T8A.json',
    sha256: '',
    startedAt: at,
    finishedAt: at,
  };
  return { ...about, result: 'PASSED', findings: [], data: { load: [{ service: 'api', times }] }, ...more };
}

const around = (ms: number): number[] => Array.from({ length: 200 }, (_, index) => ms + (index % 20));

async function load(
  t: TestContext,
  reply: Replies[string],
  runs: readonly PastRun[],
): Promise<{ readonly loaded: Loaded; readonly asked: number }> {
  const desk = deskFor(t, { 'https://api/health': reply }, { control: ['https://status/'] });
  const plan = { places: [place('api/health')] };
  const learnt: Learnt = new Map();
  await askPlan(desk.session, plan, learnt);
  desk.probe.asked.length = 0;
  const [one] = planLoad(plan, learnt);
  await takeSamples(desk.session, [one!]);
  return {
    loaded: judgeLoad(one!, { isControlHeld: () => true, history: { runs, broken: [] }, chance: chanceFrom(1) }),
    asked: desk.probe.asked.length,
  };
}

test('a service that is clearly slower than after the last verified deployment is a warning', async (t) => {
  const { loaded, asked } = await load(t, (count) => ({ ms: 150 + (count % 20) }), [past(around(10)), past(around(50))]);
  equal(asked, 200);
  deepEqual([loaded.finding.verdict, loaded.finding.code, loaded.data.times.length, loaded.data.p95], ['warn', 'HTTP_SLOW', 200, 168]);
  match(loaded.finding.reason, /^slower: p95 168 ms, it was 68 ms; the difference lies between \+\d+ ms and \+\d+ ms \(95 %\)$/);
});

test('a difference that chance explains is none, and a quicker one is good', async (t) => {
  equal((await load(t, (count) => ({ ms: 50 + (count % 20) }), [past(around(50))])).loaded.finding.verdict, 'pass');
  equal((await load(t, (count) => ({ ms: 20 + (count % 20) }), [past(around(50))])).loaded.finding.verdict, 'pass');
});

test('only verified deployments that measured enough are compared with; without one there is a warning', async (t) => {
  const history = [past(around(10)), past(around(500), { result: 'FAILED' }), past([1, 2, 3]), past([], { data: { load: 'broken' } })];
  const { loaded } = await load(t, (count) => ({ ms: 150 + (count % 20) }), history);
  match(loaded.finding.reason, /^slower: p95 168 ms, it was 28 ms/);
  const invented = [Array.from({ length: 100_000 }, () => 1e9), around(-500), [...around(500), '9']];
  const forged = invented.map((times) => past([], { data: { load: [{ service: 'api', times }] } }));
  match((await load(t, { ms: 50 }, [past(around(10)), ...forged])).loaded.finding.reason, /it was 28 ms/);
  const first = (await load(t, { ms: 10 }, [])).loaded.finding;
  deepEqual([first.verdict, first.code], ['warn', undefined]);
});

test('fewer answers or proofs never look better', async (t) => {
  const quick = { runs: [past(around(500))], broken: [] };
  const desk = deskFor(t, { 'https://api/health': { ms: 10 } });
  const plan = { places: [place('api/health')] };
  const learnt: Learnt = new Map();
  await askPlan(desk.session, plan, learnt);
  const [one] = planLoad(plan, learnt);
  await takeSamples(desk.session, [one!]);
  const about = { isControlHeld: () => true, chance: chanceFrom(1) };
  equal(judgeLoad(one!, { ...about, history: quick }).finding.verdict, 'pass');
  equal(judgeLoad({ ...one!, taken: one!.taken.slice(1) }, { ...about, history: quick }).finding.verdict, 'unknown');
  const broken = [{ path: 'deployment/2026/11/21/x.json', reason: 'gone' }];
  equal(judgeLoad(one!, { ...about, history: { ...quick, broken } }).finding.verdict, 'warn');
});

test('a request that fails under load is a failure, and too few answers are unknown', async (t) => {
  const { loaded } = await load(t, (count) => (count === 100 ? { status: 500 } : {}), [past(around(1))]);
  deepEqual([loaded.finding.verdict, loaded.finding.code], ['fail', 'HTTP_STATUS']);
  const desk = deskFor(t, { 'https://api/health': {} });
  const plan = { places: [place('api/health')] };
  const learnt: Learnt = new Map();
  await askPlan(desk.session, plan, learnt);
  const [one] = planLoad(plan, learnt);
  const { finding } = judgeLoad(one!, {
    isControlHeld: () => true,
    history: { runs: [past(around(1))], broken: [] },
    chance: chanceFrom(1),
  });
  deepEqual([finding.verdict, finding.code], ['unknown', 'SLO_INSUFFICIENT_DATA']);
});

test('of many services fewer times each are kept, from the quickest to the slowest, or none', () => {
  const measured = (services: number): readonly number[] => {
    const all = Array.from({ length: services }, (_, index) => ({
      service: `s${index}`,
      planned: 200,
      times: around(50).toSorted(),
      p95: 68,
    }));
    const [first] = boundTimes(all);
    return [first!.times.length, first!.times[0] ?? 0, first!.times.at(-1) ?? 0];
  };
  deepEqual(
    [measured(20), measured(40), measured(100)],
    [
      [200, 50, 69],
      [100, 50, 69],
      [0, 0, 0],
    ],
  );
});

test('the interval of two draws of the same answers holds 0, and a shift beyond all of them does not', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 59, maxLength: 100 }), fc.integer(), (times, seed) => {
      const same = differenceOfP95(times, times, chanceFrom(seed));
      ok(same.lowMs <= 0 && same.highMs >= 0);
      const shifted = differenceOfP95(
        times.map((ms) => ms + 1000),
        times,
        chanceFrom(seed),
      );
      ok(shifted.lowMs > 0);
    }),
    { numRuns: 8 },
  );
});
