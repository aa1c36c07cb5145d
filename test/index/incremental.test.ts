// However a tree came to be what it is: an index that grew with it is the index of it built at once.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import type { Context } from '../../src/context.ts';
import type { IndexReport } from '../../src/index/indexer.ts';
import { contextFor, git, temporaryFolder } from '../fakes/context.ts';
import { index } from './runs.ts';

const LATER_MS = 60_000;

const PATHS = ['a.ts', 'b.ts', 'c.log', 'deep/d.ts', 'deep/e.log', 'deep/er/f.ts', 'new.ts', 'deep/new.ts', 'other/g.ts'] as const;
const RULES = ['', '*.log\n', 'deep/\n', '/b.ts\n*.log\n', '!c.log\n'] as const;
const name = fc.constantFrom(...PATHS);
const rules = fc.constantFrom(...RULES);

const STEP = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('edit' as const), path: name, number: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), path: fc.constantFrom(...PATHS, 'deep/.sophiaignore') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('make binary' as const), path: name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('make a link' as const), path: name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('touch' as const), path: name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('revert' as const), path: name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stage' as const), path: name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('commit' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reset' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('switch' as const), to: fc.constantFrom('main', 'side') }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('ignore' as const), file: fc.constantFrom('.gitignore', 'deep/.gitignore'), rules }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('ignore' as const), file: fc.constantFrom('.sophiaignore', 'deep/.sophiaignore'), rules }),
  },
);
type Step = typeof STEP extends fc.Arbitrary<infer Value> ? Value : never;

function write(root: string, name: string, content: string | Uint8Array): void {
  fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  fs.rmSync(path.join(root, name), { force: true });
  fs.writeFileSync(path.join(root, name), content);
}

function take(root: string, step: Step): void {
  switch (step.do) {
    case 'edit':
      return write(root, step.path, `export const value${step.number} = ${step.number};\n`);
    case 'remove':
      return fs.rmSync(path.join(root, step.path), { force: true });
    case 'make binary':
      return write(root, step.path, Uint8Array.of(0, 1, 2));
    case 'make a link':
      write(root, step.path, '');
      fs.rmSync(path.join(root, step.path));
      return fs.symlinkSync('nowhere', path.join(root, step.path));
    case 'touch':
      if (fs.existsSync(path.join(root, step.path))) fs.utimesSync(path.join(root, step.path), 1, 1);
      return;
    case 'revert':
      if (git(root, 'ls-files', step.path) !== '') git(root, 'checkout', '-q', '--', step.path);
      return;
    case 'stage':
      git(root, 'add', '-A', '-f', ...(fs.lstatSync(path.join(root, step.path), { throwIfNoEntry: false }) ? [step.path] : ['.']));
      return;
    case 'commit':
      git(root, 'add', '-A');
      git(root, 'commit', '-q', '--allow-empty', '-m', 'work');
      return;
    case 'reset':
      git(root, 'reset', '-q', '--hard');
      return;
    case 'switch':
      git(root, 'checkout', '-q', '-f', step.to);
      return;
    case 'ignore':
      return write(root, step.file, step.rules);
  }
}

function repository(t: TestContext): string {
  const root = fs.realpathSync(temporaryFolder(t));
  git(root, 'init', '-q', '--initial-branch=main');
  for (const name of ['a.ts', 'b.ts', 'deep/d.ts', 'deep/er/f.ts', 'other/g.ts'])
    write(root, name, `export const ${path.basename(name, '.ts')} = 1;\n`);
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '-m', 'first');
  git(root, 'checkout', '-q', '-b', 'side');
  take(root, { do: 'edit', path: 'a.ts', number: 9 });
  take(root, { do: 'remove', path: 'b.ts' });
  take(root, { do: 'commit' });
  git(root, 'checkout', '-q', 'main');
  return root;
}

/** The same tree, never indexed. */
function copyOf(t: TestContext, root: string): string {
  const copy = fs.realpathSync(temporaryFolder(t));
  fs.cpSync(root, copy, {
    recursive: true,
    preserveTimestamps: true,
    verbatimSymlinks: true,
    filter: (file) => path.basename(file) !== '.sophia',
  });
  return copy;
}

/** Without what is ignored: a file that only comes to be ignored changes nothing that would be looked at. */
function factsOf({ stats, skipped }: IndexReport): object {
  const leftOut = skipped.filter(({ reason }) => reason !== 'ignored');
  return {
    digest: stats?.digest,
    documents: stats?.documents,
    bytes: stats?.bytes,
    languages: stats?.languages,
    skipped: leftOut.map(({ path: file, reason }) => `${file} ${reason}`).sort(),
  };
}

const RULED: readonly Step[] = [{ do: 'ignore', file: 'deep/.sophiaignore', rules: '*.log\n' }, { do: 'commit' }];
/** What chance seldom finds. */
const HARD: readonly (readonly Step[])[] = [
  [...RULED, { do: 'edit', path: 'deep/e.log', number: 1 }, { do: 'edit', path: 'deep/e.log', number: 2 }],
  [{ do: 'edit', path: 'deep/e.log', number: 1 }, ...RULED, { do: 'remove', path: 'deep/.sophiaignore' }],
  [{ do: 'edit', path: 'a.ts', number: 1 }, { do: 'stage', path: 'a.ts' }, { do: 'reset' }],
];

test('an index that grew step by step is the index of the tree built at once, whatever the steps', async (t) => {
  const later = contextFor(t, { clock: { now: () => Date.now() + LATER_MS } });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(STEP, fc.boolean()), { minLength: 1, maxLength: 8 }), async (steps) => {
      const root = repository(t);
      await index(t, root);
      for (const [step, isTrusted] of steps) {
        take(root, step);
        await index(t, root, {}, isTrusted ? later : contextFor(t));
      }
      const grown = await index(t, root);
      const { changed } = grown;
      assert.deepEqual(factsOf(grown), factsOf(await index(t, copyOf(t, root))));
      assert.equal(grown.expectedDocuments, grown.stats?.documents);
      assert.deepEqual([changed.added, changed.modified, changed.removed, grown.filesRead], [0, 0, 0, 0]);
    }),
    { numRuns: 15, examples: HARD.map((steps) => [steps.map((step) => [step, true])]) },
  );
});

test('a second edit of one file asks git neither for its listing nor for what it ignores, and reads that file only', async (t) => {
  const root = repository(t);
  write(root, 'a.ts', 'export const second = 2;\n');
  await index(t, root);
  write(root, 'a.ts', 'export const third = 3;\n');
  const asked: string[] = [];
  const plain = contextFor(t);
  const watched: Context = {
    ...plain,
    git: {
      ...plain.git,
      run: async (directory, args, options) => {
        asked.push(args[0]!);
        return await plain.git.run(directory, args, options);
      },
    },
  };
  const report = await index(t, root, {}, watched);
  assert.deepEqual(report.changed, { added: 0, modified: 1, removed: 0, unchanged: 4 });
  assert.equal(report.filesRead, 1);
  assert.deepEqual(asked, []);
});
