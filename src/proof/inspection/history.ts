// What proofs say of the ledger: each seal names the ledger it continued, and each run the last checkpoint it saw.
// All of it must be true of the ledger that is here; so a ledger that was rolled back contradicts whatever was left behind.
import { isJsonObject } from '../canonical.ts';
import type { Json } from '../../outcome.ts';
import { fromBase64 } from '../ledger/base64.ts';
import type { Statement } from '../statement.ts';

/** A ledger of this size had this root, says the proof. */
export interface Memory {
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** Relative to proofs/. */
  readonly saidBy: string;
  /** When the first run that says so had ended. */
  readonly seenMs: number;
}

export interface Seal {
  readonly path: string;
  readonly startedMs: number;
  /** How many proofs it took in, itself not counted. */
  readonly sealed: number;
  /** The size and root that it continued. */
  readonly from: number;
  readonly root: string;
  /** The vkey of the key that signed the checkpoint after it; null where none did. */
  readonly signer: string | null;
}

export class History {
  /** Seals by path. */
  readonly seals = new Map<string, Seal>();
  readonly #memories = new Map<string, Memory>();

  get memories(): readonly Memory[] {
    return [...this.#memories.values()];
  }

  /** What is wrong with what the proof says, or null. */
  hear(path: string, { predicate }: Statement): string | null {
    const { kind, ledger, startedAt, finishedAt, data } = predicate;
    const seenMs = Date.parse(finishedAt);
    if (ledger !== null) this.#remember({ ...ledger, saidBy: path, seenMs });
    if (kind !== 'seal') return null;
    const { origin, sealed, from = null, signer = null } = data;
    const { size, root } = isJsonObject(from) ? from : {};
    if (typeof origin !== 'string' || !isCount(sealed) || !isCount(size) || !isRoot(root))
      return 'data of a seal must have "from" {"root", "size"}, "origin" and "sealed"';
    this.#remember({ origin, size, root, saidBy: path, seenMs });
    this.seals.set(path, {
      path,
      startedMs: Date.parse(startedAt),
      sealed,
      from: size,
      root,
      signer: typeof signer === 'string' ? signer : null,
    });
    return null;
  }

  #remember(memory: Memory): void {
    const key = `${memory.size} ${memory.root} ${memory.origin}`;
    const known = this.#memories.get(key);
    if (known === undefined || memory.seenMs < known.seenMs) this.#memories.set(key, memory);
  }
}

function isCount(value: Json | undefined): value is number {
  return Number.isSafeInteger(value) && typeof value === 'number' && value >= 0;
}

function isRoot(value: Json | undefined): value is string {
  return typeof value === 'string' && fromBase64(value)?.length === 32;
}
