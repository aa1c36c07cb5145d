import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { openArchive, type ArchivedProof } from '../../../src/proof/archive/opening.ts';
import { MAX_ARCHIVE_BYTES, pack, unpack } from '../../../src/proof/archive/packing.ts';
import { archivePathOf, archivePlaceOf, monthOf, type ArchivePlace } from '../../../src/proof/archive/place.ts';
import { serialize, serializeCompact } from '../../../src/proof/canonical.ts';
import { pathOf } from '../../../src/proof/path-law.ts';
import { toJson } from '../../../src/proof/plain.ts';
import { sampleStatement } from '../../fakes/statement.ts';

const PLACE: ArchivePlace = { kind: 'smoke', month: '2026-11', part: 1 };
const ARCHIVE = 'archive/smoke/2026-11.jsonl.gz';
const FIRST = '01M80K4KWV7Q2M9XC4W0RZ5T8A';
const SECOND = '01M80K4KWV7Q2M9XC4W0RZ5T8B';

test('a path says kind, month and number, and nothing else is the path of an archive', () => {
  for (const place of [PLACE, { ...PLACE, part: 2 }, { ...PLACE, part: 12 }]) assert.deepEqual(archivePlaceOf(archivePathOf(place)), place);
  assert.equal(archivePathOf({ ...PLACE, part: 2 }), 'archive/smoke/2026-11.2.jsonl.gz');
  assert.equal(monthOf(FIRST), '2026-11');
  for (const path of [
    'archive/smoke/2026-13.jsonl.gz',
    'archive/smoke/2026-11.1.jsonl.gz',
    'archive/smoke/2026-11.02.jsonl.gz',
    'archive/smoke/2026-11.jsonl',
    'archive/smoke/x/2026-11.jsonl.gz',
    'archive/../smoke/2026-11.jsonl.gz',
    'archive/Smoke/2026-11.jsonl.gz',
    'archive/ledger/2026-11.jsonl.gz',
    'archive/compact/2026-11.jsonl.gz',
    'archive/prune/2026-11.jsonl.gz',
    'smoke/2026-11.jsonl.gz',
  ])
    assert.equal(archivePlaceOf(path), null, path);
});

test('what was packed comes out, and the same bytes are packed the same way', () => {
  const bytes = Buffer.from('{"a":1}\n'.repeat(1000));
  assert.deepEqual(unpack(pack(bytes)), { bytes });
  assert.deepEqual(pack(bytes), pack(Buffer.from(bytes)));
  assert.deepEqual(pack(bytes).subarray(0, 10), Buffer.from('1f8b08000000000002ff', 'hex'));
  assert.deepEqual(unpack(pack(new Uint8Array())), { bytes: Buffer.alloc(0) });
});

suite('a container that is not exactly ours is refused', () => {
  const bytes = Buffer.from('{"a":1}\n'.repeat(50));
  const packed = Buffer.from(pack(bytes));
  const change = (at: number, value: number): Buffer => {
    const copy = Buffer.from(packed);
    copy[at] = value;
    return copy;
  };
  const cases: Readonly<Record<string, Uint8Array>> = {
    'empty file': new Uint8Array(),
    'not gzip': Buffer.from('{"a":1}\n'),
    'a time in the header': change(4, 1),
    'a flag in the header': change(3, 8),
    'another system': change(9, 3),
    'a wrong checksum': change(packed.length - 8, packed.at(-8)! ^ 1),
    'a wrong length': change(packed.length - 4, packed.at(-4)! ^ 1),
    'cut off': packed.subarray(0, -9),
    'bytes behind the end': Buffer.concat([packed, Buffer.from('x')]),
    'zeros behind the end': Buffer.concat([packed, Buffer.alloc(512)]),
    'a second member': Buffer.concat([packed, packed]),
    'a second stream, closed by a right checksum': hiding(bytes),
    'a bomb': Buffer.from(pack(Buffer.alloc(MAX_ARCHIVE_BYTES + 1))),
  };
  for (const [name, given] of Object.entries(cases)) {
    test(name, () => assert.equal(unpack(given).bytes, null));
  }

  test('what gzip itself would accept', () => assert.equal(unpack(gzipSync(bytes)).bytes, null));

  /** Ends with the checksum and the length of the first stream, as a reader that only looks there would want it. */
  function hiding(first: Buffer): Buffer {
    const end = Buffer.alloc(8);
    end.writeUInt32LE(crc32(first), 0);
    end.writeUInt32LE(first.length, 4);
    return Buffer.concat([packed.subarray(0, 10), deflateRawSync(first), Buffer.from('hidden'), end]);
  }
});

