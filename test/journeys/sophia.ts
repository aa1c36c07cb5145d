// The real binary, as a user starts it.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { IndexData } from '../../src/commands/index/data.ts';
import type { SearchData } from '../../src/commands/search/data.ts';
import { git, temporaryFolder, type Lifetime } from '../fakes/context.ts';

export const BINARY = path.resolve(import.meta.dirname, '../../bin/sophia.js');

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Start {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another user, where the tests run as root: to root no permission is refused. */
  readonly user?: number;
}

/** A run that takes longer hangs. */
const HANGS_MS = 120_000;

export function sophia(start: Start, ...args: readonly string[]): Ended {
  const ended = spawnSync(process.execPath, [BINARY, ...args], {
    cwd: start.cwd,
    env: environment(start),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: HANGS_MS,
    killSignal: 'SIGKILL',
    ...(start.user === undefined ? {} : { uid: start.user, gid: start.user }),
  });
  return { exitCode: ended.status, stdout: ended.stdout, stderr: ended.stderr };
}

/** The one document of `--json`. */
export function sophiaJson(start: Start, ...args: readonly string[]): { readonly exitCode: number | null; readonly document: Document } {
  const ended = sophia(start, ...args, '--json');
  return { exitCode: ended.exitCode, document: JSON.parse(ended.stdout) as Document };
}

export interface Running {
  readonly child: ChildProcess;
  /** The exit code; null where a signal ended it. Listened for from the start: a run may be over before anyone asks. */
  readonly closed: Promise<number | null>;
}

export function startSophia(start: Start, ...args: readonly string[]): Running {
  const child = spawn(process.execPath, [BINARY, ...args], { cwd: start.cwd, env: environment(start), stdio: ['ignore', 'pipe', 'pipe'] });
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.on('close', resolve);
  // A stream that nobody reads is never at its end.
  child.stdout.resume();
  child.stderr.resume();
  return { child, closed: promise };
}

/** As `sophia`, while this process goes on: it may be the server that is asked. */
export async function runSophia(start: Start, ...args: readonly string[]): Promise<Ended> {
  const { child, closed } = startSophia(start, ...args);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  return { exitCode: await closed, stdout, stderr };
}

interface MapData {
  readonly tokens: number;
  readonly entry_points: readonly { readonly path: string; readonly why: string }[];
  readonly sections: readonly { readonly path: string }[];
}

/** As if one command had the data of all: each test knows which it ran. */
export interface Document {
  readonly command: string;
  readonly result: string;
  readonly findings: readonly { readonly check: string; readonly verdict: string; readonly reason: string }[];
  readonly data: IndexData & SearchData & MapData;
  readonly error: { readonly code: string; readonly hint: string; readonly title: string } | null;
  readonly proof: { readonly id: string; readonly path: string; readonly sha256: string } | null;
}

export function write(root: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
}

export function commit(root: string, message: string): void {
  git(root, 'add', '-A', '--', '.', ':!proofs');
  git(root, 'commit', '-q', '--allow-empty', '-m', message);
}

/** A committed repository in a temporary folder. */
export function repository(t: Lifetime, files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = fs.realpathSync(temporaryFolder(t));
  git(root, 'init', '-q');
  write(root, files);
  commit(root, 'the beginning');
  return root;
}

function environment({ cwd, env }: Start): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: cwd, NO_COLOR: '1', GIT_CONFIG_NOSYSTEM: '1', ...env };
}
