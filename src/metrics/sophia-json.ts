// The JSON of our own services: counters, latencies, slo and, where they say more, unit, started_at and histogram.
import type { Json, JsonObject } from '../outcome.ts';
import { readStrictJson } from '../strict-json.ts';
import { parseMoment } from '../units.ts';
import { toHistogram, type HistogramData } from './histogram.ts';
import { placeOf } from './json-place.ts';
import type { MetricsError, MetricsSummary } from './reading.ts';
import { excerpt } from './text.ts';

export type SophiaJsonRead =
  | { readonly ok: true; readonly summary: MetricsSummary; readonly samples: number }
  | { readonly ok: false; readonly errors: readonly MetricsError[] };

/** A histogram may have many buckets, but nothing here is nested. */
const MAX_DEPTH = 64;
/** Of error_rate: a double is kept in 17 digits, and some write fewer. */
const RATE_TOLERANCE = 1e-9;

export function readSophiaJson(bytes: Uint8Array): SophiaJsonRead {
  const read = readStrictJson(bytes, { maxDepth: MAX_DEPTH, integers: 'exact' });
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if ('problem' in read) {
    const code = text.trimStart().startsWith('{') ? 'METRICS_INVALID' : 'METRICS_NOT_METRICS';
    return { ok: false, errors: [{ line: read.line, column: read.column, code, message: read.problem }] };
  }
  const { value } = read;
  if (!isObject(value) || !isObject(value['counters'])) return { ok: false, errors: [describeStranger(value)] };
  const document = new SophiaDocument(value, text);
  const summary = document.read();
  return document.errors.length === 0 ? { ok: true, summary, samples: countSamples(summary) } : { ok: false, errors: document.inOrder() };
}

function describeStranger(value: Json): MetricsError {
  const keys = isObject(value) ? Object.keys(value) : [];
  const what = keys.includes('error') ? 'an error object' : 'JSON without "counters"';
  return { line: 1, column: 1, code: 'METRICS_NOT_METRICS', message: `${what} is no document of metrics` };
}

type Path = readonly string[];

class SophiaDocument {
  readonly #document: JsonObject;
  readonly #text: string;
  readonly errors: MetricsError[] = [];

  constructor(document: JsonObject, text: string) {
    this.#document = document;
    this.#text = text;
  }

  read(): MetricsSummary {
    const requests = this.#count('requests_total');
    const errors = this.#count('errors_total');
    if (requests !== null && errors !== null && errors > requests)
      this.#contradict(['counters', 'errors_total'], `${errors} errors in ${requests} requests`);
    const latencies = { p50: this.#latency('p50'), p95: this.#latency('p95'), p99: this.#latency('p99') };
    this.#judgeOrder(latencies);
    const slo = { error_rate: this.#rate(requests, errors), target: this.#target() };
    this.#judgeUnit();
    return {
      counters: { requests_total: requests, errors_total: errors },
      latencies,
      slo,
      started_at: this.#startedAt(),
      histogram: this.#histogram(),
    };
  }

  inOrder(): readonly MetricsError[] {
    return this.errors.toSorted((left, right) => left.line - right.line || left.column - right.column);
  }

  #count(name: string): number | null {
    const path = ['counters', name];
    const value = this.#number(path, 'a number');
    if (value === null) return null;
    if (Number.isSafeInteger(value) && value >= 0) return value;
    return this.#contradict(path, `a counter of ${value}: counters are whole numbers from 0`);
  }

  #latency(name: string): number | null {
    const path = ['latencies', name];
    if (this.#at(path) === null) return null;
    const value = this.#number(path, 'a number or null');
    return value !== null && value < 0 ? this.#contradict(path, `a latency of ${value} ms`) : value;
  }

  #judgeOrder({ p50, p95, p99 }: MetricsSummary['latencies']): void {
    const known = Object.entries({ p50, p95, p99 }).filter((entry): entry is [string, number] => entry[1] !== null);
    for (const [at, [name, value]] of known.entries()) {
      const before = known[at - 1];
      if (before !== undefined && before[1] > value)
        this.#contradict(['latencies', name], `${name} is ${value}, and ${before[0]} is ${before[1]}`);
    }
  }

  /** Errors by requests; of no requests there is none. */
  #rate(requests: number | null, errors: number | null): number | null {
    const path = ['slo', 'error_rate'];
    const isNull = this.#at(path) === null;
    const rate = isNull ? null : this.#number(path, 'a number or null');
    if (requests === null || errors === null || (rate === null && !isNull)) return null;
    if (requests === 0) return rate === null ? null : this.#contradict(path, `an error rate of ${rate} of no requests: it is null`);
    const expected = errors / requests;
    if (rate === null) return this.#contradict(path, `no error rate, where ${errors} of ${requests} requests failed`);
    return Math.abs(rate - expected) <= RATE_TOLERANCE
      ? rate
      : this.#contradict(path, `an error rate of ${rate}, where ${errors} of ${requests} requests failed`);
  }

  #target(): number | null {
    const path = ['slo', 'target'];
    const target = this.#number(path, 'a number');
    return target !== null && (target < 0 || target > 1)
      ? this.#contradict(path, `a target of ${target}: it is a share from 0 to 1`)
      : target;
  }

  #judgeUnit(): void {
    const unit = this.#document['unit'];
    if (unit !== undefined && unit !== 'ms') this.#refuse(['unit'], `the unit of latencies is "ms"`);
  }

  #startedAt(): string | null {
    const given = this.#document['started_at'] ?? null;
    if (given === null || (typeof given === 'string' && isInstant(given))) return given;
    this.#refuse(['started_at'], 'started_at is a time in UTC: 2026-11-22T03:00:00.000Z');
    return null;
  }

  #histogram(): HistogramData | null {
    const given = this.#document['histogram'] ?? null;
    if (given === null) return null;
    const read = toHistogram(given);
    return read.ok ? read.histogram : this.#contradict(['histogram'], `the histogram ${read.problem}`);
  }

  #number(path: Path, what: string): number | null {
    const value = this.#at(path);
    if (typeof value === 'number') return value;
    this.#refuse(
      path,
      value === undefined ? `${path.join('.')} is missing` : `${path.join('.')} is ${what}, not ${excerpt(JSON.stringify(value))}`,
    );
    return null;
  }

  #at(path: Path): Json | undefined {
    let value: Json | undefined = this.#document;
    for (const key of path) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    return value;
  }

  #refuse(path: Path, message: string): void {
    this.errors.push({ ...placeOf(this.#text, path), code: 'METRICS_INVALID', message });
  }

  #contradict(path: Path, message: string): null {
    this.errors.push({ ...placeOf(this.#text, path), code: 'METRICS_INCONSISTENT', message });
    return null;
  }
}

/** Numbers that are there. */
function countSamples({ counters, latencies, slo }: MetricsSummary): number {
  return [...Object.values(counters), ...Object.values(latencies), ...Object.values(slo)].filter((value) => value !== null).length;
}

function isInstant(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(text) && parseMoment(text) !== null;
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
