// sophia smoke against real servers: every service every time, a cause for every verdict, and a proof that holds.
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { fromJSONSchema } from 'zod';
import { runDataSchema } from '../../../src/operations/data.ts';
import { sendJson, sendText, serviceOf, type Routes } from '../../fakes/faults/healthy-service.ts';
import { listenHttp, type Listening } from '../../fakes/faults/listening.ts';
import { temporaryFolder } from '../../fakes/context.ts';
import { runSophia, sophia, startSophia, write, type Ended } from '../sophia.ts';

interface SmokeDocument {
  readonly result: string;
  readonly findings: readonly Found[];
  readonly data: {
    readonly services: readonly Readonly<Record<string, unknown>>[];
    readonly samples: readonly Readonly<Record<string, unknown>>[];
  };
  readonly error: { readonly code: string; readonly errors: readonly { readonly location?: object }[]; readonly title: string } | null;
  readonly proof: { readonly path: string } | null;
}

interface Found {
  readonly check: string;
  readonly target: string;
  readonly verdict: string;
  readonly reason: string;
  readonly code?: string;
  readonly location?: { readonly line: number };
}

async function listen(t: TestContext, routes: Routes = {}): Promise<Listening> {
  const server = await listenHttp(serviceOf(routes));
  t.after(async () => await server.close());
  return server;
}

function folderWith(t: TestContext, yaml: string): string {
  const cwd = temporaryFolder(t);
  write(cwd, { 'sophia.yaml': yaml });
  return cwd;
}

/** What a first sophia.yaml says of a service. */
function firstConfig({ port }: Listening, more = ''): string {
  return `version: 1
defaults: {timeout: 2s, retries: {network: 0, backoff: 1ms..2ms}}
services:
  mcp-repo:
    url: http://127.0.0.1:${port}
    health: {path: /healthz}
    metrics: {path: /metrics}
    checks:
      - {id: tree, get: /repo/tree, expect: {json: {$.entries: {type: array, min_items: 1}}}}
${more}`;
}

function documentOf({ stdout }: Ended): SmokeDocument {
  return JSON.parse(stdout) as SmokeDocument;
}

function verdicts(findings: readonly Found[]): readonly string[] {
  return findings.map(({ target, check, verdict, code }) => [target, check, verdict, code].filter((word) => word !== undefined).join(' '));
}

interface Proof {
  readonly predicate: { readonly findings: readonly Found[] };
}

interface StoredMetrics {
  readonly verdict: string;
  readonly format: string | null;
  readonly counters: { readonly requests_total: number } | null;
  readonly latencies: object | null;
  readonly slo: object | null;
  readonly error: { readonly code: string } | null;
}

function metricsIn(cwd: string): StoredMetrics {
  const [name = ''] = fs.readdirSync(path.join(cwd, 'proofs/metrics'));
  match(name, /^mcp-repo_\d{8}\.json$/);
  return JSON.parse(fs.readFileSync(path.join(cwd, 'proofs/metrics', name), 'utf8')) as StoredMetrics;
}

/** Everything that a run left in the folder, as text; logs unpacked. */
function everythingIn(folder: string): string {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name)).toString('latin1'))
    .join('\n');
}