test('the bytes of each proof come back, whatever is in it', () => {
  const odd = { ...statementOf(FIRST), extra: { __proto__: null, '10': 1e21, '2': 0.1, é: '\u2028\u0001', empty: {}, none: [] } };
  const items = open([line(odd), line(statementOf(SECOND))]);
  assert.deepEqual(items, [
    { path: pathOf({ kind: 'smoke', id: FIRST }), bytes: Buffer.from(serialize(toJson(odd))), archive: ARCHIVE },
    { path: pathOf({ kind: 'smoke', id: SECOND }), bytes: Buffer.from(serialize(toJson(statementOf(SECOND)))), archive: ARCHIVE },
  ] satisfies ArchivedProof[]);
});

suite('a line that is not one proof in its one spelling and its place is named, and the others are read', () => {
  const good = line(statementOf(SECOND));
  const cases: Readonly<Record<string, readonly [string | Buffer, RegExp]>> = {
    'not JSON': ['{"a":\n', /line 1 cannot be read/],
    'not UTF-8': [Buffer.from([0x22, 0xff, 0x22, 0x0a]), /line 1 cannot be read/],
    'an empty line': ['\n', /line 1 cannot be read/],
    'a byte order mark': [`\uFEFF${line(statementOf(FIRST))}`, /line 1/],
    'a space too many': [line(statementOf(FIRST)).replace('{', '{ '), /line 1 is not the RFC 8785 spelling/],
    'carriage returns': [line(statementOf(FIRST)).replace('\n', '\r\n'), /line 1 is not the RFC 8785 spelling/],
    'a key twice': [
      line(statementOf(FIRST)).replace('"kind":"smoke"', '"kind":"smoke","kind":"smoke"'),
      /line 1 is not the RFC 8785 spelling/,
    ],
    'not an object': ['[]\n', /line 1 is no proof/],
    'a proof without an id': ['{"predicate":{"kind":"smoke"}}\n', /line 1 is no proof/],
    'an id that is none': ['{"predicate":{"id":"../../x","kind":"smoke"}}\n', /line 1 is no proof/],
    'another kind': [
      line({ ...statementOf(FIRST), predicate: { ...sampleStatement.predicate, id: FIRST, kind: 'demo' } }),
      /does not belong/,
    ],
    'another month': [line(statementOf('01M4S0000000000000000000AA')), /does not belong/],
    'a nesting that runs out of stack': [`${'['.repeat(100_000)}${']'.repeat(100_000)}\n`, /line 1 cannot be read/],
    'a line longer than any proof': [`"${'x'.repeat(300_000)}"\n`, /line 1 is longer/],
  };
  for (const [name, [text, reason]] of Object.entries(cases)) {
    test(name, () => {
      const [flaw, proof, ...rest] = open([text, good]);
      assert.ok(flaw !== undefined && 'reason' in flaw, 'the first line is refused');
      assert.match(flaw.reason, reason);
      assert.deepEqual(
        [flaw.check, flaw.path, proof?.path, rest],
        ['archive-tampered', ARCHIVE, pathOf({ kind: 'smoke', id: SECOND }), []],
      );
    });
  }

  test('a proof twice, or before an older one', () => {
    assert.match(reasonsOf(open([good, good])), /line 2 is the proof \w+ once more/);
    assert.match(reasonsOf(open([good, line(statementOf(FIRST))])), /line 2 is the proof \w+, out of order/);
  });

  test('a last line without an end', () => {
    assert.match(reasonsOf(open([line(statementOf(FIRST)), good.trimEnd()])), /line 2 is not the RFC 8785 spelling/);
  });

  test('a million broken lines are not a million findings', () => {
    const items = open(['\n'.repeat(1_000_000)]);
    assert.equal(items.length, 21);
    assert.match(reasonsOf(items.slice(-1)), /not read on/);
  });
});

function statementOf(id: string): object {
  return { ...sampleStatement, predicate: { ...sampleStatement.predicate, id } };
}

function line(statement: object): string {
  return `${serializeCompact(toJson(statement))}\n`;
}

function open(lines: readonly (string | Buffer)[]): ReturnType<typeof listOf> {
  return listOf(pack(Buffer.concat(lines.map((each) => Buffer.from(each)))));
}

function listOf(packed: Uint8Array) {
  return [...openArchive(ARCHIVE, PLACE, packed)];
}

function reasonsOf(items: ReturnType<typeof listOf>): string {
  return items.map((item) => ('reason' in item ? item.reason : '')).join('\n');
}
