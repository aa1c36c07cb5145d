// Words and terms are known by hash, never as strings: that is what makes the index fast and small.

const FIRST_SEED = 0x811c9dc5 | 0;
const SECOND_SEED = 0x9747b28c | 0;
const FIRST_FACTOR = 0x01000193;
const SECOND_FACTOR = 0x5bd1e995;

/** The start of a rolling hash, and one step of it by a byte or a UTF-16 unit. */
export const seeds = [FIRST_SEED, SECOND_SEED] as const;

export function stepFirst(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, FIRST_FACTOR);
}

export function stepSecond(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, SECOND_FACTOR) ^ (hash >>> 15);
}

/** Spreads the last bytes over all bits (the finaliser of MurmurHash3, public domain). */
export function spread(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/**
 * The key of a term: 52 bits, a safe integer. Two of five million terms share one with a probability under 1 in 300.
 * Stored on disk: a change here needs a new schema version.
 */
export function keyOf(term: string): number {
  let first: number = FIRST_SEED;
  let second: number = SECOND_SEED;
  for (let index = 0; index < term.length; index += 1) {
    const code = term.charCodeAt(index);
    first = stepFirst(first, code);
    second = stepSecond(second, code);
  }
  return toKey(spread(first), spread(second));
}

/** Of a term in ASCII. */
export function keyOfBytes(term: Uint8Array, length: number): number {
  let first: number = FIRST_SEED;
  let second: number = SECOND_SEED;
  for (let index = 0; index < length; index += 1) {
    first = stepFirst(first, term[index]!);
    second = stepSecond(second, term[index]!);
  }
  return toKey(spread(first), spread(second));
}

function toKey(first: number, second: number): number {
  return (second & 0xfffff) * 0x1_0000_0000 + (first >>> 0);
}

/**
 * Numbers pairs of 32-bit hashes 1, 2, 3, … as they come: open addressing, at most half full, a hash and a number to a slot.
 * What comes first comes often: its number is small, and whatever is kept by number stays in the cache.
 */
export class Numbering {
  #slots = new Int32Array(1 << 13);
  #seconds = new Int32Array(1 << 11);
  /** The last number given. */
  size = 0;

  /** The number of a pair, or 0. */
  find(first: number, second: number): number {
    const slots = this.#slots;
    const wrap = slots.length - 1;
    for (let at = (first << 1) & wrap; ; at = (at + 2) & wrap) {
      const number = slots[at + 1]!;
      if (number === 0 || (slots[at] === first && this.#seconds[number] === second)) return number;
    }
  }

  /** The next number, for a pair that has none yet. */
  add(first: number, second: number): number {
    this.size += 1;
    if (this.size * 4 > this.#slots.length) this.#growSlots();
    if (this.size === this.#seconds.length) this.#seconds = larger(this.#seconds);
    this.#seconds[this.size] = second;
    this.#place(first, this.size);
    return this.size;
  }

  #place(first: number, number: number): void {
    const slots = this.#slots;
    const wrap = slots.length - 1;
    let at = (first << 1) & wrap;
    while (slots[at + 1] !== 0) at = (at + 2) & wrap;
    slots[at] = first;
    slots[at + 1] = number;
  }

  #growSlots(): void {
    const before = this.#slots;
    this.#slots = new Int32Array(before.length * 2);
    for (let at = 0; at < before.length; at += 2) if (before[at + 1] !== 0) this.#place(before[at]!, before[at + 1]!);
  }
}

/** Twice as long, with the same beginning. */
export function larger(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const doubled = new Int32Array(values.length * 2);
  doubled.set(values);
  return doubled;
}
