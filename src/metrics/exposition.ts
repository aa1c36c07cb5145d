// How a service of ours serves its metrics: as JSON, or as the text that the one who asks prefers.
import { cumulativeAt } from './histogram.ts';
import { choose } from './negotiation.ts';
import type { MetricsSnapshot } from './recorder.ts';
import { TARGET_NAME } from './summary.ts';

export interface Exposed {
  /** With parameters, for `content-type`. What is served depends on `accept`: say so with `vary`. */
  readonly mediaType: string;
  readonly body: string;
}

const MEDIA_TYPES = {
  json: 'application/json; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
} as const;

/** `accept` as it was sent; JSON where nothing was, or nothing that we have. */
export function exposeMetrics(snapshot: MetricsSnapshot, accept: string | null): Exposed {
  const format = choose(accept, MEDIA_TYPES) ?? 'json';
  const body = format === 'json' ? `${JSON.stringify(snapshot)}\n` : toText(snapshot, format);
  return { mediaType: MEDIA_TYPES[format], body };
}

type TextFormat = 'openmetrics' | 'prometheus';

function toText(snapshot: MetricsSnapshot, format: TextFormat): string {
  const { counters, slo } = snapshot;
  const lines = [
    ...counter({ name: 'requests', help: 'Requests that were answered.', value: counters.requests_total }, snapshot, format),
    ...counter({ name: 'errors', help: 'Requests that were answered with an error.', value: counters.errors_total }, snapshot, format),
    ...durations(snapshot, format),
    `# TYPE ${TARGET_NAME} gauge`,
    ...(format === 'openmetrics' ? [`# UNIT ${TARGET_NAME} ratio`] : []),
    `# HELP ${TARGET_NAME} The share of errors that is allowed.`,
    `${TARGET_NAME} ${slo.target}`,
    ...(format === 'openmetrics' ? ['# EOF'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

interface Counter {
  readonly name: string;
  readonly help: string;
  readonly value: number;
}

/** In OpenMetrics the family has no suffix and says when it began; in the older format it is called as its sample. */
function counter({ name, help, value }: Counter, { started_at }: MetricsSnapshot, format: TextFormat): readonly string[] {
  const family = format === 'openmetrics' ? name : `${name}_total`;
  const lines = [`# TYPE ${family} counter`, `# HELP ${family} ${help}`, `${name}_total ${value}`];
  return format === 'openmetrics' ? [...lines, `${name}_created ${toSeconds(Date.parse(started_at))}`] : lines;
}

const DURATION = 'request_duration_seconds';

function durations({ histogram, started_at }: MetricsSnapshot, format: TextFormat): readonly string[] {
  return [
    `# TYPE ${DURATION} histogram`,
    ...(format === 'openmetrics' ? [`# UNIT ${DURATION} seconds`] : []),
    `# HELP ${DURATION} How long requests took.`,
    ...BOUNDS_MS.map((bound) => `${DURATION}_bucket{le="${toBound(bound.ms / 1000)}"} ${cumulativeAt(histogram, bound)}`),
    `${DURATION}_bucket{le="+Inf"} ${histogram.n}`,
    `${DURATION}_count ${histogram.n}`,
    `${DURATION}_sum ${toSeconds(histogram.sum)}`,
    ...(format === 'openmetrics' ? [`${DURATION}_created ${toSeconds(Date.parse(started_at))}`] : []),
  ];
}

/**
 * Half a millisecond to a minute in steps of √2: each is a bound of our own buckets too, so that what is counted up to it is exact.
 * Always the same ones: a bucket that comes and goes is no series.
 */
const BOUNDS_MS = Array.from({ length: 35 }, (_, at) => ({ ms: 2 ** (at / 2 - 1), powerOfTwo: at / 2 - 1 }));

function toSeconds(ms: number): number {
  return ms / 1000;
}

/** As Go would write it: a bound is text that must not change. */
function toBound(seconds: number): string {
  return Number.isInteger(seconds) ? `${seconds}.0` : String(seconds);
}
