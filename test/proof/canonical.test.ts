import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Json } from '../../src/outcome.ts';
import { MAX_DEPTH, parseCanonical, parseJson, serialize, serializeCompact } from '../../src/proof/canonical.ts';
import { toJson } from '../../src/proof/plain.ts';

const anyJson = fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 5 }).map((value) => toJson(value));

function refusalOf(bytes: Uint8Array | string): string {
  const parsed = parseCanonical(Buffer.from(bytes));
  assert.ok(!parsed.ok, `accepted ${JSON.stringify(Buffer.from(bytes).toString())}`);
  return parsed.reason;
}

test('what is written is read back as the same value, and written as the same bytes', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      const text = serialize(value);
      const parsed = parseCanonical(Buffer.from(text));
      assert.ok(parsed.ok, parsed.ok ? '' : parsed.reason);
      assert.equal(serialize(parsed.value), text);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 300 },
  );
});

test('every byte that is added, dropped or changed outside of strings is refused or is another value', () => {
  fc.assert(
    fc.property(anyJson, fc.nat(), fc.integer({ min: 0, max: 255 }), (value, place, byte) => {
      const bytes = Buffer.from(serialize(value));
      const changed = Buffer.from(bytes);
      changed[place % bytes.length] = byte;
      const parsed = parseCanonical(changed);
      if (parsed.ok) assert.equal(serialize(parsed.value), changed.toString());
      assert.ok(!parseCanonical(Buffer.concat([bytes, Buffer.from(' ')])).ok);
      assert.ok(!parseCanonical(bytes.subarray(0, -1)).ok);
    }),
    { numRuns: 300 },
  );
});

test('keys are sorted by UTF-16 code unit, integer-like ones and __proto__ among them', () => {
  const value = parseJson('{"b":1,"__proto__":{"x":[]},"10":1,"2":1,"\\ufb33":1,"\\ud83d\\ude00":1,"a":{}}');
  assert.equal(
    serialize(value),
    '{\n  "10": 1,\n  "2": 1,\n  "__proto__": {\n    "x": []\n  },\n  "a": {},\n  "b": 1,\n  "\u{1f600}": 1,\n  "\ufb33": 1\n}\n',
  );
  assert.ok(parseCanonical(Buffer.from(serialize(value))).ok);
});

test('the compact form is that of RFC 8785', () => {
  // The example of section 3.2.2, but for its 1E30: an integer that large is text in a proof.
  const value = parseJson(
    String.raw`{"numbers":[333333333.33333329,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
  );
  assert.equal(
    serializeCompact(value),
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  );
});

test('each way to spell a value otherwise is refused', () => {
  const vectors: readonly (readonly [string, string | Uint8Array])[] = [
    ['duplicate key', '{\n  "a": 1,\n  "a": 1\n}\n'],
    ['unsorted keys', '{\n  "b": 1,\n  "a": 1\n}\n'],
    ['escaped letter', '"\\u0041"\n'],
    ['escaped slash', '"\\/"\n'],
    ['minus zero', '-0\n'],
    ['exponent', '1e2\n'],
    ['trailing zero', '1.0\n'],
    ['unsafe integer that changes', '9007199254740993\n'],
    ['unsafe integer that does not', '9007199254740992\n'],
    ['large float that is an integer', '1e+300\n'],
    ['overflow', '1e999\n'],
    ['lone surrogate', '"\\ud800"\n'],
    ['lone surrogate as a key', '{\n  "\\udc00": 1\n}\n'],
    ['byte order mark', '\ufeff{}\n'],
    ['CRLF', '{\r\n  "a": 1\r\n}\r\n'],
    ['no final line feed', '{}'],
    ['two final line feeds', '{}\n\n'],
    ['spread empty object', '{\n}\n'],
    ['tab', '{\n\t"a": 1\n}\n'],
    ['invalid UTF-8', Uint8Array.from([0x22, 0xff, 0x22, 0x0a])],
    ['overlong UTF-8', Uint8Array.from([0x22, 0xc0, 0xaf, 0x22, 0x0a])],
    ['surrogate in UTF-8', Uint8Array.from([0x22, 0xed, 0xa0, 0x80, 0x22, 0x0a])],
    ['nothing', ''],
    ['no JSON', 'hello\n'],
    ['trailing comma', '[\n  1,\n]\n'],
    ['NUL after the end', '{}\n\0'],
  ];
  for (const [what, bytes] of vectors) assert.notEqual(refusalOf(bytes), '', what);
});

test('the refusal says which line and column differ', () => {
  assert.match(refusalOf('{\n  "a": 1,\n  "b":  2\n}\n'), /line 3, column 8/);
  assert.match(refusalOf('{\r\n}\r\n'), /CRLF/);
});

test('depth is counted before anything is parsed', () => {
  const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  const deep = parseCanonical(Buffer.from(nested(100_000)));
  assert.ok(!deep.ok && deep.isTooDeep);
  assert.ok(!parseCanonical(Buffer.from(`"${'['.repeat(1000)}"`)).ok === true, 'brackets in a string are no levels');
  const inString = parseCanonical(Buffer.from(`"\\"${'['.repeat(1000)}"\n`));
  assert.ok(inString.ok);
  let value: Json = 1;
  for (let level = 0; level < MAX_DEPTH; level += 1) value = [value];
  assert.ok(parseCanonical(Buffer.from(serialize(value))).ok);
  assert.throws(() => serialize([value]), RangeError);
});

test('what JSON has no word for is not written', () => {
  for (const value of [NaN, Infinity, 2 ** 53, '\ud800']) assert.throws(() => serialize(value), RangeError);
});

test('whatever a command hands over becomes JSON that can be written', () => {
  const given = {
    none: undefined,
    half: 'a\ud83d',
    big: 2 ** 60,
    huge: 10n ** 30n,
    nan: NaN,
    zero: -0,
    when: new Date(0),
    list: [undefined, () => 1],
    ['__proto__x']: 1,
  };
  const value = toJson(given);
  assert.deepEqual(value, {
    half: 'a\ufffd',
    big: '1152921504606847000',
    huge: '1000000000000000000000000000000',
    nan: null,
    zero: 0,
    when: '1970-01-01T00:00:00.000Z',
    list: [null, null],
    ['__proto__x']: 1,
  });
  assert.ok(parseCanonical(Buffer.from(serialize(value))).ok);
  const circle: { self?: unknown } = {};
  circle.self = circle;
  assert.throws(() => toJson(circle), RangeError);
});
