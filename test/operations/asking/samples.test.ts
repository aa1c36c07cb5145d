import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../../../src/checks/service.ts';
import { askPlan, type Learnt } from '../../../src/operations/asking/asking.ts';
import { judgeSamples, planSamples, type Judged } from '../../../src/operations/asking/objectives.ts';
import { takeSamples } from '../../../src/operations/asking/samples.ts';
import { deskFor, place, toKey, type Desk, type PlaceOptions } from './places.ts';

function objective(more: Partial<Objective>): Objective {
  const samples = { perRun: 60, rate: 10 };
  const about = { id: 'avail', service: 'api', check: 'tree', indicator: 'availability', underMs: null, target: '0.95' } as const;
  return { ...about, windowMs: 2_592_000_000, samples, missing: 'bad', since: null, ...more };
}

const LATENCY = objective({ id: 'p95', indicator: 'latency', underMs: 800 });

async function sample(desk: Desk, objectives: readonly Objective[], options: PlaceOptions = {}): Promise<readonly Judged[]> {
  const plan = { places: [place('api/tree', { urls: ['https://api/tree'], ...options })] };
  const learnt: Learnt = new Map();
  await askPlan(desk.session, plan, learnt);
  desk.probe.asked.length = 0;
  const sets = planSamples(plan, objectives, learnt);
  await takeSamples(desk.session, sets);
  await desk.session.control.settle();
  return judgeSamples(sets, desk.session.control.isHeld);
}

test('objectives on one check share the samples of the largest, at the gentlest rate', async (t) => {
  const desk = deskFor(t, { 'https://api/tree': { ms: 20 } });
  const startMs = desk.clock.monotonicMs();
  const judged = await sample(desk, [
    objective({ samples: { perRun: 30, rate: 10 } }),
    objective({ id: 'more', samples: { perRun: 40, rate: 5 } }),
    LATENCY,
  ]);
  equal(desk.probe.asked.length, 60);
  deepEqual(
    judged.map(({ data }) => [data.slo, data.planned, data.n, data.good]),
    [
      ['avail', 60, 60, 60],
      ['more', 60, 60, 60],
      ['p95', 60, 60, 60],
    ],
  );
  deepEqual(
    judged.map(({ finding }) => [finding.check, finding.verdict]),
    [
      ['samples.avail', 'pass'],
      ['samples.more', 'pass'],
      ['samples.p95', 'pass'],
    ],
  );
  const tookMs = desk.clock.monotonicMs() - startMs;
  ok(tookMs >= 11_800 && tookMs < 12_500, `59 pauses of 200 ms, not ${tookMs}`);
  equal(judged[0]!.data.histogram?.n, 60);
});

test('a sample is never repeated, and what is slow is no more than four at once', async (t) => {
  const desk = deskFor(
    t,
    { 'https://api/tree': (count) => (count > 0 && count % 2 === 0 ? { trouble: 'NET_RESET' } : { ms: 3000 }) },
    { control: ['https://status/'] },
  );
  const judged = await sample(desk, [LATENCY, objective({})]);
  equal(desk.probe.asked.filter((url) => url === 'https://api/tree').length, 60);
  ok(desk.probe.busiest() <= 4);
  deepEqual(
    judged.map(({ data: { slo, n, good, bad } }) => ({ slo, n, good, bad })),
    [
      { slo: 'p95', n: 30, good: 0, bad: 30 },
      { slo: 'avail', n: 30, good: 30, bad: 0 },
    ],
    'without control a reset says nothing; what came was slow, and there',
  );
});

test('failures count as bad when something else answers, and fewer good ones than the target is a warning', async (t) => {
  const desk = deskFor(
    t,
    { 'https://api/tree': (count) => (count % 10 === 9 ? { trouble: 'NET_REFUSED' } : {}), 'https://status/': {} },
    { control: ['https://status/'] },
  );
  const [judged] = await sample(desk, [objective({})]);
  deepEqual([judged!.data.good, judged!.data.bad, judged!.finding.verdict, judged!.finding.code], [54, 6, 'warn', 'SLO_AT_RISK']);
  const gentle = deskFor(t, { 'https://api/tree': (count) => (count % 30 === 29 ? { status: 500 } : {}) });
  const [within] = await sample(gentle, [objective({})]);
  deepEqual([within!.data.bad, within!.finding.verdict], [2, 'pass'], '(1 − 0.95) × 60 = 3 may be bad');
});

test('a sample that this machine was too busy for is counted for availability and missing for latency', async (t) => {
  const desk = deskFor(t, { 'https://api/tree': { ms: 60 } });
  desk.probe.lags.push(...Array.from({ length: 60 }, (_, index) => (index < 10 ? 7 : 5.5)));
  const [avail, latency] = await sample(desk, [objective({}), LATENCY]);
  deepEqual([avail!.data.n, avail!.data.tainted, latency!.data.n, latency!.data.tainted, latency!.data.histogram?.n], [60, 10, 50, 10, 50]);
  deepEqual([latency!.finding.verdict, latency!.finding.code], ['warn', 'SAMPLE_TAINTED']);
});

test('a check that was not asked is not sampled, and its objective says why', async (t) => {
  const desk = deskFor(t, {});
  const [blocked] = await sample(desk, [objective({})], {
    inquire: () => Promise.resolve({ code: 'ENV_MISSING', reason: 'TOKEN is not set' }),
  });
  deepEqual([blocked!.data.planned, blocked!.data.n, blocked!.finding.verdict, blocked!.finding.code], [60, 0, 'unknown', 'ENV_MISSING']);
  const [skipped] = await sample(desk, [objective({})], { skip: 'replaced' });
  equal(skipped!.finding.verdict, 'skipped');
  deepEqual(desk.probe.asked, []);
});

test('samples that were taken before a run was stopped are kept', async (t) => {
  const desk = deskFor(t, { 'https://api/tree': {} });
  const plan = { places: [place('api/tree', { urls: ['https://api/tree'] })] };
  const learnt: Learnt = new Map([
    [toKey('api/tree'), { kind: 'asked', inquiry: (await plan.places[0]!.inquire({})) as never, attempts: [[]] }],
  ]);
  const sets = planSamples(plan, [objective({})], learnt);
  const taking = takeSamples(desk.session, sets);
  const stopped = desk.clock.sleep(1050).then(() => desk.stop.abort(new Error('stopped')));
  await rejects(taking, { message: 'stopped' });
  await stopped;
  const [judged] = judgeSamples(sets, desk.session.control.isHeld);
  deepEqual([judged!.data.planned, judged!.data.good, judged!.finding.verdict], [60, 11, 'warn']);
});
