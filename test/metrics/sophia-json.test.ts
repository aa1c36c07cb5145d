import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { histogramOf } from '../../src/metrics/histogram.ts';
import { readSophiaJson, type SophiaJsonRead } from '../../src/metrics/sophia-json.ts';
import { extent } from '../extent.ts';

const HISTOGRAM = histogramOf([10, 20, 30]);
const GOOD = {
  counters: { requests_total: 200, errors_total: 3 },
  latencies: { p50: 10, p95: 40.5, p99: null },
  slo: { error_rate: 0.015, target: 0.05 },
  unit: 'ms',
  started_at: '2026-11-22T03:00:00.000Z',
  histogram: HISTOGRAM,
};

suite('JSON of our own services', () => {
  test('a whole document is taken as it is', () => {
    const { unit: _unit, ...summary } = GOOD;
    assert.deepEqual(read(GOOD), { ok: true, summary, samples: 6 });
  });

  test('the parts of the founding document suffice, and what it does not say is null', () => {
    const { counters, latencies, slo } = GOOD;
    assert.deepEqual(read({ counters, latencies, slo }), {
      ok: true,
      summary: { counters, latencies, slo, started_at: null, histogram: null },
      samples: 6,
    });
  });

  test('of no requests there is no error rate', () => {
    const counters = { requests_total: 0, errors_total: 0 };
    const latencies = { p50: null, p95: null, p99: null };
    assert.equal(read({ ...GOOD, counters, latencies, slo: { error_rate: null, target: 0.05 } }).ok, true);
    assert.deepEqual(codesOf(read({ ...GOOD, counters, slo: { error_rate: 0, target: 0.05 } })), ['METRICS_INCONSISTENT']);
  });

  test('an error rate may be rounded in the tenth digit and not before', () => {
    const counters = { requests_total: 3, errors_total: 1 };
    const withRate = (error_rate: number): SophiaJsonRead => read({ ...GOOD, counters, slo: { error_rate, target: 0.05 } });
    assert.equal(withRate(1 / 3).ok, true);
    assert.equal(withRate(0.3333333333).ok, true);
    assert.equal(withRate(0.33333333).ok, false);
  });

  const CONTRADICTIONS: readonly (readonly [string, object])[] = [
    ['more errors than requests', { counters: { requests_total: 2, errors_total: 3 }, slo: { error_rate: 1.5, target: 0.05 } }],
    ['an error rate that is not errors by requests', { slo: { error_rate: 0.02, target: 0.05 } }],
    ['an error rate of null where there were requests', { slo: { error_rate: null, target: 0.05 } }],
    ['p50 above p95', { latencies: { p50: 50, p95: 40, p99: null } }],
    ['p50 above p99', { latencies: { p50: 50, p95: null, p99: 40 } }],
    ['p95 above p99', { latencies: { p50: 1, p95: 40, p99: 39 } }],
    ['a latency below zero', { latencies: { p50: -1, p95: 40, p99: 50 } }],
    ['half a request', { counters: { requests_total: 200.5, errors_total: 3 }, slo: GOOD.slo }],
    ['fewer than no errors', { counters: { requests_total: 200, errors_total: -3 }, slo: GOOD.slo }],
    ['a target of five hundred percent', { slo: { error_rate: 0.015, target: 5 } }],
    ['a histogram that does not count what it says', { histogram: { ...HISTOGRAM, n: 4 } }],
    ['a histogram that is none', { histogram: [1, 2, 3] }],
  ];
  for (const [what, change] of CONTRADICTIONS) {
    test(`${what} is a contradiction`, () => {
      assert.ok(codesOf(read({ ...GOOD, ...change })).every((code) => code === 'METRICS_INCONSISTENT'));
      assert.equal(read({ ...GOOD, ...change }).ok, false);
    });
  }

  const OF_ANOTHER_FORM: readonly (readonly [string, object])[] = [
    ['a counter in quotes', { counters: { requests_total: '200', errors_total: 3 } }],
    ['a counter that is missing', { counters: { requests_total: 200 } }],
    ['a counter that is null', { counters: { requests_total: null, errors_total: 0 } }],
    ['a percentile that is missing', { latencies: { p50: 1, p95: 2 } }],
    ['latencies that are a list', { latencies: [1, 2, 3] }],
    ['an error rate in words', { slo: { error_rate: 'none', target: 0.05 } }],
    ['no target', { slo: { error_rate: 0.015 } }],
    ['latencies in seconds', { unit: 's' }],
    ['a start that is a number', { started_at: 1760000000 }],
    ['a start in local time', { started_at: '2026-11-22T03:00:00' }],
    ['a start on no day', { started_at: '2026-13-45T03:00:00Z' }],
    ['a start on the 31st of February', { started_at: '2026-02-31T03:00:00Z' }],
  ];
  for (const [what, change] of OF_ANOTHER_FORM) {
    test(`${what} is not the form`, () => {
      assert.ok(codesOf(read({ ...GOOD, ...change })).includes('METRICS_INVALID'));
    });
  }

  const STRANGERS: readonly (readonly [what: string, text: string, code: string])[] = [
    ['a page', '<!doctype html><title>Sign in</title>', 'METRICS_NOT_METRICS'],
    ['an error object', '{"error":"boom"}', 'METRICS_NOT_METRICS'],
    ['a problem document', '{"type":"about:blank","title":"Not Found","status":404}', 'METRICS_NOT_METRICS'],
    ['a list', '[1,2]', 'METRICS_NOT_METRICS'],
    ['a word', 'ok', 'METRICS_NOT_METRICS'],
    ['null', 'null', 'METRICS_NOT_METRICS'],
    ['counters that are a number', '{"counters":5}', 'METRICS_NOT_METRICS'],
    ['an object without anything', '{}', 'METRICS_NOT_METRICS'],
    ['a document that is cut off', '{"counters":{"requests_total":1', 'METRICS_INVALID'],
    ['a key that is there twice', '{"counters":{"requests_total":1,"requests_total":2}}', 'METRICS_INVALID'],
    ['NaN', '{"counters":{"requests_total":NaN}}', 'METRICS_INVALID'],
    ['a byte order mark', '\uFEFF{"counters":{}}', 'METRICS_INVALID'],
    ['an integer that a double cannot keep', '{"counters":{"requests_total":9007199254740993}}', 'METRICS_INVALID'],
    ['brackets without end', `{"counters":${'['.repeat(100_000)}`, 'METRICS_INVALID'],
  ];
  for (const [what, text, code] of STRANGERS) {
    test(`${what} is ${code}`, () => {
      assert.deepEqual(codesOf(readSophiaJson(Buffer.from(text))), [code]);
    });
  }

  test('a key of every object is no field', () => {
    const text = JSON.stringify(GOOD).replace('"p50"', '"__proto__"');
    assert.deepEqual(codesOf(readSophiaJson(Buffer.from(text))), ['METRICS_INVALID']);
  });

  test('a mistake is told where its value stands', () => {
    const text = `{
  "slo": {"error_rate": 0.5, "target": 0.05},
  "x": {"counters": [{"errors_total": "}"}]},
  "counters": {"requests_total": 4, "errors\\u005ftotal": 5},
  "latencies": {"p50": 9, "p95": 8}
}`;
    assert.deepEqual(placesOf(readSophiaJson(Buffer.from(text))), ['2:25', '4:58', '5:16', '5:34']);
  });

  test('random changes of a document are taken or refused at a place that it has, and nothing is thrown', () => {
    const text = JSON.stringify(GOOD, null, 1);
    fc.assert(
      fc.property(
        fc.nat(text.length),
        fc.nat(6),
        fc.constantFrom('', '0', '-', '"', '}', '{', '[', 'null', ',', '9', ' ', '.5'),
        (at, gone, what) => {
          const edited = text.slice(0, at) + what + text.slice(at + gone);
          const lines = edited.split('\n');
          const answer = readSophiaJson(Buffer.from(edited));
          for (const { line, column } of answer.ok ? [] : answer.errors)
            assert.ok(column >= 1 && column <= (lines[line - 1]?.length ?? -1) + 1, `${line}:${column} ${edited}`);
        },
      ),
      { numRuns: extent(3000, 500) },
    );
  });
});

function read(document: object): SophiaJsonRead {
  return readSophiaJson(Buffer.from(JSON.stringify(document)));
}

function codesOf(answer: SophiaJsonRead): readonly string[] {
  return answer.ok ? [] : answer.errors.map(({ code }) => code);
}

function placesOf(answer: SophiaJsonRead): readonly string[] {
  return answer.ok ? [] : answer.errors.map(({ line, column }) => `${line}:${column}`);
}
