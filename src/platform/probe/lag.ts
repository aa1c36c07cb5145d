// How late this process's own event loop is. Node's monitorEventLoopDelay forgets when it last ran each time it is reset, so it misses
// the first delay of every sample, and a delay that is not over yet; a timer of our own costs as little and misses neither.
import type { LagWatch } from '../../context.ts';

const PERIOD_MS = 10;
/** Of one sample; nobody asks about longer ones. */
const MAX_DELAYS = 10_000;

export function watchLag(): LagWatch {
  let delaysMs: number[] = [];
  let dueMs = performance.now() + PERIOD_MS;
  const note = (nextDueMs: number): void => {
    if (delaysMs.length < MAX_DELAYS) delaysMs.push(Math.max(0, performance.now() - dueMs));
    dueMs = nextDueMs;
  };
  const timer = setInterval(() => note(performance.now() + PERIOD_MS), PERIOD_MS).unref();
  return {
    takeP99Ms: () => {
      // What should have run by now and has not is late as well.
      const nowMs = performance.now();
      if (nowMs > dueMs) note(nowMs);
      const sorted = delaysMs.toSorted((a, b) => a - b);
      delaysMs = [];
      return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
    },
    stop: () => clearInterval(timer),
  };
}
