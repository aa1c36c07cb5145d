// Strings of Kotlin and the code in their holes, `"a ${b + "c"}"`: they hold each other without limit.
import { endOfNestedComment, endOfQuotedInLine } from './braces.ts';
import { endOfLine } from './outline.ts';

const STRING = 1;
const RAW = 3;
const HOLE = 2;

/** Offset after the string at `from`: "a ${b} c" and """a ${"b"} c""" hold each other without limit. */
export function endOfString(source: Uint8Array, from: number): number {
  const open: number[] = [isRaw(source, from) ? RAW : STRING];
  let at = from + open[0]!;
  while (at < source.length) {
    const mode = open[open.length - 1]!;
    const next = mode === HOLE ? readHole(source, at, open) : readText(source, at, mode, open);
    if (open.length === 0 || next === at) return next;
    at = next;
  }
  return source.length;
}

/** Offset after the braces at `from`. */
export function skipBraces(source: Uint8Array, from: number): number {
  const open: number[] = [HOLE];
  let at = from + 1;
  while (at < source.length && open.length > 0) {
    const mode = open[open.length - 1]!;
    const next = mode === HOLE ? readHole(source, at, open) : readText(source, at, mode, open);
    // A string that its line left open.
    if (next === at) open.pop();
    at = next;
  }
  return at;
}

function isRaw(source: Uint8Array, at: number): boolean {
  return source[at + 1] === 34 && source[at + 2] === 34;
}

function readHole(source: Uint8Array, at: number, open: number[]): number {
  switch (source[at]) {
    case 34: {
      // "
      const mode = isRaw(source, at) ? RAW : STRING;
      open.push(mode);
      return at + mode;
    }
    case 39: // '
      return endOfQuotedInLine(source, at, 39);
    case 47: // /
      if (source[at + 1] === 42) return endOfNestedComment(source, at);
      return source[at + 1] === 47 ? endOfLine(source, at) : at + 1;
    case 123: // {
      open.push(HOLE);
      return at + 1;
    case 125: // }
      open.pop();
      return at + 1;
    default:
      return at + 1;
  }
}

/** Stays where it is at the end of the line: the string was not closed. */
function readText(source: Uint8Array, at: number, mode: number, open: number[]): number {
  const byte = source[at];
  if (byte === 36 && source[at + 1] === 123) {
    open.push(HOLE);
    return at + 2;
  }
  if (mode === STRING && byte === 92) return at + 2;
  if (mode === STRING && byte === 10) return at;
  if (byte !== 34) return at + 1;
  if (mode === RAW && !isRaw(source, at)) return at + 1;
  open.pop();
  // The quotes that stand before the last three are part of the text.
  let end = at + mode;
  while (mode === RAW && source[end] === 34) end += 1;
  return end;
}
