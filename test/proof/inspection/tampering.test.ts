import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, before, test, type TestContext } from 'node:test';
import { at, contextIn, seal, verifyIn } from '../../../bench/proofs/ledgers.ts';
import { fuzz } from '../../../bench/proofs/tampering.ts';
import type { Context } from '../../../src/context.ts';
import { recordRun } from '../../../src/proof/recording/record.ts';
import { parseCheckpoint } from '../../../src/proof/ledger/checkpoint.ts';
import type { Pin } from '../../../src/proof/verification/pins.ts';
import type { Question } from '../../../src/proof/verification/verify.ts';
import { temporaryFolder } from '../../fakes/context.ts';

const START_MS = Date.UTC(2026, 10, 22, 3, 0, 0);
const HOUR_MS = 3_600_000;

interface Sealed {
  readonly context: Context;
  /** Paths relative to proofs/, in the order of the ledger: two runs, a seal, two runs, a seal. */
  readonly entries: readonly string[];
  /** Absolute. */
  readonly at: (file: string) => string;
}

const original = mkdtempSync(path.join(os.tmpdir(), 'sophia-test-'));
before(() => make(contextIn(original)));
after(() => rmSync(original, { recursive: true, force: true }));

/** A copy of one directory that is made once: two seals, each over two runs with an attachment and a view that both wrote; the first is kept as `earlier`. */
function sealed(t: TestContext): Sealed {
  const directory = temporaryFolder(t);
  cpSync(original, directory, { recursive: true });
  const place = (file: string): string => path.join(directory, 'proofs', file);
  const entries = readFileSync(place('ledger/entries/000'), 'utf8').trimEnd().split('\n');
  return { context: contextIn(directory), entries: entries.map((line) => line.split(' ')[2]!), at: place };
}

async function make(context: Context): Promise<void> {
  for (const hour of [0, 1]) {
    const then = at(context, START_MS + hour * HOUR_MS);
    for (const body of ['one', 'two']) await record(then, `${body} at ${hour}`);
    await seal(then);
    if (hour === 0) cpSync(path.join(context.directory, 'proofs'), path.join(context.directory, 'earlier'), { recursive: true });
  }
}

async function record(context: Context, body: string): Promise<string> {
  const { proof } = await recordRun(context, { kind: 'demo', command: 'demo', argv: ['demo', body] }, ({ record: notes }) => {
    notes.find({ check: 'c', target: 't', verdict: 'pass', reason: body });
    notes.attach('answer.body', Buffer.from(body), 'text/plain');
    notes.view('healthz/api.txt', (name) => `proof: ${name}\n${body}\n`);
  });
  return proof!.path.slice('proofs/'.length);
}

/** `check target`, from the project root. */
async function failsIn(context: Context, question: Partial<Question> = {}): Promise<readonly string[]> {
  const { findings } = await verifyIn(context, question);
  return findings.filter(({ verdict }) => verdict === 'fail').map(({ check, target }) => `${check} ${target}`);
}

const bodyOf = (proof: string): string => proof.replace('.json', '.answer.body');
const editText = (file: string, change: (text: string) => string): void => writeFileSync(file, change(readFileSync(file, 'utf8')));

test('an untouched ledger holds, and everything in it is of level L1', async (t) => {
  const { context, entries } = sealed(t);
  const { findings, data, broken } = await verifyIn(context);
  assert.equal(broken, 0, JSON.stringify(findings));
  assert.deepEqual([data.proofs, data.entries, data.unsealed, data.attachments, data.views], [6, 6, 0, 4, 1]);
  assert.deepEqual(data.levels, { L0: 0, L1: 6, L2: 0, L3: 0, L4: 0 });
  assert.equal(data.origin, 'example.org/acme/app/proofs');
  assert.deepEqual(
    findings.map(({ check, verdict }) => [check, verdict]),
    [
      ['holds', 'pass'],
      ['unsigned', 'warn'],
    ],
  );
  assert.equal(entries.filter((file) => file.startsWith('seal/')).length, 2);
});

