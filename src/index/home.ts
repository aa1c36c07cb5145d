// Where an index lives: `.sophia/context.db` in the indexed directory, with the lock that says who writes it.
import { dirname, join } from 'node:path';
import type { Context } from '../context.ts';
import { SophiaError, systemCodeOf } from '../errors.ts';
import { openStore, openStoreForReading } from './store/sqlite-store.ts';
import type { ContextStore } from './store/store.ts';

const HOME = '.sophia';
const FILE = 'context.db';
const LOCK = 'index.lock';
const WAIT_MS = 200;

/** The repository's name in its own store: a store of one checkout knows it by place, not by remote. */
export const LOCAL_REPOSITORY = '.';

export interface Writing {
  readonly store: ContextStore;
  readonly path: string;
  /** Why the former index could not be used, or null. */
  readonly rebuilt: string | null;
  close(): void;
}

export interface WritingOptions {
  readonly shouldWait: boolean;
  /** What a former attempt found broken in the index: it is removed and begun anew. */
  readonly damage: string | null;
}

/** Opens the index for writing; waits for another writer only when asked to. A damaged index is moved away and begun anew. */
export async function openForWriting(context: Context, root: string, options: WritingOptions): Promise<Writing> {
  const home = join(root, HOME);
  makeHome(context, home);
  const lock = await takeLock(context, join(home, LOCK), options.shouldWait);
  const file = join(home, FILE);
  try {
    refuseIrregular(context, file);
    if (options.damage !== null) removeIndex(context, file);
    const { store, rebuilt } = await openOrRebuild(context, file);
    return {
      store,
      path: file,
      rebuilt: options.damage ?? rebuilt,
      close: () => {
        try {
          store.close();
        } finally {
          lock.release();
        }
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The index of exactly this directory, or an empty one in memory: nothing is written. */
export async function openToCompare(context: Context, root: string): Promise<Writing> {
  const path = join(root, HOME, FILE);
  const stored = isThere(context, path) ? await openStoreForReading(context.databases, path) : null;
  const store = stored ?? (await openStore(context.databases, ':memory:'));
  return { store, path, rebuilt: null, close: () => store.close() };
}

export interface Reading {
  readonly root: string;
  readonly store: ContextStore;
}

/** The index of this directory or the nearest one above it; null when there is none. */
export async function openForReading(context: Context, from: string): Promise<Reading | null> {
  for (let directory = from; ; directory = dirname(directory)) {
    const file = join(directory, HOME, FILE);
    if (isThere(context, file)) {
      const store = await openStoreForReading(context.databases, file);
      return store === null ? null : { root: directory, store };
    }
    if (directory === dirname(directory)) return null;
  }
}

/** Bytes on disk, the write-ahead log included. */
export function indexBytes(context: Context, root: string): number {
  return [FILE, `${FILE}-wal`].reduce((sum, name) => sum + (context.files.stat(join(root, HOME, name))?.sizeBytes ?? 0), 0);
}

/** `.sophia/` ignores itself, so that no one has to. */
function makeHome(context: Context, home: string): void {
  const kind = context.files.stat(home)?.kind ?? 'directory';
  // A repository may bring a link of this name, to a place where nothing of ours belongs.
  if (kind !== 'directory')
    throw new SophiaError('STORE_UNAVAILABLE', {
      path: home,
      reason: `it is a ${kind === 'other' ? 'special file' : kind}, not a directory`,
    });
  try {
    context.files.makeDirectory(home);
    const ignore = join(home, '.gitignore');
    if (!context.files.exists(ignore)) context.files.replace(ignore, '*\n');
  } catch (error) {
    throw toStoreError(home, error);
  }
}

function toStoreError(path: string, error: unknown): SophiaError {
  const code = systemCodeOf(error);
  const isFull = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
  return new SophiaError(isFull ? 'STORE_FULL' : 'STORE_UNAVAILABLE', { path, reason: code ?? String(error) }, { cause: error });
}

function isThere(context: Context, file: string): boolean {
  refuseIrregular(context, file);
  return context.files.exists(file);
}

/** SQLite would wait for ever at a pipe, and write where a link leads. */
function refuseIrregular(context: Context, file: string): void {
  const kind = context.files.stat(file)?.kind ?? 'file';
  if (kind !== 'file')
    throw new SophiaError('STORE_UNAVAILABLE', { path: file, reason: `it is a ${kind === 'other' ? 'special file' : kind}, not a file` });
}

async function takeLock(context: Context, file: string, shouldWait: boolean): Promise<{ release(): void }> {
  let isSaid = false;
  for (;;) {
    const lock = tryLock(context, file);
    if ('release' in lock) return lock;
    const reason = lock.heldBy === null ? `see ${file}` : `process ${lock.heldBy}`;
    if (!shouldWait) throw new SophiaError('STORE_BUSY', { path: dirname(file), reason });
    if (!isSaid) context.log.info(`waiting for another run (${reason}) to finish`);
    isSaid = true;
    await context.clock.sleep(WAIT_MS, context.signal);
    context.signal.throwIfAborted();
  }
}

function tryLock(context: Context, file: string): ReturnType<Context['files']['lock']> {
  try {
    return context.files.lock(file);
  } catch (error) {
    throw toStoreError(file, error);
  }
}

async function openOrRebuild(context: Context, file: string): Promise<{ store: ContextStore; rebuilt: string | null }> {
  try {
    return { store: await openStore(context.databases, file), rebuilt: null };
  } catch (error) {
    if (!(error instanceof SophiaError) || error.code !== 'STORE_CORRUPT') throw error;
    removeIndex(context, file);
    return { store: await openStore(context.databases, file), rebuilt: error.message };
  }
}

function removeIndex(context: Context, file: string): void {
  for (const name of ['', '-wal', '-shm']) context.files.remove(`${file}${name}`);
}
