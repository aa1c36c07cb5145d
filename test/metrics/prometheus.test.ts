import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parsePrometheus } from '../../src/metrics/prometheus.ts';
import { extent } from '../extent.ts';

const HISTOGRAM = '# TYPE t histogram\nt_bucket{le="1"} 1\nt_bucket{le="+Inf"} 2\nt_sum 3\nt_count 2\n';

const VALID: readonly (readonly [string, string])[] = [
  ['nothing at all', ''],
  ['a sample', 'up 1\n'],
  [
    'comments, empty lines and blanks wherever one likes',
    '# hello\n#\n\n \t\n  up\t1  \n# TYPE later gauge\n  #   HELP  later  text\nlater 2\n',
  ],
  ['a counter of any name', '# TYPE hits counter\nhits 3\n'],
  ['metadata of which nothing follows', '# HELP a b\n# TYPE c counter\n'],
  ['HELP without a text', '# HELP up\nup 1\n'],
  ['HELP after samples', 'up 1\n# HELP up Whether\n'],
  ['blanks within braces, and a comma at their end', 'up { a = "b" , c="d", } 1\n'],
  ['empty braces', 'up{} 1\n'],
  ['times in milliseconds', 'up{a="1"} 1 1395066363000\nup{a="2"} 1 -5\n'],
  ['numbers as OpenMetrics has them', 'a{n="1"} NaN\na{n="2"} -Inf\na{n="3"} 1e3\na{n="4"} .5\n'],
  ['escapes', 'up{a="\\\\ \\" \\n"} 1\n'],
  ['a histogram', HISTOGRAM],
  ['a histogram of values below zero', '# TYPE t histogram\nt_bucket{le="-1"} 1\nt_bucket{le="+Inf"} 1\nt_sum -5\nt_count 1\n'],
  ['a summary', '# TYPE s summary\ns{quantile="0.5"} 1\ns_sum 1\ns_count 1\n'],
  ['what looks like a histogram and is described as nothing', 't_bucket{le="1"} 1\nt_count 1\n'],
  ['a # EOF, which is a comment', 'up 1\n# EOF\n'],
];

const INVALID: readonly (readonly [what: string, text: string, at: string])[] = [
  ['a last line without a line feed', 'up 1', '1:5'],
  ['lines that end as on Windows', 'up 1\r\n', '1:4'],
  ['a name that begins with a digit', '9up 1\n', '1:1'],
  ['no value', 'up\n', '1:3'],
  ['a value that is a word', 'up yes\n', '1:4'],
  ['a value in hexadecimal', 'up 0x1p3\n', '1:4'],
  ['a value with an underscore', 'up 1_0\n', '1:4'],
  ['a time with decimals', 'up 1 5.5\n', '1:6'],
  ['an exemplar', 'up 1 # {} 1\n', '1:6'],
  ['something behind the time', 'up 1 5 6\n', '1:8'],
  ['a label without quotes', 'up{a=b} 1\n', '1:6'],
  ['a label that is not closed', 'up{a="b} 1\n', '1:6'],
  ['an escape that means nothing', 'up{a="\\d"} 1\n', '1:7'],
  ['labels without a comma', 'up{a="b" c="d"} 1\n', '1:10'],
  ['only a comma', 'up{,} 1\n', '1:4'],
  ['braces that are not closed', 'up{a="b", 1\n', '1:11'],
  ['the same label twice', 'up{a="b",a="c"} 1\n', '1:10'],
  ['the name as a label', 'up{__name__="b"} 1\n', '1:4'],
  ['TYPE with a type of OpenMetrics', '# TYPE up unknown\n', '1:11'],
  ['TYPE without a type', '# TYPE up\n', '1:10'],
  ['TYPE twice', '# TYPE up gauge\n# TYPE up gauge\n', '2:8'],
  ['HELP twice', '# HELP up a\n# HELP up b\n', '2:8'],
  ['TYPE after a sample', 'up 1\n# TYPE up gauge\n', '2:8'],
  ['a metric that comes back', 'a 1\nb 1\na{x="y"} 1\n', '3:1'],
  ['the same series twice', 'a{x="1",y="2"} 1\na{y="2",x="1"} 2 5\n', '2:1'],
  ['a counter that is negative', '# TYPE a counter\na -1\n', '2:3'],
  ['a histogram without +Inf', '# TYPE t histogram\nt_bucket{le="1"} 1\nt_sum 1\nt_count 1\n', '2:1'],
  ['a histogram that counts otherwise', HISTOGRAM.replace('t_count 2', 't_count 3'), '5:9'],
  ['buckets out of order', '# TYPE t histogram\nt_bucket{le="5"} 1\nt_bucket{le="1"} 1\nt_bucket{le="+Inf"} 1\n', '3:1'],
  ['buckets that do not add up', HISTOGRAM.replace('{le="1"} 1', '{le="1"} 9'), '3:21'],
  ['a bucket without a bound', '# TYPE t histogram\nt_bucket 1\n', '2:1'],
  ['a histogram that has a value itself', '# TYPE t histogram\nt 1\n', '2:1'],
  ['a quantile without its label', '# TYPE s summary\ns 1\n', '2:1'],
  ['a quantile beyond 1', '# TYPE s summary\ns{quantile="2"} 1\n', '2:3'],
];

