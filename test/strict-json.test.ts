import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { readStrictJson, type StrictJson } from '../src/strict-json.ts';
import { extent } from './extent.ts';

function read(given: string | Uint8Array, maxDepth = 200): StrictJson {
  return readStrictJson(typeof given === 'string' ? Buffer.from(given) : given, { maxDepth, integers: 'any' });
}

const parseJson: (text: string) => unknown = JSON.parse;

function hex(digits: string): Uint8Array {
  return Buffer.from(digits.replaceAll(' ', ''), 'hex');
}

/** Also what JSON.parse takes, and with the same meaning. */
const ACCEPTED: readonly string[] = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1.5e-3',
  '1E+2',
  '1e-400',
  '9007199254740993',
  '123456789012345678901234567890',
  '""',
  '"a"',
  String.raw`"\u00e9\n\t\"\\\/\b\f\r"`,
  String.raw`"\ud83d\ude00"`,
  String.raw`"\u0000"`,
  '"\u007f\u2028\uFFFD"',
  '"\uFEFF"',
  '[]',
  '{}',
  ' \n\r\t[ 1 ,\t2 ]\n',
  '{ "a" : { "a" : [ { "a" : 1 } , { "a" : 2 } ] } }',
  '{"":0,"a":1,"A":2}',
  '{"10":1,"2":2,"b":3}',
  '["a","a"]',
  '{"hasOwnProperty":1,"constructor":2,"toString":3}',
];

