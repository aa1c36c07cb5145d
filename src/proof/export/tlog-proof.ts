// A proof of one proof: its place in the ledger, and the hashes between it and the root, below the checkpoint that vouches for that.
// Source: c2sp.org/tlog-proof.
import { toNote, type Checkpoint } from '../ledger/checkpoint.ts';
import { leafOf, type Entry } from '../ledger/entries.ts';
import { proveInclusion } from '../ledger/merkle.ts';
import { writeNote } from '../ledger/note.ts';

/** What is logged is the proof's file; a verifier that has its bytes needs nothing else. */
export function writeTlogProof(
  { index }: Entry,
  { checkpoint, entries }: { readonly checkpoint: Checkpoint; readonly entries: readonly Entry[] },
): string {
  const siblings = proveInclusion(entries.map(leafOf), index).map((hash) => Buffer.from(hash).toString('base64'));
  return `${['c2sp.org/tlog-proof@v1', `index ${index}`, ...siblings].join('\n')}\n\n${writeNote(toNote(checkpoint))}`;
}
