import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { extent } from '../extent.ts';
import { contextFor, git, temporaryFolder } from '../fakes/context.ts';
import { find, index } from './runs.ts';

function folder(t: TestContext, files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const root = fs.realpathSync(temporaryFolder(t));
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(root, name), content);
  return root;
}

test('names from hell are indexed and found', async (t) => {
  const names = [
    'new\nline.ts',
    'quo"te.ts',
    '-rf.ts',
    '--help',
    'proofs.ts',
    '\u001B[31mred\u0007.ts',
    'back\\slash.ts',
    '*.ts',
    '[x].ts',
    '$(touch PWNED).ts',
    'A.ts',
    'a.ts',
    '#hash.ts',
    '!bang.ts',
    '{a,b}.ts',
    ':(exclude)x.ts',
    ' lead.ts',
    `${'n'.repeat(252)}.ts`,
    '__proto__',
    'constructor',
    '\u202Egnp.ts',
    '\u00E9.ts',
    'e\u0301.ts',
  ];
  const root = folder(
    t,
    Object.fromEntries(names.filter((name) => name !== '__proto__').map((name) => [name, 'export const needle = 1;\n'])),
  );
  fs.writeFileSync(path.join(root, '__proto__'), 'export const needle = 1;\n');
  fs.writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x66, 0xff, 0x2e, 0x74, 0x73])]), 'export const needle = 1;\n');
  fs.mkdirSync(path.join(root, 'folder'));
  fs.writeFileSync(path.join(root, 'folder/proofs'), 'needle\n');
  // Longer than any path that a program may open at once.
  const step = 'd'.repeat(200);
  const made = spawnSync(
    'bash',
    ['-c', 'for i in $(seq 18); do mkdir "$0" && cd "$0" || exit 1; done; echo "export const needle = 1;" > deep.ts', step],
    { cwd: root },
  );
  assert.equal(made.status, 0);
  const expected = [...names, 'f\uFFFD.ts', 'folder/proofs', `${`${step}/`.repeat(18)}deep.ts`].map((name) => `${name}:1`).sort();
  for (const isInGit of [false, true]) {
    if (isInGit) {
      git(root, 'init', '-q');
      git(root, 'add', '-A');
    }
    const report = await index(t, root);
    assert.equal(report.stats?.documents, expected.length);
    assert.deepEqual([...(await find(t, root, 'needle', 100))].sort(), expected);
    assert.equal((await index(t, root)).filesRead, 0);
  }
  assert.deepEqual(fs.globSync('**/PWNED', { cwd: root }), []);
});

const MANY_SYMBOLS = extent(200_000, 50_000);

test('contents of every kind are indexed as text, and found at their line', async (t) => {
  const root = folder(t, {
    'le.ts': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('export const inUtf16 = 1;\r\n', 'utf16le')]),
    'crlf.ts': 'export const one = 1;\r\nexport const afterCrlf = 1;\r\n',
    'cr.ts': 'export const one = 1;\rexport const afterCr = 1;\r',
    'nul.ts': 'export const withNul = 1;\0\n',
    'late.ts': `${'x'.repeat(9000)}\nexport const lateNul = '\0';\n`,
    'empty.ts': '',
    'open.ts': 'export const unended = 1',
    'bom.ts': '\uFEFFexport const marked = 1;\n',
    'latin.ts': Buffer.from('// caf\u00E9\nexport const inLatin1 = 1;\n', 'latin1'),
    'long.ts': `export const filler = "${'abc def '.repeat(640 * 1024)}"; export const atTheEnd = 1;\n`,
    'many.ts': Array.from({ length: MANY_SYMBOLS }, (_, number) => `export const s${number}=${number};`).join('\n'),
    'slashes.md': `\`\`\`js\n${'/['.repeat(50_000)}\n\`\`\`\n`,
    'slashes.mts': `${'/['.repeat(50_000)}\n${'/\\'.repeat(50_000)}\n`,
  });
  const report = await index(t, root, { maxFileBytes: 20 << 20 });
  const skipped = report.skipped.map(({ path: file, reason }) => `${file} ${reason}`).sort();
  assert.deepEqual(skipped, ['latin.ts not_utf8', 'nul.ts binary']);
  const places = {
    inUtf16: 'le.ts:1',
    afterCrlf: 'crlf.ts:2',
    unended: 'open.ts:1',
    marked: 'bom.ts:1',
    inLatin1: 'latin.ts:2',
    lateNul: 'late.ts:2',
    atTheEnd: 'long.ts:1',
    [`s${MANY_SYMBOLS - 1}`]: `many.ts:${MANY_SYMBOLS}`,
  };
  for (const [name, place] of Object.entries(places)) assert.deepEqual(await find(t, root, `sym:${name}`), [place], name);
  const [first] = await find(t, root, 'afterCr');
  assert.equal(first, 'cr.ts:1');
});

test('a clock that jumps back or ahead hides no edit', async (t) => {
  const root = folder(t, { 'a.ts': 'export const first = 1;\n', 'b.ts': 'export const other = 1;\n' });
  const year = 365 * 24 * 3600 * 1000;
  const at = (offsetMs: number) => contextFor(t, { clock: { now: () => Date.now() + offsetMs } });
  await index(t, root, {}, at(year));
  for (const [number, offsetMs] of [0, -year, year, -40 * year, 0].entries()) {
    fs.writeFileSync(path.join(root, 'a.ts'), `export const edit${number} = 1;\n`);
    const { changed } = await index(t, root, {}, at(offsetMs));
    assert.deepEqual(changed, { added: 0, modified: 1, removed: 0, unchanged: 1 }, String(offsetMs));
    assert.deepEqual(await find(t, root, `sym:edit${number}`), ['a.ts:1']);
  }
  const grown = (await index(t, root)).stats?.digest;
  assert.equal((await index(t, root, { isFull: true })).stats?.digest, grown);
});
