import type { Database } from '../../context.ts';
import { SophiaError } from '../../errors.ts';

/** Grows with every change to the tables, the tokens, the hashes or the postings' format. */
export const SCHEMA_VERSION = 2;

// What is asked of every document is apart from what is asked of a few: a narrow table is read whole in no time.
const TABLES = `
  CREATE TABLE repository (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, generation INTEGER NOT NULL, digest TEXT NOT NULL);
  CREATE TABLE fact (repository INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (repository, key)) WITHOUT ROWID;
  CREATE TABLE document (
    number INTEGER PRIMARY KEY, repository INTEGER NOT NULL, id TEXT NOT NULL, content_id TEXT NOT NULL, size INTEGER NOT NULL,
    language TEXT, kind TEXT NOT NULL, symbols INTEGER NOT NULL, symbols_digest TEXT NOT NULL, UNIQUE (repository, id));
  CREATE TABLE details (number INTEGER PRIMARY KEY, symbols TEXT NOT NULL, rest TEXT NOT NULL);
  CREATE TABLE history (repository INTEGER NOT NULL, id TEXT NOT NULL, subjects TEXT NOT NULL, PRIMARY KEY (repository, id)) WITHOUT ROWID;
  CREATE TABLE segment (id INTEGER PRIMARY KEY, documents INTEGER NOT NULL, field_set TEXT NOT NULL);
  CREATE TABLE block (field INTEGER NOT NULL, segment INTEGER NOT NULL, first INTEGER NOT NULL, posting INTEGER NOT NULL, PRIMARY KEY (field, segment, first)) WITHOUT ROWID;
  CREATE TABLE posting (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
  CREATE TABLE document_table (id INTEGER PRIMARY KEY CHECK (id = 1), data BLOB NOT NULL);
`;

export type SchemaState = 'ready' | 'empty' | 'older';

/** What is in the file; a newer schema throws `STORE_NEWER`, a damaged file `STORE_CORRUPT`. */
export function readSchema(database: Database, path: string): SchemaState {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (version > SCHEMA_VERSION) throw new SophiaError('STORE_NEWER', { path, found: version, known: SCHEMA_VERSION });
  if (version === SCHEMA_VERSION) return 'ready';
  const tables = Number(database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables']);
  return tables === 0 ? 'empty' : 'older';
}

/** Inside a transaction: nothing of an older schema is kept, it can all be derived again. */
export function createSchema(database: Database): void {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'").all();
  for (const { name } of tables) database.exec(`DROP TABLE "${String(name).replaceAll('"', '""')}"`);
  database.exec(TABLES);
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
}
