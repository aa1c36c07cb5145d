import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer, HttpQuestion } from '../../../src/answer.ts';
import { worstOf } from '../../../src/checks/judging/weighing.ts';
import cors from '../../../src/checks/kinds/cors.ts';
import { object, type Flaw } from '../../../src/shape.ts';
import type { JsonObject } from '../../../src/outcome.ts';
import { inquiryOf, judgeAll, PLACE } from '../../contracts/check-kind.ts';
import { reply } from '../answers.ts';

const OURS = 'https://dashboard.example';
const EVIL = 'https://evil.invalid';
const RULE: JsonObject = { path: '/repo/tree', origin: 'dashboard', method: 'PUT', headers: ['X-B', 'content-type'] };

type Headers = Readonly<Record<string, string>>;

/** What a server grants, by who asks and how. */
type Server = (origin: string, method: string) => { readonly status?: number; readonly headers: Headers };

const good: Server = (origin) => ({
  headers: {
    vary: 'accept, Origin',
    ...(origin === OURS
      ? {
          'access-control-allow-origin': OURS,
          'access-control-allow-credentials': 'true',
          'access-control-allow-methods': 'get, put',
          'access-control-allow-headers': 'x-b, Content-Type',
        }
      : {}),
  },
});

function changed(change: (headers: Headers, origin: string) => Headers): Server {
  return (origin, method) => ({ headers: change(good(origin, method).headers, origin) });
}

function without(name: string): Server {
  return changed((headers) => Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name)));
}

/** What decides; `~` before a warning. */
async function codeOf(server: Server, more: JsonObject = {}): Promise<string> {
  const inquiry = await inquiryOf(cors, { cors: { ...RULE, ...more } });
  const answers = inquiry.asks.map(({ question }): Answer => {
    const { method, headers: asked } = question as HttpQuestion;
    const { status = 200, headers } = server(asked['origin'] ?? '', method);
    return reply('{}', status, Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.split('|')])));
  });
  const { verdict, code } = worstOf(judgeAll(inquiry, answers));
  return verdict === 'pass' ? 'pass' : `${verdict === 'warn' ? '~' : ''}${code}`;
}

test('it asks as a browser would: for the page, for a stranger and for nobody', async () => {
  const inquiry = await inquiryOf(cors, { cors: { ...RULE, denies: EVIL } });
  const asked = inquiry.asks.map(({ question }) => {
    assert.ok(question.kind === 'http' && question.url === 'https://app.example/base/repo/tree');
    return `${question.method} ${question.headers['origin']}`;
  });
  assert.deepEqual(asked, [`OPTIONS ${OURS}`, `GET ${OURS}`, `OPTIONS ${EVIL}`, `GET ${EVIL}`, 'OPTIONS null', 'GET null']);
  const [preflight, simple] = inquiry.asks.map(({ question }) => (question as HttpQuestion).headers);
  assert.equal(preflight?.['access-control-request-method'], 'PUT');
  assert.equal(preflight?.['access-control-request-headers'], 'content-type,x-b');
  assert.equal(simple?.['access-control-request-method'], undefined);
});

