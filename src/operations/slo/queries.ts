// An objective in the words of Prometheus: what services of ours serve at /metrics, by the label `service`. That is the traffic of the whole
// service, where `sophia slo` has the samples of one check.
import type { Objective, Operations } from '../../checks/service.ts';
import { DEFAULT_NAMES } from '../../metrics/reading.ts';
import { divide, parseDecimal, toDecimal, toText } from '../../metrics/slo/decimal.ts';

export interface Queries {
  /** Counters: series whose rates are added up. */
  readonly total: string;
  /** One of the two is null: the other one is counted. */
  readonly bad: string | null;
  readonly good: string | null;
}

export function queriesOf({ services }: Pick<Operations, 'services'>, { service, underMs }: Objective): Queries {
  const names = services.find(({ id }) => id === service)?.metrics?.names ?? DEFAULT_NAMES;
  if (underMs === null) return { total: selector(names.requests, service), bad: selector(names.errors, service), good: null };
  return {
    total: selector(`${names.latency}_count`, service),
    bad: null,
    good: selector(`${names.latency}_bucket`, service, `le=~${quote(patternOf(underMs))}`),
  };
}

/** As PromQL writes a text; JSON's escapes are among those it knows. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** `5m`, `30d`: the largest unit that divides it. */
export function promDuration(ms: number): string {
  const [unit = 'ms', sizeMs = 1] = UNITS.find(([, size]) => ms % size === 0) ?? [];
  return `${ms / sizeMs}${unit}`;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
];

function selector(name: string, service: string, ...matchers: readonly string[]): string {
  return `${name}{${[`service=${quote(service)}`, ...matchers].join(',')}}`;
}

/** Of a boundary in seconds; some write 1, and others 1.0. */
function patternOf(ms: number): string {
  const seconds = toText(divide(toDecimal(ms), toDecimal(1000), 3));
  return parseDecimal(seconds)?.scale === 0 ? `${seconds}(\\.0+)?` : `${seconds.replace('.', '\\.')}0*`;
}