const LEDGER = 'proofs/ledger/checkpoint';
const LINES = 'proofs/ledger/entries/000';

/** What was done, and what verify must say: `all` and nothing else, `every` among others, or one of `some`. */
const VECTORS: readonly {
  readonly name: string;
  readonly meddle: (set: Sealed) => unknown;
  readonly all?: (set: Sealed) => readonly string[];
  readonly some?: (set: Sealed) => readonly string[];
  readonly every?: (set: Sealed) => readonly string[];
}[] = [
  {
    name: 'one changed letter in a sealed proof, which still makes sense',
    meddle: ({ at: file, entries }) => editText(file(entries[0]!), (text) => text.replace('one at 0', 'six at 0')),
    all: ({ entries }) => [`tampered proofs/${entries[0]}`],
  },
  {
    name: 'a deleted proof',
    meddle: ({ at: file, entries }) => (rmSync(file(entries[1]!)), rmSync(file(bodyOf(entries[1]!)))),
    all: ({ entries }) => [`missing proofs/${entries[1]}`],
  },
  {
    name: 'a deleted proof whose attachment stays',
    meddle: ({ at: file, entries }) => rmSync(file(entries[0]!)),
    all: ({ entries }) => [`foreign proofs/${bodyOf(entries[0]!)}`, `missing proofs/${entries[0]}`],
  },
  {
    name: 'two proofs with their bytes swapped',
    meddle: ({ at: file, entries: [one, two] }) => {
      renameSync(file(one!), file('spare'));
      renameSync(file(two!), file(one!));
      renameSync(file('spare'), file(two!));
    },
    some: ({ entries: [one, two] }) => [
      `tampered proofs/${one}`,
      `tampered proofs/${two}`,
      `path-law proofs/${one}`,
      `path-law proofs/${two}`,
    ],
  },
  {
    name: 'a proof copied to another kind',
    meddle: ({ at: file, entries }) => {
      const copy = entries[0]!.replace('demo/', 'smoke/');
      mkdirSync(path.dirname(file(copy)), { recursive: true });
      copyFileSync(file(entries[0]!), file(copy));
    },
    all: ({ entries }) => ['path-law', 'replayed'].map((check) => `${check} proofs/${entries[0]!.replace('demo/', 'smoke/')}`),
  },
  {
    name: 'a proof again under a new id',
    meddle: ({ at: file, entries }) => {
      const [id] = /[0-9A-Z]{26}/.exec(entries[0]!)!;
      const other = `${id.slice(0, -1)}${id.endsWith('Z') ? 'Y' : 'Z'}`;
      writeFileSync(file(entries[0]!.replace(id, other)), readFileSync(file(entries[0]!), 'utf8').replaceAll(id, other));
      copyFileSync(file(bodyOf(entries[0]!)), file(bodyOf(entries[0]!).replace(id, other)));
    },
    some: ({ entries }) => [
      `replayed proofs/${entries[0]!.slice(0, -6)}Z.json`,
      `replayed proofs/${entries[0]!.slice(0, -6)}Y.json`,
      `replayed proofs/${entries[0]}`,
    ],
  },
  {
    name: 'a proof cut short',
    meddle: ({ at: file, entries }) => truncateSync(file(entries[0]!), 100),
    some: ({ entries }) => [`tampered proofs/${entries[0]}`, `not-canonical proofs/${entries[0]}`],
  },
  {
    name: 'a space behind a proof',
    meddle: ({ at: file, entries }) => appendFileSync(file(entries[0]!), ' '),
    some: ({ entries }) => [`tampered proofs/${entries[0]}`],
  },
  {
    name: 'a renamed proof',
    meddle: ({ at: file, entries }) => renameSync(file(entries[0]!), file('demo/latest.json')),
    some: ({ entries }) => [`missing proofs/${entries[0]}`, 'path-law proofs/demo/latest.json'],
  },
  {
    name: 'a checkout with CRLF',
    meddle: ({ at: file, entries }) => editText(file(entries[0]!), (text) => text.replaceAll('\n', '\r\n')),
    some: ({ entries }) => [`not-canonical proofs/${entries[0]}`, `tampered proofs/${entries[0]}`],
  },
  {
    name: 'a ledger checked out with CRLF',
    meddle: ({ at: file }) =>
      ['ledger/checkpoint', 'ledger/entries/000'].map((each) => editText(file(each), (text) => text.replaceAll('\n', '\r\n'))),
    some: () => [`ledger-tampered ${LEDGER}`],
  },
  {
    name: 'spare bits in the root',
    meddle: ({ at: file }) =>
      editText(file('ledger/checkpoint'), (text) => text.replace(/(.)=\n/, (_, last: string) => `${nextLetter(last)}=\n`)),
    some: () => [`ledger-tampered ${LEDGER}`],
  },
  {
    name: 'another root',
    meddle: ({ at: file }) =>
      editText(file('ledger/checkpoint'), (text) => text.replace(/^(?=[^\n]{43}=\n)./m, (first) => nextLetter(first))),
    all: () => [`ledger-tampered ${LEDGER}`],
  },
  {
    name: 'another origin',
    meddle: ({ at: file }) => editText(file('ledger/checkpoint'), (text) => text.replace('acme', 'evil')),
    all: () => [`wrong-origin ${LEDGER}`],
  },
  {
    name: 'a changed leaf in the ledger',
    meddle: ({ at: file }) =>
      editText(file('ledger/entries/000'), (text) => text.replace(/^1 (.)/m, (_, first: string) => `1 ${first === 'a' ? 'b' : 'a'}`)),
    all: () => [`ledger-tampered ${LINES}`],
  },
  {
    name: 'a changed path in the ledger',
    meddle: ({ at: file, entries }) =>
      editText(file('ledger/entries/000'), (text) =>
        text.replace(
          entries[0]!,
          entries[0]!.replace(/.\.json$/, (end) => `${end.startsWith('0') ? '1' : '0'}.json`),
        ),
      ),
    all: () => [`ledger-tampered ${LINES}`],
  },
  {
    name: 'an entry file of no bytes',
    meddle: ({ at: file }) => writeFileSync(file('ledger/entries/000'), ''),
    some: () => [`ledger-tampered ${LINES}`],
  },
  {
    name: 'an appended entry',
    meddle: ({ at: file, entries }) =>
      appendFileSync(file('ledger/entries/000'), `6 ${'0'.repeat(64)} ${entries[0]!.replace(/.\.json$/, 'Q.json')}\n`),
    all: () => [`ledger-tampered ${LINES}`],
  },
  {
    name: 'a second file of entries',
    meddle: ({ at: file }) => writeFileSync(file('ledger/entries/001'), 'x'),
    some: () => ['ledger-tampered proofs/ledger/entries/001', 'foreign proofs/ledger/entries/001'],
  },
  {
    name: 'two lines of the ledger swapped',
    meddle: ({ at: file }) => editText(file('ledger/entries/000'), (text) => swapLines(text, 0, 1)),
    all: () => [`reordered ${LINES}`],
  },
  {
    name: 'two entries swapped and numbered anew',
    meddle: ({ at: file }) => editText(file('ledger/entries/000'), (text) => renumber(swapLines(text, 0, 1))),
    all: () => [`reordered ${LINES}`],
  },
  {
    name: 'two entries of different seals swapped',
    meddle: ({ at: file }) => editText(file('ledger/entries/000'), (text) => renumber(swapLines(text, 0, 4))),
    all: () => [`reordered ${LINES}`],
  },
  {
    name: 'the same entry twice',
    meddle: ({ at: file }) =>
      editText(file('ledger/entries/000'), (text) => renumber(text.split('\n').with(1, text.split('\n')[0]!).join('\n'))),
    some: ({ entries }) => [`replayed proofs/${entries[0]}`, `ledger-tampered ${LEDGER}`],
  },
  {
    name: 'no ledger any more',
    meddle: ({ at: file }) => rmSync(file('ledger'), { recursive: true }),
    all: () => [`ledger-missing ${LEDGER}`],
  },
  {
    name: 'no checkpoint any more',
    meddle: ({ at: file }) => rmSync(file('ledger/checkpoint')),
    all: () => [`ledger-missing ${LEDGER}`],
  },
  {
    name: 'a file slipped into the ledger',
    meddle: ({ at: file }) => writeFileSync(file('ledger/notes.txt'), 'all is well'),
    all: () => ['foreign proofs/ledger/notes.txt'],
  },
  {
    name: 'a checkpoint that is a link',
    meddle: ({ at: file }) => (
      renameSync(file('ledger/checkpoint'), file('../checkpoint')),
      symlinkSync('../../checkpoint', file('ledger/checkpoint'))
    ),
    some: () => [`ledger-tampered ${LEDGER}`],
  },
  {
    name: 'a pipe under the path of a proof',
    meddle: ({ at: file, entries }) => (rmSync(file(entries[0]!)), execFileSync('/usr/bin/mkfifo', [file(entries[0]!)])),
    some: ({ entries }) => [`foreign proofs/${entries[0]}`],
  },
  {
    name: 'a link under the path of a proof',
    meddle: ({ at: file, entries }) => (renameSync(file(entries[0]!), file('../kept')), symlinkSync(file('../kept'), file(entries[0]!))),
    some: ({ entries }) => [`foreign proofs/${entries[0]}`],
  },
  {
    name: 'a proof of 300 MB',
    meddle: ({ at: file, entries }) => truncateSync(file(entries[0]!), 300 * 1024 * 1024),
    some: ({ entries }) => [`schema proofs/${entries[0]}`],
  },
  {
    name: 'a view and an attachment of 300 MB',
    meddle: ({ at: file, entries }) => [bodyOf(entries[0]!), 'healthz/api.txt'].map((each) => truncateSync(file(each), 300 * 1024 * 1024)),
    all: ({ entries }) => [`attachment-tampered proofs/${bodyOf(entries[0]!)}`, 'view-tampered proofs/healthz/api.txt'],
  },
  {
    name: 'a proof nested 100,000 deep',
    meddle: ({ at: file, entries }) => writeFileSync(file(entries[0]!), '['.repeat(100_000)),
    some: ({ entries }) => [`schema proofs/${entries[0]}`],
  },
  {
    name: 'a key __proto__',
    meddle: ({ at: file, entries }) => editText(file(entries[0]!), (text) => text.replace('{\n', '{\n  "__proto__": {},\n')),
    some: ({ entries }) => [`tampered proofs/${entries[0]}`, `schema proofs/${entries[0]}`, `not-canonical proofs/${entries[0]}`],
  },
  {
    name: 'bytes that are no UTF-8, a byte order mark, a key twice, half a surrogate pair, an unsafe integer, -0',
    meddle: ({ at: file, entries }) => {
      writeFileSync(file(entries[0]!), Buffer.concat([readFileSync(file(entries[0]!)), Buffer.of(0xff)]));
      editText(file(entries[1]!), (text) => `\uFEFF${text}`);
      editText(file(entries[2]!), (text) => text.replace('"_type"', '"_type": "x",\n  "_type"'));
      editText(file(entries[3]!), (text) => text.replace('one at 1', String.raw`\ud800`));
      editText(file(entries[4]!), (text) => text.replace('"total": 1', '"total": 9007199254740993'));
      editText(file(entries[5]!), (text) => text.replace('"warn": 0', '"warn": -0'));
    },
    every: ({ entries }) => entries.toSorted().flatMap((entry) => [`not-canonical proofs/${entry}`, `tampered proofs/${entry}`]),
  },
  {
    name: 'names that differ in case alone',
    meddle: ({ at: file }) => copyFileSync(file('healthz/api.txt'), file('healthz/API.txt')),
    some: () => ['path-law proofs/healthz/api.txt', 'foreign proofs/healthz/API.txt'],
  },
];

