import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { suite, test, type TestContext } from 'node:test';
import type { Context } from '../../../src/context.ts';
import { compactProofs, type Compaction } from '../../../src/proof/archive/compact.ts';
import { findArchived, listArchives, readArchive } from '../../../src/proof/archive/listing.ts';
import { archivePathOf } from '../../../src/proof/archive/place.ts';
import { listProofs } from '../../../src/proof/store.ts';
import { AgedProofs, failingAt } from '../../fakes/aged-proofs.ts';
import { temporaryFolder } from '../../fakes/context.ts';

const DAY_MS = 86_400_000;
const NOW = '2026-11-23';

test('closed months of sealed proofs become an archive each, and their bytes come back', async (t) => {
  const aged = new AgedProofs(t);
  const old = [await aged.record('2026-07-03', 'smoke'), await aged.record('2026-07-30', 'smoke'), await aged.record('2026-07-30', 'demo')];
  const august = await aged.record('2026-08-25', 'smoke');
  await aged.seal('2026-08-26');
  const unsealed = await aged.record('2026-07-31', 'smoke');
  const before = new Map(old.map((path) => [path, bytesOf(aged, path)]));
  const { archives, removed, proofs, flaws } = await compact(aged);
  assert.deepEqual(flaws, []);
  assert.deepEqual(
    archives.map(({ path, proofs: count }) => [path, count]),
    [
      ['archive/smoke/2026-07.jsonl.gz', 2],
      ['archive/demo/2026-07.jsonl.gz', 1],
    ],
  );
  assert.deepEqual([removed, proofs.length], [3, 1]);
  for (const [path, bytes] of before) {
    assert.equal(aged.store.files.exists(`${aged.store.proofs}/${path}`), false, path);
    assert.deepEqual(Buffer.from(findArchived(aged.store, path)!.bytes), bytes);
  }
  for (const path of [august, unsealed])
    assert.equal(aged.store.files.exists(`${aged.store.proofs}/${path}`), true, 'open month, or not sealed');
  assert.equal(aged.store.files.exists(`${aged.store.proofs}/demo`), false, 'no empty folder is left');
});

test('nothing to put away changes no file', async (t) => {
  const aged = new AgedProofs(t);
  assert.deepEqual(await compact(aged), { flaws: [], archives: [], removed: 0, proofs: [] });
  await aged.record('2026-11-20', 'smoke');
  await aged.seal('2026-11-21');
  const before = aged.files();
  assert.deepEqual(await compact(aged), { flaws: [], archives: [], removed: 0, proofs: [] });
  assert.deepEqual(aged.files(), before);
});

test('a dry run says what would be, to the byte, and changes nothing', async (t) => {
  const aged = await sealedOld(t);
  const before = aged.files();
  const dry = await compact(aged, { isDryRun: true });
  assert.deepEqual(aged.files(), before);
  const real = await compact(aged);
  assert.deepEqual([dry.archives, dry.removed, dry.proofs], [real.archives, real.removed, []]);
});

test('what is sealed late goes into an archive of its own, and no archive is written twice', async (t) => {
  const aged = new AgedProofs(t);
  const late = await aged.record('2026-07-02', 'smoke');
  const arrive = aged.hold(late);
  await aged.record('2026-07-03', 'smoke');
  await aged.seal('2026-11-06');
  await compact(aged);
  const first = readFileSync(`${aged.store.proofs}/archive/smoke/2026-07.jsonl.gz`);
  arrive();
  await aged.seal(NOW);
  const { archives } = await compact(aged);
  assert.deepEqual(
    archives.map(({ path }) => path),
    ['archive/smoke/2026-07.2.jsonl.gz'],
  );
  assert.deepEqual(readFileSync(`${aged.store.proofs}/archive/smoke/2026-07.jsonl.gz`), first);
  assert.equal(findArchived(aged.store, late)?.archive, 'archive/smoke/2026-07.2.jsonl.gz');
});

test('the same proofs give the same archive', async (t) => {
  const aged = await sealedOld(t);
  const dry = await compact(aged, { isDryRun: true });
  assert.deepEqual((await compact(aged, { isDryRun: true })).archives, dry.archives);
});

