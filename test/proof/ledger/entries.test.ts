import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entryFileOf, isEntryFile, parseEntries, writeEntries, type Entry } from '../../../src/proof/ledger/entries.ts';

const LEAF = '0123456789abcdef'.repeat(4);
const PATH = 'smoke/2026/11/22/01M80K4KWV7Q2M9XC4W0RZ5T8A.json';

function entries(first: number, count: number): readonly Entry[] {
  return Array.from({ length: count }, (_, offset) => ({ index: first + offset, leaf: LEAF, path: PATH }));
}

test('files of entries are numbered as the tiles of C2SP', () => {
  assert.deepEqual([0, 7, 999, 1000, 1234, 1_234_067].map(entryFileOf), [
    'ledger/entries/000',
    'ledger/entries/007',
    'ledger/entries/999',
    'ledger/entries/x001/000',
    'ledger/entries/x001/234',
    'ledger/entries/x001/x234/067',
  ]);
  for (const number of [0, 1000, 1_234_067]) assert.ok(isEntryFile(entryFileOf(number)));
  for (const path of ['ledger/entries/0', 'ledger/entries/x01/000', 'ledger/entries/000.tmp', 'ledger/checkpoint'])
    assert.ok(!isEntryFile(path));
});

test('entries are read as they were written', () => {
  const whole = entries(512, 256);
  assert.deepEqual(parseEntries(Buffer.from(writeEntries(whole)), 512), { lines: 256, entries: whole, flaws: [] });
});

test('each line that is not exactly one is named, and the others are read', () => {
  const line = (text: string): string => text;
  const bad = [
    line(`1 ${LEAF.toUpperCase()} ${PATH}`),
    line(`1 ${LEAF.slice(1)} ${PATH}`),
    line(`01 ${LEAF} ${PATH}`),
    line(`2 ${LEAF} ${PATH}`),
    line(`1  ${LEAF} ${PATH}`),
    line(`1 ${LEAF} ${PATH} `),
    line(`1 ${LEAF} ${PATH}\r`),
    line(`1 ${LEAF} ../../etc/passwd`),
    line(`1 ${LEAF} ledger/2026/11/22/01M80K4KWV7Q2M9XC4W0RZ5T8A.json`),
    line(`1 ${LEAF} smoke/2026/11/22/01M80K4KWV7Q2M9XC4W0RZ5T8A.json\u0000`),
    line(''),
  ];
  for (const text of bad) {
    const parsed = parseEntries(Buffer.from(`0 ${LEAF} ${PATH}\n${text}\n2 ${LEAF} ${PATH}\n`), 0);
    assert.deepEqual(
      parsed.entries.map(({ index }) => index),
      [0, 2],
      text,
    );
    assert.equal(parsed.flaws.length, 1, text);
    assert.match(parsed.flaws[0]!, /^line 2 /);
  }
});

test('an empty file, one that is cut off and one with too many lines are flawed', () => {
  const text = writeEntries(entries(0, 257));
  assert.match(parseEntries(new Uint8Array(), 0).flaws.join(), /no entry/);
  assert.match(parseEntries(Buffer.from(writeEntries(entries(0, 2)).slice(0, -1)), 0).flaws.join(), /does not end/);
  assert.match(parseEntries(Buffer.from(text), 0).flaws.join(), /257 lines/);
});
