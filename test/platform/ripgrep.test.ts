import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Context, RipgrepMatch, RipgrepOptions } from '../../src/context.ts';
import { SophiaError } from '../../src/errors.ts';
import { createRipgrep } from '../../src/platform/ripgrep.ts';
import { createSpawn } from '../../src/platform/spawn.ts';
import { contextFor } from '../fakes/context.ts';

function tree(t: TestContext, files: Readonly<Record<string, string | Buffer>>): Context {
  const context = contextFor(t);
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(context.directory, name)), { recursive: true });
    fs.writeFileSync(path.join(context.directory, name), content);
  }
  return context;
}

async function search(context: Context, options: RipgrepOptions): Promise<RipgrepMatch[]> {
  return await gather(context.ripgrep.search(context.directory, { isSorted: true, ...options }));
}

async function gather(matches: AsyncIterable<RipgrepMatch>): Promise<RipgrepMatch[]> {
  const gathered: RipgrepMatch[] = [];
  for await (const match of matches) gathered.push(match);
  return gathered;
}

async function places(context: Context, options: RipgrepOptions): Promise<string[]> {
  return (await search(context, options)).map((match) => `${match.path.text}:${match.line_number}`);
}

async function refusalOf(context: Context, options: RipgrepOptions): Promise<SophiaError> {
  const [refusal] = await Promise.allSettled([search(context, options)]);
  assert.ok(refusal.status === 'rejected' && refusal.reason instanceof SophiaError, JSON.stringify(refusal));
  return refusal.reason;
}

test("a match says where it is, in ripgrep-js's words", async (t) => {
  const context = tree(t, { 'src/a.ts': 'one\nfind (me) here\n', 'b.ts': 'nothing' });
  assert.deepEqual(await search(context, { string: '(me)' }), [
    {
      path: { text: 'src/a.ts' },
      pathBytes: null,
      lines: { text: 'find (me) here\n' },
      line_number: 2,
      absolute_offset: 4,
      submatches: [{ match: { text: '(me)' }, start: 5, end: 9 }],
      before: [],
      after: [],
    },
  ]);
  assert.deepEqual(await search(context, { string: 'not there' }), []);
});

test('the attacks on ripgrep-js are only text that is found', async (t) => {
  const attacks = [
    'x ; touch PWNED',
    '$(touch PWNED)',
    '`touch PWNED`',
    "' ; touch PWNED #",
    '" && touch PWNED',
    '--files',
    '-e',
    '--pre=touch',
    '-',
    '$HOME',
    'a|b',
    '\\',
    '*',
    '{}',
    '%s',
  ];
  const context = tree(t, { 'a.txt': attacks.map((attack) => `[${attack}]\n`).join('') });
  for (const [index, attack] of attacks.entries()) {
    const found = await search(context, { string: `[${attack}]` });
    assert.deepEqual(
      found.map((match) => match.line_number),
      [index + 1],
      attack,
    );
    await Promise.allSettled([
      search(context, { string: attack }),
      search(context, { regex: attack }),
      search(context, { string: 'x', globs: [attack] }),
      search(context, { string: 'x', fileType: attack }),
    ]);
  }
  assert.deepEqual(fs.readdirSync(context.directory), ['a.txt']);
});

test('a literal with a line break, a NUL or many words is still only text', async (t) => {
  const long = 'long and longer '.repeat(500).trim();
  const context = tree(t, { 'a.txt': 'first.\n(second)\nthird', 'crlf.txt': 'first.\r\n(second)\r\n', 'long.txt': `${long}\n` });
  assert.deepEqual(await places(context, { string: 'first.\n(second)' }), ['a.txt:1', 'crlf.txt:1']);
  assert.deepEqual(await places(context, { string: 'a\0b' }), []);
  assert.deepEqual(await places(context, { string: long }), ['long.txt:1']);
});

