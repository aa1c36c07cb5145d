import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer, HttpQuestion } from '../../../src/answer.ts';
import type { Judgement } from '../../../src/checks/inquiry.ts';
import http from '../../../src/checks/kinds/http.ts';
import type { Entry, Place } from '../../../src/checks/kinds/kind.ts';
import type { JsonObject } from '../../../src/outcome.ts';
import { object, type Flaw } from '../../../src/shape.ts';
import { inquiryOf, PLACE } from '../../contracts/check-kind.ts';
import { phases, reply, answer as answerOf, type Body } from '../answers.ts';

async function judge(expect: JsonObject, answer: Answer, more: Entry = {}): Promise<readonly Judgement[]> {
  const { asks } = await inquiryOf(http, { get: '/x', expect, ...more });
  return asks[0]!.judge(answer).filter(({ verdict }) => verdict !== 'pass');
}

async function codesOf(expect: JsonObject, answer: Answer, more: Entry = {}): Promise<string> {
  const told = await judge(expect, answer, more);
  return told.map(({ verdict, code = '' }) => (verdict === 'unknown' ? `?${code}` : code)).join(' ') || 'pass';
}

async function questionOf(entry: Entry, place: Place = PLACE): Promise<HttpQuestion> {
  const { question } = (await inquiryOf(http, entry, place)).asks[0]!;
  assert.ok(question.kind === 'http');
  return question;
}

function typed(type: string, body: Body, status = 200): Answer {
  return reply(body, status, { 'content-type': [type] });
}

const IS_LIST = { json: { '$.entries': { type: 'array' } } };

test('each fault has one code, and what stands behind it is not judged', async () => {
  const faults: readonly (readonly [expect: JsonObject, answer: Answer, code: string])[] = [
    [IS_LIST, reply({ entries: [] }), 'pass'],
    [IS_LIST, typed('text/html', '<html>', 500), 'HTTP_STATUS'],
    [IS_LIST, reply('{"entries":', 404), 'HTTP_STATUS'],
    [IS_LIST, reply(null, 302, { location: ['/login'] }), 'HTTP_REDIRECT'],
    [IS_LIST, reply({ entries: [] }, 304), 'HTTP_REDIRECT'],
    [IS_LIST, reply({ entries: [] }, 999), 'HTTP_STATUS'],
    [IS_LIST, reply({ entries: [] }, 100), 'HTTP_STATUS'],
    [IS_LIST, reply(null), 'HTTP_EMPTY'],
    [IS_LIST, reply(null, 204, {}), 'HTTP_EMPTY'],
    [IS_LIST, typed('text/html', '<html>'), 'HTTP_TYPE'],
    [IS_LIST, typed('text/html', '{"entries":[]}'), 'HTTP_TYPE'],
    [IS_LIST, reply('{"entries":[]}', 200, {}), 'HTTP_TYPE'],
    [IS_LIST, reply('{"entries":[]}', 200, { 'content-type': ['application/json', 'text/html'] }), 'HTTP_TYPE'],
    [IS_LIST, typed('application/problem+json; charset=utf-8', '{"entries":[]}'), 'pass'],
    [IS_LIST, typed('application/jsonp', '{"entries":[]}'), 'HTTP_TYPE'],
    [IS_LIST, reply('<html>'), 'BODY_NOT_JSON'],
    [IS_LIST, reply('{"entries":[1,'), 'BODY_NOT_JSON'],
    [IS_LIST, reply('{"entries":[],"entries":1}'), 'BODY_NOT_JSON'],
    [IS_LIST, reply('{"entries":[],"p99":NaN}'), 'BODY_NOT_JSON'],
    [IS_LIST, reply('\uFEFF{"entries":[]}'), 'BODY_NOT_JSON'],
    [IS_LIST, reply({}), 'BODY_FIELD_MISSING'],
    [IS_LIST, reply({ entries: {} }), 'BODY_TYPE'],
    [{ json: { '$.a': 1 } }, reply({ a: 2 }), 'BODY_VALUE'],
    [{ type: 'text/plain', ...IS_LIST }, typed('text/plain', '{"entries":[]}'), 'pass'],
    [{ type: 'Text/CSV' }, typed('text/csv; header=present', 'a,b'), 'pass'],
    [{ type: 'text/csv' }, reply('a,b', 200, {}), 'HTTP_TYPE'],
  ];
  for (const [expect, answer, code] of faults)
    assert.equal(await codesOf(expect, answer), code, JSON.stringify([expect, answer.http?.status]));
});

