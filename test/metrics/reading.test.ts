import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_NAMES, readMetrics, type MetricsReading, type MetricsRequest } from '../../src/metrics/reading.ts';
import { extent } from '../extent.ts';

const JSON_TEXT =
  '{"counters":{"requests_total":4,"errors_total":1},"latencies":{"p50":null,"p95":null,"p99":null},"slo":{"error_rate":0.25,"target":0.05}}';

suite('which format a document is in', () => {
  const CASES: readonly (readonly [what: string, text: string, mediaType: string | null, format: string | null])[] = [
    ['an object', JSON_TEXT, null, 'sophia-json'],
    ['an object that is called text', JSON_TEXT, 'text/plain; charset=utf-8', 'sophia-json'],
    ['a document that ends with # EOF', 'up 1\n# EOF\n', null, 'openmetrics'],
    ['a document that ends with # EOF and no line feed', 'up 1\n# EOF', 'text/plain', 'openmetrics'],
    ['text that is called OpenMetrics', 'up 1\n', 'Application/OpenMetrics-Text; version=1.0.0', 'openmetrics'],
    ['text that is called the older format', 'up 1\n# EOF\n', 'text/plain; charset=utf-8; version=0.0.4', 'prometheus'],
    ['samples without an end', 'up 1\n', null, 'prometheus'],
    ['samples with labels without an end', 'up{a="b"} 1\n', null, 'prometheus'],
    ['a counter whose name is its sample', '# TYPE a_total counter\na_total 1\n', null, 'prometheus'],
    ['a counter whose sample has a suffix, cut off before its end', '# TYPE a counter\na_total 1\n', null, 'openmetrics'],
    ['a unit, cut off before its end', '# UNIT a_s s\na_s 1\n', null, 'openmetrics'],
    ['a type of OpenMetrics, cut off before its end', '# TYPE a info\na_info 1\n', null, 'openmetrics'],
    ['a page', '<!doctype html>\n<script>a{b 1}</script>', null, null],
    ['a page that is called metrics', '<html>up 1</html>', 'text/html', null],
    ['an error in words', 'Internal Server Error\n', null, null],
    ['an error in words with a number', 'Error: 502\n', 'text/plain', null],
    ['a list', '[]', null, null],
    ['bytes', '\u0000\u0001\u0002', null, null],
  ];
  for (const [what, text, mediaType, format] of CASES) {
    test(`${what}: ${format ?? 'none'}`, () => {
      const reading = read(text, { mediaType });
      assert.equal(reading.format, format);
      if (format === null) assert.deepEqual([codesOf(reading), reading.summary], [['METRICS_NOT_METRICS'], null]);
    });
  }

  test('a page is no metrics in whatever format it was asked for', () => {
    for (const format of ['sophia-json', 'openmetrics', 'prometheus'] as const) {
      assert.deepEqual(codesOf(read('<html><body>502</body></html>', { format })), ['METRICS_NOT_METRICS']);
      assert.deepEqual(codesOf(read('{"error":"boom"}', { format })), ['METRICS_NOT_METRICS']);
    }
  });

  test('what has no sample is empty, and what is wrong is never a summary', () => {
    for (const text of ['', ' \n\t', '# EOF\n', '# TYPE a gauge\n# EOF\n', '# HELP a b\n']) {
      const reading = read(text);
      assert.deepEqual([codesOf(reading), reading.summary, reading.samples], [['METRICS_EMPTY'], null, 0], JSON.stringify(text));
    }
    assert.equal(read('a 1\na 2\n# EOF\n').summary, null);
  });

  test('a document that lacks its end is refused there', () => {
    const reading = read('# TYPE a counter\na_total 1\n');
    assert.deepEqual(
      reading.errors.map(({ line, column, code }) => ({ line, column, code })),
      [{ line: 3, column: 1, code: 'METRICS_INVALID' }],
    );
  });

  test('random text is read as something or nothing, and nothing is thrown', () => {
    const piece = fc.constantFrom('{', '"', 'a', ' ', '\n', '1', '# ', 'TYPE', 'EOF', '<', ':', ',', '}', '\uFEFF', '\u0000', 'NaN');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }),
        fc.constantFrom('auto', 'sophia-json', 'openmetrics', 'prometheus'),
        (pieces, format) => {
          const reading = read(pieces.join(''), { format });
          assert.equal(reading.summary === null, reading.errors.length > 0);
        },
      ),
      { numRuns: extent(5000, 1000) },
    );
  });

  test('megabytes of one letter are looked at quickly', () => {
    for (const letter of [' ', 'a', '{', '#', '"', '\\', '\n', '}', 'a{', 'a ', '# TYPE ', '[', '1'])
      assert.ok(read(letter.repeat(extent(5_000_000, 500_000))).errors.length > 0);
  });
});

