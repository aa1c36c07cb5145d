// What an inventory can be compared by with a later one, as one text that is kept with the index.
import { createHash } from 'node:crypto';

/** What `git ls-files` told, known by git's index that it was told from: the same index need not be asked again. */
export interface Listing {
  /** Of git's index, byte by byte. */
  readonly index: string;
  readonly digest: string;
}

export interface Stamp {
  /** Equal, and every entry is equal. */
  readonly whole: string;
  /** Equal, and all that is not loose is equal, what was left out of it too; null where everything is loose. */
  readonly grounds: string | null;
  readonly listing: Listing | null;
}

const NOTHING = '-';

export function toText({ whole, grounds, listing }: Stamp): string {
  return [whole, grounds ?? NOTHING, listing?.index ?? NOTHING, listing?.digest ?? NOTHING].join(' ');
}

export function fromText(text: string): Stamp {
  const [whole = '', grounds, index, digest] = text.split(' ').map((word) => (word === NOTHING ? undefined : word));
  return { whole, grounds: grounds ?? null, listing: index === undefined || digest === undefined ? null : { index, digest } };
}

export function digestOf(parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash('sha256');
  // The length keeps one part from running into the next.
  for (const part of parts) hash.update(`${part.length}\n`).update(part);
  return hash.digest('hex');
}
