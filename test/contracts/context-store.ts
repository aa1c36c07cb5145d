// What every context store must do. A second store is put through it by calling `describeStore` with its own `open`.
import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import fc from 'fast-check';
import type { CodeSymbol } from '../../src/index/languages/language.ts';
import type { ContextDocument, ContextStore } from '../../src/index/store/store.ts';

export interface StoreUnderTest {
  /** A new, empty store. */
  readonly store: ContextStore;
  /** The same store, as another process would open it. */
  readonly reopen: () => Promise<ContextStore>;
}

export type OpenStore = (context: TestContext) => Promise<StoreUnderTest>;

const REPOSITORY = 'acme/app';

export function documentOf(id: string, body: string, more: Partial<ContextDocument> = {}): ContextDocument {
  return {
    id,
    type: 'code',
    title: id,
    kind: 'source',
    language: 'typescript',
    body: Buffer.from(body),
    symbols: [],
    imports: [],
    history: [],
    tags: [],
    metadata: {},
    contentId: Buffer.from(body).toString('hex').slice(0, 40).padEnd(40, '0'),
    ...more,
  };
}

export function symbolOf(name: string, line = 1): CodeSymbol {
  return { name, kind: 'function', container: null, line, endLine: line, signature: `function ${name}()`, exported: true };
}

function put(store: ContextStore, documents: readonly ContextDocument[], repository = REPOSITORY): number {
  const batch = store.begin(repository);
  batch.put(documents);
  return batch.commit();
}

function idsOf(store: ContextStore, query: string, repository = REPOSITORY): string[] {
  return store.search({ repository, query, limit: 10 }).map(({ id }) => id);
}

