import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import proofsFreshness from '../../../src/commands/proofs-freshness/command.ts';
import type { Context } from '../../../src/context.ts';
import { exitCodeOf, resultOf } from '../../../src/outcome.ts';
import { recordRun } from '../../../src/proof/recording/record.ts';
import { configOf } from '../../../src/section.ts';
import { clockAt, contextFor } from '../../fakes/context.ts';

const NOON = Date.UTC(2026, 10, 22, 12);
const HOUR = 3_600_000;

interface Past {
  readonly kind: string;
  readonly hoursAgo: number;
  readonly revokes?: string;
}

async function record(context: Context, { kind, hoursAgo, revokes }: Past): Promise<string> {
  const then = { ...context, clock: { ...context.clock, ...clockAt(NOON - hoursAgo * HOUR) } };
  const { proof } = await recordRun(then, { kind, command: kind, argv: [] }, ({ record: recorder }) => {
    recorder.find({ check: 'c', target: 't', verdict: 'fail', reason: 'r' });
    if (revokes !== undefined) recorder.link('revokes', revokes);
  });
  return proof!.path;
}

function contextAtNoon(t: TestContext, freshness: Readonly<Record<string, string>> = {}): Context {
  return { ...contextFor(t, { clock: clockAt(NOON) }), config: configOf(new Map([['proofs', { freshness }]])) };
}

async function ask(context: Context, kind: readonly string[] = [], period?: number) {
  const outcome = await proofsFreshness.run(context, { kind, period: period ?? undefined, dir: 'proofs' });
  return { ...outcome, exitCode: outcome.error?.exitCode ?? exitCodeOf(resultOf(outcome.findings)) };
}

test('a run that is late by less than half its period is fresh, and one that is later is not', async (t) => {
  const context = contextAtNoon(t, { smoke: '24h', slo: '6h' });
  await record(context, { kind: 'slo', hoursAgo: 9.5 });
  await record(context, { kind: 'smoke', hoursAgo: 35 });
  const { findings, exitCode, data } = await ask(context);
  assert.deepEqual(
    findings.map(({ target, verdict }) => [target, verdict]),
    [
      ['smoke', 'pass'],
      ['slo', 'fail'],
    ],
  );
  assert.equal(exitCode, 1);
  assert.equal(data.kinds[0]?.newest?.result, 'FAILED', 'whether it went well is not what is asked');
  assert.equal((await ask(context, ['slo'], 7 * HOUR)).exitCode, 0);
});

test('no proof of a kind, or no kind at all, is unknown', async (t) => {
  const context = contextAtNoon(t);
  await record(context, { kind: 'other', hoursAgo: 1 });
  assert.equal((await ask(context)).exitCode, 3);
  assert.equal((await ask(context, ['smoke'], HOUR)).exitCode, 3);
  await assert.rejects(ask(context, ['smoke']), { code: 'USAGE' });
});

test('a revoked run does not count, nor does one that does not hold, which is named', async (t) => {
  const context = contextAtNoon(t);
  await record(context, { kind: 'smoke', hoursAgo: 40 });
  const revoked = await record(context, { kind: 'smoke', hoursAgo: 2 });
  assert.equal((await ask(context, ['smoke'], 24 * HOUR)).exitCode, 0);
  await record(context, { kind: 'note', hoursAgo: 1, revokes: revoked });
  assert.equal((await ask(context, ['smoke'], 24 * HOUR)).exitCode, 1);
  const broken = await record(context, { kind: 'smoke', hoursAgo: 0.5 });
  writeFileSync(`${context.directory}/${broken}`, '{}\n');
  const { exitCode, data } = await ask(context, ['smoke'], 24 * HOUR);
  assert.deepEqual([exitCode, data.broken], [5, [broken]]);
});

test('a run that ends in the future is no evidence of now', async (t) => {
  const context = contextAtNoon(t);
  await record(context, { kind: 'smoke', hoursAgo: -1 });
  assert.equal((await ask(context, ['smoke'], 24 * HOUR)).exitCode, 3);
});

test('a word that no kind can be is a mistake, and not a kind without runs', async (t) => {
  const context = contextAtNoon(t);
  await assert.rejects(ask(context, ['Smoke'], HOUR), { code: 'PROOF_KIND_INVALID', exitCode: 2 });
});
