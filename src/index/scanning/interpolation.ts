// Strings of C# with holes in them, `$"a {b} c"`, raw ones `"""` and verbatim ones `@"`.
import { endOfRaw } from './braces.ts';

export interface StringForm {
  /** How many `$` stand before it: as many braces open a hole. */
  readonly dollars: number;
  /** `""` is a quote and `\` nothing special. */
  readonly isVerbatim: boolean;
  /** How many strings it stands in the holes of. */
  readonly depth: number;
  readonly endOfLiteral: (source: Uint8Array, at: number, depth: number) => number;
}

/** The quotes it opens with, from which its text begins. */
type Text = StringForm & { readonly quotes: number };

/** Strings in the holes of strings: deeper than this they are read as plain text, so that no input can exhaust the stack. */
const DEPTH_LIMIT = 16;

/** Offset after the string whose first quote is at `at`. */
export function endOfInterpolated(source: Uint8Array, at: number, form: StringForm): number {
  let quotes = 1;
  while (source[at + quotes] === 34) quotes += 1;
  if (form.isVerbatim || quotes === 1) return endOfText(source, at + 1, { ...form, quotes: 1 });
  if (quotes === 2) return at + 2;
  if (form.dollars === 0) return endOfRaw(source, at + quotes, 34, 34, quotes - 1);
  return endOfText(source, at + quotes, { ...form, quotes });
}

function endOfText(source: Uint8Array, from: number, form: Text): number {
  const { dollars, isVerbatim, quotes } = form;
  const isRaw = quotes > 1;
  let at = from;
  while (at < source.length) {
    const byte = source[at]!;
    if (byte === 34) {
      const run = runOf(source, at, 34);
      if (isRaw ? run >= quotes : !isVerbatim || run % 2 === 1) return isVerbatim || isRaw ? at + run : at + 1;
      at += run;
    } else if (byte === 123 && dollars > 0) at = afterHole(source, at, form);
    else if (byte === 92 && !isVerbatim && !isRaw) at += 2;
    else if (byte === 10 && !isVerbatim && !isRaw) return at;
    else at += 1;
  }
  return source.length;
}

function runOf(source: Uint8Array, at: number, byte: number): number {
  let end = at;
  while (source[end] === byte) end += 1;
  return end - at;
}

/** `{{` is a brace in `$"`; in `$$"""` two of them open a hole. */
function afterHole(source: Uint8Array, at: number, form: Text): number {
  const { dollars, quotes, depth } = form;
  const run = runOf(source, at, 123);
  const opens = quotes > 1 ? run >= dollars : run % 2 === 1;
  return opens && depth < DEPTH_LIMIT ? endOfHole(source, at + run, form) : at + run;
}

function endOfHole(source: Uint8Array, from: number, { quotes, isVerbatim, depth, endOfLiteral }: Text): number {
  const isInLine = quotes === 1 && !isVerbatim;
  let braces = 1;
  let at = from;
  while (at < source.length) {
    const byte = source[at]!;
    if (byte === 34 || byte === 39) {
      at = endOfLiteral(source, at, depth + 1);
      continue;
    }
    if (byte === 10 && isInLine) return at;
    if (byte === 123) braces += 1;
    else if (byte === 125 && --braces === 0) return at + 1;
    at += 1;
  }
  return source.length;
}
