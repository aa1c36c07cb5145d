// Postings in SQLite: a few segments per field, each a row of blocks; small segments are merged as they pile up.
import type { Database, Statement } from '../../context.ts';
import type { DocumentTable } from './documents.ts';
import { LENGTH_FIELDS } from './documents.ts';
import { keyOf } from './hash.ts';
import { BlockWriter, entriesOf, findPostings, type Block, type Postings, type PostingsEntry } from './postings.ts';
import { FIELDS, SegmentBuilder, type Field } from './segment.ts';
import type { ContextDocument } from './store.ts';

/** More segments than this make queries slower than a merge costs. */
const MAX_SEGMENTS = 8;

export class PostingsReader {
  readonly #database: Database;
  readonly #select: Statement;
  readonly #segments: readonly number[];

  constructor(database: Database) {
    this.#database = database;
    this.#segments = database
      .prepare('SELECT id FROM segment ORDER BY id')
      .all()
      .map((row) => Number(row['id']));
    this.#select = database.prepare(
      'SELECT block.first, posting.data FROM block JOIN posting ON posting.id = block.posting WHERE field = ? AND segment = ? AND first <= ? ORDER BY first DESC LIMIT 1',
    );
  }

  /** Every entry of a field: keys ascend within a segment and begin again with the next. */
  *all(field: Field): Generator<PostingsEntry> {
    for (const segment of this.#segments) yield* entriesIn(this.#database, field, segment);
  }

  /** One list per segment that has the term; documents ascend from list to list. */
  find(field: Field, term: string): readonly Postings[] {
    const key = keyOf(term);
    const found: Postings[] = [];
    for (const segment of this.#segments) {
      const row = this.#select.get(FIELDS.indexOf(field), segment, key);
      if (row === undefined) continue;
      const postings = findPostings({ first: Number(row['first']), data: row['data'] as Uint8Array }, key);
      if (postings.documents.length > 0) found.push(postings);
    }
    return found;
  }
}

/** The entries of one field in one segment, by ascending key. */
function* entriesIn(database: Database, field: Field, segment: number): Generator<PostingsEntry> {
  const rows = database
    .prepare('SELECT first, data FROM block JOIN posting ON posting.id = block.posting WHERE field = ? AND segment = ? ORDER BY first')
    .iterate(FIELDS.indexOf(field), segment);
  for (const row of rows) yield* entriesOf({ first: Number(row['first']), data: row['data'] as Uint8Array });
}

export class PostingsWriter {
  readonly #database: Database;
  readonly #documents: DocumentTable;
  #builder = new SegmentBuilder();
  #pending = 0;

  constructor(database: Database, documents: DocumentTable) {
    this.#database = database;
    this.#documents = documents;
  }

  /** Documents come in ascending order of their numbers. */
  add(number: number, document: ContextDocument): void {
    this.#builder.addDocument(number, document).forEach((length, field) => this.#documents.setLength(number, field, length));
    this.#pending += 1;
    if (this.#builder.isFull) this.#flush();
  }

  /** For an empty store: segments of documents that are all gone. */
  clear(): void {
    this.#database.exec('DELETE FROM posting; DELETE FROM block; DELETE FROM segment');
  }

  /** With a history by document number, that field is made anew for all documents; else it grows like the others. */
  finish(history: ReadonlyMap<number, readonly string[]> | null): void {
    this.#flush();
    if (history !== null) this.#writeHistory(history);
    this.#mergeSegments();
  }

  #flush(): void {
    if (this.#pending === 0) return;
    const { blocks } = this.#builder.take();
    this.#write(
      'content',
      this.#pending,
      FIELDS.map((field) => [field, blocks[field]]),
    );
    if (this.#builder.isWorn) this.#builder = new SegmentBuilder();
    this.#pending = 0;
  }

  #writeHistory(history: ReadonlyMap<number, readonly string[]>): void {
    this.#deleteHistory();
    const builder = new SegmentBuilder();
    const index = LENGTH_FIELDS.indexOf('history');
    for (let number = 1; number < this.#documents.size; number += 1) this.#documents.setLength(number, index, 0);
    for (const [number, subjects] of history) {
      this.#documents.setLength(number, index, builder.addText('history', number, Buffer.from(subjects.join('\n'))));
    }
    if (history.size > 0) this.#write('history', history.size, [['history', builder.take().blocks.history]]);
  }

  #deleteHistory(): void {
    const field = FIELDS.indexOf('history');
    this.#database.prepare('DELETE FROM posting WHERE id IN (SELECT posting FROM block WHERE field = ?)').run(field);
    this.#database.prepare('DELETE FROM block WHERE field = ?').run(field);
    this.#database.exec("DELETE FROM segment WHERE field_set = 'history'");
  }

