import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { takeInventory } from '../../src/index/inventory.ts';
import { readWith } from '../../src/index/read-in-threads.ts';
import type { Read } from '../../src/index/reading.ts';
import { contextFor, git } from '../fakes/context.ts';

test('however many threads read, the same documents come in the same order', async (t) => {
  const context = contextFor(t);
  const root = context.directory;
  git(root, 'init', '-q');
  for (let index = 0; index < 1100; index += 1) {
    const file = path.join(root, `part${index % 7}`, `file${index}.ts`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(
      file,
      index % 90 === 0 ? Buffer.from([0, 1, 2]) : `import './other${index}.ts';\nexport function name${index}(): void {}\n`,
    );
  }
  const { entries } = await takeInventory(context, { root, include: [], exclude: [] });
  const request = { root, maxFileBytes: 1 << 20 };
  const readOn = async (threads: number): Promise<unknown> =>
    JSON.parse(JSON.stringify((await Array.fromAsync(readWith(context, threads, { entries, request }))).map(toPlain)));
  const alone = await readOn(1);
  assert.deepEqual(await readOn(2), alone);
  assert.equal((alone as unknown[]).length, 1100);
});

/** Bytes from a thread are a Uint8Array where ours are a Buffer. */
function toPlain(read: Read): object {
  return 'document' in read ? { ...read, document: { ...read.document, body: Buffer.from(read.document.body) } } : read;
}

test('a stopped run ends its threads', async (t) => {
  const stop = new AbortController();
  const context = contextFor(t, { signal: stop.signal });
  const root = context.directory;
  for (let index = 0; index < 1100; index += 1) writeFileSync(path.join(root, `file${index}.ts`), `export const a${index} = 1;\n`);
  const { entries } = await takeInventory(context, { root, include: [], exclude: [] });
  const reads = readWith(context, 2, { entries, request: { root, maxFileBytes: 1 << 20 } });
  await reads.next();
  stop.abort(new Error('stopped'));
  await assert.rejects(async () => {
    for await (const read of reads) assert.ok(read);
  }, /stopped/);
});
