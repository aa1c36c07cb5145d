import assert from 'node:assert/strict';
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { judgeNote, keyIdOf, parseNote, parseVkey, toVkey, writeNote, type Note, type Signer } from '../../../src/proof/ledger/note.ts';

/** Of golang.org/x/mod/sumdb/note, which the specification was written after. */
const NEUMANN = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const NEUMANN_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const NEUMANN_NOTE = `${NEUMANN_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

function note(text: string | Uint8Array): Note {
  const read = parseNote(Buffer.from(text));
  assert.ok(read.ok, read.ok ? '' : read.reason);
  return read.value;
}

function refusal(text: string | Uint8Array): string {
  const read = parseNote(Buffer.from(text));
  assert.ok(!read.ok);
  return read.reason;
}

function signer(vkey: string): Signer {
  const read = parseVkey(vkey);
  assert.ok(read.ok, read.ok ? '' : read.reason);
  return read.value;
}

function keyPair(name: string): { readonly key: KeyObject; readonly own: Signer } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  return { key: privateKey, own: { name, keyId: keyIdOf(name, raw), publicKey: raw } };
}

test('a note of another implementation verifies, and with one letter changed it does not', () => {
  const known = signer(NEUMANN);
  const { text } = note(NEUMANN_NOTE);
  assert.equal(text, NEUMANN_TEXT);
  assert.deepEqual(judgeNote(note(NEUMANN_NOTE), [known]), { signers: [known], forged: [] });
  assert.deepEqual(judgeNote(note(NEUMANN_NOTE.replace('think', 'thank')), [known]), { signers: [], forged: [known] });
  assert.equal(toVkey(known), NEUMANN);
  assert.equal(writeNote(note(NEUMANN_NOTE)), NEUMANN_NOTE);
});

test('signatures of unknown keys are left alone, also where only the name or only the id is known', () => {
  const { key, own } = keyPair('example.com/log');
  const other = keyPair('example.com/log');
  const text = 'hello\n';
  const signature = sign(null, Buffer.from(text), key);
  const signed: Note = { text, signatures: [{ name: own.name, keyId: own.keyId, signature }] };
  assert.deepEqual(judgeNote(signed, [other.own]), { signers: [], forged: [] });
  assert.deepEqual(judgeNote(signed, [{ ...own, name: 'example.com/other' }]), { signers: [], forged: [] });
  const twice: Note = { text, signatures: [{ name: 'someone', keyId: '00000000', signature: Buffer.alloc(70) }, ...signed.signatures] };
  assert.deepEqual(judgeNote(note(writeNote(twice)), [own]), { signers: [own], forged: [] });
});

test('one wrong signature of a known key is enough, whatever else it has signed', () => {
  const { key, own } = keyPair('k');
  const right = { name: 'k', keyId: own.keyId, signature: sign(null, Buffer.from('a\n'), key) };
  const wrong = { ...right, signature: Buffer.alloc(64, 1) };
  assert.deepEqual(judgeNote({ text: 'a\n', signatures: [right, wrong] }, [own]), { signers: [], forged: [own] });
  assert.deepEqual(judgeNote({ text: 'a\n', signatures: [{ ...right, signature: Buffer.alloc(3) }] }, [own]), {
    signers: [],
    forged: [own],
  });
});

test('the text may have empty lines, the last one ends it, and a note may be unsigned', () => {
  const { text, signatures } = note('a\n\nb\n\n— k AAAAAAE=\n');
  assert.equal(text, 'a\n\nb\n');
  assert.deepEqual(
    signatures.map(({ name, keyId }) => [name, keyId]),
    [['k', '00000000']],
  );
  assert.deepEqual(note('a\n\n'), { text: 'a\n', signatures: [] });
});

test('what is not a note, to the byte, is refused with the reason', () => {
  const vectors: readonly (readonly [string | Uint8Array, RegExp])[] = [
    ['', /no empty line/],
    ['a\n', /no empty line/],
    ['a\n\n— k AAAAAAE=', /does not end/],
    ['a\n\n- k AAAAAAE=\n', /line 1/],
    ['a\n\n—k AAAAAAE=\n', /line 1/],
    ['a\n\n— k\n', /line 1/],
    ['a\n\n— k  AAAAAAE=\n', /line 1/],
    ['a\n\n— k+ AAAAAAE=\n', /line 1/],
    ['a\n\n— k AAAAAAE= \n', /line 1/],
    ['a\n\n— k AAAAAA==\n', /line 1/], // a key id, and no signature
    ['a\n\n— k AAAAAAF=\n', /line 1/], // spare bits
    ['a\n\n— k AAAAAAE\n', /line 1/], // no padding
    ['a\n\n— k AAAAAA-_\n', /line 1/], // the URL alphabet
    ['a\n\n— k AAAAAAE=\nb\n', /line 2/],
    ['a\r\n\r\n— k AAAAAAE=\r\n', /CRLF/],
    ['a\tb\n\n— k AAAAAAE=\n', /control/],
    ['a\0b\n\n— k AAAAAAE=\n', /control/],
    [Buffer.from([0x61, 0xff, 0x0a, 0x0a]), /UTF-8/],
    [Buffer.concat([Buffer.from('a'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('\n\n')]), /UTF-8/],
    [`a\n\n${'— k AAAAAAE=\n'.repeat(101)}`, /101 signatures/],
    ['a'.repeat(1024 * 1024 + 1), /bytes/],
  ];
  for (const [text, reason] of vectors) assert.match(refusal(text), reason, JSON.stringify(text.slice(0, 40)));
});

test('a vkey with a letter changed is refused, wherever it is', () => {
  for (let at = 0; at < NEUMANN.length; at += 1) {
    const changed = `${NEUMANN.slice(0, at)}${NEUMANN[at] === 'B' ? 'C' : 'B'}${NEUMANN.slice(at + 1)}`;
    assert.ok(!parseVkey(changed).ok, changed);
  }
});

test('what is not a vkey is refused', () => {
  const { own } = keyPair('x');
  const [, id = '', key = ''] = /\+(.{8})\+(.*)$/.exec(toVkey(own)) ?? [];
  const cosigner = toVkey(own).replace('+AQ', '+BA');
  for (const vkey of [
    '',
    'x',
    '+',
    'x++',
    `x+${id}`,
    `x+${id.toUpperCase()}+${key}`,
    `x+${id}+${key}=`,
    `x y+${id}+${key}`,
    `+${id}+${key}`,
    cosigner,
  ])
    assert.ok(!parseVkey(vkey).ok || vkey === toVkey(own), vkey);
});
