// How the ledger here and the one of the branch are related. Only one that continues the other may take its place.
import { SSHSIG_FILE } from '../ledger/sshsig.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** `ahead`: the one here continues the other. */
export type Kinship = 'same' | 'ahead' | 'behind' | 'forked';

export function kinshipOf(ours: Ledger, theirs: Ledger): Kinship {
  if (!theirs.isPresent) return ours.isPresent ? 'ahead' : 'same';
  if (!ours.isPresent) return 'behind';
  if (theirs.root === null || ours.root === null) return 'forked';
  const common = Math.min(ours.entries.length, theirs.entries.length);
  for (let index = 0; index < common; index += 1) {
    const [one, other] = [ours.entries[index], theirs.entries[index]];
    if (one?.leaf !== other?.leaf || one?.path !== other?.path) return 'forked';
  }
  if (ours.checkpoint?.origin !== theirs.checkpoint?.origin) return 'forked';
  if (ours.entries.length <= theirs.entries.length) return ours.entries.length === theirs.entries.length ? 'same' : 'behind';
  return isSigned(theirs) && !isSigned(ours) ? 'forked' : 'ahead';
}

function isSigned({ checkpoint, files }: Ledger): boolean {
  return (checkpoint?.signatures.length ?? 0) > 0 || files.has(SSHSIG_FILE);
}
