import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { DirectoryEntry, Files, FileStat, Path } from '../context.ts';
import { systemCodeOf } from '../errors.ts';
import { machine } from './machine.ts';

export const files: Files = {
  read,
  readText: (file) => fs.readFileSync(toNative(file), 'utf8'),
  readPlain,
  stat,
  exists: (file) => stat(file) !== null,
  list,
  scan,
  makeDirectory,
  replace: (file, bytes) => {
    const temporary = writeBeside(file, bytes);
    try {
      fs.renameSync(temporary, file);
    } catch (error) {
      fs.rmSync(temporary, { force: true });
      throw error;
    }
  },
  create: (file, bytes, options) => {
    const temporary = writeBeside(file, bytes, options?.isSecret === true ? 0o600 : 0o644);
    try {
      fs.linkSync(temporary, file); // unlike rename, fails where the name is taken
    } finally {
      fs.rmSync(temporary, { force: true });
    }
  },
  rename: (from, to) => {
    fs.renameSync(from, to);
  },
  link: (from, to) => {
    fs.linkSync(from, to);
  },
  append: (file, text) => {
    fs.appendFileSync(file, text);
  },
  remove: (file) => {
    fs.rmSync(file, { force: true, recursive: true });
  },
  realPath: (file) => fs.realpathSync.native(file),
  lock,
  temporaryDirectory: (prefix) => fs.mkdtempSync(path.join(os.tmpdir(), prefix)),
};

function toNative(file: Path): string | Buffer {
  return typeof file === 'string' ? file : Buffer.from(file.buffer, file.byteOffset, file.byteLength);
}

/** What says that it is empty is not opened: below /proc such a file can be without end, or wait for ever. */
function read(file: Path): Uint8Array {
  const native = toNative(file);
  const found = fs.statSync(native);
  return found.isFile() && found.size === 0 ? new Uint8Array() : fs.readFileSync(native);
}

/** Windows has neither flag. */
const PLAIN = fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0) | (fs.constants.O_NONBLOCK ?? 0);

function readPlain(file: string, maxBytes: number): Uint8Array | FileStat {
  const descriptor = fs.openSync(file, PLAIN);
  try {
    const found = fs.fstatSync(descriptor);
    if (!found.isFile() || found.size > maxBytes) return toFileStat(found);
    const bytes = Buffer.allocUnsafe(found.size);
    let length = 0;
    while (length < bytes.length) {
      const count = fs.readSync(descriptor, bytes, length, bytes.length - length, null);
      if (count === 0) break; // cut off meanwhile
      length += count;
    }
    return length === bytes.length ? bytes : bytes.subarray(0, length);
  } finally {
    fs.closeSync(descriptor);
  }
}

function stat(file: Path): FileStat | null {
  try {
    const found = fs.lstatSync(toNative(file), { throwIfNoEntry: false });
    return found === undefined ? null : toFileStat(found);
  } catch {
    return null; // ENOTDIR, EACCES, ENAMETOOLONG, a NUL in the name: nothing that can be looked at
  }
}

function toFileStat(found: fs.Stats): FileStat {
  return {
    kind: kindOf(found),
    sizeBytes: found.size,
    mtimeMs: found.mtimeMs,
    ctimeMs: found.ctimeMs,
    inode: found.ino,
    executable: (found.mode & 0o111) !== 0,
  };
}

function kindOf(found: fs.Stats | fs.Dirent<string | Buffer>): FileStat['kind'] {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'directory';
  return found.isSymbolicLink() ? 'symlink' : 'other';
}

function scan(directory: Path): readonly DirectoryEntry[] {
  const entries = fs.readdirSync(toNative(directory), { withFileTypes: true });
  if (!entries.some(({ name }) => name.includes('\uFFFD'))) return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
  return fs.readdirSync(toNative(directory), { withFileTypes: true, encoding: 'buffer' }).map((entry) => ({
    name: isUtf8(entry.name) ? entry.name.toString() : entry.name,
    kind: kindOf(entry),
  }));
}

/** Parents first. Node's own way is never done where a folder that is there takes none, as /proc and a folder that was removed do. */
function makeDirectory(directory: string): void {
  if (fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = path.dirname(directory);
  if (parent !== directory) makeDirectory(parent);
  try {
    fs.mkdirSync(directory);
  } catch (error) {
    // Another process may have been faster.
    if (fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

function list(directory: string): readonly string[] {
  try {
    return fs.readdirSync(directory).sort();
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** A complete, synced temporary file in the same folder; the caller moves it to its name. */
function writeBeside(file: string, bytes: Uint8Array | string, mode = 0o644): string {
  const temporary = path.join(path.dirname(file), `.${path.basename(file).slice(0, 80)}.${randomBytes(6).toString('hex')}.tmp`);
  const descriptor = fs.openSync(temporary, 'wx', mode);
  try {
    fs.writeFileSync(descriptor, bytes);
    fs.fsyncSync(descriptor);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  } finally {
    fs.closeSync(descriptor);
  }
  return temporary;
}

function lock(file: string): { release(): void } | { heldBy: number | null } {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    if (writeLock(file)) return { release: () => fs.rmSync(file, { force: true }) };
    const heldBy = ownerOf(file) ?? ownerOfYoung(file);
    if (heldBy !== null) return { heldBy };
    fs.rmSync(file, { force: true }); // its owner died without releasing it
  }
  return { heldBy: null };
}

/** False where the file is there already. A lock that could not be written whole is not left behind. */
function writeLock(file: string): boolean {
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, 'wx', 0o644);
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    fs.writeFileSync(descriptor, `${process.pid} ${birthOf(process.pid) ?? ''}\n`);
  } catch (error) {
    fs.rmSync(file, { force: true });
    throw error;
  } finally {
    fs.closeSync(descriptor);
  }
  return true;
}

/** The living process that wrote the lock, or null: it ended, or the file was never a whole lock. */
function ownerOf(file: string): number | null {
  if (stat(file)?.kind !== 'file') return null;
  const [pid = '', birth = ''] = fs.readFileSync(file, 'utf8').trim().split(' ');
  const owner = Number(pid);
  if (!Number.isSafeInteger(owner) || owner <= 0 || !machine.isAlive(owner)) return null;
  // Numbers are used again, in a container after each start.
  return birth === '' || birth === birthOf(owner) ? owner : null;
}

const YOUNG_MS = 20;

/** Between making a lock and writing into it another process is a moment away from being its owner. */
function ownerOfYoung(file: string): number | null {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, YOUNG_MS);
  try {
    return ownerOf(file);
  } catch {
    return null;
  }
}

/** On which boot of the machine, and when since then; null where the system does not tell. */
function birthOf(pid: number): string | null {
  const birth = machine.birthOf(pid);
  return birth === null ? null : `${machine.bootId ?? ''}-${birth}`;
}