test('a GET is expected to bring something, unless a status is named that means that there is nothing', async () => {
  assert.equal(await codesOf({}, reply(null, 200, {})), 'HTTP_EMPTY');
  assert.equal(await codesOf({}, reply(null, 204, {})), 'HTTP_EMPTY');
  assert.equal(await codesOf({ status: 204 }, reply(null, 204, {})), 'pass');
  assert.equal(await codesOf({ status: [200, 204] }, reply(null, 204, {})), 'pass');
  assert.equal(await codesOf({ status: 401 }, reply(null, 401, {})), 'pass');
  assert.equal(await codesOf({ status: 200 }, reply(null, 200, {})), 'HTTP_EMPTY');
  assert.equal(await codesOf({ status: '2xx' }, reply(null, 204, {})), 'HTTP_EMPTY');
  assert.equal(await codesOf({ status: 204, text: { lacks: ['x'] } }, reply(null, 204, {})), 'HTTP_EMPTY');
  const { asks } = await inquiryOf(http, { delete: '/x' });
  assert.deepEqual(
    asks[0]!.judge(reply(null, 204, {})).map(({ verdict }) => verdict),
    ['pass'],
  );
});

test('a body may be empty where a pattern says so', async () => {
  assert.equal(await codesOf({ text: { matches: ['^$'] } }, reply(null, 200, {})), 'pass');
  assert.equal(await codesOf({ text: { matches: ['^(ok)?$'], lacks: ['error'] } }, reply(null, 200, {})), 'pass');
  assert.equal(await codesOf({ text: { matches: ['^$', 'x'] } }, reply(null, 200, {})), 'HTTP_EMPTY');
  assert.equal(await codesOf({ text: { matches: ['^$'] }, type: 'text/plain' }, reply(null, 200, {})), 'HTTP_EMPTY');
});

test('no class stands for a part, nor for a redirect that nobody follows', async () => {
  assert.equal(await codesOf({}, reply('the beginning', 206)), 'HTTP_STATUS');
  assert.equal(await codesOf({ status: ['2xx', 206] }, reply('the beginning', 206)), 'pass');
  for (const status of [300, 304, 305])
    assert.equal(await codesOf({ redirect: '/login' }, reply(null, status, { location: ['/login'] })), 'HTTP_REDIRECT');
  assert.equal(await codesOf({ redirect: '/login', status: 300 }, reply(null, 300, { location: ['/login'] })), 'pass');
});

test('the status is one of those expected', async () => {
  const seen = async (status: JsonObject[string], of: number): Promise<string> => codesOf({ status }, reply('x', of, {}));
  assert.equal(await seen(401, 401), 'pass');
  assert.equal(await seen(401, 404), 'HTTP_STATUS');
  assert.equal(await seen(401, 200), 'HTTP_STATUS');
  assert.equal(await seen([200, 204, '4xx'], 418), 'pass');
  assert.equal(await seen([200, 204], 201), 'HTTP_STATUS');
  assert.equal(await seen(304, 304), 'pass');
});

test('a redirect is right only where it is expected, and only to where it is expected', async () => {
  const to = async (location: string, redirect: string, status = 302): Promise<string> =>
    codesOf({ redirect }, reply(null, status, { location: [location] }));
  for (const right of ['/login', 'https://app.example/login', '//app.example/login', '/login?next=%2Fx', '/a/../login', '../login'])
    assert.equal(await to(right, '/login'), 'pass', right);
  for (const wrong of [
    '/logout',
    'https://evil.invalid/login',
    '//evil.invalid/login',
    'http://app.example/login',
    'javascript:alert(1)',
    '',
    '/login/',
  ])
    assert.equal(await to(wrong, '/login'), 'HTTP_REDIRECT', wrong);
  assert.equal(await to('/login?next=a', '/login?next=b'), 'HTTP_REDIRECT');
  assert.equal(await to('/login', '/login', 200), 'HTTP_STATUS');
  assert.equal(await codesOf({ redirect: '/login' }, reply(null, 302, { location: ['/login', '/login'] })), 'HTTP_REDIRECT');
  assert.equal(await codesOf({ redirect: '/login' }, reply(null, 302, {})), 'HTTP_REDIRECT');
  assert.equal(await codesOf({ redirect: '/login', status: 301 }, reply(null, 302, { location: ['/login'] })), 'HTTP_REDIRECT');
});

