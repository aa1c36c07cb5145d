import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parseOpenMetrics } from '../../../src/metrics/openmetrics/parse.ts';
import type { MetricsError } from '../../../src/metrics/reading.ts';
import { decode, MAX_ERRORS } from '../../../src/metrics/text.ts';
import { extent } from '../../extent.ts';
import { VECTORS } from './vectors.ts';

suite('OpenMetrics', () => {
  for (const { what, text, at } of VECTORS) {
    test(at === null ? `takes ${what}` : `refuses ${what} at ${at}`, () => {
      assert.equal(placeOfFirst(errorsOf(Buffer.from(text))), at);
    });
  }

  test('there are vectors of both kinds, each of them once', () => {
    const valid = VECTORS.filter(({ at }) => at === null).length;
    assert.ok(VECTORS.length >= 150 && valid >= 50 && VECTORS.length - valid >= 100);
    assert.equal(new Set(VECTORS.map(({ text }) => text)).size, VECTORS.length);
    assert.equal(new Set(VECTORS.map(({ what }) => what)).size, VECTORS.length);
  });

  test('a family has its type, its unit and its samples with their labels as they are meant', () => {
    const { exposition } = parseOpenMetrics(
      '# TYPE a_s gauge\n# UNIT a_s s\na_s{x="q\\"\\\\\\n\\d",y=""} 1e3 5\n# TYPE b counter\nb_total 7\n# EOF\n',
    );
    assert.equal(exposition.samples, 2);
    assert.deepEqual(
      exposition.families.map(({ name, type, unit, samples }) => ({
        name,
        type,
        unit,
        samples: samples.map((each) => [each.name, each.value]),
      })),
      [
        { name: 'a_s', type: 'gauge', unit: 's', samples: [['a_s', 1000]] },
        { name: 'b', type: 'counter', unit: '', samples: [['b_total', 7]] },
      ],
    );
    assert.deepEqual(
      exposition.families[0]?.samples[0]?.labels.map(({ name, value }) => [name, value]),
      [
        ['x', 'q"\\\n\\d'],
        ['y', ''],
      ],
    );
  });

  test('all mistakes are told, in the order of their places, and one of them hides what it may have caused', () => {
    const errors = errorsOf(Buffer.from('# TYPE t histogram\nt_bucket{le="1"} x\nt_sum 1\nup  1\n# UNIT wait s\n'));
    assert.deepEqual(
      errors.map(({ line, column }) => `${line}:${column}`),
      ['2:18', '4:4', '5:13', '6:1'],
    );
  });

  test('a document that is broken everywhere is not read to its end', () => {
    const errors = errorsOf(Buffer.from('?\n'.repeat(100_000)));
    assert.equal(errors.length, MAX_ERRORS);
  });

  for (const [what, bytes, at] of [
    ['a byte that begins nothing', [0x75, 0x70, 0x20, 0xff], '1:4'],
    ['a character that is cut off', [0x75, 0x0a, 0xe2, 0x82], '2:1'],
    ['a character that is longer than it must be', [0x61, 0xc0, 0x80], '1:2'],
    ['half a surrogate pair', [0xef, 0xbf, 0xbd, 0xed, 0xa0, 0x80], '1:2'],
  ] as const) {
    test(`${what} is refused where it stands`, () => {
      assert.equal(placeOfFirst(errorsOf(Uint8Array.from(bytes))), at);
    });
  }

  test('random edits of a document are taken or refused at a place that it has, and nothing is thrown', () => {
    const vector = fc.constantFrom(...VECTORS.map(({ text }) => text));
    const piece = fc.constantFrom(
      ' ',
      '\n',
      '"',
      '{',
      '}',
      ',',
      '#',
      '\\',
      '\r',
      '1',
      '-',
      '_total',
      '# EOF',
      'le="+Inf"',
      'NaN',
      '\uD800',
    );
    fc.assert(
      fc.property(vector, fc.array(fc.tuple(fc.nat(), piece, fc.nat(3)), { maxLength: 4 }), (text, edits) => {
        const edited = edits.reduce((all, [where, what, gone]) => {
          const at = where % (all.length + 1);
          return all.slice(0, at) + what + all.slice(at + gone);
        }, text);
        const lines = edited.split('\n');
        for (const { line, column, message } of parseOpenMetrics(edited).errors) {
          assert.ok(column >= 1 && column <= (lines[line - 1]?.length ?? -1) + 1, `${line}:${column} ${message}\n${edited}`);
          assert.notEqual(message, '');
        }
      }),
      { numRuns: extent(5000, 1000) },
    );
  });

  test('random bytes are refused and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        assert.ok(errorsOf(bytes).length > 0);
      }),
      { numRuns: extent(2000, 300) },
    );
  });

  test('megabytes are read, whatever they consist of', () => {
    const size = extent(10_000_000, 1_000_000);
    const lines = size / 50;
    const [x, many] = ['x'.repeat(size), Array.from({ length: lines }, (_, at) => `l${at}="${at}"`).join(',')];
    const series = Array.from({ length: lines }, (_, at) => `a{n="${at}",zone="somewhere",kind="of a label"} ${at}`).join('\n');
    const families = Array.from({ length: lines }, (_, at) => `family_number_${at} ${at}`).join('\n');
    const buckets = Array.from({ length: lines }, (_, at) => `t_bucket{le="${at}.5"} ${at}`).join('\n');
    const counts = (text: string): readonly number[] => {
      const { exposition, errors } = parseOpenMetrics(text);
      return [exposition.families.length, exposition.samples, errors.length];
    };
    assert.deepEqual(counts(`${series}\n# EOF\n`), [1, lines, 0]);
    assert.deepEqual(counts(`${families}\n# EOF\n`), [lines, lines, 0]);
    assert.deepEqual(counts(`# TYPE t histogram\n${buckets}\nt_bucket{le="+Inf"} ${lines}\n# EOF\n`), [1, lines + 1, 0]);
    assert.deepEqual(counts(`a{x="${x}"} 1\n# EOF\n`), [1, 1, 0]);
    assert.deepEqual(counts(`a{${many}} 1\n# EOF\n`), [1, 1, 0]);
    assert.deepEqual(counts(`${x} 1\n# EOF\n`), [1, 1, 0]);
    assert.deepEqual(counts(`a ${'1'.repeat(size)}\n# EOF\n`), [0, 0, 1]);
    assert.deepEqual(counts(`a{x="${'\\'.repeat(size)}\n# EOF\n`), [0, 0, 1]);
    assert.deepEqual(counts(`a${' '.repeat(size)}\n# EOF\n`), [0, 0, 1]);
    assert.deepEqual(counts('\n'.repeat(size)), [0, 0, MAX_ERRORS]);
  });
});

function errorsOf(bytes: Uint8Array): readonly MetricsError[] {
  const decoded = decode(bytes);
  return decoded.ok ? parseOpenMetrics(decoded.text).errors : [decoded.error];
}

function placeOfFirst(errors: readonly MetricsError[]): string | null {
  const first = errors[0];
  return first === undefined ? null : `${first.line}:${first.column}`;
}
