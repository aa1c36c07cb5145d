import assert from 'node:assert/strict';
import process from 'node:process';
import { test, type TestContext } from 'node:test';
import { fromJSONSchema } from 'zod';
import search from '../../../src/commands/search/command.ts';
import { dataSchema } from '../../../src/commands/search/data.ts';
import { SophiaError, type ErrorCode } from '../../../src/errors.ts';
import { perform, type Performed } from '../../../src/faces/perform.ts';
import type { JsonObject } from '../../../src/outcome.ts';
import { contextFor } from '../../fakes/context.ts';
import { atPath, send, startContextService, TOKEN, type FakeService } from '../../fakes/context-service.ts';

const PLAIN = { query: 'alpha', mode: 'auto', path: [], lang: [], limit: 10, context: 2, explain: false };

function recordOf(name: string, score: number, more: JsonObject = {}): JsonObject {
  return {
    id: name,
    type: 'code',
    title: name,
    path: name,
    line: 3,
    end_line: 4,
    snippet: `in ${name}`,
    symbol: null,
    score,
    similarity_score: 1,
    ranking: 'bm25',
    why: null,
    blob: 'ab',
    ...more,
  };
}

function pageOf(data: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return { data, next_cursor: null, has_more: false, stale: false, partial: false, ...more };
}

async function ask(t: TestContext, service: Pick<FakeService, 'url'>, options: Readonly<Record<string, unknown>> = {}): Promise<Performed> {
  const context = contextFor(t, { env: { PATH: process.env['PATH'], SOPHIA_SERVICE_TOKEN: TOKEN } });
  const performed = await perform(context, { command: search, options: { ...PLAIN, url: service.url, ...options }, argv: [] });
  if (performed.document.error === null)
    fromJSONSchema(dataSchema as unknown as Parameters<typeof fromJSONSchema>[0]).parse(performed.document.data);
  return performed;
}

test('what a service answers is shown like the answer of an index', async (t) => {
  const service = await startContextService(t);
  const symbol = { name: 'alpha', kind: 'function', container: null, signature: 'function alpha()' };
  const freshness = { indexed_commit: 'c'.repeat(40), head: null, dirty: false, stale: false, live_files: 0 };
  service.search = () =>
    pageOf([recordOf('b.ts', 2), recordOf('a.ts', 9, { symbol, why: { body: 4, path: 0, symbols: 5, history: 0 } })], {
      mode: 'words',
      freshness,
    });
  const { exitCode, document, markdown } = await ask(t, service, { explain: true });
  assert.equal(exitCode, 0);
  const data = document.data as { hits: { path: string }[]; service: string };
  assert.deepEqual(data.hits[0], {
    path: 'a.ts',
    line: 3,
    end_line: 4,
    snippet: 'in a.ts',
    symbol,
    score: 9,
    why: { body: 4, path: 0, symbols: 5, history: 0 },
    blob: 'ab',
  });
  assert.equal(data.service, service.url);
  assert.match(markdown, /\*\*a\.ts:3\*\* function `alpha` — score 9\.00 = body 4\.00 \+ symbols 5\.00/);
});

test('all that was asked is sent, and nothing that was not', async (t) => {
  const service = await startContextService(t);
  await ask(t, service);
  await ask(t, service, {
    query: 'a & b',
    mode: 'literal',
    path: ['src/**', '*.md'],
    lang: ['typescript'],
    kind: 'class',
    limit: 7,
    context: 0,
    repository: 'acme/app',
  });
  assert.deepEqual(
    service.seen.map(({ url }) => Object.fromEntries(url.searchParams)),
    [
      { q: 'alpha', mode: 'auto', context_lines: '2', limit: '10' },
      {
        q: 'a & b',
        mode: 'literal',
        path: 'src/**,*.md',
        lang: 'typescript',
        kind: 'class',
        context_lines: '0',
        repository: 'acme/app',
        limit: '7',
      },
    ],
  );
});