  /** Newest segments first: they are the small ones, and their documents are next to each other. */
  #mergeSegments(): void {
    const segments = this.#database.prepare("SELECT id, documents FROM segment WHERE field_set = 'content' ORDER BY id").all();
    if (segments.length <= MAX_SEGMENTS) return;
    let from = segments.length - 2;
    let total = Number(segments.at(-1)!['documents']);
    while (from > 0 && (segments.length - from < MAX_SEGMENTS / 2 || Number(segments[from]!['documents']) <= total * 2)) {
      total += Number(segments[from]!['documents']);
      from -= 1;
    }
    const merged = segments.slice(from + 1).map((row) => Number(row['id']));
    const fields = FIELDS.map((field): [Field, readonly Block[]] => [field, this.#merge(field, merged)]);
    for (const segment of merged) this.#delete(segment);
    this.#write('content', total, fields);
  }

  #merge(field: Field, segments: readonly number[]): readonly Block[] {
    const writer = new BlockWriter();
    const streams = segments.map((segment) => entriesIn(this.#database, field, segment));
    const heads = streams.map((stream) => stream.next());
    for (;;) {
      const key = Math.min(...heads.map((head) => (head.done === true ? Infinity : head.value.key)));
      if (key === Infinity) return writer.finish();
      const lists: Postings[] = [];
      heads.forEach((head, index) => {
        if (head.done === true || head.value.key !== key) return;
        lists.push(head.value.read());
        heads[index] = streams[index]!.next();
      });
      const alive = this.#aliveOf(lists);
      writer.entry(key, alive, 0, alive.length / 2);
    }
  }

  /** Documents of a later segment are all greater than those of an earlier one. */
  #aliveOf(lists: readonly Postings[]): Int32Array {
    const pairs: number[] = [];
    for (const { documents, frequencies } of lists) {
      for (let index = 0; index < documents.length; index += 1) {
        if (this.#documents.isAlive(documents[index]!)) pairs.push(documents[index]!, frequencies[index]!);
      }
    }
    return Int32Array.from(pairs);
  }

  #write(fieldSet: 'content' | 'history', documents: number, fields: readonly (readonly [Field, readonly Block[]])[]): void {
    const segment = Number(
      this.#database.prepare('INSERT INTO segment (documents, field_set) VALUES (?, ?) RETURNING id').get(documents, fieldSet)!['id'],
    );
    const insertPosting = this.#database.prepare('INSERT INTO posting (data) VALUES (?) RETURNING id');
    const insertBlock = this.#database.prepare('INSERT INTO block (field, segment, first, posting) VALUES (?, ?, ?, ?)');
    for (const [field, blocks] of fields) {
      for (const { first, data } of blocks) insertBlock.run(FIELDS.indexOf(field), segment, first, insertPosting.get(data)!['id']!);
    }
  }

  #delete(segment: number): void {
    this.#database.prepare('DELETE FROM posting WHERE id IN (SELECT posting FROM block WHERE segment = ?)').run(segment);
    this.#database.prepare('DELETE FROM block WHERE segment = ?').run(segment);
    this.#database.prepare('DELETE FROM segment WHERE id = ?').run(segment);
  }
}
