// What the two sources of an inventory have in common: git (git.ts) and the walk of a tree (walk.ts).
import type { ObjectFormat } from '../blob-id.ts';
import type { Entry, Skipped } from '../inventory.ts';
import type { Name } from '../names.ts';
import type { Listing } from './stamp.ts';

export interface Catalogue {
  readonly repository: string;
  readonly commit: string | null;
  readonly tree: string | null;
  readonly format: ObjectFormat;
  readonly isDirty: boolean;
  /** All that decides about the entries, loose files aside: equal evidence, equal entries. */
  readonly evidence: readonly (Uint8Array | string)[];
  /** Equal grounds, and `settle` gives the same, but for files that are loose; null where it gives nothing of its own. */
  readonly grounds: readonly (Uint8Array | string)[] | null;
  /** For the next look; null where that has to ask again. */
  readonly listing: Listing | null;
  /** Only the file on disk tells what these hold now. */
  readonly loose: readonly LooseFile[];
  /** The entries that need no look at the disk. Not asked for when the evidence is known. */
  settle(): Promise<{ readonly entries: readonly Entry[]; readonly skipped: readonly Skipped[] }>;
}

export interface LooseFile extends Name {
  /** The id in git's index of a file that may have changed since; null for one that git does not know. */
  readonly indexed: string | null;
}

/** `proofs/` of the root and every `.sophia/`: our own output, never listed, never even skipped. */
export function isOurs(path: string): boolean {
  return path.startsWith('proofs/') || path.startsWith('.sophia/') || path.includes('/.sophia/');
}
