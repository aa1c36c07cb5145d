// A program of the user's in a process group of its own, so that what it started ends with it.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { Env, OutputStream, Supervised, Supervisor, Watch } from '../context.ts';
import { SophiaError, systemCodeOf } from '../errors.ts';
import { endGroup, signalGroup } from './group.ts';

/** Between asking a group to end and ending it: after a timeout, */
const KILL_AFTER_MS = 2000;
/** and after a signal, when two seconds later everything must be over, its proof included. */
const KILL_SOON_MS = 800;
const POLL_MS = 20;
/** What a program leaves behind may hold its pipes: they are given up when nothing has come for so long, */
const SILENT_MS = 200;
/** or, where something always comes, after so long. */
const DRAIN_MS = 2000;

type Child = ChildProcessByStdio<null, Readable, Readable>;

export function createSupervisor(env: Env, directory: string): Supervisor {
  // Set by bin/sophia.js for the Node it starts: a sophia that the program starts is not that one.
  const { SOPHIA_REEXECUTED: _reExecuted, ...inherited } = env;
  return {
    run: async (file, args, watch) => {
      const child = await start(file, args, { cwd: directory, env: inherited });
      return typeof child === 'string' ? notStarted(child) : await new Watched(child, watch).end();
    },
  };
}

/** The child, or the system's reason why there is none. */
async function start(
  file: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Env },
): Promise<Child | string> {
  const { promise, resolve } = Promise.withResolvers<Child | string>();
  try {
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    child.once('spawn', () => resolve(child));
    // Also when a signal could not be sent: then nobody asks any more.
    child.on('error', (error) => resolve(systemCodeOf(error) ?? error.message));
  } catch (error) {
    resolve(systemCodeOf(error) ?? String(error)); // E2BIG, a NUL in an argument
  }
  return await promise;
}

function notStarted(reason: string): Supervised {
  return { notStarted: reason, exitCode: null, signal: null, isTimedOut: false, isOutputHeld: false };
}

class Watched {
  readonly #group: number;
  readonly #watch: Watch;
  readonly #exited: Promise<{ readonly exitCode: number | null; readonly signal: string | null }>;
  readonly #outputs: readonly Output[];
  #isTimedOut = false;
  #ending: Promise<void> | null = null;

  constructor(child: Child, watch: Watch) {
    this.#group = child.pid ?? 0;
    this.#watch = watch;
    const { promise, resolve } = Promise.withResolvers<{ exitCode: number | null; signal: string | null }>();
    this.#exited = promise;
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    this.#outputs = (['stdout', 'stderr'] as const).map((name) => new Output(name, child[name], watch));
  }

  async end(): Promise<Supervised> {
    const { timeoutMs, signal } = this.#watch;
    const onAbort = (): void => this.#stop(signalOf(signal.reason), KILL_SOON_MS);
    const onTimeout = (): void => {
      this.#isTimedOut = true;
      this.#stop('SIGTERM', KILL_AFTER_MS);
    };
    // An impatient second Ctrl-C ends this process at once; the group must not stay.
    const onProcessExit = (): void => signalGroup(this.#group, 'SIGKILL');
    process.on('exit', onProcessExit);
    const timer = timeoutMs === undefined ? undefined : new LongTimer(timeoutMs, onTimeout);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const exit = await this.#exited;
      timer?.clear();
      await this.#ending;
      const isOutputHeld = await this.#drain();
      await this.#ending; // a signal may come while what is left is read
      return { notStarted: null, ...exit, isTimedOut: this.#isTimedOut, isOutputHeld };
    } finally {
      timer?.clear();
      signal.removeEventListener('abort', onAbort);
      process.removeListener('exit', onProcessExit);
    }
  }

  #stop(signal: NodeJS.Signals, patienceMs: number): void {
    this.#ending ??= endGroup(this.#group, signal, patienceMs);
  }

  /** True where the outputs had to be given up. Whoever holds them goes on, but unheard. */
  async #drain(): Promise<boolean> {
    const sinceMs = performance.now();
    const isHeld = (): boolean => this.#outputs.some((output) => !output.hasEnded);
    while (isHeld()) {
      const isPatient = performance.now() - sinceMs < DRAIN_MS;
      if (this.#outputs.every((output) => output.isSilentSince(sinceMs) || (!isPatient && !output.isHeldUp))) break;
      await Promise.race([wait(POLL_MS), Promise.all(this.#outputs.map(({ ended }) => ended))]);
      await turn(); // on a busy machine time passes without a look at the pipes
    }
    const wasHeld = isHeld();
    for (const output of this.#outputs) await output.close();
    return wasHeld;
  }
}

/** One of the two outputs; it is read no faster than its chunks are taken. */
class Output {
  hasEnded = false;
  isHeldUp = false;
  readonly ended: Promise<void>;
  readonly #readable: Readable;
  readonly #take: (chunk: Uint8Array) => Promise<void> | void;
  #lastMs = performance.now();
  #taking: Promise<void> = Promise.resolve();

  constructor(name: OutputStream, readable: Readable, { onOutput }: Watch) {
    this.#readable = readable;
    this.#take = (chunk) => onOutput(name, chunk);
    readable.on('data', (chunk: Uint8Array) => this.#onData(chunk));
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    for (const event of ['close', 'error'] as const) {
      readable.on(event, () => {
        this.hasEnded = true;
        resolve();
      });
    }
  }

  /** Nothing has come for a while, counted from then at the earliest, although it is listened for. */
  isSilentSince(sinceMs: number): boolean {
    return this.hasEnded || (!this.isHeldUp && performance.now() - Math.max(sinceMs, this.#lastMs) > SILENT_MS);
  }

  async close(): Promise<void> {
    if (!this.hasEnded) this.#readable.destroy();
    await this.#taking;
  }

  /** A paused stream is resumed by Node itself when the program exits: what comes then waits its turn. */
  #onData(chunk: Uint8Array): void {
    this.#lastMs = performance.now();
    const taken = this.isHeldUp ? this.#taking.then(() => this.#take(chunk)) : this.#take(chunk);
    if (taken === undefined) return;
    this.isHeldUp = true;
    this.#readable.pause();
    const settle = (): void => {
      if (this.#taking === taking) this.#goOn();
    };
    const taking: Promise<void> = taken.then(settle, settle);
    this.#taking = taking;
  }

  #goOn(): void {
    this.isHeldUp = false;
    this.#lastMs = performance.now();
    this.#readable.resume();
  }
}

/** The group hears what this process heard: a program may put its things away on SIGINT and not on SIGTERM. */
function signalOf(reason: unknown): NodeJS.Signals {
  if (!(reason instanceof SophiaError) || reason.code !== 'INTERRUPTED') return 'SIGTERM';
  const { signal } = reason.details;
  return signal === 'SIGINT' || signal === 'SIGHUP' ? signal : 'SIGTERM';
}

/** A timer of the system holds 24 days, and one that is set for longer fires at once. */
class LongTimer {
  static readonly #MAX_MS = 2 ** 31 - 1;
  #timer: NodeJS.Timeout;

  constructor(ms: number, fire: () => void) {
    const step = (left: number): NodeJS.Timeout =>
      setTimeout(
        () => {
          if (left <= LongTimer.#MAX_MS) fire();
          else this.#timer = step(left - LongTimer.#MAX_MS);
        },
        Math.min(left, LongTimer.#MAX_MS),
      );
    this.#timer = step(ms);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
