import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../context.ts';

export const clock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    await wait(ms, undefined, signal === undefined ? {} : { signal });
  },
  breathe: async (signal) => {
    await turn();
    signal?.throwIfAborted();
  },
};