test('attachments and views stay where they are', async (t) => {
  const aged = new AgedProofs(t);
  const path = await aged.record('2026-07-03', 'smoke', ({ record }) => {
    record.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' });
    record.attach('answer.body', Buffer.from('hello'), 'text/plain');
    record.view('healthz/api.txt', (proof) => `proof: ${proof}\nhealthy\n`);
  });
  await aged.seal('2026-07-04');
  await compact(aged);
  assert.equal(readFileSync(`${aged.store.proofs}/${path.replace('.json', '.answer.body')}`, 'utf8'), 'hello');
  assert.match(readFileSync(`${aged.store.proofs}/healthz/api.txt`, 'utf8'), /healthy/);
  assert.notEqual(findArchived(aged.store, path), null);
});

test('a proof that comes late is sealed although the newer owner of its view lies in an archive', async (t) => {
  const aged = new AgedProofs(t);
  const withView = ({ record }: Context): void => {
    record.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' });
    record.view('healthz/api.txt', (proof) => `proof: ${proof}\n`);
  };
  const arrive = aged.hold(await aged.record('2026-07-02', 'smoke', withView));
  await aged.record('2026-07-05', 'smoke', withView);
  await aged.seal('2026-11-06');
  assert.equal((await compact(aged)).removed, 1);
  arrive();
  const { flaws, sealed } = await aged.seal(NOW);
  assert.deepEqual([flaws, sealed], [[], 2], 'the late one, and the compact proof');
});

test('seal proofs are put away too, but never the last one, nor those that say where the others are', async (t) => {
  const aged = new AgedProofs(t);
  await aged.record('2026-06-01', 'smoke');
  await aged.seal('2026-06-02');
  await aged.record('2026-07-01', 'smoke');
  await aged.seal('2026-07-02');
  await compact(aged, { now: '2026-11-01' });
  await aged.seal('2026-11-02');
  const { archives } = await compact(aged, { now: '2027-06-01' });
  assert.deepEqual(
    [...listArchives(aged.store)].map(archivePathOf).sort(),
    [
      'archive/seal/2026-06.jsonl.gz',
      'archive/seal/2026-07.jsonl.gz',
      'archive/smoke/2026-06.jsonl.gz',
      'archive/smoke/2026-07.jsonl.gz',
    ].sort(),
  );
  assert.deepEqual(
    archives.map(({ path }) => path),
    ['archive/seal/2026-07.jsonl.gz'],
  );
  assert.equal([...listProofs(aged.store, 'seal')].filter(({ archived }) => archived === null).length, 1);
});

suite('nothing at all is changed where something does not hold', () => {
  const cases: Readonly<Record<string, readonly [(aged: AgedProofs, path: string) => void, string]>> = {
    'a sealed proof that was changed': [(aged, path) => edit(aged, path, '"pass"', '"warn"'), 'tampered'],
    'an entry with another leaf': [
      (aged) => edit(aged, 'ledger/entries/000', /^0 [0-9a-f]{2}/, text(aged, 'ledger/entries/000').startsWith('0 ff') ? '0 00' : '0 ff'),
      'ledger-tampered',
    ],
    'a checkpoint with another root': [(aged) => edit(aged, 'ledger/checkpoint', '\n4\n', '\n3\n'), 'ledger-tampered'],
  };
  for (const [name, [tamper, check]] of Object.entries(cases)) {
    test(name, async (t) => {
      const aged = await sealedOld(t);
      tamper(aged, [...listProofs(aged.store, 'smoke')][0]!.path);
      const before = aged.files();
      const { flaws } = await compact(aged);
      assert.ok(
        flaws.some((flaw) => flaw.check === check),
        JSON.stringify(flaws),
      );
      assert.deepEqual(aged.files(), before);
    });
  }

  test('an archive of the same month that was changed', async (t) => {
    const aged = new AgedProofs(t);
    const arrive = aged.hold(await aged.record('2026-07-02', 'smoke'));
    await aged.record('2026-07-03', 'smoke');
    await aged.seal('2026-11-06');
    await compact(aged);
    arrive();
    await aged.seal(NOW);
    const file = `${aged.store.proofs}/archive/smoke/2026-07.jsonl.gz`;
    const bytes = readFileSync(file);
    bytes[20]! ^= 1;
    writeFileSync(file, bytes);
    const before = aged.files();
    assert.deepEqual(
      (await compact(aged)).flaws.map(({ check }) => check),
      ['archive-tampered'],
    );
    assert.deepEqual(aged.files(), before);
  });
});