test('what a browser would refuse has one code each', async () => {
  const cases: readonly (readonly [server: Server, more: JsonObject, expected: string])[] = [
    [good, {}, 'pass'],
    [good, { denies: EVIL, credentials: true }, 'pass'],
    [(origin, method) => ({ ...good(origin, method), status: method === 'OPTIONS' ? 405 : 200 }), {}, 'CORS_PREFLIGHT_STATUS'],
    [(origin, method) => ({ ...good(origin, method), status: method === 'OPTIONS' ? 302 : 200 }), {}, 'CORS_PREFLIGHT_STATUS'],
    [(origin, method) => ({ ...good(origin, method), status: method === 'OPTIONS' ? 204 : 401 }), {}, 'pass'],
    [(origin, method) => ({ ...good(origin, method), status: method === 'OPTIONS' ? 204 : 302 }), {}, 'HTTP_REDIRECT'],
    [(origin, method) => ({ ...good(origin, method), status: method === 'OPTIONS' ? 204 : 500 }), {}, 'HTTP_STATUS'],
    [without('access-control-allow-origin'), {}, 'CORS_NO_ORIGIN'],
    [changed((headers) => ({ ...headers, 'access-control-allow-origin': `${OURS}/` })), {}, 'CORS_WRONG_ORIGIN'],
    [changed((headers) => ({ ...headers, 'access-control-allow-origin': `${OURS}|${OURS}` })), {}, 'CORS_WRONG_ORIGIN'],
    [changed((headers) => ({ ...headers, 'access-control-allow-origin': `${OURS}, ${EVIL}` })), {}, 'CORS_WRONG_ORIGIN'],
    [changed((headers) => ({ ...headers, 'access-control-allow-origin': '*' })), {}, 'pass'],
    [changed((headers) => ({ ...headers, 'access-control-allow-origin': '*' })), { credentials: true }, 'CORS_WILDCARD_CREDENTIALS'],
    [changed((headers) => ({ ...headers, 'access-control-allow-origin': '*' })), { denies: EVIL }, 'CORS_FOREIGN_ALLOWED'],
    [without('access-control-allow-methods'), {}, 'CORS_METHOD'],
    [changed((headers) => ({ ...headers, 'access-control-allow-methods': 'GET' })), {}, 'CORS_METHOD'],
    [changed((headers) => ({ ...headers, 'access-control-allow-methods': '*' })), {}, 'pass'],
    [changed((headers) => ({ ...headers, 'access-control-allow-methods': '*' })), { credentials: true }, 'CORS_METHOD'],
    [without('access-control-allow-headers'), {}, 'CORS_HEADERS'],
    [changed((headers) => ({ ...headers, 'access-control-allow-headers': 'x-b' })), {}, 'CORS_HEADERS'],
    [changed((headers) => ({ ...headers, 'access-control-allow-headers': '*' })), {}, 'pass'],
    [changed((headers) => ({ ...headers, 'access-control-allow-headers': '*' })), { headers: ['Authorization'] }, 'CORS_HEADERS'],
    [without('access-control-allow-credentials'), { credentials: true }, 'CORS_CREDENTIALS'],
    [changed((headers) => ({ ...headers, 'access-control-allow-credentials': 'True' })), { credentials: true }, 'CORS_CREDENTIALS'],
    [(origin) => ({ headers: { ...good(OURS, '').headers, 'access-control-allow-origin': origin } }), {}, 'CORS_FOREIGN_ALLOWED'],
    [
      (origin) => ({ headers: { ...good(OURS, '').headers, 'access-control-allow-origin': origin } }),
      { denies: EVIL },
      'CORS_FOREIGN_ALLOWED',
    ],
    [changed((headers, origin) => (origin === 'null' ? { 'access-control-allow-origin': 'null' } : headers)), {}, 'CORS_FOREIGN_ALLOWED'],
    [
      changed((headers, origin) => (origin === EVIL ? { 'access-control-allow-origin': '*' } : headers)),
      { denies: EVIL },
      'CORS_FOREIGN_ALLOWED',
    ],
    [without('vary'), {}, '~CORS_NO_VARY'],
    [changed((headers) => ({ ...headers, vary: 'Accept-Encoding' })), {}, '~CORS_NO_VARY'],
    [changed((headers, origin) => (origin === OURS ? headers : {})), {}, '~CORS_NO_VARY'],
    [changed((headers) => ({ ...headers, vary: '*' })), {}, 'pass'],
    [() => ({ headers: { ...good(OURS, '').headers, vary: 'accept' } }), {}, 'pass'],
  ];
  for (const [index, [server, more, expected]] of cases.entries()) assert.equal(await codeOf(server, more), expected, `case ${index}`);
});

test('an origin whose variable is not set cannot be asked for', async () => {
  const inquiry = await cors.inquire({ cors: { path: '/x', origin: 'unset' } }, PLACE);
  assert.ok('reason' in inquiry && inquiry.code === 'ENV_MISSING');
  assert.match(inquiry.reason, /the origin unset is not set/);
});

test('an origin is spelled as a browser spells it', async () => {
  const originOf = async (origin: string): Promise<string | undefined> => {
    const inquiry = await cors.inquire({ cors: { path: '/x', origin: 'dashboard' } }, { ...PLACE, origins: { dashboard: origin } });
    return 'asks' in inquiry ? (inquiry.asks[0]!.question as HttpQuestion).headers['origin'] : inquiry.code;
  };
  assert.equal(await originOf('https://Dash.example:443/'), 'https://dash.example');
  assert.equal(await originOf('http://localhost:3000'), 'http://localhost:3000');
  for (const wrong of [
    'dash.example',
    'https://dash.example/app',
    'https://u:p@dash.example',
    'ftp://dash.example',
    'javascript:alert(1)',
    '',
  ])
    assert.equal(await originOf(wrong), 'ENV_MISSING', wrong);
});

test('the file is told of an origin that is none, with the nearest name', () => {
  const told = (rule: JsonObject, hasUrl = true): readonly string[] => {
    const flaws: Flaw[] = [];
    object({}, cors.fields).check({ cors: rule }, '', flaws);
    cors.meaning?.({ cors: rule }, { origins: ['dashboard'], hasUrl }, (pointer, message) => flaws.push({ pointer, message }));
    return flaws.map(({ pointer, message }) => `${pointer} ${message}`);
  };
  assert.deepEqual(told({ path: '/x', origin: 'dashboard' }), []);
  assert.deepEqual(told({ path: '/x', origin: OURS, denies: EVIL }), []);
  assert.deepEqual(told({ path: '/x', origin: '${env.ORIGIN}' }), []);
  assert.match(told({ path: '/x', origin: 'dashbord' })[0] ?? '', /^\/cors\/origin .*did you mean "dashboard"/);
  assert.match(told({ path: '/x', origin: 'dashboard', denies: 'evil' })[0] ?? '', /^\/cors\/denies must be an origin/);
  assert.match(told({ path: '/x', origin: 'dashboard', method: 'post' })[0] ?? '', /^\/cors\/method .*POST/);
  assert.match(told({ path: '/x', origin: 'dashboard' }, false)[0] ?? '', /needs the url/);
});
