import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compilePattern, MAX_MATCHED_LENGTH } from '../../../src/checks/body/pattern.ts';
import { extent } from '../../extent.ts';

function isMatch(source: string, text: string): boolean | null {
  const pattern = compilePattern(source);
  assert.ok('test' in pattern, `refused: ${source}`);
  return pattern.test(text);
}

function problemOf(source: string): string {
  const pattern = compilePattern(source);
  return 'problem' in pattern ? pattern.problem : 'accepted';
}

test('what people write in a configuration holds where it should, and only there', () => {
  const cases: readonly (readonly [source: string, yes: string, no: string])[] = [
    ['^[0-9a-f]{40}$', 'c0ffee00'.repeat(5), 'c0ffee00'.repeat(5).slice(1)],
    ['no-store', 'private, no-store', 'no store'],
    ['^v?\\d+\\.\\d+\\.\\d+(?:-[\\w.]+)?$', 'v1.20.3-rc.1', '1.2'],
    ['^(?<year>\\d{4})-(?<month>\\d\\d)$', '2026-11', '2026-1'],
    ['\\bok\\b', 'it is ok.', 'book'],
    ['\\Bok\\b', 'book', 'ok'],
    ['^$', '', 'a'],
    ['a|b|', 'x', ''],
    ['^(?:ab|cd){2,3}$', 'abcdab', 'ab'],
    ['^.$', '😀', '\n'],
    ['^[^a]$', '\n', 'a'],
    ['[\\]\\\\]', ']', '['],
    ['^\\u{1F600}\\ud83d\\ude00\\x41\\u0042\\cA$', '😀😀AB\u0001', '😀AB'],
    ['^\\p{Lu}\\P{Lu}+$', 'Éa', 'éa'],
    ['^a{3,}$', 'aaaa', 'aa'],
    ['^a{2}?b$', 'aab', 'ab'],
  ];
  for (const [source, yes, no] of cases) {
    assert.equal(isMatch(source, yes), true, `${source} in ${yes}`);
    assert.equal(isMatch(source, no), source === 'a|b|', `${source} in ${no}`);
  }
});

test('it agrees with the engine on whatever can be written', () => {
  const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '\\s', 'é', '\\.', '(?:a|b)', '()', '(a|)', '\\u0061', '\\x62');
  const sign = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,}', '{0,2}', '*?', '{0}');
  const edge = fc.constantFrom('^', '$', '\\b', '\\B', '');
  const { source } = fc.letrec<{ source: string }>((tie) => ({
    source: fc.oneof(
      { maxDepth: 3 },
      fc.tuple(atom, sign, edge).map((parts) => parts.join('')),
      fc.tuple(tie('source'), tie('source')).map((parts) => parts.join('')),
      fc.tuple(tie('source'), tie('source')).map((parts) => parts.join('|')),
      fc.tuple(tie('source'), sign).map(([inner, after]) => `(${inner})${after}`),
    ),
  }));
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é', '.', '1', '\n'), maxLength: 8 });
  fc.assert(
    fc.property(source, texts, (written, text) => {
      assert.equal(isMatch(written, text), new RegExp(written, 'u').test(text), `/${written}/ in ${JSON.stringify(text)}`);
    }),
    { numRuns: extent(20_000, 2000) },
  );
});

test('a pattern that keeps other engines busy for years is through with a long text', () => {
  const text = `${'a'.repeat(100_000)}b`;
  for (const source of ['^(a+)+$', '^(a|a)*$', '^(a*)*c', '(\\w|a)+$x', '^(?:a?){30}a{30}c'])
    assert.equal(isMatch(source, text), false, source);
});

test('a text that is too long is not compared', () => {
  assert.equal(isMatch('a', 'a'.repeat(MAX_MATCHED_LENGTH)), true);
  assert.equal(isMatch('a', 'a'.repeat(MAX_MATCHED_LENGTH + 1)), null);
});

test('what cannot be followed in one pass, or is no expression, is refused with the reason', () => {
  for (const source of ['(?=a)', '(?!a)', '(?<=a)', '(?<!a)b']) assert.match(problemOf(source), /looks ahead or behind/, source);
  for (const source of ['(a)\\1', '(?<n>a)\\k<n>']) assert.match(problemOf(source), /refers back/, source);
  for (const source of ['a{2000}', '(a{100}){100}', '((a{30}){30}){30}', 'a{1,99999999}', `(${'a|'.repeat(600)})`])
    assert.match(problemOf(source), /repeats too much/, source.slice(0, 30));
  assert.match(problemOf(`${'('.repeat(20_000)}a${')'.repeat(20_000)}`), /too deep/);
  assert.match(problemOf('(?i:a)'), /modifiers/);
  for (const source of ['[', '(', 'a**', '\\', '(?<a', '{1}', '\\-', '[b-a]']) assert.notEqual(problemOf(source), 'accepted', source);
});
