// As much of a branch's directory of proofs as sealing needs, in a folder of its own: the ledger, what it does not cover yet, and the views.
// Sealed proofs are not opened again, however many there are.
import type { Context } from '../../context.ts';
import { readLedger, type Ledger } from '../ledger/ledger.ts';
import { placeOf, proofBeside } from '../path-law.ts';
import { streamBlobs } from '../plumbing/blobs.ts';
import type { Remote } from '../plumbing/remote.ts';
import type { Scratch } from '../plumbing/scratch.ts';
import type { Tip } from '../plumbing/tip.ts';
import { openProofs } from '../tree.ts';
import { proofNamedBy } from '../view.ts';
import { sortOf } from './plan.ts';

export interface Copying {
  readonly remote: Remote;
  readonly scratch: Scratch;
  readonly tip: Tip;
}

/** The ledger alone, which says what else there is to copy. */
export async function copyLedger(context: Context, copying: Copying): Promise<Ledger> {
  await copy(context, copying, (path) => sortOf(path) === 'ledger');
  return await readLedger(openProofs(context, { proofs: copying.scratch.folder, name: 'proofs' }));
}

export interface Continuation extends Pick<Ledger, 'entries'> {
  /** Paths that are not on the branch yet. */
  readonly coming: readonly string[];
}

/** `entries` are those of the ledger that will be continued. */
export async function copyUnsealed(context: Context, copying: Copying, { entries, coming }: Continuation): Promise<void> {
  const { scratch, tip } = copying;
  const sealed = new Set(entries.map(({ path }) => path));
  const last = entries.at(-1)?.path; // the last seal, which says with which key
  const births = new Set([...tip.files.keys(), ...coming].filter((path) => placeOf(path) !== null && !sealed.has(path)).map(birthOf));
  await copy(context, copying, (path) => {
    if (placeOf(path) !== null && births.has(birthOf(path))) return true; // one may be the other again, but for the id
    const proof = placeOf(path) === null ? proofBeside(path) : path;
    return sortOf(path) === 'view' || path === last || (proof !== null && !sealed.has(proof));
  });
  const views = [...tip.files.keys()].filter((path) => sortOf(path) === 'view');
  const owners = new Set(views.map((path) => proofNamedBy(path, scratch.read(path))));
  await copy(context, copying, (path) => owners.has(path));
}

/** Kind and millisecond. */
function birthOf(path: string): string {
  const { kind, id } = placeOf(path) ?? { kind: '', id: '' };
  return `${kind} ${id.slice(0, 10)}`;
}

/** Nothing but plain files of ours: a tree can hold links, and names that lead elsewhere. */
async function copy(context: Context, { remote, scratch, tip }: Copying, isWanted: (path: string) => boolean): Promise<void> {
  const wanted = Map.groupBy(
    [...tip.files].filter(([path, { mode }]) => mode.startsWith('100') && sortOf(path) !== null && isWanted(path)),
    ([, { id }]) => id,
  );
  for await (const { id, bytes } of streamBlobs(context, remote, wanted.keys())) {
    for (const [path] of wanted.get(id) ?? []) scratch.put(path, bytes);
  }
}