test('a finding shows where a redirect leads, without what stands in its query', async () => {
  const [told] = await judge({}, reply(null, 302, { location: ['https://sso.example/in?state=hunter2#x'] }));
  assert.equal(told?.reason, 'HTTP 302 sends the client elsewhere, to "https://sso.example/in"');
  assert.deepEqual(told?.observed, { status: 302, location: 'https://sso.example/in' });
});

test('headers are judged in every value they have', async () => {
  const seen = async (rule: JsonObject[string], values: readonly string[] | null): Promise<string> =>
    codesOf({ headers: { 'X-Kind': rule } }, reply('x', 200, values === null ? {} : { 'x-kind': values }));
  assert.equal(await seen('a', ['a']), 'pass');
  assert.equal(await seen('a', ['A']), 'HTTP_HEADER');
  assert.equal(await seen('a', null), 'HTTP_HEADER');
  assert.equal(await seen('a', ['a', 'b']), 'HTTP_HEADER');
  assert.equal(await seen({ in: ['a', 'b'] }, ['a', 'b']), 'pass');
  assert.equal(await seen({ matches: 'no-store' }, ['private, no-store']), 'pass');
  assert.equal(await seen({ matches: '^\\d+$', equals: '10' }, ['10']), 'pass');
  assert.equal(await seen({ matches: '^\\d+$', equals: '10' }, ['x']), 'HTTP_HEADER HTTP_HEADER');
  assert.equal(await seen({ absent: true }, null), 'pass');
  assert.equal(await seen({ absent: true }, ['']), 'HTTP_HEADER');
  assert.equal(await codesOf({ headers: { constructor: { matches: '' } } }, reply('x', 200, {})), 'HTTP_HEADER');
});

test('the value of a header that holds a secret is in no finding', async () => {
  for (const name of ['set-cookie', 'authorization', 'x-api-key', 'x-session-token']) {
    const told = await judge({ headers: { [name]: 'other' } }, reply('x', 200, { [name]: ['hunter2'] }));
    assert.equal(told.length, 1);
    assert.ok(!JSON.stringify(told).includes('hunter2'), name);
  }
});

test('text is looked for in the encoding that the answer says', async () => {
  const latin = Buffer.from('caf\u00e9', 'latin1');
  const text = { text: { contains: ['café'] } };
  assert.equal(await codesOf(text, typed('text/plain; charset=utf-8', 'ein café')), 'pass');
  assert.equal(await codesOf(text, typed('text/plain; charset="ISO-8859-1"', latin)), 'pass');
  assert.equal(await codesOf(text, typed('text/plain', latin)), 'BODY_TEXT');
  assert.equal(await codesOf(text, typed('text/plain; charset=klingon', 'café')), 'BODY_TEXT');
  assert.equal(await codesOf({ text: { lacks: ['Error'] } }, typed('text/plain', Buffer.from('ff', 'hex'))), 'BODY_TEXT');
  assert.equal(await codesOf({ text: { lacks: ['Error'], matches: ['^Wel', 'come$'] } }, reply('Welcome')), 'pass');
  assert.equal(await codesOf({ text: { contains: ['a'], lacks: ['b'], matches: ['^c'] } }, reply('b')), 'BODY_TEXT BODY_TEXT BODY_TEXT');
  assert.equal(await codesOf({ text: { matches: ['x$'] } }, reply('x'.repeat(300_000))), '?BODY_TEXT');
});

test('no word hides from a check in an encoding that nobody has named', async () => {
  const lacks = { text: { lacks: ['Error'] } };
  const wide = Buffer.from('Error', 'utf16le');
  assert.equal(await codesOf(lacks, typed('text/plain', wide)), 'BODY_TEXT');
  assert.equal(
    await codesOf(lacks, typed('text/plain; charset=utf-16', Buffer.from(Buffer.from('\uFEFFError', 'utf16le')).swap16())),
    'BODY_TEXT',
  );
  assert.equal(await codesOf(lacks, typed('text/plain; charset=utf-16', Buffer.from('\uFEFFWelcome', 'utf16le'))), 'pass');
  const types = { 'content-type': ['text/plain; charset=utf-16le', 'text/plain; charset=utf-8'] };
  assert.equal(await codesOf(lacks, reply('ErrorX', 200, types)), 'BODY_TEXT');
});

