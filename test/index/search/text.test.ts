import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Context, Ripgrep } from '../../../src/context.ts';
import { SophiaError } from '../../../src/errors.ts';
import { buildIndex } from '../../../src/index/indexer.ts';
import { search, type Answer } from '../../../src/index/search/search.ts';
import { contextFor, git } from '../../fakes/context.ts';
import { EVERYTHING } from '../../fakes/index-request.ts';

const noRipgrep: Ripgrep = {
  // oxlint-disable-next-line require-yield -- it fails before its first match
  search: async function* () {
    throw new SophiaError('TOOL_MISSING', { tool: 'rg', mend: 'Install it.' });
  },
};

async function indexed(t: TestContext, files: Readonly<Record<string, string>>, context = contextFor(t)): Promise<Context> {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(context.directory, name), text);
  await buildIndex(context, { root: context.directory, ...EVERYTHING });
  return context;
}

function ask(context: Context, text: string): Promise<Answer> {
  return search(context, { text, mode: 'auto', paths: [], languages: [], kind: null, limit: 10, contextLines: 1 });
}

test('without ripgrep the same literals and expressions are found, live edits included', async (t) => {
  const context = await indexed(t, { 'a.ts': 'one\nconst price = "$(5)";\nthree\n', 'b.ts': 'nothing here\n' });
  writeFileSync(path.join(context.directory, 'c.ts'), '// also $(5)\n');
  for (const query of ['"$(5)"', '/\\$\\(\\d\\)/']) {
    const withIt = await ask(context, query);
    const without = await ask({ ...context, ripgrep: noRipgrep }, query);
    const places = (answer: Answer): unknown => answer.hits.map(({ path: file, line, snippet, live }) => [file, line, snippet, live]);
    assert.deepEqual(places(without), places(withIt), query);
    assert.equal(without.hits.length, 2);
  }
});

test('without ripgrep an invalid expression is refused all the same', async (t) => {
  const context = await indexed(t, { 'a.ts': 'x\n' });
  await assert.rejects(ask({ ...context, ripgrep: noRipgrep }, '/(/'), { code: 'REGEX_INVALID', exitCode: 2 });
});

test('a bare repository answers with its files, not with those of git', async (t) => {
  const work = contextFor(t);
  git(work.directory, 'init', '-q');
  writeFileSync(path.join(work.directory, 'a.ts'), 'first\nthe ref: heads line\n');
  git(work.directory, 'add', '-A');
  git(work.directory, 'commit', '-q', '-m', 'one');
  const bare = contextFor(t);
  git(bare.directory, 'clone', '-q', '--bare', work.directory, '.');
  const context = await indexed(t, {}, bare);
  assert.deepEqual(
    (await ask(context, '"ref: "')).hits.map(({ path: file, line }) => [file, line]),
    [['a.ts', 2]],
  );
});

test('what a sparse checkout leaves out is searched like the rest', async (t) => {
  const work = contextFor(t);
  git(work.directory, 'init', '-q');
  mkdirSync(path.join(work.directory, 'sub'));
  const context = await indexed(t, { 'a.ts': 'needle here\n', 'sub/b.ts': 'first\nneedle there\n', 'sub/ü.ts': 'needle too\n' }, work);
  git(work.directory, 'add', '-A');
  git(work.directory, 'commit', '-q', '-m', 'one');
  const places = async (query: string): Promise<unknown> =>
    (await ask(context, query)).hits.map(({ path: file, line, snippet }) => [file, line, snippet]);
  const whole = { literal: await places('"needle"'), regex: await places('/need.e t/') };
  git(work.directory, 'sparse-checkout', 'set', '--no-cone', '/*', '!/sub/');
  assert.equal(existsSync(path.join(work.directory, 'sub')), false);
  assert.deepEqual({ literal: await places('"needle"'), regex: await places('/need.e t/') }, whole);
  assert.deepEqual(
    await places('/(?i)NEEDLE here/'),
    [['a.ts', 1, 'needle here']],
    'an expression that only ripgrep knows is answered from the disk',
  );
});

test('a language that does not exist is refused with the nearest one, one that is merely absent finds nothing', async (t) => {
  const context = await indexed(t, { 'a.ts': 'needle\n', 'b.txt': 'needle\n' });
  const files = async (language: string, text: string): Promise<readonly string[]> =>
    (await search(context, { text, mode: 'auto', paths: [], languages: [language], kind: null, limit: 10, contextLines: 1 })).hits.map(
      (hit) => hit.path,
    );
  for (const text of ['needle', '"needle"', 'sym:needle']) {
    assert.deepEqual(await files('rust', text), []);
    for (const [wrong, right] of [
      ['typscript', 'typescript'],
      ['TypeScript', 'typescript'],
      ['py', 'python'],
      ['.PS1', 'powershell'],
    ] as const)
      await assert.rejects(files(wrong, text), {
        code: 'LANGUAGE_UNKNOWN',
        exitCode: 2,
        message: `There is no language "${wrong}", did you mean "${right}"?`,
      });
    await assert.rejects(files('klingon', text), { code: 'LANGUAGE_UNKNOWN', message: 'There is no language "klingon"' });
  }
  assert.deepEqual(await files('text', 'needle'), ['b.txt']);
});

test('one very common text is answered, cut by path, and says so', async (t) => {
  const context = await indexed(t, Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`f${index}.ts`, 'same\n'.repeat(2500)])));
  const first = await ask(context, '"same"');
  assert.equal(first.isCut, true);
  assert.equal(first.hits.length, 10);
  assert.deepEqual((await ask(context, '"same"')).hits, first.hits);
});