const REFUSED: readonly (readonly [given: string | Uint8Array, problem: RegExp, place?: readonly [line: number, column: number]])[] = [
  ['', /text ends where a value/, [1, 1]],
  [' \n', /text ends/, [2, 1]],
  ['<html>', /'<' stands where a value/, [1, 1]],
  ['{', /text ends where a key/],
  ['[', /text ends where a value/],
  ['[1', /text ends where ',' or '\]'/, [1, 3]],
  ['{"a":1', /text ends where ',' or '\}'/],
  ['{"a"', /text ends where ':'/],
  ['{"a":', /text ends where a value/],
  ['[1,]', /'\]' stands where a value/, [1, 4]],
  ['{"a":1,}', /'\}' stands where a key/, [1, 8]],
  ['[,1]', /',' stands where a value/],
  ['[1 2]', /'2' stands where ',' or '\]'/],
  ['{"a" 1}', /'1' stands where ':'/],
  ["{'a':1}", /''' stands where a key/],
  ['{a:1}', /'a' stands where a key/],
  ['{1:1}', /'1' stands where a key/],
  ['[1}', /'\}' stands where ',' or '\]'/],
  ['1 2', /'2' stands where the end/, [1, 3]],
  ['{} x', /'x' stands where the end/],
  ['{}\n{}', /'\{' stands where the end/, [2, 1]],
  ['[1]\u0000', /U\+0000 stands where the end/],
  ['NaN', /'N' stands/],
  ['Infinity', /'I' stands/],
  ['-Infinity', /'-' stands/],
  ['undefined', /'u' stands/],
  ['True', /'T' stands/],
  ['nul', /'n' stands/],
  ['01', /'1' stands where the end/],
  ['-', /'-' stands/],
  ['+1', /'\+' stands/],
  ['.5', /'\.' stands/],
  ['1.', /'\.' stands where the end/],
  ['1e', /'e' stands where the end/],
  ['0x10', /'x' stands/],
  ['1_000', /'_' stands/],
  ['1e400', /1e400 overflows/, [1, 1]],
  ['[0,\n -1e309]', /overflows/, [2, 2]],
  ['9'.repeat(400), /overflows a double/],
  ['"a', /text ends where the end of a string/],
  ['"\n"', /U\+000A stands where the end of a string/],
  ['"\t"', /U\+0009 stands/],
  [String.raw`"\x41"`, /'\\' stands where an escape/],
  [String.raw`"\'"`, /'\\' stands where an escape/],
  [String.raw`"\u12"`, /four hexadecimal digits/],
  [String.raw`"\u{41}"`, /four hexadecimal digits/],
  [String.raw`"\constructor"`, /an escape/],
  ['"a\\', /where an escape/],
  [String.raw`"\ud800"`, /lone surrogate/, [1, 1]],
  [String.raw`"\udc00\ud800"`, /lone surrogate/],
  [String.raw`{"\ud83d":1}`, /lone surrogate/, [1, 2]],
  [String.raw`"\ud83dx"`, /lone surrogate/],
  ['{"a":1,"a":1}', /the key "a" is there twice/, [1, 8]],
  ['{"a":1,\n "\\u0061" :2}', /is there twice/, [2, 2]],
  ['{"__proto__":1,"__proto__":2}', /"__proto__" is there twice/],
  ['[{"b":[{"c":1,"d":{},"c":1}]}]', /"c" is there twice/],
  ['{"":1,"":2}', /"" is there twice/],
  ['\uFEFF{}', /byte order mark/, [1, 1]],
  ['// x\n1', /'\/' stands/],
  ['/**/1', /'\/' stands/],
  ['\u00a01', /U\+00A0 stands/],
  ['\u20281', /U\+2028 stands/],
  ['\f1', /U\+000C stands/],
  [hex('22 ff 22'), /not UTF-8/, [1, 2]],
  [hex('22 c0 af 22'), /not UTF-8/],
  [hex('22 ed a0 80 22'), /not UTF-8/],
  [hex('22 f4 90 80 80 22'), /not UTF-8/],
  [hex('22 ef bf bd 22 0a 80'), /not UTF-8/, [2, 1]],
  [hex('ff fe 31 00'), /not UTF-8/, [1, 1]],
  [hex('7b 22 e2 82'), /not UTF-8/, [1, 3]],
];

test('JSON means what JSON.parse says it means', () => {
  for (const text of ACCEPTED) assert.deepEqual(read(text), { value: parseJson(text) }, text);
});

test('what has no reading, or more than one, is refused at its place', () => {
  for (const [given, problem, place] of REFUSED) {
    const refused = read(given);
    assert.ok('problem' in refused, `accepted: ${String(given)}`);
    assert.match(refused.problem, problem, String(given));
    if (place !== undefined) assert.deepEqual([refused.line, refused.column], place, String(given));
  }
});

test('a problem quotes one character of the text, or a key, and nothing that stands around it', () => {
  for (const text of ['{"token": hunter2hunter2}', 'hunter2hunter2', '["hunter2hunter2']) {
    const refused = read(text);
    assert.ok('problem' in refused && !refused.problem.includes('hunter2'), text);
  }
});

test('every key is an own property, and nothing is inherited from the text', () => {
  const parsed = read('{"__proto__":{"polluted":true},"a":{"constructor":{"prototype":{"polluted":true}}}}');
  assert.ok('value' in parsed && typeof parsed.value === 'object' && parsed.value !== null);
  assert.deepEqual(Object.keys(parsed.value), ['__proto__', 'a']);
  assert.equal(Object.getPrototypeOf(parsed.value), Object.prototype);
  assert.equal(Reflect.get({}, 'polluted'), undefined);
});

test('nesting is bounded, and a hundred thousand brackets do not overflow the stack', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  assert.ok('value' in read(nested(200)));
  for (const text of [nested(201), '['.repeat(100_000), '{"a":'.repeat(100_000), '[{"a":'.repeat(50_000)]) {
    const refused = read(text);
    assert.ok('problem' in refused && /deeper than 200 levels/.test(refused.problem), text.slice(0, 10));
  }
  assert.ok('value' in read(JSON.stringify(nested(1000))));
});

test('an integer that a double cannot keep is refused where exactness is asked for', () => {
  const exact = (text: string): StrictJson => readStrictJson(Buffer.from(text), { maxDepth: 9, integers: 'exact' });
  for (const text of ['9007199254740993', '-18446744073709551615', '[10000000000000000000000001]'])
    assert.ok('problem' in exact(text), text);
  for (const text of ['9007199254740992', '1000000000000000000000', '-0', '1.5', '1e30']) assert.ok('value' in exact(text), text);
});

test('whatever can be written is read again as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 5 }), fc.nat({ max: 3 }), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      assert.deepEqual(read(text), { value: parseJson(text) });
    }),
    { numRuns: extent(2000, 200) },
  );
});

test('a text with one letter changed is taken only where JSON.parse takes it, and then means the same', () => {
  const letters = '{}[]",:0-eE.+\\ua1tn \n\u0000'.split('');
  const changes = fc.record({ value: fc.jsonValue({ maxDepth: 3 }), at: fc.nat(), letter: fc.constantFrom(...letters) });
  fc.assert(
    fc.property(changes, ({ value, at, letter }) => {
      const text = JSON.stringify(value);
      const changed = text.slice(0, at % text.length) + letter + text.slice((at % text.length) + 1);
      const strict = read(changed);
      if ('value' in strict) assert.deepEqual(strict.value, JSON.parse(changed));
      else if (!/twice|lone|overflows/.test(strict.problem)) assert.throws(() => JSON.parse(changed), SyntaxError, changed);
    }),
    { numRuns: extent(20_000, 2000) },
  );
});

test('random bytes are read or refused, and never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const result = read(bytes);
      assert.ok('value' in result || (result.line >= 1 && result.column >= 1 && result.offset >= 0));
    }),
    { numRuns: extent(5000, 500) },
  );
});
