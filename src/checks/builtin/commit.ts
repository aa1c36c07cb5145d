// Whether two names are of one commit.

/** Shorter prefixes are shared by chance; git itself abbreviates to no fewer. */
const MIN_PREFIX = 7;

/** Of SHA-1. What goes on behind it is no commit any more. */
const FULL_LENGTH = 40;

/** Equal without regard to case, or one the beginning of the other. Anything after it (`-dirty`) makes another version of it. */
export function isSameCommit(one: string, other: string): boolean {
  const [short, long] = [one.toLowerCase(), other.toLowerCase()].toSorted((a, b) => a.length - b.length) as [string, string];
  if (short === long) return short !== '';
  return short.length >= MIN_PREFIX && short.length < FULL_LENGTH && long.startsWith(short) && /^[0-9a-f]+$/.test(long);
}
