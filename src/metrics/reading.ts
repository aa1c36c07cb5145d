// One reader for whatever a service serves as metrics: our JSON, OpenMetrics, Prometheus text.
import type { FindingCode } from '../codes.ts';
import { detectFormat, looksLikeText } from './format.ts';
import type { HistogramData } from './histogram.ts';
import { parseOpenMetrics } from './openmetrics/parse.ts';
import { parsePrometheus } from './prometheus.ts';
import { readSophiaJson } from './sophia-json.ts';
import { summarize } from './summary.ts';
import { decode } from './text.ts';

export type MetricsFormat = 'sophia-json' | 'openmetrics' | 'prometheus';

export interface MetricsRequest {
  /** `auto` decides by media type and content. */
  readonly format: MetricsFormat | 'auto';
  /** Of text: the families that count requests, errors and time. */
  readonly names: { readonly requests: string; readonly errors: string; readonly latency: string };
  /** As sent; null of a file. */
  readonly mediaType: string | null;
}

export const DEFAULT_NAMES: MetricsRequest['names'] = {
  requests: 'requests_total',
  errors: 'errors_total',
  latency: 'request_duration_seconds',
};

export interface MetricsReading {
  /** Null where it is none of them. */
  readonly format: MetricsFormat | null;
  readonly families: number;
  readonly samples: number;
  /** In the order of their places; empty where the document is right. */
  readonly errors: readonly MetricsError[];
  /** Null where there are errors: what is wrong is never stored as metrics. */
  readonly summary: MetricsSummary | null;
}

export interface MetricsError {
  readonly line: number;
  readonly column: number;
  readonly code: Extract<FindingCode, `METRICS_${string}`>;
  readonly message: string;
}

/** What is absent is null, never zero. */
export interface MetricsSummary {
  readonly counters: { readonly requests_total: number | null; readonly errors_total: number | null };
  /** Milliseconds. */
  readonly latencies: { readonly p50: number | null; readonly p95: number | null; readonly p99: number | null };
  readonly slo: { readonly error_rate: number | null; readonly target: number | null };
  readonly started_at: string | null;
  readonly histogram: HistogramData | null;
}

/** Never throws, whatever the bytes are. A document without a sample is METRICS_EMPTY: it says nothing that could be right. */
export function readMetrics(bytes: Uint8Array, { format: wanted, names, mediaType }: MetricsRequest): MetricsReading {
  if (isBlank(bytes)) return refuse(wanted === 'auto' ? null : wanted, 'METRICS_EMPTY', 'the document is empty');
  const lossy = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const format = wanted === 'auto' ? detectFormat(lossy, mediaType) : wanted;
  if (format === null) return refuse(null, 'METRICS_NOT_METRICS', `${describe(lossy)} is no document of metrics`);
  if (format === 'sophia-json') return readJson(bytes);
  if (isPage(lossy) || !looksLikeText(lossy)) return refuse(format, 'METRICS_NOT_METRICS', `${describe(lossy)} is no document of metrics`);
  return readText(bytes, format, names);
}

function readJson(bytes: Uint8Array): MetricsReading {
  const read = readSophiaJson(bytes);
  if (!read.ok) return { format: 'sophia-json', families: 0, samples: 0, errors: read.errors, summary: null };
  return { format: 'sophia-json', families: FAMILIES_OF_JSON, samples: read.samples, errors: [], summary: read.summary };
}

/** Counters, latencies, slo. */
const FAMILIES_OF_JSON = 3;

function readText(bytes: Uint8Array, format: 'openmetrics' | 'prometheus', names: MetricsRequest['names']): MetricsReading {
  const decoded = decode(bytes);
  if (!decoded.ok) return { format, families: 0, samples: 0, errors: [decoded.error], summary: null };
  const { exposition, errors } = format === 'openmetrics' ? parseOpenMetrics(decoded.text) : parsePrometheus(decoded.text);
  const counts = { format, families: exposition.families.length, samples: exposition.samples };
  if (errors.length > 0) return { ...counts, errors, summary: null };
  if (exposition.samples === 0)
    return { ...counts, ...refuse(format, 'METRICS_EMPTY', 'the document has no sample'), families: counts.families };
  return { ...counts, errors, summary: summarize(exposition, names) };
}

function refuse(format: MetricsFormat | null, code: MetricsError['code'], message: string): MetricsReading {
  return { format, families: 0, samples: 0, errors: [{ line: 1, column: 1, code, message }], summary: null };
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

function isPage(text: string): boolean {
  return /^\s*[<{[]/.test(text);
}

function describe(text: string): string {
  if (/^\s*</.test(text)) return 'a page of HTML';
  return /^\s*[{[]/.test(text) ? 'JSON' : 'text without a sample';
}
