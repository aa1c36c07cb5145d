import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createRedactor, type RedactionRules, type Redactor } from '../../../src/proof/redaction/redaction.ts';

/** What comes out, chunk by chunk, and the rest at the end. */
function flow(redactor: Redactor, chunks: readonly (string | Uint8Array)[]): { readonly parts: readonly string[]; readonly whole: string } {
  const stream = redactor.stream();
  const parts = chunks.map((chunk) => Buffer.from(stream.write(Buffer.from(chunk))));
  const all = [...parts, Buffer.from(stream.end('/log'))];
  return { parts: parts.map(String), whole: Buffer.concat(all).toString('latin1') };
}

function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const sorted = [...new Set([0, ...places.map((place) => place % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

const TOKEN = 'canary-0123-token/+x';
const KEY = `-----BEGIN RSA PRIVATE KEY-----\n${'aB3dE5gH7jK9'.repeat(5)}\n${'zY2xW4vU6tS8'.repeat(5)}\n-----END RSA PRIVATE KEY-----`;
const RULES: RedactionRules = { env: { APP_TOKEN: TOKEN, APP_KEY: 'first line of it\nsecond line of it\n  x  \nfourth line of it' } };

test('lines are let through when they are complete, and not before', () => {
  const { parts, whole } = flow(createRedactor(RULES), ['one\ntwo', ' and more\nthr', 'ee\r50%\r', 'end']);
  assert.deepEqual(parts, ['one\n', 'two and more\n', 'three\r50%\r', '']);
  assert.equal(whole, 'one\ntwo and more\nthree\r50%\rend');
});

test('a secret that comes in two pieces, at whatever place it is cut, is taken out', () => {
  for (let at = 1; at < TOKEN.length; at += 1) {
    const { whole } = flow(createRedactor(RULES), [`before ${TOKEN.slice(0, at)}`, `${TOKEN.slice(at)} behind\n`]);
    assert.equal(whole, 'before [redacted:env:APP_TOKEN] behind\n');
  }
});

test('a value of several lines waits for its last one, and is let through where it was another', () => {
  const value = RULES.env['APP_KEY']!;
  assert.deepEqual(flow(createRedactor(RULES), [...value].map(String)).whole, '[redacted:env:APP_KEY]');
  const { parts, whole } = flow(createRedactor({ env: { A_KEY: 'ab cd\nefgh ij' } }), ['x\nab cd\n', 'efgh', ' other\n', 'y\n']);
  assert.deepEqual(parts, ['x\n', '', 'ab cd\nefgh other\n', 'y\n']);
  assert.equal(whole, 'x\nab cd\nefgh other\ny\n');
});

test('a private key is masked until its END line, also where every byte comes alone', () => {
  const redactor = createRedactor({ env: {} });
  const { whole } = flow(
    redactor,
    [...Buffer.from(`a\nkey: ${KEY} b\nc\n`)].map((byte) => Uint8Array.of(byte)),
  );
  assert.equal(whole, 'a\nkey: [redacted:pattern:private-key] b\nc\n');
  assert.deepEqual(redactor.redactions, [{ path: '/log', reason: 'pattern:private-key', count: 1 }]);
});

test('a private key without an end masks all that follows', () => {
  const lines = [`a\n${KEY.slice(0, -10)}`, '\nnot let through\n', 'x'.repeat(300_000), '\nnor this'];
  assert.equal(flow(createRedactor({ env: {} }), lines).whole, 'a\n[redacted:pattern:private-key]');
});

test('a line without an end is let through in parts, and no secret in it', () => {
  const redactor = createRedactor(RULES);
  const text = `${'x y '.repeat(50_000)}${TOKEN}${'z'.repeat(400_000)}${TOKEN}`;
  const chunks = cut(
    Buffer.from(text),
    Array.from({ length: 40 }, (_, index) => index * 15_013),
  );
  const { parts, whole } = flow(redactor, chunks);
  assert.ok(parts.filter((part) => part !== '').length > 2);
  assert.equal(whole, text.replaceAll(TOKEN, '[redacted:env:APP_TOKEN]'));
});

test('a credential that is longer than any line is dropped to its last letter', () => {
  const text = `key=ntn_${'aB3d'.repeat(200_000)} behind\n`;
  const places = Array.from({ length: 20 }, (_, index) => index * 40_000);
  assert.equal(flow(createRedactor({ env: {} }), cut(Buffer.from(text), places)).whole, 'key=[redacted:pattern:notion] behind\n');
});

test('however it is cut, a stream says what the whole would have said', () => {
  const pieces = fc.constantFrom(
    'plain text ',
    '\n',
    '\r\n',
    TOKEN,
    TOKEN.slice(0, 7),
    Buffer.from(`u:${TOKEN}`).toString('base64'),
    encodeURIComponent(TOKEN),
    RULES.env['APP_KEY']!,
    'first line of it\nsecond',
    KEY,
    `ghp_${'aB3d'.repeat(9)} `,
    'https://user:pass@host/x?token=abc&page=2 ',
    '-----BEGIN ',
    '\u0000\u00ff',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), fc.array(fc.nat(), { maxLength: 20 }), (texts, places) => {
      const bytes = Buffer.from(texts.join(''));
      const redactor = createRedactor(RULES);
      assert.equal(flow(redactor, cut(bytes, places)).whole, Buffer.from(createRedactor(RULES).bytes(bytes, '/log')).toString('latin1'));
    }),
    { numRuns: 400 },
  );
});
