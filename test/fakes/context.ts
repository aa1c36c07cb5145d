// A context for tests: the real machine in a temporary folder, with whatever a test wants to hold still.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { TestContext } from 'node:test';
import type { Clock, Context, Env, Machine } from '../../src/context.ts';
import { createContext } from '../../src/platform/context.ts';

export interface Overrides {
  /** Nothing of the surrounding environment but PATH gets in. */
  readonly env?: Env;
  readonly signal?: AbortSignal;
  readonly commands?: Context['commands'];
  readonly clock?: Partial<Clock>;
  readonly machine?: Partial<Machine>;
  /** An existing directory; by default a new one that is removed after the test. */
  readonly directory?: string;
}

export function contextFor(test: TestContext, overrides: Overrides = {}): Context {
  const real = createContext({
    directory: overrides.directory ?? temporaryFolder(test),
    env: { PATH: process.env['PATH'], HOME: os.tmpdir(), ...overrides.env },
    signal: overrides.signal ?? new AbortController().signal,
    commands: overrides.commands ?? (() => Promise.resolve([])),
    log: { write: () => {}, isTerminal: false, columns: 80, level: 'quiet' },
  });
  // A machine of its own, so that one test's fixed clock does not push another test's ids.
  return { ...real, clock: { ...real.clock, ...overrides.clock }, machine: { ...real.machine, ...overrides.machine } };
}

/** A test, or, as `{ after }` of node:test at the top of a file, all tests of that file. */
export interface Lifetime {
  after(remove: () => void): void;
}

export function temporaryFolder(test: Lifetime): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sophia-test-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A clock that shows `startMs` and moves on by `stepMs` each time it is asked. */
export function clockAt(startMs: number, stepMs = 0): Partial<Clock> {
  let now = startMs - stepMs;
  return { now: () => (now += stepMs) };
}

/** Runs git with an identity of its own and no configuration of the machine's. */
export function git(directory: string, ...args: readonly string[]): string {
  const env = {
    PATH: process.env['PATH'],
    HOME: directory,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  };
  return execFileSync('git', ['-c', 'init.defaultBranch=main', ...args], { cwd: directory, env, encoding: 'utf8' }).trim();
}
