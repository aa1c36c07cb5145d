import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Context } from '../../../src/context.ts';
import { SophiaError } from '../../../src/errors.ts';
import { buildIndex } from '../../../src/index/indexer.ts';
import { parseAddress } from '../../../src/index/push/address.ts';
import { judgePush } from '../../../src/index/push/judge.ts';
import { push, type PushReport } from '../../../src/index/push/push.ts';
import { ContextService } from '../../../src/index/push/service.ts';
import { foldVerdicts } from '../../../src/outcome.ts';
import { contextFor, git, type Overrides } from '../../fakes/context.ts';
import { EVERYTHING } from '../../fakes/index-request.ts';
import { atPath, send, startContextService, TOKEN, type FakeService } from '../../fakes/context-service.ts';

const REPOSITORY = 'acme/app';
const FILES = {
  'src/a.ts': 'export function alpha(): void {}\n',
  'src/b.ts': "import './a.ts';\nexport const beta = 1;\n",
  'README.md': '# Demo\n',
};

interface Bench {
  readonly context: Context;
  readonly service: FakeService;
  readonly waits: number[];
  readonly push: (token?: string | null) => Promise<PushReport>;
}

async function bench(
  t: TestContext,
  files: Readonly<Record<string, string | Uint8Array>> = FILES,
  overrides: Overrides = {},
): Promise<Bench> {
  const service = await startContextService(t);
  const waits: number[] = [];
  const sleep = (ms: number): Promise<void> => {
    waits.push(ms);
    return Promise.resolve();
  };
  const context = contextFor(t, { clock: { sleep }, ...overrides });
  git(context.directory, 'init', '-q');
  write(context, files);
  git(context.directory, 'add', '-A');
  git(context.directory, 'commit', '-q', '-m', 'the beginning');
  return {
    context,
    service,
    waits,
    push: async (token = TOKEN) => {
      await index(context);
      const client = new ContextService(context, {
        address: parseAddress(service.url),
        token,
        variable: 'SOPHIA_INDEX_TOKEN',
        refusal: 'PUSH_REFUSED',
        attempts: 3,
      });
      return await push(context, client, { root: context.directory, repository: REPOSITORY, commit: null });
    },
  };
}

function write(context: Context, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(context.directory, name)), { recursive: true });
    fs.writeFileSync(path.join(context.directory, name), text);
  }
}

async function index(context: Context): Promise<void> {
  await buildIndex(context, { root: context.directory, ...EVERYTHING });
}

function verdictOf(report: PushReport): string {
  return foldVerdicts(judgePush(report).map(({ verdict }) => verdict));
}

function posts(service: FakeService) {
  return service.seen.filter(({ method }) => method === 'POST');
}

interface HeldEntry {
  readonly id: string;
  readonly title: string;
  readonly content: string;
  readonly metadata: { readonly blob: string; readonly history: readonly string[] };
}

function entryOf(service: FakeService, name: string): HeldEntry {
  const entries = [...service.store.get(REPOSITORY)!.values()] as unknown as HeldEntry[];
  return entries.find(({ title }) => title === name)!;
}

