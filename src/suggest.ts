// Did you mean: the nearest of some names. Pure, so that faces and commands agree.

/** A file can have thousands of names, and as many that lead to none of them: comparing each with each takes minutes. */
const MAX_NAMES = 500;

/** `, did you mean "index"?` for the nearest of the names, or nothing. */
export function suggest(word: string, names: readonly string[]): string {
  if (names.length > MAX_NAMES) return '';
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: { name: string; distance: number } | null = null;
  for (const name of names) {
    const distance: number =
      name.startsWith(word) && word.length > 1 ? 0.5 : editDistance(word, name, best === null ? limit : best.distance);
    if (distance <= limit && (best === null || distance < best.distance)) best = { name, distance };
  }
  return best === null ? '' : `, did you mean "${best.name}"?`;
}

/** Damerau-Levenshtein (adjacent swaps count one), given up early beyond `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      next.push(cost);
    }
    if (Math.min(...next, ...row) > limit) return Infinity;
    before = row;
    row = next;
  }
  return row[b.length]!;
}