test('more than a page is asked for page by page', async (t) => {
  const service = await startContextService(t);
  service.search = (query) => {
    const from = Number(query.get('cursor') ?? 0);
    const to = from + Number(query.get('limit'));
    return pageOf(
      Array.from({ length: to - from }, (_, index) => recordOf(`${from + index}.ts`, 1000 - from - index)),
      { next_cursor: String(to), has_more: true },
    );
  };
  const { document } = await ask(t, service, { limit: 450 });
  assert.deepEqual(
    service.seen.map(({ url }) => url.searchParams.get('limit')),
    ['200', '200', '50'],
  );
  assert.equal((document.data as { hits: unknown[] }).hits.length, 450);
});

test('no hit is exit 1, with who was asked; a page of another kind has its title for a path', async (t) => {
  const service = await startContextService(t);
  const none = await ask(t, service);
  assert.equal(none.exitCode, 1);
  assert.match(none.markdown, /No hit.*nothing matches "alpha" as words in http:\/\/127\.0\.0\.1/);
  service.search = () => pageOf([{ id: 'p1', title: 'Roadmap', snippet: 'alpha', score: 1 }], { stale: true });
  const { markdown } = await ask(t, service);
  assert.match(markdown, /\*\*Roadmap:1\*\*/);
  assert.match(markdown, /The index of http:\S+ is behind its sources\./);
});

const WRONG: readonly (readonly [string, number, ErrorCode, FakeService['mischief']])[] = [
  ['a refusal', 4, 'SERVICE_REFUSED', atPath('/context/search', (response) => response.writeHead(401).end())],
  [
    'too many requests',
    3,
    'SERVICE_UNAVAILABLE',
    atPath('/context/search', (response) => response.writeHead(429, { 'retry-after': '1' }).end()),
  ],
  ['a page in HTML', 3, 'SERVICE_BAD_ANSWER', atPath('/context/search', (response) => response.end('<html>'))],
  [
    'a regular expression the service refuses',
    2,
    'SERVICE_REJECTED',
    atPath('/context/search', (response) => send(response, 400, { code: 'REGEX_INVALID', title: 'unclosed group' })),
  ],
  ['hits without a place', 3, 'SERVICE_BAD_ANSWER', atPath('/context/search', (response) => send(response, 200, pageOf([{ id: 'x' }])))],
  [
    'pages that never end',
    3,
    'SERVICE_BAD_ANSWER',
    atPath('/context/search', (response) => send(response, 200, pageOf([], { has_more: true, next_cursor: 'c' }))),
  ],
  ['a cut connection', 3, 'NET_UNREACHABLE', atPath('/context/search', (response) => response.destroy())],
  [
    'a redirect',
    3,
    'SERVICE_BAD_ANSWER',
    atPath('/context/search', (response) => response.writeHead(302, { location: 'https://example.org' }).end()),
  ],
];
for (const [name, exitCode, code, mischief] of WRONG) {
  test(`${name} is ${code}, exit ${exitCode}`, async (t) => {
    const service = await startContextService(t);
    service.mischief = mischief;
    const performed = await ask(t, service);
    assert.deepEqual([performed.exitCode, performed.document.error?.code], [exitCode, code]);
  });
}

test('--repository without --url, and a URL that is none, are said before anything is asked', async (t) => {
  const context = contextFor(t);
  const isCoded = (code: ErrorCode) => (error: unknown) => error instanceof SophiaError && error.code === code;
  const options = { ...PLAIN, mode: 'auto', kind: undefined, url: undefined, repository: undefined } as const;
  await assert.rejects(async () => await search.run(context, { ...options, repository: 'acme/app' }), isCoded('USAGE'));
  await assert.rejects(async () => await search.run(context, { ...options, url: 'http://example.com' }), isCoded('SERVICE_URL_INVALID'));
  await assert.rejects(async () => await search.run(context, { ...options, url: 'https://example.com' }), isCoded('SERVICE_TOKEN_INVALID'));
});