test('a first push sends every file with what the index knows of it, and the service answers for it', async (t) => {
  const { service, push: run } = await bench(t);
  const report = await run();
  assert.equal(verdictOf(report), 'pass');
  assert.deepEqual([report.entries, report.sent, report.indexed, report.batches, report.held?.entries], [3, 3, 3, 1, 3]);
  const entry = entryOf(service, 'src/b.ts');
  assert.match(entry.id, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual(entry, {
    id: entry.id,
    type: 'code',
    title: 'src/b.ts',
    content: FILES['src/b.ts'],
    metadata: {
      path: 'src/b.ts',
      language: 'typescript',
      blob: entry.metadata.blob,
      kind: 'source',
      symbols: [
        { name: 'beta', kind: 'constant', container: null, line: 2, end_line: 2, signature: 'export const beta = 1;', exported: true },
      ],
      history: ['the beginning'],
      imports: ['./a.ts'],
    },
    source: { type: 'github', reference_id: 'acme/app:src/b.ts' },
  });
  const [post] = posts(service);
  assert.deepEqual(Object.keys(post!.body!).sort(), ['batch_id', 'commit', 'entries', 'overwrite_existing', 'removed', 'repository']);
  assert.equal(post!.headers['idempotency-key'], post!.body!['batch_id']);
  assert.equal(post!.headers['content-encoding'], 'gzip');
  assert.equal(post!.body!['overwrite_existing'], true);
});

test('a second push sends nothing', async (t) => {
  const { service, push: run } = await bench(t);
  await run();
  service.seen.length = 0;
  const report = await run();
  assert.equal(verdictOf(report), 'pass');
  assert.deepEqual([report.sent, report.batches, report.sentBytes], [0, 0, 0]);
  assert.deepEqual(
    service.seen.map(({ method, url }) => `${method} ${url.pathname}${url.search}`),
    ['GET /context/stats?repository=acme%2Fapp&type=code'],
  );
});

test('after an edit, a new file and a removal only those are sent', async (t) => {
  const { context, service, push: run } = await bench(t);
  await run();
  write(context, { 'src/a.ts': 'export function omega(): void {}\n', 'src/c.ts': 'export {};\n' });
  fs.rmSync(path.join(context.directory, 'README.md'));
  const report = await run();
  assert.equal(verdictOf(report), 'pass');
  assert.deepEqual([report.entries, report.sent, report.removed], [3, 2, 1]);
  const last = posts(service).at(-1)!.body as { entries: { title: string }[]; removed: string[] };
  assert.deepEqual(last.entries.map(({ title }) => title).sort(), ['src/a.ts', 'src/c.ts']);
  assert.equal(last.removed.length, 1);
});

test('a new subject in the history of a file is a difference too', async (t) => {
  const { context, service, push: run } = await bench(t);
  await run();
  write(context, { 'src/a.ts': 'export {};\n' });
  git(context.directory, 'commit', '-q', '-am', 'another');
  write(context, { 'src/a.ts': FILES['src/a.ts'] });
  git(context.directory, 'commit', '-q', '-am', 'and back');
  const report = await run();
  assert.deepEqual([report.sent, verdictOf(report)], [1, 'pass']);
  assert.deepEqual(entryOf(service, 'src/a.ts').metadata.history, ['and back', 'another', 'the beginning']);
});

test('the same change made again later is a new batch, a repeated request is not', async (t) => {
  const { context, service, push: run } = await bench(t);
  await run();
  const there = { 'src/a.ts': '// there\n' };
  write(context, there);
  service.mischief = atPath('/context/index', (response) => response.destroy(), 1);
  assert.equal(verdictOf(await run()), 'flaky');
  const [, cut, repeated] = posts(service).map(({ body }) => body!['batch_id']);
  assert.equal(cut, repeated);
  write(context, FILES);
  await run();
  write(context, there);
  await run();
  assert.notEqual(posts(service).at(-1)!.body!['batch_id'], repeated);
});

test('what the service holds is read page by page', async (t) => {
  const { context, service, push: run } = await bench(t);
  await run();
  service.pageEntries = 1;
  write(context, { 'src/a.ts': '// other\n' });
  const report = await run();
  assert.deepEqual([report.sent, report.removed, verdictOf(report)], [1, 0, 'pass']);
  assert.equal(service.seen.filter(({ url }) => url.searchParams.has('entries')).length, 1 + 3);
});

test('batches stay under four mebibytes before compression, each with an id of its own', async (t) => {
  const text = (megabytes: number, seed: string): string =>
    `${seed} some words of a line\n`.repeat(Math.ceil((megabytes * (1 << 20)) / (seed.length + 22)));
  const files = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`src/${index}.txt`, text(0.9, `w${index}`)]));
  const { service, push: run } = await bench(t, files);
  const report = await run();
  assert.equal(verdictOf(report), 'pass');
  assert.ok(report.batches > 1);
  for (const { inflatedBytes, wireBytes } of posts(service)) assert.ok(inflatedBytes <= 4 << 20 && wireBytes < inflatedBytes);
  assert.equal(new Set(posts(service).map(({ body }) => body!['batch_id'])).size, report.batches);
});

