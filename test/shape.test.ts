import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  amount,
  anyObject,
  anything,
  described,
  either,
  flag,
  integer,
  listOf,
  literal,
  mapOf,
  notBoth,
  nullOr,
  object,
  oneOf,
  size,
  text,
  variants,
  type Flaw,
  type Shape,
} from '../src/shape.ts';

const SHAPES: Readonly<Record<string, Shape<unknown>>> = {
  text: text({ pattern: '[a-c]*', what: 'a to c' }),
  integer: integer(1),
  amount: amount(),
  flag: flag(),
  oneOf: oneOf(['a', 'b']),
  anything: anything(),
  anyObject: anyObject(),
  listOf: listOf(integer(), { min: 1, max: 2 }),
  nullOr: nullOr(flag()),
  either: either(object({ a: flag() }), object({ b: flag() }), 'a or b'),
  eitherOfTypes: either(listOf(integer()), object({}, { a: integer() }), 'a list or an object'),
  literal: literal('abc'),
  size: size(),
  described: described(listOf(flag()), 'for whoever reads', []),
  notBoth: notBoth(['a', 'b'], object({}, { a: anything(), b: anything(), c: flag() })),
  variants: variants('a', { abc: object({ a: literal('abc') }, { b: flag() }), a: object({ a: literal('a'), c: integer() }) }),
  mapOf: mapOf({ pattern: '[a-c]', what: 'a, b or c' }, nullOr(integer())),
  object: object({ a: nullOr(flag()), b: listOf(text()) }, { c: integer() }),
};

/** Values that are nearly right more often than chance would make them. */
const values = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'd', '__proto__'),
    fc.oneof(fc.boolean(), fc.constant(null), fc.integer(), fc.array(fc.string())),
    {
      noNullPrototype: true,
    },
  ),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.constantFrom<unknown>(undefined, Number.NaN, Infinity, 'abc', 'a'),
);

for (const [name, shape] of Object.entries(SHAPES)) {
  test(`${name}: what is accepted at once is what is found without a flaw`, () => {
    fc.assert(
      fc.property(values, (value) => {
        const flaws: { pointer: string; message: string }[] = [];
        const isRight = shape.check(value, '', flaws);
        assert.equal(shape.accepts(value), isRight);
        assert.equal(flaws.length === 0, isRight);
      }),
    );
  });
}

function told(shape: Shape<unknown>, value: unknown): readonly string[] {
  const flaws: Flaw[] = [];
  shape.check(value, '', flaws);
  return flaws.map(({ pointer, message }) => `${pointer} ${message}`);
}

test('of two forms of which one is an object, what is wrong inside an object is told of its parts', () => {
  const shape = either(literal('bad'), object({ exclude: text() }), 'bad, or exclude with a reason');
  assert.deepEqual(told(shape, { exclude: 7 }), ['/exclude must be text, not 7']);
  assert.deepEqual(told(shape, 'good'), [' must be bad, or exclude with a reason, not "good"']);
});

test('variants are told apart by their word, and a wrong word by those there are', () => {
  const shape = variants('kind', { fly: object({ kind: literal('fly'), app: text() }), kube: object({ kind: literal('kube') }) });
  assert.deepEqual(told(shape, { kind: 'fly' }), ['/app is missing']);
  assert.deepEqual(told(shape, { kind: 'fyl', app: 'x' }), ['/kind must be one of fly, kube, not "fyl"']);
  assert.deepEqual(told(shape, { kind: 'toString' }), ['/kind must be one of fly, kube, not "toString"']);
  assert.deepEqual(told(shape, { app: 'x' }), ['/kind is missing: one of fly, kube']);
});

test('what excludes each other is told at the second', () => {
  const shape = notBoth(['at', 'header'], object({}, { at: text(), header: text() }));
  assert.deepEqual(told(shape, { header: 'x', at: 'y' }), ['/header cannot be beside "at": one of them says it']);
});

test('a key that is not there says which are, for a suggestion', () => {
  const flaws: Flaw[] = [];
  object({ a: flag() }, { b: flag() }).check({ a: true, c: 1 }, '', flaws);
  assert.deepEqual(flaws[0]?.known, ['a', 'b']);
  assert.equal(flaws[0]?.isOfKey, true);
});
