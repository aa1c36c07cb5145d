import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test } from 'node:test';
import { inspect } from 'node:util';
import type { GitHubAnswer } from '../../../src/context.ts';
import { SophiaError, toProblem } from '../../../src/errors.ts';
import { createGitHub } from '../../../src/platform/github/github.ts';
import { addIssue } from '../../fakes/github/issues.ts';
import { at, send, startGitHub, TOKEN, type FakeGitHub } from '../../fakes/github/github.ts';

const ISSUES = 'GET /repos/{owner}/{repo}/issues';
const PLACE = { owner: 'o', repo: 'r' };

async function ask(hub: FakeGitHub, route = ISSUES, parameters = {}): Promise<GitHubAnswer> {
  return await createGitHub({ GITHUB_API_URL: hub.url, GITHUB_TOKEN: TOKEN }).request(route, { ...PLACE, ...parameters });
}

async function refusalOf(asked: Promise<unknown>): Promise<SophiaError> {
  const thrown: unknown = await asked.then(
    () => null,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof SophiaError, inspect(thrown));
  return thrown as SophiaError;
}

/** Where somebody listened a moment ago. */
async function closedAddress(): Promise<string> {
  const server = net.createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

test('parameters fill the path and make the query or the body, and the token goes along', async (t) => {
  const hub = await startGitHub(t, { basePath: '/api/v3' });
  const { status } = await ask(hub, ISSUES, { labels: 'a b,c&d', per_page: 100 });
  const created = await ask(hub, 'POST /repos/{owner}/{repo}/issues', { title: 'ü', labels: ['x'] });
  assert.deepEqual([status, created.status], [200, 201]);
  assert.equal(hub.seen[0]?.query.get('labels'), 'a b,c&d');
  assert.equal(hub.seen[0]?.headers.authorization, `token ${TOKEN}`);
  assert.equal(hub.seen[0]?.headers['x-github-api-version'], '2022-11-28');
  assert.deepEqual(hub.seen[1]?.body, { title: 'ü', labels: ['x'] });
});

test('a slash at the end of the address and a line feed after the token do no harm', async (t) => {
  const hub = await startGitHub(t, { basePath: '/api/v3' });
  const github = createGitHub({ GITHUB_API_URL: `${hub.url}/`, GITHUB_TOKEN: `${TOKEN}\n` });
  assert.equal((await github.request(ISSUES, PLACE)).status, 200);
});

test('without a token it asks as anybody would', async (t) => {
  const hub = await startGitHub(t);
  const answer = await createGitHub({ GITHUB_API_URL: hub.url, GITHUB_TOKEN: '' }).request(ISSUES, PLACE);
  assert.equal(answer.status, 401);
  assert.equal(hub.seen[0]?.headers.authorization, undefined);
});

test('any status is an answer, and a redirect is not followed', async (t) => {
  const hub = await startGitHub(t);
  for (const status of [301, 304, 307, 400, 401, 404, 410, 422, 500, 503]) {
    hub.mischief = at('GET', (response) => {
      send(response, { status, body: { message: 'so' }, headers: { location: `${hub.url}/elsewhere`, deprecation: 'true' } });
    });
    assert.equal((await ask(hub)).status, status);
  }
  assert.deepEqual([...new Set(hub.seen.map(({ path }) => path))], ['/repos/o/r/issues']);
});

test('what is no JSON is null, whatever it says it is', async (t) => {
  const hub = await startGitHub(t);
  for (const body of ['<html>', '', '{"a":', '\u00ff{}']) {
    hub.mischief = at('GET', (response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.from(body, 'latin1')),
    );
    assert.equal((await ask(hub)).data, null, body);
  }
  hub.mischief = at('GET', (response) => response.writeHead(200, { 'content-type': ';;=' }).end('{"id":12345678901234567890}'));
  assert.deepEqual((await ask(hub)).data, { id: 12_345_678_901_234_567_000 }, 'neither a crash nor a BigInt, which no JSON can hold');
});

test('it says whether there is a next page', async (t) => {
  const hub = await startGitHub(t);
  for (let number = 1; number <= 3; number += 1) addIssue(hub, 'o/r', {});
  assert.equal((await ask(hub, ISSUES, { per_page: 2, page: 1 })).hasNext, true);
  assert.equal((await ask(hub, ISSUES, { per_page: 2, page: 2 })).hasNext, false);
  assert.equal((await ask(hub, ISSUES, { per_page: 3 })).hasNext, false);
});

test('a limit says when to ask again, and a refusal does not', async (t) => {
  const hub = await startGitHub(t);
  const reply = async (status: number, headers: Readonly<Record<string, string>>): Promise<number | null> => {
    hub.mischief = at('GET', (response) => send(response, { status, body: null, headers }));
    return (await ask(hub)).retryAfterMs;
  };
  assert.equal(await reply(429, { 'retry-after': '7' }), 7000);
  assert.equal(await reply(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }), 0);
  const inAnHour = await reply(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 3600) });
  assert.ok(inAnHour !== null && inAnHour > 3_000_000 && inAnHour <= 3_601_000);
  assert.equal(await reply(403, { 'x-ratelimit-remaining': '12', 'x-ratelimit-reset': '1' }), null);
  assert.equal(await reply(403, { 'retry-after': 'soon' }), null);
  assert.equal(await reply(200, { 'retry-after': '7' }), null);
});

