import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../context.ts';

/** A timer of the system holds 24 days, and one that is set for longer fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const clock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    const options = signal === undefined ? {} : { signal };
    let leftMs = ms;
    for (; leftMs > MAX_TIMER_MS; leftMs -= MAX_TIMER_MS) await wait(MAX_TIMER_MS, undefined, options);
    await wait(leftMs, undefined, options);
  },
  breathe: async (signal) => {
    await turn();
    signal?.throwIfAborted();
  },
};
