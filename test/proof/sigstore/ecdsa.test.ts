import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { verifyDigest } from '../../../src/proof/sigstore/ecdsa.ts';
import { extent } from '../../extent.ts';

const PAIRS = [
  { name: 'P-256', ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) },
  { name: 'P-384', ...generateKeyPairSync('ec', { namedCurve: 'P-384' }) },
  { name: 'RSA', ...generateKeyPairSync('rsa', { modulusLength: 2048 }) },
];

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

for (const { name, publicKey, privateKey } of PAIRS) {
  test(`${name}: what node:crypto signs is verified from the digest alone`, () => {
    for (let round = 0; round < 5; round += 1) {
      const message = `message ${round}`;
      assert.equal(verifyDigest(publicKey, sha256(message), sign('sha256', Buffer.from(message), privateKey)), true);
    }
  });

  test(`${name}: another digest, another key and every changed byte of the signature are refused`, () => {
    const signature = sign('sha256', Buffer.from('message'), privateKey);
    const other: KeyObject =
      name === 'RSA'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
        : generateKeyPairSync('ec', { namedCurve: name }).publicKey;
    assert.equal(verifyDigest(publicKey, sha256('massage'), signature), false);
    assert.equal(verifyDigest(other, sha256('message'), signature), false);
    for (let at = 0; at < signature.length; at += extent(3, 9)) {
      const changed = Buffer.from(signature);
      changed[at] = (changed[at] ?? 0) ^ 1;
      assert.equal(verifyDigest(publicKey, sha256('message'), changed), false, `byte ${at}`);
    }
  });
}

test('signatures of another form are refused, not misread', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const digest = sha256('message');
  const signature = sign('sha256', Buffer.from('message'), privateKey);
  const raw = sign('sha256', Buffer.from('message'), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const zero = Buffer.from('3006020100020100', 'hex');
  for (const bad of [
    Buffer.alloc(0),
    signature.subarray(0, -1),
    Buffer.concat([signature, Buffer.of(0)]),
    raw,
    zero,
    Buffer.of(0x30, 0x00),
  ])
    assert.equal(verifyDigest(publicKey, digest, bad), false, bad.toString('hex'));
});

test('Ed25519 signs the message and not its digest, so nothing can be said', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  assert.equal(verifyDigest(publicKey, sha256('message'), sign(null, Buffer.from('message'), privateKey)), null);
});
