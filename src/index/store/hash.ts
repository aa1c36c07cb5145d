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

const STRIDE = 4;
const FIRST = 0;
const SECOND = 1;
const VALUE = 2;
const COUNT = 3;

/**
 * A table from pairs of 32-bit hashes to a number and a count: open addressing, all of an entry in one cache line.
 * Entries are spoken of by slot; a slot holds good until the next `add`.
 */
export class HashTable {
  #mask: number;
  #slots: Int32Array<ArrayBuffer>;
  #capacity: number;
  size = 0;

  constructor(capacity = 1 << 12) {
    this.#capacity = capacity;
    this.#mask = capacity * 2 - 1;
    this.#slots = new Int32Array(capacity * 2 * STRIDE);
  }

  /** The slot of a pair, or where it would go: then its value is 0. */
  find(first: number, second: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    let slot = (first ^ (second << 7)) & mask;
    for (;;) {
      const at = slot * STRIDE;
      if (slots[at + VALUE] === 0 || (slots[at + FIRST] === first && slots[at + SECOND] === second)) return at;
      slot = (slot + 1) & mask;
    }
  }

  valueAt(slot: number): number {
    return this.#slots[slot + VALUE]!;
  }

  /** Adds to the count of a slot; returns the count before. */
  count(slot: number, times: number): number {
    const before = this.#slots[slot + COUNT]!;
    this.#slots[slot + COUNT] = before + times;
    return before;
  }

  /** The count of a slot, which begins again at 0. */
  takeCount(slot: number): number {
    const count = this.#slots[slot + COUNT]!;
    this.#slots[slot + COUNT] = 0;
    return count;
  }

  /** Fills the slot that `find` gave for a pair that is not there yet; `value` is not 0. Returns its slot, which may be another one. */
  add(slot: number, pair: readonly [number, number], value: number): number {
    if (this.size === this.#capacity) {
      this.#grow();
      return this.add(this.find(...pair), pair, value);
    }
    this.size += 1;
    this.#slots[slot + FIRST] = pair[0];
    this.#slots[slot + SECOND] = pair[1];
    this.#slots[slot + VALUE] = value;
    return slot;
  }

  /** Slots whose count is not 0: what a caller must ask for when `add` may have moved them. */
  countedSlots(): number[] {
    const counted: number[] = [];
    for (let slot = 0; slot < this.#slots.length; slot += STRIDE) if (this.#slots[slot + COUNT] !== 0) counted.push(slot);
    return counted;
  }

  get capacity(): number {
    return this.#capacity;
  }

  #grow(): void {
    const before = this.#slots;
    this.#capacity *= 4; // moving everything costs as much as filling it did
    this.#mask = this.#capacity * 2 - 1;
    this.#slots = new Int32Array(this.#capacity * 2 * STRIDE);
    for (let slot = 0; slot < before.length; slot += STRIDE) {
      if (before[slot + VALUE] !== 0) this.#slots.set(before.subarray(slot, slot + STRIDE), this.find(before[slot + FIRST]!, before[slot + SECOND]!));
    }
  }
}
