import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { isOrigin, lastCheckpoint, parseCheckpoint, writeCheckpoint } from '../../../src/proof/ledger/checkpoint.ts';
import { contextFor } from '../../fakes/context.ts';

const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
const TEXT = `example.com/proofs\n42\n${ROOT}\n\n`;

test('a checkpoint is read and written to the byte, signed and unsigned', () => {
  for (const text of [TEXT, `${TEXT}— example.com/proofs AAAAAAE=\n— witness AAAAAQE=\n`]) {
    const read = parseCheckpoint(Buffer.from(text));
    assert.ok(read.ok);
    assert.deepEqual([read.value.origin, read.value.size, read.value.root], ['example.com/proofs', 42, ROOT]);
    assert.equal(writeCheckpoint(read.value), text);
  }
});

test('each byte of a checkpoint that is changed is another checkpoint, or none', () => {
  const bytes = Buffer.from(TEXT);
  for (let at = 0; at < bytes.length; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1 << bit;
      const read = parseCheckpoint(changed);
      if (read.ok) assert.notEqual(`${read.value.origin} ${read.value.size} ${read.value.root}`, `example.com/proofs 42 ${ROOT}`);
    }
  }
});

test('what is malformed is refused', () => {
  const vectors = {
    'spare bits': TEXT.replace('q2I=', 'q2J='),
    'leading zero': TEXT.replace('\n42\n', '\n042\n'),
    negative: TEXT.replace('\n42\n', '\n-42\n'),
    'beyond 2^53': TEXT.replace('\n42\n', '\n9007199254740993\n'),
    huge: TEXT.replace('\n42\n', '\n99999999999999999999\n'),
    'no size': TEXT.replace('42\n', ''),
    'an extension line': TEXT.replace('\n\n', '\nmore\n\n'),
    'no empty line': TEXT.slice(0, -1),
    'another line behind it': `${TEXT}\n`,
    'a short root': TEXT.replace(ROOT, 'AAAA'),
    'line ends of Windows': TEXT.replaceAll('\n', '\r\n'),
    'no origin': TEXT.replace('example.com/proofs', ''),
    'a space in the origin': TEXT.replace('example.com', 'example com'),
    'a plus in the origin': TEXT.replace('example.com', 'example+com'),
    nothing: '',
  };
  for (const [name, text] of Object.entries(vectors)) assert.ok(!parseCheckpoint(Buffer.from(text)).ok, name);
});

test('an origin is one word that can be shown', () => {
  for (const origin of ['github.com/acme/app/proofs', 'localhost/a~b/proofs', 'beispiel.de/größe']) assert.ok(isOrigin(origin), origin);
  for (const origin of ['', 'a b', 'a+b', 'a\u0007', 'a\u200Bb', 'a\u2028b', 'x'.repeat(256)]) assert.ok(!isOrigin(origin), origin);
});

test('a run cites the last checkpoint, and none where it cannot be read', (t) => {
  const { files, directory } = contextFor(t);
  const proofs = `${directory}/proofs`;
  assert.equal(lastCheckpoint(files, proofs), null);
  mkdirSync(`${proofs}/ledger`, { recursive: true });
  writeFileSync(`${proofs}/ledger/checkpoint`, TEXT);
  assert.deepEqual(lastCheckpoint(files, proofs), { origin: 'example.com/proofs', size: 42, root: ROOT });
  writeFileSync(`${proofs}/ledger/checkpoint`, TEXT.replaceAll('\n', '\r\n'));
  assert.equal(lastCheckpoint(files, proofs), null);
});

test('a checkpoint behind a link is not read', (t) => {
  const { files, directory } = contextFor(t);
  mkdirSync(`${directory}/elsewhere`);
  writeFileSync(`${directory}/elsewhere/checkpoint`, TEXT);
  mkdirSync(`${directory}/proofs`);
  symlinkSync('../elsewhere', `${directory}/proofs/ledger`);
  assert.equal(lastCheckpoint(files, `${directory}/proofs`), null);
});
