import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test, type TestContext } from 'node:test';
import { fromJSONSchema } from 'zod';
import index from '../../../src/commands/index/command.ts';
import { dataSchema } from '../../../src/commands/index/data.ts';
import proofsVerify from '../../../src/commands/proofs-verify/command.ts';
import type { Context } from '../../../src/context.ts';
import { SophiaError, type ErrorCode } from '../../../src/errors.ts';
import { parseOptions } from '../../../src/faces/options.ts';
import { perform, type Performed } from '../../../src/faces/perform.ts';
import { contextFor, git, type Overrides } from '../../fakes/context.ts';
import { atPath, send, startContextService, TOKEN } from '../../fakes/context-service.ts';

const PLAIN = {
  path: '.',
  full: false,
  history: 100,
  maxFileSize: 1 << 20,
  include: [],
  exclude: [],
  skipped: false,
  wait: false,
  workers: 1,
  watch: false,
  dryRun: false,
} as const;

function repository(t: TestContext, overrides: Overrides = {}): Context {
  const context = contextFor(t, {
    env: { PATH: process.env['PATH'], SOPHIA_INDEX_TOKEN: TOKEN },
    clock: { sleep: () => Promise.resolve() },
    ...overrides,
  });
  git(context.directory, 'init', '-q');
  fs.writeFileSync(path.join(context.directory, 'a.ts'), 'export const a = 1;\n');
  fs.writeFileSync(path.join(context.directory, 'b.md'), '# B\n');
  git(context.directory, 'add', '-A');
  git(context.directory, 'commit', '-q', '-m', 'first');
  return context;
}

async function run(context: Context, options: Readonly<Record<string, unknown>>, argv: readonly string[] = []): Promise<Performed> {
  const performed = await perform(context, { command: index, options: { ...PLAIN, ...options }, argv: ['index', ...argv] });
  if (performed.document.error === null)
    fromJSONSchema(dataSchema as unknown as Parameters<typeof fromJSONSchema>[0]).parse(performed.document.data);
  return performed;
}

async function verify(context: Context) {
  const options = parseOptions(proofsVerify.options, { command: proofsVerify.name, flags: {}, env: {}, config: {} });
  const { document } = await perform(context, { command: proofsVerify, options, argv: [] });
  const { data, findings } = document as typeof document & { readonly data: { readonly proofs: number; readonly views: number } };
  return { proofs: data.proofs, views: data.views, wrong: findings.filter(({ verdict }) => verdict === 'fail') };
}

function isCoded(code: ErrorCode): (error: unknown) => boolean {
  return (error) => error instanceof SophiaError && error.code === code;
}

test('--push brings a service up to date, proves what the service answered, and a second one sends nothing', async (t) => {
  const service = await startContextService(t);
  const context = repository(t);
  const first = await run(context, { push: service.url }, ['--push', service.url]);
  assert.equal(first.exitCode, 0, first.markdown);
  assert.match(first.markdown, /Pushed 2 files to http:\/\/127\.0\.0\.1:\d+ in 1 batch \(\d+ B\); 0 removed there\./);
  assert.match(first.markdown, /The service holds 2 files, digest `[0-9a-f]{16}`\./);
  const finding = first.document.findings.find(({ check }) => check === 'push')!;
  assert.equal(finding.verdict, 'pass');
  assert.equal((finding.observed as { entries: number }).entries, 2);
  const second = await run(context, { push: service.url });
  assert.match(second.markdown, /Pushed nothing/);
  assert.equal(service.seen.filter(({ method }) => method === 'POST').length, 1);
  assert.deepEqual(await verify(context), { proofs: 2, views: 0, wrong: [] });
});

test('the token is in no proof and no document', async (t) => {
  const service = await startContextService(t);
  service.mischief = atPath('/context/index', (response, { headers }) =>
    send(response, 409, { code: 'CONFLICT', title: `you sent ${headers.authorization}` }),
  );
  const context = repository(t);
  const { document, markdown } = await run(context, { push: service.url });
  const kept = fs.readFileSync(path.join(context.directory, document.proof!.path), 'utf8');
  assert.match(kept, /\[redacted:env:SOPHIA_INDEX_TOKEN\]/);
  for (const text of [kept, JSON.stringify(document), markdown]) assert.ok(!text.includes(TOKEN));
});

test('a refused push exits 4, and what was indexed is in the proof all the same', async (t) => {
  const service = await startContextService(t);
  const context = repository(t, { env: { PATH: process.env['PATH'], SOPHIA_INDEX_TOKEN: 'the-token-of-another' } });
  const { exitCode, document } = await run(context, { push: service.url });
  assert.deepEqual([exitCode, document.error?.code, document.result], [4, 'PUSH_REFUSED', 'UNKNOWN']);
  assert.deepEqual([(document.data as { files: number }).files, document.findings[0]?.verdict], [2, 'pass']);
  assert.match(document.error!.hint, /SOPHIA_INDEX_TOKEN/);
});

