// From documents to postings. One segment is what one batch (or a part of a large one) adds to the index.
import { expand } from '../tokens.ts';
import { Interner, keyOf, seeds, spread, stepFirst, stepSecond } from './hash.ts';
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
  readonly #words = new Interner();
  /** Terms of word w: `#termsOf[#startOf[w]]` up to `#startOf[w + 1]`. */
  readonly #startOf = new Numbers();
  readonly #termsOf = new Numbers();
  readonly #terms = new Interner();
  readonly #keys: number[] = [];
  readonly #fields = new Map<Field, Occurrences>(FIELDS.map((field) => [field, new Occurrences()]));
  #wordCounts = new Int32Array(1 << 14);
  #termCounts = new Int32Array(1 << 14);
  readonly #seenWords = new Numbers();
  readonly #seenTerms = new Numbers();

  constructor() {
    this.#startOf.push(0);
  }

  /** Time to write it out: more words would cost more memory than they save work. */
  get isFull(): boolean {
    return this.#words.size > MAX_WORDS;
  }

  /** Adds a text (UTF-8) to a field of a document; returns its length in tokens. Documents come in ascending order. */
  addText(field: Field, document: number, source: Uint8Array): number {
    this.#countWords(source);
    return this.#endDocument(field, document);
  }

  /** Everything of a document but its history; returns its lengths by position in LENGTH_FIELDS. */
  addDocument(number: number, document: ContextDocument): readonly number[] {
    const names = document.symbols.map(({ name }) => name);
    this.#addNames(number, new Set(names));
    const body = this.addText('body', number, document.body);
    const path = this.addText('path', number, Buffer.from(document.title));
    return [body, path, this.addText('symbols', number, Buffer.from(names.join(' '))), 0];
  }

  #addNames(document: number, names: Iterable<string>): void {
    for (const name of names) this.#countTerm(this.#termOf(nameTerm(name)), 1);
    this.#endDocument('name', document);
  }

  finish(): Segment {
    const order = this.#orderOfTerms();
    const blocks = Object.fromEntries(FIELDS.map((field) => [field, this.#fields.get(field)!.toBlocks(order, this.#keys)]));
    return { blocks: blocks as Segment['blocks'] };
  }

  #countWords(source: Uint8Array): void {
    const end = source.length;
    let at = 0;
    while (at < end) {
      while (at < end && IS_WORD[source[at]!] === 0) at += 1;
      if (at === end) break;
      const start = at;
      let first: number = seeds[0];
      let second: number = seeds[1];
      while (at < end && IS_WORD[source[at]!] === 1) {
        first = stepFirst(first, source[at]!);
        second = stepSecond(second, source[at]!);
        at += 1;
      }
      const known = this.#words.size;
      const word = this.#words.intern(spread(first), spread(second));
      if (word === known) this.#learn(source, start, at);
      if (this.#wordCounts[word] === 0) this.#seenWords.push(word);
      this.#wordCounts[word]! += 1;
    }
  }

  #learn(source: Uint8Array, start: number, end: number): void {
    const text = Buffer.from(source.buffer, source.byteOffset + start, end - start).toString('utf8');
    for (const token of expand(text)) this.#termsOf.push(this.#termOf(token));
    this.#startOf.push(this.#termsOf.length);
    if (this.#words.size >= this.#wordCounts.length) this.#wordCounts = larger(this.#wordCounts);
  }

  #termOf(token: string): number {
    const key = keyOf(token);
    const term = this.#termAt(key);
    if (term === this.#keys.length) this.#keys.push(key);
    if (term >= this.#termCounts.length) this.#termCounts = larger(this.#termCounts);
    return term;
  }

  #countTerm(term: number, times: number): void {
    if (this.#termCounts[term] === 0) this.#seenTerms.push(term);
    this.#termCounts[term]! += times;
  }

  #endDocument(field: Field, document: number): number {
    for (let index = 0; index < this.#seenWords.length; index += 1) {
      const word = this.#seenWords.at(index);
      const times = this.#wordCounts[word]!;
      this.#wordCounts[word] = 0;
      for (let at = this.#startOf.at(word); at < this.#startOf.at(word + 1); at += 1) this.#countTerm(this.#termsOf.at(at), times);
    }
    const occurrences = this.#fields.get(field)!;
    let length = 0;
    for (let index = 0; index < this.#seenTerms.length; index += 1) {
      const term = this.#seenTerms.at(index);
      const times = this.#termCounts[term]!;
      this.#termCounts[term] = 0;
      occurrences.add(term, document, times);
      length += times;
    }
    this.#seenWords.length = 0;
    this.#seenTerms.length = 0;
    return length;
  }

  /** Term numbers by ascending key. */
  #orderOfTerms(): Int32Array {
    const sorted = Float64Array.from(this.#keys).sort();
    const order = new Int32Array(sorted.length);
    for (let rank = 0; rank < sorted.length; rank += 1) order[rank] = this.#termAt(sorted[rank]!);
    return order;
  }

  #termAt(key: number): number {
    return this.#terms.intern(key | 0, Math.floor(key / 0x1_0000_0000));
  }
}

/** The term of an exact, case-sensitive name: no token has a space. */
export function nameTerm(name: string): string {
  return ` ${name}`;
}

/** (term, document, times) in the order of documents, turned into postings by a counting sort. */
class Occurrences {
  readonly #terms = new Numbers();
  readonly #documents = new Numbers();
  readonly #times = new Numbers();

  add(term: number, document: number, times: number): void {
    this.#terms.push(term);
    this.#documents.push(document);
    this.#times.push(times);
  }

  toBlocks(order: Int32Array, keys: readonly number[]): readonly Block[] {
    const starts = startsOf(this.#terms.view(), keys.length);
    const documents = groupByTerm(this.#documents.view(), this.#terms.view(), starts);
    const times = groupByTerm(this.#times.view(), this.#terms.view(), starts);
    const writer = new BlockWriter();
    for (let rank = 0; rank < order.length; rank += 1) {
      const term = order[rank]!;
      writer.entry(keys[term]!, { documents, frequencies: times }, starts[term]!, starts[term + 1]!);
    }
    return writer.finish();
  }
}

/** Where the occurrences of each term begin, once grouped; one more at the end. */
function startsOf(terms: Int32Array, termCount: number): Int32Array {
  const starts = new Int32Array(termCount + 1);
  for (let index = 0; index < terms.length; index += 1) starts[terms[index]! + 1]! += 1;
  for (let term = 0; term < termCount; term += 1) starts[term + 1]! += starts[term]!;
  return starts;
}

/** A stable counting sort of values by their term. */
function groupByTerm(values: Int32Array, terms: Int32Array, starts: Int32Array): Int32Array {
  const next = starts.slice();
  const grouped = new Int32Array(values.length);
  for (let index = 0; index < terms.length; index += 1) {
    const term = terms[index]!;
    const at = next[term]!;
    grouped[at] = values[index]!;
    next[term] = at + 1;
  }
  return grouped;
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

  view(): Int32Array {
    return this.#values.subarray(0, this.length);
  }
}

function larger(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const doubled = new Int32Array(values.length * 2);
  doubled.set(values);
  return doubled;
}
