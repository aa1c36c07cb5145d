// The index and its answers without a process of their own: what many tests need, at a fraction of the cost.
import type { TestContext } from 'node:test';
import type { Context } from '../../src/context.ts';
import { buildIndex, type IndexReport, type IndexRequest } from '../../src/index/indexer.ts';
import { search } from '../../src/index/search/search.ts';
import { contextFor } from '../fakes/context.ts';

export async function index(
  t: TestContext,
  root: string,
  request: Partial<IndexRequest> = {},
  context: Context = contextFor(t),
): Promise<IndexReport> {
  const defaults: IndexRequest = {
    root,
    isFull: false,
    historyLimit: 100,
    maxFileBytes: 1 << 20,
    include: [],
    exclude: [],
    shouldWait: false,
    isDryRun: false,
    threads: 1,
  };
  return await buildIndex(context, { ...defaults, ...request });
}

/** Hits as `path:line`. */
export async function find(t: TestContext, root: string, text: string, limit = 10): Promise<readonly string[]> {
  const question = { text, mode: 'auto', paths: [], languages: [], kind: null, limit, contextLines: 2 } as const;
  const { hits } = await search(contextFor(t, { directory: root }), question);
  return hits.map(({ path, line }) => `${path}:${line}`);
}
