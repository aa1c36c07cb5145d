// Looking around in EcmaScript's bytes, ahead of the tokens or back over them.
import { isEcmaScriptNamePart, isEcmaScriptNameStart, skipEcmaScriptName } from './ecmascript-tokens.ts';
import { isSpace, startsWith } from './outline.ts';

// Compilers write `exports.a = exports.b = … = void 0` over pages; nobody assigns a function like that.
const MOST_TARGETS = 8;

const DOT = 46;
const EQUALS = 61;
const bytesOf = (text: string): Set<number> => new Set(Buffer.from(text));
const STATEMENT_ENDS = bytesOf(';{})');
const NO_FOLLOWERS = bytesOf('<+-');

export function isWordAt(source: Uint8Array, word: string, at: number): boolean {
  return startsWith(source, word, at) && !isEcmaScriptNamePart(source[at + word.length]);
}

/** `A.B.C`, as namespaces are named. */
export function dottedNameEnd(source: Uint8Array, from: number): number {
  let at = from;
  while (source[at] === DOT && isEcmaScriptNameStart(source[at + 1])) at = skipEcmaScriptName(source, at + 1);
  return at;
}

/** Offset where the `a.b.c` that ends at `end` begins. */
export function chainStart(source: Uint8Array, end: number): number {
  let at = end;
  while (source[at - 1] === DOT || isEcmaScriptNamePart(source[at - 1])) at -= 1;
  return at;
}

/** Offset where the statement `a.b = c.d =` that ends at `end` begins, or -1 when that is no statement. */
export function assignmentStart(source: Uint8Array, end: number): number {
  let start = end;
  for (let targets = 0; targets < MOST_TARGETS; targets += 1) {
    const chain = chainStart(source, start);
    if (chain === start) return -1;
    start = chain;
    const before = skipBack(source, start);
    const isAssigned = source[before] === EQUALS && (isSpace(source[before - 1]) || isEcmaScriptNamePart(source[before - 1]));
    if (!isAssigned)
      return before < 0 || source.subarray(before + 1, start).includes(10) || STATEMENT_ENDS.has(source[before]!) ? start : -1;
    start = skipBack(source, before) + 1;
  }
  return -1;
}

function skipBack(source: Uint8Array, from: number): number {
  let at = from - 1;
  while (isSpace(source[at])) at -= 1;
  return at;
}

/** As TypeScript decides that `a<b>` in an expression was a list of types. */
export function mayFollowTypeArguments(source: Uint8Array, at: number): boolean {
  const next = source[at];
  return (
    next === undefined ||
    !(isEcmaScriptNamePart(next) || NO_FOLLOWERS.has(next) || (isBlank(next) && isOperandStart(source[skipBlanks(source, at)])))
  );
}

function isOperandStart(byte: number | undefined): boolean {
  return byte !== 10 && byte !== 13 && (isEcmaScriptNamePart(byte) || byte === 34 || byte === 39);
}

export function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 9;
}

export function skipBlanks(source: Uint8Array, from: number): number {
  let at = from;
  while (isBlank(source[at])) at += 1;
  return at;
}
