// Long evidence is kept by its beginning and its end; how much there was, and its digest, are said of the whole.
import { createHash } from 'node:crypto';

export interface Ends {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly sizeBytes: number;
}

/** At most `limit` bytes, with a line in the middle that says how much is missing. */
export function headAndTail({ head, tail, sizeBytes }: Ends, limit: number): Uint8Array {
  const half = Math.floor(limit / 2) - 64;
  const gap = Buffer.from(`\n[… ${sizeBytes - 2 * half} bytes left out …]\n`);
  return Buffer.concat([head.subarray(0, half), gap, tail.subarray(tail.length - half)]);
}

/** Takes any amount of bytes, and remembers no more than a few times the limit. */
export class LongText {
  readonly #limit: number;
  readonly #hash = createHash('sha256');
  readonly #head: Uint8Array[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #sizeBytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#hash.update(bytes);
    this.#sizeBytes += bytes.length;
    const head = bytes.subarray(0, this.#limit - this.#headBytes);
    if (head.length > 0) this.#head.push(Buffer.from(head));
    this.#headBytes += head.length;
    this.#addTail(bytes.subarray(-this.#limit));
  }

  finish(): { readonly kept: Uint8Array; readonly sizeBytes: number; readonly sha256: string } {
    const head = Buffer.concat(this.#head);
    const sizeBytes = this.#sizeBytes;
    const kept = sizeBytes <= this.#limit ? head : headAndTail({ head, tail: Buffer.concat(this.#tail), sizeBytes }, this.#limit);
    return { kept, sizeBytes, sha256: this.#hash.digest('hex') };
  }

  #addTail(bytes: Uint8Array): void {
    this.#tail.push(Buffer.from(bytes));
    this.#tailBytes += bytes.length;
    if (this.#tailBytes < 4 * this.#limit) return;
    this.#tail = [Buffer.concat(this.#tail).subarray(-this.#limit)];
    this.#tailBytes = this.#limit;
  }
}
