import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseInstant } from '../../../src/checks/body/age.ts';
import { judgeMatch, matcherShape, type Matcher } from '../../../src/checks/body/matcher.ts';
import type { Json } from '../../../src/outcome.ts';
import type { Flaw } from '../../../src/shape.ts';
import { extent } from '../../extent.ts';

const NOW_MS = Date.parse('2026-11-22T12:00:00Z');

/** `pass`, or the codes in their order; `?` before one that is unknown. */
function judge(value: Json | undefined, matcher: Matcher): string {
  const found = value === undefined ? ({ missing: true, at: '$.a' } as const) : { found: value };
  const judgements = judgeMatch(found, { name: '$.a', matcher, nowMs: NOW_MS });
  return judgements.map(({ verdict, code = '' }) => (verdict === 'pass' ? 'pass' : `${verdict === 'unknown' ? '?' : ''}${code}`)).join(' ');
}

const VECTORS: readonly (readonly [value: Json | undefined, matcher: Matcher, expected: string])[] = [
  ['ok', 'ok', 'pass'],
  ['OK', 'ok', 'BODY_VALUE'],
  ['1', 1, 'BODY_TYPE'],
  [1, '1', 'BODY_TYPE'],
  [true, 'true', 'BODY_TYPE'],
  [0, false, 'BODY_TYPE'],
  ['', null, 'BODY_TYPE'],
  [null, null, 'pass'],
  [undefined, null, 'BODY_FIELD_MISSING'],
  [1.0, 1, 'pass'],
  [-0, 0, 'pass'],
  [9_007_199_254_740_992, 9_007_199_254_740_992, '?BODY_VALUE'],
  [9_007_199_254_740_992, 3, 'BODY_VALUE'],
  [1e300, { min: 1 }, 'pass'],
  [[1, { a: 'x' }], [1, { a: 'x' }], 'pass'],
  [[1, { a: 'x' }], [1, { a: 1 }], 'BODY_VALUE'],
  [[1], [1, 2], 'BODY_VALUE'],
  [{ 0: 1 }, [1], 'BODY_TYPE'],
  [{ a: 1, b: 2 }, { equals: { b: 2, a: 1 } }, 'pass'],
  [{ a: 1 }, { equals: { a: 1, b: 2 } }, 'BODY_VALUE'],
  [{ a: 1, b: 2 }, { equals: { a: 1 } }, 'BODY_VALUE'],
  [{}, { equals: { toString: 1 } }, 'BODY_VALUE'],
  ['b', { in: ['a', 'b'] }, 'pass'],
  ['c', { in: ['a', 'b'] }, 'BODY_VALUE'],
  [1, { in: ['1', true] }, 'BODY_TYPE'],
  [1, { in: ['1', 2] }, 'BODY_VALUE'],
  ['abc', { type: 'string' }, 'pass'],
  ['1', { type: 'number' }, 'BODY_TYPE'],
  [1, { type: 'integer' }, 'pass'],
  [1.5, { type: 'integer' }, 'BODY_TYPE'],
  [1.5, { type: 'number' }, 'pass'],
  [[], { type: 'object' }, 'BODY_TYPE'],
  [null, { type: 'object' }, 'BODY_TYPE'],
  [null, { type: 'null' }, 'pass'],
  ['c0ffee', { matches: '^[0-9a-f]+$' }, 'pass'],
  ['coffee', { matches: '^[0-9a-f]+$' }, 'BODY_VALUE'],
  [123, { matches: '^\\d+$' }, 'BODY_TYPE'],
  ['a'.repeat(300_000), { matches: 'b' }, '?BODY_VALUE'],
  [5, { min: 5, max: 5 }, 'pass'],
  [4, { min: 5 }, 'BODY_VALUE'],
  [6, { max: 5 }, 'BODY_VALUE'],
  [9_007_199_254_740_992, { max: 9_007_199_254_740_992 }, '?BODY_VALUE'],
  [9_007_199_254_740_992, { min: 9_007_199_254_740_992 }, '?BODY_VALUE'],
  [9_007_199_254_740_994, { min: 9_007_199_254_740_992 }, 'pass'],
  ['6', { min: 5 }, 'BODY_TYPE'],
  [null, { min: 0 }, 'BODY_TYPE'],
  ['<html>', { max: 500 }, 'BODY_TYPE'],
  [[1], { min_items: 1 }, 'pass'],
  [[], { min_items: 1 }, 'BODY_VALUE'],
  [[1, 2], { max_items: 1 }, 'BODY_VALUE'],
  ['ab', { min_items: 1 }, 'BODY_TYPE'],
  [{ length: 3 }, { min_items: 1 }, 'BODY_TYPE'],
  [{}, { type: 'array', min_items: 1 }, 'BODY_TYPE'],
  [null, { exists: true }, 'pass'],
  [undefined, { exists: true }, 'BODY_FIELD_MISSING'],
  [undefined, { exists: false }, 'pass'],
  [null, { exists: false }, 'BODY_VALUE'],
  [undefined, { max: 5 }, 'BODY_FIELD_MISSING'],
  ['2026-11-22T00:00:00Z', { newer_than: '36h' }, 'pass'],
  ['2026-11-21T00:00:00Z', { newer_than: '36h' }, 'pass'],
  ['2026-11-20T23:59:59.999Z', { newer_than: '36h' }, 'BODY_VALUE'],
  ['2026-11-22T13:30:00+02:00', { newer_than: '1h' }, 'pass'],
  ['2026-11-22T12:30:00Z', { newer_than: '1h' }, 'pass'],
  ['2999-01-01T00:00:00Z', { newer_than: '36h' }, '?BODY_VALUE'],
  ['2999-01-01T00:00:00Z', { newer_than: '36h', older_than: '0s' }, 'BODY_VALUE'],
  ['2026-11-22T00:00:00', { newer_than: '36h' }, 'BODY_VALUE'],
  ['2026-11-22', { newer_than: '36h' }, 'BODY_VALUE'],
  ['yesterday', { newer_than: '36h' }, 'BODY_VALUE'],
  [NOW_MS, { newer_than: '36h' }, 'BODY_TYPE'],
  ['2026-11-01T00:00:00Z', { older_than: '7d' }, 'pass'],
  ['2026-11-20T00:00:00Z', { older_than: '7d' }, 'BODY_VALUE'],
  [3, { min: 4, max: 5, equals: 9, in: [7] }, 'BODY_VALUE BODY_VALUE BODY_VALUE'],
  ['x', { min: 4, matches: 'y' }, 'BODY_TYPE'],
];

