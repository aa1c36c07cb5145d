// Programs through node:child_process: the port of exec.ts again, for git and ripgrep, which nearly every command starts.
// Loading execa costs several times the CPU that ripgrep needs for a search, so it is kept for programs of strangers.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Env, Exec, ExecOptions, ExecResult, ExecStream } from '../context.ts';
import { SophiaError, systemCodeOf } from '../errors.ts';

const KILL_AFTER_MS = 2000;

type Child = ChildProcessByStdio<Writable | null, Readable, Readable>;
type End = Pick<ExecResult, 'exitCode' | 'signal'>;

export function createSpawn(env: Env, directory: string): Exec {
  return {
    run: (file, args, options) => run(file, args, { cwd: directory, ...options }, env),
    stream: (file, args, options) => stream(file, args, { cwd: directory, ...options }, env),
  };
}

async function run(file: string, args: readonly string[], options: ExecOptions, env: Env): Promise<ExecResult> {
  const child = start(file, args, options, env);
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const end = await endOf(child, file, options);
  return { ...end, stdout: stdout(), stderr: stderr() };
}

function stream(file: string, args: readonly string[], options: ExecOptions, env: Env): ExecStream {
  const child = start(file, args, options, env);
  const stderr = collect(child.stderr);
  const done = endOf(child, file, options).then((end) => ({ ...end, stderr: stderr() }));
  done.catch(() => {}); // whoever only reads stdout must not get an unhandled rejection; `done` still rejects for who asks
  return { stdout: chunks(child, done), done };
}

async function* chunks(child: Child, done: Promise<unknown>): AsyncGenerator<Uint8Array> {
  try {
    yield* child.stdout as AsyncIterable<Uint8Array>;
  } finally {
    child.kill();
  }
  await done;
}

function start(file: string, args: readonly string[], options: ExecOptions, env: Env): Child {
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: { ...env, ...options.env },
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  }) as Child;
  child.stdin?.on('error', () => {}); // EPIPE: the program ended without reading everything, and its exit code tells
  child.stdin?.end(options.input);
  return child;
}

function collect(readable: Readable): () => Uint8Array {
  const parts: Uint8Array[] = [];
  readable.on('data', (part: Uint8Array) => parts.push(part));
  return () => (parts.length === 1 ? parts[0]! : Buffer.concat(parts));
}

function endOf(child: Child, file: string, { signal, timeoutMs }: ExecOptions): Promise<End> {
  const { promise, resolve, reject } = Promise.withResolvers<End>();
  let killer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill();
    killer ??= setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  };
  const timer = timeoutMs === undefined ? undefined : setTimeout(stop, timeoutMs);
  if (signal?.aborted === true) stop();
  signal?.addEventListener('abort', stop, { once: true });
  child.on('error', (error) => reject(toToolError(file, error)));
  child.on('close', (exitCode, killedBy) => resolve({ exitCode, signal: killedBy }));
  return promise.finally(() => {
    signal?.removeEventListener('abort', stop);
    clearTimeout(timer);
    clearTimeout(killer);
  });
}

function toToolError(file: string, error: Error): Error {
  if (systemCodeOf(error) !== 'ENOENT') return error;
  return new SophiaError('TOOL_MISSING', { tool: file, mend: `Install ${file}, or put it on the PATH.` }, { cause: error });
}
