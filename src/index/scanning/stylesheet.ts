// CSS and its dialects: statements that end with `;`, and rules that hold more statements between braces.
// One reading serves them all, because what SCSS and Less add means nothing in CSS; only `//` and backticks are told apart.
// A name is defined rule by rule, again and again: it counts where it stands first.
import { endOfComment } from './braces.ts';
import type { Scan, SymbolKind } from '../languages/language.ts';
import { endOfLine, isSpace, Outline, startsWith, textOf } from './outline.ts';

/** `isCompiled`: SCSS and Less, which have comments that start with `//`, and Less has scripts in backticks. */
export function scanStyles(source: Uint8Array, { isCompiled }: { readonly isCompiled: boolean }): Scan {
  return new StyleScanner(source, isCompiled).scan();
}

/** Letters, digits, `-`, `_` and non-ASCII; 2 for the `\` that makes any character part of a name. */
const NAME_PARTS = new Uint8Array(256);
for (let byte = 128; byte < 256; byte += 1) NAME_PARTS[byte] = 1;
for (const byte of Buffer.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_')) NAME_PARTS[byte] = 1;
NAME_PARTS[92] = 2;

/** What ends a statement, or can hold what looks as if it did. */
const STATEMENT_STOPS = new Uint8Array(256);
for (const byte of Buffer.from('"\'`(){};/\\#@')) STATEMENT_STOPS[byte] = 1;

/** What selectors are told from the rest by. */
const SELECTOR_STOPS = new Uint8Array(256);
for (const byte of Buffer.from('.#%@,()["\'/\\')) SELECTOR_STOPS[byte] = 1;

/** The at-rules that name a module; the last three are Less's and Tailwind's. */
const IMPORTS = new Set(['import', 'use', 'forward', 'plugin', 'reference', 'config']);

type StyleKind = Extract<SymbolKind, 'class' | 'constant' | 'function'>;

const DEFINITIONS = new Map<string, StyleKind>([
  ['keyframes', 'function'],
  ['function', 'function'],
  ['mixin', 'function'],
  ['define-mixin', 'function'],
  ['property', 'constant'],
  ['custom-media', 'constant'],
]);

/** A rule that is open, and its symbols: `first` and those that follow it, before `end`. */
interface Block {
  readonly first: number;
  readonly end: number;
}

class StyleScanner {
  readonly #source: Uint8Array;
  readonly #isCompiled: boolean;
  readonly #outline: Outline;
  readonly #blocks: Block[] = [];
  /** A class, a constant and a function of one name are three things. */
  readonly #seen = { class: new Set<string>(), constant: new Set<string>(), function: new Set<string>() };
  readonly #buffer: Buffer;
  #opened = 0;

  constructor(source: Uint8Array, isCompiled: boolean) {
    this.#source = source;
    this.#isCompiled = isCompiled;
    this.#outline = new Outline(source);
    this.#buffer = Buffer.from(source.buffer, source.byteOffset, source.length);
  }

  scan(): Scan {
    const source = this.#source;
    let at = startsWith(source, '\u00ef\u00bb\u00bf', 0) ? 3 : 0;
    while (at < source.length) {
      const start = this.#skipBlank(at);
      const end = this.#endOfStatement(start);
      if (source[end] === 123) this.#open(start, end);
      else this.#read(start, end);
      if (source[end] === 125) this.#close(end);
      at = end + 1;
    }
    while (this.#blocks.length > 0) this.#close(source.length);
    return this.#outline.finish();
  }

  #open(start: number, end: number): void {
    const first = this.#opened;
    if (this.#isAtRule(start)) this.#atRule(start, end);
    else this.#selectors(start, end);
    this.#blocks.push({ first, end: this.#opened });
  }

  #close(end: number): void {
    const block = this.#blocks.pop();
    if (block !== undefined) this.#closeFrom(block.first, block.end, end);
  }

  #closeFrom(first: number, last: number, end: number): void {
    for (let handle = first; handle < last; handle += 1) this.#outline.close(handle, end);
  }

  /** A statement that ends with `;`, with the block around it, or with the file. */
  #read(start: number, end: number): void {
    const byte = this.#source[start];
    const first = this.#opened;
    if (byte === 45 && this.#isCustomProperty(start)) this.#define('constant', start, start);
    else if ((byte === 36 || byte === 64) && this.#blocks.length === 0 && this.#isVariable(start)) this.#define('constant', start, start);
    else if (byte === 64) this.#atRule(start, end);
    this.#closeFrom(first, this.#opened, this.#lastOf(start, end));
  }

  /** The `;`, else the last byte that is not blank. */
  #lastOf(start: number, end: number): number {
    if (this.#source[end] === 59) return end;
    let last = end - 1;
    while (last > start && isSpace(this.#source[last])) last -= 1;
    return last;
  }

  #isCustomProperty(at: number): boolean {
    return this.#source[at + 1] === 45 && this.#isVariable(at);
  }

  /** A sigil, a name and a colon, before which blanks are allowed. */
  #isVariable(at: number): boolean {
    return this.#source[this.#skipBlank(this.#skipName(at + 1))] === 58;
  }

  /** And not the `@{name}` of a Less selector. */
  #isAtRule(at: number): boolean {
    return this.#source[at] === 64 && this.#source[at + 1] !== 123;
  }

  #atRule(start: number, end: number): void {
    const wordEnd = this.#skipName(start + 1);
    const word = textOf(this.#source, start + 1, wordEnd)
      .toLowerCase()
      .replace(/^-[a-z]+-/, '');
    const kind = DEFINITIONS.get(word);
    const next = this.#skipBlank(wordEnd);
    if (kind !== undefined) this.#define(kind, start, this.#isQuote(next) ? next + 1 : next);
    else if (IMPORTS.has(word)) this.#imports(next, end);
    else if (word === 'at-root' || word === 'nest') this.#selectors(next, end);
    else if (this.#source[next] === 58 && this.#blocks.length === 0 && this.#skipBlank(next + 1) === end) {
      // Less names a set of rules: `@name: { … }`. Not to be taken for `@page :first { … }`.
      this.#define('constant', start, start);
    }
  }

  /** Strings and addresses, but not the strings among arguments. */
  #imports(from: number, end: number): void {
    let depth = 0;
    for (let at = from; at < end; at = this.#skipBlank(at)) {
      const byte = this.#source[at]!;
      if (byte === 34 || byte === 39) {
        const stringEnd = this.#endOfString(at);
        if (depth === 0) this.#outline.import(textOf(this.#source, at + 1, stringEnd - 1));
        at = stringEnd;
      } else if (byte === 40 && depth === 0 && this.#isUrl(at)) {
        at = this.#address(at + 1);
      } else {
        depth += byte === 40 ? 1 : byte === 41 ? -1 : 0;
        at += 1;
      }
    }
  }

  /** The inside of `url(…)`, in quotes or without, unless it is the file itself; the offset after it. */
  #address(from: number): number {
    let start = from;
    while (isSpace(this.#source[start])) start += 1;
    const isQuoted = this.#isQuote(start);
    const end = isQuoted ? this.#endOfString(start) : this.#endOfUrl(start);
    if (!startsWith(this.#source, 'data:', start)) this.#outline.import(textOf(this.#source, isQuoted ? start + 1 : start, end - 1).trim());
    return isQuoted ? this.#skipBlank(end) + 1 : end;
  }

  /** The classes and ids of a rule: each begins with the selector it is part of, which may be one of many. */
  #selectors(from: number, end: number): void {
    const source = this.#source;
    let start = from;
    let depth = 0;
    for (let at = from; at < end;) {
      const byte = source[at]!;
      if (SELECTOR_STOPS[byte] === 0) at += 1;
      else if (byte === 46 || byte === 35 || byte === 37) at = this.#selector(at, start, end);
      else if (byte === 44) {
        at = this.#skipBlank(at + 1);
        if (depth === 0) start = at;
      } else if (byte === 40) {
        if (!this.#isPseudoClass(at)) return;
        depth += 1;
        at += 1;
      } else if (byte === 41) {
        depth -= 1;
        at += 1;
      } else if (byte === 91) at = this.#endOfAttribute(at, end);
      else at = this.#skipStop(at, byte);
    }
  }

  /** `.name`, `#name`, `%name`; in Less with parameters, what rules include. Not a name that is put together: `.a-#{$b}`. */
  #selector(at: number, start: number, end: number): number {
    const source = this.#source;
    if (!this.#isSelectorName(at + 1)) return this.#skipStop(at, source[at]!);
    const nameEnd = this.#skipName(at + 1);
    const hasParameters = source[this.#skipBlank(nameEnd)] === 40;
    const kind = hasParameters ? 'function' : source[at] === 35 ? 'constant' : 'class';
    this.#define(kind, start, source[at] === 37 ? at : at + 1);
    return hasParameters ? end : nameEnd;
  }

  /** Not the digits of `50.5%`. */
  #isSelectorName(at: number): boolean {
    const byte = this.#source[at]!;
    const first = byte === 45 ? this.#source[at + 1]! : byte;
    return NAME_PARTS[first]! !== 0 && !(first >= 48 && first <= 57);
  }

  /** Other brackets are guards and parameters of Less, or name what is extended: nothing there defines. */
  #isPseudoClass(at: number): boolean {
    let start = at;
    while (NAME_PARTS[this.#source[start - 1]!] === 1) start -= 1;
    return this.#source[start - 1] === 58 && !startsWith(this.#source, 'extend(', start);
  }

  #endOfAttribute(from: number, end: number): number {
    let at = from + 1;
    while (at < end && this.#source[at] !== 93) at = this.#isQuote(at) ? this.#endOfString(at) : at + 1;
    return at + 1;
  }

  /** `from` is where the name begins, `start` where its definition does. */
  #define(kind: StyleKind, start: number, from: number): void {
    const source = this.#source;
    const sigil = source[from] === 36 || source[from] === 64 || source[from] === 37 ? 1 : 0;
    const end = this.#skipName(from + sigil);
    const isPart = (source[end] === 35 || source[end] === 64) && source[end + 1] === 123;
    if (end === from + sigil || isPart) return;
    const name = toName(this.#buffer.toString('utf8', from, end));
    const seen = this.#seen[kind];
    if (seen.has(name)) return;
    seen.add(name);
    this.#opened = this.#outline.open(name, kind, start, { exported: true }) + 1;
  }

  /** Offset of the `;`, `{` or `}` that ends the statement, or the end of the file. */
  #endOfStatement(from: number): number {
    const source = this.#source;
    const { length } = source;
    // The braces of a custom property's value are no block.
    const hasBlock = !(source[from] === 45 && this.#isCustomProperty(from));
    let parens = 0;
    let braces = 0;
    let at = from;
    while (at < length) {
      const byte = source[at]!;
      if (STATEMENT_STOPS[byte] === 0) {
        at += 1;
      } else if (byte === 59) {
        if (parens === 0 && braces === 0) return at;
        at += 1;
      } else if (byte === 123) {
        if (parens === 0 && braces === 0 && hasBlock) return at;
        braces += 1;
        at += 1;
      } else if (byte === 125) {
        // A `(` that is still open then was never closed.
        if (braces === 0) return at;
        braces -= 1;
        at += 1;
      } else if (byte === 40) {
        const isUrl = this.#isUrl(at) && !this.#isQuotedUrl(at);
        parens += isUrl ? 0 : 1;
        at = isUrl ? this.#endOfUrl(at + 1) : at + 1;
      } else if (byte === 41) {
        if (parens > 0) parens -= 1;
        at += 1;
      } else at = this.#skipStop(at, byte);
    }
    return length;
  }

  /** Offset after a string, a comment, a script, an escape or `#{…}`; after the byte itself when it begins none of them. */
  #skipStop(at: number, byte: number): number {
    switch (byte) {
      case 34: // "
      case 39: // '
        return this.#endOfString(at);
      case 47: // /
        return this.#endOfSlash(at);
      case 92: // \
        return at + 2;
      case 96: // `
        return this.#isCompiled ? this.#indexAfter(96, at + 1) : at + 1;
      case 35: // #
      case 64: // @
        return this.#source[at + 1] === 123 ? this.#endOfInterpolation(at + 2) : at + 1;
      default:
        return at + 1;
    }
  }

  #endOfSlash(at: number): number {
    const next = this.#source[at + 1];
    if (next === 42) return endOfComment(this.#source, at);
    return next === 47 && this.#isCompiled ? endOfLine(this.#source, at) : at + 1;
  }

  /** A string ends with its line, closed or not; an escaped newline is part of it. */
  #endOfString(at: number): number {
    const source = this.#source;
    const quote = source[at];
    let end = at + 1;
    while (end < source.length && source[end] !== quote && source[end] !== 10) end += source[end] === 92 ? 2 : 1;
    return Math.min(source.length, source[end] === quote ? end + 1 : end);
  }

  /** After the `}` of `#{…}` or `@{…}`. */
  #endOfInterpolation(from: number): number {
    const source = this.#source;
    let depth = 1;
    let at = from;
    while (at < source.length && depth > 0) {
      const byte = source[at]!;
      if (byte === 123) depth += 1;
      else if (byte === 125) depth -= 1;
      if (this.#isQuote(at)) at = this.#endOfString(at);
      else at += byte === 92 ? 2 : 1;
    }
    return Math.min(at, source.length);
  }

  #indexAfter(byte: number, from: number): number {
    const found = this.#source.indexOf(byte, from);
    return found === -1 ? this.#source.length : found + 1;
  }

  /** Whether the `(` at `at` opens an address. */
  #isUrl(at: number): boolean {
    const source = this.#source;
    const isWord = (source[at - 1]! | 32) === 108 && (source[at - 2]! | 32) === 114 && (source[at - 3]! | 32) === 117;
    return isWord && !(at > 3 && NAME_PARTS[source[at - 4]!] !== 0);
  }

  #isQuotedUrl(at: number): boolean {
    let inside = at + 1;
    while (isSpace(this.#source[inside])) inside += 1;
    return this.#isQuote(inside);
  }

  /** After the `)` of an address without quotes, which may hold `;`, `//` and quotes. */
  #endOfUrl(from: number): number {
    const source = this.#source;
    let at = from;
    while (at < source.length && source[at] !== 41) {
      const byte = source[at]!;
      at = byte === 35 || byte === 64 || byte === 92 ? this.#skipStop(at, byte) : at + 1;
    }
    return Math.min(at + 1, source.length);
  }

  #isQuote(at: number): boolean {
    return this.#source[at] === 34 || this.#source[at] === 39;
  }

  #skipBlank(from: number): number {
    let at = from;
    for (;;) {
      while (isSpace(this.#source[at])) at += 1;
      const end = this.#source[at] === 47 ? this.#endOfSlash(at) : at;
      if (end <= at + 1) return at;
      at = end;
    }
  }

  #skipName(from: number): number {
    const source = this.#source;
    let at = from;
    while (at < source.length) {
      const part = NAME_PARTS[source[at]!];
      if (part === 0) break;
      at = part === 1 ? at + 1 : this.#endOfEscape(at);
    }
    return Math.min(at, source.length);
  }

  /** `\:`, or up to six digits of a code point and a blank after them. */
  #endOfEscape(at: number): number {
    const source = this.#source;
    let end = at + 1;
    while (end < at + 7 && isHex(source[end])) end += 1;
    if (end === at + 1) return at + 2;
    return isSpace(source[end]) ? end + 1 : end;
  }
}

function isHex(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 48 && byte <= 57) || ((byte | 32) >= 97 && (byte | 32) <= 102));
}

/** `md\:w-1\/2` → `md:w-1/2`, as it is written where it is used. */
function toName(text: string): string {
  let name = '';
  let from = 0;
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', from)) {
    const digits = isHex(text.charCodeAt(at + 1)) ? /^[\da-f]+/i.exec(text.slice(at + 1, at + 7))![0] : '';
    name += text.slice(from, at) + (digits === '' ? text.charAt(at + 1) : toCharacter(Number.parseInt(digits, 16)));
    from = at + (digits === '' ? 2 : 1 + digits.length);
    if (digits !== '' && isSpace(text.charCodeAt(from))) from += 1;
  }
  return name + text.slice(from);
}

function toCharacter(point: number): string {
  const isNone = point === 0 || point > 0x10_ff_ff || (point >= 0xd8_00 && point <= 0xdf_ff);
  return isNone ? '\ufffd' : String.fromCodePoint(point);
}
