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
  /** What the inventory does not speak of, and what stays as it is. */
  readonly elsewhere: Elsewhere;
}

interface Elsewhere {
  /** How many. */
  readonly documents: number;
  readonly leftOut: readonly LeftOut[];
  readonly unread: readonly Skipped[];
}

const NOWHERE: Elsewhere = { documents: 0, leftOut: [], unread: [] };

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

/** The paths that only the disk told of last time; null where there is no knowing. */
export function looseOf(text: string | undefined): readonly string[] | null {
  return text === undefined ? null : (parseFact('loose', text) as readonly string[] | null);
}

export function rememberedOf(documents: ReadonlyMap<string, string>, omissions: string | undefined): Remembered {
  const { leftOut } = parseOmissions(omissions);
  return { documents, leftOut: new Map(leftOut.map((file) => [file.path, file])), elsewhere: NOWHERE };
}

/** For an inventory of a few paths: their documents, and the rest of `total` untouched. */
export function rememberedAmong(
  only: ReadonlySet<string>,
  { documents, total, omissions }: { documents: ReadonlyMap<string, string>; total: number; omissions: string | undefined },
): Remembered {
  const { leftOut, unread } = parseOmissions(omissions);
  const isElsewhere = ({ path }: Skipped): boolean => !only.has(path);
  return {
    documents,
    leftOut: new Map(leftOut.filter((file) => !isElsewhere(file)).map((file) => [file.path, file])),
    elsewhere: { documents: total - documents.size, leftOut: leftOut.filter(isElsewhere), unread: unread.filter(isElsewhere) },
  };
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
  const leftOut: LeftOut[] = [...remembered.elsewhere.leftOut];
  const gone = new Set(remembered.documents.keys());
  let kept = remembered.elsewhere.documents;
  for (const entry of inventory.entries) {
    gone.delete(entry.path);
    const known = remembered.leftOut.get(entry.path);
    if (!shouldReadAll && remembered.documents.get(entry.path) === entry.blob) kept += 1;
    else if (!shouldReadAll && known?.blob === entry.blob) leftOut.push(known);
    else read.push(entry);
  }
  return { read, remove: [...gone], kept, leftOut };
}
