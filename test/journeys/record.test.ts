// Any program, with a proof of how it ended: what a shell step of a workflow does.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { temporaryFolder } from '../fakes/context.ts';
import { BINARY, sophia, startSophia, write, type Running } from './sophia.ts';

const NODE = process.execPath;

interface Proof {
  readonly predicate: {
    readonly ending: string;
    readonly result: string;
    readonly exitCode: number;
    readonly error: { readonly code: string } | null;
    readonly attachments: readonly { readonly path: string }[];
    readonly truncated: readonly { readonly sizeBytes: number; readonly sha256: string }[];
    readonly findings: readonly { readonly observed?: Readonly<Record<string, unknown>> }[];
  };
}

function folder(t: TestContext): string {
  return fs.realpathSync(temporaryFolder(t));
}

/** All proofs, oldest first. */
function proofsIn(root: string): readonly Proof[] {
  const files = filesBelow(path.join(root, 'proofs')).filter((file) => /\/[0-9A-Z]{26}\.json$/.test(file));
  return files
    .sort((a, b) => (path.basename(a) < path.basename(b) ? -1 : 1))
    .map((file) => JSON.parse(fs.readFileSync(file, 'utf8')) as Proof);
}

function filesBelow(root: string): readonly string[] {
  if (!fs.existsSync(root)) return [];
  const entries = fs.readdirSync(root, { recursive: true, withFileTypes: true });
  return entries.filter((each) => each.isFile()).map((each) => path.join(each.parentPath, each.name));
}

function assertHolds(root: string): void {
  const { exitCode, stdout, stderr } = sophia({ cwd: root }, 'proofs', 'verify');
  assert.equal(exitCode, 0, stdout + stderr);
}

async function until(run: Running, isThere: () => boolean): Promise<void> {
  let isOver = false;
  void run.closed.then(() => (isOver = true));
  while (!isOver && !isThere()) await wait(5);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

test('true, false, a program that is not there and one that takes too long each leave a proof that verifies', (t) => {
  const root = folder(t);
  const vectors = [
    [['--', 'true'], 0, 'PASSED', 'completed'],
    [['--', 'false'], 1, 'FAILED', 'completed'],
    [['--', 'no-such-program'], 3, 'UNKNOWN', 'completed'],
    [['--timeout', '1s', '--', 'sleep', '9'], 3, 'UNKNOWN', 'timeout'],
  ] as const;
  for (const [words, exitCode, result] of vectors) {
    const ended = sophia({ cwd: root }, 'proofs', 'record', '--kind', 'demo', ...words);
    assert.equal(ended.exitCode, exitCode, ended.stderr);
    assert.match(ended.stderr, /^proof: proofs\/demo\/.*\.json$/m);
    assert.ok(result !== 'PASSED' || ended.stdout.includes('pass'));
  }
  assert.deepEqual(
    proofsIn(root).map(({ predicate }) => [predicate.exitCode, predicate.result, predicate.ending]),
    vectors.map(([, exitCode, result, ending]) => [exitCode, result, ending]),
  );
  assertHolds(root);
});

test('options behind the program are its own, empty words too, and ours stand before it', (t) => {
  const root = folder(t);
  const script = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
  const theirs = ['--json', '--kind', 'x', '', '-h', '--', '--verbose', 'ü'];
  for (const words of [['--', NODE], [NODE]]) {
    const ended = sophia({ cwd: root }, 'proofs', 'record', '--kind', 'demo', '--json', ...words, '-e', script, '--', ...theirs);
    const document = JSON.parse(ended.stdout) as {
      readonly result: string;
      readonly proof: { readonly path: string; readonly sha256: string };
    };
    assert.equal(document.result, 'PASSED');
    assert.deepEqual(JSON.parse(ended.stderr), theirs);
    assert.equal(
      document.proof.sha256,
      createHash('sha256')
        .update(fs.readFileSync(path.join(root, document.proof.path)))
        .digest('hex'),
    );
  }
  const wrong = sophia({ cwd: root }, 'proofs', 'record', '--kind', 'demo', '--nonsense', '--', 'true', '--json');
  assert.deepEqual([wrong.exitCode, wrong.stdout], [2, ''], 'the --json is not ours');
  assert.equal(sophia({ cwd: root }, 'proofs', 'record', '--kind', 'demo').exitCode, 2);
  assert.equal(sophia({ cwd: root }, 'proofs', 'record', '--', 'true').exitCode, 2);
  assert.equal(sophia({ cwd: root }, 'proofs', 'record', '--kind', '../x', '--', 'touch', 'RAN').exitCode, 2);
  assert.ok(!fs.existsSync(path.join(root, 'RAN')));
});

test('Ctrl-C and SIGTERM end the program and all that it started, and leave a proof', async (t) => {
  const root = folder(t);
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    const run = startSophia({ cwd: root }, 'proofs', 'record', '--kind', 'demo', '--', 'sh', '-c', STUBBORN);
    await until(run, () => fs.existsSync(path.join(root, 'pids')));
    run.child.kill(signal);
    assert.equal(await run.closed, exitCode);
    assertInterrupted(root, exitCode);
  }
  assertHolds(root);
});

