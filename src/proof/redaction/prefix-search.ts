// Many needles in one pass over the bytes: two bytes select a bit, three a short list, and only then is there something to compare.
// A hundred spellings a secret make one search for each too slow on a log of megabytes.

export interface Needle<Value> {
  /** At least three. */
  readonly bytes: Buffer;
  readonly value: Value;
}

export class PrefixSearch<Value> {
  readonly #pairs = new Uint8Array(65_536);
  /** By the first three bytes; the longest first. */
  readonly #byTriple = new Map<number, Needle<Value>[]>();
  readonly #maxLength: number;

  constructor(needles: Iterable<Needle<Value>>) {
    let maxLength = 0;
    for (const needle of needles) {
      const triple = needle.bytes.readUIntBE(0, 3);
      this.#pairs[triple >> 8] = 1;
      const others = this.#byTriple.get(triple);
      if (others === undefined) this.#byTriple.set(triple, [needle]);
      else others.push(needle);
      maxLength = Math.max(maxLength, needle.bytes.length);
    }
    for (const list of this.#byTriple.values()) list.sort((a, b) => b.bytes.length - a.bytes.length);
    this.#maxLength = maxLength;
  }

  /** Calls for each needle wherever it is, also inside another one. */
  each(bytes: Buffer, onMatch: (needle: Needle<Value>, start: number) => void): void {
    const pairs = this.#pairs;
    const last = bytes.length - 2;
    for (let at = 0; at < last; at += 1) {
      const pair = (bytes[at]! << 8) | bytes[at + 1]!;
      if (pairs[pair] === 0) continue;
      const needles = this.#byTriple.get((pair << 8) | bytes[at + 2]!);
      if (needles !== undefined) matchAt(bytes, at, needles, onMatch);
    }
  }

  /** Where the longest end of the bytes begins that could be the beginning of a needle; their length where none could. */
  openFrom(bytes: Buffer): number {
    const pairs = this.#pairs;
    const last = bytes.length - 1;
    for (let start = Math.max(0, bytes.length - this.#maxLength + 1); start < bytes.length; start += 1) {
      if (start < last && pairs[(bytes[start]! << 8) | bytes[start + 1]!] === 0) continue;
      if (this.#isOpenAt(bytes, start)) return start;
    }
    return bytes.length;
  }

  #isOpenAt(bytes: Buffer, start: number): boolean {
    const length = bytes.length - start;
    if (length >= 3)
      return this.#byTriple.get(bytes.readUIntBE(start, 3))?.some(({ bytes: needle }) => begins(needle, bytes, start)) ?? false;
    return [...this.#byTriple.keys()].some((triple) => triple >> (24 - 8 * length) === bytes.readUIntBE(start, length));
  }
}

function matchAt<Value>(
  bytes: Buffer,
  at: number,
  needles: readonly Needle<Value>[],
  onMatch: (needle: Needle<Value>, start: number) => void,
): void {
  for (const needle of needles) {
    const end = at + needle.bytes.length;
    if (end <= bytes.length && bytes.compare(needle.bytes, 0, needle.bytes.length, at, end) === 0) onMatch(needle, at);
  }
}

function begins(needle: Buffer, bytes: Buffer, start: number): boolean {
  const length = bytes.length - start;
  return needle.length > length && needle.compare(bytes, start, bytes.length, 0, length) === 0;
}
