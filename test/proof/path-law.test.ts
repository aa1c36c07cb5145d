import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SophiaError } from '../../src/errors.ts';
import {
  assertRunKind,
  attachmentPathOf,
  isAttachmentName,
  isAttachmentOf,
  isViewPath,
  pathOf,
  placeOf,
  proofBeside,
} from '../../src/proof/path-law.ts';

const ID = '01M80K4KWV7Q2M9XC4W0RZ5T8A';
const PATH = `smoke/2026/11/22/${ID}.json`;

test('the path of a proof follows from its kind and id, and leads back to them', () => {
  assert.equal(pathOf({ kind: 'smoke', id: ID }), PATH);
  assert.deepEqual(placeOf(PATH), { kind: 'smoke', id: ID });
});

test('what only resembles the path of a proof is none', () => {
  const others = [
    `Smoke/2026/11/22/${ID}.json`,
    `9smoke/2026/11/22/${ID}.json`,
    `${'a'.repeat(33)}/2026/11/22/${ID}.json`,
    `smoke/2026/11/${ID}.json`,
    `smoke/2026/11/22/${ID.toLowerCase()}.json`,
    `smoke/2026/11/22/8${ID.slice(1)}.json`,
    `smoke/2026/11/22/${ID.slice(1)}.json`,
    `smoke/2026/11/22/${ID}.json\n`,
    `smoke/2026/11/22/${ID}.body.json`,
    `ledger/2026/11/22/${ID}.json`,
    `archive/2026/11/22/${ID}.json`,
    `../smoke/2026/11/22/${ID}.json`,
  ];
  for (const path of others) assert.equal(placeOf(path), null, path);
});

test('an attachment lies beside its proof under a plain name', () => {
  const path = attachmentPathOf(PATH, 'stdout.log.gz');
  assert.equal(path, `smoke/2026/11/22/${ID}.stdout.log.gz`);
  assert.ok(isAttachmentOf(PATH, path));
  assert.equal(proofBeside(path), PATH);
  assert.equal(proofBeside(PATH), null);
  assert.ok(!isAttachmentOf(PATH, path.replace('22/', '23/')));
  for (const name of ['a.json', 'A.txt', '.hidden', 'a/b', '', 'ü.txt', 'a'.repeat(65)]) assert.ok(!isAttachmentName(name), name);
});

test('a view lies in one folder that is not of the ledger', () => {
  for (const path of ['healthz/mcp-repo.txt', 'metrics/api_20261122.json', 'context_index/payload.json']) assert.ok(isViewPath(path), path);
  for (const path of ['latest.json', 'a/b/c.txt', '../a.txt', 'a/../b', 'ledger/checkpoint', 'archive/x', 'a/.b', '/a/b', 'a/', 'a/b c'])
    assert.ok(!isViewPath(path), path);
});

test('a run can choose neither a reserved kind nor one that is no word', () => {
  assertRunKind('context_index');
  for (const kind of ['seal', 'compact', 'prune', 'ledger', 'archive', '', 'Smoke', 'a-b', '1a', 'a/b', 'a'.repeat(33)]) {
    assert.throws(
      () => assertRunKind(kind),
      (error) => error instanceof SophiaError && error.code === 'PROOF_KIND_INVALID',
      kind,
    );
  }
});