test('a signal to the program that starts another Node reaches the run', async (t) => {
  const root = folder(t);
  const old = folder(t);
  write(old, {
    'bin/sophia.js': fs.readFileSync(BINARY),
    'package.json': JSON.stringify({ type: 'module', engines: { node: '>=999.0.0' } }),
    'node_modules/.bin/node': `#!/bin/sh\nshift\nexec '${NODE}' '${BINARY}' "$@"\n`,
  });
  fs.chmodSync(path.join(old, 'node_modules/.bin/node'), 0o755);
  const words = ['proofs', 'record', '--kind', 'demo', '--', 'sh', '-c', STUBBORN];
  const child = spawn(NODE, [path.join(old, 'bin/sophia.js'), ...words], {
    cwd: root,
    stdio: 'ignore',
    env: { PATH: process.env['PATH'] },
  });
  const { promise: closed, resolve } = Promise.withResolvers<number | null>();
  child.on('close', resolve);
  await until({ child, closed }, () => fs.existsSync(path.join(root, 'pids')));
  child.kill('SIGTERM');
  assert.equal(await closed, 143);
  assertInterrupted(root, 143);
});

/** Ignores both signals, and so does what it starts. */
const STUBBORN = `trap '' INT TERM; sleep 60 & echo "$$ $!" > pids.new && mv pids.new pids; wait`;

function assertInterrupted(root: string, exitCode: number): void {
  const pids = fs.readFileSync(path.join(root, 'pids'), 'utf8').trim().split(' ').map(Number);
  fs.rmSync(path.join(root, 'pids'));
  assert.deepEqual(pids.map(isAlive), [false, false]);
  const { predicate } = proofsIn(root).at(-1)!;
  assert.deepEqual([predicate.ending, predicate.result, predicate.exitCode], ['interrupted', 'UNKNOWN', exitCode]);
  assert.deepEqual(fs.readdirSync(path.join(root, '.sophia/runs')), []);
}

test('a run that was killed is found by the next one that asks how fresh the proofs are', async (t) => {
  const root = folder(t);
  const run = startSophia(
    { cwd: root },
    'proofs',
    'record',
    '--kind',
    'demo',
    '--',
    'sh',
    '-c',
    'echo $$ > pid.new && mv pid.new pid; exec sleep 60',
  );
  await until(run, () => fs.existsSync(path.join(root, 'pid')));
  run.child.kill('SIGKILL');
  process.kill(Number(fs.readFileSync(path.join(root, 'pid'), 'utf8')), 'SIGKILL');
  await run.closed;
  assert.equal(proofsIn(root).length, 0);
  sophia({ cwd: root }, 'proofs', 'freshness', '--kind', 'demo', '--period', '1h');
  const [proof] = proofsIn(root);
  assert.deepEqual([proof?.predicate.ending, proof?.predicate.result, proof?.predicate.error?.code], ['vanished', 'UNKNOWN', 'VANISHED']);
  assertHolds(root);
});

test('what the program leaves running does not hold up the run', (t) => {
  const root = folder(t);
  const ended = sophia({ cwd: root }, 'proofs', 'record', '--kind', 'demo', '--', 'sh', '-c', 'sleep 60 & echo $! > pid; echo said');
  process.kill(Number(fs.readFileSync(path.join(root, 'pid'), 'utf8')), 'SIGKILL');
  assert.equal(ended.exitCode, 0);
  assert.match(ended.stderr, /^said$/m);
  assertHolds(root);
});

