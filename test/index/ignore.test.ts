import assert from 'node:assert/strict';
import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { expandBraces } from '../../src/index/braces.ts';
import { IgnoreFiles, matcherOf } from '../../src/index/ignore.ts';
import { git, temporaryFolder } from '../fakes/context.ts';

const PATHS = ['a', 'b', 'ab', 'a.c', 'a/b', 'a/b/c', 'b/a', 'a b', 'd/a.c', 'd/e/a.c', 'd/e/f/b', '[x', 'x]', '#a', '!b', 'a\\', 'é', 'B'];

/** What git itself says, from the same files. */
function ignoredByGit(root: string, files: Readonly<Record<string, string>>): string[] {
  for (const directory of ['', 'd', 'd/e']) fs.rmSync(path.join(root, directory, '.gitignore'), { force: true });
  for (const [directory, text] of Object.entries(files)) {
    fs.mkdirSync(path.join(root, directory), { recursive: true });
    fs.writeFileSync(path.join(root, directory, '.gitignore'), text);
  }
  const options: ExecFileSyncOptionsWithStringEncoding = {
    cwd: root,
    input: PATHS.join('\0'),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  };
  try {
    return execFileSync('git', ['check-ignore', '--no-index', '-z', '--stdin'], options).split('\0').slice(0, -1);
  } catch {
    return []; // exit code 1: none
  }
}

function ignoredByUs(files: Readonly<Record<string, string>>): string[] {
  const ignore = new IgnoreFiles();
  for (const [directory, text] of Object.entries(files)) ignore.add(directory, text);
  return PATHS.filter((each) => ignore.isIgnored(each, false));
}

test('every rule means what it means to git', (t) => {
  const root = temporaryFolder(t);
  git(root, 'init', '-q');
  const cases = [
    '*',
    '/a',
    'a/',
    '/a/',
    'a/b',
    '/d/',
    '**/b',
    'd/**',
    'd/**/a.c',
    '**',
    '/**',
    'a/**/c',
    '*.c',
    '/*.c',
    'd/*/a.c',
    '?',
    '??',
    '[ab]',
    '[!a]',
    '[^a]',
    '[a-b]',
    '[[:alpha:]]',
    '[[:upper:]]',
    '[]x]*',
    '[x',
    'x]',
    '\\[x',
    '\\#a',
    '#a',
    '\\!b',
    '!b',
    'a\\ b',
    'a b',
    'a ',
    'a\\ ',
    'a\\',
    'a\\\\',
    '*\n!a',
    'd\n!d/a.c',
    'd/*\n!d/e',
    'a*\n!ab\nab',
    '\uFEFFa',
    'a\r\nb\r\n',
    '***',
    'a**',
    'd/**e/a.c',
    '[[:nope:]]',
    '[b-a]',
    '[a-]',
    'é',
    '[é]',
    '',
    '/',
    '!',
    '*[!c]',
    'a.?',
    '{a,b}',
  ];
  for (const text of cases) assert.deepEqual(ignoredByUs({ '': text }), ignoredByGit(root, { '': text }), JSON.stringify(text));
});

test('any rules in any directories ignore what git would ignore', (t) => {
  const root = temporaryFolder(t);
  git(root, 'init', '-q');
  const piece = fc.constantFrom('a', 'b', 'c', 'd', 'e', '*', '**', '/', '?', '.', '[ab]', '[!a]', '!');
  const rules = fc
    .array(
      fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join('')),
      { maxLength: 4 },
    )
    .map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(rules, rules, rules, (top, d, e) => {
      const files = { '': top, d, 'd/e': e };
      assert.deepEqual(ignoredByUs(files), ignoredByGit(root, files));
    }),
    { numRuns: 150 },
  );
});

test('a glob is a name at any depth, a path from the root, or a directory with all that is in it', () => {
  const matched = (...globs: string[]): string[] => {
    const isMatch = matcherOf(globs);
    return ['a.ts', 'src/a.ts', 'src/b.tsx', 'src/deep/c.js', 'docs/src'].filter((each) => isMatch(each));
  };
  assert.deepEqual(matched('*.ts'), ['a.ts', 'src/a.ts']);
  assert.deepEqual(matched('/*.ts'), ['a.ts']);
  assert.deepEqual(matched('src/'), ['src/a.ts', 'src/b.tsx', 'src/deep/c.js']);
  assert.deepEqual(matched('src/**/*.{js,ts{,x}}'), ['src/a.ts', 'src/b.tsx', 'src/deep/c.js']);
  assert.deepEqual(matched('a.ts', 'deep'), ['a.ts', 'src/a.ts', 'src/deep/c.js']);
  assert.deepEqual(matched(), []);
  assert.deepEqual(matched('', '{', '{a}', '#a.ts'), []);
});

test('no pattern takes longer than its length times that of a path', () => {
  const path = `${'a/'.repeat(40)}${'a'.repeat(200)}`;
  for (const glob of [
    `${'*a'.repeat(60)}b`,
    `${'*'.repeat(30)}b`,
    `${'**/'.repeat(60)}b`,
    `${'**/a/'.repeat(39)}b`,
    `${'**/*a*/'.repeat(30)}*b`,
    `${'?*'.repeat(60)}b`,
  ]) {
    const startedMs = performance.now();
    assert.equal(matcherOf([glob])(path), false, glob);
    assert.ok(performance.now() - startedMs < 1000, glob);
  }
});

test('a glob that can only be a mistake is refused', () => {
  for (const glob of ['[', 'a\\', '!a', '{a,b}'.repeat(30), 'x'.repeat(5000)]) {
    assert.throws(() => matcherOf([glob]), { code: 'GLOB_INVALID' }, glob.slice(0, 40));
  }
});

test('braces stand for each of their choices, nested or empty', () => {
  const texts = (glob: string): readonly string[] => expandBraces(glob);
  assert.deepEqual(texts('a.{ts,tsx}'), ['a.ts', 'a.tsx']);
  assert.deepEqual(texts('{a,{b,c}d}{,x}'), ['a', 'ax', 'bd', 'bdx', 'cd', 'cdx']);
  assert.deepEqual(texts('{a}\\{b,c}{'), ['{a}\\{b,c}{']);
  assert.deepEqual(texts('{x{a,b}}'), ['{xa}', '{xb}']);
  assert.deepEqual(texts(`${'{a,'.repeat(500)}x${'}'.repeat(500)}`), ['a', 'x']);
});
