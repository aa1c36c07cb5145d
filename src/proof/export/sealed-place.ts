// Where a proof stands in a ledger that holds.
import { SophiaError } from '../../errors.ts';
import type { Checkpoint } from '../ledger/checkpoint.ts';
import type { Entry } from '../ledger/entries.ts';
import { readLedger } from '../ledger/ledger.ts';
import { leafHash } from '../ledger/merkle.ts';
import type { ProofTree } from '../tree.ts';

export interface HoldingLedger {
  readonly checkpoint: Checkpoint;
  readonly entries: readonly Entry[];
}

/** Null where there is none. Throws `PROOF_DOES_NOT_HOLD` where it is not what its checkpoint says. */
export async function readHoldingLedger(tree: ProofTree): Promise<HoldingLedger | null> {
  const { checkpoint, entries, root, flaws, isPresent } = await readLedger(tree);
  if (!isPresent) return null;
  const [flaw] = flaws;
  if (checkpoint === null || flaw !== undefined || root !== checkpoint.root)
    throw new SophiaError('PROOF_DOES_NOT_HOLD', {
      directory: `${tree.name}/${flaw?.path ?? 'ledger'}`,
      count: flaw?.reason ?? 'another root',
    });
  return { checkpoint, entries };
}

/** Null where the proof has no entry. Throws `PROOF_DOES_NOT_HOLD` where its entry has another leaf. */
export function findEntry(
  { entries }: HoldingLedger,
  { path, bytes, name }: { readonly path: string; readonly bytes: Uint8Array; readonly name: string },
): Entry | null {
  const entry = entries.find((each) => each.path === path) ?? null;
  if (entry !== null && leafHash(bytes).toString('hex') !== entry.leaf)
    throw new SophiaError('PROOF_DOES_NOT_HOLD', { directory: `${name}/${path}`, count: 'it is not what was sealed' });
  return entry;
}