test('an archive folder that leads elsewhere is not followed', async (t) => {
  const aged = await sealedOld(t);
  const elsewhere = temporaryFolder(t);
  symlinkSync(elsewhere, `${aged.store.proofs}/archive`);
  const before = aged.files();
  await assert.rejects(compact(aged), { code: 'ARCHIVE_NOT_WRITTEN' });
  assert.deepEqual(aged.files(), before);
  assert.deepEqual(readdirSync(elsewhere), []);
});

test('an archive that nobody made here is not taken over, and its name not used', async (t) => {
  const aged = await sealedOld(t);
  aged.store.files.makeDirectory(`${aged.store.proofs}/archive/smoke`);
  writeFileSync(`${aged.store.proofs}/archive/smoke/2026-07.jsonl.gz`, 'not ours');
  const { archives } = await compact(aged);
  assert.deepEqual(
    archives.map(({ path }) => path),
    ['archive/smoke/2026-07.2.jsonl.gz', 'archive/demo/2026-07.jsonl.gz'],
  );
});

test('cut off after any write, nothing is lost, and the next run finishes', async (t) => {
  for (let nth = 1; ; nth += 1) {
    const aged = await sealedOld(t);
    const paths = [...listProofs(aged.store)].map(({ path }) => path);
    const context = aged.at(NOW);
    const cut = await compact(aged, { context: { ...context, files: failingAt(context.files, nth) } }).then(
      () => false,
      () => true,
    );
    const all = (): string[] => [...listProofs(aged.store)].map(({ path }) => path).filter((path) => paths.includes(path));
    assert.deepEqual(all(), paths, `after write ${nth} every proof is still there`);
    await compact(aged);
    assert.deepEqual(all(), paths, `after write ${nth} and another run as well`);
    const archives = listArchives(aged.store);
    assert.equal(archives.flatMap((place) => readArchive(aged.store, place)).length, 3, 'each proof is in one archive');
    assert.equal(
      [...listProofs(aged.store)].filter(({ kind, archived }) => kind !== 'compact' && kind !== 'seal' && archived === null).length,
      0,
    );
    if (!cut) {
      assert.ok(nth > 8, `only ${nth} writes were tried`);
      return;
    }
  }
});

test('what cannot be removed is said; it is archived all the same, and the next run removes it', async (t) => {
  const aged = await sealedOld(t);
  const context = aged.at(NOW);
  const refuse = (path: string): void => {
    if (path.endsWith('.json')) throw new Error('EACCES: permission denied');
    context.files.remove(path);
  };
  const stubborn = { ...context, files: { ...context.files, remove: refuse } };
  await assert.rejects(compact(aged, { context: stubborn }), { code: 'PROOF_NOT_REMOVED' });
  const { archives, removed } = await compact(aged);
  assert.deepEqual([archives, removed], [[], 3]);
});

interface Wishes {
  readonly isDryRun?: boolean;
  readonly now?: string;
  readonly context?: Context;
}

async function compact(aged: AgedProofs, { isDryRun = false, now = NOW, context = aged.at(now) }: Wishes = {}): Promise<Compaction> {
  const store = { ...aged.store, files: context.files };
  return await compactProofs(context, { store, olderThanMs: 90 * DAY_MS, isDryRun, run: { command: 'proofs compact', argv: [] } });
}

/** Three proofs of July, of two kinds, sealed. */
async function sealedOld(t: TestContext): Promise<AgedProofs> {
  const aged = new AgedProofs(t);
  await aged.record('2026-07-03', 'smoke');
  await aged.record('2026-07-04', 'smoke');
  await aged.record('2026-07-05', 'demo');
  await aged.seal('2026-11-06');
  return aged;
}

function text({ store }: AgedProofs, path: string): string {
  return readFileSync(`${store.proofs}/${path}`, 'utf8');
}

function bytesOf({ store }: AgedProofs, path: string): Buffer {
  return readFileSync(`${store.proofs}/${path}`);
}

function edit({ store }: AgedProofs, path: string, from: string | RegExp, to: string): void {
  const file = `${store.proofs}/${path}`;
  const text = readFileSync(file, 'utf8');
  rmSync(file);
  writeFileSync(file, text.replace(from, to));
  assert.notEqual(readFileSync(file, 'utf8'), text, 'the test changes something');
}
