// Swift: a definition without a body (a requirement of a protocol, a constant) ends with its line,
// unless the next line goes on with it, so newlines count where one is awaited.
import { Blocks, endOfNestedComment, endOfQuotedInLine, endOfRaw, skipBlank } from '../scanning/braces.ts';
import { Keywords } from '../scanning/keywords.ts';
import type { Language, Scan, SymbolKind } from './language.ts';
import { Outline, endOfLine, isNamePart, isNameStart, isSpace, skipName, startsWith, textOf } from '../scanning/outline.ts';

export default {
  name: 'swift',
  extensions: ['.swift'],
  interpreters: ['swift'],
  scan: (source) => new SwiftScanner(source).scan(),
} satisfies Language;

const CODE = 0;
const TOP = 1;
const MEMBERS = 2;
/** Of a protocol or an extension that is public: its members are too. */
const PUBLIC_MEMBERS = 3;

const MODIFIERS = new Keywords([
  'public',
  'open',
  'internal',
  'fileprivate',
  'private',
  'package',
  'static',
  'class',
  'final',
  'override',
  'mutating',
  'nonmutating',
  'required',
  'convenience',
  'optional',
  'indirect',
  'lazy',
  'weak',
  'unowned',
  'dynamic',
  'prefix',
  'postfix',
  'infix',
  'nonisolated',
  'isolated',
  'distributed',
  'consuming',
  'borrowing',
  'async',
]);
const DECLARATIONS = new Keywords([
  'class',
  'struct',
  'actor',
  'enum',
  'protocol',
  'extension',
  'func',
  'init',
  'subscript',
  'typealias',
  'associatedtype',
  'let',
  'var',
  'import',
]);
const IMPORT_KINDS = new Keywords(['struct', 'class', 'enum', 'protocol', 'typealias', 'func', 'let', 'var']);
/** A line that begins with one of these goes on with the declaration before it. */
const CONTINUATIONS = new Keywords(['where', 'throws', 'rethrows', 'async']);
const KIND: Readonly<Record<string, SymbolKind>> = {
  class: 'class',
  struct: 'class',
  actor: 'class',
  enum: 'enum',
  protocol: 'interface',
  typealias: 'type',
  associatedtype: 'type',
};

