import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Lifetime } from '../fakes/context.ts';
import { repository, sophia, sophiaJson, write } from './sophia.ts';

const LONG = Array.from({ length: 900 }, (_, index) =>
  index === 611 ? '// the heron waits beside the silent millpond' : `export const filler${index} = ${index};`,
).join('\n');

/** For tests that change nothing. */
const SHARED = indexed({ after });

function indexed(t: Lifetime): string {
  const root = repository(t, {
    'src/config.ts': 'export function parseConfig(text: string): object {\n  return JSON.parse(text);\n}\n',
    'src/use.ts': "import { parseConfig } from './config.ts';\n\nparseConfig('a'); parseConfig('b'); parseConfig('c'); parseConfig('d');\n",
    'test/config.test.ts': "parseConfig('parseConfig'); parseConfig('x');\n",
    'docs/guide.md': '# parseConfig\n\nHow parseConfig works.\n',
    'src/long.ts': `${LONG}\n`,
    'src/shell.ts': 'export const attack = "x; touch PWNED";\nexport const price = "$(touch PWNED)";\n',
  });
  assert.equal(sophia({ cwd: root }, 'index').exitCode, 0);
  return root;
}

test('a definition is the first hit for its name, before its uses, tests and a heading of the same name', () => {
  const { document } = sophiaJson({ cwd: SHARED }, 'search', 'parseConfig');
  const [first] = document.data.hits;
  assert.deepEqual([first?.path, first?.line, first?.end_line, first?.symbol?.kind], ['src/config.ts', 1, 3, 'function']);
  const paths = document.data.hits.map(({ path: file }) => file);
  assert.ok(paths.indexOf('src/use.ts') > 0);
  assert.deepEqual(
    sophiaJson({ cwd: SHARED }, 'search', 'sym:parseConfig').document.data.hits.map(({ path: file }) => file),
    ['src/config.ts', 'docs/guide.md'],
  );
});

test('a phrase from the middle of a long file is found at its line', () => {
  for (const query of ['heron waits beside the silent millpond', '"beside the silent millpond"', '/heron\\s+waits/']) {
    const { document } = sophiaJson({ cwd: SHARED }, 'search', query);
    assert.deepEqual([document.data.hits[0]?.path, document.data.hits[0]?.line], ['src/long.ts', 612], query);
  }
});

test('text with shell characters is text: it is found, and nothing is executed', () => {
  for (const query of ['"$(touch PWNED)"', '"`touch PWNED`"', '"--pre=touch PWNED"', 'x; touch PWNED', '$(touch PWNED)']) {
    const { exitCode } = sophia({ cwd: SHARED }, 'search', query);
    assert.ok(exitCode === 0 || exitCode === 1, query);
  }
  assert.equal(sophiaJson({ cwd: SHARED }, 'search', '"x; touch PWNED"').document.data.hits[0]?.line, 1);
  assert.deepEqual(fs.globSync('**/PWNED', { cwd: SHARED }), []);
});

test('an edit after indexing is found at once, marked live, and what it removed is not found', (t) => {
  const root = indexed(t);
  write(root, { 'src/config.ts': 'export function loadSettings(): void {}\n', 'src/new.ts': 'export function brandNewThing(): void {}\n' });
  const edited = sophiaJson({ cwd: root }, 'search', 'loadSettings').document.data;
  assert.deepEqual([edited.hits[0]?.path, edited.hits[0]?.live], ['src/config.ts', true]);
  assert.deepEqual([edited.freshness.stale, edited.freshness.dirty, edited.freshness.live_files], [true, true, 2]);
  assert.equal(sophiaJson({ cwd: root }, 'search', 'brandNewThing').document.data.hits[0]?.path, 'src/new.ts');
  assert.deepEqual(
    sophiaJson({ cwd: root }, 'search', 'sym:parseConfig').document.data.hits.map(({ path: file }) => file),
    ['docs/guide.md'],
  );
  fs.rmSync(path.join(root, 'src/long.ts'));
  assert.equal(sophia({ cwd: root }, 'search', 'millpond').exitCode, 1);
});

test('scores are explained: the parts add up', () => {
  const { document } = sophiaJson({ cwd: SHARED }, 'search', 'config parse text');
  for (const { score, why } of document.data.hits) {
    const sum = why.body + why.path + why.symbols + why.history;
    assert.ok(Math.abs(score - sum) < 1e-9, `${score} is not ${sum}`);
  }
  assert.match(sophia({ cwd: SHARED }, 'search', 'config parse text', '--explain').stdout, /score \d+\.\d+ = body \d+\.\d+/);
});

