// What lies in a directory of proofs, by the form of the paths alone; nothing is opened.
import { placeOf, UNVOUCHED_FILES } from '../path-law.ts';
import { ARCHIVE_FOLDER } from '../archive/place.ts';
import type { ProofTree, TreeEntry } from '../tree.ts';
import type { FileFlaw } from '../verification/flaw.ts';

export interface Survey {
  /** Plain files under the path of a proof. */
  readonly proofs: readonly string[];
  /** Plain files or not, below ledger/ and archive/. */
  readonly ledger: readonly TreeEntry[];
  readonly archives: readonly TreeEntry[];
  /** All the rest, by path: somebody must vouch for each. */
  readonly others: Map<string, TreeEntry>;
  readonly flaws: readonly FileFlaw[];
}

/** `once` gives the text of a path that is kept already, where there is one. */
export function surveyTree(tree: ProofTree, once: (path: string) => string): Survey {
  const proofs: string[] = [];
  const ledger: TreeEntry[] = [];
  const archives: TreeEntry[] = [];
  const others = new Map<string, TreeEntry>();
  const flaws: FileFlaw[] = [];
  const folded = new Map<string, string>();
  for (const entry of tree.walk()) {
    const { path, kind } = entry;
    if (placeOf(path) !== null) {
      if (kind === 'file') proofs.push(once(path));
      else flaws.push({ check: 'foreign', path, reason: describeKind(entry) });
    } else if (path.startsWith('ledger/')) ledger.push(entry);
    else if (path.startsWith(`${ARCHIVE_FOLDER}/`)) archives.push(entry);
    else if (!UNVOUCHED_FILES.includes(path) || kind !== 'file') others.set(path, entry);
    else continue;
    // By law no two proofs differ in case alone.
    if (others.has(path)) flaws.push(...findTwin(folded, path));
  }
  return { proofs, ledger, archives, others, flaws };
}

/** Why a file that is no plain file is not looked into. */
export function describeKind({ kind, problem }: TreeEntry): string {
  if (problem !== undefined) return problem;
  switch (kind) {
    case 'symlink':
      return 'a symbolic link; links are not followed';
    case 'other':
      return 'neither a file nor a folder';
    case 'directory':
      return 'a folder';
    default:
      return 'cannot be looked at';
  }
}

function findTwin(folded: Map<string, string>, path: string): readonly FileFlaw[] {
  const lower = path.toLowerCase();
  const twin = folded.get(lower);
  if (twin === undefined) folded.set(lower, path);
  return twin === undefined || twin === path
    ? []
    : [{ check: 'path-law', path, reason: `it differs from ${twin} in the case of letters alone: on many disks the two are one file` }];
}