test('a hundred megabytes of output are passed on whole, kept by their ends, and cost little memory', (t) => {
  const root = folder(t);
  const size = 100_000_000;
  const preload = `data:text/javascript,import fs from "node:fs"; process.on("exit", () => fs.writeFileSync("rss", String(process.resourceUsage().maxRSS)))`;
  const script = `NODE_OPTIONS='--import ${preload.replaceAll(' ', '%20').replaceAll('"', '%22').replaceAll('>', '%3E')}' "$0" "$1" proofs record --kind demo -- sh -c 'yes "a line" | head -c ${size}' 2>&1 >/dev/null | wc -c`;
  const ended = spawnSync('bash', ['-c', script, NODE, BINARY], { cwd: root, encoding: 'utf8' });
  assert.ok(Number(ended.stdout) >= size, ended.stdout + ended.stderr);
  const { attachments, truncated, findings } = proofsIn(root)[0]!.predicate;
  assert.equal(findings[0]?.observed?.['stdoutBytes'], size);
  assert.equal(truncated[0]?.sizeBytes, size);
  const kept = gunzipSync(fs.readFileSync(path.join(root, 'proofs', attachments[0]!.path)));
  assert.ok(kept.length <= 65_536);
  const kilobytes = Number(fs.readFileSync(path.join(root, 'rss'), 'utf8'));
  assert.ok(kilobytes < 300_000, `${kilobytes} kB`);
  assertHolds(root);
});

test('where no proof can be written, the exit code is still that of the program', (t) => {
  for (const [program, exitCode] of [
    ['true', 0],
    ['false', 1],
  ] as const) {
    const root = folder(t);
    const script = `ulimit -f 0; "$0" "$1" proofs record --kind demo --json -- ${program}`;
    const ended = spawnSync('bash', ['-c', script, NODE, BINARY], { cwd: root, encoding: 'utf8' });
    assert.equal(ended.status, exitCode, ended.stderr);
    const { proof, error } = JSON.parse(ended.stdout) as { proof: unknown; error: { code: string } };
    assert.deepEqual([proof, error.code], [null, 'PROOF_NOT_WRITTEN']);
    assert.match(ended.stderr, /PROOF_NOT_WRITTEN/);
    assert.deepEqual(
      filesBelow(path.join(root, 'proofs')).filter((file) => fs.statSync(file).size > 0),
      [],
    );
  }
});

test('a folder of proofs that is a link to elsewhere gets nothing', (t) => {
  const root = folder(t);
  const elsewhere = folder(t);
  fs.symlinkSync(elsewhere, path.join(root, 'proofs'));
  const ended = sophia({ cwd: root }, 'proofs', 'record', '--kind', 'demo', '--', 'false');
  assert.equal(ended.exitCode, 1);
  assert.match(ended.stderr, /proofs is a symbolic link.*|PROOF_NOT_WRITTEN/);
  fs.rmSync(path.join(root, 'proofs'));
  fs.mkdirSync(path.join(root, 'proofs'));
  fs.symlinkSync(elsewhere, path.join(root, 'proofs/demo'));
  assert.equal(sophia({ cwd: root }, 'proofs', 'record', '--kind', 'demo', '--', 'true').exitCode, 0);
  assert.deepEqual(fs.readdirSync(elsewhere), []);
});

test('each proof is offered for attestation where the runner asks for it', (t) => {
  const root = folder(t);
  const list = path.join(root, 'list');
  fs.writeFileSync(list, 'file:///another');
  const env = { GITHUB_ARTIFACTS: list };
  for (const program of ['true', 'false']) sophia({ cwd: root, env }, 'proofs', 'record', '--kind', 'demo', '--', program);
  const proofs = filesBelow(path.join(root, 'proofs/demo')).filter((file) => file.endsWith('.json'));
  const expected = ['file:///another', ...proofs.sort().map((file) => pathToFileURL(file).href), ''];
  assert.deepEqual(fs.readFileSync(list, 'utf8').split('\n'), expected);
  assert.equal(
    sophia({ cwd: root, env: { GITHUB_ARTIFACTS: '/nonexistent/list' } }, 'proofs', 'record', '--kind', 'demo', '--', 'true').exitCode,
    0,
  );
});

