import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { pathOf } from '../../src/proof/path-law.ts';
import { recordRun } from '../../src/proof/recording/record.ts';
import { listProofs, locateStore, readBytes, resolveProof } from '../../src/proof/store.ts';
import { clockAt, contextFor } from '../fakes/context.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 10, 22, 22, 30);

test('proofs are listed newest first across kinds and days, by the form of their path', async (t) => {
  const context = contextFor(t, { clock: clockAt(START_MS, HOUR_MS / 2) });
  const made: string[] = [];
  for (const kind of ['smoke', 'demo', 'smoke']) {
    const { proof } = await recordRun(context, { kind, command: kind, argv: [] }, ({ record }) =>
      record.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' }),
    );
    made.push(proof!.id);
  }
  const store = locateStore(context);
  mkdirSync(`${store.proofs}/notes/x`, { recursive: true });
  writeFileSync(`${store.proofs}/smoke/x.json`, '{}');
  assert.deepEqual(
    [...listProofs(store)].map(({ id }) => id),
    made.toReversed(),
  );
  assert.deepEqual(
    [...listProofs(store, 'demo')].map(({ id }) => id),
    [made[1]],
  );
  assert.equal([...listProofs(store, 'other')].length, 0);
  assert.ok(readBytes(store, [...listProofs(store)][0]!));

  const [newest] = [...listProofs(store)];
  assert.deepEqual(resolveProof(store, 'latest'), newest);
  assert.equal(resolveProof(store, 'latest:demo').id, made[1]);
  assert.equal(resolveProof(store, made[0]!.toLowerCase()).id, made[0]);
  assert.deepEqual(resolveProof(store, `proofs/${newest!.path}`), newest);
  assert.deepEqual(resolveProof(store, `./proofs/${newest!.path}`), newest);
  assert.deepEqual(resolveProof(store, newest!.path), newest);
});

test('a reference that leads nowhere, or to several, is refused with a code', async (t) => {
  const context = contextFor(t, { clock: clockAt(START_MS) });
  const run = { kind: 'demo', command: 'demo', argv: [] };
  const { proof } = await recordRun(context, run, () => {});
  await recordRun(context, run, () => {});
  const store = locateStore(context);
  assert.throws(() => resolveProof(store, proof!.id.slice(0, 10)), { code: 'PROOF_AMBIGUOUS' });
  for (const reference of ['latest:smoke', '7ZZZ', '', 'proofs/demo/x.json', pathOf({ kind: 'smoke', id: proof!.id })]) {
    assert.throws(() => resolveProof(store, reference), { code: 'PROOF_NOT_FOUND' }, reference);
  }
});

test('a directory that is not there holds no proofs, and a file is no directory', (t) => {
  const context = contextFor(t);
  assert.deepEqual([...listProofs(locateStore(context, 'elsewhere'))], []);
  writeFileSync(`${context.directory}/file`, '');
  assert.throws(() => locateStore(context, 'file'), { code: 'NOT_A_DIRECTORY' });
});
