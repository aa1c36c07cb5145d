import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import proofsVerify from '../../../src/commands/proofs-verify/command.ts';
import type { Context } from '../../../src/context.ts';
import { exitCodeOf, resultOf } from '../../../src/outcome.ts';
import { recordRun } from '../../../src/proof/recording/record.ts';
import { contextFor } from '../../fakes/context.ts';

const ALL = { path: [], dir: 'proofs', kind: [] };

async function withProofs(t: TestContext, ...kinds: readonly string[]): Promise<{ context: Context; paths: readonly string[] }> {
  const context = contextFor(t);
  const paths: string[] = [];
  for (const kind of kinds) {
    const { proof } = await recordRun(context, { kind, command: kind, argv: [] }, ({ record }) => {
      record.find({ check: 'c', target: 't', verdict: 'fail', reason: 'r' });
      record.attach('a.txt', Buffer.from('x'), 'text/plain');
    });
    paths.push(proof!.path);
  }
  return { context, paths };
}

async function verify(context: Context, options: Partial<Parameters<typeof proofsVerify.run>[1]> = {}) {
  const outcome = await proofsVerify.run(context, { ...ALL, ...options });
  return { ...outcome, exitCode: outcome.error?.exitCode ?? exitCodeOf(resultOf(outcome.findings)), view: proofsVerify.view(outcome) };
}

test('proofs that hold exit 0 whatever they say, and their level is told', async (t) => {
  const { context } = await withProofs(t, 'smoke', 'demo');
  const { exitCode, findings, data, view } = await verify(context);
  assert.equal(exitCode, 0);
  assert.deepEqual(data, { proofs: 2, views: 0, attachments: 2, ignored: 0, unsealed: 2, levels: { L0: 2 }, level: 'L0' });
  assert.deepEqual(
    findings.map(({ check, verdict }) => [check, verdict]),
    [
      ['holds', 'pass'],
      ['unsealed', 'warn'],
    ],
  );
  assert.match(view, /2 proofs hold/);
  assert.match(view, /L0/);
});

test('a proof that does not hold exits 5 and is named from the project root', async (t) => {
  const { context, paths } = await withProofs(t, 'smoke', 'demo');
  writeFileSync(`${context.directory}/${paths[0]}`, '{}\n');
  const { exitCode, findings, error, data, view } = await verify(context);
  assert.equal(exitCode, 5);
  assert.equal(error?.code, 'PROOF_DOES_NOT_HOLD');
  assert.equal(data.proofs, 1);
  assert.ok(findings.some(({ check, verdict, target }) => check === 'schema' && verdict === 'fail' && target === paths[0]));
  assert.ok(view.includes(paths[0]!));
});

test('an empty folder, no folder and a filter without match verify nothing and exit 3', async (t) => {
  const { context } = await withProofs(t, 'smoke');
  mkdirSync(`${context.directory}/empty`);
  for (const options of [{ dir: 'empty' }, { dir: 'nowhere' }, { kind: ['nothing'] }, { path: ['proofs/demo'] }]) {
    const { exitCode, findings, data } = await verify(context, options);
    assert.equal(exitCode, 3, JSON.stringify(options));
    assert.equal(findings[0]?.check, 'nothing-verified');
    assert.equal(data.level, null);
  }
});

test('a filter narrows what is counted, never what is judged', async (t) => {
  const { context, paths } = await withProofs(t, 'smoke', 'demo');
  assert.equal((await verify(context, { kind: ['smoke'] })).data.proofs, 1);
  assert.equal((await verify(context, { path: ['./proofs/demo/'] })).data.proofs, 1);
  assert.equal((await verify(context, { path: [paths[0]!] })).data.proofs, 1);
  assert.equal((await verify(context, { path: ['proofs'] })).data.proofs, 2);
  rmSync(`${context.directory}/${paths[1]!.replace('.json', '.a.txt')}`);
  const { exitCode, data } = await verify(context, { kind: ['smoke'] });
  assert.deepEqual([exitCode, data.proofs], [5, 1]);
});

test('another directory may be named, absolute or from the working directory', async (t) => {
  const { context } = await withProofs(t, 'smoke');
  assert.equal((await verify(context, { dir: `${context.directory}/proofs` })).exitCode, 0);
  assert.equal((await verify({ ...context, directory: `${context.directory}/proofs` }, { dir: '.' })).exitCode, 0);
});
