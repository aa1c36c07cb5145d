import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Answer } from '../../../src/answer.ts';
import { inquireMetrics } from '../../../src/checks/builtin/metrics.ts';
import { judgePlace } from '../../../src/checks/judge.ts';
import type { MetricsRule } from '../../../src/checks/service.ts';
import { DEFAULT_NAMES } from '../../../src/metrics/reading.ts';
import type { Finding } from '../../../src/outcome.ts';
import { answer, GROUND, place, reply, type Body } from '../answers.ts';

const RULE: MetricsRule = { path: '/metrics', format: 'auto', names: DEFAULT_NAMES };
const DOCUMENT = {
  counters: { requests_total: 200, errors_total: 3 },
  latencies: { p50: 12, p95: 80, p99: 120 },
  slo: { error_rate: 0.015, target: 0.05 },
};
const OPENMETRICS = '# TYPE requests counter\nrequests_total 200\n# EOF\n';

function judge(given: Answer, format: MetricsRule['format'] = 'auto'): Finding {
  const inquiry = inquireMetrics({ ...RULE, format }, GROUND);
  return judgePlace(place({ check: 'metrics' }), { kind: 'asked', inquiry, attempts: [[given]] }, () => true);
}

function typed(body: Body, type: string): Answer {
  return reply(body, 200, { 'content-type': [type] });
}

function codeOf({ verdict, code }: Finding): readonly [string, string | undefined] {
  return [verdict, code];
}

suite('metrics', () => {
  test('are asked for in the format that the file names', () => {
    const accept = (format: MetricsRule['format']): string | undefined => {
      const [ask] = inquireMetrics({ ...RULE, format }, GROUND).asks;
      return ask?.question.kind === 'http' ? ask.question.headers['accept'] : undefined;
    };
    assert.equal(accept('sophia-json'), 'application/json');
    assert.equal(accept('openmetrics'), 'application/openmetrics-text; version=1.0.0');
    assert.equal(accept('prometheus'), 'text/plain; version=0.0.4');
    assert.match(accept('auto') ?? '', /^application\/json, application\/openmetrics-text.*text\/plain/);
  });

  test('that are right pass, with what they hold', () => {
    const json = judge(reply(DOCUMENT));
    assert.deepEqual([...codeOf(json), json.reason], ['pass', undefined, '7 samples of 3 families, as sophia-json']);
    const text = judge(typed(OPENMETRICS, 'application/openmetrics-text; version=1.0.0; charset=utf-8'));
    assert.deepEqual([...codeOf(text), text.reason], ['pass', undefined, '1 sample of 1 family, as openmetrics']);
    assert.deepEqual(text.observed, { format: 'openmetrics', families: 1, samples: 1 });
  });

  test('that contradict themselves fail, with the place', () => {
    const finding = judge(reply({ ...DOCUMENT, slo: { error_rate: 0.5, target: 0.05 } }));
    assert.deepEqual(codeOf(finding), ['fail', 'METRICS_INCONSISTENT']);
    assert.match(finding.reason, /^line 1, column \d+: /);
  });

  test('that are a page, or an error, are none', () => {
    assert.deepEqual(codeOf(judge(typed('<!doctype html><p>Log in</p>', 'text/html'))), ['fail', 'METRICS_NOT_METRICS']);
    assert.deepEqual(codeOf(judge(reply({ error: 'boom' }))), ['fail', 'METRICS_NOT_METRICS']);
  });

  test('that broke off are invalid', () => {
    const cut = typed(OPENMETRICS.replace('# EOF\n', ''), 'application/openmetrics-text; version=1.0.0');
    assert.deepEqual(codeOf(judge(cut)), ['fail', 'METRICS_INVALID']);
  });

  test('that broke off do not pass as a laxer format because nothing says what they are', () => {
    const cut = OPENMETRICS.replace('# EOF\n', '').replace('counter', 'gauge');
    assert.deepEqual(codeOf(judge(reply(cut, 200, {}))), ['fail', 'HTTP_TYPE']);
    assert.equal(judge(reply(cut, 200, {}), 'prometheus').verdict, 'pass');
  });

  test('that are empty are unknown', () => {
    assert.deepEqual(codeOf(judge(reply(''))), ['unknown', 'METRICS_EMPTY']);
    assert.deepEqual(codeOf(judge(reply('', 204, {}))), ['unknown', 'METRICS_EMPTY']);
    assert.deepEqual(codeOf(judge(typed('# EOF\n', 'application/openmetrics-text'))), ['unknown', 'METRICS_EMPTY']);
  });

  test('are not looked for in an answer that is not 2xx', () => {
    assert.deepEqual(codeOf(judge(reply(DOCUMENT, 500))), ['fail', 'HTTP_STATUS']);
    assert.deepEqual(codeOf(judge(reply(DOCUMENT, 302))), ['fail', 'HTTP_REDIRECT']);
  });

  test('that never came are unknown', () => {
    assert.equal(judge(answer()).verdict, 'unknown');
  });

  test('with a mistake on every line are told by their first one', () => {
    const finding = judge(typed(`${'!\n'.repeat(50_000)}# EOF\n`, 'application/openmetrics-text'));
    assert.equal(finding.verdict, 'fail');
    assert.ok(JSON.stringify(finding).length < 2000);
  });
});
