import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readHoldingLedger } from '../../../src/proof/export/sealed-place.ts';
import { locateTarget } from '../../../src/proof/export/target.ts';
import { exportTiles, type ExportedTiles } from '../../../src/proof/export/tiles.ts';
import { rootOf } from '../../../src/proof/ledger/merkle.ts';
import { openProofs } from '../../../src/proof/tree.ts';
import { AgedProofs } from '../../fakes/aged-proofs.ts';
import { temporaryFolder } from '../../fakes/context.ts';

const NOW = '2026-11-23';

test('a small ledger is one partial tile, one partial bundle and its checkpoint', async (t) => {
  const aged = new AgedProofs(t);
  const paths = [await aged.record('2026-11-20', 'smoke'), await aged.record('2026-11-21', 'smoke')];
  await aged.seal('2026-11-22');
  const target = `${temporaryFolder(t)}/log`;
  assert.deepEqual(await take(aged, target), { files: 3, leftOut: [] });
  assert.deepEqual(filesIn(target), ['checkpoint', 'tile/0/000.p/3', 'tile/entries/000.p/3']);
  const bundle = readFileSync(`${target}/tile/entries/000.p/3`);
  const first = readFileSync(`${aged.store.proofs}/${paths[0]!}`);
  assert.equal(bundle.readUInt16BE(0), first.length);
  assert.deepEqual(bundle.subarray(2, 2 + first.length), first);
  const leaf = createHash('sha256').update(Buffer.of(0)).update(first).digest();
  assert.deepEqual(readFileSync(`${target}/tile/0/000.p/3`).subarray(0, 32), leaf);
  assert.deepEqual(readFileSync(`${target}/checkpoint`), readFileSync(`${aged.store.proofs}/ledger/checkpoint`));
});

// The example of the specification.
test('70,000 entries are 273 full tiles and one of 112, then one full and one of 17, then one of 1', async (t) => {
  const leaves = Array.from({ length: 70_000 }, (_, index) => createHash('sha256').update(String(index)).digest());
  const target = `${temporaryFolder(t)}/log`;
  const aged = new AgedProofs(t);
  const entries = leaves.map((leaf, index) => ({ index, leaf: leaf.toString('hex'), path: `smoke/2026/11/22/${index}.json` }));
  const checkpoint = {
    origin: 'example.org/log',
    size: leaves.length,
    root: Buffer.from(rootOf(leaves)).toString('base64'),
    signatures: [],
  };
  const { files } = aged.at(NOW);
  const context = {
    ...aged.at(NOW),
    files: { ...files, create: (file: string, bytes: string | Uint8Array) => writeFileSync(file, bytes) },
  };
  const { leftOut } = await exportTiles(context, { store: aged.store, ledger: { checkpoint, entries }, directory: target });
  assert.equal(leftOut.length, 70_000, 'there are no proofs, so there are no bundles');
  const found = filesIn(target);
  assert.equal(found.filter((file) => /^tile\/0\/\d{3}$/.test(file)).length, 273);
  assert.deepEqual(
    found.filter((file) => !/^tile\/0\/\d{3}$/.test(file)),
    ['checkpoint', 'tile/0/273.p/112', 'tile/1/000', 'tile/1/001.p/17', 'tile/2/000.p/1'],
  );
  assert.equal(statSync(`${target}/tile/0/000`).size, 8192);
  assert.deepEqual(readFileSync(`${target}/tile/1/000`).subarray(32, 64), rootOf(leaves.slice(256, 512)));
  assert.deepEqual(readFileSync(`${target}/tile/2/000.p/1`), rootOf(leaves.slice(0, 65_536)));
});

test('a proof that is too long for the format costs its bundle, and is named', async (t) => {
  const aged = new AgedProofs(t);
  await aged.record('2026-11-20', 'smoke', ({ record }) => {
    record.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' });
    record.data({ long: 'x'.repeat(70_000) });
  });
  await aged.seal('2026-11-22');
  const target = `${temporaryFolder(t)}/log`;
  assert.deepEqual((await take(aged, target)).leftOut, [0]);
  assert.deepEqual(filesIn(target), ['checkpoint', 'tile/0/000.p/2']);
});

test('a proof that is not what was sealed stops the export before there is a checkpoint', async (t) => {
  const aged = new AgedProofs(t);
  const proof = `${aged.store.proofs}/${await aged.record('2026-11-20', 'smoke')}`;
  await aged.seal('2026-11-22');
  writeFileSync(proof, readFileSync(proof, 'utf8').replace('"r"', '"s"'));
  const target = `${temporaryFolder(t)}/log`;
  await assert.rejects(take(aged, target), { code: 'PROOF_DOES_NOT_HOLD' });
  assert.ok(!filesIn(target).includes('checkpoint'));
});

test('the target is a place of its own: missing or empty, no link, not among the proofs', (t) => {
  const aged = new AgedProofs(t);
  const context = aged.at(NOW);
  const locate = (given: string): string => locateTarget(context, aged.store, given);
  mkdirSync(`${aged.directory}/empty`);
  mkdirSync(`${aged.directory}/full`);
  writeFileSync(`${aged.directory}/full/a`, '');
  symlinkSync(`${aged.directory}/empty`, `${aged.directory}/link`);
  assert.equal(locate('new/log'), `${aged.directory}/new/log`);
  assert.equal(locate('empty'), `${aged.directory}/empty`);
  for (const given of ['full', 'full/a', 'link', 'proofs', 'proofs/log', './proofs/../proofs/x'])
    assert.throws(() => locate(given), { code: 'EXPORT_TARGET_INVALID' }, given);
});

async function take(aged: AgedProofs, directory: string): Promise<ExportedTiles> {
  const context = aged.at(NOW);
  const ledger = await readHoldingLedger(openProofs(context, aged.store));
  assert.ok(ledger !== null);
  return await exportTiles(context, { store: aged.store, ledger, directory });
}

function filesIn(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return found.map((each) => path.relative(folder, path.join(each.parentPath, each.name))).sort();
}

test('a place that takes no files, or shows none, is said to be no target', async (t) => {
  const aged = new AgedProofs(t);
  await aged.record('2026-11-20', 'smoke');
  await aged.seal('2026-11-22');
  const file = `${temporaryFolder(t)}/file`;
  writeFileSync(file, '');
  const refused = { code: 'EXPORT_TARGET_INVALID', exitCode: 2 };
  await assert.rejects(take(aged, `${file}/log`), refused);
  const { files } = aged.at(NOW);
  const list = (): never => {
    throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  };
  const context = { ...aged.at(NOW), files: { ...files, list } };
  assert.throws(() => locateTarget(context, aged.store, temporaryFolder(t)), refused);
});
