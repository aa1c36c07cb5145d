import { HEALTH, siteWith, type Expected, type Fault, type Faulty } from './fault.ts';
import { METRICS_JSON, OPENMETRICS, OPENMETRICS_TYPE, sendJson, sendText, type Route } from './healthy-service.ts';

export const METRICS_FAULTS: readonly Fault[] = [
  serves('metrics-html', 'METRICS_NOT_METRICS', (_, response) =>
    sendText(response, '<!doctype html><title>Sign in</title>', { headers: { 'content-type': 'text/html' } }),
  ),
  serves('metrics-error-object', 'METRICS_NOT_METRICS', (_, response) => sendJson(response, { error: 'boom' })),
  serves('inconsistent-rate', 'METRICS_INCONSISTENT', (_, response) =>
    sendJson(response, { ...METRICS_JSON, slo: { ...METRICS_JSON.slo, error_rate: 0 } }),
  ),
  serves('missing-eof', 'METRICS_INVALID', (_, response) =>
    sendText(response, OPENMETRICS.replace('# EOF\n', ''), { headers: { 'content-type': OPENMETRICS_TYPE } }),
  ),
];

function serves(name: string, code: Expected['code'], route: Route): Fault {
  const lines = [...HEALTH, 'metrics: {path: /metrics, format: auto}'];
  const start = (): Promise<Faulty> => siteWith({ '/metrics': route }, { path: '/metrics', lines });
  return { name, group: 'metrics', start, expect: { check: 'metrics', verdict: 'fail', code } };
}