test('where nothing answers, breaks off, drips or is without end, GitHub is unreachable and the token unsaid', async (t) => {
  const hub = await startGitHub(t);
  const faults = {
    reset: at('GET', (response) => response.destroy()),
    'breaks off': at('GET', (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"a":');
      response.socket?.end();
    }),
    silent: at('GET', () => {}),
    drips: at('GET', (response) => response.writeHead(200).write('[')),
    endless: at('GET', (response) => response.writeHead(200).end(Buffer.alloc((16 << 20) + 1, '['))),
  };
  for (const [name, mischief] of Object.entries(faults)) {
    hub.mischief = mischief;
    const timeoutMs = name === 'endless' ? 30_000 : 300;
    const github = createGitHub({ GITHUB_API_URL: hub.url, GITHUB_TOKEN: TOKEN }, timeoutMs);
    const error = await refusalOf(github.request(ISSUES, PLACE));
    assert.equal(error.code, 'GITHUB_UNREACHABLE', name);
    assert.doesNotMatch(inspect(error, { depth: 9 }) + JSON.stringify(toProblem(error)), /ghs_/, name);
  }
  const nobody = createGitHub({ GITHUB_API_URL: await closedAddress(), GITHUB_TOKEN: TOKEN }).request(ISSUES, PLACE);
  const problem = toProblem(await refusalOf(nobody));
  assert.deepEqual([problem.code, problem.retryable, problem.title.includes('ECONNREFUSED')], ['GITHUB_UNREACHABLE', true, true]);
});

test('an interrupted run stops waiting, with the reason of the interruption', async (t) => {
  const hub = await startGitHub(t);
  const stop = new AbortController();
  const reason = new SophiaError('INTERRUPTED', { signal: 'SIGINT' });
  hub.mischief = at('GET', () => stop.abort(reason));
  const github = createGitHub({ GITHUB_API_URL: hub.url });
  assert.equal(await refusalOf(github.request(ISSUES, PLACE, stop.signal)), reason);
  assert.equal(await refusalOf(github.request(ISSUES, PLACE, stop.signal)), reason);
  assert.equal(hub.seen.length, 1);
});

test('a token goes nowhere in clear, and what is refused is not repeated', async () => {
  const urls = [
    'http://github.example',
    'https://me:hunter2@github.example',
    'https://github.example?key=hunter2',
    'ftp://localhost',
    'hunter2',
  ];
  for (const url of urls) {
    const error = await refusalOf(createGitHub({ GITHUB_API_URL: url, GITHUB_TOKEN: TOKEN }).request(ISSUES, PLACE));
    assert.deepEqual([error.code, error.exitCode], ['GITHUB_API_URL_INVALID', 2], url);
    assert.doesNotMatch(error.message, /hunter2/);
  }
  for (const token of ['two words', 'line\nbreak', 'ümlaut']) {
    const error = await refusalOf(createGitHub({ GITHUB_TOKEN: token }).request(ISSUES, PLACE));
    assert.equal(error.code, 'GITHUB_TOKEN_INVALID');
    assert.ok(!error.message.includes(token));
  }
});
