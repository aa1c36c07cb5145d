// Where in a JSON text a value stands. The text is known to be valid: it was read before.
import type { Place } from './text.ts';

/** Of the value of the last key; of the deepest object on the way that is there, where the path goes further. */
export function placeOf(text: string, path: readonly string[]): Place {
  let at = skipSpace(text, 0);
  for (const key of path) {
    const next = findMember(text, at, key);
    if (next === null) break;
    at = next;
  }
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

/** `at` is the offset of an object; null where it is something else, or has no such key. */
function findMember(text: string, at: number, key: string): number | null {
  if (text[at] !== '{') return null;
  let from = skipSpace(text, at + 1);
  while (text[from] === '"') {
    const keyEnd = endOfString(text, from);
    const found: unknown = JSON.parse(text.slice(from, keyEnd));
    const value = skipSpace(text, skipSpace(text, keyEnd) + 1);
    if (found === key) return value;
    from = skipSpace(text, endOfValue(text, value));
    if (text[from] === ',') from = skipSpace(text, from + 1);
  }
  return null;
}

function endOfValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const letter = text[at];
    if (letter === '"') {
      at = endOfString(text, at);
      continue;
    }
    if (letter === '{' || letter === '[') depth += 1;
    if (letter === '}' || letter === ']') depth -= 1;
    at += 1;
  } while (at < text.length && (depth > 0 || !/[,}\]\s]/.test(text[at] ?? '')));
  return at;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (/\s/.test(text[at] ?? '')) at += 1;
  return at;
}
