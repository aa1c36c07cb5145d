// sophia verify against real servers: it waits, compares the commit that answers with the one that was deployed, and says what it saw.
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { COMMIT, OLD_COMMIT, sendJson, serviceOf, type Routes } from '../../fakes/faults/healthy-service.ts';
import { listenHttp, type Listening } from '../../fakes/faults/listening.ts';
import { git, temporaryFolder } from '../../fakes/context.ts';
import { fakeTools, saying } from '../../fakes/tools.ts';
import { repository, runSophia, sophia, startSophia, write, type Ended } from '../sophia.ts';

interface VerifyDocument {
  readonly result: string;
  readonly findings: readonly {
    readonly check: string;
    readonly target: string;
    readonly verdict: string;
    readonly reason: string;
    readonly code?: string;
  }[];
  readonly data: {
    readonly services: readonly { readonly id: string; readonly code: string | null; readonly commit: string | null }[];
    readonly expected_commit: string | null;
  };
}

interface Latest extends Pick<VerifyDocument['data'], 'services' | 'expected_commit'> {
  readonly proof: string;
}

async function listen(t: TestContext, routes: Routes = {}): Promise<Listening> {
  const server = await listenHttp(serviceOf(routes));
  t.after(async () => await server.close());
  return server;
}

function configOf({ port }: Listening, more = ''): string {
  return `version: 1
defaults: {timeout: 2s, retries: {network: 0, backoff: 1ms..2ms}}
services:
  api:
    url: http://127.0.0.1:${port}
    ready: {within: 600ms, every: 50ms, passes: 2}
    version: {path: /healthz, at: $.commit, equals: '\${deploy.sha}', samples: 3}
    checks: [{id: tree, get: /repo/tree}]
${more}`;
}

function folderWith(t: TestContext, yaml: string): string {
  const cwd = temporaryFolder(t);
  write(cwd, { 'sophia.yaml': yaml });
  return cwd;
}

async function verify(cwd: string, ...args: readonly string[]): Promise<Ended & { readonly document: VerifyDocument }> {
  const ended = await runSophia({ cwd }, 'verify', ...args, '--json');
  return { ...ended, document: JSON.parse(ended.stdout) as VerifyDocument };
}

function verdicts({ findings }: VerifyDocument): readonly string[] {
  return findings.map(({ check, verdict, code }) => [check, verdict, code].filter((word) => word !== undefined).join(' '));
}

/** Names the commit that `choose` gives for each request to it. */
function naming(choose: (count: number) => string | null): Routes {
  let count = 0;
  return {
    '/healthz': (_, response) => {
      const commit = choose(count);
      count += 1;
      sendJson(response, { status: 'ok', ...(commit === null ? {} : { commit }) });
    },
  };
}

