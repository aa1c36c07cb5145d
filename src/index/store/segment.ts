// From documents to postings. One segment is what one batch (or a part of a large one) adds to the index.
import { eachAsciiToken } from '../ascii-tokens.ts';
import { expand } from '../tokens.ts';
import { LENGTH_FIELDS } from './documents.ts';
import { keyOf, keyOfBytes, larger, Numbering, seeds, spread, stepFirst, stepSecond } from './hash.ts';
import { BlockWriter, type Block } from './postings.ts';
import type { ContextDocument } from './store.ts';

/** What is searched: each field has its own postings, its own lengths and its own BM25. `name` holds exact names only. */
export const FIELDS = ['body', 'path', 'symbols', 'history', 'name'] as const;
export type Field = (typeof FIELDS)[number];

export interface Segment {
  readonly blocks: Readonly<Record<Field, readonly Block[]>>;
}

/** Words share one memory of what they expand to; with more than this, another builder should follow. */
const MAX_WORDS = 400_000;
/** In one segment: twelve bytes each, and two thirds of that again while they are sorted. */
const MAX_OCCURRENCES = 6_000_000;

const IS_WORD = new Uint8Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  const isAlphanumeric = (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
  IS_WORD[byte] = isAlphanumeric || byte === 95 || byte >= 128 ? 1 : 0;
}

export class SegmentBuilder {
  /** Words as they are written. */
  readonly #words = new Numbering();
  /** By word: where its terms begin in `#expansions`; they end where those of the next one begin. */
  readonly #starts = new Numbers();
  readonly #expansions = new Numbers();
  readonly #terms = new Numbering();
  readonly #keys: number[] = [];
  readonly #fields = new Map<Field, Occurrences>(FIELDS.map((field) => [field, new Occurrences()]));
  /** Of the text that is being added: which words and terms it has, and how often. */
  readonly #seenWords = new Numbers();
  readonly #seenTerms = new Numbers();
  #wordCounts = new Int32Array(1 << 12);
  #termCounts = new Int32Array(1 << 12);

  constructor() {
    this.#starts.push(0); // there is no word 0
    this.#starts.push(0);
  }

  /** Time to write out what was added. */
  get isFull(): boolean {
    return this.isWorn || this.#fields.get('body')!.count > MAX_OCCURRENCES;
  }

  /** So many words are known that finding one costs more than learning it again would. */
  get isWorn(): boolean {
    return this.#words.size > MAX_WORDS;
  }

  /** Everything of a document; returns its lengths by position in LENGTH_FIELDS. */
  addDocument(number: number, document: ContextDocument): readonly number[] {
    const names = document.symbols.map(({ name }) => name);
    this.#addNames(number, new Set(names));
    const texts = [document.body, Buffer.from(document.title), Buffer.from(names.join(' ')), Buffer.from(document.history.join('\n'))];
    return LENGTH_FIELDS.map((field, index) => this.addText(field, number, texts[index]!));
  }

  /** Adds a text (UTF-8) to a field of a document; returns its length in tokens. Documents come in ascending order. */
  addText(field: Field, document: number, source: Uint8Array): number {
    this.#countWords(Buffer.from(source.buffer, source.byteOffset, source.length));
    this.#countTermsOfWords();
    return this.#endDocument(field, document);
  }

