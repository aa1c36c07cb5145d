import type { DatabaseSync, StatementSync } from 'node:sqlite';
import process from 'node:process';
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Database, Databases, SqlValue } from '../context.ts';
import { SophiaError, systemCodeOf } from '../errors.ts';

export const databases: Databases = {
  open: async (path, options = {}) => {
    const { DatabaseSync } = await importQuietly();
    if (options.readOnly !== true) return guard(path, () => wrap(path, new DatabaseSync(path, { timeout: BUSY_MS })));
    return guard(path, () => wrap(path, openReadOnly(path, DatabaseSync)));
  },
};

const BUSY_MS = 5000;

/** Node 22 calls SQLite experimental at each start, which says nothing to whoever runs a command. */
async function importQuietly(): Promise<{ readonly DatabaseSync: typeof DatabaseSync }> {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => {};
  try {
    return await import('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Where the folder cannot be written or the disk is full, not even a reader's shared memory can be made: then nobody writes the file either. */
function openReadOnly(path: string, Sqlite: typeof DatabaseSync): DatabaseSync {
  const database = new Sqlite(path, { readOnly: true, timeout: BUSY_MS });
  try {
    database.prepare('SELECT 1 FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    const hasNoSharedMemory =
      primaryCodeOf(error) === CANNOT_OPEN || primaryCodeOf(error) === READ_ONLY || SHARED_MEMORY_CODES.has(codeOf(error));
    // What is in the log only, nobody can read without shared memory.
    if (!hasNoSharedMemory || (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) throw error;
    const url = pathToFileURL(path);
    url.searchParams.set('immutable', '1');
    return new Sqlite(url, { readOnly: true });
  }
}

function wrap(path: string, database: DatabaseSync): Database {
  return {
    exec: (sql) => guard(path, () => database.exec(sql)),
    prepare: (sql) => {
      const statement = guard(path, () => database.prepare(sql));
      return {
        run: (...values) => {
          guard(path, () => statement.run(...values));
        },
        get: (...values) => guard(path, () => statement.get(...values)),
        all: (...values) => guard(path, () => statement.all(...values)),
        lists: (...values) => guard(path, () => listsOf(statement, values)),
        iterate: (...values) => guardEach(path, statement.iterate(...values)),
      };
    },
    close: () => database.close(),
  };
}

function listsOf(statement: StatementSync, values: SqlValue[]): SqlValue[][] {
  statement.setReturnArrays(true);
  try {
    return statement.all(...values) as unknown as SqlValue[][];
  } finally {
    statement.setReturnArrays(false);
  }
}

// https://www.sqlite.org/rescode.html, primary codes
const READ_ONLY = 8;
const IO_ERROR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const NOT_A_DATABASE = 26;
const BUSY = 5;

// Extended codes: what a full disk, or a limit on the size of files, does to the log and to the shared memory.
const IO_ERROR_WRITE = 778;
const IO_ERROR_SHM_SIZE = 4874;
const SHARED_MEMORY_CODES: ReadonlySet<number> = new Set([4618, IO_ERROR_SHM_SIZE, 5130, 5386]);

function* guardEach<Value>(path: string, values: Iterable<Value>): Generator<Value> {
  try {
    yield* values;
  } catch (error) {
    throw toStoreError(path, error);
  }
}

function guard<Value>(path: string, action: () => Value): Value {
  try {
    return action();
  } catch (error) {
    throw toStoreError(path, error);
  }
}

function toStoreError(path: string, error: unknown): unknown {
  if (systemCodeOf(error) !== 'ERR_SQLITE_ERROR' || !(error instanceof Error)) return error;
  const details = { path, reason: error.message };
  if (codeOf(error) === IO_ERROR_WRITE || codeOf(error) === IO_ERROR_SHM_SIZE)
    return new SophiaError('STORE_FULL', details, { cause: error });
  switch (primaryCodeOf(error)) {
    case CORRUPT:
    case NOT_A_DATABASE:
      return new SophiaError('STORE_CORRUPT', details, { cause: error });
    case FULL:
      return new SophiaError('STORE_FULL', details, { cause: error });
    case READ_ONLY:
    case CANNOT_OPEN:
    case IO_ERROR:
      return new SophiaError('STORE_UNAVAILABLE', details, { cause: error });
    case BUSY:
      return new SophiaError('STORE_BUSY', details, { cause: error });
    default:
      return error;
  }
}

function primaryCodeOf(error: unknown): number {
  return codeOf(error) & 0xff;
}

function codeOf(error: unknown): number {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0;
}
