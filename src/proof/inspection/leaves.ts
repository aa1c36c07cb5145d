// The leaves of the proofs that are here, against those that the ledger has.
import { hash } from 'node:crypto';
import type { Entry } from '../ledger/entries.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { MAX_PROOF_BYTES } from '../statement.ts';

/** Lent to each hash in turn: a buffer of its own for every proof would cost as much as hashing it. */
const scratch = Buffer.alloc(1 + MAX_PROOF_BYTES);

/** SHA-256 of a zero byte and the proof's bytes, hex. */
function leafHexOf(bytes: Uint8Array): string {
  if (bytes.length > MAX_PROOF_BYTES) return '';
  scratch.set(bytes, 1);
  return hash('sha256', scratch.subarray(0, 1 + bytes.length), 'hex');
}

/** How a proof stands to the ledger; `index` of its entry, null where it has none. */
export interface Standing {
  readonly index: number | null;
  /** Its leaf is that of its entry. */
  readonly isSealed: boolean;
}

const UNSEALED: Standing = { index: null, isSealed: false };

export class Leaves {
  readonly #entries: readonly Entry[];
  /** Where the entry of a path stands in the list. */
  readonly #places: ReadonlyMap<string, number>;
  readonly #isMet: Uint8Array;
  /** Proofs whose leaf is not that of their entry, with the leaf they have. */
  readonly changed = new Map<Entry, string>();
  /** Of proofs that no entry has; the path by the leaf. */
  readonly unsealed = new Map<string, string>();

  constructor({ entries }: Pick<Ledger, 'entries'>) {
    const places = new Map<string, number>();
    for (let place = 0; place < entries.length; place += 1) places.set(entries[place]!.path, place);
    this.#entries = entries;
    this.#places = places;
    this.#isMet = new Uint8Array(entries.length);
  }

  entryOf(path: string): Entry | null {
    const place = this.#places.get(path);
    return place === undefined ? null : (this.#entries[place] ?? null);
  }

  /** That a proof is there, with these bytes. */
  meet(path: string, bytes: Uint8Array): Standing {
    if (this.#entries.length === 0) return UNSEALED;
    const place = this.#places.get(path);
    const leaf = leafHexOf(bytes);
    const entry = place === undefined ? undefined : this.#entries[place];
    if (place === undefined || entry === undefined) {
      this.unsealed.set(leaf, path);
      return UNSEALED;
    }
    this.#isMet[place] = 1;
    if (entry.leaf !== leaf) this.changed.set(entry, leaf);
    return { index: entry.index, isSealed: entry.leaf === leaf };
  }

  /** That what lies under this path cannot be read, or rightly is not there. */
  excuse(path: string): void {
    const place = this.#places.get(path);
    if (place !== undefined) this.#isMet[place] = 1;
  }

  isMet(path: string): boolean {
    const place = this.#places.get(path);
    return place !== undefined && this.#isMet[place] === 1;
  }

  *missing(): Generator<Entry> {
    for (const place of this.#places.values()) if (this.#isMet[place] === 0) yield this.#entries[place]!;
  }

  /** An entry has the path or the leaf of another one. */
  get hasDoubles(): boolean {
    return this.#places.size < this.#entries.length || hasTwice(this.#entries.map(({ leaf }) => Number.parseInt(leaf.slice(0, 12), 16)));
  }
}

/** Whether two numbers are the same. Of a hash the first 48 bits are enough to look closer. */
function hasTwice(numbers: Iterable<number>): boolean {
  const sorted = Float64Array.from(numbers).sort();
  return sorted.some((each, index) => index > 0 && each === sorted[index - 1]);
}