test('names and texts that no store takes are made storable, and the digest still agrees', async (t) => {
  const late = Buffer.from(`${'text\n'.repeat(2000)}a\0b\n`);
  const {
    context,
    service,
    push: run,
  } = await bench(t, {
    'late.txt': late,
    'latin.txt': Buffer.from('caf\xe9\n', 'latin1'),
    'wide.txt': Buffer.from('\ufeffgr\u00fcn\n', 'utf16le'),
  });
  fs.writeFileSync(
    Buffer.concat([Buffer.from(`${context.directory}/`), Buffer.from([0x66, 0xff, 0x2e, 0x74, 0x78, 0x74])]),
    'strange name\n',
  );
  const report = await run();
  assert.equal(verdictOf(report), 'pass');
  assert.equal(report.entries, 4);
  assert.ok(entryOf(service, 'late.txt').content.endsWith('a\uFFFDb\n'));
  assert.equal(entryOf(service, 'wide.txt').content, 'gr\u00fcn\n');
  assert.equal(entryOf(service, 'f\uFFFD.txt').content, 'strange name\n');
});

test('files that only git has are pushed too', async (t) => {
  const { context, push: run } = await bench(t);
  git(context.directory, 'sparse-checkout', 'set', '--no-cone', '/README.md');
  assert.equal(fs.existsSync(path.join(context.directory, 'src/a.ts')), false);
  const report = await run();
  assert.deepEqual([report.entries, verdictOf(report)], [3, 'pass']);
});

test('a file edited between indexing and pushing stops the push before anything is sent', async (t) => {
  const { context, service } = await bench(t);
  write(context, { 'new.txt': 'not known to git\n' });
  await index(context);
  write(context, { 'new.txt': 'changed meanwhile\n' });
  const client = new ContextService(context, {
    address: parseAddress(service.url),
    token: TOKEN,
    variable: 'SOPHIA_INDEX_TOKEN',
    refusal: 'PUSH_REFUSED',
    attempts: 1,
  });
  const report = await push(context, client, { root: context.directory, repository: REPOSITORY, commit: null });
  assert.deepEqual([report.missing, verdictOf(report), service.seen.length], [['new.txt'], 'unknown', 0]);
});

test('entries that are not taken fail the push with their codes, and the rest is there', async (t) => {
  const { service, push: run } = await bench(t);
  service.refuse = (entry) => (entry['title'] === 'README.md' ? 'ENTRY_INVALID' : null);
  const report = await run();
  assert.deepEqual(
    report.refused.map(({ path: name, code }) => [name, code]),
    [['README.md', 'ENTRY_INVALID']],
  );
  assert.deepEqual(
    judgePush(report).map(({ check, verdict, code }) => [check, verdict, code]),
    [
      ['push-entries', 'fail', 'ENTRY_INVALID'],
      ['push', 'fail', undefined],
    ],
  );
  service.refuse = () => 'ENTRY_EXISTS';
  assert.equal(verdictOf(await run()), 'fail');
});

test('a digest that is not ours is a failed push, whatever the service said before', async (t) => {
  const { service, push: run } = await bench(t);
  service.mischief = atPath('/context/stats', (response, { url }) => {
    const body = { repository: REPOSITORY, entries: 3, generation: 1, digest: 'f'.repeat(64) };
    send(response, 200, url.searchParams.has('entries') ? { data: [], generation: 1, next_cursor: null, has_more: false } : { data: body });
  });
  const report = await run();
  const finding = judgePush(report).at(-1)!;
  assert.deepEqual([finding.check, finding.verdict], ['push', 'fail']);
  assert.deepEqual(finding.expected, { entries: 3, digest: report.digest });
});

