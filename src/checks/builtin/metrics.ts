// What a service serves as metrics must be metrics: an error page is none, and is never taken for some.
import type { HttpReply } from '../../answer.ts';
import { plural } from '../../markdown.ts';
import { readMetrics, type MetricsFormat } from '../../metrics/reading.ts';
import { NO_REPLY } from '../http/status.ts';
import type { Inquiry, Judgement } from '../inquiry.ts';
import type { MetricsRule } from '../service.ts';
import { toGet, type Ground } from './ground.ts';
import { judgeSuccess } from './status.ts';

export function inquireMetrics(rule: MetricsRule, ground: Ground): Inquiry {
  const question = toGet(ground, rule.path, ACCEPT[rule.format]);
  return { asks: [{ question, judge: ({ http }) => (http === null ? [NO_REPLY] : judgeMetrics(rule, http)) }] };
}

/** Our JSON first: it alone has the histogram. */
const ACCEPT: Readonly<Record<MetricsRule['format'], string>> = {
  'sophia-json': 'application/json',
  openmetrics: 'application/openmetrics-text; version=1.0.0',
  prometheus: 'text/plain; version=0.0.4',
  auto: 'application/json, application/openmetrics-text; version=1.0.0; q=0.9, text/plain; version=0.0.4; q=0.8',
};

/** A document with more mistakes than this is none, and nobody reads them all. */
const MAX_JUDGED = 100;

function judgeMetrics(rule: MetricsRule, http: HttpReply): readonly Judgement[] {
  const status = judgeSuccess(http);
  if (status !== null) return [status];
  if (rule.format === 'auto' && http.body.length > 0 && mediaTypeOf(http) === null) return [UNTYPED];
  const { format, families, samples, errors } = readMetrics(http.body, { ...rule, mediaType: mediaTypeOf(http) });
  const observed = { format, families, samples };
  if (errors.length > 0)
    return errors.slice(0, MAX_JUDGED).map(({ line, column, code, message }) => ({
      verdict: code === 'METRICS_EMPTY' ? 'unknown' : 'fail',
      code,
      reason: `line ${line}, column ${column}: ${message}`,
      observed,
    }));
  if (samples === 0) return [{ verdict: 'unknown', code: 'METRICS_EMPTY', reason: 'the document has no samples', observed }];
  return [
    {
      verdict: 'pass',
      reason: `${plural(samples, 'sample')} of ${plural(families, 'family', 'families')}, as ${nameOf(format)}`,
      observed,
    },
  ];
}

/** Without it the stricter format could pass as the laxer one: OpenMetrics that was cut short is good Prometheus text. */
const UNTYPED: Judgement = {
  verdict: 'fail',
  code: 'HTTP_TYPE',
  reason: 'the answer does not say what it is; `format:` can say it instead',
  expected: { 'content-type': 'a media type' },
  observed: { 'content-type': null },
};

function mediaTypeOf({ headers }: HttpReply): string | null {
  return headers['content-type']?.[0] ?? null;
}

function nameOf(format: MetricsFormat | null): string {
  return format ?? 'no format';
}
