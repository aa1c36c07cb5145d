import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import type { FileStat } from '../../src/context.ts';
import { files } from '../../src/platform/files.ts';
import { temporaryFolder } from '../fakes/context.ts';

function release(lock: ReturnType<typeof files.lock>): void {
  assert.ok('release' in lock, JSON.stringify(lock));
  lock.release();
}

test('a lock is held once, by this process, and can be taken again after its release', (t) => {
  const file = path.join(temporaryFolder(t), 'lock');
  const lock = files.lock(file);
  assert.deepEqual(files.lock(file), { heldBy: process.pid });
  release(lock);
  release(files.lock(file));
  assert.equal(fs.existsSync(file), false);
});

test('a lock of a process that ended, of another one with its number, or that is no lock, is taken over', (t) => {
  const file = path.join(temporaryFolder(t), 'lock');
  const ended = spawnSync(process.execPath, ['--version']).pid;
  for (const text of [`${ended}\n`, `${process.pid} another-boot-1\n`, '', 'no number\n', '-1\n', '99999999999999\n', '\0']) {
    fs.writeFileSync(file, text);
    release(files.lock(file));
  }
  fs.symlinkSync('/dev/zero', file);
  release(files.lock(file));
  execFileSync('mkfifo', [file]);
  release(files.lock(file));
  fs.mkdirSync(file);
  assert.throws(() => files.lock(file));
});

test('a file that says it is empty is not opened, since below /proc it may have no end', (t) => {
  const file = path.join(temporaryFolder(t), 'empty');
  fs.writeFileSync(file, '');
  assert.equal(files.read(file).length, 0);
  if (fs.existsSync('/proc/self/pagemap')) assert.equal(files.read('/proc/self/pagemap').length, 0);
  assert.throws(() => files.read(path.join(file, 'missing')));
  assert.throws(() => files.read(path.dirname(file)), /EISDIR/);
});

test('a plain file is read up to a limit; anything else is only told, and never waited for', (t) => {
  const folder = temporaryFolder(t);
  const at = (name: string): string => path.join(folder, name);
  fs.writeFileSync(at('file'), 'four');
  fs.writeFileSync(at('empty'), '');
  fs.symlinkSync('file', at('link'));
  execFileSync('mkfifo', [at('pipe')]);
  assert.equal(Buffer.from(files.readPlain(at('file'), 4) as Uint8Array).toString(), 'four');
  assert.deepEqual([...(files.readPlain(at('empty'), 0) as Uint8Array)], []);
  const kindOf = (name: string, maxBytes: number): string => (files.readPlain(at(name), maxBytes) as FileStat).kind;
  assert.equal(kindOf('file', 3), 'file');
  assert.equal(kindOf('pipe', 10), 'other');
  assert.equal(kindOf('.', 10), 'directory');
  assert.throws(() => files.readPlain(at('link'), 10), { code: 'ELOOP' });
  assert.throws(() => files.readPlain(at('nowhere'), 10), { code: 'ENOENT' });
});

test('folders are made with their parents, and one that cannot be made is an error and no endless loop', (t) => {
  const folder = temporaryFolder(t);
  files.makeDirectory(`${folder}/a/b/c`);
  files.makeDirectory(`${folder}/a/b/c/`);
  assert.ok(fs.statSync(`${folder}/a/b/c`).isDirectory());
  fs.symlinkSync(`${folder}/a`, `${folder}/link`);
  files.makeDirectory(`${folder}/link/d`);
  assert.ok(fs.statSync(`${folder}/a/d`).isDirectory());
  fs.writeFileSync(`${folder}/file`, '');
  for (const taken of ['file', 'file/below']) assert.throws(() => files.makeDirectory(`${folder}/${taken}`), { code: /EEXIST|ENOTDIR/ });
  if (fs.existsSync('/proc/self')) assert.throws(() => files.makeDirectory('/proc/sophia/below'), { code: 'ENOENT' });
});
