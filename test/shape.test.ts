import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  amount,
  anyObject,
  anything,
  either,
  flag,
  integer,
  listOf,
  mapOf,
  nullOr,
  object,
  oneOf,
  text,
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
