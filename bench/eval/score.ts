// How good a ranking is, and how sure one can be of that. Pure and repeatable.

export interface Judged {
  /** Of the files that the commit touched, the share among the first ten. */
  readonly recall: number;
  /** 1 ÷ the place of the first of them, 0 when none is among the first ten. */
  readonly reciprocalRank: number;
}

export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export const TOP = 10;
const RESAMPLES = 2000;
const SEED = 20_261_123;

export function judge(ranked: readonly string[], truth: ReadonlySet<string>): Judged {
  const top = ranked.slice(0, TOP);
  const first = top.findIndex((path) => truth.has(path));
  return { recall: top.filter((path) => truth.has(path)).length / truth.size, reciprocalRank: first === -1 ? 0 : 1 / (first + 1) };
}

/** Mean with a 95 % interval by the bootstrap. The resamples are the same for every list of one length, so that systems compare on the same queries. */
export function estimate(values: readonly number[]): Estimate {
  const random = randomFrom(SEED);
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let index = 0; index < values.length; index += 1) sum += values[Math.floor(random() * values.length)]!;
    return sum / values.length;
  }).sort((a, b) => a - b);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, low: means[Math.floor(RESAMPLES * 0.025)]!, high: means[Math.floor(RESAMPLES * 0.975)]! };
}

/** Mulberry32 (public domain): numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
