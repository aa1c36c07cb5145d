// The embedded store: one SQLite file, one writer, readers that always see a whole state.
import { createHash, hash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Database, Databases, SqlValue } from '../../context.ts';
import type { JsonObject } from '../../outcome.ts';
import type { CodeSymbol } from '../languages/language.ts';
import { tokenise } from '../tokens.ts';
import { DocumentTable } from './documents.ts';
import { keyOf } from './hash.ts';
import { Overlay } from './overlay.ts';
import { nameTerm } from './segment.ts';
import { PostingsReader, PostingsWriter } from './posting-tables.ts';
import { createSchema, readSchema } from './schema.ts';
import { rank } from './rank.ts';
import type { Batch, ContextDocument, ContextStore, DocumentKind, Ranked, SearchRequest, StoredDocument, StoreStats } from './store.ts';

/** Opens for reading and writing; makes the file where there is none, and starts anew where the schema is an older one. */
export async function openStore(databases: Databases, path: string): Promise<ContextStore> {
  const database = await databases.open(path);
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384');
    if (readSchema(database, path) !== 'ready') {
      transact(database, () => createSchema(database));
    }
  } catch (error) {
    database.close();
    throw error;
  }
  return new SqliteStore(database);
}

/** Opens for reading only; null where there is no index yet, or one of an older schema. */
export async function openStoreForReading(databases: Databases, path: string): Promise<ContextStore | null> {
  const database = await databases.open(path, { readOnly: true });
  try {
    if (readSchema(database, path) === 'ready') return new SqliteStore(database);
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  return null;
}

/** What is kept of a document as one JSON text, beside the columns that are asked for by SQL. */
interface Details {
  readonly type: StoredDocument['type'];
  readonly title: string;
  readonly kind: DocumentKind;
  readonly symbols: readonly CodeSymbol[];
  readonly imports: readonly string[];
  readonly tags: readonly string[];
  readonly metadata: JsonObject;
}

class SqliteStore implements ContextStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  begin(repository: string): Batch {
    return new SqliteBatch(this.#database, repository);
  }

  search(request: SearchRequest): readonly Ranked[] {
    const documents = readDocumentTable(this.#database);
    const repository = request.repository === undefined ? null : repositoryId(this.#database, request.repository);
    const live = request.live ?? { documents: [], hidden: new Set<string>() };
    this.#hide(documents, repository ?? 0, live.hidden);
    const stored = documents.size;
    const overlay = new Overlay(new PostingsReader(this.#database), documents, { repository: repository ?? 0, documents: live.documents.filter(toPredicate(request)) });
    const isAllowed = this.#filter(request);
    const ranked = rank({
      query: request.query,
      limit: request.limit,
      documents,
      repository,
      postings: overlay,
      isAllowed: isAllowed === null ? null : (number) => number >= stored || isAllowed(number),
    });
    const select = this.#database.prepare('SELECT id, content_id FROM document WHERE number = ?');
    return ranked
      .map(({ document, score, why }) => {
        const added = overlay.documentOf(document);
        if (added !== undefined) return { id: added.id, score, why, contentId: added.contentId, isLive: true };
        const row = select.get(document)!;
        return { id: String(row['id']), score, why, contentId: String(row['content_id']), isLive: false };
      })
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
      .slice(0, request.limit);
  }

  define(repository: string, name: string, limit: number): readonly StoredDocument[] {
    const documents = readDocumentTable(this.#database);
    const id = repositoryId(this.#database, repository);
    const found: StoredDocument[] = [];
    const numbers = new PostingsReader(this.#database).find('name', nameTerm(name)).flatMap((postings) => [...postings.documents]);
    const alive = numbers.filter((number) => documents.isAlive(number) && documents.repositoryOf(number) === id);
    alive.sort((a, b) => kindRank(documents, a) - kindRank(documents, b) || a - b);
    for (const number of alive.slice(0, limit)) {
      const row = this.#database.prepare('SELECT * FROM document WHERE number = ?').get(number);
      if (row !== undefined) found.push(toStored(repository, row, []));
    }
    return found;
  }

  get(repository: string, id: string): StoredDocument | null {
    const row = this.#database.prepare('SELECT * FROM document WHERE repository = ? AND id = ?').get(repositoryId(this.#database, repository), id);
    return row === undefined ? null : toStored(repository, row, readHistory(this.#database, repository).get(id) ?? []);
  }

  *documents(repository: string): Iterable<StoredDocument> {
    const rows = this.#database.prepare('SELECT * FROM document WHERE repository = ? ORDER BY id').iterate(repositoryId(this.#database, repository));
    for (const row of rows) yield toStored(repository, row, []);
  }

  history(repository: string): ReadonlyMap<string, readonly string[]> {
    return readHistory(this.#database, repository);
  }

  occurrences(repository: string, names: Iterable<string>, visit: (name: string, id: string, times: number) => void): void {
    const ids: string[] = [];
    const rows = this.#database.prepare('SELECT number, id FROM document WHERE repository = ?');
    for (const row of rows.iterate(repositoryId(this.#database, repository))) ids[Number(row['number'])] = String(row['id']);
    const byKey = new Map(Array.from(names, (name) => [keyOf(tokenise(name)[0] ?? ''), name]));
    for (const { key, read } of new PostingsReader(this.#database).all('body')) {
      const name = byKey.get(key);
      if (name === undefined) continue;
      const { documents, frequencies } = read();
      documents.forEach((number, index) => {
        const id = ids[number];
        if (id !== undefined) visit(name, id, frequencies[index]!);
      });
    }
  }

  catalogue(repository: string): ReadonlyMap<string, string> {
    const rows = this.#database.prepare('SELECT id, content_id FROM document WHERE repository = ?').all(repositoryId(this.#database, repository));
    return new Map(rows.map((row) => [String(row['id']), String(row['content_id'])]));
  }

  stats(repository: string): StoreStats | null {
    const row = this.#database.prepare('SELECT id, generation, digest FROM repository WHERE name = ?').get(repository);
    if (row === undefined) return null;
    const id = Number(row['id']);
    const byLanguage = this.#database
      .prepare("SELECT coalesce(language, 'text') AS language, count(*) AS documents, sum(size) AS bytes, sum(symbols) AS symbols FROM document WHERE repository = ? GROUP BY 1 ORDER BY 1")
      .all(id);
    const facts = this.#database.prepare('SELECT key, value FROM fact WHERE repository = ?').all(id);
    const sum = (key: string): number => byLanguage.reduce((total, each) => total + Number(each[key]), 0);
    return {
      repository,
      documents: sum('documents'),
      bytes: sum('bytes'),
      symbols: sum('symbols'),
      languages: Object.fromEntries(byLanguage.map((each) => [String(each['language']), Number(each['documents'])])),
      generation: Number(row['generation']),
      digest: String(row['digest']),
      facts: Object.fromEntries(facts.map((fact) => [String(fact['key']), String(fact['value'])])),
    };
  }

  close(): void {
    this.#database.close();
  }

  #hide(documents: DocumentTable, repository: number, ids: Iterable<string>): void {
    const select = this.#database.prepare('SELECT number FROM document WHERE repository = ? AND id = ?');
    for (const id of ids) {
      const row = select.get(repository, id);
      if (row !== undefined) documents.remove(Number(row['number']));
    }
  }

  #filter(request: SearchRequest): ((document: number) => boolean) | null {
    if (request.languages === undefined && request.kinds === undefined && request.accepts === undefined) return null;
    const passes = toPredicate(request);
    const rows = this.#database.prepare("SELECT number, id, language, json_extract(details, '$.kind') AS kind FROM document WHERE ? IS NULL OR repository = ?");
    const id = request.repository === undefined ? null : repositoryId(this.#database, request.repository);
    const allowed = new Set<number>();
    for (const row of rows.iterate(id, id)) {
      const language = row['language'];
      const document = { id: String(row['id']), language: typeof language === 'string' ? language : null, kind: String(row['kind']) as DocumentKind };
      if (passes(document)) allowed.add(Number(row['number']));
    }
    return (document) => allowed.has(document);
  }
}

function toPredicate({ languages, kinds, accepts }: SearchRequest): (document: Pick<ContextDocument, 'id' | 'language' | 'kind'>) => boolean {
  return ({ id, language, kind }) => (languages?.includes(language ?? 'text') ?? true) && (kinds?.includes(kind) ?? true) && (accepts?.(id) ?? true);
}

class SqliteBatch implements Batch {
  readonly #database: Database;
  readonly #repository: number;

  readonly #documents: DocumentTable;
  readonly #postings: PostingsWriter;
  readonly #insert;
  readonly #delete;
  #hasChanged = false;

  constructor(database: Database, name: string) {
    database.exec('BEGIN IMMEDIATE');
    this.#database = database;

    database.prepare("INSERT INTO repository (name, generation, digest) VALUES (?, 0, '') ON CONFLICT DO NOTHING").run(name);
    this.#repository = repositoryId(database, name);
    this.#documents = readDocumentTable(database);
    this.#postings = new PostingsWriter(database, this.#documents);
    this.#insert = database.prepare('INSERT INTO document (number, repository, id, content_id, size, language, symbols, symbols_digest, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#delete = database.prepare('DELETE FROM document WHERE repository = ? AND id = ? RETURNING number');
  }

  put(documents: readonly ContextDocument[]): void {
    for (const document of documents) {
      this.#drop(document.id);
      const number = this.#documents.add(this.#repository, document.kind);
      this.#postings.add(number, document);
      const details: Details = {
        type: document.type,
        title: document.title,
        kind: document.kind,
        symbols: document.symbols,
        imports: document.imports,
        tags: document.tags,
        metadata: document.metadata,
      };
      this.#insert.run(
        number, this.#repository, document.id, document.contentId, document.body.length, document.language,
        document.symbols.length, hash('sha256', JSON.stringify(document.symbols)), JSON.stringify(details),
      );
      this.#hasChanged = true;
    }
  }

  remove(ids: Iterable<string>): void {
    for (const id of ids) this.#drop(id);
  }

  clear(): void {
    this.remove(this.#database.prepare('SELECT id FROM document WHERE repository = ?').all(this.#repository).map((row) => String(row['id'])));
    if (this.#database.prepare('SELECT 1 FROM document LIMIT 1').get() === undefined) {
      this.#documents.clear();
      this.#postings.clear();
    }
    this.#hasChanged = true;
  }

  setHistory(history: ReadonlyMap<string, readonly string[]>): void {
    const text = JSON.stringify([...history].sort(([a], [b]) => (a < b ? -1 : 1)));
    const packed = deflateRawSync(text, { level: 1 });
    this.#database.prepare('UPDATE repository SET history = ? WHERE id = ?').run(packed, this.#repository);
    this.#hasChanged = true;
  }

  setFacts(facts: Readonly<Record<string, string>>): void {
    const upsert = this.#database.prepare('INSERT INTO fact (repository, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');
    for (const [key, value] of Object.entries(facts)) upsert.run(this.#repository, key, value);
  }

  commit(): number {
    if (this.#hasChanged) {
      this.#postings.finish(this.#historyByNumber());
      this.#database.prepare('INSERT INTO document_table (id, data) VALUES (1, ?) ON CONFLICT DO UPDATE SET data = excluded.data').run(this.#documents.toBytes());
      this.#database.prepare('UPDATE repository SET generation = generation + 1, digest = ? WHERE id = ?').run(this.#digest(), this.#repository);
    }
    const generation = Number(this.#database.prepare('SELECT generation FROM repository WHERE id = ?').get(this.#repository)!['generation']);
    this.#database.exec('COMMIT');
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return generation;
  }

  abandon(): void {
    this.#database.exec('ROLLBACK');
  }

  #drop(id: string): void {
    const row = this.#delete.get(this.#repository, id);
    if (row === undefined) return;
    this.#documents.remove(Number(row['number']));
    this.#hasChanged = true;
  }

  /** The history of every repository, by document number: the field is one segment, made anew. */
  #historyByNumber(): Map<number, readonly string[]> {
    const byNumber = new Map<number, readonly string[]>();
    const select = this.#database.prepare('SELECT number FROM document WHERE repository = ? AND id = ?');
    for (const { id, name } of this.#database.prepare('SELECT id, name FROM repository').all()) {
      for (const [document, subjects] of readHistory(this.#database, String(name))) {
        const row = select.get(Number(id), document);
        if (row !== undefined) byNumber.set(Number(row['number']), subjects);
      }
    }
    return byNumber;
  }

  /** Independent of SQLite's bytes, of the order of work and of what was there before. */
  #digest(): string {
    const digest = createHash('sha256');
    for (const row of this.#database.prepare('SELECT id, content_id, symbols_digest FROM document WHERE repository = ? ORDER BY id').iterate(this.#repository)) {
      digest.update(`${String(row['id'])}\0${String(row['content_id'])}\0${String(row['symbols_digest'])}\n`);
    }
    return digest.digest('hex');
  }
}

function transact(database: Database, action: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    action();
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function readDocumentTable(database: Database): DocumentTable {
  const data = database.prepare('SELECT data FROM document_table').get()?.['data'];
  return data instanceof Uint8Array ? DocumentTable.fromBytes(data) : DocumentTable.empty();
}

function repositoryId(database: Database, name: string): number {
  return Number(database.prepare('SELECT id FROM repository WHERE name = ?').get(name)?.['id'] ?? 0);
}

function readHistory(database: Database, name: string): Map<string, readonly string[]> {
  const packed = database.prepare('SELECT history FROM repository WHERE name = ?').get(name)?.['history'];
  return packed instanceof Uint8Array ? new Map(JSON.parse(inflateRawSync(packed).toString('utf8')) as [string, string[]][]) : new Map();
}

function kindRank(documents: DocumentTable, number: number): number {
  return ['source', 'test', 'generated', 'vendored'].indexOf(documents.kindOf(number));
}

function toStored(repository: string, row: Record<string, SqlValue>, history: readonly string[]): StoredDocument {
  const details = JSON.parse(String(row['details'])) as Details;
  const language = row['language'];
  return {
    ...details,
    id: String(row['id']),
    repository,
    language: typeof language === 'string' ? language : null,
    contentId: String(row['content_id']),
    sizeBytes: Number(row['size']),
    history,
  };
}