for (const { name, meddle, all, some, every } of VECTORS) {
  test(`found and named: ${name}`, async (t) => {
    const set = sealed(t);
    await meddle(set);
    const fails = await failsIn(set.context);
    if (all !== undefined) assert.deepEqual(fails.toSorted(), all(set).toSorted());
    const absent = every?.(set).filter((expected) => !fails.includes(expected)) ?? [];
    assert.deepEqual(absent, [], JSON.stringify(fails));
    const isAmong = some?.(set).some((expected) => fails.includes(expected)) ?? true;
    assert.ok(isAmong, JSON.stringify(fails));
  });
}

test('a file that cannot be read is named, and the rest is still judged', async (t) => {
  if (process.getuid?.() === 0) return t.skip('root reads everything');
  const { context, at: file, entries } = sealed(t);
  chmodSync(file(entries[0]!), 0o000);
  writeFileSync(file('healthz/other.txt'), 'x');
  // What only the unreadable proof could vouch for, nobody vouches for.
  assert.deepEqual(await failsIn(context), [
    `foreign proofs/${bodyOf(entries[0]!)}`,
    `schema proofs/${entries[0]}`,
    'foreign proofs/healthz/other.txt',
  ]);
});

test('everything that is wrong is said at once', async (t) => {
  const { context, at: file, entries } = sealed(t);
  editText(file(entries[0]!), (text) => text.replace('one at 0', 'six at 0'));
  rmSync(file(entries[1]!));
  rmSync(file(bodyOf(entries[3]!)));
  writeFileSync(file('healthz/other.txt'), 'x');
  const fails = await failsIn(context);
  assert.deepEqual(fails.toSorted(), [
    `attachment-missing proofs/${bodyOf(entries[3]!)}`,
    `foreign proofs/${bodyOf(entries[1]!)}`,
    'foreign proofs/healthz/other.txt',
    `missing proofs/${entries[1]}`,
    `tampered proofs/${entries[0]}`,
  ]);
});

