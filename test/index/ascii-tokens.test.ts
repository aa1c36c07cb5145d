import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eachAsciiToken } from '../../src/index/ascii-tokens.ts';
import { expand } from '../../src/index/tokens.ts';

/** Null where it is left to others. */
function tokensOf(word: string): string[] | null {
  const tokens: string[] = [];
  const bytes = Buffer.from(`x${word}y`);
  const isTaken = eachAsciiToken(bytes, 1, bytes.length - 1, (token, length) => {
    tokens.push(Buffer.from(token.subarray(0, length)).toString('latin1'));
  });
  return isTaken ? tokens : null;
}

const PIECE = fc.oneof(
  fc.stringMatching(/^[a-z]{1,6}$/),
  fc.stringMatching(/^[A-Z]{1,3}$/),
  fc.stringMatching(/^[0-9_]{1,2}$/),
  fc.constantFrom('s', 'es', 'ies', 'sses', 'ing', 'ed', 'ee', 'running', 'Classes', 'queries', 'HTTP', '__'),
);

test('the tokens of the bytes of a word are those of its text', () => {
  fc.assert(
    fc.property(fc.array(PIECE, { minLength: 1, maxLength: 20 }), (pieces) => {
      const word = pieces.join('');
      assert.deepEqual(tokensOf(word), expand(word));
    }),
    { numRuns: 5000 },
  );
});

test('words at every limit, too', () => {
  const words = [
    'x'.repeat(5000),
    'aB'.repeat(12),
    'aB'.repeat(13),
    'a_'.repeat(40),
    `${'a'.repeat(63)}es`,
    `${'ab'.repeat(31)}ing`,
    '_',
    '7',
  ];
  for (const word of words) assert.deepEqual(tokensOf(word), expand(word), word);
});

test('a word that is not ASCII is left to others, unless that begins where nobody looks', () => {
  for (const word of ['caf\u00E9', '\u691C\u7D22', 'x\u00DFy']) assert.equal(tokensOf(word), null);
  const late = `${'a'.repeat(1024)}\u00E9`;
  assert.deepEqual(tokensOf(late), expand(late));
});
