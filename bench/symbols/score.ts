// Precision and recall of one language, with an interval that comes from drawing the files anew: symbols of one file
// are right or wrong together, so files, not symbols, are what chance deals.
import type { CodeSymbol } from '../../src/index/languages/language.ts';

/** What was found in one file. `details` counts the found whose last line and `exported` are right too. */
export interface Tally {
  readonly found: number;
  readonly right: number;
  readonly wanted: number;
  readonly met: number;
  readonly details?: number;
}

export interface Score {
  readonly files: number;
  readonly wanted: number;
  readonly precision: Interval;
  readonly recall: Interval;
  /** Of what was right, the share whose last line and `exported` are right too; null when the truth does not say. */
  readonly details: number | null;
}

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 1_000;

/** A symbol is right when name, kind, container and first line are. */
export function tallyExactly(found: readonly CodeSymbol[], truth: readonly Omit<CodeSymbol, 'signature'>[]): Tally {
  const waiting = Map.groupBy(truth, keyOf);
  let right = 0;
  let details = 0;
  for (const symbol of found) {
    const twin = waiting.get(keyOf(symbol))?.shift();
    if (twin === undefined) continue;
    right += 1;
    if (twin.endLine === symbol.endLine && twin.exported === symbol.exported) details += 1;
  }
  return { found: found.length, right, wanted: truth.length, met: right, details };
}

export function score(tallies: readonly Tally[]): Score {
  const right = sum(tallies, (tally) => tally.right);
  const hasDetails = tallies.every((tally) => tally.details !== undefined);
  return {
    files: tallies.length,
    wanted: sum(tallies, (tally) => tally.wanted),
    precision: interval(
      tallies,
      (tally) => tally.right,
      (tally) => tally.found,
    ),
    recall: interval(
      tallies,
      (tally) => tally.met,
      (tally) => tally.wanted,
    ),
    details: hasDetails ? sum(tallies, (tally) => tally.details ?? 0) / right : null,
  };
}

function keyOf({ name, kind, container, line }: Omit<CodeSymbol, 'signature'>): string {
  return JSON.stringify([name, kind, container, line]);
}

type Part = (tally: Tally) => number;

function interval(tallies: readonly Tally[], part: Part, whole: Part): Interval {
  const random = generator();
  const ratios = Array.from({ length: RESAMPLES }, () => {
    let [parts, wholes] = [0, 0];
    for (let draw = 0; draw < tallies.length; draw += 1) {
      const tally = tallies[Math.floor(random() * tallies.length)]!;
      parts += part(tally);
      wholes += whole(tally);
    }
    return wholes === 0 ? 0 : parts / wholes;
  }).sort((a, b) => a - b);
  const total = sum(tallies, whole);
  return {
    value: total === 0 ? 0 : sum(tallies, part) / total,
    low: ratios[Math.floor(0.025 * RESAMPLES)]!,
    high: ratios[Math.ceil(0.975 * RESAMPLES) - 1]!,
  };
}

function sum(tallies: readonly Tally[], part: Part): number {
  return tallies.reduce((total, tally) => total + part(tally), 0);
}

/** Numerical Recipes' generator: two runs over the same files print the same table. */
function generator(): () => number {
  let state = 7;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}
