// Do programs that share no code with ours come to the same answer? stranger.py is the one of docs/proofs.md; verify.py knows the rest
// of the format. Both are written from the page, in Python's own library.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { suite, test, type TestContext } from 'node:test';
import { compactProofs } from '../../../src/proof/archive/compact.ts';
import { pruneProofs } from '../../../src/proof/archive/prune.ts';
import { readHoldingLedger } from '../../../src/proof/export/sealed-place.ts';
import { exportProof } from '../../../src/proof/export/single.ts';
import { exportTiles } from '../../../src/proof/export/tiles.ts';
import { listProofs } from '../../../src/proof/store.ts';
import { openProofs } from '../../../src/proof/tree.ts';
import { AgedProofs } from '../../fakes/aged-proofs.ts';
import { temporaryFolder } from '../../fakes/context.ts';

const NOW = '2026-11-23';
const DAY_MS = 86_400_000;
const MISSING = missingPython();
if (MISSING !== null) process.stderr.write(`\n*** ${MISSING}: nobody but ourselves checks the ledger in this run ***\n\n`);

suite('an independent verifier', MISSING === null ? {} : { skip: MISSING }, () => {
  test('of twenty lines agrees on the root, and on a checkpoint that was kept', async (t) => {
    const aged = await sealed(t);
    const kept = `${temporaryFolder(t)}/checkpoint`;
    copyFileSync(`${aged.store.proofs}/ledger/checkpoint`, kept);
    await aged.record('2026-11-22', 'smoke');
    await aged.seal(NOW);
    const { exitCode, stdout } = python('stranger.py', aged.store.proofs, kept);
    assert.equal(exitCode, 0);
    assert.deepEqual(
      stdout.match(/root (\S+)/g),
      [rootOf(`${aged.store.proofs}/ledger/checkpoint`), rootOf(kept)].map((root) => `root ${root}`),
    );
  });

  test('of twenty lines names a proof that was changed, and sees a tree that was rolled back', async (t) => {
    const aged = await sealed(t);
    const proof = [...listProofs(aged.store, 'smoke')][0]!.path;
    const before = `${temporaryFolder(t)}/proofs`;
    cpSync(aged.store.proofs, before, { recursive: true });
    await aged.seal(NOW);
    await aged.record('2026-11-22', 'smoke');
    await aged.seal(NOW);
    assert.notEqual(python('stranger.py', before, `${aged.store.proofs}/ledger/checkpoint`).exitCode, 0);
    flip(`${aged.store.proofs}/${proof}`, 30);
    const { exitCode, stderr } = python('stranger.py', aged.store.proofs);
    assert.notEqual(exitCode, 0);
    assert.ok(stderr.includes(proof), stderr);
  });

  test('agrees after proofs were put into archives, whatever is in them, and after others were pruned', async (t) => {
    const aged = await sealed(t);
    agrees(aged);
    await putAway(aged);
    await aged.seal(NOW);
    agrees(aged);
    const run = { command: 'proofs prune', argv: [] };
    const { pruned } = await pruneProofs(aged.at(NOW), {
      store: aged.store,
      olderThanMs: 120 * DAY_MS,
      kinds: [],
      isDryRun: false,
      key: null,
      run,
    });
    assert.ok(pruned.length > 0);
    agrees(aged);
  });

  test('finds every byte that is flipped: in proofs, attachments, archives, entries and checkpoint', async (t) => {
    const aged = await sealed(t);
    await putAway(aged);
    await aged.seal(NOW);
    agrees(aged);
    for (const file of aged.files().filter((each) => !/^(\.gitattributes|README\.md|healthz\/.*)$/.test(each))) {
      const whole = `${aged.store.proofs}/${file}`;
      const bytes = readFileSync(whole);
      flip(whole, Math.floor(bytes.length / 2));
      assert.equal(python('verify.py', aged.store.proofs).exitCode, 5, file);
      writeFileSync(whole, bytes);
    }
    agrees(aged);
  });

  test('does not excuse a deletion by a prune proof that is not sealed', async (t) => {
    const aged = await sealed(t);
    const run = { command: 'proofs prune', argv: [] };
    const checkpoint = readFileSync(`${aged.store.proofs}/ledger/checkpoint`);
    const entries = readFileSync(`${aged.store.proofs}/ledger/entries/000`);
    await pruneProofs(aged.at(NOW), { store: aged.store, olderThanMs: 120 * DAY_MS, kinds: [], isDryRun: false, key: null, run });
    agrees(aged);
    writeFileSync(`${aged.store.proofs}/ledger/checkpoint`, checkpoint);
    writeFileSync(`${aged.store.proofs}/ledger/entries/000`, entries);
    assert.equal(python('verify.py', aged.store.proofs).exitCode, 5);
  });

  test('follows the ledger as tiles, at the sizes where tiles begin and end', async (t) => {
    for (const size of [2, 256, 257, 513]) {
      const aged = new AgedProofs(t);
      const first = await aged.record('2026-11-20', 'smoke');
      for (let made = 1; made < size - 1; made += 1) aged.copy(first, made);
      await aged.seal(NOW);
      const directory = `${temporaryFolder(t)}/log`;
      const context = aged.at(NOW);
      const ledger = await readHoldingLedger(openProofs(context, aged.store));
      assert.equal(ledger?.checkpoint.size, size);
      await exportTiles(context, { store: aged.store, ledger, directory });
      const { exitCode, stdout, stderr } = python('verify.py', '--tiles', directory);
      assert.deepEqual([exitCode, stdout.trim().split(' ').slice(1), stderr], [0, [String(size), ledger.checkpoint.root], '']);
      if (size > 257) continue;
      for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
        const whole = path.join(directory, file);
        if (!statSync(whole).isFile()) continue;
        const bytes = readFileSync(whole);
        flip(whole, Math.floor(bytes.length / 2));
        assert.equal(python('verify.py', '--tiles', directory).exitCode, 5, `${size}: ${file}`);
        writeFileSync(whole, bytes);
      }
    }
  });

  test('accepts a tlog-proof of each proof, and of no other', async (t) => {
    const aged = await sealed(t);
    const folder = temporaryFolder(t);
    const entries = [...listProofs(aged.store)];
    for (const [index, proof] of entries.entries()) {
      const { text } = await exportProof(aged.at(NOW), { store: aged.store, proof, wanted: { form: 'tlog-proof' }, predicate: null });
      const file = `${folder}/${index}.tlog-proof`;
      writeFileSync(file, text);
      const own = python('verify.py', '--tlog-proof', file, `${aged.store.proofs}/${proof.path}`);
      assert.deepEqual([own.exitCode, own.stdout.trim().split(' ')[2]], [0, rootOf(`${aged.store.proofs}/ledger/checkpoint`)]);
      if (index > 2) continue;
      const other = entries[index + 1]!;
      assert.equal(python('verify.py', '--tlog-proof', file, `${aged.store.proofs}/${other.path}`).exitCode, 5);
    }
  });
});