test('a directory rolled back to an earlier tree is seen with a checkpoint that was kept elsewhere', async (t) => {
  const { context, at: file } = sealed(t);
  const since = pinOf(file('ledger/checkpoint'));
  assert.deepEqual(await failsIn(context, { since }), []);
  rollBack(context);
  assert.deepEqual(await failsIn(context), [], 'without it, and without anything left behind, nobody can know');
  assert.deepEqual(await failsIn(context, { since }), [`rollback ${LEDGER}`]);
  rmSync(file('ledger'), { recursive: true });
  rmSync(file('seal'), { recursive: true });
  assert.deepEqual(await failsIn(context, { since }), [`ledger-missing ${LEDGER}`]);
});

test('a run that saw a later checkpoint gives a rollback away', async (t) => {
  const { context, at: file } = sealed(t);
  const later = await record(at(context, START_MS + 2 * HOUR_MS), 'after');
  const kept = [later, bodyOf(later)].map((each) => [each, readFileSync(file(each))] as const);
  rollBack(context);
  for (const [each, bytes] of kept) writeFileSync(file(each), bytes);
  const view = `proof: ${later}\nafter\n`;
  writeFileSync(file('healthz/api.txt'), view);
  assert.deepEqual(await failsIn(context), [`rollback ${LEDGER}`]);
});

