// One proof for other tools, in the form that was asked for. What does not hold is not handed on.
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { serialize } from '../canonical.ts';
import type { Entry } from '../ledger/entries.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import { readBytes, type ProofEntry, type Store } from '../store.ts';
import { openProofs } from '../tree.ts';
import { judgeProof } from '../verification/judge.ts';
import { asLocal, toBundle, toEnvelope } from './envelope.ts';
import { toForeign, type Exported, type ForeignPredicate } from './predicates.ts';
import { findEntry, readHoldingLedger, type HoldingLedger } from './sealed-place.ts';
import { writeTlogProof } from './tlog-proof.ts';

export type Wanted =
  | { readonly form: 'statement' | 'tlog-proof' }
  | { readonly form: 'dsse'; readonly key: SigningKey | null }
  | { readonly form: 'bundle'; readonly key: SigningKey };

export interface ExportRequest {
  readonly store: Store;
  readonly proof: ProofEntry;
  readonly wanted: Wanted;
  /** Another predicate than ours, to be put into the envelope or printed as it is. */
  readonly predicate: ForeignPredicate | null;
}

export interface SingleExport {
  readonly text: string;
  /** From the project root. */
  readonly path: string;
  readonly isSealed: boolean;
  /** The envelope or the checkpoint below the text has a signature. */
  readonly isSigned: boolean;
}

/** Throws `PROOF_DOES_NOT_HOLD`, `PROOF_NOT_SEALED`, `EXPORT_IMPOSSIBLE`, `SIGNING_KEY_INVALID`. */
export async function exportProof(context: Context, { store, proof, wanted, predicate }: ExportRequest): Promise<SingleExport> {
  const { bytes, exported, ledger, entry } = await readProof(context, store, proof);
  const { path, isSealed } = exported;
  const payload = predicate === null ? bytes : Buffer.from(serialize(toForeign(predicate, exported)));
  const common = { path, isSealed };
  switch (wanted.form) {
    case 'statement':
      return { ...common, text: Buffer.from(payload).toString('utf8'), isSigned: false };
    case 'dsse': {
      const key = wanted.key === null ? null : asLocal(wanted.key);
      return { ...common, text: serialize(toEnvelope(payload, key)), isSigned: key !== null };
    }
    case 'bundle':
      return { ...common, text: serialize(toBundle(payload, asLocal(wanted.key))), isSigned: true };
    case 'tlog-proof':
      if (ledger === null || entry === null) throw new SophiaError('PROOF_NOT_SEALED', { path });
      return { ...common, text: writeTlogProof(entry, ledger), isSigned: ledger.checkpoint.signatures.length > 0 };
    default:
      return unreachable(wanted);
  }
}

interface Read {
  readonly bytes: Uint8Array;
  readonly exported: Exported;
  readonly ledger: HoldingLedger | null;
  readonly entry: Entry | null;
}

async function readProof(context: Context, store: Store, proof: ProofEntry): Promise<Read> {
  const path = `${store.name}/${proof.path}`;
  const refuse = (reason: string): never => {
    throw new SophiaError('PROOF_DOES_NOT_HOLD', { directory: path, count: reason });
  };
  const bytes = readBytes(store, proof) ?? refuse('it cannot be read');
  const { statement, flaws, sha256 } = judgeProof(proof.path, bytes);
  if (statement === null || flaws.length > 0) return refuse(flaws.map(({ check, reason }) => `${check}: ${reason}`).join('; '));
  const ledger = await readHoldingLedger(openProofs(context, store));
  const entry = ledger === null ? null : findEntry(ledger, { path: proof.path, bytes, name: store.name });
  const verifiedAt = new Date(context.clock.now()).toISOString();
  return { bytes, ledger, entry, exported: { statement, path, sha256, isSealed: entry !== null, verifiedAt } };
}

function unreachable(wanted: never): never {
  throw new TypeError(`a form was forgotten: ${JSON.stringify(wanted)}`);
}
