// proofs/metrics/<service>_<yyyymmdd>.json: what a service said of itself that day. What is no metrics document is never stored as one.
import type { Answer, HttpReply } from '../../answer.ts';
import type { MetricsRule } from '../../checks/service.ts';
import { readMetrics, type MetricsReading } from '../../metrics/reading.ts';
import type { Finding } from '../../outcome.ts';

export interface MetricsViewRequest {
  readonly finding: Finding;
  readonly rule: MetricsRule;
  /** The last one; null where none came. */
  readonly answer: Answer | null;
  /** ISO 8601. */
  readonly at: string;
  readonly proofPath: string;
}

export function metricsView({ finding, rule, answer, at, proofPath }: MetricsViewRequest): string {
  const http = answer?.trouble === null ? answer.http : null;
  const reading: MetricsReading | null = isUsable(finding) && http !== null ? readingOf(http, rule) : null;
  const summary = reading?.summary ?? null;
  const view = {
    proof: proofPath,
    service: finding.target,
    at: answer?.at ?? at,
    verdict: finding.verdict,
    format: reading?.format ?? null,
    counters: summary?.counters ?? null,
    latencies: summary?.latencies ?? null,
    slo: summary?.slo ?? null,
    ...(summary?.histogram ? { histogram: summary.histogram } : {}),
    error: summary === null ? { code: finding.code ?? null, message: finding.reason } : null,
  };
  return `${JSON.stringify(view, null, 2)}\n`;
}

export function metricsPathOf(service: string, at: string): string {
  return `metrics/${service}_${at.slice(0, 10).replaceAll('-', '')}.json`;
}

/** A page of status 500 may hold numbers, and says nothing about the service. */
function isUsable({ verdict }: Finding): boolean {
  return verdict === 'pass' || verdict === 'flaky' || verdict === 'warn';
}

function readingOf({ body, headers }: HttpReply, { format, names }: MetricsRule): MetricsReading {
  return readMetrics(body, { format, names, mediaType: headers['content-type']?.[0] ?? null });
}
