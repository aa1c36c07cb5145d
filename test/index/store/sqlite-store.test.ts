import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { openStore, openStoreForReading } from '../../../src/index/store/sqlite-store.ts';
import { describeStore, documentOf, type StoreUnderTest } from '../../contracts/context-store.ts';
import { contextFor, temporaryFolder } from '../../fakes/context.ts';

async function open(t: TestContext): Promise<StoreUnderTest> {
  const file = path.join(temporaryFolder(t), 'context.db');
  const { databases } = contextFor(t);
  return {
    store: await openStore(databases, file),
    reopen: async () => {
      const store = await openStoreForReading(databases, file);
      assert.ok(store !== null);
      return store;
    },
  };
}

describeStore('SQLite store', open);

test('a file that is no database, or was cut, is called damaged', async (t) => {
  const { databases } = contextFor(t);
  const folder = temporaryFolder(t);
  const noise = path.join(folder, 'noise.db');
  writeFileSync(noise, 'this is not a database, whatever its name says'.repeat(100));
  await assert.rejects(openStore(databases, noise), { code: 'STORE_CORRUPT' });
  await assert.rejects(openStoreForReading(databases, noise), { code: 'STORE_CORRUPT' });
});

test('a newer schema is refused and left alone, an older one begun anew', async (t) => {
  const { databases } = contextFor(t);
  const file = path.join(temporaryFolder(t), 'context.db');
  const store = await openStore(databases, file);
  const batch = store.begin('r');
  batch.put([documentOf('a.ts', 'word')]);
  batch.commit();
  store.close();
  const database = await databases.open(file);
  const current = Number(database.prepare('PRAGMA user_version').get()!['user_version']);
  database.exec(`PRAGMA user_version = ${current + 1}`);
  database.close();
  const bytes = readFileSync(file);
  await assert.rejects(openStore(databases, file), { code: 'STORE_NEWER', exitCode: 2 });
  assert.deepEqual(readFileSync(file), bytes);
  const again = await databases.open(file);
  again.exec(`PRAGMA user_version = ${current - 1}`);
  again.close();
  assert.equal(current === 1 ? null : await openStoreForReading(databases, file), null);
});

test('many small batches leave few segments, and every document findable', async (t) => {
  const { store } = await open(t);
  for (let index = 0; index < 60; index += 1) {
    const batch = store.begin('r');
    batch.put([documentOf(`f${index}.ts`, `common word${index}x`)]);
    if (index % 3 === 2) batch.remove([`f${index - 1}.ts`]);
    batch.commit();
  }
  assert.equal(store.search({ repository: 'r', query: 'common', limit: 100 }).length, 40);
  assert.deepEqual(
    store.search({ repository: 'r', query: 'word57x', limit: 5 }).map(({ id }) => id),
    ['f57.ts'],
  );
});

test('a cut file is noticed when it is read', async (t) => {
  const { databases } = contextFor(t);
  const file = path.join(temporaryFolder(t), 'context.db');
  const store = await openStore(databases, file);
  const batch = store.begin('r');
  batch.put(Array.from({ length: 300 }, (_, index) => documentOf(`f${index}.ts`, `word${index} `.repeat(50))));
  batch.commit();
  store.close();
  truncateSync(file, 20_000);
  await assert.rejects(
    async () => {
      const damaged = await openStore(databases, file);
      damaged.stats('r');
      damaged.catalogue('r');
      damaged.search({ repository: 'r', query: 'word1', limit: 1 });
    },
    { code: 'STORE_CORRUPT' },
  );
});

test('counts are kept with the rows, and taken again from rows that a program without counts has changed', async (t) => {
  const file = path.join(temporaryFolder(t), 'context.db');
  const { databases } = contextFor(t);
  const documents = ['a.ts', 'b.ts'].map((id) => documentOf(id, 'text', { language: id === 'a.ts' ? 'typescript' : null }));
  const changes = [
    ['', 2],
    ["UPDATE fact SET value = replace(value, '\"documents\":2', '\"documents\":7') WHERE key = '.counts'", 7],
    ["DELETE FROM document WHERE id = 'b.ts'; UPDATE repository SET generation = generation + 1", 1],
    ["UPDATE fact SET value = 'damaged' WHERE key = '.counts'", 1],
  ] as const;
  const store = await openStore(databases, file);
  const batch = store.begin('r');
  batch.put(documents);
  batch.commit();
  store.close();
  for (const [sql, expected] of changes) {
    const database = await databases.open(file);
    database.exec(sql);
    database.close();
    const reader = await openStoreForReading(databases, file);
    assert.equal(reader?.stats('r')?.documents, expected, sql);
    assert.deepEqual(Object.keys(reader?.stats('r')?.facts ?? {}), []);
    reader?.close();
  }
});
