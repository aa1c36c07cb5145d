import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { toRoot, writeCheckpoint } from '../../../src/proof/ledger/checkpoint.ts';
import { entryFileOf, leafOf, writeEntries, type Entry } from '../../../src/proof/ledger/entries.ts';
import { readLedger, rootOfEntries, type Ledger } from '../../../src/proof/ledger/ledger.ts';
import { rootOf } from '../../../src/proof/ledger/merkle.ts';
import { openProofs } from '../../../src/proof/tree.ts';
import { contextFor } from '../../fakes/context.ts';

const ENTRIES: readonly Entry[] = Array.from({ length: 600 }, (_, index) => ({
  index,
  leaf: index.toString(16).padStart(64, '0'),
  path: `smoke/2026/11/22/01M80K4KWV7Q2M9XC4W0RZ${String(index).padStart(4, '0')}.json`,
}));

/** Writes a ledger of the first `size` entries, whose files have the first `written`, and what else is asked for; reads it back. */
async function read(
  t: TestContext,
  { size, written = size ?? 0, files = {} }: { size: number | null; written?: number; files?: Readonly<Record<string, string | null>> },
): Promise<Ledger> {
  const context = contextFor(t);
  const proofs = `${context.directory}/proofs`;
  const content: Record<string, string | null> = {};
  for (let number = 0; number * 256 < written; number += 1)
    content[entryFileOf(number)] = writeEntries(ENTRIES.slice(number * 256, Math.min(written, (number + 1) * 256)));
  if (size !== null)
    content['ledger/checkpoint'] = writeCheckpoint({
      origin: 'example.com/proofs',
      size,
      root: rootOfEntries(ENTRIES.slice(0, size)),
      signatures: [],
    });
  for (const [name, text] of Object.entries({ ...content, ...files })) {
    if (text === null) continue;
    mkdirSync(path.dirname(`${proofs}/${name}`), { recursive: true });
    writeFileSync(`${proofs}/${name}`, text);
  }
  return await readLedger(openProofs(context, { proofs, name: 'proofs' }));
}

function told({ flaws }: Ledger): readonly string[] {
  return flaws.map(({ check, path: file }) => `${check} ${file}`);
}

test('a ledger is read whole, whatever its size', async (t) => {
  for (const size of [0, 1, 255, 256, 257, 512, 600]) {
    const ledger = await read(t, { size });
    assert.deepEqual([ledger.flaws, ledger.tail, ledger.entries.length], [[], [], size]);
    assert.equal(ledger.root, toRoot(rootOf(ENTRIES.slice(0, size).map(leafOf))));
    assert.equal(ledger.root, ledger.checkpoint?.root);
    assert.equal(ledger.files.size, 1 + Math.ceil(size / 256));
  }
});

test('without a ledger there is nothing, and entries without a checkpoint cover nothing', async (t) => {
  const absent = await read(t, { size: null, written: 0 });
  assert.deepEqual([absent.isPresent, absent.flaws, absent.checkpoint], [false, [], null]);
  const headless = await read(t, { size: null, written: 300 });
  assert.deepEqual([headless.isPresent, headless.entries.length, headless.tail.length], [true, 0, 300]);
  assert.deepEqual(told(headless), ['ledger-missing ledger/checkpoint']);
});

test('entries beyond the checkpoint are told apart, in the same file and in later ones', async (t) => {
  const ledger = await read(t, { size: 200, written: 600 });
  assert.deepEqual([ledger.flaws, ledger.entries.length, ledger.tail.length, ledger.files.size], [[], 200, 400, 4]);
  assert.equal(ledger.root, ledger.checkpoint?.root);
});

test('what is missing is named, and the rest is read', async (t) => {
  const short = await read(t, { size: 300, written: 290 });
  assert.deepEqual([told(short), short.root, short.entries.length], [['ledger-tampered ledger/entries/001'], null, 290]);
  const hole = await read(t, { size: 600, files: { 'ledger/entries/001': null } });
  assert.deepEqual([told(hole), hole.root, hole.entries.length], [['ledger-tampered ledger/entries/001'], null, 344]);
  const empty = await read(t, { size: 300, files: { 'ledger/entries/000': '' } });
  assert.deepEqual(new Set(told(empty)), new Set(['ledger-tampered ledger/entries/000']));
  assert.deepEqual([empty.root, empty.entries.length], [null, 44]);
});

test('a checkpoint that claims a size beyond all measure does not keep anyone busy', async (t) => {
  const claim = writeCheckpoint({ origin: 'x', size: Number.MAX_SAFE_INTEGER, root: rootOfEntries([]), signatures: [] });
  const ledger = await read(t, { size: 2, files: { 'ledger/checkpoint': claim } });
  assert.ok(ledger.flaws.length > 0 && ledger.flaws.length < 40);
  assert.equal(ledger.root, null);
});

test('files that are far too large, and links, are named and not read', async (t) => {
  const large = await read(t, { size: 2, files: { 'ledger/entries/000': 'x'.repeat(100_000) } });
  assert.deepEqual(told(large), ['ledger-tampered ledger/entries/000']);
  const context = contextFor(t);
  mkdirSync(`${context.directory}/proofs/ledger`, { recursive: true });
  writeFileSync(`${context.directory}/c`, writeCheckpoint({ origin: 'x', size: 0, root: rootOfEntries([]), signatures: [] }));
  symlinkSync('../../c', `${context.directory}/proofs/ledger/checkpoint`);
  const linked = await readLedger(openProofs(context, { proofs: `${context.directory}/proofs`, name: 'proofs' }));
  assert.deepEqual([told(linked), linked.checkpoint], [['ledger-tampered ledger/checkpoint'], null]);
});
