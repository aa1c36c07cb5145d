import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import proofsShow from '../../../src/commands/proofs-show/command.ts';
import { resultOf } from '../../../src/outcome.ts';
import { recordRun } from '../../../src/proof/recording/record.ts';
import { contextFor } from '../../fakes/context.ts';

const RUN = { kind: 'demo', command: 'demo', argv: ['demo', '--x'] };

test('a proof is shown with what was found and by which code', async (t) => {
  const context = contextFor(t);
  const { proof } = await recordRun(context, RUN, ({ record }) => {
    record.find({ check: 'health', target: 'api', verdict: 'fail', reason: 'HTTP 500' });
    record.attach('answer.body', Buffer.from('x'), 'text/plain');
  });
  const outcome = await proofsShow.run(context, { ref: 'latest', dir: 'proofs' });
  assert.equal(resultOf(outcome.findings), 'PASSED');
  assert.deepEqual([outcome.data.path, outcome.data.sha256], [proof!.path, proof!.sha256]);
  assert.equal(outcome.data.statement?.predicate.result, 'FAILED');
  const view = proofsShow.view(outcome);
  for (const part of ['FAILED', 'HTTP 500', 'sophia demo --x', 'outside git', '.answer.body', proof!.sha256])
    assert.ok(view.includes(part), part);
});

test('what a proof has only in part is named', async (t) => {
  const context = contextFor(t);
  await recordRun(context, RUN, ({ record }) => record.attach('answer.body', Buffer.alloc(100_000), 'text/plain'));
  assert.match(proofsShow.view(await proofsShow.run(context, { ref: 'latest', dir: 'proofs' })), /kept in part.*\.answer\.body/);
});

test('a proof that does not hold is shown with its flaws, and exits 5', async (t) => {
  const context = contextFor(t);
  const { proof } = await recordRun(context, RUN, ({ record }) => record.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' }));
  const file = `${context.directory}/${proof!.path}`;
  writeFileSync(file, context.files.readText(file).replace('"PASSED"', '"FAILED"'));
  const outcome = await proofsShow.run(context, { ref: proof!.id, dir: 'proofs' });
  assert.equal(outcome.error?.exitCode, 5);
  assert.match(proofsShow.view(outcome), /contradiction.*the result says FAILED, the findings PASSED/);
  writeFileSync(file, 'x'.repeat(300_000));
  assert.equal((await proofsShow.run(context, { ref: proof!.id, dir: 'proofs' })).data.statement, null);
});

test('a reference to nothing is refused', async (t) => {
  await assert.rejects(proofsShow.run(contextFor(t), { ref: 'latest', dir: 'proofs' }), { code: 'PROOF_NOT_FOUND' });
});

test('a revoked proof is shown as revoked, by whatever kind of run', async (t) => {
  const context = contextFor(t);
  const { proof } = await recordRun(context, RUN, ({ record }) => record.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' }));
  const other = await recordRun(context, { ...RUN, kind: 'other' }, ({ record }) => record.link('revokes', proof!.path));
  const outcome = await proofsShow.run(context, { ref: proof!.id, dir: 'proofs' });
  assert.equal(outcome.data.revokedBy, other.proof!.path);
  assert.equal(resultOf(outcome.findings), 'WARNED');
  assert.match(proofsShow.view(outcome), /revoked.*by proofs\/other/);
  writeFileSync(`${context.directory}/${other.proof!.path}`, '{}');
  const after = await proofsShow.run(context, { ref: proof!.id, dir: 'proofs' });
  assert.equal(after.data.revokedBy, null, 'who does not hold revokes nothing');
});
