import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { judgePlan } from '../../../src/checks/judge.ts';
import type { Place, Plan } from '../../../src/checks/plan.ts';
import { askPlan, type Learnt } from '../../../src/operations/asking/asking.ts';
import { get } from '../../fakes/probe.ts';
import { deskFor, place, toKey, type Desk } from './places.ts';

async function verdictsOf({ session }: Desk, plan: Plan, learnt: Learnt = new Map()): Promise<readonly string[]> {
  await askPlan(session, plan, learnt);
  await session.control.settle();
  return judgePlan(plan, learnt, session.control.isHeld).map(({ target, check, verdict, code }) =>
    [`${target}/${check}`, verdict, code].filter(Boolean).join(' '),
  );
}

test('every place is asked, whatever came of the others', async (t) => {
  const desk = deskFor(t, { 'https://a/health': { status: 500 }, 'https://b/health': {}, 'https://c/health': { status: 404 } });
  const plan = { places: ['a/health', 'b/health', 'c/health'].map((name) => place(name)) };
  deepEqual(await verdictsOf(desk, plan), ['a/health fail HTTP_STATUS', 'b/health pass', 'c/health fail HTTP_STATUS']);
});

test('a place waits for what it needs, and is blocked and not asked where that is not well', async (t) => {
  const desk = deskFor(t, { 'https://a/one': { ms: 50 }, 'https://a/two': { status: 500 }, 'https://a/four': {} });
  const plan = {
    places: [
      place('a/four', { needs: ['a/one'] }),
      place('a/three', { needs: ['a/one', 'a/two'] }),
      place('a/five', { needs: ['a/three'] }),
      place('a/one'),
      place('a/two'),
    ],
  };
  deepEqual(await verdictsOf(desk, plan), ['a/four pass', 'a/three blocked', 'a/five blocked', 'a/one pass', 'a/two fail HTTP_STATUS']);
  ok(desk.probe.asked.indexOf('https://a/four') > desk.probe.asked.indexOf('https://a/one'));
  equal(desk.probe.asked.includes('https://a/three'), false);
});

test('what is not in the plan is not needed, and what is left out blocks those that need it', async (t) => {
  const desk = deskFor(t, { 'https://a/one': {}, 'https://a/two': {} });
  const plan = {
    places: [place('a/one', { needs: ['gone/health'] }), place('a/old', { skip: 'replaced' }), place('a/two', { needs: ['a/old'] })],
  };
  deepEqual(await verdictsOf(desk, plan), ['a/one pass', 'a/old skipped', 'a/two blocked']);
});

test('a refused connection and a 503 are asked again after a growing pause, and what passes then is flaky', async (t) => {
  const desk = deskFor(t, {
    'https://a/health': (count) => (count === 0 ? { trouble: 'NET_REFUSED' } : count === 1 ? { status: 503 } : {}),
    'https://b/health': { status: 500 },
  });
  deepEqual(await verdictsOf(desk, { places: [place('a/health'), place('b/health')] }), ['a/health flaky', 'b/health fail HTTP_STATUS']);
  deepEqual(desk.probe.asked.filter((url) => url === 'https://a/health').length, 3);
  deepEqual(
    desk.clock.waits.filter((ms) => ms > 1),
    [500, 1000],
  );
});

test('no more are under way than asked for, and no more than four with one host', async (t) => {
  const names = Array.from({ length: 40 }, (_, index) => `host${index % 20}/check${index}`);
  const replies = Object.fromEntries(names.map((name) => [`https://${name}`, { ms: 100 }]));
  const many = deskFor(t, replies, { concurrency: 6 });
  await verdictsOf(many, { places: names.map((name) => place(name)) });
  equal(many.probe.busiest(), 6);
  const one = deskFor(t, Object.fromEntries(names.map((_, index) => [`https://one/${index}`, { ms: 100 }])), { concurrency: 32 });
  await verdictsOf(one, { places: names.map((name, index) => place(name, { urls: [`https://one/${index}`] })) });
  equal(one.probe.busiest(), 4);
});

