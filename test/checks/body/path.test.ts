import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { byPath, find, parsePath, pathShape } from '../../../src/checks/body/path.ts';
import { integer, type Flaw } from '../../../src/shape.ts';
import { extent } from '../../extent.ts';

const PATHS: readonly (readonly [path: string, segments: readonly (string | number)[]])[] = [
  ['$', []],
  ['$.status', ['status']],
  ['$._a.b1.é.☺.😀', ['_a', 'b1', 'é', '☺', '😀']],
  ['$.entries[0].path', ['entries', 0, 'path']],
  ['$[-1]', [-1]],
  ['$[0][10]', [0, 10]],
  [`$['a b']["c"]`, ['a b', 'c']],
  [`$['']`, ['']],
  [`$['"']["'"]`, ['"', "'"]],
  [String.raw`$['\'']["\""]`, ["'", '"']],
  [String.raw`$['\b\f\n\r\t\/\\']`, ['\b\f\n\r\t/\\']],
  [String.raw`$['\u00e9\u00E9']`, ['éé']],
  [String.raw`$['\ud83d\uDE00']`, ['😀']],
  ['$ .a\n[0]\t[ 1 ]', ['a', 0, 1]],
  [`$['$']['@']['*']`, ['$', '@', '*']],
  ['$[9007199254740991]', [9_007_199_254_740_991]],
  ['$.constructor.__proto__', ['constructor', '__proto__']],
];

const NO_PATHS: readonly (readonly [path: string, at: number])[] = [
  ['', 0],
  ['status', 0],
  [' $', 0],
  ['@.a', 0],
  ['$.a ', 3],
  ['$.', 2],
  ['$a', 1],
  ['$.1a', 2],
  ['$. a', 2],
  ['$..a', 2],
  ['$.*', 2],
  ['$.a-b', 3],
  ['$[]', 2],
  ['$[*]', 2],
  ['$[?@.a]', 2],
  ['$[0,1]', 3],
  ['$[0:2]', 3],
  ['$[:2]', 2],
  ['$[00]', 3],
  ['$[-0]', 2],
  ['$[+1]', 2],
  ['$[1.5]', 3],
  ['$[1e3]', 3],
  ['$[9007199254740992]', 2],
  ['$[a]', 2],
  [`$['a`, 4],
  [`$['a]`, 5],
  [`$['a'`, 5],
  [`$["a']`, 6],
  [String.raw`$['\"']`, 3],
  [String.raw`$["\'"]`, 3],
  [String.raw`$['\x41']`, 3],
  [String.raw`$['\ud83d']`, 3],
  [String.raw`$['\ude00\ud83d']`, 3],
  [String.raw`$['\ud83d\u0041']`, 3],
  [`$['\n']`, 3],
  ['$.length()', 8],
  ['$.a.b.c]', 7],
];

test('a path is read as RFC 9535 says', () => {
  for (const [path, segments] of PATHS) assert.deepEqual(parsePath(path), { segments }, path);
});

test('what names several values, or is no path, is refused at the letter where it becomes one', () => {
  for (const [path, at] of NO_PATHS) {
    const parsed = parsePath(path);
    assert.ok('problem' in parsed, `accepted: ${path}`);
    assert.equal(parsed.at, at, `${path}: ${parsed.problem}`);
  }
});

test('own properties and elements are found, and nothing else exists', () => {
  const body = { a: [{ b: null }, 'x'], 'c d': { '': false }, constructor: 1 };
  assert.deepEqual(find('$', body), { found: body });
  assert.deepEqual(find('$.a[0].b', body), { found: null });
  assert.deepEqual(find('$.a[-1]', body), { found: 'x' });
  assert.deepEqual(find(`$['c d']['']`, body), { found: false });
  assert.deepEqual(find('$.constructor', body), { found: 1 });
  for (const path of [
    '$.a.length',
    '$.toString',
    '$.__proto__',
    '$.a[2]',
    '$.a[-3]',
    '$.a["0"]',
    '$.a[1].length',
    '$.a[1][0]',
    '$.constructor.name',
  ])
    assert.ok('missing' in find(path, body), path);
});

test('what is missing is told as far as the path leads', () => {
  assert.deepEqual(find('$.a.b.c', { a: {} }), { missing: true, at: '$.a.b' });
  assert.deepEqual(find(`$['x y'][3]`, { 'x y': [] }), { missing: true, at: `$['x y'][3]` });
  assert.deepEqual(find(`$['it\\'s']`, {}), { missing: true, at: String.raw`$['it\'s']` });
});

test('a path that leads to a value finds it, in whatever way it is spelled', () => {
  const key = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', 'length', 'a', "'", '"', '\\', '\u0001'));
  fc.assert(
    fc.property(fc.array(fc.oneof(key, fc.nat({ max: 3 })), { maxLength: 5 }), (segments) => {
      const body = segments.reduceRight<unknown>(
        (inner, segment) =>
          typeof segment === 'number'
            ? Array.from({ length: segment + 1 }, () => inner)
            : Object.defineProperty({}, segment, { value: inner, enumerable: true }),
        'found',
      );
      const path = `$${segments.map((segment) => `[${JSON.stringify(segment)}]`).join('')}`;
      assert.deepEqual(find(path, body as string), { found: 'found' }, path);
    }),
    { numRuns: extent(2000, 200) },
  );
});

test('any text is a path or has a problem at a place within it', () => {
  const letters = fc.string({ unit: fc.constantFrom(...`$.[]'"\\a0-*:? \uD83D`.split('')), maxLength: 12 });
  fc.assert(
    fc.property(
      fc.oneof(
        letters,
        letters.map((text) => `$${text}`),
      ),
      (text) => {
        const parsed = parsePath(text);
        if ('problem' in parsed) assert.ok(parsed.at >= 0 && parsed.at <= text.length);
        else assert.ok(text.startsWith('$'));
      },
    ),
    { numRuns: extent(5000, 500) },
  );
});

test('a shape says which letter of a path is wrong', () => {
  const flaws: Flaw[] = [];
  assert.ok(!pathShape.check('$.a[*]', '/at', flaws) && !pathShape.check(7, '/at', flaws) && pathShape.check('$.a', '/at', flaws));
  assert.deepEqual(
    flaws.map(({ message }) => message),
    [
      'must be a path to one value, like $.status or $.entries[0].id: character 5 must be a position or a key in quotes: a path leads to one value',
      'must be a path to one value, like $.status or $.entries[0].id',
    ],
  );
});

test('a mapping by path has each path and each value checked at its own place', () => {
  const flaws: Flaw[] = [];
  assert.ok(!byPath(integer()).check({ '$.a': 1, 'b/c': 2, '$.d': 'x' }, '/json', flaws));
  assert.deepEqual(
    flaws.map(({ pointer, isOfKey = false }) => [pointer, isOfKey]),
    [
      ['/json/$.d', false],
      ['/json/b~1c', true],
    ],
  );
  assert.ok(!byPath(integer()).accepts({ b: 1 }) && !byPath(integer()).accepts([1]) && byPath(integer()).accepts({ '$.a': 1 }));
});
