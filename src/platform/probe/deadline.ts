// One clock for the whole answer and one for the phase it is in. Either running out ends the phase, and so does the end of the run.
import type { Troubled } from './trouble.ts';

/** Beyond this a timer of Node fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

export interface Phase<Value> {
  /** Of this phase alone; null where only the answer as a whole has a limit. */
  readonly limitMs: number | null;
  /** What it means when time runs out. */
  readonly late: (limitMs: number) => Troubled;
  /** Starts it; what is called first of the two counts. Returns how to drop what it holds, used when nobody waits for it any more. */
  readonly begin: (done: (value: Value) => void, fail: (error: Error) => void) => () => void;
}

/** Phases run one after the other. */
export class Deadline {
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #abort = (): void => this.#stop?.(this.#signal?.reason);
  #stop: ((error: unknown) => void) | null = null;
  #late: ((limitMs: number) => Troubled) | null = null;
  #isOver = false;

  constructor(timeoutMs: number, signal: AbortSignal | undefined) {
    this.#timeoutMs = timeoutMs;
    this.#signal = signal;
    this.#timer = setTimeout(() => this.#expire(), Math.min(timeoutMs, LONGEST_MS));
    signal?.addEventListener('abort', this.#abort);
  }

  /** The whole answer's time has run out: nothing more is worth starting. */
  get isOver(): boolean {
    return this.#isOver;
  }

  run<Value>({ limitMs, late, begin }: Phase<Value>): Promise<Value> {
    this.#signal?.throwIfAborted();
    if (this.#isOver) throw late(this.#timeoutMs);
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    const ending: { isSettled: boolean; timer?: NodeJS.Timeout } = { isSettled: false };
    const settle = (): boolean => {
      if (ending.isSettled) return false;
      ending.isSettled = true;
      clearTimeout(ending.timer);
      this.#stop = null;
      return true;
    };
    const drop = begin(
      (value) => {
        if (settle()) resolve(value);
      },
      (error) => {
        if (settle()) reject(error);
      },
    );
    if (ending.isSettled) return promise;
    this.#late = late;
    this.#stop = (error) => {
      if (!settle()) return;
      drop();
      reject(error);
    };
    if (limitMs !== null && limitMs < this.#timeoutMs) ending.timer = setTimeout(() => this.#stop?.(late(limitMs)), limitMs);
    return promise;
  }

  /** For what cannot be called off: when time runs out, what it still brings is dropped. */
  wait<Value>(start: () => Promise<Value>, { limitMs, late }: Omit<Phase<Value>, 'begin'>): Promise<Value> {
    return this.run<Value>({
      limitMs,
      late,
      begin: (done, fail) => {
        void hand(start(), done, fail);
        return () => {};
      },
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#abort);
  }

  #expire(): void {
    this.#isOver = true;
    this.#stop?.(this.#late?.(this.#timeoutMs));
  }
}

async function hand<Value>(promise: Promise<Value>, done: (value: Value) => void, fail: (error: Error) => void): Promise<void> {
  try {
    done(await promise);
  } catch (error) {
    fail(error as Error);
  }
}
