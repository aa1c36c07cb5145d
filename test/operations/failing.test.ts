import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { judgePlan } from '../../src/checks/judge.ts';
import type { Plan } from '../../src/checks/plan.ts';
import { askPlan, type Learnt } from '../../src/operations/asking/asking.ts';
import { failingOf, keepBodies, tellFailing, type Failing } from '../../src/operations/failing.ts';
import { isAttachmentName } from '../../src/proof/path-law.ts';
import { createRedactor } from '../../src/proof/redaction/redaction.ts';
import type { Replies } from '../fakes/probe.ts';
import { deskFor, place } from './asking/places.ts';

async function fail(t: TestContext, plan: Plan, replies: Replies): Promise<readonly Failing[]> {
  const { session } = deskFor(t, replies);
  const learnt: Learnt = new Map();
  await askPlan(session, plan, learnt);
  const isControlHeld = (): boolean => true;
  return failingOf({ plan, learnt, findings: judgePlan(plan, learnt, isControlHeld), isControlHeld });
}

interface Attached {
  readonly name: string;
  readonly text: string;
  readonly mediaType: string;
}

function attach(failing: readonly Failing[]): readonly Attached[] {
  const attached: Attached[] = [];
  const record = {
    attach: (name: string, bytes: Uint8Array, mediaType: string) => attached.push({ name, text: Buffer.from(bytes).toString(), mediaType }),
  };
  keepBodies({ record } as unknown as Parameters<typeof keepBodies>[0], failing);
  return attached;
}

function tell(failing: readonly Failing[], env: Readonly<Record<string, string>> = {}): string {
  const said: string[] = [];
  const log = { info: (message: string) => said.push(message) };
  tellFailing(
    { log } as unknown as Parameters<typeof tellFailing>[0],
    failing,
    createRedactor({ env, names: Object.keys(env), patterns: [] }),
  );
  return said.join('\n');
}

test('of several answers the one that failed is kept, and those that are well are not', async (t) => {
  const plan = {
    places: [place('api/cors', { urls: ['https://a/1', 'https://a/2', 'https://a/3'] }), place('api/health', { urls: ['https://a/1'] })],
  };
  const failing = await fail(t, plan, { 'https://a/1': {}, 'https://a/2': { status: 500, body: { error: 'boom' } }, 'https://a/3': {} });
  deepEqual(attach(failing), [{ name: 'api.cors.body', text: '{"error":"boom"}', mediaType: 'application/json' }]);
  match(tell(failing), /^fail: api cors: HTTP 500 \[HTTP_STATUS\]\n {2}asked: GET https:\/\/a\/2\n {2}answered: HTTP 500 in 1 ms\n/);
});

test('names are attachments whatever a check is called, differ, and are not too many', async (t) => {
  const ids = [
    'Größe',
    'Gr__ße',
    'grö~e',
    'x'.repeat(200),
    `${'x'.repeat(200)}y`,
    ...Array.from({ length: 30 }, (_, index) => `c${index}`),
  ];
  const plan = { places: ids.map((id) => place(`api/${id}`, { urls: ['https://a/'] })) };
  const attached = attach(await fail(t, plan, { 'https://a/': { status: 500, body: 'no', headers: { 'content-type': 'te\u0000xt' } } }));
  equal(new Set(attached.map(({ name }) => name)).size, attached.length);
  ok(attached.length <= 20);
  for (const { name, mediaType } of attached) deepEqual([isAttachmentName(name), mediaType], [true, 'application/octet-stream'], name);
});

test('neither a secret nor who asked is told, nor more of a body than its beginning', async (t) => {
  const plan = { places: [place('api/tree', { urls: ['https://user:pw@a/tree?token=abc'] })] };
  const body = `${'x'.repeat(2040)}tr0ub4dor-and-3 end of it`;
  const failing = await fail(t, plan, {
    'https://user:pw@a/tree?token=abc': { status: 500, body, headers: { 'set-cookie': 'sid=1', 'content-type': 'text/plain' } },
  });
  const told = tell(failing, { API_TOKEN: 'tr0ub4dor-and-3' });
  for (const word of ['tr0ub4dor', 'sid=1', 'user:pw', 'abc', 'end of it']) equal(told.includes(word), false, word);
  match(told, /content-type: text\/plain\n {2}body, 2,065 bytes, of which this is the beginning:\n/);
});

test('where nothing answered the trouble is told', async (t) => {
  const told = tell(await fail(t, { places: [place('api/health', { urls: ['https://a/'] })] }, {}));
  match(told, /asked: GET https:\/\/a\/\n {2}trouble: NET_REFUSED: NET_REFUSED happened$/);
});

test('of very many the first are told, failures before what could not be told, and how many more there are', async (t) => {
  const silent = Array.from({ length: 5 }, (_, index) => place(`api/s${index}`, { urls: ['https://silent/'] }));
  const broken = Array.from({ length: 30 }, (_, index) => place(`api/c${index}`, { urls: ['https://a/'] }));
  const { session } = deskFor(t, { 'https://a/': { status: 500 } });
  const plan = { places: [...silent, ...broken] };
  const learnt: Learnt = new Map();
  await askPlan(session, plan, learnt);
  const isControlHeld = (): boolean => false;
  const told = tell(failingOf({ plan, learnt, findings: judgePlan(plan, learnt, isControlHeld), isControlHeld }));
  deepEqual([told.match(/^fail: /gm)?.length, told.match(/^unknown: /gm)], [20, null]);
  match(told, /\nand 15 more that are not well$/);
});
