import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import keygen from '../../../src/commands/proofs-keygen/command.ts';
import { SophiaError } from '../../../src/errors.ts';
import { readSigningKey } from '../../../src/proof/keys/signing-key.ts';
import { parseVkey } from '../../../src/proof/ledger/note.ts';
import { contextFor } from '../../fakes/context.ts';

function codeOf(code: string): (error: unknown) => boolean {
  return (error) => error instanceof SophiaError && error.code === code && error.exitCode === 2;
}

test('the key is for its owner alone, and what is printed is exactly the line that verifies it', async (t) => {
  const context = contextFor(t);
  const outcome = await keygen.run(context, { name: 'acme-proofs', out: 'key.pem' });
  const file = `${context.directory}/key.pem`;
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const { publicKey } = readSigningKey(readFileSync(file, 'utf8'), { name: 'key.pem', file });
  const vkey = parseVkey(keygen.view(outcome).replace(/\n$/, ''));
  assert.ok(vkey.ok);
  assert.deepEqual([vkey.value.name, Buffer.from(vkey.value.publicKey)], ['acme-proofs', Buffer.from(publicKey)]);
  assert.deepEqual(readdirSync(context.directory), ['key.pem']);
  assert.ok(!JSON.stringify(outcome).includes('PRIVATE'));
});

test('two keys of one name are two keys', async (t) => {
  const context = contextFor(t);
  const vkeys = await Promise.all(['a', 'b'].map((out) => keygen.run(context, { name: 'n', out }).then(({ data }) => data.vkey)));
  assert.notEqual(vkeys[0], vkeys[1]);
});

test('nothing that exists is overwritten, also not through a link', async (t) => {
  const context = contextFor(t);
  writeFileSync(`${context.directory}/key.pem`, 'precious');
  mkdirSync(`${context.directory}/folder`);
  for (const out of ['key.pem', 'folder'])
    await assert.rejects(async () => await keygen.run(context, { name: 'n', out }), codeOf('KEY_NOT_WRITTEN'));
  assert.equal(readFileSync(`${context.directory}/key.pem`, 'utf8'), 'precious');
  await assert.rejects(async () => await keygen.run(context, { name: 'n', out: 'nowhere/key.pem' }), codeOf('KEY_NOT_WRITTEN'));
  assert.deepEqual(readdirSync(context.directory).toSorted(), ['folder', 'key.pem']);
});

test('a name that no signature line can carry is refused before anything is written', async (t) => {
  const context = contextFor(t);
  for (const name of ['', 'a b', 'a+b', 'a\nb', 'a\u00a0b', 'n'.repeat(61), 'a\u0007'])
    await assert.rejects(async () => await keygen.run(context, { name, out: 'key.pem' }), codeOf('USAGE'), JSON.stringify(name));
  assert.ok(!existsSync(`${context.directory}/key.pem`));
});

test('why a key was not written is said in words, without the name of a temporary file', async (t) => {
  const context = contextFor(t);
  mkdirSync(`${context.directory}/folder`);
  for (const [out, reason] of [
    ['nowhere/key.pem', 'there is no such folder'],
    ['folder', 'there is a file already'],
  ] as const) {
    const error = await Promise.resolve()
      .then(() => keygen.run(context, { name: 'n', out }))
      .catch((thrown: unknown) => thrown);
    assert.ok(error instanceof SophiaError);
    assert.deepEqual([error.message, error.cause], [`The key was not written to ${out}: ${reason}`, undefined]);
  }
});
