import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commitMessage } from '../../../src/proof/publishing/message.ts';
import { compare, removalsOf, sortOf } from '../../../src/proof/publishing/plan.ts';

const PROOF = 'demo/2026/11/22/01M80K4KWV7Q2M9XC4W0RZ5T8A.json';
const NOTE = 'demo/2026/11/22/01M80K4KWV7Q2M9XC4W0RZ5T8A.note.txt';

function tip(files: Readonly<Record<string, string>>) {
  return { commit: 'c', files: new Map(Object.entries(files).map(([path, id]) => [path, { mode: '100644', id }])) };
}

test('a path has a sort by itself, and one that leads elsewhere has none', () => {
  assert.equal(sortOf(PROOF), 'immutable');
  assert.equal(sortOf(NOTE), 'immutable');
  assert.equal(sortOf('archive/demo/2026-07.jsonl.gz'), 'immutable');
  assert.equal(sortOf('ledger/entries/x001/000'), 'ledger');
  assert.equal(sortOf('healthz/api.txt'), 'view');
  assert.equal(sortOf('.gitattributes'), 'furnishing');
  for (const odd of [
    '',
    'code.txt',
    'ledger',
    'ledger/',
    'ledger/../../code.txt',
    'ledger/.hidden',
    'ledger//x',
    '../ledger/x',
    'healthz/../x',
    `${NOTE}\nx`,
    `${PROOF}.json`,
    'a/b/c',
    '.git/config',
    '.gitmodules',
  ])
    assert.equal(sortOf(odd), null, odd);
});

test('what is there is left alone, what is not goes, and what never changes is an offence where it differs', () => {
  const ids = new Map([
    [PROOF, '1'],
    [NOTE, '2'],
    ['healthz/api.txt', '3'],
    ['README.md', '4'],
    ['ledger/checkpoint', '5'],
    ['stranger.txt', '6'],
  ]);
  assert.deepEqual(compare(ids, tip({})), {
    fresh: [PROOF, NOTE, 'healthz/api.txt', 'README.md'],
    contested: [],
    ledger: ['ledger/checkpoint'],
    conflicts: [],
  });
  assert.deepEqual(compare(ids, tip(Object.fromEntries(ids))), { fresh: [], contested: [], ledger: [], conflicts: [] });
  const other = tip({ [PROOF]: '0', [NOTE]: '2', 'healthz/api.txt': '0', 'README.md': '0', 'ledger/checkpoint': '0' });
  assert.deepEqual(compare(ids, other), {
    fresh: [],
    contested: ['healthz/api.txt'],
    ledger: ['ledger/checkpoint'],
    conflicts: [PROOF],
  });
});

test('only sealed proofs that are no file here any more leave the branch, with their attachments', () => {
  const branch = tip({ [PROOF]: '1', [NOTE]: '2', 'healthz/api.txt': '3' });
  assert.deepEqual(removalsOf(new Map(), new Set(), branch), []);
  assert.deepEqual(removalsOf(new Map(), new Set([PROOF]), branch), [PROOF, NOTE]);
  assert.deepEqual(removalsOf(new Map([[NOTE, '2']]), new Set([PROOF]), branch), [PROOF]);
  assert.deepEqual(removalsOf(new Map([[PROOF, '1']]), new Set([PROOF]), branch), []);
});

test('a run id that would not stay in its line does not get into the commit', () => {
  const proof = { id: '01M80K4KWV7Q2M9XC4W0RZ5T8A', kind: 'demo', result: 'PASSED', sha256: 'ab' };
  const message = commitMessage([{ ...proof, runId: '1\nSigned-off-by: someone else' }], 'refs/heads/main');
  assert.equal(message, `[proof] demo ${proof.id} PASSED\n\nProof-Digest: sha256:ab\nRun-Id: ${proof.id}\nProof-Branch: refs/heads/main\n`);
});
