// Runs that are stopped: killed, interrupted, or whose reader goes away.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { search } from '../../src/index/search/search.ts';
import { extent } from '../extent.ts';
import { contextFor } from '../fakes/context.ts';
import { BINARY, repository, sophia, sophiaJson, startSophia, write, type Running } from './sophia.ts';

/** Enough that a run goes on for a while after it has begun. */
const LONG_RUN_FILES = 1200;

function sources(count: number, mark: string): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `src/part${index}.ts`,
      `export function ${mark}Part${index}(input: string): string {\n  return input + '${mark} ${'word '.repeat(300)}';\n}\n`,
    ]),
  );
}

/** Spread over the length of a run, and a little beyond its end. */
const KILLS = extent(20, 6);

test('killed at any moment, the former index answers, and the next run completes it', async (t) => {
  const root = repository(t, sources(150, 'old'));
  const startedMs = performance.now();
  assert.equal(sophia({ cwd: root }, 'index').exitCode, 0);
  const wholeMs = performance.now() - startedMs;
  const context = contextFor(t, { directory: root });
  for (let round = 0; round < KILLS; round += 1) {
    write(root, sources(150, `new${round}`));
    const run = startSophia({ cwd: root }, 'index');
    // The moment of the kill is the input of this test: from before anything is written to after everything is.
    await wait(wholeMs * (0.2 + round / KILLS));
    run.child.kill('SIGKILL');
    await run.closed;
    const { hits } = await search(context, { ...ANYTHING, text: `new${round}Part7` });
    assert.equal(hits[0]?.path, 'src/part7.ts', `round ${round}`);
  }
  const grown = sophiaJson({ cwd: root }, 'index');
  assert.equal(grown.exitCode, 0);
  assert.equal(sophiaJson({ cwd: root }, 'index', '--full').document.data.index_digest, grown.document.data.index_digest);
});

const ANYTHING = { mode: 'auto', paths: [], languages: [], kind: null, limit: 10, contextLines: 2 } as const;

test('Ctrl-C ends a run with 130 and SIGTERM with 143, each with a proof that says so and holds', async (t) => {
  const root = repository(t, sources(LONG_RUN_FILES, 'some'));
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    const run = startSophia({ cwd: root }, 'index', '--full', '--json');
    let stdout = '';
    run.child.stdout?.on('data', (chunk) => (stdout += String(chunk)));
    await untilThere(run, () => hasMark(root));
    run.child.kill(signal);
    assert.equal(await run.closed, exitCode);
    const document = JSON.parse(stdout) as { result: string; error: { code: string }; proof: { path: string } };
    assert.equal(document.error.code, 'INTERRUPTED');
    const proof = JSON.parse(fs.readFileSync(path.join(root, document.proof.path), 'utf8')) as {
      predicate: { ending: string; result: string; exitCode: number };
    };
    assert.deepEqual([proof.predicate.ending, proof.predicate.result, proof.predicate.exitCode], ['interrupted', 'UNKNOWN', exitCode]);
  }
  assert.equal(sophia({ cwd: root }, 'proofs', 'verify').exitCode, 0);
  assert.deepEqual(
    fs.readdirSync(path.join(root, '.sophia')).filter((name) => name.endsWith('.lock')),
    [],
    'the lock is released',
  );
});

/** The start mark is there as soon as the run is. */
function hasMark(root: string): boolean {
  const marks = path.join(root, '.sophia/runs');
  return fs.existsSync(marks) && fs.readdirSync(marks).some((name) => name.endsWith('.json'));
}

/** Or until the run is over: then the test says what is missing, and does not wait for ever. */
async function untilThere(run: Running, isThere: () => boolean): Promise<void> {
  let isOver = false;
  void run.closed.then(() => (isOver = true));
  while (!isOver && !isThere()) await wait(5);
}

test('a reader that goes away is no error', (t) => {
  const root = repository(t, sources(200, 'some'));
  sophia({ cwd: root }, 'index');
  const script = `"$0" "$1" search some --limit 200 --json | head -c 1; exit "\${PIPESTATUS[0]}"`;
  const ended = spawnSync('bash', ['-c', script, process.execPath, BINARY], { cwd: root, encoding: 'utf8' });
  assert.equal(ended.stderr, '');
  assert.equal(ended.stdout, '{');
  assert.equal(ended.status, 0);
});

test('a large answer reaches a slow reader whole', (t) => {
  const root = repository(t, sources(600, 'some'));
  sophia({ cwd: root }, 'index');
  const ended = spawnSync(
    'bash',
    ['-c', '"$0" "$1" search some --limit 600 --context 60 --json | (sleep 0.3; wc -c)', process.execPath, BINARY],
    { cwd: root, encoding: 'utf8' },
  );
  const whole = sophia({ cwd: root }, 'search', 'some', '--limit', '600', '--context', '60', '--json').stdout;
  assert.ok(whole.length > 1_000_000);
  assert.equal(Number(ended.stdout), Buffer.byteLength(whole));
});

test('two runs at once: the second says who writes, or waits', async (t) => {
  const root = repository(t, sources(LONG_RUN_FILES, 'some'));
  const first = startSophia({ cwd: root }, 'index');
  await untilThere(first, () => fs.existsSync(path.join(root, '.sophia/index.lock')));
  const second = sophiaJson({ cwd: root }, 'index');
  const third = sophiaJson({ cwd: root }, 'index', '--wait');
  await first.closed;
  if (second.exitCode !== 0) {
    assert.equal(second.exitCode, 3);
    assert.equal(second.document.error?.code, 'STORE_BUSY');
    assert.match(second.document.error?.title ?? '', new RegExp(`process ${first.child.pid}`));
  }
  assert.equal(third.exitCode, 0);
  assert.equal(third.document.data.files, LONG_RUN_FILES);
});