test('a store that says yes and keeps nothing is found out', async (t) => {
  const { service, push: run } = await bench(t);
  service.mischief = atPath('/context/index', (response) =>
    send(response, 200, { repository: REPOSITORY, generation: 1, indexed_count: 3, skipped_count: 0, removed_count: 0, failed: [] }),
  );
  assert.equal(verdictOf(await run()), 'fail');
});

const LATER: readonly (readonly [string, number, Readonly<Record<string, string>>, readonly number[]])[] = [
  ['429 with Retry-After', 429, { 'retry-after': '7' }, [7000, 7000]],
  ['429 without', 429, {}, [500, 1000]],
  ['503 with a date of the past', 503, { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, [0, 0]],
  ['429 that asks for an hour', 429, { 'retry-after': '3600' }, []],
];
for (const [name, status, headers, expected] of LATER) {
  test(`${name}: it is waited for as asked, up to a limit, then it is unknown`, async (t) => {
    const { service, waits, push: run } = await bench(t);
    service.mischief = atPath('/context/stats', (response) =>
      send(response, status, { code: 'RATE_LIMITED', title: 'slow down' }, headers),
    );
    const report = await run();
    assert.deepEqual([verdictOf(report), report.stopped?.code, waits], ['unknown', 'SERVICE_UNAVAILABLE', expected]);
  });
}

test('an answer on the second try is flaky, not pass', async (t) => {
  const { service, push: run } = await bench(t);
  service.mischief = atPath('/context/stats', (response) => send(response, 429, {}, { 'retry-after': '1' }), 1);
  const report = await run();
  assert.deepEqual([verdictOf(report), report.retries], ['flaky', 1]);
});

const HTML = '<!doctype html><title>Sign in with token-of-a-stranger</title>';
const STRANGE: readonly (readonly [string, string, (service: FakeService) => FakeService['mischief']])[] = [
  [
    'a 500 page in HTML',
    'SERVICE_UNAVAILABLE',
    () => atPath('/context/stats', (response) => response.writeHead(500, { 'content-type': 'text/html' }).end(HTML)),
  ],
  ['HTML on 200', 'SERVICE_BAD_ANSWER', () => atPath('/context/stats', (response) => response.writeHead(200).end(HTML))],
  ['a 404 page of something else', 'SERVICE_BAD_ANSWER', () => atPath('/context/stats', (response) => response.writeHead(404).end(HTML))],
  ['JSON of another shape', 'SERVICE_BAD_ANSWER', () => atPath('/context/stats', (response) => send(response, 200, { ok: true }))],
  [
    'bytes that are no UTF-8',
    'SERVICE_BAD_ANSWER',
    () => atPath('/context/stats', (response) => response.end(Buffer.from([0x22, 0xff, 0x22]))),
  ],
  [
    'stats of another repository',
    'SERVICE_BAD_ANSWER',
    () =>
      atPath('/context/stats', (response) =>
        send(response, 200, { data: { repository: 'x', entries: 0, generation: 0, digest: '0'.repeat(64) } }),
      ),
  ],
  [
    'half a listing',
    'SERVICE_BAD_ANSWER',
    () => (seen, response) =>
      seen.url.searchParams.has('entries') &&
      (send(response, 200, { data: [], generation: 0, next_cursor: null, has_more: false, partial: true }), true),
  ],
  [
    'pages that never end',
    'SERVICE_BAD_ANSWER',
    () => (seen, response) =>
      seen.url.searchParams.has('entries') &&
      (send(response, 200, { data: [], generation: 0, next_cursor: 'again', has_more: true }), true),
  ],
  [
    'a listing that changes under the reader',
    'SERVICE_UNAVAILABLE',
    () => (seen, response, turn) =>
      seen.url.searchParams.has('entries') &&
      (send(response, 200, { data: [], generation: turn, next_cursor: `c${turn}`, has_more: true }), true),
  ],
  ['a huge answer', 'HTTP_TOO_LARGE', () => atPath('/context/stats', (response) => response.end(Buffer.alloc(9 << 20, 0x20)))],
  ['a cut connection', 'NET_UNREACHABLE', () => atPath('/context/index', (response) => response.destroy())],
  [
    'a body cut in the middle',
    'NET_UNREACHABLE',
    () =>
      atPath('/context/stats', (response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"data":');
        setImmediate(() => response.destroy());
      }),
  ],
  [
    'an answer for another number of entries',
    'SERVICE_BAD_ANSWER',
    () =>
      atPath('/context/index', (response) =>
        send(response, 200, { repository: REPOSITORY, generation: 1, indexed_count: 1, skipped_count: 0, removed_count: 0, failed: [] }),
      ),
  ],
];
for (const [name, code, mischief] of STRANGE) {
  test(`${name} is unknown, and its text goes nowhere`, async (t) => {
    const { service, push: run } = await bench(t);
    service.mischief = mischief(service);
    const report = await run();
    assert.deepEqual([verdictOf(report), report.stopped?.code], ['unknown', code]);
    assert.doesNotMatch(JSON.stringify(judgePush(report)), /stranger/);
  });
}

test('a redirect is not followed: the token stays at home', async (t) => {
  const { service, push: run } = await bench(t);
  const other = await startContextService(t);
  service.mischief = atPath('/context/stats', (response) => response.writeHead(307, { location: `${other.url}/context/stats` }).end());
  const report = await run();
  assert.deepEqual([verdictOf(report), report.stopped?.code, other.seen.length], ['unknown', 'SERVICE_BAD_ANSWER', 0]);
});

test('a refusal with a code of the service is a failed push', async (t) => {
  const { service, push: run } = await bench(t);
  service.mischief = atPath('/context/index', (response) =>
    send(response, 409, { code: 'IDEMPOTENCY_CONFLICT', title: 'the same key with another body' }),
  );
  const report = await run();
  assert.deepEqual([verdictOf(report), report.stopped?.code], ['fail', 'SERVICE_REJECTED']);
  assert.match(judgePush(report).at(-1)!.reason, /IDEMPOTENCY_CONFLICT/);
});

for (const status of [401, 403]) {
  test(`${status} is a refusal with exit 4, and is not tried again`, async (t) => {
    const { service, push: run } = await bench(t);
    service.mischief = atPath('/context/stats', (response) => response.writeHead(status).end());
    const report = await run();
    assert.deepEqual([report.stopped?.code, report.stopped?.exitCode, service.seen.length], ['PUSH_REFUSED', 4, 1]);
  });
}

test('nothing listening is unknown', async (t) => {
  const { context, service } = await bench(t);
  await index(context);
  const client = new ContextService(context, {
    address: parseAddress('http://127.0.0.1:1'),
    token: TOKEN,
    variable: 'SOPHIA_INDEX_TOKEN',
    refusal: 'PUSH_REFUSED',
    attempts: 2,
  });
  const report = await push(context, client, { root: context.directory, repository: REPOSITORY, commit: null });
  assert.deepEqual([verdictOf(report), report.stopped?.code, report.retries, service.seen.length], ['unknown', 'NET_REFUSED', 1, 0]);
});

test('Ctrl-C in the middle of a request ends the push with its reason', async (t) => {
  const stop = new AbortController();
  const { service, push: run } = await bench(t, FILES, { signal: stop.signal });
  service.mischief = atPath('/context/index', () => stop.abort(new SophiaError('INTERRUPTED', { signal: 'SIGINT' })));
  await assert.rejects(run, (error: unknown) => error instanceof SophiaError && error.code === 'INTERRUPTED');
});

test('the token is in one header and nowhere else', async (t) => {
  const { service, push: run } = await bench(t);
  const report = await run();
  assert.ok(service.seen.every(({ headers }) => headers.authorization === `Bearer ${TOKEN}`));
  assert.ok(service.seen.every(({ url, body }) => !`${url.href}${JSON.stringify(body)}`.includes(TOKEN)));
  assert.ok(!JSON.stringify([report, judgePush(report)]).includes(TOKEN));
});