test('a healthy service passes, and leaves a proof that holds, its health, and its metrics', async (t) => {
  const server = await listen(t);
  const cwd = folderWith(t, firstConfig(server));
  const ended = await runSophia({ cwd }, 'smoke', '--json');
  equal(ended.exitCode, 0, ended.stderr);
  const { result, findings, data, proof } = documentOf(ended);
  equal(result, 'PASSED');
  deepEqual(verdicts(findings), ['mcp-repo health pass', 'mcp-repo tree pass', 'mcp-repo metrics pass']);
  deepEqual(
    data.services.map(({ id, verdict, code }) => [id, verdict, code]),
    [['mcp-repo', 'pass', null]],
  );
  match(proof!.path, /^proofs\/smoke\//);
  equal(sophia({ cwd }, 'proofs', 'verify').exitCode, 0);
  const health = fs.readFileSync(path.join(cwd, 'proofs/healthz/mcp-repo.txt'), 'utf8');
  match(
    health,
    /^verdict: pass\nurl: http:\/\/127.0.0.1:\d+\/healthz\nstatus: 200\nat: .*\nms: \d+\ncommit: -\nsha256: [0-9a-f]{64}\nproof: smoke\/.*\n\n\{"status":"ok"/,
  );
  const metrics = metricsIn(cwd);
  deepEqual([metrics.verdict, metrics.format, metrics.counters?.requests_total, metrics.error], ['pass', 'openmetrics', 400, null]);
  deepEqual(server.requests.map(({ path: asked }) => asked).toSorted(), ['/healthz', '/metrics', '/repo/tree']);
});

test('one service that is ill stops nothing: every one has its findings, and a metrics page that is none is not stored as metrics', async (t) => {
  const [good, bad] = [
    await listen(t),
    await listen(t, {
      '/healthz': (_, response) => sendJson(response, { status: 'fail' }),
      '/repo/tree': (_, response) => response.writeHead(302, { location: '/login' }).end(),
      '/metrics': (_, response) =>
        sendText(response, '<!doctype html><title>Sign in</title>', { headers: { 'content-type': 'text/html' } }),
    }),
  ];
  const yaml = `${firstConfig(bad)}  good:\n    url: http://127.0.0.1:${good.port}\n  dead:\n    url: http://127.0.0.1:1\n  after:\n    url: http://127.0.0.1:${good.port}\n    needs: [dead]\n`;
  const cwd = folderWith(t, yaml);
  const ended = await runSophia({ cwd }, 'smoke');
  equal(ended.exitCode, 1);
  const proof = JSON.parse(fs.readFileSync(path.join(cwd, /proof: (\S+)/.exec(ended.stderr)![1]!), 'utf8')) as Proof;
  deepEqual(verdicts(proof.predicate.findings), [
    'mcp-repo health fail HEALTH_FAIL',
    'mcp-repo tree fail HTTP_REDIRECT',
    'mcp-repo metrics fail METRICS_NOT_METRICS',
    'good health pass',
    'dead health fail NET_REFUSED',
    'after health blocked',
  ]);
  match(ended.stdout, /- fail mcp-repo\n {2}- fail health: .*says "fail".*HEALTH_FAIL · sophia.yaml:/);
  match(
    ended.stderr,
    /fail: mcp-repo health: .*\n {2}asked: GET http:\/\/127.0.0.1:\d+\/healthz\n {2}expected: .*\n {2}observed: .*\n {2}answered: HTTP 200 /,
  );
  const metrics = metricsIn(cwd);
  deepEqual([metrics.counters, metrics.latencies, metrics.slo, metrics.error?.code], [null, null, null, 'METRICS_NOT_METRICS']);
  equal(sophia({ cwd }, 'proofs', 'verify').exitCode, 0);
  equal(good.requests.length, 1, 'what needs a service that is not there was not asked');
});

test('a typo in sophia.yaml is named with its line and a suggestion, and no server sees a request', async (t) => {
  const server = await listen(t);
  const cwd = folderWith(t, firstConfig(server).replace('expect:', 'expct:'));
  const ended = await runSophia({ cwd }, 'smoke');
  equal(ended.exitCode, 2);
  match(ended.stderr, /sophia\.yaml:9:\d+: .*expct.*did you mean "expect"/);
  const json = await runSophia({ cwd }, 'smoke', '--json');
  deepEqual(
    documentOf(json).error?.errors.map(({ location }) => Object.keys(location ?? {})),
    [['file', 'line', 'column']],
  );
  equal(server.requests.length, 0);
});

test('without services nothing is known, and an unknown service is a mistake with a suggestion', async (t) => {
  const server = await listen(t);
  for (const yaml of ['', 'version: 1\n', 'version: 1\nservices: {}\n']) {
    const ended = await runSophia({ cwd: folderWith(t, yaml) }, 'smoke', '--json');
    equal(ended.exitCode, 3, yaml);
    equal(documentOf(ended).result, 'UNKNOWN');
    equal(documentOf(ended).findings.at(-1)?.code, 'NOTHING_TO_CHECK');
  }
  equal((await runSophia({ cwd: temporaryFolder(t) }, 'smoke')).exitCode, 3);
  const ended = await runSophia({ cwd: folderWith(t, firstConfig(server)) }, 'smoke', '--service', 'mcp-rebo');
  equal(ended.exitCode, 2);
  match(ended.stderr, /no service "mcp-rebo" in sophia.yaml, did you mean "mcp-repo"\?/);
  equal(server.requests.length, 0);
});

test('a secret that is sent to a service is nowhere in what the run leaves or says', async (t) => {
  const secret = 'tr0ub4dor-and-3';
  const server = await listen(t, {
    '/repo/tree': (request, response) =>
      sendJson(response, { echo: request.headers.authorization, cookie: 'x' }, { status: 500, headers: { 'set-cookie': `sid=${secret}` } }),
  });
  const cwd = folderWith(
    t,
    firstConfig(server).replace('get: /repo/tree,', "get: /repo/tree, headers: {authorization: 'Bearer ${env.REPO_PASS}'},"),
  );
  const ended = await runSophia({ cwd, env: { REPO_PASS: secret } }, 'smoke', '--json', '--junit', 'j.xml', '--tap', 't.tap', '--verbose');
  equal(ended.exitCode, 1, ended.stderr);
  equal(
    server.requests.some(({ headers }) => headers['authorization'] === `Bearer ${secret}`),
    true,
  );
  const all = [ended.stdout, ended.stderr, everythingIn(cwd)].join('\n');
  equal(all.includes(secret), false);
  equal(all.includes(Buffer.from(secret).toString('base64')), false);
  match(all, /mcp-repo\.tree\.body/);
});

test('what a server writes to a terminal is shown and not obeyed', async (t) => {
  const server = await listen(t, { '/repo/tree': (_, response) => sendText(response, '\u001B]0;owned\u0007\u001B[2J', { status: 500 }) });
  const cwd = folderWith(t, firstConfig(server));
  const ended = await runSophia({ cwd }, 'smoke', '--junit', 'j.xml', '--tap', 't.tap');
  equal(ended.exitCode, 1);
  match(ended.stderr, /\\x1b\[2J/);
  for (const text of [
    ended.stdout,
    ended.stderr,
    fs.readFileSync(path.join(cwd, 'j.xml'), 'utf8'),
    fs.readFileSync(path.join(cwd, 't.tap'), 'utf8'),
  ]) {
    equal(text.includes('\u001B'), false);
  }
});

test('servers that hang or drip end in time, and all that is known by then is said', async (t) => {
  const server = await listen(t, {
    '/healthz': () => {},
    '/repo/tree': (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(drip));
    },
  });
  const cwd = folderWith(t, firstConfig(server));
  const ended = await runSophia({ cwd }, 'smoke', '--json', '--timeout', '300ms');
  equal(ended.exitCode, 1);
  deepEqual(verdicts(documentOf(ended).findings), [
    'mcp-repo health fail NET_TIMEOUT_HEADERS',
    'mcp-repo tree fail NET_TIMEOUT_BODY',
    'mcp-repo metrics pass',
  ]);
});

test('objectives are sampled, with the numbers that slo reads', async (t) => {
  let count = 0;
  const server = await listen(t, {
    '/repo/tree': (_, response) => sendJson(response, { entries: [1] }, { status: (count += 1) % 5 === 0 ? 500 : 200 }),
  });
  const slo = `slos:\n  - {id: avail, service: mcp-repo, check: tree, indicator: availability, target: '0.5', window: 30d, samples: {per_run: 19, rate: 100}}\n`;
  const ended = await runSophia({ cwd: folderWith(t, firstConfig(server, slo)) }, 'smoke', '--json');
  equal(ended.exitCode, 0, ended.stdout);
  const [sample] = documentOf(ended).data.samples;
  const { slo: id, planned, n, good, bad } = sample!;
  deepEqual({ id, planned, n, good, bad }, { id: 'avail', planned: 19, n: 19, good: 15, bad: 4 });
  fromJSONSchema(runDataSchema).parse(documentOf(ended).data);
});

test('a warning passes, and under --strict it does not', async (t) => {
  const server = await listen(t, { '/healthz': (_, response) => sendJson(response, { status: 'degraded' }) });
  const cwd = folderWith(t, firstConfig(server));
  const plain = await runSophia({ cwd }, 'smoke', '--json');
  deepEqual([plain.exitCode, documentOf(plain).result], [0, 'WARNED']);
  const strict = await runSophia({ cwd }, 'smoke', '--json', '--strict');
  equal(strict.exitCode, 1);
  equal(sophia({ cwd }, 'proofs', 'verify').exitCode, 0);
});

test('a variable that is not set makes one check unknown, and the others go on', async (t) => {
  const server = await listen(t);
  const yaml = firstConfig(server).replace('get: /repo/tree,', "get: /repo/tree, headers: {authorization: 'Bearer ${env.REPO_TOKEN}'},");
  const ended = await runSophia({ cwd: folderWith(t, yaml) }, 'smoke', '--json');
  equal(ended.exitCode, 3);
  deepEqual(verdicts(documentOf(ended).findings), ['mcp-repo health pass', 'mcp-repo tree unknown ENV_MISSING', 'mcp-repo metrics pass']);
});

test('Ctrl-C in the middle leaves a proof with what was found by then, and exit 130', async (t) => {
  const asked = Promise.withResolvers<void>();
  const server = await listen(t, { '/repo/tree': () => asked.resolve() });
  const cwd = folderWith(
    t,
    `version: 1
services:
  api:
    url: http://127.0.0.1:${server.port}
    checks:
      - {id: first, get: /healthz}
      - {id: hanging, get: /repo/tree, needs: [first]}
      - {id: last, get: /healthz, needs: [hanging]}
`,
  );
  const run = startSophia({ cwd }, 'smoke', '--json', '--junit', 'j.xml');
  let stdout = '';
  run.child.stdout?.on('data', (chunk) => (stdout += String(chunk)));
  await Promise.race([asked.promise, run.closed]);
  run.child.kill('SIGINT');
  equal(await run.closed, 130);
  const { result, findings, proof } = JSON.parse(stdout) as SmokeDocument;
  equal(result, 'UNKNOWN');
  const found = new Map(findings.map(({ check, verdict }) => [check, verdict]));
  deepEqual([...found.keys()], ['health', 'first', 'hanging', 'last', 'run-completed']);
  deepEqual([found.get('first'), found.get('hanging'), found.get('last')], ['pass', 'unknown', 'unknown']);
  ok(fs.existsSync(path.join(cwd, proof!.path)));
  match(fs.readFileSync(path.join(cwd, 'j.xml'), 'utf8'), /name="run-completed"/);
  equal(sophia({ cwd }, 'proofs', 'verify').exitCode, 0);
});

test('--dry-run shows what would be asked, and asks nothing', async (t) => {
  const server = await listen(t);
  const cwd = folderWith(t, firstConfig(server));
  const ended = await runSophia({ cwd }, 'smoke', '--dry-run');
  equal(ended.exitCode, 0);
  match(ended.stdout, new RegExp(`mcp-repo {2}tree {5}GET http://127.0.0.1:${server.port}/repo/tree`));
  equal(server.requests.length, 0);
  equal(fs.existsSync(path.join(cwd, 'proofs')), false);
});

test('a file that sophia.yaml names and that is not there is named with its line, before anything is asked', async (t) => {
  const server = await listen(t);
  const cwd = folderWith(t, firstConfig(server).replace('expect: {', 'expect: {schema: ./tree.schema.json, '));
  const ended = await runSophia({ cwd }, 'smoke');
  equal(ended.exitCode, 2);
  match(ended.stderr, /sophia\.yaml:9:\d+: \.\/tree\.schema\.json cannot be read: /);
  equal(server.requests.length, 0);
});

test('a report that cannot be written is refused before anything is asked', async (t) => {
  const server = await listen(t);
  const ended = await runSophia({ cwd: folderWith(t, firstConfig(server)) }, 'smoke', '--junit', 'no/such/folder/j.xml');
  equal(ended.exitCode, 2);
  equal(server.requests.length, 0);
});
