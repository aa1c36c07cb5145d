// How far a proof goes: all the way in CI, and at a desk as far as finds the same faults sooner. What is not done at all there says
// NOT TESTED, and `npm run check` repeats that at its end.
import process from 'node:process';

/** In the clone that the fresh-clone journey tests, the long way was gone already. */
export const isThorough: boolean =
  (process.env['CI'] !== undefined && process.env['SOPHIA_INSIDE_CLONE'] !== '1') || process.env['SOPHIA_LARGE_TESTS'] === '1';

export const HOW_TO_BE_THOROUGH = 'it runs in CI, or with SOPHIA_LARGE_TESTS=1';

/** How often, how many, how large. */
export function extent(whole: number, atDesk: number): number {
  return isThorough ? whole : atDesk;
}