test('after a deploy the old version answers for a while, then the new one: verified', async (t) => {
  const server = await listen(
    t,
    naming((count) => (count < 8 ? OLD_COMMIT : COMMIT)),
  );
  const cwd = folderWith(t, configOf(server).replace('600ms', '30s'));
  const { exitCode, document, stderr } = await verify(cwd, '--expect-commit', COMMIT.slice(0, 7).toUpperCase());
  equal(exitCode, 0, stderr);
  equal(document.result, 'PASSED');
  deepEqual(verdicts(document), ['version pass', 'health pass', 'tree pass', 'ready pass']);
  deepEqual(
    document.data.services.map(({ commit }) => commit),
    [COMMIT],
  );
  equal(sophia({ cwd }, 'proofs', 'verify', '--kind', 'deployment').exitCode, 0);
  const latest = JSON.parse(fs.readFileSync(path.join(cwd, 'proofs/deployment/latest.json'), 'utf8')) as Latest;
  deepEqual([latest.expected_commit, latest.services[0]?.commit], [COMMIT.slice(0, 7), COMMIT]);
  match(latest.proof, /^deployment\//);
});

test('old, alternating, absent and abbreviated versions are not the deployed one', async (t) => {
  const cases: readonly (readonly [(count: number) => string | null, number, string])[] = [
    [() => OLD_COMMIT, 1, 'version fail VERSION_OLD'],
    [(count) => (count % 2 === 0 ? OLD_COMMIT : COMMIT), 1, 'version fail VERSION_MIXED'],
    [() => null, 3, 'version unknown VERSION_NO_FIELD'],
    [() => COMMIT.slice(0, 6), 1, 'version fail VERSION_OLD'],
    [() => `${COMMIT}-dirty`, 1, 'version fail VERSION_OLD'],
  ];
  for (const [choose, exitCode, version] of cases) {
    const server = await listen(t, naming(choose));
    const ended = await verify(folderWith(t, configOf(server)), '--expect-commit', COMMIT);
    equal(ended.exitCode, exitCode, version);
    ok(verdicts(ended.document).includes(version), `${version}: ${verdicts(ended.document).join(', ')}`);
    ok(verdicts(ended.document).includes('tree blocked'));
    const ready = ended.document.findings.find(({ check }) => check === 'ready');
    equal(ready?.code, 'READY_TIMEOUT');
    ok(ready.reason.includes(version.split(' ').at(-1)!), ready.reason);
    equal(
      server.requests.some(({ path: asked }) => asked === '/repo/tree'),
      false,
    );
  }
});

test('half the machines are still old: the run fails, and the proof says which versions answered', async (t) => {
  const server = await listen(
    t,
    naming((count) => (count % 4 < 2 ? COMMIT : OLD_COMMIT)),
  );
  const cwd = folderWith(t, configOf(server));
  const { exitCode, document } = await verify(cwd, '--expect-commit', COMMIT);
  equal(exitCode, 1);
  equal(document.result, 'FAILED');
  deepEqual(
    document.data.services.map(({ code, commit }) => [code, commit]),
    [['VERSION_MIXED', null]],
  );
  equal(sophia({ cwd }, 'proofs', 'verify').exitCode, 0);
});

test('without a word about it the commit is the one that is checked out, and without a repository it is unknown', async (t) => {
  const server = await listen(t);
  const root = repository(t, { 'a.txt': 'a' });
  write(root, { 'sophia.yaml': configOf(server) });
  const head = git(root, 'rev-parse', 'HEAD');
  const compared = await verify(root);
  equal(compared.document.data.expected_commit, head);
  equal(compared.exitCode, 1);
  const bare = await verify(folderWith(t, configOf(server)));
  equal(bare.exitCode, 3);
  ok(verdicts(bare.document).includes('version unknown VERSION_NO_EXPECTATION'));
  ok(verdicts(bare.document).includes('ready pass'), 'nobody waits for a version that nobody named');
  const named = await runSophia({ cwd: root, env: { SOPHIA_EXPECT_COMMIT: COMMIT } }, 'verify');
  equal(named.exitCode, 0, named.stdout);
});

test('what needs a service that is not ready is not asked', async (t) => {
  const [dead, server] = [await listen(t, { '/healthz': (_, response) => sendJson(response, {}, { status: 500 }) }), await listen(t)];
  const yaml = configOf(dead, `  web:\n    url: http://127.0.0.1:${server.port}\n    needs: [api]\n`);
  const { exitCode, document } = await verify(folderWith(t, yaml), '--expect-commit', COMMIT);
  equal(exitCode, 1);
  equal(document.findings.find(({ target, check }) => target === 'web' && check === 'health')?.verdict, 'blocked');
  equal(server.requests.length, 0);
});

test('a service without a version is a warning', async (t) => {
  const server = await listen(t);
  const yaml = configOf(server).replace(/ {4}version:.*\n/, '');
  const { exitCode, document } = await verify(folderWith(t, yaml), '--expect-commit', COMMIT);
  equal(exitCode, 0);
  ok(verdicts(document).includes('version warn VERSION_NOT_CONFIGURED'));
});

test('Ctrl-C while it waits ends the run at once, with a proof that knows nothing good', async (t) => {
  const asked = Promise.withResolvers<void>();
  const server = await listen(
    t,
    naming((count) => {
      if (count > 6) asked.resolve();
      return OLD_COMMIT;
    }),
  );
  const cwd = folderWith(t, configOf(server).replace('600ms', '10m'));
  const run = startSophia({ cwd }, 'verify', '--expect-commit', COMMIT, '--json');
  let stdout = '';
  run.child.stdout?.on('data', (chunk) => (stdout += String(chunk)));
  await Promise.race([asked.promise, run.closed]);
  run.child.kill('SIGINT');
  equal(await run.closed, 130);
  const document = JSON.parse(stdout) as VerifyDocument;
  equal(document.result, 'UNKNOWN');
  deepEqual(verdicts(document), ['version unknown', 'health unknown', 'tree unknown', 'run-completed unknown INTERRUPTED']);
  equal(sophia({ cwd }, 'proofs', 'verify').exitCode, 0);
});

test('evidence is gathered first, also where the service is dead, and its secrets reach no file', async (t) => {
  const secret = 'tr0ub4dor-and-3';
  const cwd = folderWith(t, configOf({ port: 1 } as Listening).replace('    ready', '    deploy: {kind: fly, app: acme-api}\n    ready'));
  const status = JSON.stringify({ Machines: [] });
  const forms = [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(`${secret}&x`)];
  const tools = fakeTools(temporaryFolder(t), { flyctl: saying({ status, logs: `booting\nwith ${forms.join(' and ')}\ncrashed\n` }) });
  const ended = await runSophia({ cwd, env: { PATH: tools.PATH, DB_PASSWORD: secret } }, 'verify', '--expect-commit', COMMIT);
  equal(ended.exitCode, 1, ended.stderr);
  ok(tools.calls('flyctl').length > 0);
  match(ended.stderr, /the last lines of the log of api:\n(.*\n)* {2}crashed/);
  match(fs.readFileSync(path.join(cwd, 'proofs/fly/acme-api_logs.txt'), 'utf8'), /crashed/);
  const all = fs.readdirSync(path.join(cwd, 'proofs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const text of [
    ended.stdout,
    ended.stderr,
    ...all.map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), 'latin1')),
  ]) {
    for (const form of forms) equal(text.includes(form), false);
  }
  equal(sophia({ cwd }, 'proofs', 'verify').exitCode, 0);
});

