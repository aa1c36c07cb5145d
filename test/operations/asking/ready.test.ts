import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import type { Judgement } from '../../../src/checks/inquiry.ts';
import { judgePlan } from '../../../src/checks/judge.ts';
import type { Plan } from '../../../src/checks/plan.ts';
import type { Finding } from '../../../src/outcome.ts';
import { askPlan, type Learnt } from '../../../src/operations/asking/asking.ts';
import { waitUntilReady } from '../../../src/operations/asking/ready.ts';
import { get } from '../../fakes/probe.ts';
import { deskFor, place, type Desk } from './places.ts';

const SERVICE = { id: 'api', ready: { withinMs: 60_000, everyMs: 2000, passes: 2 }, needs: [] };

/** Judged by the body: `new` is right. */
const VERSION = place('api/version', {
  inquire: () =>
    Promise.resolve({
      asks: [0, 1].map(() => ({
        question: get('https://api/version'),
        judge: ({ http }): readonly Judgement[] => {
          const named = Buffer.from(http?.body ?? []).toString();
          return [
            named === 'new' ? { verdict: 'pass', reason: 'new' } : { verdict: 'fail', code: 'VERSION_OLD', reason: `${named} answers` },
          ];
        },
      })),
    }),
});
const PLAN: Plan = { places: [VERSION, place('api/health'), place('api/tree')] };

async function wait(
  desk: Desk,
  service = SERVICE,
): Promise<{ readonly isReady: boolean; readonly finding: Finding; readonly findings: readonly Finding[] }> {
  const learnt: Learnt = new Map();
  const { isReady, judge } = await waitUntilReady(desk.session, { service, plan: PLAN, learnt, location: null });
  await askPlan(desk.session, PLAN, learnt);
  await desk.session.control.settle();
  return { isReady, finding: judge!(), findings: judgePlan(PLAN, learnt, desk.session.control.isHeld) };
}

test('a service is waited for until it is healthy and new so many times running', async (t) => {
  const desk = deskFor(t, {
    'https://api/health': (count) => (count === 0 ? { trouble: 'NET_REFUSED' } : {}),
    'https://api/version': (count) => ({ body: count < 4 ? 'old' : 'new' }),
    'https://api/tree': {},
  });
  const { isReady, finding, findings } = await wait(desk);
  equal(isReady, true);
  deepEqual([finding.check, finding.target, finding.verdict, finding.attempts], ['ready', 'api', 'pass', 5]);
  deepEqual(
    findings.map(({ verdict }) => verdict),
    ['pass', 'pass', 'pass'],
  );
  deepEqual(desk.clock.waits.filter((ms) => ms === 2000).length, 4);
});

test('when time is up the reason seen last is named, it is the finding of its own check, and the rest is blocked and not asked', async (t) => {
  const desk = deskFor(t, { 'https://api/health': {}, 'https://api/version': { body: 'old' }, 'https://api/tree': {} });
  const { isReady, finding, findings } = await wait(desk);
  equal(isReady, false);
  deepEqual([finding.verdict, finding.code], ['fail', 'READY_TIMEOUT']);
  match(finding.reason, /^not ready within .*; seen last: VERSION_OLD: old answers/);
  deepEqual(
    findings.map(({ check, verdict, code }) => [check, verdict, code]),
    [
      ['version', 'fail', 'VERSION_OLD'],
      ['health', 'pass', undefined],
      ['tree', 'blocked', undefined],
    ],
  );
  equal(desk.probe.asked.includes('https://api/tree'), false);
  const lateMs = desk.clock.monotonicMs() - 60_000;
  ok(lateMs >= 0 && lateMs < 2000, `the last round is when time is up, not ${lateMs} ms after`);
});

test('a server that hangs is given up when time is up, and not later', async (t) => {
  const desk = deskFor(t, { 'https://api/health': { ms: 1e9 } });
  const { isReady, finding } = await wait(desk);
  equal(isReady, false);
  match(finding.reason, /NO_CONTROL/);
  equal(finding.verdict, 'unknown');
  ok(desk.clock.monotonicMs() <= 61_000, String(desk.clock.monotonicMs()));
});

test('a service that is well by turns is not ready', async (t) => {
  const desk = deskFor(t, {
    'https://api/health': (count) => (count % 2 === 0 ? { status: 500 } : {}),
    'https://api/version': { body: 'new' },
    'https://api/tree': {},
  });
  const { isReady, finding } = await wait(desk);
  deepEqual([isReady, finding.verdict, finding.code], [false, 'fail', 'READY_TIMEOUT']);
  match(finding.reason, /seen last: HTTP_STATUS: HTTP 500$/);
});

test('a service that is well when time is up is asked on until it was so often enough, and no longer', async (t) => {
  const atLast = deskFor(t, {
    'https://api/health': () => (atLast.clock.monotonicMs() < 60_000 ? { status: 500 } : {}),
    'https://api/version': { body: 'new' },
    'https://api/tree': {},
  });
  const ready = await wait(atLast);
  deepEqual([ready.isReady, ready.finding.verdict], [true, 'pass']);
  const onlyOnce = deskFor(t, {
    'https://api/health': (count) => (count === 1 ? {} : { status: 500 }),
    'https://api/version': { body: 'new' },
  });
  const service = { ...SERVICE, ready: { withinMs: 1000, everyMs: 2000, passes: 3 } };
  const { isReady, finding } = await wait(onlyOnce, service);
  deepEqual([isReady, finding.verdict, finding.attempts], [false, 'fail', 3]);
});

test('without any patience a service that is well is ready, and one that is not is asked once', async (t) => {
  const service = { ...SERVICE, ready: { withinMs: 0, everyMs: 2000, passes: 2 } };
  const well = await wait(
    deskFor(t, { 'https://api/health': {}, 'https://api/version': { body: 'new' }, 'https://api/tree': {} }),
    service,
  );
  deepEqual([well.isReady, well.finding.verdict, well.finding.attempts], [true, 'pass', 2]);
  const ill = await wait(deskFor(t, { 'https://api/health': { status: 500 } }), service);
  deepEqual([ill.isReady, ill.finding.verdict, ill.finding.attempts], [false, 'fail', 1]);
});

test('a degraded service is waited for, and then it goes on with a warning', async (t) => {
  const desk = deskFor(t, { 'https://api/health': {}, 'https://api/version': { body: 'new' } });
  const degraded = place('api/health', {
    inquiry: {
      asks: [{ question: get('https://api/health'), judge: () => [{ verdict: 'warn', code: 'HEALTH_WARN', reason: 'degraded' }] }],
    },
  });
  const { isReady, judge } = await waitUntilReady(desk.session, {
    service: SERVICE,
    plan: { places: [degraded, VERSION] },
    learnt: new Map(),
    location: null,
  });
  const finding = judge!();
  deepEqual([isReady, finding.verdict, finding.code], [true, 'warn', 'HEALTH_WARN']);
  ok(desk.clock.monotonicMs() > 50_000);
});

test('where there is nothing to wait for nothing is waited for', async (t) => {
  const desk = deskFor(t, {});
  const unaskable = place('api/health', { inquire: () => Promise.resolve({ code: 'ENV_MISSING', reason: 'URL is not set' }) });
  const readiness = await waitUntilReady(desk.session, {
    service: SERVICE,
    plan: { places: [unaskable, place('api/tree')] },
    learnt: new Map(),
    location: null,
  });
  deepEqual(readiness, { isReady: true, judge: null });
  deepEqual(desk.probe.asked, []);
});