export function describeStore(name: string, open: OpenStore): void {
  describe(name, () => {
    test('knows nothing before the first batch', async (t) => {
      const { store } = await open(t);
      assert.equal(store.stats(REPOSITORY), null);
      assert.deepEqual(idsOf(store, 'anything'), []);
      assert.equal(store.get(REPOSITORY, 'a.ts'), null);
    });

    test('answers what was committed, also to another process', async (t) => {
      const { store, reopen } = await open(t);
      put(store, [documentOf('a.ts', 'the quick brown fox', { symbols: [symbolOf('jumpOver')], imports: ['./b.ts'] })]);
      const other = await reopen();
      for (const each of [store, other]) {
        assert.deepEqual(idsOf(each, 'brown'), ['a.ts']);
        const found = each.get(REPOSITORY, 'a.ts');
        assert.equal(found?.symbols[0]?.name, 'jumpOver');
        assert.deepEqual(found?.imports, ['./b.ts']);
        assert.equal(found?.sizeBytes, 19);
      }
    });

    test('shows nothing of a batch before it is committed, and nothing of an abandoned one', async (t) => {
      const { store, reopen } = await open(t);
      put(store, [documentOf('a.ts', 'first')]);
      const reader = await reopen();
      const batch = store.begin(REPOSITORY);
      batch.put([documentOf('b.ts', 'second')]);
      batch.remove(['a.ts']);
      assert.deepEqual(idsOf(reader, 'first'), ['a.ts']);
      assert.deepEqual(idsOf(reader, 'second'), []);
      batch.abandon();
      assert.deepEqual(idsOf(store, 'first'), ['a.ts']);
      assert.deepEqual(idsOf(store, 'second'), []);
    });

    test('replaces and removes documents, and their words with them', async (t) => {
      const { store } = await open(t);
      put(store, [documentOf('a.ts', 'apple'), documentOf('b.ts', 'apple pear')]);
      put(store, [documentOf('a.ts', 'plum')]);
      assert.deepEqual(idsOf(store, 'apple'), ['b.ts']);
      assert.deepEqual(idsOf(store, 'plum'), ['a.ts']);
      const batch = store.begin(REPOSITORY);
      batch.remove(['a.ts', 'never-there.ts']);
      batch.commit();
      assert.deepEqual(idsOf(store, 'plum'), []);
      assert.equal(store.stats(REPOSITORY)?.documents, 1);
    });

    test('counts generations by repository, only when something changed', async (t) => {
      const { store } = await open(t);
      assert.equal(put(store, [documentOf('a.ts', 'x')]), 1);
      assert.equal(put(store, []), 1);
      assert.equal(put(store, [documentOf('b.ts', 'y')]), 2);
      assert.equal(put(store, [documentOf('b.ts', 'y')], 'other'), 1);
    });

    test('reports what it holds, asked of its tables and not of a counter', async (t) => {
      const { store } = await open(t);
      put(store, [
        documentOf('a.ts', 'one two', { symbols: [symbolOf('f'), symbolOf('g', 2)] }),
        documentOf('b.md', 'three', { language: null }),
      ]);
      const stats = store.stats(REPOSITORY);
      assert.equal(stats?.documents, 2);
      assert.equal(stats?.symbols, 2);
      assert.equal(stats?.bytes, 12);
      assert.deepEqual({ ...stats?.languages }, { text: 1, typescript: 1 });
    });

    test('keeps facts with the state they belong to', async (t) => {
      const { store } = await open(t);
      const batch = store.begin(REPOSITORY);
      batch.setFacts({ commit: 'abc', stamp: '1' });
      batch.commit();
      const later = store.begin(REPOSITORY);
      later.setFacts({ commit: 'def' });
      later.abandon();
      assert.deepEqual({ ...store.stats(REPOSITORY)?.facts }, { commit: 'abc', stamp: '1' });
    });

    test('keeps repositories apart', async (t) => {
      const { store } = await open(t);
      put(store, [documentOf('a.ts', 'shared word')], 'one');
      put(store, [documentOf('b.ts', 'shared word')], 'two');
      assert.deepEqual(idsOf(store, 'shared', 'one'), ['a.ts']);
      assert.deepEqual(idsOf(store, 'shared', 'two'), ['b.ts']);
      assert.deepEqual(
        store
          .search({ query: 'shared', limit: 5 })
          .map(({ id }) => id)
          .sort(),
        ['a.ts', 'b.ts'],
      );
    });

    test('ranks every field: path, symbols and history find a document whose body does not have the word', async (t) => {
      const { store } = await open(t);
      const noise = Array.from({ length: 20 }, (_, index) => documentOf(`noise${index}.ts`, 'nothing of interest'));
      put(store, [
        ...noise,
        documentOf('src/throttle.ts', 'x'),
        documentOf('b.ts', 'y', { symbols: [symbolOf('backpressure')] }),
        documentOf('c.ts', 'z'),
      ]);
      const batch = store.begin(REPOSITORY);
      batch.setHistory(new Map([['c.ts', ['retry the upload when the network drops']]]));
      batch.commit();
      assert.deepEqual(idsOf(store, 'throttling'), ['src/throttle.ts']);
      assert.deepEqual(idsOf(store, 'backpressure'), ['b.ts']);
      assert.deepEqual(idsOf(store, 'upload'), ['c.ts']);
      const [hit] = store.search({ repository: REPOSITORY, query: 'upload', limit: 1 });
      assert.ok(hit!.why.history > 0 && hit!.why.body === 0);
      assert.deepEqual(store.get(REPOSITORY, 'c.ts')?.history, ['retry the upload when the network drops']);
      assert.deepEqual([...store.history(REPOSITORY)], [['c.ts', ['retry the upload when the network drops']]]);
    });

    test('keeps the history of a document that is put again, until another history replaces it', async (t) => {
      const { store, reopen } = await open(t);
      const batch = store.begin(REPOSITORY);
      batch.put([documentOf('a.ts', 'alpha'), documentOf('b.ts', 'beta')]);
      batch.setHistory(
        new Map([
          ['a.ts', ['retry the upload']],
          ['b.ts', ['paint the door']],
        ]),
      );
      batch.commit();
      put(store, [documentOf('a.ts', 'gamma')]);
      for (const each of [store, await reopen()]) {
        assert.deepEqual(idsOf(each, 'retry'), ['a.ts']);
        assert.deepEqual(idsOf(each, 'paint'), ['b.ts']);
        assert.deepEqual(each.get(REPOSITORY, 'a.ts')?.history, ['retry the upload']);
      }
      const next = store.begin(REPOSITORY);
      next.setHistory(new Map([['b.ts', ['close the window']]]));
      next.commit();
      assert.deepEqual(idsOf(store, 'retry paint'), []);
      assert.deepEqual(idsOf(store, 'window'), ['b.ts']);
    });

    test('puts the thing itself before its tests and copies', async (t) => {
      const { store } = await open(t);
      const body = 'export function parse() {}';
      put(store, [
        documentOf('a.test.ts', body, { kind: 'test' }),
        documentOf('vendor/a.ts', body, { kind: 'vendored' }),
        documentOf('z.ts', body),
      ]);
      assert.deepEqual(idsOf(store, 'parse'), ['z.ts', 'a.test.ts', 'vendor/a.ts']);
    });

    test('finds definitions by exact name', async (t) => {
      const { store } = await open(t);
      put(store, [documentOf('a.ts', 'x', { symbols: [symbolOf('parseConfig')] }), documentOf('b.ts', 'parseConfig parseconfig')]);
      assert.deepEqual(
        store.define(REPOSITORY, 'parseConfig', 10).map(({ id }) => id),
        ['a.ts'],
      );
      assert.deepEqual(store.define(REPOSITORY, 'parseconfig', 10), []);
      assert.deepEqual(store.define('other', 'parseConfig', 10), []);
    });

    test('takes any text as a query, never as a query language', async (t) => {
      const { store } = await open(t);
      put(store, [documentOf('a.ts', 'near and or not "quoted" star')]);
      const hostile = [
        'a AND (',
        '"x',
        'NEAR(',
        '*',
        '"',
        "'; DROP TABLE document; --",
        'col:x',
        '^',
        '\0',
        '\uD800',
        'x'.repeat(100_000),
        'star AND NOT near',
      ];
      for (const query of hostile) assert.doesNotThrow(() => store.search({ repository: REPOSITORY, query, limit: 5 }), query.slice(0, 20));
      assert.deepEqual(idsOf(store, 'star AND ('), ['a.ts']);
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), (query) => {
          store.search({ repository: REPOSITORY, query, limit: 3 });
        }),
        { numRuns: 200 },
      );
    });

    test('a query without a word has no hit', async (t) => {
      const { store } = await open(t);
      put(store, [documentOf('a.ts', 'a * b')]);
      for (const query of ['', '   ', '***', '()']) assert.deepEqual(idsOf(store, query), []);
    });

    test('orders equal scores by id, and gives no more than asked for', async (t) => {
      const { store } = await open(t);
      put(
        store,
        ['c', 'a', 'b', 'd'].map((id) => documentOf(id, 'same text', { title: 'x' })),
      );
      assert.deepEqual(
        store.search({ repository: REPOSITORY, query: 'same', limit: 3 }).map(({ id }) => id),
        ['a', 'b', 'c'],
      );
    });

    test('filters by language, kind and id', async (t) => {
      const { store } = await open(t);
      put(store, [
        documentOf('a.ts', 'word'),
        documentOf('b.py', 'word', { language: 'python' }),
        documentOf('c.test.ts', 'word', { kind: 'test' }),
      ]);
      const ids = (request: object): string[] =>
        store.search({ repository: REPOSITORY, query: 'word', limit: 9, ...request }).map(({ id }) => id);
      assert.deepEqual(ids({ languages: ['python'] }), ['b.py']);
      assert.deepEqual(ids({ kinds: ['test'] }), ['c.test.ts']);
      assert.deepEqual(ids({ accepts: (id: string) => id.startsWith('a') }), ['a.ts']);
    });

    test('ranks live documents as if they were stored', async (t) => {
      const { store } = await open(t);
      const documents = [documentOf('a.ts', 'alpha beta'), documentOf('b.ts', 'beta gamma gamma'), documentOf('c.ts', 'alpha')];
      put(store, documents);
      const changed = documentOf('b.ts', 'alpha alpha delta');
      const live = store.search({
        repository: REPOSITORY,
        query: 'alpha',
        limit: 9,
        live: { documents: [changed], hidden: new Set(['b.ts', 'c.ts']) },
      });
      const batch = store.begin(REPOSITORY);
      batch.put([changed]);
      batch.remove(['c.ts']);
      batch.commit();
      const stored = store.search({ repository: REPOSITORY, query: 'alpha', limit: 9 });
      assert.deepEqual(
        live.map(({ isLive, ...hit }) => hit),
        stored.map(({ isLive, ...hit }) => hit),
      );
      assert.deepEqual(
        live.map(({ id, isLive }) => [id, isLive]),
        [
          ['b.ts', true],
          ['a.ts', false],
        ],
      );
    });

    test('however it was built, the same documents give the same digest and the same ranking', async (t) => {
      const words = ['alpha', 'beta', 'gammaDelta', 'epsilon_zeta', 'files', 'file'];
      const document = fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        words: fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 }),
      });
      const step = fc.record({
        put: fc.array(document, { maxLength: 3 }),
        remove: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
          const grown = (await open(t)).store;
          const state = new Map<string, ContextDocument>();
          for (const { put: puts, remove } of steps) {
            const batch = grown.begin(REPOSITORY);
            batch.remove(remove);
            for (const id of remove) state.delete(id);
            for (const { id, words: text } of puts) {
              const each = documentOf(id, text.join(' '), { symbols: text.slice(0, 1).map((name) => symbolOf(name)) });
              state.set(id, each);
              batch.put([each]);
            }
            batch.commit();
          }
          const fresh = (await open(t)).store;
          put(fresh, [...state.values()].reverse());
          assert.equal(grown.stats(REPOSITORY)?.digest, fresh.stats(REPOSITORY)?.digest);
          for (const query of ['alpha', 'gamma', 'file epsilon', 'beta alpha zeta']) {
            assert.deepEqual(
              grown.search({ repository: REPOSITORY, query, limit: 9 }),
              fresh.search({ repository: REPOSITORY, query, limit: 9 }),
            );
          }
          grown.close();
          fresh.close();
        }),
        {
          numRuns: 15,
          examples: [
            [
              [
                { put: [{ id: 'a', words: ['alpha'] }], remove: [] },
                { put: [], remove: ['a'] },
              ],
            ],
          ],
        },
      );
    });

    test('clearing forgets a repository and leaves the others', async (t) => {
      const { store } = await open(t);
      put(store, [documentOf('a.ts', 'word')], 'one');
      put(store, [documentOf('b.ts', 'word')], 'two');
      const batch = store.begin('one');
      batch.clear();
      batch.put([documentOf('c.ts', 'other')]);
      batch.commit();
      assert.deepEqual(idsOf(store, 'word', 'one'), []);
      assert.deepEqual(idsOf(store, 'other', 'one'), ['c.ts']);
      assert.deepEqual(idsOf(store, 'word', 'two'), ['b.ts']);
    });

    test('tells where names occur', async (t) => {
      const { store } = await open(t);
      put(store, [documentOf('a.ts', 'parseConfig parse_config other'), documentOf('b.ts', 'nothing')]);
      const seen: unknown[] = [];
      store.occurrences(REPOSITORY, ['parseConfig', 'absentName'], (...each) => seen.push(each));
      assert.deepEqual(seen, [['parseConfig', 'a.ts', 2]]);
    });
  });
}
