import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test, type TestContext } from 'node:test';
import index from '../../../src/commands/index/command.ts';
import type { IndexData } from '../../../src/commands/index/data.ts';
import type { Context } from '../../../src/context.ts';
import { SophiaError } from '../../../src/errors.ts';
import { perform, type Performed } from '../../../src/faces/perform.ts';
import { contextFor, git } from '../../fakes/context.ts';

const OPTIONS = {
  path: '.',
  full: false,
  history: 100,
  maxFileSize: 1 << 20,
  include: [],
  exclude: [],
  skipped: false,
  wait: false,
  watch: true,
  dryRun: false,
};

interface Watched extends Performed {
  readonly said: readonly string[];
  readonly context: Context;
}

/** Runs `sophia index --watch`; at each pause the next thing happens, and after the last one Ctrl-C. */
async function watch(t: TestContext, ...happenings: readonly ((directory: string) => void)[]): Promise<Watched> {
  const stop = new AbortController();
  const waiting = [...happenings];
  const said: string[] = [];
  const sleep = (): Promise<void> => {
    const next = waiting.shift();
    if (next === undefined) stop.abort(new SophiaError('INTERRUPTED', { signal: 'SIGINT' }));
    next?.(real.directory);
    return Promise.resolve();
  };
  const real = contextFor(t, { signal: stop.signal, env: { PATH: process.env['PATH'] }, clock: { sleep } });
  const context: Context = {
    ...real,
    log: { ...real.log, info: (line) => said.push(line), warn: (line) => said.push(`warning: ${line}`) },
  };
  git(real.directory, 'init', '-q');
  write('a.ts', 'export const a = 1;\n')(real.directory);
  git(real.directory, 'add', '-A');
  git(real.directory, 'commit', '-q', '-m', 'first');
  const performed = await perform(context, { command: index, options: OPTIONS, argv: ['index', '--watch'] });
  return { ...performed, said, context };
}

function write(name: string, text: string): (directory: string) => void {
  return (directory) => fs.writeFileSync(path.join(directory, name), text);
}

const nothing = (): void => {};

test('each change becomes one refresh and one line, and Ctrl-C ends with 130 and a proof of the last state', async (t) => {
  const { said, exitCode, document, context } = await watch(
    t,
    nothing,
    write('b.ts', 'export const b = 1;\n'),
    nothing, // settles
    nothing,
    (directory) => fs.rmSync(path.join(directory, 'a.ts')),
    nothing,
  );
  assert.equal(said[0], 'the index holds 1 file and is kept fresh; Ctrl-C ends');
  assert.deepEqual(
    said.slice(1).map((line) => line.replace(/ \([^)]*\)$/, '')),
    ['refreshed: 1 added, 0 modified, 0 removed; 2 files', 'refreshed: 0 added, 0 modified, 1 removed; 1 file'],
  );
  assert.deepEqual([exitCode, document.error?.code, document.result], [130, 'INTERRUPTED', 'UNKNOWN']);
  const data = document.data as IndexData;
  assert.deepEqual([data.files, data.refreshes], [1, 2]);
  assert.deepEqual(
    document.findings.map(({ check, verdict }) => [check, verdict]),
    [
      ['read-back', 'pass'],
      ['run-completed', 'unknown'],
    ],
  );
  assert.ok(fs.existsSync(path.join(context.directory, document.proof!.path)));
});

test('a burst of writes is one refresh', async (t) => {
  const { said } = await watch(t, write('b.ts', '1'), write('c.ts', '2'), nothing);
  assert.deepEqual(
    said.slice(1).map((line) => line.split(';')[0]),
    ['refreshed: 2 added, 0 modified, 0 removed'],
  );
});

test('a file that was only touched is no news, a commit is', async (t) => {
  const { said, document } = await watch(
    t,
    write('a.ts', 'export const a = 1;\n'),
    nothing,
    nothing,
    (directory) => {
      git(directory, 'commit', '-q', '--allow-empty', '-m', 'second');
    },
    nothing,
  );
  assert.equal(said.length, 2);
  assert.equal((document.data as IndexData).refreshes, 1);
});

test('while another run writes the index it waits, and catches up', async (t) => {
  const lock = '.sophia/index.lock';
  const { said, document } = await watch(
    t,
    (directory) => {
      write('b.ts', '1')(directory);
      write(lock, `${process.pid}\n`)(directory);
    },
    nothing,
    (directory) => fs.rmSync(path.join(directory, lock)),
    nothing,
  );
  assert.match(said[1]!, /^warning: The index .* is being written by another process/);
  assert.match(said[2]!, /^refreshed: 1 added/);
  assert.equal((document.data as IndexData).files, 2);
});

test('a directory that vanished ends the watch with the reason', async (t) => {
  const { exitCode, document } = await watch(
    t,
    (directory) => fs.renameSync(path.join(directory, '.git'), path.join(directory, 'gone')),
    (directory) => fs.writeFileSync(path.join(directory, '.git'), 'gitdir: /nowhere\n'),
    nothing,
  );
  assert.notEqual(exitCode, 0);
  assert.notEqual(document.error, null);
});
