import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import keygen from '../../../src/commands/proofs-keygen/command.ts';
import noteVerify from '../../../src/commands/proofs-note-verify/command.ts';
import proofsSeal from '../../../src/commands/proofs-seal/command.ts';
import type { Context } from '../../../src/context.ts';
import { SophiaError } from '../../../src/errors.ts';
import { exitCodeOf, resultOf } from '../../../src/outcome.ts';
import { recordRun } from '../../../src/proof/recording/record.ts';
import { contextFor, type Overrides } from '../../fakes/context.ts';

type Options = Parameters<typeof proofsSeal.run>[1];

async function withProof(t: TestContext, overrides: Overrides = {}): Promise<{ readonly context: Context; readonly path: string }> {
  const context = contextFor(t, overrides);
  const { proof } = await recordRun(context, { kind: 'demo', command: 'demo', argv: [] }, ({ record }) => {
    record.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' });
  });
  return { context, path: proof!.path };
}

async function seal(context: Context, options: Partial<Options> = {}) {
  const defaults = { keyless: false, push: false, dir: 'proofs', fulcioUrl: 'https://f.example', rekorUrl: 'https://r.example' } as const;
  const outcome = await proofsSeal.run(context, { ...(defaults as unknown as Options), ...options });
  return { ...outcome, exitCode: outcome.error?.exitCode ?? exitCodeOf(resultOf(outcome.findings)), view: proofsSeal.view(outcome) };
}

test('a seal says what it has appended, its own proof, and the honest name of the level', async (t) => {
  const { context } = await withProof(t);
  const { exitCode, data, proof, view } = await seal(context);
  assert.deepEqual([exitCode, data.sealed, data.size, data.level, data.signer, data.from.size], [0, 1, 2, 'L1', null, 0]);
  assert.match(proof?.path ?? '', /^proofs\/seal\//);
  assert.match(view, /1 proof sealed; the ledger localhost\/\S+ has 2 entries/);
  assert.match(view, /Level L1, unsigned: a writer of this repository could have rebuilt it\./);
  const again = await seal(context);
  assert.deepEqual([again.exitCode, again.data.sealed, again.proof, again.data.root], [0, 0, null, data.root]);
  assert.match(again.view, /nothing to seal/);
});

test('a proof that does not hold is 5, with its path from the project root', async (t) => {
  const { context, path } = await withProof(t);
  writeFileSync(`${context.directory}/${path}`, `${readFileSync(`${context.directory}/${path}`, 'utf8')} `);
  const { exitCode, findings, data, view } = await seal(context);
  assert.deepEqual(
    [exitCode, findings.map(({ check, target, verdict }) => [check, target, verdict]), data.size],
    [5, [['not-canonical', path, 'fail']], 0],
  );
  assert.ok(view.includes('not-canonical') && view.includes(path), view);
});

test('where nothing was sealed because a proof does not hold, no level is said', async (t) => {
  const { context } = await withProof(t);
  await seal(context);
  const { proof } = await recordRun(context, { kind: 'demo', command: 'demo', argv: [] }, () => {});
  writeFileSync(`${context.directory}/${proof!.path}`, '{}\n');
  const { exitCode, view } = await seal(context);
  assert.equal(exitCode, 5);
  assert.ok(view.includes(proof!.path) && !view.includes('Level'), view);
});

test('a key out of a file or the environment signs, and the printed vkey verifies the checkpoint', async (t) => {
  const { context } = await withProof(t);
  const made = await keygen.run(context, { name: 'acme-proofs', out: 'key.pem' });
  const { data, view } = await seal(context, { key: 'key.pem' });
  assert.deepEqual([data.level, data.signer], ['L2', made.data.vkey]);
  assert.match(view, /Level L2/);
  const verified = await noteVerify.run(context, { vkey: made.data.vkey, file: 'proofs/ledger/checkpoint' });
  assert.equal(verified.data.text, `${data.origin}\n${data.size}\n${data.root}\n`);

  const pem = readFileSync(`${context.directory}/key.pem`, 'utf8');
  const { context: other } = await withProof(t, { env: { SOPHIA_SIGNING_KEY: pem } });
  assert.equal((await seal(other)).data.signer, made.data.vkey);
  const { context: without } = await withProof(t, { env: { SOPHIA_SIGNING_KEY: ' \n' } });
  assert.equal((await seal(without)).data.level, 'L1');
});

test('a key that is none is 2 before anything is written', async (t) => {
  const { context } = await withProof(t);
  writeFileSync(`${context.directory}/key.pem`, 'hello');
  for (const [key, code] of [
    ['key.pem', 'SIGNING_KEY_INVALID'],
    ['absent.pem', 'INPUT_UNREADABLE'],
  ] as const)
    await assert.rejects(seal(context, { key }), (error) => error instanceof SophiaError && error.code === code && error.exitCode === 2);
  assert.ok(!context.files.exists(`${context.directory}/proofs/ledger`));
});

test('a key that is given where its file belongs is not told to anyone', async (t) => {
  const { context } = await withProof(t);
  await keygen.run(context, { name: 'n', out: 'key.pem' });
  const pem = readFileSync(`${context.directory}/key.pem`, 'utf8');
  const isQuiet = (error: unknown): boolean =>
    error instanceof SophiaError && error.exitCode === 2 && !`${error.message} ${error.hint}`.includes(pem.split('\n')[1]!);
  await assert.rejects(seal(context, { key: pem }), isQuiet);
  await assert.rejects(async () => await noteVerify.run(context, { vkey: pem, file: 'key.pem' }), isQuiet);
});

test('another directory of proofs is sealed with its own ledger and its own seals', async (t) => {
  const { context } = await withProof(t);
  context.files.rename(`${context.directory}/proofs`, `${context.directory}/evidence`);
  const { exitCode, proof } = await seal(context, { dir: 'evidence' });
  assert.equal(exitCode, 0);
  assert.match(proof?.path ?? '', /^evidence\/seal\//);
  assert.ok(context.files.exists(`${context.directory}/${proof?.path}`));
  assert.ok(!context.files.exists(`${context.directory}/proofs`));
});