test('a pattern of a megabyte is refused at once', async (t) => {
  const context = tree(t, { a: 'x' });
  for (const options of [{ string: 'z'.repeat(1 << 20) }, { regex: 'z'.repeat(1 << 20) }]) {
    assert.equal((await refusalOf(context, options)).code, 'SEARCH_REFUSED');
  }
});

test("an invalid regular expression is refused in ripgrep's own words", async (t) => {
  const context = tree(t, { a: 'x' });
  for (const [regex, words] of [
    ['foo(', /unclosed group/],
    ['[z-a]', /invalid character class range/],
    ['\\p{Nope}', /Unicode property not found/],
    ['a{100000000}', /exceeds size limit/],
    ['a\nb', /not allowed in a regex/],
  ] as const) {
    const refusal = await refusalOf(context, { regex });
    assert.deepEqual([refusal.code, refusal.exitCode], ['REGEX_INVALID', 2], regex);
    assert.match(refusal.message, words);
  }
});

test('an unknown language or a broken glob is refused, whatever is searched', async (t) => {
  const context = tree(t, { a: 'x' });
  for (const options of [
    { string: 'x', fileType: 'klingon' },
    { regex: 'x', globs: ['['] },
  ]) {
    const refusal = await refusalOf(context, options);
    assert.deepEqual([refusal.code, refusal.exitCode], ['SEARCH_REFUSED', 2]);
  }
});

test('globs, languages, paths, case and file size narrow a search', async (t) => {
  const context = tree(t, { 'a.ts': 'word', 'b.js': 'WORD', 'c.sh': 'word', 'sub/d.ts': 'word', 'big.txt': `word${'x'.repeat(2000)}` });
  assert.deepEqual(await places(context, { string: 'word', globs: ['*.ts', '!sub'] }), ['a.ts:1']);
  assert.deepEqual(await places(context, { string: 'word', fileType: ['typescript', 'shell'] }), ['a.ts:1', 'c.sh:1', 'sub/d.ts:1']);
  assert.deepEqual(await places(context, { string: 'word', fileType: 'javascript', ignoreCase: true }), ['b.js:1']);
  assert.deepEqual(await places(context, { string: 'word', paths: ['sub', 'a.ts'] }), ['sub/d.ts:1', 'a.ts:1']);
  assert.deepEqual(await places(context, { string: 'word', maxFileSizeBytes: 1000 }), ['a.ts:1', 'c.sh:1', 'sub/d.ts:1']);
});

test('hidden files are searched; .git, ignored and binary files are not', async (t) => {
  const context = tree(t, {
    '.hidden/a': 'word',
    '.git/b': 'word',
    '.gitignore': 'no\n',
    no: 'word',
    '.ignore': 'yes\n',
    yes: 'word',
    binary: 'word\0',
  });
  assert.deepEqual(await places(context, { string: 'word', globs: ['!binary'] }), ['.hidden/a:1', 'yes:1']);
});

test('each match has the lines around it, those of its neighbours too', async (t) => {
  const lines = Array.from({ length: 12 }, (_, index) =>
    index === 3 || index === 4 || index === 11 ? `hit ${index + 1}` : `line ${index + 1}`,
  );
  const context = tree(t, { 'a.txt': lines.join('\n'), 'b.txt': 'hit in b\nafter' });
  const found = await search(context, { string: 'hit', contextLines: 2 });
  const toLines = (texts: readonly string[]): string[] => texts.map((text) => text.trimEnd());
  assert.deepEqual(
    found.map((match) => [match.line_number, toLines(match.before), toLines(match.after)]),
    [
      [4, ['line 2', 'line 3'], ['hit 5', 'line 6']],
      [5, ['line 3', 'hit 4'], ['line 6', 'line 7']],
      [12, ['line 10', 'line 11'], []],
      [1, [], ['after']],
    ],
  );
  const [several] = await search(context, { regex: 'hit 4\\nhit 5', multiline: true, contextLines: 1 });
  assert.deepEqual([toLines(several!.before), toLines(several!.after)], [['line 3'], ['line 6']]);
});

