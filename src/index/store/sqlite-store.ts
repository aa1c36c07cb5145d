// The embedded store: one SQLite file, one writer, readers that always see a whole state.
import type { Database, Databases, Statement } from '../../context.ts';
import { tokenise } from '../tokens.ts';
import { COUNTS_KEY, readCounts } from './counts.ts';
import { unpackNamed } from './details.ts';
import { KINDS, type DocumentTable } from './documents.ts';
import { keyOf } from './hash.ts';
import { Overlay } from './overlay.ts';
import { PostingsReader } from './posting-tables.ts';
import { rank } from './rank.ts';
import { readDocumentTable, repositoryId, SELECT_STORED, toStored, unpackSubjects } from './rows.ts';
import { createSchema, readSchema } from './schema.ts';
import { nameTerm } from './segment.ts';
import { SqliteBatch } from './sqlite-batch.ts';
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

class SqliteStore implements ContextStore {
  readonly #database: Database;
  /** Of questions that are asked again and again; to prepare one costs more than to ask it. */
  readonly #prepared: Pick<Database, 'prepare'>;
  #known: { readonly state: string; readonly documents: DocumentTable } | null = null;

  constructor(database: Database) {
    this.#database = database;
    this.#prepared = preparedOnce(database);
  }

  begin(repository: string): Batch {
    return new SqliteBatch(this.#database, repository);
  }

  search(request: SearchRequest): readonly Ranked[] {
    const live = request.live ?? { documents: [], hidden: new Set<string>() };
    const isLive = live.documents.length > 0 || live.hidden.size > 0;
    const documents = isLive ? readDocumentTable(this.#database) : this.#documents(); // what is live is added to it
    const repository = request.repository === undefined ? null : repositoryId(this.#prepared, request.repository);
    this.#hide(documents, repository ?? 0, live.hidden);
    const stored = documents.size;
    const overlay = new Overlay(new PostingsReader(this.#prepared), documents, {
      repository: repository ?? 0,
      documents: live.documents.filter(toPredicate(request)),
    });
    const isAllowed = this.#filter(request);
    const ranked = rank({
      query: request.query,
      limit: request.limit,
      documents,
      repository,
      postings: overlay,
      isAllowed: isAllowed === null ? null : (number) => number >= stored || isAllowed(number),
    });
    const select = this.#prepared.prepare('SELECT id, content_id FROM document WHERE number = ?');
    return ranked
      .map(({ document, score, why, share }) => {
        const added = overlay.documentOf(document);
        if (added !== undefined) return { id: added.id, score, why, share, contentId: added.contentId, isLive: true };
        const row = select.get(document)!;
        return { id: String(row['id']), score, why, share, contentId: String(row['content_id']), isLive: false };
      })
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
      .slice(0, request.limit);
  }

  define(repository: string, name: string, limit: number): readonly StoredDocument[] {
    const documents = this.#documents();
    const id = repositoryId(this.#prepared, repository);
    const found: StoredDocument[] = [];
    const numbers = new PostingsReader(this.#prepared).find('name', nameTerm(name)).flatMap((postings) => [...postings.documents]);
    const alive = numbers.filter((number) => documents.isAlive(number) && documents.repositoryOf(number) === id);
    alive.sort((a, b) => kindRank(documents, a) - kindRank(documents, b) || a - b);
    const select = this.#prepared.prepare(`${SELECT_STORED} WHERE document.number = ?`);
    for (const number of alive.slice(0, limit)) {
      const row = select.get(number);
      if (row !== undefined) found.push(toStored(repository, row, { unpack: (text) => unpackNamed(text, name) }));
    }
    return found;
  }

  get(repository: string, id: string): StoredDocument | null {
    const owner = repositoryId(this.#prepared, repository);
    const row = this.#prepared.prepare(`${SELECT_STORED} WHERE repository = ? AND id = ?`).get(owner, id);
    if (row === undefined) return null;
    const history = this.#prepared.prepare('SELECT subjects FROM history WHERE repository = ? AND id = ?').get(owner, id);
    return toStored(repository, row, { history: unpackSubjects(history?.['subjects']) });
  }

  *documents(repository: string): Iterable<StoredDocument> {
    const rows = this.#database
      .prepare(`${SELECT_STORED} WHERE repository = ? ORDER BY id`)
      .iterate(repositoryId(this.#prepared, repository));
    for (const row of rows) yield toStored(repository, row);
  }

  history(repository: string): ReadonlyMap<string, readonly string[]> {
    const rows = this.#database
      .prepare('SELECT id, subjects FROM history WHERE repository = ?')
      .all(repositoryId(this.#prepared, repository));
    return new Map(rows.map(({ id, subjects }) => [String(id), unpackSubjects(subjects)]));
  }

  occurrences(repository: string, names: Iterable<string>, visit: (name: string, id: string, times: number) => void): void {
    const ids: string[] = [];
    const rows = this.#database.prepare('SELECT number, id FROM document WHERE repository = ?');
    for (const row of rows.iterate(repositoryId(this.#prepared, repository))) ids[Number(row['number'])] = String(row['id']);
    const byKey = new Map(Array.from(names, (name) => [keyOf(tokenise(name)[0] ?? ''), name]));
    for (const entry of new PostingsReader(this.#database).all('body')) {
      const name = byKey.get(entry.key);
      if (name === undefined) continue;
      const { documents, frequencies } = entry.read();
      documents.forEach((number, index) => {
        const id = ids[number];
        if (id !== undefined) visit(name, id, frequencies[index]!);
      });
    }
  }

  catalogue(repository: string): ReadonlyMap<string, string> {
    const rows = this.#database
      .prepare('SELECT id, content_id FROM document WHERE repository = ?')
      .lists(repositoryId(this.#prepared, repository));
    return new Map(rows as [string, string][]);
  }

  stats(repository: string): StoreStats | null {
    const row = this.#database.prepare('SELECT id, generation, digest FROM repository WHERE name = ?').get(repository);
    if (row === undefined) return null;
    const id = Number(row['id']);
    const rows = this.#database.prepare('SELECT key, value FROM fact WHERE repository = ?').all(id);
    const { [COUNTS_KEY]: kept, ...facts } = Object.fromEntries(rows.map((fact) => [String(fact['key']), String(fact['value'])]));
    const generation = Number(row['generation']);
    const { documents, bytes, symbols, languages } = readCounts(this.#database, id, { kept, generation });
    return { repository, documents, bytes, symbols, languages, generation, digest: String(row['digest']), facts };
  }

  close(): void {
    this.#database.close();
  }

  /** Read again only when the file has changed: by others (data_version) or through this connection (total_changes). */
  #documents(): DocumentTable {
    const state = JSON.stringify(this.#prepared.prepare('SELECT data_version, total_changes() AS changes FROM pragma_data_version').get());
    if (this.#known?.state !== state) this.#known = { state, documents: readDocumentTable(this.#database) };
    return this.#known.documents;
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
    const rows = this.#database.prepare('SELECT number, id, language, kind FROM document WHERE ? IS NULL OR repository = ?');
    const id = request.repository === undefined ? null : repositoryId(this.#prepared, request.repository);
    const allowed = new Set<number>();
    for (const row of rows.iterate(id, id)) {
      const language = row['language'];
      const document = {
        id: String(row['id']),
        language: typeof language === 'string' ? language : null,
        kind: String(row['kind']) as DocumentKind,
      };
      if (passes(document)) allowed.add(Number(row['number']));
    }
    return (document) => allowed.has(document);
  }
}

/** Not for statements that are iterated: one could be under way already. */
function preparedOnce(database: Database): Pick<Database, 'prepare'> {
  const statements = new Map<string, Statement>();
  return {
    prepare: (sql) => {
      const known = statements.get(sql) ?? database.prepare(sql);
      statements.set(sql, known);
      return known;
    },
  };
}

function toPredicate({
  languages,
  kinds,
  accepts,
}: SearchRequest): (document: Pick<ContextDocument, 'id' | 'language' | 'kind'>) => boolean {
  return ({ id, language, kind }) =>
    (languages?.includes(language ?? 'text') ?? true) && (kinds?.includes(kind) ?? true) && (accepts?.(id) ?? true);
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

function kindRank(documents: DocumentTable, number: number): number {
  return KINDS.indexOf(documents.kindOf(number));
}
