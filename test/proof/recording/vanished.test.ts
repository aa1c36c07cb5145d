import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { test } from 'node:test';
import type { Context } from '../../../src/context.ts';
import { pathOf } from '../../../src/proof/path-law.ts';
import { recordRun } from '../../../src/proof/recording/record.ts';
import { recoverVanished } from '../../../src/proof/recording/vanished.ts';
import type { Statement } from '../../../src/proof/statement.ts';
import { nextUlid } from '../../../src/proof/ulid.ts';
import { judgeProof } from '../../../src/proof/verification/judge.ts';
import { contextFor, temporaryFolder } from '../../fakes/context.ts';

/** The mark that a run leaves which is killed while it works: copied out of a living one. */
async function leaveMark(context: Context, change: Record<string, unknown> = {}): Promise<{ name: string; id: string; proof: string }> {
  let mark: Record<string, unknown> = {};
  await recordRun(context, { kind: 'demo', command: 'demo', argv: ['demo', '--fast'] }, ({ directory }) => {
    const [name = ''] = marksIn(directory);
    mark = JSON.parse(readFileSync(`${directory}/.sophia/runs/${name}`, 'utf8')) as Record<string, unknown>;
  });
  const { id, timeMs } = nextUlid(context.clock, context.machine);
  const all = { ...mark, id, startedAt: new Date(timeMs).toISOString(), pid: deadPid(), ...change };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(`${context.directory}/.sophia/runs/${id}.json`, `${JSON.stringify(sorted, null, 2)}\n`);
  return { name: `${id}.json`, id, proof: `${context.directory}/proofs/${pathOf({ kind: 'demo', id })}` };
}

