// What has to change on a branch so that it has what is here. Pure: ids in, changes out.
import { archivePlaceOf } from '../archive/place.ts';
import { isAttachmentOf, isLedgerKind, isViewPath, placeOf, proofBeside, UNVOUCHED_FILES } from '../path-law.ts';
import type { Tip } from '../plumbing/tip.ts';

/** Of a file below proofs/, by its path alone. */
export type Sort = 'immutable' | 'view' | 'ledger' | 'furnishing';

export interface Difference {
  /** Immutable files and views that the tip does not have, README.md and .gitattributes where it has none. */
  readonly fresh: readonly string[];
  /** Views of which the tip has other bytes: whose id is greater decides. */
  readonly contested: readonly string[];
  /** Files of the ledger that differ, or that the tip does not have. */
  readonly ledger: readonly string[];
  /** Files that never change, and are other ones there. */
  readonly conflicts: readonly string[];
}

const PLAIN_MODES = new Set(['100644', '100755']);

/**
 * Sealed proofs that the branch has as files and that are none any more, here where everything holds: they were archived or pruned.
 * Their attachments go with them, unless those are still here. `sealed`: paths that the ledger here has entries for.
 */
export function removalsOf(ids: ReadonlyMap<string, string>, sealed: ReadonlySet<string>, { files }: Tip): readonly string[] {
  const isGone = (path: string): boolean => sealed.has(path) && !ids.has(path);
  return [...files.keys()].filter((path) => !ids.has(path) && isGone(placeOf(path) === null ? (proofBeside(path) ?? '') : path));
}

/** What only whoever keeps the ledger may bring to a branch. */
export function isOfLedger(path: string): boolean {
  return sortOf(path) === 'ledger' || archivePlaceOf(path) !== null || isLedgerKind(placeOf(path)?.kind ?? '');
}

const LEDGER_PATH = /^ledger(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)+$/;

/** Null for what nobody vouches for. What has a sort has no odd characters, and leads nowhere else. */
export function sortOf(path: string): Sort | null {
  if (placeOf(path) !== null || isAttachment(path) || archivePlaceOf(path) !== null) return 'immutable';
  if (LEDGER_PATH.test(path)) return 'ledger';
  if (UNVOUCHED_FILES.includes(path)) return 'furnishing';
  return isViewPath(path) ? 'view' : null;
}

/** `ids`: what is here, by path relative to proofs/. */
export function compare(ids: ReadonlyMap<string, string>, { files }: Tip): Difference {
  const fresh: string[] = [];
  const contested: string[] = [];
  const ledger: string[] = [];
  const conflicts: string[] = [];
  for (const [path, id] of ids) {
    const sort = sortOf(path);
    const there = files.get(path);
    const isSame = there?.id === id && PLAIN_MODES.has(there.mode);
    if (isSame || sort === null) continue;
    if (sort === 'ledger') ledger.push(path);
    else if (there === undefined) fresh.push(path);
    else if (sort === 'view') contested.push(path);
    else if (sort === 'immutable') conflicts.push(path);
  }
  return { fresh, contested, ledger, conflicts };
}

function isAttachment(path: string): boolean {
  const proof = proofBeside(path);
  return proof !== null && isAttachmentOf(proof, path);
}
