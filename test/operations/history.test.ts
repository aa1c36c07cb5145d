import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { readHistory, type ReadHistory } from '../../src/operations/history.ts';
import { AgedProofs } from '../fakes/aged-proofs.ts';
import { clockAt } from '../fakes/context.ts';
import { compactProofs } from '../../src/proof/archive/compact.ts';

suite('the history of a kind', () => {
  test('has its runs, oldest first, from the moment that was asked for', async (t) => {
    const proofs = new AgedProofs(t);
    await proofs.record('2026-11-01', 'smoke');
    const second = await proofs.record('2026-11-02', 'smoke');
    await proofs.record('2026-11-02', 'deployment');
    const third = await proofs.record('2026-11-03', 'smoke', ({ record }) => {
      record.find({ check: 'c', target: 't', verdict: 'fail', reason: 'r' });
      record.data({ samples: [] });
    });
    const { runs, broken, bytes } = await read(proofs, '2026-11-02');
    assert.deepEqual(
      runs.map(({ path, result }) => [path, result]),
      [
        [second, 'PASSED'],
        [third, 'FAILED'],
      ],
    );
    assert.deepEqual(runs[1]?.data, { samples: [] });
    assert.deepEqual(broken, []);
    assert.deepEqual([...bytes.keys()].sort(), [second, third].sort());
  });

  test('of a directory without proofs is empty', async (t) => {
    assert.deepEqual(await read(new AgedProofs(t), '2026-11-01'), { runs: [], broken: [], bytes: new Map() });
  });

  test('leaves out a run that a newer proof of any kind revokes or supersedes', async (t) => {
    const proofs = new AgedProofs(t);
    const revoked = await proofs.record('2026-11-01', 'smoke');
    const superseded = await proofs.record('2026-11-02', 'smoke');
    await proofs.record('2026-11-03', 'note', ({ record }) => {
      record.link('revokes', revoked);
      record.link('supersedes', superseded);
    });
    assert.deepEqual((await read(proofs, '2026-11-01')).runs, []);
  });

  test('names a run that was altered', async (t) => {
    const proofs = new AgedProofs(t);
    const altered = await proofs.record('2026-11-01', 'smoke');
    const file = `${proofs.store.proofs}/${altered}`;
    writeFileSync(file, proofs.store.files.readText(file).replace('"result": "PASSED"', '"result": "FAILED"'));
    const { runs, broken } = await read(proofs, '2026-11-01');
    assert.deepEqual(runs, []);
    assert.deepEqual(
      broken.map(({ path }) => path),
      [altered],
    );
  });

  test('names a run that was changed in good style after it was sealed', async (t) => {
    const proofs = new AgedProofs(t);
    const sealed = await proofs.record('2026-11-01', 'smoke');
    await proofs.seal('2026-11-02');
    const file = `${proofs.store.proofs}/${sealed}`;
    writeFileSync(file, proofs.store.files.readText(file).replace('"durationMs": ', '"durationMs": 1'));
    const { broken } = await read(proofs, '2026-11-01');
    assert.match(broken[0]?.reason ?? '', /not what was sealed/);
  });

  test('names a run that was deleted after it was sealed, and forgets one that was not', async (t) => {
    const proofs = new AgedProofs(t);
    const sealed = await proofs.record('2026-11-01', 'smoke');
    await proofs.seal('2026-11-02');
    const unsealed = await proofs.record('2026-11-03', 'smoke');
    proofs.hold(sealed);
    proofs.hold(unsealed);
    const { runs, broken } = await read(proofs, '2026-11-01');
    assert.deepEqual(runs, []);
    assert.deepEqual(broken, [{ path: sealed, reason: 'the ledger has it, and it is gone' }]);
    assert.deepEqual((await read(proofs, '2026-11-02')).broken, []);
  });

  test('names a run that a view tells of and that is gone, sealed or not', async (t) => {
    const proofs = new AgedProofs(t);
    const gone = await proofs.record('2026-11-01', 'smoke', ({ record }) => {
      record.find({ check: 'c', target: 't', verdict: 'fail', reason: 'r' });
      record.view('healthz/t.txt', (path) => `verdict: fail\nproof: ${path}\n`);
    });
    assert.deepEqual((await read(proofs, '2026-11-01')).broken, []);
    proofs.hold(gone);
    assert.deepEqual((await read(proofs, '2026-11-01')).broken, [{ path: gone, reason: 'a view names it, and it is gone' }]);
    assert.deepEqual((await read(proofs, '2026-11-02')).broken, []);
  });

  test('names the ledger where a run has seen a larger one', async (t) => {
    const proofs = new AgedProofs(t);
    await proofs.record('2026-11-01', 'smoke');
    await proofs.seal('2026-11-02');
    await proofs.record('2026-11-03', 'smoke');
    rmSync(`${proofs.store.proofs}/ledger`, { recursive: true });
    const { runs, broken } = await read(proofs, '2026-11-01');
    assert.equal(runs.length, 2);
    assert.deepEqual(broken, [{ path: 'ledger/checkpoint', reason: 'a run saw 2 entries, and there are 0' }]);
  });

  test('reads runs out of archives', async (t) => {
    const proofs = new AgedProofs(t);
    const old = await proofs.record('2026-01-05', 'smoke');
    await proofs.seal('2026-01-06');
    const { archives } = await compactProofs(proofs.at('2026-11-01'), {
      store: proofs.store,
      olderThanMs: 90 * 86_400_000,
      isDryRun: false,
      run: { command: 'proofs compact', argv: [] },
    });
    assert.ok(archives.length > 0);
    const { runs, broken } = await read(proofs, '2026-01-01');
    assert.deepEqual(broken, []);
    assert.deepEqual(
      runs.map(({ path }) => path),
      [old],
    );
  });

  test('stops where the run is stopped', async (t) => {
    const proofs = new AgedProofs(t);
    const first = await proofs.record('2026-11-01', 'smoke');
    for (let number = 0; number < 300; number += 1) proofs.copy(first, number);
    const context = { ...proofs.at('2026-11-02'), signal: AbortSignal.abort(new Error('stopped')) };
    await assert.rejects(readHistory(context, 'smoke', 0), /stopped/);
  });
});

async function read(proofs: AgedProofs, day: string): Promise<ReadHistory> {
  const context = proofs.at('2026-11-23');
  return await readHistory({ ...context, clock: { ...context.clock, ...clockAt(Date.parse('2026-11-23')) } }, 'smoke', Date.parse(day));
}