test('Ctrl-C while the platform is asked ends the run and the program, and what it would have said is unknown', async (t) => {
  const cwd = folderWith(t, configOf({ port: 1 } as Listening).replace('    ready', '    deploy: {kind: fly, app: acme-api}\n    ready'));
  const folder = temporaryFolder(t);
  const tools = fakeTools(folder, { flyctl: 'setInterval(() => {}, 60_000);' });
  const asked = Promise.withResolvers<void>();
  const watcher = fs.watch(folder, () => {
    if (tools.calls('flyctl').length === 2) asked.resolve();
  });
  t.after(() => watcher.close());
  const run = startSophia({ cwd, env: { PATH: tools.PATH } }, 'verify', '--expect-commit', COMMIT, '--json');
  let stdout = '';
  run.child.stdout?.on('data', (chunk) => (stdout += String(chunk)));
  await Promise.race([asked.promise, run.closed]);
  run.child.kill('SIGINT');
  equal(await run.closed, 130);
  const document = JSON.parse(stdout) as VerifyDocument;
  ok(verdicts(document).includes('evidence unknown'), verdicts(document).join(', '));
  equal(sophia({ cwd }, 'proofs', 'verify').exitCode, 0);
});

test('a program that sophia.yaml names is run only by who allows it', async (t) => {
  const server = await listen(t);
  const yaml = configOf(server).replace('    ready', '    deploy:\n      kind: command\n      argv: [touch, ran]\n    ready');
  const cwd = folderWith(t, yaml);
  const refused = await runSophia({ cwd }, 'verify', '--expect-commit', COMMIT);
  equal(refused.exitCode, 2);
  match(refused.stderr, /sophia\.yaml:7:\d+: .*--allow-commands/);
  equal(fs.existsSync(path.join(cwd, 'ran')), false);
  equal(server.requests.length, 0);
  write(cwd, { 'sophia.yaml': `${yaml}verify: {allow_commands: true}\n` });
  const itself = await runSophia({ cwd }, 'verify', '--expect-commit', COMMIT);
  equal(itself.exitCode, 2, 'the file does not allow itself what it may not do');
  equal(fs.existsSync(path.join(cwd, 'ran')), false);
  write(cwd, { 'sophia.yaml': yaml });
  const allowed = await runSophia({ cwd }, 'verify', '--expect-commit', COMMIT, '--allow-commands');
  equal(fs.existsSync(path.join(cwd, 'ran')), true, allowed.stderr);
});

test('bin/post_deploy_verify.sh works from anywhere, takes the same options, and ends with the same exit code', async (t) => {
  const server = await listen(
    t,
    naming(() => OLD_COMMIT),
  );
  const cwd = folderWith(t, configOf(server));
  const elsewhere = temporaryFolder(t);
  const script = path.resolve(import.meta.dirname, '../../../bin/post_deploy_verify.sh');
  const run = async (...args: readonly string[]): Promise<number | null> => {
    const child = spawn(script, args, { cwd: elsewhere, stdio: 'ignore' });
    const { promise, resolve } = Promise.withResolvers<number | null>();
    child.on('close', resolve);
    return await promise;
  };
  equal(await run('-C', cwd, '--expect-commit', OLD_COMMIT), 0);
  equal(await run('-C', cwd, '--expect-commit', COMMIT, '--within', '100ms'), 1);
  equal(await run('-C', cwd, '--no-such-option'), 2);
  equal(fs.existsSync(path.join(elsewhere, 'proofs')), false);
});
