// What ranking needs of every document, as arrays over document numbers: read in one go, changed in memory.
import type { DocumentKind } from './store.ts';

export const LENGTH_FIELDS = ['body', 'path', 'symbols', 'history'] as const;

export const KINDS: readonly DocumentKind[] = ['source', 'test', 'generated', 'vendored'];

const ROW_BYTES = LENGTH_FIELDS.length * 4 + 4;

/** Number 0 is never used. A row is four lengths, then repository (16 bits), kind and a flag for alive. */
export class DocumentTable {
  #lengths: Uint32Array<ArrayBuffer>;
  #marks: Uint8Array<ArrayBuffer>;
  size: number;

  private constructor(lengths: Uint32Array<ArrayBuffer>, marks: Uint8Array<ArrayBuffer>, size: number) {
    this.#lengths = lengths;
    this.#marks = marks;
    this.size = size;
  }

  static empty(): DocumentTable {
    return new DocumentTable(new Uint32Array(1024 * LENGTH_FIELDS.length), new Uint8Array(1024 * 4), 1);
  }

  static fromBytes(bytes: Uint8Array): DocumentTable {
    const size = bytes.length / ROW_BYTES;
    const copy = bytes.slice();
    const split = size * LENGTH_FIELDS.length * 4;
    return new DocumentTable(new Uint32Array(copy.buffer, 0, size * LENGTH_FIELDS.length), copy.subarray(split), size);
  }

  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.size * ROW_BYTES);
    const split = this.size * LENGTH_FIELDS.length * 4;
    bytes.set(new Uint8Array(this.#lengths.buffer, this.#lengths.byteOffset, split));
    bytes.set(this.#marks.subarray(0, this.size * 4), split);
    return bytes;
  }

  add(repository: number, kind: DocumentKind): number {
    const document = this.size;
    this.size += 1;
    if (this.size * 4 > this.#marks.length) this.#grow();
    this.#marks.set([repository & 255, repository >>> 8, KINDS.indexOf(kind), 1], document * 4);
    return document;
  }

  remove(document: number): void {
    this.#marks[document * 4 + 3] = 0;
  }

  clear(): void {
    this.#lengths.fill(0);
    this.#marks.fill(0);
    this.size = 1;
  }

  isAlive(document: number): boolean {
    return this.#marks[document * 4 + 3] === 1;
  }

  repositoryOf(document: number): number {
    return this.#marks[document * 4]! + this.#marks[document * 4 + 1]! * 256;
  }

  kindOf(document: number): DocumentKind {
    return KINDS[this.#marks[document * 4 + 2]!]!;
  }

  lengthOf(document: number, field: number): number {
    return this.#lengths[document * LENGTH_FIELDS.length + field]!;
  }

  /** 1 for each document that is alive, in this repository or, with null, in any. */
  alive(repository: number | null): Uint8Array {
    const alive = new Uint8Array(this.size);
    const marks = this.#marks;
    for (let document = 1, at = 4; document < alive.length; document += 1, at += 4)
      if (marks[at + 3] === 1 && (repository === null || marks[at]! + marks[at + 1]! * 256 === repository)) alive[document] = 1;
    return alive;
  }

  /** How many documents are marked with 1, and the sums of their lengths by position in LENGTH_FIELDS. */
  measure(marked: Uint8Array): { readonly documents: number; readonly lengths: readonly number[] } {
    // Written out: it runs over every document for every question, most often in a process that has just begun.
    const lengths = this.#lengths;
    let [documents, body, path, symbols, history] = [0, 0, 0, 0, 0];
    for (let document = 1, at = LENGTH_FIELDS.length; document < marked.length; document += 1, at += LENGTH_FIELDS.length) {
      if (marked[document] !== 1) continue;
      documents += 1;
      body += lengths[at]!;
      path += lengths[at + 1]!;
      symbols += lengths[at + 2]!;
      history += lengths[at + 3]!;
    }
    return { documents, lengths: [body, path, symbols, history] };
  }

  setLength(document: number, field: number, length: number): void {
    this.#lengths[document * LENGTH_FIELDS.length + field] = length;
  }

  #grow(): void {
    const lengths = new Uint32Array(this.#lengths.length * 2);
    lengths.set(this.#lengths);
    this.#lengths = lengths;
    const marks = new Uint8Array(this.#marks.length * 2);
    marks.set(this.#marks);
    this.#marks = marks;
  }
}
