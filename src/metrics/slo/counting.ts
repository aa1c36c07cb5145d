// Samples of planned periods: what was seen, and what is missing. Nothing that was not seen is guessed.
import type { Period, Tally } from './window.ts';

/** `planned` = good + bad + missing, always. */
export interface Counted {
  readonly planned: number;
  readonly good: number;
  readonly bad: number;
  readonly missing: number;
}

export interface CountingRule {
  /** How many samples a run plans. */
  readonly perRun: number;
  /** Periods in which nothing ran are left out; a run that says nothing is missing all the same. */
  readonly excludesMissingRuns: boolean;
}

export function countSamples(periods: Iterable<Period>, rule: CountingRule): Counted {
  let [planned, good, bad] = [0, 0, 0];
  for (const { runs } of periods) {
    planned += rule.perRun * (runs.length === 0 && rule.excludesMissingRuns ? 0 : Math.max(1, runs.length));
    for (const run of runs) {
      const fitted = fit(run.tally ?? { good: 0, bad: 0 }, rule.perRun);
      good += fitted.good;
      bad += fitted.bad;
    }
  }
  return { planned, good, bad, missing: planned - good - bad };
}

/**
 * A run that took more samples than are planned now weighs as much as any other, and by its worst: else what it has too many of would
 * stand in for the samples of a night that is missing.
 */
function fit({ good, bad }: Tally, perRun: number): Tally {
  const fitted = Math.min(bad, perRun);
  return { bad: fitted, good: Math.min(good, perRun - fitted) };
}
