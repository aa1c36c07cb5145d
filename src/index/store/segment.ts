// From documents to postings. One segment is what one batch (or a part of a large one) adds to the index.
import { expand } from '../tokens.ts';
import { HashTable, keyOf, seeds, spread, stepFirst, stepSecond } from './hash.ts';
import { BlockWriter, type Block } from './postings.ts';
import type { ContextDocument } from './store.ts';

/** What is searched: each field has its own postings, its own lengths and its own BM25. `name` holds exact names only. */
export const FIELDS = ['body', 'path', 'symbols', 'history', 'name'] as const;
export type Field = (typeof FIELDS)[number];

export interface Segment {
  readonly blocks: Readonly<Record<Field, readonly Block[]>>;
}

/** Words of one batch share one memory of what they expand to; beyond this many the builder should be finished. */
const MAX_WORDS = 400_000;

const IS_WORD = new Uint8Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  const isAlphanumeric = (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
  IS_WORD[byte] = isAlphanumeric || byte === 95 || byte >= 128 ? 1 : 0;
}

export class SegmentBuilder {
  /** Words as they are written. A word's value is where its list of terms begins. */
  readonly #words = new HashTable();
  /** Lists of terms, each behind its length. Nothing begins at 0. */
  readonly #lists = new Numbers();
  /** Terms: a term's value is its number plus one. */
  readonly #terms = new HashTable();
  readonly #keys: number[] = [];
  readonly #fields = new Map<Field, Occurrences>(FIELDS.map((field) => [field, new Occurrences()]));
  readonly #seenWords = new Numbers();
  readonly #seenTerms = new Numbers();
  #termCounts = new Int32Array(1 << 14);

  constructor() {
    this.#lists.push(0);
  }

  /** Time to write it out: more words would cost more memory than they save work. */
  get isFull(): boolean {
    return this.#words.size > MAX_WORDS;
  }

  /** Everything of a document but its history; returns its lengths by position in LENGTH_FIELDS. */
  addDocument(number: number, document: ContextDocument): readonly number[] {
    const names = document.symbols.map(({ name }) => name);
    this.#addNames(number, new Set(names));
    const body = this.addText('body', number, document.body);
    const path = this.addText('path', number, Buffer.from(document.title));
    return [body, path, this.addText('symbols', number, Buffer.from(names.join(' '))), 0];
  }

  /** Adds a text (UTF-8) to a field of a document; returns its length in tokens. Documents come in ascending order. */
  addText(field: Field, document: number, source: Uint8Array): number {
    this.#countWords(source);
    this.#countTermsOfWords();
    return this.#endDocument(field, document);
  }

  finish(): Segment {
    const keys = Float64Array.from(this.#keys).sort();
    const ranks = this.#ranksOf(keys);
    const blocks = Object.fromEntries(FIELDS.map((field) => [field, this.#fields.get(field)!.toBlocks(ranks, keys)]));
    return { blocks: blocks as Segment['blocks'] };
  }

  #addNames(document: number, names: Iterable<string>): void {
    for (const name of names) this.#countTerm(this.#termOf(nameTerm(name)), 1);
    this.#endDocument('name', document);
  }

  #countWords(source: Uint8Array): void {
    const words = this.#words;
    const seen = this.#seenWords;
    const end = source.length;
    let at = 0;
    while (at < end) {
      while (at < end && IS_WORD[source[at]!] === 0) at += 1;
      if (at === end) break;
      const start = at;
      let first: number = seeds[0];
      let second: number = seeds[1];
      for (let byte = source[at]!; IS_WORD[byte] === 1; byte = source[at]!) {
        first = stepFirst(first, byte);
        second = stepSecond(second, byte);
        at += 1;
        if (at === end) break;
      }
      first = spread(first);
      second = spread(second);
      const slot = words.find(first, second);
      if (words.valueAt(slot) === 0) this.#learn(source, { start, end: at, slot, pair: [first, second] });
      else if (words.count(slot, 1) === 0) seen.push(slot);
    }
  }

  #learn(source: Uint8Array, word: { start: number; end: number; slot: number; pair: readonly [number, number] }): void {
    const text = Buffer.from(source.buffer, source.byteOffset + word.start, word.end - word.start).toString('utf8');
    const tokens = expand(text);
    const list = this.#lists.length;
    this.#lists.push(tokens.length);
    for (const token of tokens) this.#lists.push(this.#termOf(token));
    const capacity = this.#words.capacity;
    const slot = this.#words.add(word.slot, word.pair, list);
    if (this.#words.capacity !== capacity) this.#seenWords.replace(this.#words.countedSlots());
    this.#words.count(slot, 1);
    this.#seenWords.push(slot);
  }

  #termOf(token: string): number {
    const key = keyOf(token);
    const pair = pairOf(key);
    const slot = this.#terms.find(pair[0], pair[1]);
    const value = this.#terms.valueAt(slot);
    if (value !== 0) return value - 1;
    const term = this.#keys.length;
    this.#keys.push(key);
    this.#terms.add(slot, pair, term + 1);
    if (term === this.#termCounts.length) this.#termCounts = larger(this.#termCounts);
    return term;
  }

  #countTermsOfWords(): void {
    const lists = this.#lists.view();
    for (const slot of this.#seenWords.view()) {
      const list = this.#words.valueAt(slot);
      const times = this.#words.takeCount(slot);
      const end = list + lists[list]!;
      for (let at = list + 1; at <= end; at += 1) this.#countTerm(lists[at]!, times);
    }
    this.#seenWords.length = 0;
  }

  #countTerm(term: number, times: number): void {
    if (this.#termCounts[term] === 0) this.#seenTerms.push(term);
    this.#termCounts[term]! += times;
  }

  #endDocument(field: Field, document: number): number {
    const occurrences = this.#fields.get(field)!;
    let length = 0;
    for (const term of this.#seenTerms.view()) {
      const times = this.#termCounts[term]!;
      this.#termCounts[term] = 0;
      occurrences.add(term, document, times);
      length += times;
    }
    this.#seenTerms.length = 0;
    return length;
  }

