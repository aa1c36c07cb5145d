// What a run has to do, from what is there now and what the index remembers. Pure.
import { SophiaError } from '../errors.ts';
import type { Entry, Inventory, Skipped } from './inventory.ts';

/** A file that was read and left out for what is in it: remembered, so that it is not read again. */
export interface LeftOut extends Skipped {
  readonly blob: string;
}

export interface Remembered {
  /** Path → content id of every document. */
  readonly documents: ReadonlyMap<string, string>;
  readonly leftOut: ReadonlyMap<string, LeftOut>;
}

/** What was left out, as it is kept with the index. */
export interface Omissions {
  /** Left out without being read. */
  readonly unread: readonly Skipped[];
  readonly leftOut: readonly LeftOut[];
  /** Indexed, though not all of it was UTF-8. */
  readonly lossy: readonly Skipped[];
}

export function parseOmissions(text: string | undefined): Omissions {
  return text === undefined ? { unread: [], leftOut: [], lossy: [] } : (parseFact('skipped', text) as Omissions);
}

/** What was kept with the index as JSON. Throws `STORE_CORRUPT` where it is none any more. */
export function parseFact(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new SophiaError('STORE_CORRUPT', { path: '.sophia/context.db', reason: `its fact "${name}" is no JSON` }, { cause: error });
  }
}

export interface Hint {
  readonly blob: string;
  readonly hint: string | null;
}

/** What an unchanged loose file was last time, so that it need not be read to be named. */
export function hintsOf(text: string | undefined): (path: string) => Hint | undefined {
  const hints = new Map(Object.entries(parseFact('hints', text ?? '{}') as Record<string, Hint>));
  return (path) => hints.get(path);
}

export function rememberedOf(documents: ReadonlyMap<string, string>, omissions: string | undefined): Remembered {
  const { leftOut } = parseOmissions(omissions);
  return { documents, leftOut: new Map(leftOut.map((file) => [file.path, file])) };
}

export interface Plan {
  readonly read: readonly Entry[];
  /** Paths of documents that are gone. */
  readonly remove: readonly string[];
  /** Documents that stay as they are. */
  readonly kept: number;
  /** Left out before, and unchanged since. */
  readonly leftOut: readonly LeftOut[];
}

/** With `shouldReadAll` nothing is taken over, only what is gone is known. */
export function planRun(inventory: Pick<Inventory, 'entries'>, remembered: Remembered, shouldReadAll: boolean): Plan {
  const read: Entry[] = [];
  const leftOut: LeftOut[] = [];
  const gone = new Set(remembered.documents.keys());
  let kept = 0;
  for (const entry of inventory.entries) {
    gone.delete(entry.path);
    const known = remembered.leftOut.get(entry.path);
    if (!shouldReadAll && remembered.documents.get(entry.path) === entry.blob) kept += 1;
    else if (!shouldReadAll && known?.blob === entry.blob) leftOut.push(known);
    else read.push(entry);
  }
  return { read, remove: [...gone], kept, leftOut };
}
