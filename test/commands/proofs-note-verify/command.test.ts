import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import noteVerify from '../../../src/commands/proofs-note-verify/command.ts';
import { SophiaError } from '../../../src/errors.ts';
import { contextFor } from '../../fakes/context.ts';

const VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const SIGNATURE = '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
/** A key that signed nothing here. */
const OTHER = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8';

async function verify(t: TestContext, note: string | Uint8Array, vkey = VKEY) {
  const context = contextFor(t);
  writeFileSync(`${context.directory}/note`, note);
  const outcome = await noteVerify.run(context, { vkey, file: 'note' });
  return { exitCode: outcome.error?.exitCode ?? 0, printed: noteVerify.view(outcome), reason: outcome.findings[0]?.reason };
}

test('the text is printed to the byte where the key has signed it', async (t) => {
  const { exitCode, printed } = await verify(t, `${TEXT}\n${SIGNATURE}`);
  assert.deepEqual([exitCode, printed], [0, TEXT]);
  const among = await verify(t, `${TEXT}\n— someone AAAAAAE=\n${SIGNATURE}— witness AAAAAQE=\n`);
  assert.deepEqual([among.exitCode, among.printed], [0, TEXT]);
});

test('nothing is printed, and it is 5, where the key has not signed exactly this', async (t) => {
  const vectors: Readonly<Record<string, readonly [string | Uint8Array, string]>> = {
    'another key': [`${TEXT}\n${SIGNATURE}`, OTHER],
    'another text': [`${TEXT.replace('think', 'thank')}\n${SIGNATURE}`, VKEY],
    'an unsigned text': [`${TEXT}\n`, VKEY],
    'no note': [TEXT, VKEY],
    empty: ['', VKEY],
    'spare bits': [`${TEXT}\n${SIGNATURE.replace('nAM=', 'nAN=')}`, VKEY],
    'line ends of Windows': [`${TEXT}\n${SIGNATURE}`.replaceAll('\n', '\r\n'), VKEY],
    'bytes behind it': [`${TEXT}\n${SIGNATURE}x`, VKEY],
    'invalid UTF-8': [Buffer.concat([Buffer.from([0xff]), Buffer.from(`${TEXT}\n${SIGNATURE}`)]), VKEY],
    'a right and a wrong signature': [`${TEXT}\n${SIGNATURE}${SIGNATURE.replace('GUgYN', 'GUgYM')}`, VKEY],
  };
  for (const [name, [note, vkey]] of Object.entries(vectors)) {
    const { exitCode, printed, reason } = await verify(t, note, vkey);
    assert.deepEqual([exitCode, printed], [5, ''], name);
    assert.ok(reason !== undefined && reason !== '', name);
  }
});

test('a vkey that is none, and a file that cannot be read, are 2', async (t) => {
  const is = (code: string) => (error: unknown) => error instanceof SophiaError && error.code === code && error.exitCode === 2;
  for (const vkey of ['', 'x', VKEY.replace('c74f20a3', 'c74f20a4'), VKEY.replace('+AR', '+BR'), `${VKEY}=`])
    await assert.rejects(verify(t, `${TEXT}\n${SIGNATURE}`, vkey), is('VKEY_INVALID'), vkey);
  const context = contextFor(t);
  execFileSync('mkfifo', [`${context.directory}/pipe`]);
  symlinkSync('nowhere', `${context.directory}/link`);
  for (const file of ['absent', 'pipe', 'link', '.'])
    await assert.rejects(async () => await noteVerify.run(context, { vkey: VKEY, file }), is('INPUT_UNREADABLE'), file);
});
