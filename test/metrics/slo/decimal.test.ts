import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { compare, divide, multiply, parseDecimal, subtract, toDecimal, toText, type Decimal } from '../../../src/metrics/slo/decimal.ts';
import { extent } from '../../extent.ts';

suite('exact decimals', () => {
  test('1 − 0.95 is 0.05, and 0.05 of 1800 is 90', () => {
    const share = subtract(toDecimal(1), decimal('0.95'));
    assert.equal(toText(share), '0.05');
    assert.equal(toText(multiply(share, toDecimal(1800))), '90');
    assert.notEqual(1 - 0.95, 0.05);
  });

  test('are written without trailing zeros', () => {
    for (const [text, expected] of [
      ['0', '0'],
      ['0.0', '0'],
      ['00.10', '0.1'],
      ['120', '120'],
      ['1.500', '1.5'],
    ] as const)
      assert.equal(toText(decimal(text)), expected);
    assert.equal(toText(subtract(decimal('0.5'), decimal('0.75'))), '-0.25');
  });

  test('are rounded half away from zero', () => {
    for (const [a, b, places, expected] of [
      ['1', '3', 3, '0.333'],
      ['2', '3', 3, '0.667'],
      ['1', '8', 2, '0.13'],
      ['90', '0.5', 0, '180'],
      ['0.001', '1000', 3, '0'],
    ] as const)
      assert.equal(toText(divide(decimal(a), decimal(b), places)), expected);
    assert.equal(toText(divide(subtract(toDecimal(0), toDecimal(1)), toDecimal(8), 2)), '-0.13');
  });

  test('are read from plain digits only', () => {
    for (const text of ['', '.5', '5.', '-1', '+1', '1e3', '0x1', '1,5', ' 1', '1 ', 'Infinity', 'NaN', '٣'])
      assert.equal(parseDecimal(text), null, text);
  });

  test('are made of whole numbers only', () => {
    assert.throws(() => toDecimal(0.5), TypeError);
    assert.throws(() => toDecimal(2 ** 53), TypeError);
  });

  test('keep to the laws of arithmetic, whatever their scale', () => {
    const any = fc.tuple(fc.bigInt(0n, 10n ** 12n), fc.integer({ min: 0, max: 8 })).map(([units, scale]): Decimal => ({ units, scale }));
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        assert.equal(compare(subtract(a, b), subtract(a, b)), 0);
        assert.equal(compare(multiply(a, subtract(b, c)), subtract(multiply(a, b), multiply(a, c))), 0);
        assert.equal(Math.sign(compare(a, b)), -Math.sign(compare(b, a)) || 0);
        assert.equal(compare(decimal(toText(a)), a), 0);
      }),
      { numRuns: extent(2000, 200) },
    );
  });
});

function decimal(text: string): Decimal {
  const parsed = parseDecimal(text);
  assert(parsed !== null, text);
  return parsed;
}
