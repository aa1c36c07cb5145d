// Postings in SQLite: a few segments per field, each a row of blocks; small segments are merged as they pile up.
import type { Database, Statement } from '../../context.ts';
import type { DocumentTable } from './documents.ts';
import { LENGTH_FIELDS } from './documents.ts';
import { keyOf, larger } from './hash.ts';
import { BlockWriter, entriesOf, findPostings, type Block, type Postings, type PostingsEntry } from './postings.ts';
import { FIELDS, SegmentBuilder, type Field } from './segment.ts';
import type { ContextDocument } from './store.ts';

/** More segments than this make queries slower than a merge costs. */
const MAX_SEGMENTS = 8;

export class PostingsReader {
  readonly #database: Pick<Database, 'prepare'>;
  readonly #select: Statement;
  readonly #segments: readonly number[];

  constructor(database: Pick<Database, 'prepare'>) {
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
function* entriesIn(database: Pick<Database, 'prepare'>, field: Field, segment: number): Generator<PostingsEntry> {
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
    this.#builder = new SegmentBuilder(); // what it knows of words is large, and no document follows
    if (history !== null) this.#writeHistory(history);
    this.#mergeSegments();
  }

  #flush(): void {
    if (this.#pending === 0) return;
    const { blocks } = this.#builder.take();
    const segment = this.#begin('content', this.#pending);
    for (const field of FIELDS) this.#write(segment, field, blocks[field]);
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
    if (history.size > 0) this.#write(this.#begin('history', history.size), 'history', builder.take().blocks.history);
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
    const into = this.#begin('content', total);
    for (const field of FIELDS) {
      const blocks = this.#merge(field, merged);
      for (const segment of merged) this.#deleteField(segment, field); // first: what is written next takes its room
      this.#write(into, field, blocks);
    }
    for (const segment of merged) this.#database.prepare('DELETE FROM segment WHERE id = ?').run(segment);
  }

  #merge(field: Field, segments: readonly number[]): readonly Block[] {
    const writer = new BlockWriter();
    const streams = segments.map((segment) => entriesIn(this.#database, field, segment));
    const heads = streams.map((stream) => stream.next());
    const pairs = new Pairs();
    const keep = (document: number, frequency: number): void => {
      if (this.#documents.isAlive(document)) pairs.push(document, frequency);
    };
    for (;;) {
      let key = Infinity;
      for (const head of heads) if (head.done !== true && head.value.key < key) key = head.value.key;
      if (key === Infinity) return writer.finish();
      pairs.count = 0;
      // Documents of a later segment are all greater than those of an earlier one.
      for (const [index, head] of heads.entries()) {
        if (head.done === true || head.value.key !== key) continue;
        head.value.visit(keep);
        heads[index] = streams[index]!.next();
      }
      writer.entry(key, pairs.values, 0, pairs.count);
    }
  }

  #begin(fieldSet: 'content' | 'history', documents: number): number {
    const inserted = this.#database
      .prepare('INSERT INTO segment (documents, field_set) VALUES (?, ?) RETURNING id')
      .get(documents, fieldSet);
    return Number(inserted!['id']);
  }

  #write(segment: number, field: Field, blocks: readonly Block[]): void {
    const insertPosting = this.#database.prepare('INSERT INTO posting (data) VALUES (?) RETURNING id');
    const insertBlock = this.#database.prepare('INSERT INTO block (field, segment, first, posting) VALUES (?, ?, ?, ?)');
    for (const { first, data } of blocks) insertBlock.run(FIELDS.indexOf(field), segment, first, insertPosting.get(data)!['id']!);
  }

  #deleteField(segment: number, field: Field): void {
    const place = [FIELDS.indexOf(field), segment] as const;
    this.#database.prepare('DELETE FROM posting WHERE id IN (SELECT posting FROM block WHERE field = ? AND segment = ?)').run(...place);
    this.#database.prepare('DELETE FROM block WHERE field = ? AND segment = ?').run(...place);
  }
}

/** Documents and frequencies in turns, as a writer of blocks takes them: one memory for all entries. */
class Pairs {
  values = new Int32Array(1 << 12);
  count = 0;

  push(document: number, frequency: number): void {
    if (this.count * 2 === this.values.length) this.values = larger(this.values);
    this.values[this.count * 2] = document;
    this.values[this.count * 2 + 1] = frequency;
    this.count += 1;
  }
}
