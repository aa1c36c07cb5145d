import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SophiaError } from '../../../src/errors.ts';
import { readConsistency, readInclusion } from '../../../src/proof/ledger/log-input.ts';
import { holdsConsistency, holdsInclusion } from '../../../src/proof/ledger/merkle.ts';
import { PROOF, ROOT1, ROOT8 } from '../../contracts/log-check.ts';

const INCLUSION = { leafIdx: 0, treeSize: 8, root: ROOT8, leafHash: ROOT1, proof: PROOF, desc: 'happy path', wantErr: false };
const CONSISTENCY = { size1: 1, size2: 8, root1: ROOT1, root2: ROOT8, proof: PROOF, desc: 'happy path', wantErr: false };

function inclusion(json: unknown): boolean {
  return holdsInclusion(readInclusion('f', Buffer.from(typeof json === 'string' ? json : JSON.stringify(json))));
}

function consistency(json: unknown): boolean {
  return holdsConsistency(readConsistency('f', Buffer.from(typeof json === 'string' ? json : JSON.stringify(json))));
}

function assertRefused(text: string | Uint8Array, problem: RegExp): void {
  assert.throws(
    () => readInclusion('f', Buffer.from(text)),
    (error) => error instanceof SophiaError && error.code === 'JSON_REFUSED' && error.exitCode === 2 && problem.test(error.message),
    String(problem),
  );
}

test('public vectors hold, also with a null for no hashes and fields nobody asked for', () => {
  assert.ok(inclusion(INCLUSION));
  assert.ok(inclusion({ ...INCLUSION, treeSize: 1, root: ROOT1, proof: null }));
  assert.ok(consistency(CONSISTENCY));
  assert.ok(consistency({ ...CONSISTENCY, size2: 1, root2: ROOT1, proof: null }));
});

test('what does not hold is no error: wrong lengths, hashes that are missing, sizes beyond 2^53', () => {
  for (const change of [
    { leafIdx: 1 },
    { treeSize: 4 },
    { treeSize: 0 },
    { root: '' },
    { leafHash: 'AAAA' },
    { proof: [] },
    { proof: null },
    { proof: [...PROOF, ''] },
    { proof: ['', ...PROOF] },
  ])
    assert.equal(inclusion({ ...INCLUSION, ...change }), false, JSON.stringify(change));
  for (const size of ['9007199254740992', '9007199254740993', '18446744073709551615', '9'.repeat(400)]) {
    assert.equal(inclusion(JSON.stringify(INCLUSION).replace('"treeSize":8', `"treeSize":${size}`)), false, size);
    assert.equal(inclusion(JSON.stringify(INCLUSION).replace('"leafIdx":0', `"leafIdx":${size}`)), false, size);
  }
  assert.equal(consistency({ ...CONSISTENCY, size1: 0 }), false);
  assert.equal(consistency({ ...CONSISTENCY, root1: ROOT8, root2: ROOT1 }), false);
});

test('what is not of the form is refused', () => {
  const text = JSON.stringify(INCLUSION);
  assertRefused('', /JSON/);
  assertRefused('[]', /not a JSON object/);
  assertRefused('null', /not a JSON object/);
  assertRefused('{}', /leafIdx is missing/);
  assertRefused(`${text} x`, /JSON/);
  assertRefused(text.replace('"leafIdx":0', '"leafIdx":-1'), /leafIdx/);
  assertRefused(text.replace('"leafIdx":0', '"leafIdx":-0'), /leafIdx/);
  assertRefused(text.replace('"leafIdx":0', '"leafIdx":0.0'), /leafIdx/);
  assertRefused(text.replace('"leafIdx":0', '"leafIdx":1e0'), /leafIdx/);
  assertRefused(text.replace('"leafIdx":0', '"leafIdx":"0"'), /leafIdx/);
  assertRefused(text.replace('"leafIdx":0', '"leafIdx":0,"leafIdx":0'), /twice/);
  assertRefused(text.replace('"leafIdx":0', String.raw`"leafIdx":0,"leaf\u0049dx":0`), /twice/);
  assertRefused(text.replace(ROOT8, ROOT8.replace('yg=', 'yh=')), /root is not base64/);
  assertRefused(text.replace(ROOT8, ROOT8.slice(0, -1)), /root is not base64/);
  assertRefused(text.replace(`"${ROOT8}"`, 'null'), /root is not base64/);
  assertRefused(text.replace(PROOF[1]!, '*'), /proof\[1\]/);
  assertRefused(text.replace(/"proof":\[[^\]]*\]/, '"proof":"x"'), /proof is not a list/);
  assertRefused(Buffer.from([0x7b, 0xff, 0x7d]), /UTF-8/);
  assertRefused(`\uFEFF${text}`, /byte order mark/);
  assertRefused('['.repeat(100_000), /./);
  assertRefused(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /./);
});

test('a name inside of a text is no second key', () => {
  assert.ok(inclusion({ ...INCLUSION, desc: '"leafIdx": 1, "root": "x"' }));
  assert.ok(inclusion({ ...INCLUSION, __proto__: null, desc: String.raw`\"root\":` }));
});