suite('what text says of a service', () => {
  const BUCKETS = (labels: string, counts: readonly [number, number, number, number]): string =>
    ['0.1', '0.2', '0.4', '+Inf'].map((le, at) => `request_duration_seconds_bucket{${labels}le="${le}"} ${counts[at]}`).join('\n');

  test('counters are summed over their labels', () => {
    const { summary } = read('requests_total{a="1"} 10\nrequests_total{a="2"} 30\nerrors_total{a="1"} 2\n');
    assert.deepEqual(summary?.counters, { requests_total: 40, errors_total: 2 });
    assert.deepEqual(summary?.slo, { error_rate: 0.05, target: null });
  });

  test('what is not there is null, and no rate is made of it', () => {
    assert.deepEqual(read('up 1\n').summary, {
      counters: { requests_total: null, errors_total: null },
      latencies: { p50: null, p95: null, p99: null },
      slo: { error_rate: null, target: null },
      started_at: null,
      histogram: null,
    });
    assert.equal(read('requests_total 0\nerrors_total 0\n').summary?.slo.error_rate, null);
    assert.equal(read('requests_total 5\nerrors_total 7\n').summary?.slo.error_rate, null);
    assert.equal(read('requests_total NaN\nerrors_total 7\n').summary?.counters.requests_total, null);
  });

  test('other names can be given, of the family or of the sample', () => {
    const text = '# TYPE http counter\nhttp_total 8\nhttp_created 1700000000.5\n# TYPE bad counter\nbad_total 2\n# EOF\n';
    for (const names of [
      { requests: 'http', errors: 'bad' },
      { requests: 'http_total', errors: 'bad_total' },
    ]) {
      const { summary } = read(text, { names: { ...DEFAULT_NAMES, ...names } });
      assert.deepEqual(summary?.counters, { requests_total: 8, errors_total: 2 });
      assert.equal(summary?.started_at, '2023-11-14T22:13:20.500Z');
    }
  });

  test('of a series with several points the last counts', () => {
    const { summary } = read('# TYPE requests counter\nrequests_total 5 10\nrequests_total 6 20\n# EOF\n');
    assert.equal(summary?.counters.requests_total, 6);
  });

  test('percentiles come from buckets, in milliseconds, within the bucket where they lie', () => {
    const { summary } = read(`# TYPE request_duration_seconds histogram\n${BUCKETS('', [200, 300, 400, 400])}\n# EOF\n`);
    assert.deepEqual(summary?.latencies, { p50: 100, p95: 360, p99: 392 });
  });

  test('what lies beyond the last bound is not known', () => {
    const { summary } = read(`# TYPE request_duration_seconds histogram\n${BUCKETS('', [200, 300, 380, 400])}\n# EOF\n`);
    assert.deepEqual(summary?.latencies, { p50: 100, p95: 400, p99: null });
  });

  test('too few samples make no percentile', () => {
    const { summary } = read(`# TYPE request_duration_seconds histogram\n${BUCKETS('', [29, 58, 58, 58])}\n# EOF\n`);
    assert.deepEqual(summary?.latencies, { p50: 100, p95: null, p99: null });
  });

  test('histograms are added where they share a bound', () => {
    const one = BUCKETS('a="1",', [100, 200, 200, 200]);
    const other = 'request_duration_seconds_bucket{a="2",le="0.2"} 200\nrequest_duration_seconds_bucket{a="2",le="+Inf"} 200';
    const { summary } = read(`# TYPE request_duration_seconds histogram\n${one}\n${other}\n# EOF\n`);
    assert.deepEqual(summary?.latencies, { p50: 100, p95: 190, p99: 198 });
  });

  test('told quantiles are taken of one series and never averaged', () => {
    const one = 'request_duration_seconds{quantile="0.5",a="1"} 0.1\nrequest_duration_seconds{quantile="0.99",a="1"} 0.9\n';
    const other = one.replaceAll('a="1"', 'a="2"');
    assert.deepEqual(read(`# TYPE request_duration_seconds summary\n${one}# EOF\n`).summary?.latencies, { p50: 100, p95: null, p99: 900 });
    assert.deepEqual(read(`# TYPE request_duration_seconds summary\n${one}${other}# EOF\n`).summary?.latencies, {
      p50: null,
      p95: null,
      p99: null,
    });
    assert.equal(
      read('# TYPE request_duration_seconds summary\nrequest_duration_seconds{quantile="0.5"} NaN\n# EOF\n').summary?.latencies.p50,
      null,
    );
  });

  test('a time is converted by its unit, and not at all where nobody said which', () => {
    const text = (name: string): string => `# TYPE ${name} summary\n${name}{quantile="0.5"} 2\n# EOF\n`;
    const told = (name: string): number | null | undefined =>
      read(text(name), { names: { ...DEFAULT_NAMES, latency: name } }).summary?.latencies.p50;
    assert.equal(told('took_seconds'), 2000);
    assert.equal(told('took_milliseconds'), 2);
    assert.equal(told('took_microseconds'), 0.002);
    assert.equal(told('took'), null);
    assert.equal(told('took_bytes'), null);
  });
});

function read(text: string, request: Partial<MetricsRequest> = {}): MetricsReading {
  return readMetrics(Buffer.from(text), { format: 'auto', names: DEFAULT_NAMES, mediaType: null, ...request });
}

function codesOf({ errors }: MetricsReading): readonly string[] {
  return errors.map(({ code }) => code);
}
