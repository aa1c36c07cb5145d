import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import proofsExport from '../../../src/commands/proofs-export/command.ts';
import { writePrivateKey } from '../../../src/proof/keys/private-key.ts';
import { resultOf, type Verdict } from '../../../src/outcome.ts';
import { AgedProofs } from '../../fakes/aged-proofs.ts';

const NOW = '2026-11-23';
const NONE = {
  ref: undefined,
  dsse: false,
  bundle: false,
  tlogProof: false,
  as: undefined,
  tiles: undefined,
  key: undefined,
  dir: 'proofs',
};

test('a proof is printed to the byte, and a missing signature is a warning', async (t) => {
  const aged = new AgedProofs(t);
  const path = await aged.record('2026-11-20', 'smoke');
  await aged.seal('2026-11-21');
  const outcome = await proofsExport.run(aged.at(NOW), { ...NONE, ref: 'latest:smoke', dsse: true });
  const { text, isSealed, isSigned } = outcome.data;
  assert.equal(proofsExport.view(outcome), text);
  assert.deepEqual([outcome.data.path, isSealed, isSigned], [`proofs/${path}`, true, false]);
  assert.deepEqual(verdictsOf(outcome.findings), ['exported pass', 'unsigned warn']);
  assert.equal(resultOf(outcome.findings), 'WARNED');
});

test('a key comes from a file or from the variable', async (t) => {
  const aged = new AgedProofs(t);
  await aged.record('2026-11-20', 'smoke');
  await aged.seal('2026-11-21');
  const context = aged.at(NOW);
  const pem = writePrivateKey('acme', Buffer.alloc(32, 7));
  context.files.create(`${aged.directory}/key.pem`, pem);
  const wish = { ...NONE, ref: 'latest:smoke', bundle: true };
  const byFile = await proofsExport.run(context, { ...wish, key: 'key.pem' });
  const byVariable = await proofsExport.run({ ...context, env: { ...context.env, SOPHIA_SIGNING_KEY: pem } }, wish);
  assert.equal(byFile.data.text, byVariable.data.text);
  assert.deepEqual(verdictsOf(byFile.findings), ['exported pass']);
  assert.equal(resultOf(byFile.findings), 'PASSED');
});

test('a proof in no ledger is exported with a warning', async (t) => {
  const aged = new AgedProofs(t);
  await aged.record('2026-11-20', 'smoke');
  const outcome = await proofsExport.run(aged.at(NOW), { ...NONE, ref: 'latest', as: 'link' });
  assert.deepEqual(verdictsOf(outcome.findings), ['exported pass', 'unsealed warn']);
});

test('the whole ledger goes into a directory, which the text names', async (t) => {
  const aged = new AgedProofs(t);
  await aged.record('2026-11-20', 'smoke');
  await aged.seal('2026-11-21');
  const outcome = await proofsExport.run(aged.at(NOW), { ...NONE, tiles: 'public/log' });
  assert.deepEqual([outcome.data.text, outcome.data.tiles?.size, outcome.data.tiles?.files], [null, 2, 3]);
  assert.match(readFileSync(`${aged.directory}/public/log/checkpoint`, 'utf8'), /\n2\n/);
  assert.match(proofsExport.view(outcome), /2 entries of localhost\/.*in 3 files/);
  await assert.rejects(proofsExport.run(aged.at(NOW), { ...NONE, tiles: 'public/log' }), { code: 'EXPORT_TARGET_INVALID' });
});

test('without a ledger there are no tiles', async (t) => {
  await assert.rejects(proofsExport.run(new AgedProofs(t).at(NOW), { ...NONE, tiles: 'log' }), { code: 'PROOF_NOT_SEALED' });
});

test('an option that is missing, or would change nothing, is said before anything is read', async (t) => {
  const context = new AgedProofs(t).at(NOW);
  for (const wrong of [
    {},
    { ref: 'latest' },
    { dsse: true },
    { ref: 'latest', dsse: true, bundle: true },
    { ref: 'latest', tlogProof: true, as: 'slsa' },
    { ref: 'latest', tlogProof: true, key: 'key.pem' },
    { ref: 'latest', as: 'slsa', key: 'key.pem' },
    { ref: 'latest', bundle: true },
    { ref: 'latest', tiles: 'log' },
    { tiles: 'log', dsse: true },
    { tiles: 'log', as: 'slsa' },
  ] as const)
    await assert.rejects(proofsExport.run(context, { ...NONE, ...wrong }), { code: 'USAGE' }, JSON.stringify(wrong));
});

function verdictsOf(findings: readonly { readonly check: string; readonly verdict: Verdict }[]): string[] {
  return findings.map(({ check, verdict }) => `${check} ${verdict}`);
}
