import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { SophiaError } from '../../../src/errors.ts';
import { writePrivateKey } from '../../../src/proof/keys/private-key.ts';
import { readSigningKey, type LocalKey } from '../../../src/proof/keys/signing-key.ts';
import { toPublicKey } from '../../../src/proof/ledger/note.ts';
import { temporaryFolder } from '../../fakes/context.ts';

const SEED = Buffer.alloc(32, 7);
const MESSAGE = Buffer.from('a checkpoint');

function local(text: string): LocalKey {
  const key = readSigningKey(text, { name: 'key.pem', file: null });
  assert.ok(!key.isHeldByAgent);
  return key;
}

function refusal(text: string): SophiaError {
  try {
    readSigningKey(text, { name: 'key.pem', file: null });
  } catch (error) {
    assert.ok(error instanceof SophiaError);
    assert.equal(error.code, 'SIGNING_KEY_INVALID');
    assert.equal(error.exitCode, 2);
    return error as SophiaError;
  }
  throw new assert.AssertionError({ message: 'the key was taken' });
}

function assertSigns(key: LocalKey): void {
  assert.ok(verify(null, MESSAGE, toPublicKey(key.publicKey), key.sign(MESSAGE)));
}

function sshKey(t: TestContext, ...args: readonly string[]): { readonly secret: string; readonly line: string } {
  const file = `${temporaryFolder(t)}/key`;
  execFileSync('ssh-keygen', ['-q', '-f', file, ...args]);
  return { secret: readFileSync(file, 'utf8'), line: readFileSync(`${file}.pub`, 'utf8') };
}

test('a key of ours carries its name inside of the PEM block, and other programs read it', () => {
  for (const name of ['acme-proofs', 'x', 'größe/π', 'n'.repeat(60)]) {
    const pem = writePrivateKey(name, SEED);
    assert.equal(local(pem).name, name);
    assert.equal(local(pem.slice(pem.indexOf('-----BEGIN'))).name, name);
    assertSigns(local(pem));
  }
  const answer = execFileSync('openssl', ['pkey', '-noout', '-text'], { input: writePrivateKey('acme-proofs', SEED), encoding: 'utf8' });
  assert.match(answer, /ED25519/);
});

test('a key of another program signs as well, and has no name', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = local(privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
  assert.equal(key.name, null);
  assertSigns(key);
});

test('a private file of OpenSSH signs as well', (t) => {
  const { secret, line } = sshKey(t, '-t', 'ed25519', '-N', '', '-C', 'me@here');
  const key = local(secret);
  assertSigns(key);
  const held = readSigningKey(line, { name: 'key.pub', file: '/key.pub' });
  assert.deepEqual([held.isHeldByAgent, Buffer.from(held.publicKey)], [true, Buffer.from(key.publicKey)]);
});

test('a key with a passphrase is refused with what to do', (t) => {
  const { secret } = sshKey(t, '-t', 'ed25519', '-N', 'open sesame');
  assert.match(refusal(secret).message, /passphrase/);
  assert.match(refusal(secret).hint, /ssh-agent/);
  const pem = execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-aes256', '-pass', 'pass:x'], { encoding: 'utf8' });
  assert.match(refusal(pem).message, /passphrase/);
  assert.match(refusal(pem).hint, /openssl/);
});

test('keys of other types, public keys and what is no key are refused, and nothing of them is quoted', (t) => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const pem = rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  assert.match(refusal(pem).message, /type rsa/);
  assert.match(refusal(rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString()).message, /public half/);
  assert.match(refusal(sshKey(t, '-t', 'ecdsa', '-N', '').secret).message, /type ecdsa/);
  assert.match(refusal(sshKey(t, '-t', 'rsa', '-b', '1024', '-N', '').line).message, /type ssh-rsa/);
  assert.match(refusal(sshKey(t, '-t', 'ed25519', '-N', '').line).message, /as a file/);
  const ours = writePrivateKey('x', SEED);
  for (const text of [
    '',
    'hello',
    ours.slice(0, 60),
    ours.replace('MFk', 'XXX').slice(0, -40),
    '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n',
  ]) {
    const { message, hint } = refusal(text);
    assert.ok(text === '' || !`${message}${hint}`.includes(text.slice(0, 20)), message);
  }
});

test('a private file of OpenSSH that is cut off anywhere is refused', (t) => {
  const { secret } = sshKey(t, '-t', 'ed25519', '-N', '');
  const body = secret.split('\n').slice(1, -2).join('');
  for (let length = 0; length < body.length - 8; length += 5) {
    refusal(`-----BEGIN OPENSSH PRIVATE KEY-----\n${body.slice(0, length)}\n-----END OPENSSH PRIVATE KEY-----\n`);
  }
});
