import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import proofsPrune from '../../../src/commands/proofs-prune/command.ts';
import { resultOf } from '../../../src/outcome.ts';
import { AgedProofs } from '../../fakes/aged-proofs.ts';

const NOW = '2026-11-23';
const OPTIONS = { olderThan: 90 * 86_400_000, kind: [], key: undefined, dryRun: false, dir: 'proofs' };

test('what went is told by path, with the sealed proof that says so, and what had to stay with its reason', async (t) => {
  const aged = new AgedProofs(t);
  const gone = await aged.record('2026-07-03', 'smoke');
  const kept = await aged.record('2026-07-04', 'demo', ({ record }) => {
    record.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' });
    record.view('healthz/api.txt', (proof) => `proof: ${proof}\n`);
  });
  await aged.seal('2026-11-04');
  const outcome = await proofsPrune.run(aged.at(NOW), OPTIONS);
  assert.equal(resultOf(outcome.findings), 'PASSED');
  assert.deepEqual(
    [outcome.data.pruned, outcome.data.kept.map(({ path }) => path), outcome.data.files],
    [[`proofs/${gone}`], [`proofs/${kept}`], 1],
  );
  assert.deepEqual(outcome.data.proofs, [outcome.proof?.path]);
  assert.match(proofsPrune.view(outcome), /the view healthz\/api\.txt is its own[\s\S]*1 proof pruned/);
});

test('nothing to prune is no failure, and a dry run says so', async (t) => {
  const aged = new AgedProofs(t);
  const none = await proofsPrune.run(aged.at(NOW), OPTIONS);
  assert.equal(resultOf(none.findings), 'PASSED');
  assert.match(proofsPrune.view(none), /nothing to prune/);
  await aged.record('2026-07-03', 'smoke');
  await aged.seal('2026-11-04');
  const dry = await proofsPrune.run(aged.at(NOW), { ...OPTIONS, dryRun: true });
  assert.deepEqual([dry.data.pruned.length, dry.data.files], [1, 0]);
  assert.match(proofsPrune.view(dry), /^1 proof would be pruned, [\s\S]*dry run/);
});

test("the ledger's own kinds, and words that are no kinds, are refused", async (t) => {
  const context = new AgedProofs(t).at(NOW);
  for (const kind of ['seal', 'compact', 'prune', 'ledger', 'Smoke', '../x'])
    await assert.rejects(proofsPrune.run(context, { ...OPTIONS, kind: [kind] }), { code: 'PROOF_KIND_INVALID' }, kind);
});

test('a sealed proof that was changed ends it with 5', async (t) => {
  const aged = new AgedProofs(t);
  const file = `${aged.store.proofs}/${await aged.record('2026-07-03', 'smoke')}`;
  await aged.seal('2026-11-04');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"pass"', '"warn"'));
  const outcome = await proofsPrune.run(aged.at(NOW), OPTIONS);
  assert.deepEqual([outcome.error?.exitCode, outcome.findings[0]?.check], [5, 'tampered']);
});
