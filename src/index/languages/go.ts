// Go: declarations at the top, methods of interfaces, types inside functions.
// Newlines end statements as the specification says ("Semicolons"): by the token that stands before them.
import { Blocks, endOfComment, endOfQuotedInLine, skipBlank } from '../scanning/braces.ts';
import { Keywords } from '../scanning/keywords.ts';
import type { Language, Scan, SymbolKind } from './language.ts';
import { Outline, endOfLine, isNamePart, isNameStart, skipName, startsWith, textOf } from '../scanning/outline.ts';

export default {
  name: 'go',
  extensions: ['.go'],
  scan: (source) => new GoScanner(source).scan(),
} satisfies Language;

const CODE = 0;
const TOP = 1;
const INTERFACE = 2;
const CONSTANTS = 3;
const TYPES = 4;
const IMPORTS = 5;
const STRUCT = 6;

/** All that can change anything inside a function: strings, comments, brackets, and the `y` of `type`, which is rarer than its `t`. */
const IS_LOUD = new Uint8Array(256);
for (const byte of Buffer.from('"\'`/()[]{}y')) IS_LOUD[byte] = 1;

const KEYWORDS = new Keywords(['const', 'func', 'import', 'type', 'var']);

class GoScanner {
  readonly #source: Uint8Array;
  readonly #outline: Outline;
  readonly #blocks: Blocks;
  #at = 0;
  /** The last byte that is neither blank nor in a comment. */
  #last = -1;
  /** A statement, or a line of a group, may begin here. */
  #isStart = true;
  #isImport = false;
  /** Some `[` never closes: looking again would make the scan quadratic. */
  #hasOpenBracket = false;

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#outline = new Outline(source);
    this.#blocks = new Blocks(this.#outline, TOP);
  }

  scan(): Scan {
    while (this.#at < this.#source.length) {
      const { role, pending } = this.#blocks.top;
      if ((role !== CODE && role !== STRUCT) || pending !== null) this.#token(this.#source[this.#at]!);
      else this.#code();
    }
    this.#blocks.finish(Math.max(this.#last, 0));
    return this.#outline.finish();
  }

  /** Inside functions: straight to the next byte that matters. */
  #code(): void {
    const source = this.#source;
    let at = this.#at;
    for (; ; at += 1) {
      while (at < source.length && IS_LOUD[source[at]!] === 0) at += 1;
      if (source[at] !== 121) break;
      if (at > this.#at && source[at - 1] === 116 && this.#isType(at - 1)) {
        this.#at = at - 1;
        return this.#declaration(at - 1, at + 3);
      }
    }
    this.#at = at;
    if (at < source.length) this.#token(source[at]!);
  }

  /** The keyword `type`, but not in `x.(type)`. */
  #isType(at: number): boolean {
    const source = this.#source;
    const isWord = startsWith(source, 'type', at) && !isNamePart(source[at + 4]) && !isNamePart(source[at - 1]);
    return isWord && source[at - 1] !== 40;
  }

  #token(byte: number): void {
    if (isNameStart(byte)) return this.#word();
    switch (byte) {
      case 32: // space
      case 9: // tab
      case 13: // carriage return
        this.#at += 1;
        return;
      case 10: // newline
        if (this.#endsStatement()) this.#endStatement();
        this.#at += 1;
        return;
      case 47: // /
        return this.#slash();
      case 34: // "
      case 39: // '
        return this.#string(endOfQuotedInLine(this.#source, this.#at, byte));
      case 96: // `
        return this.#string(this.#endOfRawString());
      case 40: // (
      case 91: // [
        this.#blocks.open(byte === 40 ? 41 : 93);
        break;
      case 123: // {
        this.#openBrace();
        break;
      case 41: // )
      case 93: // ]
      case 125: // }
        this.#blocks.close(byte, this.#at);
        this.#isStart = false;
        break;
      case 59: // ;
        this.#endStatement();
        break;
      default:
        this.#isStart = false;
    }
    this.#last = this.#at;
    this.#at += 1;
  }

  #word(): void {
    const start = this.#at;
    const end = skipName(this.#source, start);
    const isStart = this.#isStart;
    this.#at = end;
    this.#last = end - 1;
    this.#isStart = false;
    if (!isStart) return;
    switch (this.#blocks.top.role) {
      case CONSTANTS:
        return this.#constants(start, start);
      case TYPES:
        return this.#type(start, start);
      case INTERFACE:
        if (this.#source[end] === 40) this.#define('method', start, { start, end });
        return;
      case TOP:
        return this.#declaration(start, end);
    }
  }

  #declaration(start: number, end: number): void {
    const keyword = KEYWORDS.at(this.#source, start, end);
    this.#moveTo(end);
    if (keyword === undefined) return;
    const next = skipBlank(this.#source, end);
    const isGroup = this.#source[next] === 40;
    if (keyword === 'func') return this.#function(start, next);
    if (keyword === 'import') this.#isImport = true;
    if (isGroup) return this.#openGroup(keyword === 'type' ? TYPES : keyword === 'import' ? IMPORTS : CONSTANTS, next);
    if (keyword === 'type') this.#type(start, next);
    else if (keyword !== 'import') this.#constants(start, next);
  }

  #openGroup(role: number, at: number): void {
    this.#blocks.open(41, role);
    this.#last = at;
    this.#at = at + 1;
    this.#isStart = true;
  }

  /** `A, B int = 1, 2`: all end where the statement does. */
  #constants(start: number, from: number): void {
    const handles: number[] = [];
    let at = from;
    while (isNameStart(this.#source[at])) {
      const end = skipName(this.#source, at);
      const name = textOf(this.#source, at, end);
      if (name !== '_') handles.push(this.#outline.open(name, 'constant', start, { exported: isExported(name) }));
      this.#moveTo(end);
      at = skipBlank(this.#source, end);
      if (this.#source[at] !== 44) break;
      at = skipBlank(this.#source, at + 1);
    }
    this.#blocks.top.pending = { handles, container: null, role: CODE, takesBlock: false };
  }

  #type(start: number, from: number): void {
    if (!isNameStart(this.#source[from])) return;
    const end = skipName(this.#source, from);
    this.#define(this.#kindOfType(end), start, { start: from, end });
  }

  /** A struct or interface also in `A[T any] struct`, but not in the array `A [8]struct{}`, nor behind `=`. */
  #kindOfType(end: number): SymbolKind {
    const source = this.#source;
    let at = skipBlank(source, end);
    if (source[at] === 91) at = skipBlank(source, this.#skipTypeParameters(at));
    if (startsWith(source, 'struct', at) && !isNamePart(source[at + 6])) return 'class';
    if (startsWith(source, 'interface', at) && !isNamePart(source[at + 9])) return 'interface';
    return 'type';
  }

  /** Offset after `[T any, N interface{}]`; `from` when it is the length of an array. */
  #skipTypeParameters(from: number): number {
    const source = this.#source;
    const name = skipBlank(source, from + 1);
    const after = isNameStart(source[name]) ? skipBlank(source, skipName(source, name)) : name;
    const byte = source[after];
    const isParameter = isNameStart(byte) || byte === 44 || byte === 42 || byte === 126 || byte === 91 || byte === 40;
    if (after === name || !isParameter || this.#hasOpenBracket) return from;
    let depth = 0;
    for (let at = from; at < source.length; at += 1) {
      if (source[at] === 91) depth += 1;
      else if (source[at] === 93 && --depth === 0) return at + 1;
    }
    this.#hasOpenBracket = true;
    return from;
  }

  #function(start: number, from: number): void {
    const receiver = this.#source[from] === 40 ? this.#receiver(from) : null;
    const name = receiver === null ? from : skipBlank(this.#source, receiver.end);
    if (!isNameStart(this.#source[name])) return;
    const end = skipName(this.#source, name);
    this.#define(receiver === null ? 'function' : 'method', start, { start: name, end }, receiver?.type);
  }

  /** `(l *List[T])` is List: the last name before the type arguments. */
  #receiver(from: number): { type: string | null; end: number } {
    let type: string | null = null;
    let depth = 0;
    let at = from;
    for (; at < this.#source.length && (this.#source[at] !== 41 || depth > 0); at += 1) {
      const byte = this.#source[at]!;
      if (byte === 91) depth += 1;
      else if (byte === 93) depth -= 1;
      else if (byte === 47 && this.#source[at + 1] === 42) at = endOfComment(this.#source, at) - 1;
      else if (isNameStart(byte)) {
        const end = skipName(this.#source, at);
        if (depth === 0) type = textOf(this.#source, at, end);
        at = end - 1;
      }
    }
    this.#moveTo(at);
    return { type, end: at + 1 };
  }

  #define(kind: SymbolKind, start: number, at: { start: number; end: number }, container?: string | null): void {
    const name = textOf(this.#source, at.start, at.end);
    const role = kind === 'interface' ? INTERFACE : kind === 'class' ? STRUCT : CODE;
    const takesBlock = kind !== 'type' && this.#blocks.top.role !== INTERFACE;
    this.#moveTo(at.end);
    if (name === '_') return;
    const place = container === undefined ? {} : { container };
    this.#blocks.define({ name, kind, start, exported: isExported(name), takesBlock, role, ...place });
  }

  /** In `func f() interface{ Close() } {` only the second brace is the body. */
  #openBrace(): void {
    const role = this.#blocks.top.pending?.role;
    if (role === CODE && this.#isAfter('interface', 'struct')) this.#blocks.open(125);
    else this.#blocks.openBody();
    this.#isStart = true;
  }

  #isAfter(...words: string[]): boolean {
    const end = this.#last + 1;
    return words.some((word) => startsWith(this.#source, word, end - word.length) && !isNamePart(this.#source[end - word.length - 1]));
  }

  #slash(): void {
    const next = this.#source[this.#at + 1];
    if (next === 47) this.#at = endOfLine(this.#source, this.#at);
    else if (next === 42) this.#at = endOfComment(this.#source, this.#at);
    else this.#moveTo(this.#at + 1);
  }

  #string(end: number): void {
    const isImport = this.#isImport || this.#blocks.top.role === IMPORTS;
    if (isImport && end - this.#at > 2) this.#outline.import(textOf(this.#source, this.#at + 1, end - 1));
    this.#moveTo(end);
    this.#isStart = false;
  }

  #endOfRawString(): number {
    const found = this.#source.indexOf(96, this.#at + 1);
    return found === -1 ? this.#source.length : found + 1;
  }

  #moveTo(end: number): void {
    this.#at = end;
    this.#last = end - 1;
  }

  #endsStatement(): boolean {
    const byte = this.#source[this.#last];
    const before = this.#source[this.#last - 1];
    if (byte === 43 || byte === 45) return before === byte;
    if (byte === 46) return isNamePart(before);
    return isNamePart(byte) || byte === 34 || byte === 39 || byte === 96 || byte === 41 || byte === 93 || byte === 125;
  }

  #endStatement(): void {
    this.#blocks.settle(this.#last);
    this.#isStart = true;
    this.#isImport = false;
  }
}

function isExported(name: string): boolean {
  return /^\p{Lu}/u.test(name);
}