test('a body is held to its schema, which knows own properties only', async () => {
  const withSchema = (schema: string): Place => ({ ...PLACE, fileText: (file) => (file === './tree.schema.json' ? schema : '') });
  const seen = async (schema: object, body: unknown): Promise<string> => {
    const { asks } = await inquiryOf(http, { get: '/x', expect: { schema: './tree.schema.json' } }, withSchema(JSON.stringify(schema)));
    return asks[0]!.judge(reply(JSON.stringify(body))).find(({ verdict }) => verdict !== 'pass')?.code ?? 'pass';
  };
  assert.equal(await seen({ type: 'object', required: ['a'] }, { a: 1 }), 'pass');
  assert.equal(await seen({ type: 'object', required: ['a'] }, {}), 'BODY_SCHEMA');
  assert.equal(await seen({ required: ['constructor'] }, {}), 'BODY_SCHEMA');
  assert.equal(await seen({ prefixItems: [{ type: 'string' }], items: false }, ['a']), 'pass');
  assert.equal(await seen({ prefixItems: [{ type: 'string' }], items: false }, ['a', 'b']), 'BODY_SCHEMA');
  assert.equal(await seen({ type: 'integer' }, '1'), 'BODY_SCHEMA');
});

test('a schema that never comes to an end says nothing about the body', async () => {
  const seen = async (schema: object, body: unknown): Promise<readonly unknown[]> => {
    const place = { ...PLACE, fileText: () => JSON.stringify(schema) };
    const { asks } = await inquiryOf(http, { get: '/x', expect: { schema: 's.json' } }, place);
    const worst = asks[0]!.judge(reply(JSON.stringify(body))).find(({ verdict }) => verdict !== 'pass');
    return [worst?.verdict, worst?.code];
  };
  assert.deepEqual(await seen({ $ref: '#' }, {}), ['unknown', 'BODY_SCHEMA']);
  assert.deepEqual(await seen({ pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}!`), ['fail', 'BODY_SCHEMA']);
  assert.deepEqual(await seen({ pattern: '^a+$' }, 'a'.repeat(300_000)), ['unknown', 'BODY_SCHEMA']);
  assert.deepEqual(await seen({ pattern: '^a+$', patternProperties: { '^b+$': false } }, 'aaa'), [undefined, undefined]);
  assert.deepEqual(await seen({ patternProperties: { '^a': true, '^b': false } }, { b: 1 }), ['fail', 'BODY_SCHEMA']);
  const items = Array.from({ length: 50_000 }, (_, id) => ({ id, tag: 'x' }));
  assert.deepEqual(await seen({ uniqueItems: true }, items), [undefined, undefined]);
  assert.deepEqual(await seen({ uniqueItems: true }, [...items, { tag: 'x', id: 7 }]), ['fail', 'BODY_SCHEMA']);
  assert.deepEqual(await seen({ uniqueItems: false }, [1, 1]), [undefined, undefined]);
});

test('a schema that is none cannot be asked, and says why', async () => {
  const schemas = [
    '',
    '{',
    '[]',
    '"x"',
    '{"type": "strin"}',
    '{"$ref": "https://elsewhere.example/x"}',
    '{"typ": "string"}',
    '{"$async": true}',
    '{"a":1,"a":1}',
    '{"pattern": "(?=a)"}',
  ];
  for (const text of schemas) {
    const inquiry = await http.inquire({ get: '/x', expect: { schema: 'a.json' } }, { ...PLACE, fileText: () => text });
    assert.ok('reason' in inquiry, text);
    assert.equal(inquiry.code, 'BODY_SCHEMA');
    assert.match(inquiry.reason, /^a\.json is no JSON Schema: ./);
  }
  assert.deepEqual(http.files?.({ get: '/x', expect: { schema: 'a.json' } }), ['a.json']);
  assert.deepEqual(http.files?.({ get: '/x' }), []);
});

test('an answer has its time, to the first byte and to the last', async () => {
  const after = (totalMs: number, ttfbMs: number | null): Answer => ({ ...reply('x'), phases: { ...phases(totalMs), ttfbMs } });
  assert.equal(await codesOf({ time: { total: '2s', ttfb: '1s' } }, after(2000, 1000)), 'pass');
  assert.equal(await codesOf({ time: { total: '2s', ttfb: '1s' } }, after(2001, 1001)), 'HTTP_SLOW HTTP_SLOW');
  assert.equal(await codesOf({ time: { ttfb: '1s' } }, after(5, null)), '?HTTP_SLOW');
});

test('an answer without HTTP in it is unknown', async () => {
  assert.equal(await codesOf({}, answerOf()), '?HTTP_PROTOCOL');
});

test('values are captured as text, and what was promised and is not there fails', async () => {
  const capture = { first: '$.entries[0].path', 'n-1': '$.n', yes: '$.yes' };
  const { asks, capture: take } = await inquiryOf(http, { get: '/x', capture });
  const good = reply({ entries: [{ path: 'a b' }], n: 7, yes: true });
  assert.deepEqual(take?.([good]), { first: 'a b', 'n-1': '7', yes: 'true' });
  assert.deepEqual(new Set(asks[0]!.judge(good).map(({ verdict }) => verdict)), new Set(['pass']));
  const bad = reply({ entries: [], n: 1.5e300, yes: null });
  assert.deepEqual(take?.([bad]), {});
  assert.deepEqual(
    asks[0]!.judge(bad).map(({ code }) => code),
    [undefined, 'BODY_FIELD_MISSING', 'BODY_TYPE', 'BODY_TYPE'],
  );
  for (const none of [null, reply('<html>'), reply(null), answerOf()]) assert.deepEqual(take?.([none]), {});
});

test('a request is what its entry says, on the service and nowhere else', async () => {
  const search = await questionOf({ post: '/v1/search', headers: { Authorization: ' Bearer abc ' }, body: { json: { q: 'é' } } });
  assert.equal(search.method, 'POST');
  assert.equal(search.url, 'https://app.example/base/v1/search');
  assert.equal(Buffer.from(search.body ?? []).toString(), '{"q":"é"}');
  assert.deepEqual(search.headers, {
    accept: '*/*',
    'user-agent': 'sophia',
    'content-type': 'application/json',
    authorization: 'Bearer abc',
  });
  const form = await questionOf({ put: '/x', headers: { 'content-type': 'text/odd' }, body: { form: { a: '1&2', b: ' ' } } });
  assert.equal(Buffer.from(form.body ?? []).toString(), 'a=1%262&b=+');
  assert.equal(form.headers['content-type'], 'text/odd');
  const paths: readonly (readonly [path: string, url: string])[] = [
    ['//evil.invalid/x', 'https://app.example/base//evil.invalid/x'],
    ['@evil.invalid', 'https://app.example/base/@evil.invalid'],
    ['https://evil.invalid/', 'https://app.example/base/https://evil.invalid/'],
    ['/a b#c', 'https://app.example/base/a%20b'],
    ['\\\\evil.invalid', 'https://app.example/base///evil.invalid'],
  ];
  // As a variable could have been filled in; the file itself may not say it so.
  for (const [path, url] of paths) {
    const inquiry = await http.inquire({ get: path }, PLACE);
    if ('asks' in inquiry) assert.equal((inquiry.asks[0]!.question as HttpQuestion).url, url);
    else assert.equal(inquiry.code, 'ENV_MISSING');
  }
});

test('what a variable puts where it cannot stand is not asked, and not shown', async () => {
  for (const entry of [
    { get: '/x', headers: { authorization: 'hunter2\r\nx-injected: 1' } },
    { get: '/x', headers: { authorization: 'hunter2\u{1F600}' } },
    { get: '/x y', headers: {} },
  ]) {
    const inquiry = await http.inquire(entry, PLACE);
    assert.ok('reason' in inquiry && inquiry.code === 'ENV_MISSING', JSON.stringify(inquiry));
    assert.ok(!inquiry.reason.includes('hunter2'));
  }
  const unfit = await http.inquire({ get: '/x', headers: { authorization: 'hunter2\n' } }, PLACE);
  assert.ok('reason' in unfit && unfit.reason.includes('/headers/authorization'), JSON.stringify(unfit));
  const certificate = await questionOf(
    { get: '/x' },
    { ...PLACE, service: { ...PLACE.service, tls: { minDays: 7, warnDays: 21, ca: 'ca.pem' } } },
  );
  assert.equal(certificate.ca, '{"type": "object"}');
});

test('variables in headers, body and path are secrets, and those in an expectation are not', () => {
  const entry = {
    post: '/x?key=${env.KEY}',
    headers: { authorization: 'Bearer ${env.TOKEN}' },
    body: { json: { deep: ['${env.PASSWORD}', '$${env.NOT}'] } },
    expect: { json: { '$.a': '${env.PUBLIC}' } },
  };
  assert.deepEqual([...(http.secretNames?.(entry) ?? [])].toSorted(), ['KEY', 'PASSWORD', 'TOKEN']);
});

test('the file is told what it says wrong, and where', () => {
  const wrong: readonly (readonly [entry: Entry, pointer: string, message: RegExp])[] = [
    [{ get: 'healthz' }, '/get', /begins with \//],
    [{ get: '/a#b' }, '/get', /without spaces and #/],
    [{ get: '/a', headers: { 'a b': 'x' } }, '/headers/a b', /as a header is/],
    [{ get: '/a', headers: { 'content-length': '5' } }, '/headers', /must leave content-length/],
    [{ get: '/a', headers: { Accept: 'a', accept: 'b' } }, '/headers', /must name accept once/],
    [{ get: '/a', headers: { a: 'b\nc' } }, '/headers/a', /one line/],
    [{ post: '/a', body: { json: {}, text: '' } }, '/body', /one of \{json/],
    [{ post: '/a', body: 'x' }, '/body', /an object/],
    [{ get: '/a', expect: { status: 99 } }, '/expect/status', /a status like 200/],
    [{ get: '/a', expect: { status: '200' } }, '/expect/status', /a status like 200/],
    [{ get: '/a', expect: { status: [] } }, '/expect/status', /at least 1/],
    [{ get: '/a', expect: { status: 302 } }, '/expect', /`redirect:`/],
    [{ get: '/a', expect: { status: 200, redirect: '/b' } }, '/expect', /only a 3xx/],
    [{ get: '/a', expect: { redirect: '/b', json: {} } }, '/expect', /beside "redirect"/],
    [{ get: '/a', expect: { type: 'json' } }, '/expect/type', /a media type/],
    [{ get: '/a', expect: { type: 'text/html; charset=utf-8' } }, '/expect/type', /without parameters/],
    [{ get: '/a', expect: { jsn: {} } }, '/expect/jsn', /not a field/],
    [{ get: '/a', expect: { json: { 'a.b': 1 } } }, '/expect/json/a.b', /a path to one value/],
    [{ get: '/a', expect: { json: { '$.a': { typ: 1 } } } }, '/expect/json/$.a/typ', /not a field/],
    [{ get: '/a', expect: { headers: { a: 5 } } }, '/expect/headers/a', /text in quotes/],
    [{ get: '/a', expect: { headers: { a: {} } } }, '/expect/headers/a', /must say what is expected/],
    [{ get: '/a', expect: { headers: { a: { absent: false } } } }, '/expect/headers/a/absent', /true/],
    [{ get: '/a', expect: { headers: { a: { absent: true, equals: 'x' } } } }, '/expect/headers/a', /nothing beside/],
    [{ get: '/a', expect: { text: { contains: 'x' } } }, '/expect/text/contains', /a list/],
    [{ get: '/a', expect: { text: { lacks: [''] } } }, '/expect/text/lacks/0', /some text/],
    [{ get: '/a', expect: { time: { total: 2 } } }, '/expect/time/total', /a duration/],
    [{ get: '/a', capture: { 'a b': '$.a' } }, '/capture/a b', /letters, digits/],
    [{ get: '/a', capture: { a: '$.*' } }, '/capture/a', /character 3/],
    [{ get: '/a', body: { text: 'x' } }, '/body', /cannot be sent with get/],
    [{ head: '/a', expect: { json: {} } }, '/expect', /nothing|none/],
    [{ get: '/a', expect: { redirect: '/b' }, capture: { a: '$.a' } }, '/capture', /beside "redirect"/],
  ];
  for (const [entry, pointer, message] of wrong) {
    const flaws: Flaw[] = [];
    object({}, http.fields).check(entry, '', flaws);
    http.meaning?.(entry, { origins: [], hasUrl: true }, (at, problem) => flaws.push({ pointer: at, message: problem }));
    assert.equal(flaws[0]?.pointer, pointer, `${JSON.stringify(entry)}: ${JSON.stringify(flaws)}`);
    assert.match(flaws[0]?.message ?? '', message, JSON.stringify(entry));
  }
  const told: string[] = [];
  http.meaning?.({ get: '/a' }, { origins: [], hasUrl: false }, (pointer) => told.push(pointer));
  assert.deepEqual(told, ['/get']);
});