suite('Prometheus text', () => {
  for (const [what, text] of VALID) {
    test(`takes ${what}`, () => {
      assert.deepEqual(parsePrometheus(text).errors, []);
    });
  }

  for (const [what, text, at] of INVALID) {
    test(`refuses ${what} at ${at}`, () => {
      const first = parsePrometheus(text).errors[0];
      assert.equal(`${first?.line}:${first?.column}`, at, first?.message);
    });
  }

  test('the parts of a histogram are one family', () => {
    const { exposition } = parsePrometheus(`${HISTOGRAM}up 1\n`);
    assert.deepEqual(
      exposition.families.map(({ name, type, samples }) => [name, type, samples.length]),
      [
        ['t', 'histogram', 4],
        ['up', 'unknown', 1],
      ],
    );
    assert.equal(exposition.samples, 5);
  });

  test('random edits are taken or refused at a place that the document has, and nothing is thrown', () => {
    const texts = [...VALID.map(([, text]) => text), ...INVALID.map(([, text]) => text)];
    const piece = fc.constantFrom(' ', '\n', '"', '{', '}', ',', '#', '\\', '1', '_bucket', '# TYPE t histogram', '\t');
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.array(fc.tuple(fc.nat(), piece, fc.nat(3)), { maxLength: 4 }), (text, edits) => {
        const edited = edits.reduce((all, [where, what, gone]) => {
          const at = where % (all.length + 1);
          return all.slice(0, at) + what + all.slice(at + gone);
        }, text);
        const lines = edited.split('\n');
        for (const { line, column } of parsePrometheus(edited).errors)
          assert.ok(column >= 1 && column <= (lines[line - 1]?.length ?? -1) + 1, `${line}:${column}\n${edited}`);
      }),
      { numRuns: extent(3000, 500) },
    );
  });

  test('megabytes are read, whatever they consist of', () => {
    const size = extent(10_000_000, 1_000_000);
    const samples = (text: string): number => parsePrometheus(text).exposition.samples;
    assert.equal(samples(Array.from({ length: size / 50 }, (_, at) => `a{n="${at}",zone="somewhere"} ${at}\n`).join('')), size / 50);
    assert.equal(samples(`a{x="${'x'.repeat(size)}"} 1\n`), 1);
    assert.equal(samples(`a${' '.repeat(size)}1\n`), 1);
    assert.equal(samples(`#${' '.repeat(size)}\n`), 0);
    assert.equal(samples(`a{${'x="y",'.repeat(size / 6)}} 1\n`), 0);
  });
});