/** Of a process that has come and gone. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

function marksIn(directory: string): readonly string[] {
  return readdirSync(`${directory}/.sophia/runs`);
}

function proofsIn(directory: string): readonly string[] {
  return readdirSync(`${directory}/proofs/demo`, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
}

test('the mark of a run that was killed becomes a proof that says so, and is gone', async (t) => {
  const context = contextFor(t);
  const { id, proof } = await leaveMark(context);
  const { proofs, skipped } = await recoverVanished(context);
  assert.deepEqual([proofs.map((each) => each.id), skipped, marksIn(context.directory)], [[id], [], []]);
  const bytes = readFileSync(proof);
  assert.deepEqual(judgeProof(pathOf({ kind: 'demo', id }), bytes).flaws, []);
  const { predicate } = JSON.parse(bytes.toString()) as Statement;
  assert.deepEqual(
    [predicate.ending, predicate.result, predicate.exitCode, predicate.error?.code, predicate.argv, predicate.environment.kind],
    ['vanished', 'UNKNOWN', 3, 'VANISHED', ['demo', '--fast'], 'local'],
  );
  assert.equal(predicate.finishedAt, predicate.startedAt, 'it is no fresher than what is known of it');
  assert.deepEqual(await recoverVanished(context), { proofs: [], skipped: [] });
});

test('the mark of a run that is under way stays, and so does that of another machine boot not', async (t) => {
  const context = contextFor(t);
  const { pid } = context.machine;
  const living = await leaveMark(context, { pid });
  const otherBoot = await leaveMark(context, { pid, bootId: 'another-boot' });
  const usedAgain = await leaveMark(context, { pid, birth: '1' });
  const { proofs } = await recoverVanished(context);
  assert.deepEqual(
    proofs.map(({ id }) => id),
    [otherBoot.id, usedAgain.id],
  );
  assert.deepEqual(marksIn(context.directory), [living.name]);
});

test('a run that was killed after it had named its proof leaves that one', async (t) => {
  const context = contextFor(t);
  const { id, proof } = await leaveMark(context);
  await recoverVanished(context);
  const before = readFileSync(proof);
  const again = await leaveMark(context, { id, startedAt: (JSON.parse(before.toString()) as Statement).predicate.startedAt });
  writeFileSync(`${context.directory}/.sophia/runs/${id}.json`, readFileSync(`${context.directory}/.sophia/runs/${again.name}`));
  await recoverVanished(context);
  assert.deepEqual(readFileSync(proof), before);
  assert.ok(!existsSync(`${context.directory}/.sophia/runs/${id}.json`));
});

test('what a killed run had laid beside its proof to come is cleared away, and nothing else', async (t) => {
  const context = contextFor(t);
  const { id, proof } = await leaveMark(context);
  const folder = proof.slice(0, proof.lastIndexOf('/'));
  mkdirSync(folder, { recursive: true });
  const other = nextUlid(context.clock, context.machine).id;
  for (const name of [`${id}.stdout.log.gz`, `${id}.json.new`, `.${id}.stdout.log.gz.0a1b.tmp`, `${other}.stdout.log.gz`])
    writeFileSync(`${folder}/${name}`, 'x');
  await recoverVanished(context);
  const left = readdirSync(folder).filter((name) => name.includes(id) || name.includes(other));
  assert.deepEqual(left, [`${id}.json`, `${other}.stdout.log.gz`]);
});

test('two who find the same mark leave one proof', async (t) => {
  const context = contextFor(t);
  await leaveMark(context);
  await Promise.all([recoverVanished(context), recoverVanished(context)]);
  assert.equal(proofsIn(context.directory).length, 2, 'the run that gave the mark, and the one that vanished');
  assert.deepEqual(marksIn(context.directory), []);
});

test('a killed seal leaves nothing but is forgotten: the next seal finishes it', async (t) => {
  const context = contextFor(t);
  await leaveMark(context, { kind: 'seal' });
  assert.deepEqual(await recoverVanished(context), { proofs: [], skipped: [] });
  assert.deepEqual(marksIn(context.directory), []);
});

test('what is no mark of ours is named and left alone', async (t) => {
  const context = contextFor(t);
  const runs = `${context.directory}/.sophia/runs`;
  const good = await leaveMark(context);
  const bytes = readFileSync(`${runs}/${good.name}`, 'utf8');
  const hostile = await Promise.all(
    [
      { kind: 'ledger' },
      { kind: '../../x' },
      { pid: -1 },
      { argv: 'x' },
      { result: 'PASSED' },
      { environment: { kind: 'local' } },
      { startedAt: '2020-01-01T00:00:00.000Z' },
    ].map(async (change) => (await leaveMark(context, change)).name),
  );
  const ulid = (): string => `${nextUlid(context.clock, context.machine).id}.json`;
  const others: Record<string, string> = {
    'notes.txt': 'x',
    [ulid()]: 'not JSON',
    [ulid()]: bytes,
    [ulid()]: '['.repeat(100_000),
    [ulid()]: `"${'x'.repeat(300_000)}"`,
  };
  for (const [name, content] of Object.entries(others)) writeFileSync(`${runs}/${name}`, content);
  const link = ulid();
  symlinkSync(`${runs}/${good.name}`, `${runs}/${link}`);
  const folder = ulid();
  mkdirSync(`${runs}/${folder}`);
  const { proofs, skipped } = await recoverVanished(context);
  assert.deepEqual(
    proofs.map(({ id }) => id),
    [good.id],
  );
  const expected = [...hostile, ...Object.keys(others), link, folder].map((name) => `.sophia/runs/${name}`);
  assert.deepEqual(skipped.map(({ path }) => path).sort(), expected.sort());
  assert.ok(skipped.every(({ reason }) => reason !== ''));
  assert.equal(marksIn(context.directory).length, expected.length);
});

test('a folder of marks that is a link is not looked into', async (t) => {
  const context = contextFor(t);
  const elsewhere = contextFor(t);
  await leaveMark(elsewhere);
  mkdirSync(`${context.directory}/.sophia`);
  symlinkSync(`${elsewhere.directory}/.sophia/runs`, `${context.directory}/.sophia/runs`);
  assert.deepEqual(await recoverVanished(context), { proofs: [], skipped: [] });
  assert.equal(marksIn(elsewhere.directory).length, 1);
});

test('proofs that are a link to elsewhere get nothing, and the mark waits', async (t) => {
  const context = contextFor(t);
  const { name } = await leaveMark(context);
  const elsewhere = temporaryFolder(t);
  context.files.rename(`${context.directory}/proofs`, `${elsewhere}/proofs`);
  symlinkSync(`${elsewhere}/proofs`, `${context.directory}/proofs`);
  const { proofs, skipped } = await recoverVanished(context);
  assert.deepEqual([proofs.length, skipped.length, marksIn(context.directory)], [0, 1, [name]]);
  assert.match(skipped[0]?.reason ?? '', /proofs is a symbolic link/);
});
