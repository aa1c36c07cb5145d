import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseCanonical } from '../../../src/proof/canonical.ts';
import { canonicalize } from '../../../src/proof/canonicalization/canonicalize.ts';

function jcs(text: string | Uint8Array): string {
  return canonicalize({ file: 'data.json', bytes: Buffer.from(text), law: 'RFC 8785' });
}

function byteLaw(text: string): string {
  return canonicalize({ file: 'data.json', bytes: Buffer.from(text), law: 'byte law' });
}

function refusalOf(text: string | Uint8Array, spell: (text: never) => string = jcs): string {
  try {
    return `accepted: ${spell(text as never)}`;
  } catch (thrown) {
    assert.ok(thrown instanceof Error && 'code' in thrown && thrown.code === 'JSON_REFUSED', String(thrown));
    return thrown.message;
  }
}

/** RFC 8785, appendix B: the bits of a double, and its one spelling. */
const NUMBERS: readonly (readonly [bits: string, text: string])[] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
];

test('numbers are spelled as RFC 8785 lists them, and what is spelled so stays so', () => {
  for (const [bits, text] of NUMBERS) {
    const value = Buffer.from(bits, 'hex').readDoubleBE();
    assert.equal(jcs(value.toExponential()), text, bits);
    assert.equal(jcs(text), text, bits);
  }
});

test('the example of RFC 8785 comes out as it says', () => {
  const input = String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`;
  const expected = String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`;
  assert.equal(jcs(input), expected);
});

test('keys are sorted by UTF-16 code unit, at every level, whatever they look like', () => {
  const input = String.raw`{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7,"10":{"b":[],"a":{}},"__proto__":8,"":9}`;
  const expected = '{"":9,"\\r":2,"1":4,"10":{"a":{},"b":[]},"__proto__":8,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}';
  assert.equal(jcs(input), expected);
});

test('text is neither normalized nor escaped beyond what JSON asks', () => {
  assert.equal(jcs(String.raw`"A\u030a\u00c5\u2028\u007f\/\b\t\u0000\u001f<>&"`), '"A\u030aÅ\u2028\u007f/\\b\\t\\u0000\\u001f<>&"');
});

test('a scalar on its own has a spelling too', () => {
  for (const [text, expected] of [
    [' null\n', 'null'],
    ['\ttrue', 'true'],
    ['"x" ', '"x"'],
    ['-0', '0'],
    ['-0.0', '0'],
    ['-0e5', '0'],
    ['1.0', '1'],
    ['1e-400', '0'],
  ])
    assert.equal(jcs(text!), expected);
});

test('a key that an object has twice is refused where it stands, however it is spelled', () => {
  assert.match(refusalOf('{"a":1,"a":1}'), /data\.json: line 1, column 8: the key "a" is there twice/);
  assert.match(refusalOf('{"a":1,\n "\\u0061" :2}'), /line 2, column 2/);
  assert.match(refusalOf('[{"b":{"__proto__":1,"__proto__":2}}]'), /"__proto__" is there twice/);
  assert.match(refusalOf('{"a:\\"":1,"a:\\"":1}'), /twice/);
  assert.equal(jcs('{"a":{"a":["a","a"]},"b":{"a":1}}'), '{"a":{"a":["a","a"]},"b":{"a":1}}');
  assert.equal(jcs('[{"a":":"},{"a":"{\\"a\\":1,\\"a\\":1}"}]'), '[{"a":":"},{"a":"{\\"a\\":1,\\"a\\":1}"}]');
});

test('an integer that a double cannot keep is refused, and one that it can is taken', () => {
  for (const text of [
    '9007199254740993',
    '-9007199254740993',
    '18446744073709551615',
    '18446744073709551616',
    '[1,10000000000000000000000001]',
  ])
    assert.match(refusalOf(text), /would become .*: write it as a string/, text);
  for (const text of ['9007199254740992', '9007199254740994', '-9007199254740996', '1000000000000000000000', '100000000000000000000000'])
    assert.equal(Number(jcs(text)), Number(text));
});

test('what overflows, half a surrogate pair, a byte order mark and invalid UTF-8 are refused', () => {
  for (const text of ['1e400', '-1e400', '[1.8e308]', '9'.repeat(400)]) assert.match(refusalOf(text), /overflows/, text.slice(0, 20));
  for (const text of ['"\\ud800"', '"\\udc00\\ud800"', '{"\\ud83d":1}', '"\\ud83dx"'])
    assert.match(refusalOf(text), /lone surrogate/, text);
  assert.match(refusalOf('\uFEFF{}'), /byte order mark/);
  for (const bytes of ['22ff22', '22c0af22', '22eda08022', '22f4908080 22', '80'])
    assert.match(refusalOf(Buffer.from(bytes.replace(' ', ''), 'hex')), /not UTF-8/, bytes);
});

test('nesting is bounded, and counted outside of strings', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  assert.equal(jcs(nested(128)), nested(128));
  assert.match(refusalOf(nested(129)), /deeper than 128 levels/);
  assert.match(refusalOf('['.repeat(100_000)), /deeper than 128 levels/);
  assert.match(refusalOf('{"a":'.repeat(100_000)), /deeper than 128 levels/);
  assert.equal(jcs(JSON.stringify(nested(500))), JSON.stringify(nested(500)));
});

test('what is not JSON is refused', () => {
  for (const text of [
    '',
    ' ',
    '{',
    '[1,]',
    '{"a":1,}',
    "{'a':1}",
    '01',
    '1.',
    '.5',
    '+1',
    'NaN',
    'Infinity',
    'undefined',
    '// x\n1',
    '1 2',
    '"\t"',
    '"\\x"',
    '\u00a01',
  ])
    assert.doesNotMatch(refusalOf(text), /^accepted/, text);
});

test('with the byte law the text is what a proof has: the verifier takes it as it is', () => {
  assert.equal(byteLaw('{"b":[],"a":{"10":1,"2":-0}}'), '{\n  "a": {\n    "10": 1,\n    "2": 0\n  },\n  "b": []\n}\n');
  for (const text of ['9007199254740992', '1e30', '['.repeat(65) + ']'.repeat(65)])
    assert.doesNotMatch(refusalOf(text, byteLaw), /^accepted/, text);
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (text) => {
      const spelled = refusalOf(text, byteLaw).startsWith('accepted') ? byteLaw(text) : null;
      if (spelled !== null) assert.ok(parseCanonical(Buffer.from(spelled)).ok, spelled);
    }),
  );
});

test('what was spelled canonically is spelled the same again, and means the same', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 4 }), fc.nat({ max: 3 }), (value, indent) => {
      const once = jcs(JSON.stringify(value, null, indent));
      assert.equal(jcs(once), once);
      assert.deepEqual(JSON.parse(once), JSON.parse(JSON.stringify(value)));
    }),
  );
});
