// Programs through execa: argument arrays only, no shell, stdin closed (an open one makes ripgrep wait for ever).
import type { Options } from 'execa';
import type { Env, Exec, ExecOptions, ExecResult, ExecStream } from '../context.ts';
import { SophiaError, systemCodeOf } from '../errors.ts';

const MAX_OUTPUT_BYTES = 1 << 30;
const KILL_AFTER_MS = 2000;

export function createExec(env: Env, directory: string): Exec {
  return {
    run: (file, args, options) => run(file, args, toExeca(options, env, directory)),
    stream: (file, args, options) => stream(file, args, toExeca(options, env, directory)),
  };
}

function toExeca(options: ExecOptions = {}, env: Env, directory: string) {
  return {
    cwd: options.cwd ?? directory,
    env: { ...definedOf(env), ...options.env },
    extendEnv: false,
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    encoding: 'buffer',
    maxBuffer: MAX_OUTPUT_BYTES,
    stripFinalNewline: false,
    reject: false,
    forceKillAfterDelay: KILL_AFTER_MS,
  } as const satisfies Options;
}

async function run(file: string, args: readonly string[], options: ReturnType<typeof toExeca>): Promise<ExecResult> {
  const { execa } = await import('execa');
  const result = await execa(file, args, options);
  refuseMissing(file, result);
  return { exitCode: result.exitCode ?? null, signal: result.signal ?? null, stdout: result.stdout, stderr: result.stderr };
}

function stream(file: string, args: readonly string[], options: ReturnType<typeof toExeca>): ExecStream {
  const started = import('execa').then(({ execa }) => ({ child: execa(file, args, { ...options, buffer: { stdout: false } }) }));
  const done = started.then(async ({ child }) => {
    const result = await child;
    refuseMissing(file, result);
    return { exitCode: result.exitCode ?? null, signal: result.signal ?? null, stderr: result.stderr };
  });
  done.catch(() => {}); // whoever only reads stdout must not get an unhandled rejection; `done` still rejects for who asks
  return { stdout: chunks(started, done), done };
}

async function* chunks(
  started: Promise<{ child: { stdout: AsyncIterable<Uint8Array> | null; kill(): boolean } }>,
  done: Promise<unknown>,
): AsyncGenerator<Uint8Array> {
  const { child } = await started;
  try {
    if (child.stdout !== null) yield* child.stdout;
  } finally {
    child.kill();
  }
  await done;
}

function refuseMissing(file: string, result: object): void {
  const cause = 'cause' in result ? result.cause : result;
  const isMissing = systemCodeOf(cause) === 'ENOENT' || ('code' in result && result.code === 'ENOENT');
  if (isMissing) throw new SophiaError('TOOL_MISSING', { tool: file, mend: `Install ${file}, or put it on the PATH.` }, { cause });
}

function definedOf(env: Env): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