test('a host that is slow does not hold up the others', async (t) => {
  const desk = deskFor(t, { 'https://slow/0': { ms: 9000 }, 'https://quick/0': { ms: 1 } }, { concurrency: 8 });
  const places = [
    ...Array.from({ length: 12 }, (_, index) => place(`slow/c${index}`, { urls: ['https://slow/0'] })),
    place('quick/health', { urls: ['https://quick/0'] }),
  ];
  await verdictsOf(desk, { places });
  ok(desk.probe.asked.indexOf('https://quick/0') <= 4);
});

test('captured values reach those that need the check, also through another one, and nobody else', async (t) => {
  const desk = deskFor(t, {
    'https://a/first': { headers: { 'x-id': 'x1' } },
    'https://a/then': {},
    'https://a/last': {},
    'https://b/health': {},
  });
  const seen: Record<string, object> = {};
  const noting = (name: string): ReturnType<typeof place>['inquire'] => {
    return async (captured) => {
      seen[name] = captured;
      return { asks: [{ question: get(`https://${name}`), judge: () => [{ verdict: 'pass', reason: '' }] }] };
    };
  };
  const plan = {
    places: [
      place('a/first', { inquiry: { capture: ([answer]) => ({ id: answer!.http!.headers['x-id']![0]! }) } }),
      place('a/then', { needs: ['a/first'], inquire: noting('a/then') }),
      place('a/last', { needs: ['a/then'], inquire: noting('a/last') }),
      place('b/health', { needs: ['a/first'], inquire: noting('b/health') }),
    ],
  };
  await verdictsOf(desk, plan);
  deepEqual(seen, { 'a/then': { id: 'x1' }, 'a/last': { id: 'x1' }, 'b/health': {} });
});

test('needs may be a chain of thousands, or a lattice in which every way leads to every place', async (t) => {
  const desk = deskFor(t, {});
  const idle = (name: string, needs: readonly string[]): Place =>
    place(name, { needs, inquire: () => Promise.resolve({ asks: [], together: () => [{ verdict: 'pass', reason: '' }] }) });
  const chain = Array.from({ length: 5000 }, (_, index) => idle(`a/chain-${index}`, index === 4999 ? [] : [`a/chain-${index + 1}`]));
  const lattice = Array.from({ length: 40 }, (_, layer) =>
    ['x', 'y'].map((side) => idle(`b/${side}-${layer}`, layer === 0 ? [] : [`b/x-${layer - 1}`, `b/y-${layer - 1}`])),
  ).flat();
  const verdicts = await verdictsOf(desk, { places: [...chain, ...lattice] });
  equal(verdicts.filter((verdict) => verdict.endsWith(' pass')).length, 5080);
});

test('what cannot be asked is unknown with its reason, and an entry that is there already is kept', async (t) => {
  const desk = deskFor(t, { 'https://a/known': {} });
  const plan = {
    places: [place('a/secret', { inquire: () => Promise.resolve({ code: 'ENV_MISSING', reason: 'TOKEN is not set' }) }), place('a/known')],
  };
  const learnt: Learnt = new Map([[toKey('a/known'), { kind: 'blocked', by: toKey('a/ready') }]]);
  deepEqual(await verdictsOf(desk, plan, learnt), ['a/secret unknown ENV_MISSING', 'a/known blocked']);
  deepEqual(desk.probe.asked, []);
});

test('a run that is stopped ends at once and keeps what it has learnt', async (t) => {
  const desk = deskFor(t, { 'https://a/quick': {}, 'https://a/slow': { ms: 9000 } });
  const plan = { places: [place('a/quick'), place('a/slow'), place('a/never', { needs: ['a/slow'] })] };
  const learnt: Learnt = new Map();
  const asking = askPlan(desk.session, plan, learnt);
  await desk.clock.sleep(5);
  desk.stop.abort(new Error('stopped'));
  await rejects(asking, { message: 'stopped' });
  deepEqual(
    judgePlan(plan, learnt, () => true).map(({ verdict }) => verdict),
    ['pass', 'unknown', 'unknown'],
  );
});
