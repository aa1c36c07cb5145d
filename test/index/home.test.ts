import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { SCHEMA_VERSION } from '../../src/index/store/schema.ts';
import { contextFor, temporaryFolder } from '../fakes/context.ts';
import { find, index } from './runs.ts';

/** A directory with an index of some size, and where its file is. */
async function indexed(t: TestContext): Promise<{ root: string; file: string; digest: string | undefined }> {
  const root = fs.realpathSync(temporaryFolder(t));
  for (let number = 0; number < 40; number += 1) {
    fs.writeFileSync(path.join(root, `f${number}.ts`), `export function needle${number}(a: string) { return a + 'word${number}'; }\n`);
  }
  const { stats } = await index(t, root);
  return { root, file: path.join(root, '.sophia/context.db'), digest: stats?.digest };
}

test('a half-written or overwritten index is never believed, and rebuilt as it was', async (t) => {
  const { root, file, digest } = await indexed(t);
  const whole = fs.readFileSync(file);
  const garbage = Buffer.alloc(5000, 'garbage');
  const broken = [50, 100, 4096, whole.length >> 1, whole.length - 4096].map((size) => whole.subarray(0, size));
  for (const bytes of [...broken, garbage, Buffer.concat([whole.subarray(0, 4096), garbage, whole.subarray(4096 + garbage.length)])]) {
    fs.writeFileSync(file, bytes);
    await assert.rejects(find(t, root, 'needle7'), { code: 'STORE_CORRUPT' }, String(bytes.length));
    const report = await index(t, root);
    assert.match(report.rebuilt ?? '', /damaged/, String(bytes.length));
    assert.equal(report.stats?.digest, digest);
    assert.deepEqual(await find(t, root, 'needle7'), ['f7.ts:1']);
  }
});

test('an empty file is an index that was not begun, and garbage beside a whole one does no harm', async (t) => {
  const { root, file, digest } = await indexed(t);
  for (const name of ['-wal', '-shm']) {
    fs.writeFileSync(`${file}${name}`, Buffer.alloc(100_000, 'garbage'));
    assert.deepEqual(await find(t, root, 'needle7'), ['f7.ts:1'], name);
    assert.equal((await index(t, root)).stats?.digest, digest, name);
  }
  fs.writeFileSync(file, '');
  await assert.rejects(find(t, root, 'needle7'), { code: 'NOT_INDEXED' });
  assert.equal((await index(t, root)).stats?.digest, digest);
});

test('what is kept with the index and cannot be read any more makes it damaged, not the program', async (t) => {
  const { root, file, digest } = await indexed(t);
  execute(file, "UPDATE fact SET value = '{broken'");
  await assert.rejects(find(t, root, 'needle7'), { code: 'STORE_CORRUPT' });
  assert.equal((await index(t, root)).stats?.digest, digest);
});

test('a newer schema is refused with exit 2 and left as it is', async (t) => {
  const { root, file } = await indexed(t);
  execute(file, `PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
  const before = fs.readFileSync(file);
  await assert.rejects(find(t, root, 'needle7'), { code: 'STORE_NEWER', exitCode: 2 });
  for (const isFull of [false, true]) await assert.rejects(index(t, root, { isFull }), { code: 'STORE_NEWER', exitCode: 2 });
  assert.deepEqual(fs.readFileSync(file), before);
});

test('a link leads nothing of ours out of the directory, and a pipe is not waited for', async (t) => {
  const outside = temporaryFolder(t);
  const make: readonly ((home: string) => void)[] = [
    (home) => fs.symlinkSync(outside, home),
    (home) => fs.writeFileSync(home, 'in the way'),
    (home) => fs.symlinkSync(path.join(outside, 'victim'), path.join(folder(home), 'context.db')),
    (home) => execFileSync('mkfifo', [path.join(folder(home), 'context.db')]),
    (home) => fs.mkdirSync(path.join(folder(home), 'context.db')),
    (home) => fs.mkdirSync(path.join(folder(home), 'index.lock')),
  ];
  for (const place of make) {
    const root = temporaryFolder(t);
    fs.writeFileSync(path.join(root, 'a.ts'), 'export const a = 1;\n');
    place(path.join(root, '.sophia'));
    await assert.rejects(index(t, root), { code: 'STORE_UNAVAILABLE', exitCode: 4 });
    await assert.rejects(find(t, root, 'a'), { name: 'SophiaError' });
    assert.deepEqual(fs.readdirSync(outside), []);
  }
});

test('a full disk is told as such wherever it shows first, and the lock is released', async (t) => {
  const { root } = await indexed(t);
  const real = contextFor(t);
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  const refuse = (): never => {
    throw full;
  };
  await assert.rejects(index(t, root, {}, { ...real, files: { ...real.files, lock: refuse } }), { code: 'STORE_FULL' });
  fs.rmSync(path.join(root, '.sophia/.gitignore'));
  await assert.rejects(index(t, root, {}, { ...real, files: { ...real.files, replace: refuse } }), { code: 'STORE_FULL' });
  assert.equal(fs.existsSync(path.join(root, '.sophia/index.lock')), false);
  assert.deepEqual(await find(t, root, 'needle7'), ['f7.ts:1']);
});

function folder(home: string): string {
  fs.mkdirSync(home, { recursive: true });
  return home;
}

function execute(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}