  /** Term number → position of its key among all keys. */
  #ranksOf(keys: Float64Array): Int32Array {
    const ranks = new Int32Array(keys.length);
    for (let rank = 0; rank < keys.length; rank += 1) {
      const [first, second] = pairOf(keys[rank]!);
      ranks[this.#terms.valueAt(this.#terms.find(first, second)) - 1] = rank;
    }
    return ranks;
  }
}

function pairOf(key: number): readonly [number, number] {
  return [key | 0, Math.floor(key / 0x1_0000_0000)];
}

/** The term of an exact, case-sensitive name: no token has a space. */
export function nameTerm(name: string): string {
  return ` ${name}`;
}

/** (term, document, times) in the order of documents, turned into postings by a counting sort. */
class Occurrences {
  readonly #triples = new Numbers();

  add(term: number, document: number, times: number): void {
    this.#triples.push(term);
    this.#triples.push(document);
    this.#triples.push(times);
  }

  toBlocks(ranks: Int32Array, keys: Float64Array): readonly Block[] {
    const triples = this.#triples.view();
    if (triples.length === 0) return [];
    const starts = startsOf(triples, ranks);
    const pairs = groupByRank(triples, ranks, starts);
    const writer = new BlockWriter();
    for (let rank = 0; rank < keys.length; rank += 1) {
      if (starts[rank] !== starts[rank + 1]) writer.entry(keys[rank]!, pairs, starts[rank]!, starts[rank + 1]!);
    }
    return writer.finish();
  }
}

/** Where the pairs of each rank begin, once grouped; one more at the end. */
function startsOf(triples: Int32Array, ranks: Int32Array): Int32Array {
  const starts = new Int32Array(ranks.length + 1);
  for (let at = 0; at < triples.length; at += 3) starts[ranks[triples[at]!]! + 1]! += 1;
  for (let rank = 0; rank < ranks.length; rank += 1) starts[rank + 1]! += starts[rank]!;
  return starts;
}

/** A stable counting sort: document and times of each occurrence, side by side because memory is slower than arithmetic. */
function groupByRank(triples: Int32Array, ranks: Int32Array, starts: Int32Array): Int32Array {
  const next = starts.slice();
  const pairs = new Int32Array((triples.length / 3) * 2);
  for (let at = 0; at < triples.length; at += 3) {
    const rank = ranks[triples[at]!]!;
    const to = next[rank]!;
    next[rank] = to + 1;
    pairs[to * 2] = triples[at + 1]!;
    pairs[to * 2 + 1] = triples[at + 2]!;
  }
  return pairs;
}

/** A list of 32-bit numbers that grows. */
class Numbers {
  #values = new Int32Array(1 << 10);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) this.#values = larger(this.#values);
    this.#values[this.length] = value;
    this.length += 1;
  }

  at(index: number): number {
    return this.#values[index]!;
  }

  replace(values: readonly number[]): void {
    this.length = 0;
    for (const value of values) this.push(value);
  }

  view(): Int32Array {
    return this.#values.subarray(0, this.length);
  }
}

function larger(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const doubled = new Int32Array(values.length * 2);
  doubled.set(values);
  return doubled;
}