test('a ledger that was rolled back alone is given away by the seals that were left behind', async (t) => {
  const { context, at: file } = sealed(t);
  rmSync(file('ledger'), { recursive: true });
  cpSync(path.join(context.directory, 'earlier/ledger'), file('ledger'), { recursive: true });
  const { findings } = await verifyIn(context);
  const fail = findings.find(({ verdict }) => verdict === 'fail');
  assert.deepEqual([fail?.check, fail?.target], ['rollback', LEDGER]);
  assert.match(fail!.reason, /it covers 3 entries, but seal\/.* sealed up to 6/);
});

test('a ledger that was built anew is a fork for whoever saw the first', async (t) => {
  const { context, at: file } = sealed(t);
  const since = pinOf(file('ledger/checkpoint'));
  rmSync(file('.'), { recursive: true });
  for (const hour of [5, 6, 7]) {
    const then = at(context, START_MS + hour * HOUR_MS);
    await record(then, `anew at ${hour}`);
    await record(then, `and again at ${hour}`);
    await seal(then);
  }
  assert.deepEqual(await failsIn(context), []);
  assert.deepEqual(await failsIn(context, { since }), [`fork ${LEDGER}`]);
  assert.deepEqual(await failsIn(context, { since: { ...since, checkpoint: { ...since.checkpoint, origin: 'example.org/other' } } }), [
    `wrong-origin ${LEDGER}`,
  ]);
});

