// A program and all that it starts, from its first byte to its end.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { OutputStream, Supervised, Watch } from '../../src/context.ts';
import { SophiaError } from '../../src/errors.ts';
import { createSupervisor } from '../../src/platform/supervisor.ts';
import { temporaryFolder } from '../fakes/context.ts';

const NODE = process.execPath;
const FOREVER = 'setInterval(() => {}, 1000)';
/** Starts a program that ignores SIGTERM and holds both outputs, says its number, and does what comes after. */
const WITH_STUBBORN_CHILD = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); process.on("SIGINT", () => {}); process.stdout.write(process.pid + "\\\\n"); setInterval(() => {}, 1000)'], { stdio: 'inherit' });
  process.stdout.write('started\\n');
`;

interface Run extends Supervised {
  readonly stdout: string;
  readonly stderr: string;
}

async function run(t: TestContext, args: readonly string[], watch: Partial<Watch> & { readonly directory?: string } = {}): Promise<Run> {
  const said: Record<OutputStream, Buffer[]> = { stdout: [], stderr: [] };
  const directory = watch.directory ?? fs.realpathSync(temporaryFolder(t));
  const supervisor = createSupervisor({ PATH: process.env['PATH'], KEPT: 'kept', SOPHIA_REEXECUTED: '1' }, directory);
  const ended = await supervisor.run(args[0] ?? '', args.slice(1), {
    signal: new AbortController().signal,
    onOutput: (stream, chunk) => void said[stream].push(Buffer.from(chunk)),
    ...watch,
  });
  return { ...ended, stdout: Buffer.concat(said.stdout).toString(), stderr: Buffer.concat(said.stderr).toString() };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that nobody has fetched yet has ended all the same.
    return !/^\d+ \(.*\) Z/.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

test('outputs, exit code, directory and environment arrive; stdin is at its end, and nothing is read by a shell', async (t) => {
  const directory = fs.realpathSync(temporaryFolder(t));
  const script =
    'process.stdin.on("data", () => {}).on("end", () => { process.stdout.write(JSON.stringify([process.cwd(), process.env.KEPT, process.env.SOPHIA_REEXECUTED ?? null, ...process.argv.slice(1)])); process.stderr.write("told"); process.exitCode = 7; })';
  const attacks = ['x ; touch PWNED', '$(touch PWNED)', '', '--', '*'];
  const ended = await run(t, [NODE, '-e', script, '--', ...attacks], { directory });
  assert.deepEqual(JSON.parse(ended.stdout), [directory, 'kept', null, ...attacks]);
  assert.deepEqual([ended.stderr, ended.exitCode, ended.signal, ended.notStarted], ['told', 7, null, null]);
  assert.deepEqual(fs.readdirSync(directory), []);
});

test('a program that cannot be started is no error, and says why', async (t) => {
  const directory = fs.realpathSync(temporaryFolder(t));
  fs.writeFileSync(path.join(directory, 'plain.txt'), 'x', { mode: 0o644 });
  assert.equal((await run(t, ['no-such-program-anywhere'])).notStarted, 'ENOENT');
  assert.equal((await run(t, ['./plain.txt'], { directory })).notStarted, 'EACCES');
  assert.equal((await run(t, [NODE, 'x'.repeat(4_000_000)])).notStarted, 'E2BIG');
  assert.notEqual((await run(t, [''])).notStarted, null);
});

test('the signal that ended a program is told', async (t) => {
  const { exitCode, signal, isTimedOut } = await run(t, [NODE, '-e', 'process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000)']);
  assert.deepEqual([exitCode, signal, isTimedOut], [null, 'SIGKILL', false]);
});

test('after its time a program is ended, and so is what it started, which does not listen', { timeout: 30_000 }, async (t) => {
  const ended = await run(t, [NODE, '-e', `${WITH_STUBBORN_CHILD}${FOREVER}`], { timeoutMs: 1000 });
  assert.deepEqual([ended.isTimedOut, ended.signal, ended.isOutputHeld], [true, 'SIGTERM', false]);
  const [, pid] = ended.stdout.trim().split('\n');
  assert.equal(isAlive(Number(pid)), false);
});

test('what an interrupted program started hears the same signal, and is ended where it does not listen', { timeout: 30_000 }, async (t) => {
  const stop = new AbortController();
  let said = '';
  const onOutput: Watch['onOutput'] = (_, chunk) => {
    said += Buffer.from(chunk).toString();
    if (/^\d+$/m.test(said)) stop.abort(new SophiaError('INTERRUPTED', { signal: 'SIGINT' }));
  };
  const { signal, isTimedOut } = await run(t, [NODE, '-e', `${WITH_STUBBORN_CHILD}${FOREVER}`], { signal: stop.signal, onOutput });
  assert.deepEqual([signal, isTimedOut], ['SIGINT', false]);
  assert.equal(isAlive(Number(/^\d+$/m.exec(said)?.[0])), false);
});

test('a run that was stopped before it began ends what it has started', { timeout: 30_000 }, async (t) => {
  const { exitCode } = await run(t, [NODE, '-e', FOREVER], { signal: AbortSignal.abort(new Error('enough')) });
  assert.equal(exitCode, null);
});

test('who goes on holding the outputs does not hold up the run, and lives', { timeout: 30_000 }, async (t) => {
  const script = `${WITH_STUBBORN_CHILD} child.unref(); setTimeout(() => process.exit(3), 300)`;
  const ended = await run(t, [NODE, '-e', script]);
  const pid = Number(ended.stdout.trim().split('\n')[1]);
  t.after(() => process.kill(pid, 'SIGKILL'));
  assert.deepEqual([ended.exitCode, ended.isOutputHeld], [3, true]);
  assert.equal(isAlive(pid), true);
});

test('what is said last, after a long silence, is heard', { timeout: 30_000 }, async (t) => {
  const { stdout, isOutputHeld } = await run(t, ['sh', '-c', 'sleep 0.4; echo last; echo more']);
  assert.deepEqual([stdout, isOutputHeld], ['last\nmore\n', false]);
});

test('who never stops talking is given up as well', { timeout: 30_000 }, async (t) => {
  const chatter = 'process.on("SIGTERM", () => {}); setInterval(() => process.stdout.write("x"), 5)';
  const script = `const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(chatter)}], { stdio: 'inherit' }); child.unref(); process.stderr.write(String(child.pid)); setTimeout(() => process.exit(), 200)`;
  const ended = await run(t, [NODE, '-e', script]);
  t.after(() => process.kill(Number(ended.stderr), 'SIGKILL'));
  assert.equal(ended.isOutputHeld, true);
});

test('a program waits while its output is not taken, and nothing is lost', { timeout: 30_000 }, async (t) => {
  let taken = 0;
  let waiting = 0;
  const { exitCode, isOutputHeld } = await run(t, [NODE, '-e', 'process.stdout.write("x".repeat(3_000_000))'], {
    onOutput: async (_, chunk) => {
      waiting += 1;
      assert.equal(waiting, 1, 'one at a time');
      await turn();
      waiting -= 1;
      taken += chunk.length;
    },
  });
  assert.deepEqual([taken, exitCode, isOutputHeld], [3_000_000, 0, false]);
});
