// How far a quantile of merged histograms is from the one of all values: split at random among days, as SLOs read them.
import { histogramOf, merge, quantile } from '../../src/metrics/histogram.ts';
import { figure, type Figure } from '../report/figures.ts';

const QUANTILES = [0.5, 0.9, 0.95, 0.99, 0.999];
const ROUNDS = 200;
const VALUES = 5000;
const DAYS = 30;

export function measureAccuracy(): readonly Figure[] {
  let worst = 0;
  let worstOfMean = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const random = generator(round + 1);
    const days = Array.from({ length: DAYS }, (): number[] => []);
    const values = Array.from({ length: VALUES }, () => latency(random));
    for (const value of values) days[Math.floor(random() ** 2 * DAYS)]!.push(value);
    const histograms = days.map((day) => histogramOf(day));
    const merged = histograms.reduce((sum, each) => merge(sum, each));
    const sorted = values.toSorted((a, b) => a - b);
    for (const q of QUANTILES) worst = Math.max(worst, Math.abs(quantile(merged, q)! / nearestRank(sorted, q) - 1));
    const filled = days
      .filter((day) => day.length > 0)
      .map((day) =>
        nearestRank(
          day.toSorted((a, b) => a - b),
          0.99,
        ),
      );
    const mean = filled.reduce((sum, each) => sum + each, 0) / filled.length;
    worstOfMean = Math.max(worstOfMean, Math.abs(mean / nearestRank(sorted, 0.99) - 1));
  }
  return [
    figure('largest error of a merged quantile, p50 to p99.9, %', worst * 100, {
      detail: `${ROUNDS} × ${VALUES} values split among ${DAYS} days; the mean of daily p99 is wrong by up to ${(worstOfMean * 100).toFixed(0)} %`,
      most: 1.09,
    }),
  ];
}

/** Most are quick, some are slow, a few are very slow: milliseconds. */
function latency(random: () => number): number {
  const scale = random() < 0.95 ? 20 : random() < 0.9 ? 200 : 3000;
  return scale * Math.exp((random() + random() + random() - 1.5) * 1.2);
}

function nearestRank(sorted: readonly number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!;
}

/** Mulberry32: the same values in each run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