test('a value is judged without being made into another', () => {
  for (const [value, matcher, expected] of VECTORS)
    assert.equal(judge(value, matcher), expected, `${JSON.stringify(value)?.slice(0, 40)} against ${JSON.stringify(matcher)}`);
});

test('a finding says what was expected, what came, and where a path stops', () => {
  const [first] = judgeMatch({ found: 'degraded' }, { name: '$.status', matcher: 'ok', nowMs: NOW_MS });
  const reason = '$.status is "degraded", not "ok"';
  assert.deepEqual(first, { verdict: 'fail', code: 'BODY_VALUE', reason, expected: 'ok', observed: 'degraded' });
  const [missing] = judgeMatch({ missing: true, at: '$.a' }, { name: '$.a.b', matcher: { type: 'string' }, nowMs: NOW_MS });
  assert.equal(missing?.reason, '$.a.b is not there: $.a leads nowhere');
});

test('a date is one of the calendar, with its zone', () => {
  assert.equal(parseInstant('2024-02-29T23:59:59Z'), Date.UTC(2024, 1, 29, 23, 59, 59));
  assert.equal(parseInstant('2026-11-22t10:00:00.250-02:30'), Date.UTC(2026, 10, 22, 12, 30, 0, 250));
  assert.equal(parseInstant('0026-01-01T00:00:00Z'), Date.parse('0026-01-01T00:00:00Z'));
  for (const text of [
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T00:60:00Z',
    '2026-11-22T00:00:00+24:00',
    '2026-11-22 00:00:00Z',
    '2026-11-22T00:00Z',
    '2026-11-22T00:00:00.Z',
    ` 2026-11-22T00:00:00Z`,
    `2026-11-22T00:00:00.${'0'.repeat(100)}Z`,
    '٢٠٢٦-11-22T00:00:00Z',
  ])
    assert.equal(parseInstant(text), null, text);
});

test('a shape takes what can be judged and says of the rest what is wrong with it', () => {
  const wrong: readonly (readonly [matcher: unknown, pointer: string, message: RegExp])[] = [
    [{}, '', /must say what is expected/],
    [{ typ: 'string' }, '/typ', /not a field/],
    [{ type: 'text' }, '/type', /string, number/],
    [{ min: '5' }, '/min', /without quotes/],
    [{ in: [] }, '/in', /at least 1/],
    [{ in: 'a' }, '/in', /a list/],
    [{ matches: '(' }, '/matches', /regular expression/],
    [{ matches: '(?=a)' }, '/matches', /looks ahead/],
    [{ newer_than: 36 }, '/newer_than', /a duration/],
    [{ min: 3, max: 2 }, '', /not above its max/],
    [{ min_items: 3, max_items: 2 }, '', /not above its max_items/],
    [{ exists: false, type: 'string' }, '', /nothing beside/],
    [undefined, '', /JSON/],
  ];
  for (const [matcher, pointer, message] of wrong) {
    const flaws: Flaw[] = [];
    assert.ok(!matcherShape.check(matcher, '', flaws) && !matcherShape.accepts(matcher), JSON.stringify(matcher));
    assert.equal(flaws[0]?.pointer, pointer, JSON.stringify(matcher));
    assert.match(flaws[0]?.message ?? '', message);
  }
  for (const [, matcher] of VECTORS)
    assert.ok(matcherShape.accepts(matcher) && matcherShape.check(matcher, '', []), JSON.stringify(matcher));
});

test('every value equals itself, and no value equals another', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(value, value, (one, other) => {
      const written = JSON.stringify(one);
      const isSame = written === JSON.stringify(other);
      const self = judge(one as Json, { equals: one as Json });
      assert.ok(self === 'pass' || self === '?BODY_VALUE', written);
      if (!isSame && judge(one as Json, { equals: other as Json }) === 'pass') assert.deepEqual(one, other);
    }),
    { numRuns: extent(3000, 300) },
  );
});
