// Living with many: a ledger that is compacted and pruned, seen by the real program.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { listProofs } from '../../src/proof/store.ts';
import { AgedProofs } from '../fakes/aged-proofs.ts';
import { sophia, sophiaJson } from './sophia.ts';

test('after compact and prune verify still holds, and ls and show read through', async (t) => {
  const { aged, start } = await aYear(t);
  const archived = newestOf(aged, 'smoke', 1);
  assert.equal(sophia(start, 'proofs', 'verify').exitCode, 0);
  const compacted = sophiaJson(start, 'proofs', 'compact', '--older-than', '90d');
  assert.equal(compacted.exitCode, 0);
  assert.match(compacted.document.proof?.path ?? '', /^proofs\/compact\//);
  assert.equal(existsSync(`${aged.directory}/proofs/archive/smoke/2026-05.jsonl.gz`), true);
  const verified = sophiaJson(start, 'proofs', 'verify');
  assert.deepEqual([verified.exitCode, verified.document.error], [0, null]);
  const shown = sophiaJson(start, 'proofs', 'show', archived);
  assert.equal(shown.exitCode, 0, 'an archived proof is shown by its path');
  assert.match(sophia(start, 'proofs', 'ls', '--kind', 'smoke').stdout, /archived/);
  assert.equal(sophia(start, 'proofs', 'seal').exitCode, 0);
  assert.equal(sophia(start, 'proofs', 'verify', '--require', 'L1').exitCode, 0);

  const pruned = sophiaJson(start, 'proofs', 'prune', '--older-than', '150d');
  assert.equal(pruned.exitCode, 0);
  assert.match(pruned.document.proof?.path ?? '', /^proofs\/prune\//);
  assert.equal(existsSync(`${aged.directory}/proofs/archive/smoke/2026-05.jsonl.gz`), false);
  assert.equal(sophia(start, 'proofs', 'verify', '--require', 'L1').exitCode, 0);
});

test('an archive that was changed, cut, exchanged or removed is named, and so is what was deleted beside what was pruned', async (t) => {
  const { aged, start } = await aYear(t);
  sophia(start, 'proofs', 'compact', '--older-than', '90d');
  sophia(start, 'proofs', 'seal');
  const archive = 'proofs/archive/smoke/2026-05.jsonl.gz';
  const file = `${aged.directory}/${archive}`;
  const whole = readFileSync(file);
  const other = readFileSync(`${aged.directory}/proofs/archive/smoke/2026-07.jsonl.gz`);
  const changed = Buffer.from(whole);
  changed[Math.floor(whole.length / 2)]! ^= 1;
  for (const [name, bytes] of [
    ['changed', changed],
    ['cut', whole.subarray(0, -1)],
    ['exchanged', other],
  ] as const) {
    writeFileSync(file, bytes);
    const { exitCode, stdout } = sophia(start, 'proofs', 'verify');
    assert.equal(exitCode, 5, name);
    assert.ok(stdout.includes('archive-tampered') && stdout.includes(archive), name);
  }
  rmSync(file);
  const gone = sophia(start, 'proofs', 'verify');
  assert.equal(gone.exitCode, 5);
  assert.match(gone.stdout, /missing +proofs\/archive\/smoke\/2026-05\.jsonl\.gz/);
  writeFileSync(file, whole);
  writeFileSync(`${aged.directory}/proofs/archive/smoke/2026-06.jsonl.gz`, whole);
  const slipped = sophia(start, 'proofs', 'verify');
  assert.equal(slipped.exitCode, 5);
  assert.match(slipped.stdout, /foreign +proofs\/archive\/smoke\/2026-06\.jsonl\.gz/);
  rmSync(`${aged.directory}/proofs/archive/smoke/2026-06.jsonl.gz`);
  assert.equal(sophia(start, 'proofs', 'verify').exitCode, 0, 'and whole again it holds');

  assert.equal(sophia(start, 'proofs', 'prune', '--older-than', '150d').exitCode, 0);
  const survivor = newestOf(aged, 'smoke', 0);
  rmSync(`${aged.directory}/${survivor}`);
  const deleted = sophia(start, 'proofs', 'verify');
  assert.equal(deleted.exitCode, 5);
  assert.ok(deleted.stdout.includes(survivor));
});

test('nobody prunes a signed ledger without its key', async (t) => {
  const { aged, start } = await aYear(t);
  const vkey = sophia(start, 'proofs', 'keygen', '--name', 'acme', '--out', `${aged.directory}/key.pem`).stdout.trim();
  await aged.record('2026-11-22', 'smoke');
  assert.equal(sophia(start, 'proofs', 'seal', '--key', 'key.pem').exitCode, 0);
  const refused = sophiaJson(start, 'proofs', 'prune', '--older-than', '150d');
  assert.deepEqual([refused.exitCode, refused.document.error?.code], [2, 'LEDGER_SIGNED']);
  assert.equal(sophia(start, 'proofs', 'prune', '--older-than', '150d', '--key', 'key.pem').exitCode, 0);
  assert.equal(sophia(start, 'proofs', 'verify', '--vkey', vkey, '--require', 'L2').exitCode, 0);
});

test('what is asked for wrongly is said with 2', async (t) => {
  const start = { cwd: new AgedProofs(t).directory };
  for (const args of [
    ['compact'],
    ['prune', '--older-than', '-1d'],
    ['prune', '--older-than', '1d', '--kind', 'seal'],
    ['export', 'latest'],
    ['export', 'latest', '--as', 'spdx'],
  ])
    assert.equal(sophia(start, 'proofs', ...args).exitCode, 2, args.join(' '));
});

async function aYear(t: TestContext): Promise<{ readonly aged: AgedProofs; readonly start: { readonly cwd: string } }> {
  const aged = new AgedProofs(t);
  for (const day of ['2026-05-03', '2026-05-04', '2026-07-10']) await aged.record(day, 'smoke');
  await aged.seal('2026-07-11');
  await aged.record('2026-11-20', 'smoke');
  await aged.seal('2026-11-21');
  return { aged, start: { cwd: aged.directory } };
}

/** From the project root. */
function newestOf(aged: AgedProofs, kind: string, index: number): string {
  return `proofs/${[...listProofs(aged.store, kind)][index]!.path}`;
}
