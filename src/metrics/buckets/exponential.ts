// Where numbers lie among buckets whose bounds are powers of b = 2^(2^−scale).

export interface Buckets {
  readonly offset: number;
  readonly counts: readonly number[];
}

/** Relative error of a quantile at this scale: (b − 1) / (b + 1), that is 1.083 %. */
export const SCALE = 5;

/**
 * The bucket of a value above zero, at our own scale. The logarithm only guesses: it is a bit off near a boundary, and every power of two
 * is on one. What decides is the comparison with the boundary itself.
 */
export function indexOf(value: number): number {
  const [mantissa, exponent] = split(value);
  let step = Math.min(Math.floor(Math.log2(mantissa) * STEPS), STEPS - 1);
  while (step >= 0 && (BOUNDS[step] ?? 0) >= mantissa) step -= 1;
  while (step < STEPS - 1 && (BOUNDS[step + 1] ?? 2) < mantissa) step += 1;
  return exponent * STEPS + step;
}

/** The one value whose relative distance to both ends is the same: the harmonic mean of them. */
export function middleOf(index: number, scale: number): number {
  if (scale <= 0) {
    // One bucket spans 2^−scale powers of two; its lower end may be below every number.
    const upper = (index + 1) * 2 ** -scale;
    return multiply(2 / (1 + 2 ** -Math.min(2 ** -scale, 1074)), upper - 2 ** -scale);
  }
  const steps = 2 ** scale;
  const exponent = Math.floor(index / steps);
  const lower = 2 ** (index / steps - exponent);
  const width = 2 ** (1 / steps);
  return multiply((2 * lower * width) / (1 + width), exponent);
}

/** There are no numbers in any bucket further out. */
export function isWithinDoubles({ offset, counts }: Buckets, scale: number): boolean {
  const width = 2 ** scale;
  return counts.length === 0 || (offset >= Math.floor(LOWEST * width) && offset + counts.length - 1 < Math.ceil((HIGHEST + 1) * width));
}

/** Of the smallest number above zero, 2^−1074, and the largest: the exponents of their buckets. */
const LOWEST = -1075;
const HIGHEST = 1023;

const STEPS = 2 ** SCALE;
/** 2^(k/32), from 1 to 2: where the buckets of one power of two meet. */
const BOUNDS: readonly number[] = Array.from({ length: STEPS + 1 }, (_, step) => 2 ** (step / STEPS));

/** value = mantissa · 2^exponent, 1 ≤ mantissa < 2, exactly. */
function split(value: number): readonly [number, number] {
  // A denormal has no exponent of its own.
  if (value < 2 ** -1022) {
    const [mantissa, exponent] = split(value * 2 ** 100);
    return [mantissa, exponent - 100];
  }
  let exponent = Math.min(Math.floor(Math.log2(value)), HIGHEST);
  let mantissa = scaled(value, -exponent);
  if (mantissa >= 2) [mantissa, exponent] = [mantissa / 2, exponent + 1];
  if (mantissa < 1) [mantissa, exponent] = [mantissa * 2, exponent - 1];
  return [mantissa, exponent];
}

/** In two steps, because 2^−1023 and 2^1024 are not numbers to multiply with. */
function scaled(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}

/** value · 2^exponent within what a number can be, rounded once. */
function multiply(value: number, exponent: number): number {
  const product = exponent < -1000 ? value * 2 ** -500 * 2 ** (exponent + 500) : scaled(value, exponent);
  return Math.min(Math.max(product, Number.MIN_VALUE), Number.MAX_VALUE);
}
