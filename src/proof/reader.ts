// Reading single proofs for people: what one says, whether it holds by itself and against its entry in the ledger, and what newer
// ones say of it. Whether the ledger and everything else holds is for verify.
import type { Context } from '../context.ts';
import { leafHash } from './ledger/merkle.ts';
import { readLedger } from './ledger/ledger.ts';
import type { Statement } from './statement.ts';
import { readBytes, type ProofEntry, type Store } from './store.ts';
import { openProofs } from './tree.ts';
import { judgeProof } from './verification/judge.ts';

export interface Reading {
  /** Null where the file cannot be read. */
  readonly sha256: string | null;
  /** Null where the file is not a statement of ours. */
  readonly statement: Statement | null;
  readonly flaws: readonly { readonly check: string; readonly reason: string }[];
  /** The ledger has an entry for its path. */
  readonly isSealed: boolean;
}

export interface Standing {
  /** Path of the newest proof that says so, relative to proofs/; null where none does. */
  readonly revokedBy: string | null;
  readonly supersededBy: string | null;
}

export class Reader {
  readonly #store: Store;
  readonly #leaves: ReadonlyMap<string, string>;
  readonly #said = new Map<string, string>();

  /** `leaves`: what the ledger has, by path. */
  constructor(store: Store, leaves: ReadonlyMap<string, string>) {
    this.#store = store;
    this.#leaves = leaves;
  }

  read(entry: ProofEntry): Reading {
    return this.#judge(entry, readBytes(this.#store, entry));
  }

  /** Of a proof that nobody asked for, only what it says of others; most say nothing, and need not be judged. */
  skim(entry: ProofEntry): void {
    const bytes = readBytes(this.#store, entry);
    if (bytes !== null && mayLink(bytes)) this.#judge(entry, bytes);
  }

  /** Right once everything newer has been read or skimmed, newest first. */
  standingOf({ path }: Pick<ProofEntry, 'path'>): Standing {
    return { revokedBy: this.#said.get(`revokes ${path}`) ?? null, supersededBy: this.#said.get(`supersedes ${path}`) ?? null };
  }

  #judge(entry: ProofEntry, bytes: Uint8Array | null): Reading {
    const { path } = entry;
    const leaf = this.#leaves.get(path);
    const isSealed = leaf !== undefined;
    if (bytes === null) return { sha256: null, statement: null, flaws: [{ check: 'schema', reason: 'it cannot be read' }], isSealed };
    const { sha256, statement, flaws } = judgeProof(path, bytes);
    const isTampered = isSealed && leafHash(bytes).toString('hex') !== leaf;
    const tampered = { check: 'tampered', reason: 'it is not what was sealed: its entry in the ledger has another leaf' };
    const all = isTampered ? [tampered, ...flaws] : flaws;
    if (statement !== null && all.length === 0) this.#hear(path, statement);
    return { sha256, statement, flaws: all, isSealed };
  }

  #hear(path: string, { predicate }: Statement): void {
    for (const { rel, proof } of predicate.links) {
      const key = `${rel} ${proof}`;
      if (!this.#said.has(key)) this.#said.set(key, path);
    }
  }
}

export async function openReader(context: Pick<Context, 'files' | 'clock' | 'signal'>, store: Store): Promise<Reader> {
  const { entries } = await readLedger(openProofs(context, store));
  return new Reader(store, new Map(entries.map(({ path, leaf }) => [path, leaf])));
}

const RELATION = Buffer.from('"rel": "');

function mayLink(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(RELATION);
}