class SwiftScanner {
  readonly #source: Uint8Array;
  readonly #outline: Outline;
  readonly #blocks: Blocks;
  #at = 0;
  /** The last byte that is neither blank nor in a comment. */
  #last = -1;

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#outline = new Outline(source);
    this.#blocks = new Blocks(this.#outline, TOP);
  }

  scan(): Scan {
    const source = this.#source;
    if (startsWith(source, '#!/', 0)) this.#at = endOfLine(source, 0);
    while (this.#at < source.length) {
      const byte = source[this.#at]!;
      if (byte === 32) this.#at += 1;
      else if (isNameStart(byte)) this.#word();
      else this.#mark(byte);
    }
    this.#blocks.finish(Math.max(this.#last, 0));
    return this.#outline.finish();
  }

  #mark(byte: number): void {
    const at = this.#at;
    switch (byte) {
      case 10: // newline
        if (this.#blocks.top.pending !== null) this.#newline();
        else this.#at = at + 1;
        return;
      case 34: // "
        return this.#openString(at, 0);
      case 35: // #
        return this.#hash();
      case 47: // /
        return this.#slash();
      case 96: // `
        return this.#moveTo(endOfEscapedName(this.#source, at));
      case 40: // (
      case 91: // [
        this.#blocks.open(byte === 40 ? 41 : 93);
        break;
      case 123: // {
        this.#blocks.openBody();
        break;
      case 41: // )
      case 93: // ]
      case 125: // }
        return this.#close(byte);
      case 59: // ;
        this.#blocks.settle(this.#last);
        break;
      default:
        if (isSpace(byte)) {
          this.#at += 1;
          return;
        }
    }
    this.#moveTo(at + 1);
  }

  #close(byte: number): void {
    const string = this.#blocks.close(byte, this.#at);
    this.#moveTo(this.#at + 1);
    if (string !== 0) this.#string(this.#at, string);
  }

  /** Behind a comment the next newline decides. */
  #newline(): void {
    const source = this.#source;
    let next = this.#at;
    while (isSpace(source[next])) next += 1;
    this.#at = next;
    const byte = source[next];
    if (byte === 47 && (source[next + 1] === 47 || source[next + 1] === 42)) return;
    const isWord = CONTINUATIONS.at(source, next, skipName(source, next)) !== undefined;
    const isContinued = isWord || byte === 123 || byte === 46 || byte === 44 || byte === 62 || isInfix(source, next);
    if (!isContinued && !this.#isOpen()) this.#blocks.settle(this.#last);
  }

  /** The line ends with `=`, `,`, `->`, `where` or an operator that has no right side yet. */
  #isOpen(): boolean {
    const byte = this.#source[this.#last];
    const isArrow = byte === 62 && this.#source[this.#last - 1] === 45;
    const isWhere = startsWith(this.#source, 'where', this.#last - 4) && !isNamePart(this.#source[this.#last - 5]);
    return isArrow || isWhere || (byte !== undefined && '=,:+-*/%&|^<'.includes(String.fromCharCode(byte)));
  }

  #word(): void {
    const source = this.#source;
    const start = this.#at;
    const end = skipName(source, start);
    const isKeyword = DECLARATIONS.at(source, start, end) !== undefined || MODIFIERS.at(source, start, end) !== undefined;
    if (isKeyword && source[this.#last] !== 46 && source[end] !== 46) this.#item(start, end);
    else this.#moveTo(end);
  }

  /** Reads modifiers up to the keyword; what turns out not to be a definition is left to be scanned as code. */
  #item(start: number, firstEnd: number): void {
    const source = this.#source;
    let isPublic = this.#blocks.top.role === PUBLIC_MEMBERS;
    let at = start;
    let end = firstEnd;
    // The modifiers are behind us in any case: reading them again from each would be quadratic.
    let modifiersEnd = firstEnd;
    for (;;) {
      const modifier = MODIFIERS.at(source, at, end);
      if (modifier === undefined) break;
      const next = skipBlank(source, source[end] === 40 ? endOfArgument(source, end) : end);
      const after = skipName(source, next);
      const isAhead = MODIFIERS.at(source, next, after) ?? DECLARATIONS.at(source, next, after);
      if (modifier === 'class' && isAhead === undefined) break;
      if (source[end] !== 40) {
        if (modifier === 'public' || modifier === 'open') isPublic = true;
        else if (modifier === 'private' || modifier === 'fileprivate' || modifier === 'internal') isPublic = false;
      }
      modifiersEnd = end;
      at = next;
      end = after;
    }
    const keyword = DECLARATIONS.at(source, at, end);
    this.#moveTo(modifiersEnd);
    if (keyword !== undefined) this.#declaration(keyword, start, end, isPublic);
  }

  #declaration(keyword: string, start: number, end: number, exported: boolean): void {
    const source = this.#source;
    const next = skipBlank(source, end);
    const { role } = this.#blocks.top;
    const isMember = role === MEMBERS || role === PUBLIC_MEMBERS;
    if (keyword === 'import') return this.#import(next);
    if (keyword === 'extension') return this.#extension(next, exported);
    if (keyword === 'init' || keyword === 'subscript') {
      if (isMember) this.#define(keyword, 'method', start, end, exported, true);
      return;
    }
    const nameEnd = keyword === 'func' ? endOfFunctionName(source, next) : endOfEscapedName(source, next);
    if (nameEnd === next) return;
    const isEscaped = source[next] === 96;
    const name = textOf(source, isEscaped ? next + 1 : next, isEscaped ? nameEnd - 1 : nameEnd);
    if (name === '') return;
    if (keyword === 'let' || keyword === 'var') {
      if (isMember) this.#blocks.settle(this.#last);
      if (role === TOP && name !== '_') this.#define(name, 'constant', start, nameEnd, exported, false);
    } else if (keyword === 'func') this.#define(name, isMember ? 'method' : 'function', start, nameEnd, exported, true);
    else if (keyword !== 'actor' || isActorHead(source, skipBlank(source, nameEnd))) {
      const isType = KIND[keyword] === 'type';
      const inside = keyword === 'protocol' && exported ? PUBLIC_MEMBERS : MEMBERS;
      this.#define(name, KIND[keyword]!, start, nameEnd, exported, !isType, isType ? CODE : inside);
    }
  }

  #define(name: string, kind: SymbolKind, start: number, end: number, exported: boolean, takesBlock: boolean, role = CODE): void {
    this.#blocks.define({ name, kind, start, exported, takesBlock, role });
    this.#moveTo(end);
  }

  /** `extension A.B where …` and `extension [A]` are no definitions, but the containers of what they add. */
  #extension(from: number, isPublic: boolean): void {
    let at = from;
    if (this.#source[from] === 91) at = endOfQuotedInLine(this.#source, from, 93);
    while (isNamePart(this.#source[at]) || this.#source[at] === 46) at += 1;
    if (at === from) return;
    this.#blocks.expect(textOf(this.#source, from, at), isPublic ? PUBLIC_MEMBERS : MEMBERS);
    this.#moveTo(at);
  }

  #import(from: number): void {
    const source = this.#source;
    let start = from;
    if (IMPORT_KINDS.at(source, start, skipName(source, start)) !== undefined) start = skipBlank(source, skipName(source, start));
    let end = start;
    while (isNamePart(source[end]) || source[end] === 46) end += 1;
    this.#outline.import(textOf(source, start, end));
    this.#moveTo(end);
  }

  /** `#"raw"#`, `#/regular expression/#`, or a directive such as `#if`. */
  #hash(): void {
    let at = this.#at;
    while (this.#source[at] === 35) at += 1;
    const count = at - this.#at;
    if (this.#source[at] === 34) this.#openString(at, count);
    else if (this.#source[at] === 47) this.#moveTo(endOfRaw(this.#source, at + 1, 47, 35, count));
    else this.#moveTo(skipName(this.#source, at));
  }

  /** What kind of string it is goes in one number: twice its `#`, plus one for `"""`, plus two to be never 0. */
  #openString(at: number, hashes: number): void {
    const isLong = startsWith(this.#source, '"""', at);
    this.#string(at + (isLong ? 3 : 1), hashes * 2 + (isLong ? 1 : 0) + 2);
  }

  /** The rest of a string; at `\(` it becomes code, and comes back here when that parenthesis closes. */
  #string(from: number, kind: number): void {
    const source = this.#source;
    const hashes = (kind - 2) >> 1;
    const isLong = kind % 2 === 1;
    let at = from;
    while (at < source.length) {
      const byte = source[at]!;
      if (byte === 10 && !isLong) break;
      if (byte === 34 && (!isLong || startsWith(source, '""', at + 1))) {
        const end = at + (isLong ? 3 : 1);
        if (countHashes(source, end, hashes) === hashes) return this.#moveTo(end + hashes);
      } else if (byte === 92) {
        const end = at + 1 + countHashes(source, at + 1, hashes);
        if (end === at + 1 + hashes && source[end] === 40) {
          this.#blocks.open(41, CODE, kind);
          return this.#moveTo(end + 1);
        }
        if (end === at + 1 + hashes && source[end] !== 10) at = end;
      }
      at += 1;
    }
    this.#moveTo(Math.min(at, source.length));
  }

  #slash(): void {
    const next = this.#source[this.#at + 1];
    if (next === 47) this.#at = endOfLine(this.#source, this.#at);
    else if (next === 42) this.#at = endOfNestedComment(this.#source, this.#at);
    else this.#moveTo(this.#endOfRegex());
  }

  /** `/…/` on one line where a value is awaited; else only the operator. */
  #endOfRegex(): number {
    const source = this.#source;
    const before = source[this.#last];
    const isPlace = before === 40 || before === 44 || before === 61 || before === 58 || before === 91;
    const from = this.#at + 1;
    if (!isPlace || isSpace(source[from]) || source[from] === 41) return from;
    for (let at = from; at < source.length && source[at] !== 10; at += 1) {
      if (source[at] === 47) return at + 1;
      if (source[at] === 92) at += 1;
    }
    return from;
  }

  #moveTo(end: number): void {
    this.#at = end;
    this.#last = end - 1;
  }
}

