import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import proofsLs from '../../../src/commands/proofs-ls/command.ts';
import { exitCodeOf, resultOf, type Verdict } from '../../../src/outcome.ts';
import { recordRun } from '../../../src/proof/recording/record.ts';
import { clockAt, contextFor } from '../../fakes/context.ts';

const ALL = { kind: undefined, result: undefined, since: undefined, limit: 20, dir: 'proofs' };
const MINUTE_MS = 60_000;

test('proofs are listed newest first, narrowed by kind, result, age and number', async (t) => {
  const context = contextFor(t, { clock: clockAt(Date.UTC(2026, 10, 22), MINUTE_MS) });
  const made: string[] = [];
  for (const [kind, verdict] of [
    ['smoke', 'pass'],
    ['demo', 'fail'],
    ['smoke', 'warn'],
  ] as const satisfies readonly (readonly [string, Verdict])[]) {
    const { proof } = await recordRun(context, { kind, command: kind, argv: [] }, ({ record }) =>
      record.find({ check: 'c', target: 't', verdict, reason: 'r' }),
    );
    made.push(proof!.id);
  }
  const list = async (options: Partial<Parameters<typeof proofsLs.run>[1]>): Promise<readonly string[]> => {
    const outcome = await proofsLs.run(context, { ...ALL, ...options });
    assert.equal(exitCodeOf(resultOf(outcome.findings)), 0);
    return outcome.data.proofs.map(({ id }) => id);
  };
  assert.deepEqual(await list({}), made.toReversed());
  assert.deepEqual(await list({ kind: 'smoke' }), [made[2], made[0]]);
  assert.deepEqual(await list({ result: 'FAILED' }), [made[1]]);
  assert.deepEqual(await list({ limit: 1 }), [made[2]]);
  // The clock moves a minute with each question: two for a run, one for this one.
  assert.deepEqual((await list({ since: 3 * MINUTE_MS })).length < 3, true);
});

test('a proof that does not hold is pointed out and not quoted', async (t) => {
  const context = contextFor(t);
  const { proof } = await recordRun(context, { kind: 'demo', command: 'demo', argv: [] }, ({ record }) =>
    record.find({ check: 'c', target: 't', verdict: 'fail', reason: 'r' }),
  );
  const file = `${context.directory}/${proof!.path}`;
  writeFileSync(file, context.files.readText(file).replace('"FAILED"', '"PASSED"'));
  const outcome = await proofsLs.run(context, ALL);
  assert.deepEqual([outcome.data.proofs[0]?.result, outcome.data.proofs[0]?.holds], [null, false]);
  assert.equal(resultOf(outcome.findings), 'WARNED');
  assert.match(proofsLs.view(outcome), /does not hold/);
});

test('a revoked and a superseded proof are shown as such', async (t) => {
  const context = contextFor(t, { clock: clockAt(Date.UTC(2026, 10, 22), MINUTE_MS) });
  const run = { kind: 'demo', command: 'demo', argv: [] };
  const first = await recordRun(context, run, () => {});
  const second = await recordRun(context, run, ({ record }) => record.link('supersedes', first.proof!.path));
  const third = await recordRun(context, run, ({ record }) => record.link('revokes', second.proof!.path));
  const { data } = await proofsLs.run(context, ALL);
  assert.deepEqual(
    data.proofs.map(({ revokedBy, supersededBy }) => [revokedBy, supersededBy]),
    [
      [null, null],
      [third.proof!.path, null],
      [null, second.proof!.path],
    ],
  );
});

test('no proofs is no answer', async (t) => {
  const outcome = await proofsLs.run(contextFor(t), ALL);
  assert.equal(exitCodeOf(resultOf(outcome.findings)), 3);
});

test('a word that no kind can be is a mistake, and not a kind without proofs', async (t) => {
  const context = contextFor(t);
  for (const kind of ['Smoke', '../demo', ''])
    await assert.rejects(async () => await proofsLs.run(context, { ...ALL, kind }), { code: 'PROOF_KIND_INVALID', exitCode: 2 });
});
