// One transaction: documents become rows and postings, and readers see all of it or nothing.
import { createHash, hash } from 'node:crypto';
import type { Database, Statement } from '../../context.ts';
import { keepCounts } from './counts.ts';
import { packRest, packSymbols } from './details.ts';
import type { DocumentTable } from './documents.ts';
import { PostingsWriter } from './posting-tables.ts';
import { packSubjects, readDocumentTable, repositoryId, unpackSubjects } from './rows.ts';
import type { Batch, ContextDocument } from './store.ts';

export class SqliteBatch implements Batch {
  readonly #database: Database;
  readonly #repository: number;
  readonly #documents: DocumentTable;
  readonly #postings: PostingsWriter;
  readonly #insert: Statement;
  readonly #insertDetails: Statement;
  readonly #delete: Statement;
  readonly #deleteDetails: Statement;
  readonly #selectHistory: Statement;
  /** Ids put by this batch while nothing else is there; null when rows must be asked. */
  #onlyIds: Set<string> | null;
  #hasHistory: boolean;
  #hasChanged = false;
  #hasNewHistory = false;

  constructor(database: Database, name: string) {
    database.exec('BEGIN IMMEDIATE');
    // An index of nothing has the digest of nothing, whether it was ever otherwise or not.
    const empty = createHash('sha256').digest('hex');
    database.prepare('INSERT INTO repository (name, generation, digest) VALUES (?, 0, ?) ON CONFLICT DO NOTHING').run(name, empty);
    this.#database = database;
    this.#repository = repositoryId(database, name);
    this.#documents = readDocumentTable(database);
    this.#postings = new PostingsWriter(database, this.#documents);
    this.#insert = database.prepare(
      'INSERT INTO document (number, repository, id, content_id, size, language, kind, symbols, symbols_digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#insertDetails = database.prepare('INSERT INTO details (number, symbols, rest) VALUES (?, ?, ?)');
    this.#delete = database.prepare('DELETE FROM document WHERE repository = ? AND id = ? RETURNING number');
    this.#deleteDetails = database.prepare('DELETE FROM details WHERE number = ?');
    this.#selectHistory = database.prepare('SELECT subjects FROM history WHERE repository = ? AND id = ?');
    this.#onlyIds = this.#has('document') ? null : new Set();
    this.#hasHistory = this.#has('history');
  }

  put(documents: readonly ContextDocument[]): void {
    for (const document of documents) {
      this.#drop(document.id);
      this.#onlyIds?.add(document.id);
      this.#add(document);
      this.#hasChanged = true;
    }
  }

  remove(ids: Iterable<string>): void {
    for (const id of ids) this.#drop(id);
  }

  clear(): void {
    for (const { number } of this.#database.prepare('SELECT number FROM document WHERE repository = ?').all(this.#repository))
      this.#documents.remove(Number(number));
    this.#database.prepare('DELETE FROM details WHERE number IN (SELECT number FROM document WHERE repository = ?)').run(this.#repository);
    this.#database.prepare('DELETE FROM document WHERE repository = ?').run(this.#repository);
    if (this.#database.prepare('SELECT 1 FROM document LIMIT 1').get() === undefined) {
      this.#documents.clear();
      this.#postings.clear();
    }
    this.#onlyIds = new Set();
    this.#hasChanged = true;
  }

  setHistory(history: ReadonlyMap<string, readonly string[]>): void {
    const rows = this.#database.prepare('SELECT id, subjects FROM history WHERE repository = ?').all(this.#repository);
    const packed = new Map(Array.from(history, ([id, subjects]) => [id, packSubjects(subjects)]));
    if (rows.length === packed.size && rows.every(({ id, subjects }) => packed.get(String(id)) === subjects)) return;
    this.#database.prepare('DELETE FROM history WHERE repository = ?').run(this.#repository);
    const insert = this.#database.prepare('INSERT INTO history (repository, id, subjects) VALUES (?, ?, ?)');
    for (const [id, subjects] of packed) insert.run(this.#repository, id, subjects);
    this.#hasHistory = true;
    this.#hasNewHistory = true;
    this.#hasChanged = true;
  }

  setFacts(facts: Readonly<Record<string, string>>): void {
    const upsert = this.#database.prepare(
      'INSERT INTO fact (repository, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    );
    for (const [key, value] of Object.entries(facts)) upsert.run(this.#repository, key, value);
  }

  commit(): number {
    if (this.#hasChanged) {
      this.#postings.finish(this.#hasNewHistory ? this.#historyByNumber() : null);
      this.#database
        .prepare('INSERT INTO document_table (id, data) VALUES (1, ?) ON CONFLICT DO UPDATE SET data = excluded.data')
        .run(this.#documents.toBytes());
      this.#database
        .prepare('UPDATE repository SET generation = generation + 1, digest = ? WHERE id = ?')
        .run(this.#digest(), this.#repository);
      keepCounts(this.#database, this.#repository, this.#generation());
    }
    const generation = this.#generation();
    this.#database.exec('COMMIT');
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return generation;
  }

  abandon(): void {
    this.#database.exec('ROLLBACK');
  }

  #generation(): number {
    return Number(this.#database.prepare('SELECT generation FROM repository WHERE id = ?').get(this.#repository)!['generation']);
  }

  #has(table: 'document' | 'history'): boolean {
    return this.#database.prepare(`SELECT 1 FROM ${table} WHERE repository = ? LIMIT 1`).get(this.#repository) !== undefined;
  }

  #add(document: ContextDocument): void {
    const number = this.#documents.add(this.#repository, document.kind);
    const symbols = packSymbols(document.symbols);
    this.#postings.add(number, { ...document, history: this.#historyOf(document.id) });
    this.#insert.run(
      number,
      this.#repository,
      document.id,
      document.contentId,
      document.body.length,
      document.language,
      document.kind,
      document.symbols.length,
      hash('sha256', symbols),
    );
    this.#insertDetails.run(number, symbols, packRest(document));
  }

  #drop(id: string): void {
    if (this.#onlyIds?.has(id) === false) return;
    const row = this.#delete.get(this.#repository, id);
    if (row === undefined) return;
    this.#deleteDetails.run(row['number']!);
    this.#documents.remove(Number(row['number']));
    this.#hasChanged = true;
  }

  #historyOf(id: string): readonly string[] {
    return this.#hasHistory ? unpackSubjects(this.#selectHistory.get(this.#repository, id)?.['subjects']) : [];
  }

  /** The history of every repository, by document number: the field is made anew, whole. */
  #historyByNumber(): Map<number, readonly string[]> {
    const rows = this.#database
      .prepare(
        'SELECT number, subjects FROM document JOIN history ON history.repository = document.repository AND history.id = document.id ORDER BY number',
      )
      .all();
    return new Map(rows.map(({ number, subjects }) => [Number(number), unpackSubjects(subjects)]));
  }

  /** Independent of SQLite's bytes, of the order of work and of what was there before. */
  #digest(): string {
    const sorted =
      'SELECT id || char(0) || content_id || char(0) || symbols_digest || char(10) AS line FROM document WHERE repository = ? ORDER BY id';
    // The order of a subquery is kept for group_concat (https://www.sqlite.org/optoverview.html, omit-order-by).
    const lines = this.#database.prepare(`SELECT CAST(group_concat(line, '') AS BLOB) AS lines FROM (${sorted})`).get(this.#repository)![
      'lines'
    ];
    const digest = createHash('sha256');
    if (lines instanceof Uint8Array) digest.update(lines);
    return digest.digest('hex');
  }
}
