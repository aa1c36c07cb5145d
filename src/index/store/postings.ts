// Which documents hold a term, and how often: sorted by term key, packed into blocks of a few kilobytes.
// An entry is: key minus the key before, byte length, then per document (id minus the id before) * 2 + (more than once),
// and, where more than once, the number of times. All numbers are LEB128.

export interface Block {
  /** Key of the first entry. */
  readonly first: number;
  readonly data: Uint8Array;
}

export interface Postings {
  /** Ascending document numbers. */
  readonly documents: Uint32Array;
  /** How often the term occurs in each. */
  readonly frequencies: Uint32Array;
}

const BLOCK_BYTES = 4096;
const NONE: Postings = { documents: new Uint32Array(), frequencies: new Uint32Array() };

/** Builds blocks from entries in ascending order of keys. */
export class BlockWriter {
  readonly #blocks: Block[] = [];
  readonly #block = new Bytes();
  readonly #entry = new Bytes();
  #first = 0;
  #before = 0;

  /** Documents and frequencies in turns, from pair `start` to before pair `end`. Keys ascend from entry to entry, documents within one. */
  entry(key: number, pairs: Int32Array, start: number, end: number): void {
    if (start === end) return;
    if (this.#block.length === 0) {
      this.#first = key;
      this.#before = key;
    }
    let before = 0;
    for (let at = start * 2; at < end * 2; at += 2) {
      const document = pairs[at]!;
      const frequency = pairs[at + 1]!;
      this.#entry.number((document - before) * 2 + (frequency > 1 ? 1 : 0));
      if (frequency > 1) this.#entry.number(frequency);
      before = document;
    }
    this.#block.number(key - this.#before);
    this.#block.number(this.#entry.length);
    this.#block.bytes(this.#entry);
    this.#before = key;
    this.#entry.length = 0;
    if (this.#block.length >= BLOCK_BYTES) this.#flush();
  }

  finish(): readonly Block[] {
    if (this.#block.length > 0) this.#flush();
    return this.#blocks;
  }

  #flush(): void {
    this.#blocks.push({ first: this.#first, data: this.#block.take() });
  }
}

/** The postings of one key in the block that would hold it. */
export function findPostings(block: Block, key: number): Postings {
  const reader = new Reader(block.data);
  let current = block.first;
  while (!reader.isDone) {
    current += reader.number();
    const length = reader.number();
    if (current === key) return readPostings(reader, length);
    if (current > key) break;
    reader.at += length;
  }
  return NONE;
}

export interface PostingsEntry {
  readonly key: number;
  /** Decoding costs more than passing by: done when asked for, before the next entry is. */
  read(): Postings;
  /** The same one by one, where millions of small arrays would be more than the collector of garbage keeps up with. */
  visit(take: (document: number, frequency: number) => void): void;
}

/** All entries of a block, by ascending key. */
export function* entriesOf(block: Block): Generator<PostingsEntry> {
  const reader = new Reader(block.data);
  let key = block.first;
  while (!reader.isDone) {
    key += reader.number();
    const length = reader.number();
    const start = reader.at;
    yield {
      key,
      read: () => readPostings(new Reader(block.data, start), length),
      visit: (take) => visitPostings(new Reader(block.data, start), length, take),
    };
    reader.at = start + length;
  }
}

function readPostings(reader: Reader, length: number): Postings {
  const end = reader.at + length;
  const documents = new Uint32Array(length);
  const frequencies = new Uint32Array(length);
  let count = 0;
  let document = 0;
  while (reader.at < end) {
    const value = reader.number();
    document += Math.floor(value / 2);
    documents[count] = document;
    frequencies[count] = value % 2 === 1 ? reader.number() : 1;
    count += 1;
  }
  return { documents: documents.subarray(0, count), frequencies: frequencies.subarray(0, count) };
}

function visitPostings(reader: Reader, length: number, take: (document: number, frequency: number) => void): void {
  const end = reader.at + length;
  let document = 0;
  while (reader.at < end) {
    const value = reader.number();
    document += Math.floor(value / 2);
    take(document, value % 2 === 1 ? reader.number() : 1);
  }
}

class Bytes {
  #data = new Uint8Array(1 << 13);
  length = 0;

  number(value: number): void {
    if (this.length + 8 > this.#data.length) this.#grow(8);
    let rest = value;
    while (rest >= 0x8000_0000) {
      this.#data[this.length] = (rest % 128) | 128;
      this.length += 1;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      this.#data[this.length] = (rest & 127) | 128;
      this.length += 1;
      rest >>>= 7;
    }
    this.#data[this.length] = rest;
    this.length += 1;
  }

  bytes(other: Bytes): void {
    if (this.length + other.length > this.#data.length) this.#grow(other.length);
    this.#data.set(other.#data.subarray(0, other.length), this.length);
    this.length += other.length;
  }

  take(): Uint8Array {
    const taken = this.#data.slice(0, this.length);
    this.length = 0;
    return taken;
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(this.#data.length * 2, this.length + needed));
    larger.set(this.#data.subarray(0, this.length));
    this.#data = larger;
  }
}

class Reader {
  readonly #data: Uint8Array;
  at: number;

  constructor(data: Uint8Array, at = 0) {
    this.#data = data;
    this.at = at;
  }

  get isDone(): boolean {
    return this.at >= this.#data.length;
  }

  number(): number {
    let byte = this.#data[this.at]!;
    this.at += 1;
    if (byte < 128) return byte;
    let value = byte & 127;
    let factor = 128;
    do {
      byte = this.#data[this.at]!;
      this.at += 1;
      value += (byte & 127) * factor;
      factor *= 128;
    } while (byte >= 128);
    return value;
  }
}