  /** What was added since the last segment was taken. The words stay known. */
  take(): Segment {
    const keys = Float64Array.from(this.#keys).sort();
    const ranks = this.#ranksOf(keys);
    const blocks = Object.fromEntries(FIELDS.map((field) => [field, this.#fields.get(field)!.take(ranks, keys)]));
    return { blocks: blocks as Segment['blocks'] };
  }

  #addNames(document: number, names: Iterable<string>): void {
    for (const name of names) this.#countTerm(this.#termOf(keyOf(nameTerm(name))), 1);
    this.#endDocument('name', document);
  }

  #countWords(source: Buffer): void {
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
      const word = this.#words.find(first, second) || this.#learn(source, start, at, this.#words.add(first, second));
      if (this.#wordCounts[word] === 0) this.#seenWords.push(word);
      this.#wordCounts[word]! += 1;
    }
  }

  #learn(source: Buffer, start: number, end: number, word: number): number {
    if (word === this.#wordCounts.length) this.#wordCounts = larger(this.#wordCounts);
    if (!eachAsciiToken(source, start, end, this.#expandTo)) {
      for (const token of expand(source.toString('utf8', start, end))) this.#expansions.push(this.#termOf(keyOf(token)));
    }
    this.#starts.push(this.#expansions.length);
    return word;
  }

  readonly #expandTo = (token: Uint8Array, length: number): void => this.#expansions.push(this.#termOf(keyOfBytes(token, length)));

  #termOf(key: number): number {
    const [first, second] = pairOf(key);
    const known = this.#terms.find(first, second);
    if (known !== 0) return known;
    const term = this.#terms.add(first, second);
    this.#keys.push(key);
    if (term === this.#termCounts.length) this.#termCounts = larger(this.#termCounts);
    return term;
  }

  #countTermsOfWords(): void {
    const seen = this.#seenWords;
    for (let index = 0; index < seen.length; index += 1) {
      const word = seen.at(index);
      const times = this.#wordCounts[word]!;
      this.#wordCounts[word] = 0;
      const end = this.#starts.at(word + 1);
      for (let at = this.#starts.at(word); at < end; at += 1) this.#countTerm(this.#expansions.at(at), times);
    }
    seen.length = 0;
  }

  #countTerm(term: number, times: number): void {
    if (this.#termCounts[term] === 0) this.#seenTerms.push(term);
    this.#termCounts[term]! += times;
  }

  #endDocument(field: Field, document: number): number {
    const occurrences = this.#fields.get(field)!;
    const seen = this.#seenTerms;
    let length = 0;
    for (let index = 0; index < seen.length; index += 1) {
      const term = seen.at(index);
      const times = this.#termCounts[term]!;
      this.#termCounts[term] = 0;
      occurrences.add(term, document, times);
      length += times;
    }
    seen.length = 0;
    return length;
  }

  /** Term → position of its key among all keys. */
  #ranksOf(keys: Float64Array): Int32Array {
    const ranks = new Int32Array(keys.length + 1);
    for (let rank = 0; rank < keys.length; rank += 1) {
      const [first, second] = pairOf(keys[rank]!);
      ranks[this.#terms.find(first, second)] = rank;
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
    this.#triples.push3(term, document, times);
  }

  get count(): number {
    return this.#triples.length / 3;
  }

  take(ranks: Int32Array, keys: Float64Array): readonly Block[] {
    const triples = this.#triples.view();
    this.#triples.length = 0;
    if (triples.length === 0) return [];
    const starts = startsOf(triples, ranks, keys.length);
    const pairs = groupByRank(triples, ranks, starts);
    const writer = new BlockWriter();
    for (let rank = 0; rank < keys.length; rank += 1) {
      if (starts[rank] !== starts[rank + 1]) writer.entry(keys[rank]!, pairs, starts[rank]!, starts[rank + 1]!);
    }
    return writer.finish();
  }
}

/** Where the pairs of each rank begin, once grouped; one more at the end. */
function startsOf(triples: Int32Array, ranks: Int32Array, count: number): Int32Array {
  const starts = new Int32Array(count + 1);
  for (let at = 0; at < triples.length; at += 3) starts[ranks[triples[at]!]! + 1]! += 1;
  for (let rank = 0; rank < count; rank += 1) starts[rank + 1]! += starts[rank]!;
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
  #values = new Int32Array(1 << 12);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) this.#values = larger(this.#values);
    this.#values[this.length] = value;
    this.length += 1;
  }

  push3(first: number, second: number, third: number): void {
    const at = this.length;
    if (at + 3 > this.#values.length) this.#values = larger(this.#values);
    this.#values[at] = first;
    this.#values[at + 1] = second;
    this.#values[at + 2] = third;
    this.length = at + 3;
  }

  at(index: number): number {
    return this.#values[index]!;
  }

  view(): Int32Array {
    return this.#values.subarray(0, this.length);
  }
}
