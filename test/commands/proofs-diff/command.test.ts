import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import proofsDiff from '../../../src/commands/proofs-diff/command.ts';
import type { Context } from '../../../src/context.ts';
import { resultOf, type Verdict } from '../../../src/outcome.ts';
import { recordRun } from '../../../src/proof/recording/record.ts';
import { contextFor } from '../../fakes/context.ts';

async function record(context: Context, verdict: Verdict, kind = 'demo'): Promise<{ readonly id: string; readonly path: string }> {
  const { proof } = await recordRun(context, { kind, command: 'demo', argv: [] }, ({ record: recorder }) => {
    recorder.find({ check: 'health', target: 'api', verdict, reason: 'r' });
    recorder.input('sophia.yaml', Buffer.from(verdict));
  });
  return proof!;
}

const GATE = { exitCode: true, dir: 'proofs' };

test('a run that got worse is a fail only where that was asked', async (t) => {
  const context = contextFor(t);
  const [a, b] = [await record(context, 'pass'), await record(context, 'fail')];
  const told = await proofsDiff.run(context, { a: a.id, b: b.id, exitCode: false, dir: 'proofs' });
  assert.equal(resultOf(told.findings), 'PASSED');
  const gate = await proofsDiff.run(context, { a: a.id, b: 'latest', ...GATE });
  assert.equal(resultOf(gate.findings), 'FAILED');
  assert.match(gate.findings.find(({ verdict }) => verdict === 'fail')!.reason, /pass before, fail now/);
  assert.equal(resultOf((await proofsDiff.run(context, { a: b.id, b: a.path, ...GATE })).findings), 'PASSED');
  const view = proofsDiff.view(told);
  for (const part of ['health', 'api', 'PASSED', 'FAILED', 'sophia.yaml', 'worse']) assert.ok(view.includes(part), part);
});

test('runs of two kinds are compared with a warning', async (t) => {
  const context = contextFor(t);
  const [a, b] = [await record(context, 'pass'), await record(context, 'pass', 'other')];
  assert.equal(resultOf((await proofsDiff.run(context, { a: a.id, b: b.id, ...GATE })).findings), 'WARNED');
});

test('a proof that does not hold is not compared', async (t) => {
  const context = contextFor(t);
  const [a, b] = [await record(context, 'pass'), await record(context, 'pass')];
  writeFileSync(`${context.directory}/${b.path}`, '{}');
  await assert.rejects(proofsDiff.run(context, { a: a.id, b: b.id, ...GATE }), { code: 'PROOF_DOES_NOT_HOLD', exitCode: 5 });
  await assert.rejects(proofsDiff.run(context, { a: a.id, b: 'nothing', ...GATE }), { code: 'PROOF_NOT_FOUND' });
});