test('names and lines that are not UTF-8 come through, with places that fit the text', async (t) => {
  const context = tree(t, {});
  const name = Buffer.from([0x61, 0xff]);
  fs.writeFileSync(Buffer.concat([Buffer.from(`${context.directory}/`), name]), Buffer.from('gr\u00FCn w\u00F6rd word\n', 'latin1'));
  const [match] = await search(context, { string: 'word' });
  assert.deepEqual(Buffer.from(match!.pathBytes!), name);
  assert.equal(match!.path.text, 'a\uFFFD');
  assert.equal(match!.lines.text, 'gr\uFFFDn w\uFFFDrd word\n');
  const { start, end } = match!.submatches[0]!;
  assert.equal(Buffer.from(match!.lines.text).subarray(start, end).toString(), 'word');
});

test('UTF-16 files are searched as text', async (t) => {
  const context = tree(t, { 'a.txt': Buffer.from('\uFEFFfirst\nthe w\u00F6rd\n', 'utf16le') });
  assert.deepEqual(await places(context, { string: 'w\u00F6rd' }), ['a.txt:2']);
});

test('a hundred megabytes of matches are streamed, and a limit ends ripgrep at once', async (t) => {
  const context = tree(t, { 'a.txt': `${'the same line again and again\n'.repeat(200)}${'x'.repeat(900_000)} again\n` });
  for (let copy = 1; copy < 60; copy += 1)
    fs.copyFileSync(path.join(context.directory, 'a.txt'), path.join(context.directory, `${copy}.txt`));
  let count = 0;
  let bytes = 0;
  for await (const match of context.ripgrep.search(context.directory, { string: 'again' })) {
    count += 1;
    bytes += match.lines.text.length;
  }
  assert.equal(count, 60 * 201);
  assert.ok(bytes > 50_000_000);
  assert.equal((await search(context, { string: 'again', limit: 3 })).length, 3);
  assert.equal((await search(context, { string: 'again', limit: 0 })).length, 0);
});

test('an open stdin of ours does not make ripgrep wait', async (t) => {
  const context = tree(t, { a: 'word' });
  const script = `
    import { createRipgrep } from ${JSON.stringify(pathToFileURL(path.resolve('src/platform/ripgrep.ts')).href)};
    import { createSpawn } from ${JSON.stringify(pathToFileURL(path.resolve('src/platform/spawn.ts')).href)};
    const ripgrep = createRipgrep(createSpawn(process.env, '.'));
    for await (const match of ripgrep.search(process.cwd(), { string: 'word' })) console.log(match.path.text);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: context.directory,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => child.kill());
  const output: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => output.push(part));
  assert.deepEqual(await once(child, 'close'), [0, null]);
  assert.equal(Buffer.concat(output).toString(), 'a\n');
});

test('a search that is not wanted any more ends with the reason', async (t) => {
  const context = tree(t, { a: 'word' });
  await assert.rejects(search(context, { string: 'word', signal: AbortSignal.abort(new Error('enough')) }), /enough/);
});

test('a configuration of the machine cannot start a program', async (t) => {
  const context = tree(t, { a: 'word', ripgreprc: '--pre=touch\n', x: 'x' });
  const ripgrep = createRipgrep(
    createSpawn({ PATH: process.env['PATH'], RIPGREP_CONFIG_PATH: path.join(context.directory, 'ripgreprc') }, context.directory),
  );
  const found = await gather(ripgrep.search(context.directory, { string: 'word' }));
  assert.deepEqual(
    found.map((match) => match.path.text),
    ['a'],
  );
});

test('an unreadable file does not end the search', { skip: process.getuid?.() === 0 ? 'root reads everything' : false }, async (t) => {
  const context = tree(t, { a: 'word', b: 'word' });
  fs.chmodSync(path.join(context.directory, 'a'), 0);
  assert.deepEqual(await places(context, { string: 'word' }), ['b:1']);
});