function countHashes(source: Uint8Array, from: number, limit: number): number {
  let count = 0;
  while (count < limit && source[from + count] === 35) count += 1;
  return count;
}

/** Offset after `name` or `` `any words` ``; `from` when there is none. */
function endOfEscapedName(source: Uint8Array, from: number): number {
  if (source[from] !== 96) return isNameStart(source[from]) ? skipName(source, from) : from;
  let at = from + 1;
  while (at < source.length && source[at] !== 96 && source[at] !== 10) at += 1;
  return source[at] === 96 ? at + 1 : from + 1;
}

/** Also operators: `func == (a: A, b: A)`. */
function endOfFunctionName(source: Uint8Array, from: number): number {
  let at = endOfEscapedName(source, from);
  if (at === from) while (isOperator(source[at]) || (at > from && source[at] === 46)) at += 1;
  return at;
}

function isOperator(byte: number | undefined): boolean {
  return byte !== undefined && '/=-+!*%<>&|^~?:'.includes(String.fromCharCode(byte));
}

/** An operator with a blank after it stands between two values; `->` always does. */
function isInfix(source: Uint8Array, from: number): boolean {
  const at = endOfFunctionName(source, from);
  return isOperator(source[from]) && (isSpace(source[at]) || startsWith(source, '->', from));
}

/** Offset after the `(set)` of `private(set)`. */
function endOfArgument(source: Uint8Array, from: number): number {
  const end = skipName(source, from + 1);
  return source[end] === 41 ? end + 1 : end;
}

/** `actor` is also a plain name. */
function isActorHead(source: Uint8Array, at: number): boolean {
  return source[at] === 123 || source[at] === 58 || source[at] === 60;
}
