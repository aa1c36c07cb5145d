// Words and terms are known by hash, never as strings: that is what makes the index fast and small.

const FIRST_SEED = 0x811c9dc5 | 0;
const SECOND_SEED = 0x9747b28c | 0;
const FIRST_FACTOR = 0x01000193;
const SECOND_FACTOR = 0x5bd1e995;

/** The start of a rolling hash, and one step of it. */
export const seeds = [FIRST_SEED, SECOND_SEED] as const;

export function stepFirst(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, FIRST_FACTOR);
}

export function stepSecond(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, SECOND_FACTOR) ^ (hash >>> 15);
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
  let first = FIRST_SEED;
  let second = SECOND_SEED;
  for (let index = 0; index < term.length; index += 1) {
    const code = term.charCodeAt(index);
    first = stepFirst(stepFirst(first, code & 255), code >>> 8);
    second = stepSecond(stepSecond(second, code & 255), code >>> 8);
  }
  return toKey(spread(first), spread(second));
}

function toKey(first: number, second: number): number {
  return (second & 0xfffff) * 0x1_0000_0000 + (first >>> 0);
}

/** Gives consecutive numbers to pairs of 32-bit hashes: open addressing over typed arrays. */
export class Interner {
  #mask: number;
  #slots: Int32Array;
  #first: Int32Array;
  #second: Int32Array;
  size = 0;

  constructor(capacity = 1 << 14) {
    this.#mask = capacity * 2 - 1;
    this.#slots = new Int32Array(capacity * 2);
    this.#first = new Int32Array(capacity);
    this.#second = new Int32Array(capacity);
  }

  /** The number of a pair; a new one is `size` before the call. */
  intern(first: number, second: number): number {
    let slot = (first ^ (second << 7)) & this.#mask;
    for (;;) {
      const found = this.#slots[slot]! - 1;
      if (found < 0) break;
      if (this.#first[found] === first && this.#second[found] === second) return found;
      slot = (slot + 1) & this.#mask;
    }
    if (this.size === this.#first.length) {
      this.#grow();
      return this.intern(first, second);
    }
    const id = this.size;
    this.size += 1;
    this.#slots[slot] = id + 1;
    this.#first[id] = first;
    this.#second[id] = second;
    return id;
  }

  #grow(): void {
    const capacity = this.#first.length * 2;
    this.#first = extend(this.#first, capacity);
    this.#second = extend(this.#second, capacity);
    this.#mask = capacity * 2 - 1;
    this.#slots = new Int32Array(capacity * 2);
    for (let id = 0; id < this.size; id += 1) {
      let slot = (this.#first[id]! ^ (this.#second[id]! << 7)) & this.#mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = id + 1;
    }
  }
}

function extend(values: Int32Array, capacity: number): Int32Array {
  const extended = new Int32Array(capacity);
  extended.set(values);
  return extended;
}
