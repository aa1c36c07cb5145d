// How fast the budget is being spent. A rate of 1 spends it exactly by the end of the window.
// Source: The Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts".
import { countSamples, type Counted, type CountingRule } from './counting.ts';
import { compare, divide, multiply, parseDecimal, toDecimal, toNumber, type Decimal } from './decimal.ts';
import type { Period } from './window.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export type Severity = 'page' | 'ticket';

interface TimeRule {
  readonly severity: Severity;
  /** Of the budget, spent in the long window. */
  readonly share: string;
  readonly longMs: number;
  /** So that it ends soon after the cause has. */
  readonly shortMs: number;
}

export const TIME_RULES: readonly TimeRule[] = [
  { severity: 'page', share: '0.02', longMs: HOUR_MS, shortMs: 5 * 60_000 },
  { severity: 'page', share: '0.05', longMs: 6 * HOUR_MS, shortMs: 30 * 60_000 },
  { severity: 'ticket', share: '0.1', longMs: DAY_MS, shortMs: 2 * HOUR_MS },
  { severity: 'ticket', share: '0.1', longMs: 3 * DAY_MS, shortMs: 6 * HOUR_MS },
];

/** Where runs are too rare for hours. */
const RUN_RULES: readonly { readonly share: string; readonly runs: number }[] = [
  { share: '0.1', runs: 1 },
  { share: '0.1', runs: 3 },
  { share: '0.2', runs: 7 },
];

/** Of fewer samples in the short window no rate can be told. */
const MIN_SAMPLES = 10;

export interface BurnRequest {
  /** 1 − target. */
  readonly allowedShare: Decimal;
  readonly windowMs: number;
  readonly everyMs: number;
  readonly nowMs: number;
  readonly periods: readonly Period[];
  readonly rule: CountingRule;
}

export interface Burn {
  readonly basis: 'time' | 'runs';
  readonly severity: Severity;
  /** Share of the budget. */
  readonly budget: number;
  /** The rate at which that share is spent in the window. */
  readonly factor: number;
  readonly windows: readonly BurnWindow[];
  /** Every window is above the factor; null where that depends on what is missing. */
  readonly fires: boolean | null;
}

export interface BurnWindow extends Counted {
  /** `last 1 h`, `last 3 runs`. */
  readonly name: string;
  /** By what was seen to be bad; null where nothing was planned. */
  readonly rate: number | null;
}

/** By time where runs are frequent enough for it, and by the last runs where they are not; empty as long as there is not even one. */
export function burnRates(request: BurnRequest): readonly Burn[] {
  const { everyMs, windowMs, rule } = request;
  const usable = TIME_RULES.filter(
    ({ longMs, shortMs }) => longMs <= windowMs && Math.floor(shortMs / everyMs) * rule.perRun >= MIN_SAMPLES,
  );
  return usable.length > 0 ? usable.map((each) => burnByTime(request, each)) : burnByRuns(request);
}

/** Budget share × window of the objective / window of the rule, with so many places after the point. */
export function factorOf({ share, longMs }: Pick<TimeRule, 'share' | 'longMs'>, windowMs: number, places: number): Decimal {
  return divide(multiply(decimalOf(share), toDecimal(windowMs)), toDecimal(longMs), places);
}

function burnByTime(request: BurnRequest, { severity, share, longMs, shortMs }: TimeRule): Burn {
  const { nowMs, periods } = request;
  const windows = [longMs, shortMs].map((lengthMs) => ({
    name: `last ${lengthName(lengthMs)}`,
    periods: periods.filter(({ startMs }) => startMs >= nowMs - lengthMs),
  }));
  return burn(request, { basis: 'time', severity, share, longMs, windows });
}

function burnByRuns(request: BurnRequest): readonly Burn[] {
  const { periods, everyMs } = request;
  const usable = RUN_RULES.filter(({ runs }) => periods.length >= runs);
  return usable.map(({ share, runs }) => {
    const windows = [{ name: runs === 1 ? 'last run' : `last ${runs} runs`, periods: periods.slice(-runs) }];
    return burn(request, { basis: 'runs', severity: 'ticket', share, longMs: runs * everyMs, windows });
  });
}

interface Question {
  readonly basis: Burn['basis'];
  readonly severity: Severity;
  readonly share: string;
  readonly longMs: number;
  readonly windows: readonly { readonly name: string; readonly periods: readonly Period[] }[];
}

function burn(request: BurnRequest, { basis, severity, share, longMs, windows }: Question): Burn {
  const { windowMs, allowedShare } = request;
  const counted = windows.map(({ name, periods }) => ({ name, ...countSamples(periods, request.rule) }));
  // bad / planned / allowed share > share × window / long, without a division.
  const exceeds = (bad: number, planned: number): boolean =>
    compare(
      multiply(toDecimal(bad), toDecimal(longMs)),
      multiply(multiply(decimalOf(share), toDecimal(windowMs)), multiply(allowedShare, toDecimal(planned))),
    ) > 0;
  const certain = counted.every(({ bad, planned }) => exceeds(bad, planned));
  const possible = counted.every(({ bad, missing, planned }) => exceeds(bad + missing, planned));
  return {
    basis,
    severity,
    budget: toNumber(decimalOf(share)),
    factor: toNumber(factorOf({ share, longMs }, windowMs, 3)),
    windows: counted.map((each) => ({ ...each, rate: rateOf(each, allowedShare) })),
    fires: certain ? true : possible ? null : false,
  };
}

function rateOf({ bad, planned }: Counted, allowedShare: Decimal): number | null {
  return planned === 0 ? null : toNumber(divide(toDecimal(bad), multiply(toDecimal(planned), allowedShare), 3));
}

function lengthName(ms: number): string {
  return ms >= DAY_MS ? `${ms / DAY_MS} d` : ms >= HOUR_MS ? `${ms / HOUR_MS} h` : `${ms / 60_000} min`;
}

function decimalOf(share: string): Decimal {
  const decimal = parseDecimal(share);
  if (decimal === null) throw new TypeError(`${share} is no decimal`);
  return decimal;
}