/** Each where and how a secret may turn up. */
const SPELLINGS: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => JSON.stringify({ a: secret }),
  (secret) => `https://user:${encodeURIComponent(secret)}@h/?q=${encodeURIComponent(secret)}`,
  (secret) => new URLSearchParams({ q: secret }).toString(),
  (secret) => Buffer.from(`x${secret}y`).toString('hex'),
  (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
  (secret) => Buffer.from(`u:${secret}`).toString('base64'),
  (secret) => Buffer.from(`us:${secret}`).toString('base64url'),
  (secret) => Buffer.from(Buffer.from(`use:${secret}`).toString('base64')).toString('base64'),
];

test('no secret of the environment reaches any file, stdout or stderr, wherever and however it turns up', (t) => {
  const root = folder(t);
  const env = {
    APP_TOKEN: randomBytes(18).toString('base64'),
    DB_PASSWORD: `p@ss "w0rd" ${randomBytes(6).toString('hex')}/ü`,
    SIGNING_KEY: `-----BEGIN PRIVATE KEY-----\n${randomBytes(48).toString('base64')}\n${randomBytes(30).toString('base64')}\n-----END PRIVATE KEY-----`,
    ACME_PIN: `pin-${randomBytes(4).toString('hex')}`,
  };
  const plain = [env.APP_TOKEN, env.DB_PASSWORD, env.ACME_PIN, ...env.SIGNING_KEY.split('\n').slice(1, -1)];
  const spelled = [env.APP_TOKEN, env.DB_PASSWORD, env.ACME_PIN, env.SIGNING_KEY].flatMap((secret) =>
    SPELLINGS.map((spell) => spell(secret)),
  );
  const shaped = [`ghp_${randomBytes(18).toString('hex')}`, `acme-${randomBytes(16).toString('hex')}`];
  write(root, {
    'sophia.yaml': 'proofs:\n  redact:\n    env: [ACME_PIN]\n    patterns: ["acme-[0-9a-f]{32}"]\n',
    'secrets.txt': [...spelled, ...shaped].join('\n'),
    'secrets.json': JSON.stringify({ [env.APP_TOKEN]: spelled, nested: { list: shaped } }),
    [`${env.ACME_PIN}.txt`]: 'x',
    'print.mjs': `
      import fs from 'node:fs';
      const text = fs.readFileSync('secrets.txt', 'utf8');
      for (const stream of [process.stdout, process.stderr]) {
        stream.write(text + '\\n');
        for (const letter of text.slice(0, 4000)) stream.write(letter);
        stream.write(Buffer.concat([Buffer.from([0, 255]), Buffer.from(text), Buffer.from([254])]));
      }
      process.exitCode = 1;
    `,
  });
  const words = ['--check', env.ACME_PIN, '--attach', 'secrets.txt', '--attach', `${env.ACME_PIN}.txt`];
  const views = ['--view', 'healthz/api.txt=secrets.txt', '--view', 'business/a.json=secrets.json'];
  const runs = [
    sophia(
      { cwd: root, env },
      'proofs',
      'record',
      '--kind',
      'demo',
      ...words,
      ...views,
      '--json',
      '--',
      NODE,
      'print.mjs',
      ...spelled.slice(0, 12),
    ),
    sophia({ cwd: root, env }, 'proofs', 'record', '--kind', 'demo', '--verbose', '--', env.APP_TOKEN, ...shaped),
    sophia({ cwd: root, env }, 'proofs', 'record', '--kind', 'demo', '--follows', env.APP_TOKEN, '--', 'true'),
  ];
  assert.deepEqual(
    runs.map(({ exitCode }) => exitCode),
    [1, 3, 2],
  );
  assert.match(runs[0]!.stderr, /\[redacted:env:DB_PASSWORD\]/);
  const files = [...filesBelow(path.join(root, 'proofs')), ...filesBelow(path.join(root, '.sophia'))];
  const read = (file: string): Buffer => (file.endsWith('.gz') ? gunzipSync(fs.readFileSync(file)) : fs.readFileSync(file));
  const texts = [
    ...files,
    ...files.map((file) => read(file).toString('latin1')),
    ...runs.flatMap(({ stdout, stderr }) => [stdout, stderr]),
  ];
  const canaries = [...plain, ...shaped, ...plain.flatMap((secret) => SPELLINGS.slice(4).map((spell) => spell(secret).slice(4, -4)))];
  assert.ok(files.length > 8);
  for (const canary of canaries) {
    const at = texts.findIndex((text) => text.includes(canary) || text.includes(Buffer.from(canary).toString('latin1')));
    assert.equal(at, -1, `${canary} in ${texts[at]?.slice(0, 2000)}`);
  }
  assertHolds(root);
});
