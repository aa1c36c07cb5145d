import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRedactor } from '../../src/proof/redaction/redaction.ts';
import { proofNamedBy, redactView } from '../../src/proof/view.ts';

const PROOF = 'smoke/2026/11/22/01M80K4KWV7Q2M9XC4W0RZ5T8A.json';
const SECRET = 'correct "horse" \\ battery';
// A source file that only speaks of keys: there is no end of one.
const BEGINNING = ['-----BEGIN PRIVATE', "KEY-----';"].join(' ');

function redact(value: unknown, path = 'context_index/payload.json'): { readonly text: string; readonly reasons: readonly string[] } {
  const redactor = createRedactor({ env: { API_TOKEN: SECRET } });
  const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  const text = Buffer.from(redactView(redactor, { path, bytes, pointer: '/predicate/views/0' })).toString();
  assert.deepEqual(redactor.find(Buffer.from(text)), []);
  return { text, reasons: redactor.redactions.map(({ reason }) => reason) };
}

test('JSON with nothing secret in it stays as it is, to the byte', () => {
  const text = `{ "proof" : "${PROOF}",\n\t"n":1e3 }`;
  assert.deepEqual(redact(text), { text, reasons: [] });
});

test('a secret is taken out of the text it is in, and the rest of the JSON stays', () => {
  const { text, reasons } = redact({ before: 1, files: [BEGINNING, `x ${SECRET} y`, 'after'], [SECRET]: true, proof: PROOF });
  assert.deepEqual(JSON.parse(text), {
    before: 1,
    files: ['[redacted:pattern:private-key]', 'x [redacted:env:API_TOKEN] y', 'after'],
    '[redacted:env:API_TOKEN]': true,
    proof: PROOF,
  });
  assert.equal(proofNamedBy('context_index/payload.json', Buffer.from(text)), PROOF);
  assert.deepEqual(reasons.toSorted(), ['env:API_TOKEN', 'pattern:private-key']);
});

test('what calls itself JSON and is not is cleaned as bytes', () => {
  for (const text of [`"${BEGINNING}`, `${BEGINNING} "a"`, `{"a":"\\x ${BEGINNING}"}`])
    assert.match(redact(text).text, /\[redacted:pattern:private-key\]/);
});

test('whatever stands around the secrets, none stays and it is JSON', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constant(SECRET), fc.constant(BEGINNING), fc.constant('\\'), fc.constant('"'));
  fc.assert(
    fc.property(fc.array(fc.array(text)), (lists) => {
      const value = lists.map((parts) => parts.join('').toWellFormed());
      const shape = JSON.parse(redact(value).text) as string[];
      assert.equal(shape.length, value.length);
      value.forEach((each, index) => each.includes(SECRET) || each.includes('BEGIN') || assert.equal(shape[index], each));
    }),
    { numRuns: 300 },
  );
});