/** Old and young proofs, with what spellings of JSON differ in, an attachment and a view. */
async function sealed(t: TestContext): Promise<AgedProofs> {
  const aged = new AgedProofs(t);
  await aged.record('2026-05-03', 'demo');
  await aged.record('2026-07-03', 'smoke', ({ record }) => {
    record.find({ check: 'c', target: 't', verdict: 'pass', reason: 'quotes " \\ \u0001 \u007f \u2028 é 😀' });
    record.data({ numbers: [0.1, 1e21, 1e-7, -5e-324, 123456789.125], '10': 1, '2': {}, z: [], '\u{1F600}': 1, '\uFF5E': 2 });
    record.attach('answer.body', Buffer.from('hello'), 'text/plain');
    record.view('healthz/api.txt', (proof) => `proof: ${proof}\n`);
  });
  await aged.record('2026-07-20', 'smoke');
  await aged.seal('2026-07-21');
  await aged.record('2026-11-20', 'smoke');
  await aged.seal('2026-11-21');
  return aged;
}

async function putAway(aged: AgedProofs): Promise<void> {
  const run = { command: 'proofs compact', argv: [] };
  const { removed } = await compactProofs(aged.at(NOW), { store: aged.store, olderThanMs: 90 * DAY_MS, isDryRun: false, run });
  assert.equal(removed, 4);
}

function agrees({ store }: AgedProofs): void {
  const { exitCode, stdout, stderr } = python('verify.py', store.proofs);
  assert.deepEqual([exitCode, stdout.trim().split(' ')[2], stderr], [0, rootOf(`${store.proofs}/ledger/checkpoint`), '']);
}

function rootOf(checkpoint: string): string {
  return readFileSync(checkpoint, 'utf8').split('\n')[2]!;
}

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at]! ^= 1;
  rmSync(file);
  writeFileSync(file, bytes);
}

function python(
  script: string,
  ...args: readonly string[]
): { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string } {
  const ended = spawnSync('python3', ['-I', path.join(import.meta.dirname, script), ...args], { encoding: 'utf8', timeout: 60_000 });
  return { exitCode: ended.status, stdout: ended.stdout, stderr: ended.stderr };
}

function missingPython(): string | null {
  const { status } = spawnSync('python3', ['-I', '-c', 'import sys; sys.exit(sys.version_info < (3, 9))']);
  return status === 0 ? null : 'python3 (3.9 or newer) is not installed';
}