test('every flip of one byte is found and named, and the untouched tree raises no alarm', async (t) => {
  const { context } = sealed(t);
  const unseen = await fuzz({ proofs: `${context.directory}/proofs`, flips: 100, seed: 3, verify: () => verifyIn(context) });
  assert.deepEqual(unseen, []);
});

function rollBack({ directory }: Context): void {
  rmSync(path.join(directory, 'proofs'), { recursive: true });
  cpSync(path.join(directory, 'earlier'), path.join(directory, 'proofs'), { recursive: true });
}

function pinOf(file: string): Pin {
  const read = parseCheckpoint(readFileSync(file));
  assert.ok(read.ok);
  return { name: 'saved', checkpoint: read.value };
}

function swapLines(text: string, one: number, other: number): string {
  const lines = text.split('\n');
  return lines.with(one, lines[other]!).with(other, lines[one]!).join('\n');
}

function renumber(text: string): string {
  return text
    .replaceAll(/^\d+ /gm, () => '')
    .trimEnd()
    .split('\n')
    .map((line, index) => `${index} ${line}\n`)
    .join('');
}

/** The next letter of base64 that keeps the form but not the bits. */
function nextLetter(letter: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return alphabet[(alphabet.indexOf(letter) + 1) % 64]!;
}

test('comparing hashes only finds whatever was changed, and computes nothing again', async (t) => {
  const { context, at: file, entries } = sealed(t);
  const question = { isHashOnly: true };
  const { data, broken } = await verifyIn(context, question);
  assert.deepEqual([broken, data.proofs, data.attachments, data.views, data.level], [0, 6, 4, 1, 'L1']);
  const unseen = await fuzz({ proofs: `${context.directory}/proofs`, flips: 60, seed: 5, verify: () => verifyIn(context, question) });
  assert.deepEqual(unseen, []);
  rmSync(file(bodyOf(entries[0]!)));
  assert.deepEqual(await failsIn(context, question), [`attachment-missing proofs/${bodyOf(entries[0]!)}`]);
});

test('a secret in a proof, an attachment and a view is named by its kind and never repeated', async (t) => {
  const context = at(contextIn(temporaryFolder(t)), START_MS);
  const path1 = await record(context, 'harmless');
  const file = (name: string): string => path.join(context.directory, 'proofs', name);
  const secret = `ghp_${'a1'.repeat(18)}`;
  editText(file(path1), (text) => text.replaceAll('harmless', secret));
  const { findings } = await verifyIn(context);
  const secrets = findings.filter(({ check }) => check === 'secret');
  assert.deepEqual(
    secrets.map(({ target }) => target),
    [`proofs/${path1}`],
  );
  assert.ok(!JSON.stringify(findings).includes(secret));
  assert.match(secrets[0]!.reason, /github/);
});
