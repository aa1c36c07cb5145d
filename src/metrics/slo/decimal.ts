// Exact decimals for budgets: 1 − 0.95 is 0.05 here, and not 0.050000000000000044.

/** `units` × 10^−`scale`; trailing zeros are allowed. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** Of text like `0.95`; null for anything else: an exponent, a sign, no digit before the point. */
export function parseDecimal(text: string): Decimal | null {
  const [, whole, part = ''] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  return whole === undefined ? null : { units: BigInt(whole + part), scale: part.length };
}

export function toDecimal(value: number): Decimal {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is no whole number`);
  return { units: BigInt(value), scale: 0 };
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: unitsAt(a, scale) - unitsAt(b, scale), scale };
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

/** Negative, zero or positive, as for sorting. */
export function compare(a: Decimal, b: Decimal): number {
  const { units } = subtract(a, b);
  return units < 0n ? -1 : units > 0n ? 1 : 0;
}

/** Half up (away from zero) at so many places after the point. A divisor of zero has no quotient. */
export function divide(a: Decimal, b: Decimal, places: number): Decimal {
  const numerator = a.units * 10n ** BigInt(b.scale + places);
  const denominator = b.units * 10n ** BigInt(a.scale);
  const sign = numerator < 0n === denominator < 0n ? 1n : -1n;
  const [top, bottom] = [absolute(numerator), absolute(denominator)];
  return { units: (sign * (2n * top + bottom)) / (2n * bottom), scale: places };
}

/** Without trailing zeros: `90`, `0.05`, `-3.5`. */
export function toText({ units, scale }: Decimal): string {
  const digits = String(absolute(units)).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const part = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${part === '' ? '' : `.${part}`}`;
}

/** For documents whose numbers are numbers; the nearest that there is. */
export function toNumber(decimal: Decimal): number {
  return Number(toText(decimal));
}

function unitsAt({ units, scale }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
