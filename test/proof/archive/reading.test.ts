import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { suite, test, type TestContext } from 'node:test';
import type { ArchiveClaim } from '../../../src/proof/archive/claims.ts';
import type { ArchivedProof, ArchiveFlaw } from '../../../src/proof/archive/opening.ts';
import { pack } from '../../../src/proof/archive/packing.ts';
import { readArchives } from '../../../src/proof/archive/reading.ts';
import { serializeCompact } from '../../../src/proof/canonical.ts';
import { sha256Of } from '../../../src/proof/digest.ts';
import { toJson } from '../../../src/proof/plain.ts';
import { openProofs } from '../../../src/proof/tree.ts';
import { contextFor } from '../../fakes/context.ts';
import { sampleStatement } from '../../fakes/statement.ts';

const ARCHIVE = 'archive/smoke/2026-11.jsonl.gz';
const PROOF = 'smoke/2026/11/22/01M80K4KWV7Q2M9XC4W0RZ5T8A.json';
const PACKED = pack(Buffer.from(`${serializeCompact(toJson(sampleStatement))}\n`));
const CLAIM: ArchiveClaim = { path: ARCHIVE, sha256: sha256Of(PACKED), sizeBytes: PACKED.length, proofs: 1, claimedBy: 'compact/x.json' };

test('an archive with the digest that its proof has gives its proofs', async (t) => {
  const { proofs, flaws } = await read(t, { [ARCHIVE]: PACKED }, [CLAIM]);
  assert.deepEqual([proofs.map(({ path, archive }) => [path, archive]), flaws], [[[PROOF, ARCHIVE]], []]);
});

suite('what is not so is named, and the rest is read', () => {
  const changed = Buffer.from(PACKED);
  changed[40]! ^= 1;
  const cases: Readonly<
    Record<string, readonly [Readonly<Record<string, Uint8Array>>, readonly ArchiveClaim[], readonly string[], number]>
  > = {
    'an archive that nobody vouches for': [{ [ARCHIVE]: PACKED }, [], [`foreign ${ARCHIVE}`], 0],
    'a file that is no archive': [
      { 'archive/smoke/notes.txt': PACKED, 'archive/x': PACKED },
      [],
      ['foreign archive/smoke/notes.txt', 'foreign archive/x'],
      0,
    ],
    'an archive that is gone': [{}, [CLAIM], [`missing ${ARCHIVE}`], 0],
    'a changed byte': [{ [ARCHIVE]: changed }, [CLAIM], [`archive-tampered ${ARCHIVE}`], 0],
    'other proofs in the right form': [{ [ARCHIVE]: pack(Buffer.alloc(0)) }, [CLAIM], [`archive-tampered ${ARCHIVE}`], 0],
    'a byte behind the end': [{ [ARCHIVE]: Buffer.concat([PACKED, Buffer.of(0)]) }, [CLAIM], [`archive-tampered ${ARCHIVE}`], 0],
    'a name that is not its own': [
      { 'archive/demo/2026-11.jsonl.gz': PACKED },
      [{ ...CLAIM, path: 'archive/demo/2026-11.jsonl.gz' }],
      ['archive-tampered archive/demo/2026-11.jsonl.gz'],
      0,
    ],
    'another number of proofs than was said': [{ [ARCHIVE]: PACKED }, [{ ...CLAIM, proofs: 2 }], [`archive-tampered ${ARCHIVE}`], 1],
    'two proofs that vouch for different bytes': [
      { [ARCHIVE]: PACKED },
      [CLAIM, { ...CLAIM, sha256: '0'.repeat(64), claimedBy: 'compact/y.json' }],
      [`archive-tampered ${ARCHIVE}`],
      1,
    ],
  };
  for (const [name, [files, claims, expected, count]] of Object.entries(cases)) {
    test(name, async (t) => {
      const { proofs, flaws } = await read(t, files, claims);
      assert.deepEqual([...new Set(flaws.map(({ check, path }) => `${check} ${path}`))].sort(), expected);
      assert.equal(proofs.length, count);
    });
  }

  test('a link to an archive', async (t) => {
    const { proofs, flaws } = await read(t, {}, [CLAIM], (folder) => {
      writeFileSync(`${folder}/elsewhere`, PACKED);
      mkdirSync(`${folder}/proofs/archive/smoke`, { recursive: true });
      symlinkSync(`${folder}/elsewhere`, `${folder}/proofs/${ARCHIVE}`);
    });
    assert.deepEqual([proofs, flaws.map(({ check }) => check)], [[], ['foreign']]);
  });

  test('a file of 300 MB, which is not opened', async (t) => {
    const { flaws } = await read(t, { [ARCHIVE]: PACKED }, [CLAIM], (folder) => truncateSync(`${folder}/proofs/${ARCHIVE}`, 300_000_000));
    assert.match(flaws[0]!.reason, /at most/);
  });

  test('a file that is gone between looking and reading', async (t) => {
    const context = contextFor(t);
    const proofs = `${context.directory}/proofs`;
    write(proofs, { [ARCHIVE]: PACKED });
    const tree = openProofs(context, { proofs, name: 'proofs' });
    const found = [...tree.walk()];
    rmSync(`${proofs}/${ARCHIVE}`);
    const batches = await Array.fromAsync(readArchives({ tree, found, claims: [CLAIM], pruned: [] }));
    assert.deepEqual(
      batches.flatMap(({ flaws }) => flaws.map(({ check }) => check)),
      ['missing'],
    );
  });
});

test('an archive that was pruned need not be there; another of that name must', async (t) => {
  const pruned = [{ path: ARCHIVE, sha256: CLAIM.sha256, prunedBy: 'prune/x.json' }];
  assert.deepEqual((await read(t, {}, [CLAIM], () => {}, pruned)).flaws, []);
  const other = [{ ...pruned[0]!, sha256: '0'.repeat(64) }];
  assert.deepEqual(
    (await read(t, {}, [CLAIM], () => {}, other)).flaws.map(({ check }) => check),
    ['missing'],
  );
});

async function read(
  t: TestContext,
  files: Readonly<Record<string, Uint8Array>>,
  claims: readonly ArchiveClaim[],
  prepare: (folder: string) => void = () => {},
  pruned: Parameters<typeof readArchives>[0]['pruned'] = [],
): Promise<{ readonly proofs: readonly ArchivedProof[]; readonly flaws: readonly ArchiveFlaw[] }> {
  const context = contextFor(t);
  const proofs = `${context.directory}/proofs`;
  write(proofs, files);
  prepare(context.directory);
  const tree = openProofs(context, { proofs, name: 'proofs' });
  const found = [...tree.walk()].filter(({ path }) => path.startsWith('archive/'));
  const batches = await Array.fromAsync(readArchives({ tree, found, claims, pruned }));
  return { proofs: batches.flatMap((batch) => batch.proofs), flaws: batches.flatMap((batch) => batch.flaws) };
}

function write(proofs: string, files: Readonly<Record<string, Uint8Array>>): void {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(`${proofs}/${path.slice(0, path.lastIndexOf('/'))}`, { recursive: true });
    writeFileSync(`${proofs}/${path}`, bytes);
    assert.equal(readFileSync(`${proofs}/${path}`).length, bytes.length);
  }
}
