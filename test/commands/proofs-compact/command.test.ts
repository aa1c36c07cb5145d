import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import proofsCompact from '../../../src/commands/proofs-compact/command.ts';
import { resultOf } from '../../../src/outcome.ts';
import { AgedProofs } from '../../fakes/aged-proofs.ts';

const NOW = '2026-11-23';
const OPTIONS = { olderThan: 90 * 86_400_000, dryRun: false, dir: 'proofs' };

test('what was put away is told by archive, with the proof that vouches for it', async (t) => {
  const aged = new AgedProofs(t);
  await aged.record('2026-07-03', 'smoke');
  await aged.seal('2026-11-04');
  const outcome = await proofsCompact.run(aged.at(NOW), OPTIONS);
  assert.equal(resultOf(outcome.findings), 'PASSED');
  assert.deepEqual([outcome.data.removed, outcome.data.archives[0]?.path], [1, 'proofs/archive/smoke/2026-07.jsonl.gz']);
  assert.deepEqual(outcome.data.proofs, [outcome.proof?.path]);
  assert.match(proofsCompact.view(outcome), /1 proof put away, in 1 new archive[\s\S]*proofs seal/);
});

test('nothing to put away is no failure', async (t) => {
  const outcome = await proofsCompact.run(new AgedProofs(t).at(NOW), OPTIONS);
  assert.equal(resultOf(outcome.findings), 'PASSED');
  assert.equal(outcome.proof, null);
  assert.match(proofsCompact.view(outcome), /nothing to put away/);
});

test('a dry run says so', async (t) => {
  const aged = new AgedProofs(t);
  await aged.record('2026-07-03', 'smoke');
  await aged.seal('2026-11-04');
  const outcome = await proofsCompact.run(aged.at(NOW), { ...OPTIONS, dryRun: true });
  assert.deepEqual([outcome.data.removed, outcome.data.proofs], [1, []]);
  assert.match(proofsCompact.view(outcome), /dry run/);
});

test('a sealed proof that was changed ends it with 5, and is named', async (t) => {
  const aged = new AgedProofs(t);
  const path = await aged.record('2026-07-03', 'smoke');
  await aged.seal('2026-11-04');
  const file = `${aged.store.proofs}/${path}`;
  writeFileSync(file, readFileSync(file, 'utf8').replace('"pass"', '"warn"'));
  const outcome = await proofsCompact.run(aged.at(NOW), OPTIONS);
  assert.deepEqual([outcome.error?.exitCode, outcome.findings[0]?.check, outcome.findings[0]?.target], [5, 'tampered', `proofs/${path}`]);
  assert.match(proofsCompact.view(outcome), /not the bytes that were sealed/);
});
