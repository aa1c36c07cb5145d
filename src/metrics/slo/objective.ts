// Whether an objective is met, in three values: what is missing may have been good or bad, and nothing is called met that it could undo.
import { burnRates, type Burn } from './burn.ts';
import { countSamples, type Counted } from './counting.ts';
import { compare, divide, multiply, parseDecimal, subtract, toDecimal, toNumber, toText, type Decimal } from './decimal.ts';
import { wilson, type Interval } from './wilson.ts';
import type { Period } from './window.ts';

export type State = 'insufficient-data' | 'breached' | 'at-risk' | 'met';

export interface ObjectiveRequest {
  /** Decimal text in (0, 1). */
  readonly target: string;
  readonly windowMs: number;
  readonly everyMs: number;
  readonly nowMs: number;
  readonly perRun: number;
  readonly excludesMissingRuns: boolean;
  /** Oldest first, of the window. */
  readonly periods: readonly Period[];
}

export interface Budget extends Counted {
  /** Of the planned samples, how many may be bad. Not a whole number. */
  readonly allowed: number;
  /** Of those, how many would be left if all that is missing were bad; negative where there would be too few. */
  readonly remaining: number;
  /** Of the share that was bad among those that were seen; null where none were. */
  readonly interval: Interval | null;
  readonly burn: readonly Burn[];
  readonly state: State;
  /** What decided, beside the sum: `burn rate 4.2 in the last run, above 3`. Empty where the sum says it all. */
  readonly because: string;
  readonly verdict: 'pass' | 'warn' | 'fail' | 'unknown';
  /** The sum in words. */
  readonly arithmetic: string;
}

/** Less than this share of what is allowed is left: somebody should look before it is gone. */
const LITTLE = { units: 25n, scale: 2 };
const ONE = toDecimal(1);
const HUNDRED = toDecimal(100);

/** Throws a RangeError for a target outside (0, 1): the configuration has none. */
export function judgeObjective(request: ObjectiveRequest): Budget {
  const { target, perRun, excludesMissingRuns, periods } = request;
  const allowedShare = allowedShareOf(target);
  const rule = { perRun, excludesMissingRuns };
  const counted = countSamples(periods, rule);
  const allowed = multiply(allowedShare, toDecimal(counted.planned));
  const left = subtract(allowed, toDecimal(counted.bad + counted.missing));
  const burn = burnRates({ ...request, allowedShare, rule });
  const sums = { counted, allowed, left, allowedShare, burn };
  const { state, because } = stateOf(sums);
  return {
    ...counted,
    allowed: toNumber(allowed),
    remaining: toNumber(left),
    interval: wilson(counted.bad, counted.good + counted.bad),
    burn,
    state,
    because,
    verdict: verdictOf(state, { burn, excludesMissingRuns }),
    arithmetic: tellSum(target, sums),
  };
}

/** How many of so many samples may be bad. */
export function allowedOf(target: string, planned: number): number {
  return toNumber(multiply(allowedShareOf(target), toDecimal(planned)));
}

interface Sums {
  readonly counted: Counted;
  readonly allowed: Decimal;
  readonly left: Decimal;
  readonly allowedShare: Decimal;
  readonly burn: readonly Burn[];
}

function allowedShareOf(target: string): Decimal {
  const parsed = parseDecimal(target);
  const share = parsed === null ? null : subtract(ONE, parsed);
  if (share === null || share.units <= 0n || compare(share, ONE) >= 0) throw new RangeError(`${target} is no target between 0 and 1`);
  return share;
}

function stateOf({ counted, allowed, left, allowedShare, burn }: Sums): { readonly state: State; readonly because: string } {
  const { planned, bad, missing } = counted;
  if (planned === 0) return { state: 'insufficient-data', because: '' };
  if (compare(toDecimal(bad), allowed) > 0) return { state: 'breached', because: '' };
  if (left.units < 0n) return { state: 'insufficient-data', because: '' };
  const page = burn.find(({ severity, fires }) => severity === 'page' && fires === null);
  if (page !== undefined) return { state: 'insufficient-data', because: tellBurn(page) };
  const because = [
    ...(compare(left, multiply(LITTLE, allowed)) < 0 ? ['less than 25 % of the budget is left'] : []),
    ...(isUncertain(bad + missing, planned, allowedShare)
      ? [`${planned} samples do not rule out that more than ${toText(multiply(HUNDRED, allowedShare))} % are bad`]
      : []),
    ...burn.filter(({ fires }) => fires !== false).map(tellBurn),
  ];
  return because.length > 0 ? { state: 'at-risk', because: because.join('; ') } : { state: 'met', because: '' };
}

/** An interval is an estimate, so here a float is as good. */
function isUncertain(bad: number, planned: number, allowedShare: Decimal): boolean {
  return (wilson(bad, planned)?.high ?? 1) > toNumber(allowedShare);
}

/**
 * A burn that nobody can rule out weighs as much as one that was seen, or as unknown: else a run that is taken away would take the alarm
 * with it.
 */
function verdictOf(
  state: State,
  { burn, excludesMissingRuns }: Pick<Budget, 'burn'> & Pick<ObjectiveRequest, 'excludesMissingRuns'>,
): Budget['verdict'] {
  if (state === 'breached' || burn.some(({ severity, fires }) => severity === 'page' && fires === true)) return 'fail';
  if (state === 'insufficient-data') return 'unknown';
  return state === 'at-risk' || excludesMissingRuns ? 'warn' : 'pass';
}

function tellBurn({ windows, factor, fires }: Burn): string {
  const rates = windows.map(({ name, rate }) => `${rate ?? 0} in the ${name}`).join(' and ');
  return `burn rate ${rates}, ${fires === null ? 'and with what is missing it may be above' : 'above'} ${factor}`;
}

function tellSum(target: string, { counted: { planned, bad, missing }, allowed, left }: Sums): string {
  const sum = `(1 − ${target}) × ${planned} = ${toText(allowed)} allowed; ${bad} bad + ${missing} missing`;
  if (planned === 0) return `(1 − ${target}) × 0 = 0 allowed; nothing was planned`;
  const over = subtract(toDecimal(bad), allowed);
  if (over.units > 0n) return `${sum}; ${toText(over)} too many`;
  const short = subtract(toDecimal(0), left);
  if (short.units > 0n) return `${sum}; ${toText(short)} too many if all missing were bad`;
  const percent = toText(divide(multiply(HUNDRED, left), allowed, 1));
  return `${sum}; ${toText(left)} left${missing > 0 ? ' even if all missing were bad' : ''} (${percent} %)`;
}
