import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { exposeMetrics } from '../../src/metrics/exposition.ts';
import { DEFAULT_NAMES, readMetrics, type MetricsReading } from '../../src/metrics/reading.ts';
import { createMetrics, type Metrics, type MetricsSnapshot } from '../../src/metrics/recorder.ts';
import { extent } from '../extent.ts';

const STARTED_AT = '2026-11-22T03:00:00.123Z';
const OPENMETRICS = 'application/openmetrics-text';
const PROMETHEUS = 'text/plain';

suite('metrics of our own services', () => {
  test('a service that nobody has asked yet has no error rate and no percentiles', () => {
    const snapshot = measured([]);
    assert.deepEqual(snapshot, {
      counters: { requests_total: 0, errors_total: 0 },
      latencies: { p50: null, p95: null, p99: null },
      slo: { error_rate: null, target: 0.05 },
      unit: 'ms',
      started_at: STARTED_AT,
      histogram: { scale: 5, zero: 0, offset: 0, counts: [], n: 0, sum: 0 },
    });
    for (const accept of [null, OPENMETRICS, PROMETHEUS]) {
      const { errors, summary } = reread(snapshot, accept);
      assert.deepEqual([errors, summary?.slo.error_rate, summary?.counters.requests_total], [[], null, 0]);
    }
  });

  test('what is served is what was counted, in every format', () => {
    const request = fc.record({ durationMs: fc.double({ min: 0, max: 1e5, noNaN: true }), isError: fc.boolean() });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 100 }), (requests) => {
        const snapshot = measured(requests);
        const { unit: _unit, ...told } = snapshot;
        assert.deepEqual(reread(snapshot, null).summary, told);
        for (const accept of [OPENMETRICS, PROMETHEUS]) {
          const { errors, summary } = reread(snapshot, accept);
          assert.deepEqual(errors, []);
          assert.deepEqual([summary?.counters, summary?.slo], [snapshot.counters, snapshot.slo]);
          assert.equal(summary?.started_at, accept === OPENMETRICS ? STARTED_AT : null);
        }
      }),
      { numRuns: extent(150, 60) },
    );
  });

  test('the buckets of text count exactly what lies up to their bounds', () => {
    const durations = [0, 0.5, 0.50001, 1, Math.SQRT2, 1.5, 2, 64, 65_536, 70_000];
    const { body } = exposeMetrics(measured(durations.map((durationMs) => ({ durationMs, isError: false }))), OPENMETRICS);
    for (const [, bound = '', count = ''] of body.matchAll(/_bucket\{le="([^"]+)"\} (\d+)/g)) {
      const upTo = bound === '+Inf' ? durations.length : durations.filter((each) => each / 1000 <= Number(bound)).length;
      assert.equal(Number(count), upTo, bound);
    }
  });

  test('the percentiles of text and of JSON are of the same values', () => {
    const snapshot = measured(Array.from({ length: 1000 }, (_, at) => ({ durationMs: at + 1, isError: false })));
    const text = reread(snapshot, OPENMETRICS).summary!.latencies;
    for (const [name, exact] of [
      ['p50', 500],
      ['p95', 950],
      ['p99', 990],
    ] as const) {
      assert.ok(Math.abs(snapshot.latencies[name]! / exact - 1) <= 0.0109, `JSON ${name}`);
      assert.ok(Math.abs(text[name]! / exact - 1) <= 0.1, `text ${name}: ${text[name]}`);
    }
  });

  test('a duration that is none is refused', () => {
    const metrics = created();
    for (const durationMs of [-1, Number.NaN, Infinity]) assert.throws(() => metrics.count({ durationMs, isError: false }), RangeError);
    assert.equal(metrics.snapshot().counters.requests_total, 0);
  });

  const ACCEPTED: readonly (readonly [accept: string | null, mediaType: RegExp])[] = [
    [null, /^application\/json/],
    ['*/*', /^application\/json/],
    ['text/html,application/xhtml+xml;q=0.9,*/*;q=0.8', /^application\/json/],
    ['image/png', /^application\/json/],
    ['', /^application\/json/],
    ['application/openmetrics-text', /^application\/openmetrics-text; version=1\.0\.0; charset=utf-8$/],
    ['APPLICATION/OPENMETRICS-TEXT; VERSION="1.0.0"', /^application\/openmetrics-text/],
    ['application/openmetrics-text; version=9.0.0', /^application\/json/],
    ['text/plain', /^text\/plain; version=0\.0\.4/],
    ['text/*', /^text\/plain/],
    ['application/json;q=0.5, text/plain;q=0.9', /^text\/plain/],
    ['application/json;q=0, */*', /^application\/openmetrics-text/],
    ['application/*;q=0.2, application/openmetrics-text;q=0.1', /^application\/json/],
    ['application/json;q=2, text/plain;q=0.1', /^text\/plain/],
    [
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      /^application\/openmetrics-text/,
    ],
    [`${'a/b,'.repeat(100_000)}text/plain`, /^application\/json/],
  ];
  for (const [accept, mediaType] of ACCEPTED) {
    test(`to ${accept === null ? 'no wish' : `"${accept.slice(0, 60)}"`} the answer is ${mediaType.source.slice(1, 20)}`, () => {
      assert.match(exposeMetrics(measured([]), accept).mediaType, mediaType);
    });
  }

  const promtool = spawnSync('promtool', ['--version']).status === 0;
  const skip = promtool ? false : 'NOT TESTED: promtool is not installed (apt-get install prometheus)';
  test('promtool finds nothing against the text', { skip }, () => {
    const { body } = exposeMetrics(measured([{ durationMs: 12, isError: true }]), PROMETHEUS);
    const ended = spawnSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' });
    assert.deepEqual([ended.status, ended.stdout, ended.stderr], [0, '', '']);
  });

  test('promtool reads OpenMetrics as the older format and misses only the help that stands at other names', { skip }, () => {
    const { body } = exposeMetrics(measured([{ durationMs: 12, isError: true }]), OPENMETRICS);
    const ended = spawnSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' });
    assert.ok(
      ended.stderr
        .trim()
        .split('\n')
        .every((line) => line.endsWith(' no help text')),
      ended.stderr,
    );
  });
});

function created(): Metrics {
  return createMetrics({ target: 0.05, startedAtMs: Date.parse(STARTED_AT) });
}

function measured(requests: readonly { readonly durationMs: number; readonly isError: boolean }[]): MetricsSnapshot {
  const metrics = created();
  for (const request of requests) metrics.count(request);
  return metrics.snapshot();
}

function reread(snapshot: MetricsSnapshot, accept: string | null): MetricsReading {
  const { body, mediaType } = exposeMetrics(snapshot, accept);
  return readMetrics(Buffer.from(body), { format: 'auto', names: DEFAULT_NAMES, mediaType });
}
