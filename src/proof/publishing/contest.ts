// Two publishers wrote the same view: the one of the greater id stays, whoever came last.
import type { Context } from '../../context.ts';
import { placeOf } from '../path-law.ts';
import { proofNamedBy } from '../view.ts';
import { readBlobs } from '../plumbing/blobs.ts';
import type { Remote } from '../plumbing/remote.ts';
import type { Tip } from '../plumbing/tip.ts';

export interface Contest {
  readonly remote: Remote;
  readonly tip: Tip;
  /** Absolute. */
  readonly proofs: string;
  readonly contested: readonly string[];
}

/** Those of the contested views that replace what the tip has. */
export async function winnersOf(context: Context, { remote, tip, proofs, contested }: Contest): Promise<readonly string[]> {
  if (contested.length === 0) return [];
  const idOf = (path: string): string => tip.files.get(path)?.id ?? '';
  const theirs = await readBlobs(context, remote, contested.map(idOf));
  return contested.filter((path) => ownerOf(path, context.files.read(`${proofs}/${path}`)) >= ownerOf(path, theirs.get(idOf(path))));
}

/** The id of the proof that a view names. What names none comes before all others. */
export function ownerOf(path: string, bytes: Uint8Array = new Uint8Array()): string {
  const named = proofNamedBy(path, bytes);
  return (named === null ? null : placeOf(named)?.id) ?? '';
}
