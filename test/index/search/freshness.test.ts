// A tree that is edited, indexed in between, and edited on: an answer is about what is there now.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { buildIndex } from '../../../src/index/indexer.ts';
import { search } from '../../../src/index/search/search.ts';
import { contextFor, git } from '../../fakes/context.ts';
import { EVERYTHING } from '../../fakes/index-request.ts';

test('whatever was edited when the index was made, an answer is about what is there now', async (t) => {
  const context = contextFor(t);
  const root = context.directory;
  const write = (file: string, text: string): void => writeFileSync(path.join(root, file), text);
  const find = async (text: string): Promise<readonly string[]> => {
    const question = { text, mode: 'words', paths: [], languages: [], kind: null, limit: 10, contextLines: 0 } as const;
    const { hits, freshness } = await search(context, question);
    return [...hits.map((hit) => `${hit.path}${hit.live === true ? ' live' : ''}`), `${freshness.live_files} changed`];
  };
  const words = async (): Promise<unknown> => ({ alpha: await find('alpha'), beta: await find('beta'), gamma: await find('gamma') });
  git(root, 'init', '-q');
  for (const file of ['a.ts', 'b.ts', 'c.ts']) write(file, `// alpha ${file}\n`);
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '-m', 'one');
  write('a.ts', '// beta\n');
  write('new.ts', '// beta too\n');
  await buildIndex(context, { root, ...EVERYTHING });
  assert.deepEqual(await words(), { alpha: ['b.ts', 'c.ts', '0 changed'], beta: ['a.ts', 'new.ts', '0 changed'], gamma: ['0 changed'] });

  write('a.ts', '// gamma\n');
  assert.deepEqual(await words(), {
    alpha: ['b.ts', 'c.ts', '1 changed'],
    beta: ['new.ts', '1 changed'],
    gamma: ['a.ts live', '1 changed'],
  });
  write('b.ts', '// beta\n');
  rmSync(path.join(root, 'new.ts'));
  assert.deepEqual(await words(), { alpha: ['c.ts', '2 changed'], beta: ['b.ts live', '2 changed'], gamma: ['a.ts live', '2 changed'] });
  git(root, 'checkout', '-q', '--', '.');
  assert.deepEqual(await words(), { alpha: ['a.ts live', 'b.ts', 'c.ts', '1 changed'], beta: ['1 changed'], gamma: ['1 changed'] });
  git(root, 'rm', '-q', 'c.ts');
  write('.sophiaignore', 'b.ts\n');
  assert.deepEqual((await find('alpha')).slice(0, -1), ['a.ts live']);
});