test('no hit is exit 1, and says what was searched', () => {
  const { exitCode, stdout } = sophia({ cwd: SHARED }, 'search', 'xylophonequark');
  assert.equal(exitCode, 1);
  assert.match(stdout, /No hit: nothing matches "xylophonequark" as words in commit [0-9a-f]{12}/);
  for (const query of ['***', '((', '\u{1F600}']) assert.equal(sophia({ cwd: SHARED }, 'search', query).exitCode, 1, query);
});

test('an invalid regular expression is exit 2, in the words of ripgrep', () => {
  const { exitCode, stderr } = sophia({ cwd: SHARED }, 'search', '/(unclosed/');
  assert.equal(exitCode, 2);
  assert.match(stderr, /unclosed group/);
});

test('without an index the answer is unknown, with the command that makes one', (t) => {
  const root = repository(t, { 'a.ts': 'x\n' });
  const { exitCode, document } = sophiaJson({ cwd: root }, 'search', 'x');
  assert.equal(exitCode, 3);
  assert.equal(document.error?.code, 'NOT_INDEXED');
  assert.match(document.error?.hint ?? '', /sophia index/);
});

test('paths, languages and kinds narrow an answer', () => {
  const paths = (...args: string[]): string[] =>
    sophiaJson({ cwd: SHARED }, 'search', 'parseConfig', ...args).document.data.hits.map(({ path: file }) => file);
  assert.deepEqual(paths('--path', 'docs/**'), ['docs/guide.md']);
  assert.deepEqual(paths('--lang', 'markdown'), ['docs/guide.md']);
  assert.deepEqual(paths('--kind', 'function'), ['src/config.ts']);
  const { exitCode, stderr } = sophia({ cwd: SHARED }, 'search', 'parseConfig', '--lang', 'markdwn');
  assert.equal(exitCode, 2);
  assert.match(stderr, /There is no language "markdwn", did you mean "markdown"\? \[LANGUAGE_UNKNOWN\]/);
});

test('the same question has the same answer, byte for byte', () => {
  for (const query of ['parseConfig', 'export const', '"export"', '/export (const|function)/']) {
    assert.equal(
      sophia({ cwd: SHARED }, 'search', query, '--json').stdout,
      sophia({ cwd: SHARED }, 'search', query, '--json').stdout,
      query,
    );
  }
});

test('a subdirectory answers from the index above it', () => {
  assert.equal(sophiaJson({ cwd: path.join(SHARED, 'src') }, 'search', 'parseConfig').document.data.hits[0]?.path, 'src/config.ts');
});

test('a map stays within its budget, is the same twice, and names where the program begins', (t) => {
  const root = repository(t, {
    'package.json': '{"name": "demo", "bin": {"demo": "bin/demo.js"}}\n',
    'bin/demo.js': "#!/usr/bin/env node\nimport { run } from '../src/run.js';\n\nrun(process.argv);\n",
    'src/run.js': "import { readSettings } from './settings.js';\n\nexport function run(argv) {\n  return readSettings(argv);\n}\n",
    'src/settings.js': 'export function readSettings(argv) {\n  return { argv };\n}\n',
    ...Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `src/part${index}.js`,
        `import { readSettings } from './settings.js';\n\nexport function handlePart${index}(input) {\n  return readSettings(input);\n}\n`,
      ]),
    ),
  });
  sophia({ cwd: root }, 'index');
  const { document } = sophiaJson({ cwd: root }, 'map', '--tokens', '1000');
  assert.ok(document.data.tokens <= 1050 && document.data.tokens >= 950, String(document.data.tokens));
  assert.deepEqual(document.data.entry_points[0], { path: 'bin/demo.js', why: 'bin of package.json' });
  assert.equal(document.data.sections[0]?.path, 'src/settings.js');
  const again = sophia({ cwd: root }, 'map', '--tokens', '1000').stdout;
  assert.equal(sophia({ cwd: root }, 'map', '--tokens', '1000').stdout, again);
  const focused = sophiaJson({ cwd: root }, 'map', '--tokens', '300', '--focus', 'src/part7.js').document.data.sections.map(
    ({ path: file }) => file,
  );
  assert.ok(focused.includes('src/part7.js'), focused.join(' '));
});