test('a mismatch exits 1, an unreachable or overloaded service 3', async (t) => {
  const service = await startContextService(t);
  const context = repository(t);
  service.mischief = atPath('/context/index', (response) =>
    send(response, 200, {
      repository: path.basename(context.directory),
      generation: 1,
      indexed_count: 2,
      skipped_count: 0,
      removed_count: 0,
      failed: [],
    }),
  );
  assert.equal((await run(context, { push: service.url })).exitCode, 1);
  service.mischief = atPath('/context/stats', (response) => send(response, 429, {}, { 'retry-after': '1' }));
  assert.equal((await run(context, { push: service.url })).exitCode, 3);
  assert.equal((await run(context, { push: 'http://127.0.0.1:1' })).exitCode, 3);
});

test('an empty index does not empty the service', async (t) => {
  const service = await startContextService(t);
  const context = repository(t);
  await run(context, { push: service.url });
  fs.rmSync(path.join(context.directory, 'a.ts'));
  fs.rmSync(path.join(context.directory, 'b.md'));
  service.seen.length = 0;
  const { exitCode, document } = await run(context, { push: service.url });
  assert.deepEqual([exitCode, service.seen.length], [3, 0]);
  assert.deepEqual(
    document.findings.map(({ check, verdict }) => [check, verdict]),
    [
      ['read-back', 'pass'],
      ['covered', 'unknown'],
      ['push', 'blocked'],
    ],
  );
});

test('a wrong address, a missing token and a wrong payload are said before anything is indexed', async (t) => {
  const context = repository(t, { env: { PATH: process.env['PATH'] } });
  const link = path.join(context.directory, 'link.json');
  fs.symlinkSync('/dev/null', link);
  const wrong: readonly (readonly [ErrorCode, object])[] = [
    ['SERVICE_URL_INVALID', { push: 'http://context.example.com' }],
    ['SERVICE_TOKEN_INVALID', { push: 'https://context.example.com' }],
    ['PAYLOAD_TARGET_INVALID', { payload: '.' }],
    ['PAYLOAD_TARGET_INVALID', { payload: 'new/' }],
    ['PAYLOAD_TARGET_INVALID', { payload: 'nowhere/payload.json' }],
    ['PAYLOAD_TARGET_INVALID', { payload: 'link.json' }],
    ['PAYLOAD_TARGET_INVALID', { payload: 'proofs/payload.json' }],
    ['PAYLOAD_TARGET_INVALID', { payload: 'proofs/a/b/payload.json' }],
    ['PAYLOAD_TARGET_INVALID', { payload: 'proofs/ledger/payload.json' }],
    ['PAYLOAD_TARGET_INVALID', { payload: 'proofs/context_index/payload.txt' }],
    ['USAGE', { push: 'http://localhost', dryRun: true }],
    ['USAGE', { payload: 'p.json', watch: true }],
    ['USAGE', { watch: true, dryRun: true }],
  ];
  for (const [code, options] of wrong) {
    await assert.rejects(
      async () => await index.run(context, { ...PLAIN, push: undefined, payload: undefined, ...options }),
      isCoded(code),
      JSON.stringify(options),
    );
  }
  assert.equal(fs.existsSync(path.join(context.directory, '.sophia')), false);
});

test('--payload below proofs/ is a view of the proof, and is what a service takes', async (t) => {
  const context = repository(t);
  const { exitCode, document, markdown } = await run(context, { payload: 'proofs/context_index/payload.json' });
  assert.equal(exitCode, 0);
  assert.match(markdown, /Payload: `proofs\/context_index\/payload\.json`, 2 files/);
  const payload = JSON.parse(fs.readFileSync(path.join(context.directory, 'proofs/context_index/payload.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  assert.equal(`proofs/${String(payload['proof'])}`, document.proof!.path);
  assert.deepEqual(await verify(context), { proofs: 1, views: 1, wrong: [] });
  const service = await startContextService(t);
  const answer = await fetch(`${service.url}/context/index`, {
    method: 'POST',
    body: JSON.stringify(payload),
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  assert.deepEqual([answer.status, ((await answer.json()) as { indexed_count: number }).indexed_count], [200, 2]);
  assert.match((await run(context, { push: service.url })).markdown, /Pushed nothing/, 'loaded by hand, there is nothing left to push');
});

test('--payload elsewhere is a plain file, the same twice, and replaces the former one whole', async (t) => {
  const context = repository(t);
  const file = path.join(contextFor(t).directory, 'payload.json');
  fs.writeFileSync(file, 'x'.repeat(10_000));
  await run(context, { payload: file });
  const first = fs.readFileSync(file, 'utf8');
  assert.deepEqual(Object.keys(JSON.parse(first) as object), ['repository', 'commit', 'overwrite_existing', 'removed', 'entries']);
  await run(context, { payload: file });
  assert.equal(fs.readFileSync(file, 'utf8'), first);
});

test('a payload that cannot be written is a coded error, and the index is complete', async (t) => {
  const context = repository(t);
  const files = {
    ...context.files,
    replace: (file: string, bytes: Uint8Array | string) => (file.endsWith('payload.json') ? full() : context.files.replace(file, bytes)),
  };
  const { exitCode, document } = await run({ ...context, files }, { payload: 'payload.json' });
  assert.deepEqual([exitCode, document.error?.code], [3, 'PAYLOAD_NOT_WRITTEN']);
  assert.ok(fs.existsSync(path.join(context.directory, '.sophia/context.db')));
});

function full(): never {
  throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
}
