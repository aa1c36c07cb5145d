// PHP: text outside `<?php … ?>` is not looked at; a namespace without braces lasts until the next one.
import { Blocks, END, endOfComment, endOfQuoted, skipBlank } from '../scanning/braces.ts';
import { Keywords } from '../scanning/keywords.ts';
import type { Language, Scan, SymbolKind } from './language.ts';
import { Outline, endOfLine, isNamePart, isNameStart, isSpace, skipName, startsWith, textOf } from '../scanning/outline.ts';

export default {
  name: 'php',
  extensions: ['.php', '.phtml'],
  interpreters: ['php'],
  scan: (source) => new PhpScanner(source).scan(),
} satisfies Language;

const CODE = 0;
const MEMBERS = 1;
/** After the first name of `const A = 1, B = 2`. */
const CONSTANTS = 2;
const NAMESPACE = 3;

const IGNORE_CASE = { ignoreCase: true };
const MODIFIERS = new Keywords(['abstract', 'final', 'readonly', 'public', 'protected', 'private', 'static', 'var'], IGNORE_CASE);
const DECLARATIONS = new Keywords(
  [
    'namespace',
    'use',
    'class',
    'interface',
    'trait',
    'enum',
    'function',
    'const',
    'define',
    'require',
    'require_once',
    'include',
    'include_once',
    '__halt_compiler',
  ],
  IGNORE_CASE,
);
const KIND: Readonly<Record<string, SymbolKind>> = { class: 'class', trait: 'class', interface: 'interface', enum: 'enum' };
const HERITAGE = new Keywords(['extends', 'implements'], IGNORE_CASE);
const IMPORT_KINDS = new Keywords(['function', 'const'], IGNORE_CASE);

class PhpScanner {
  readonly #source: Uint8Array;
  readonly #outline: Outline;
  readonly #blocks: Blocks;
  #at = 0;
  /** The last byte that is neither blank nor in a comment. */
  #last = -1;
  /** Of the constants that one `const` defines. */
  #areConstantsPublic = true;

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#outline = new Outline(source);
    this.#blocks = new Blocks(this.#outline);
  }

  scan(): Scan {
    const source = this.#source;
    this.#html();
    while (this.#at < source.length) {
      const byte = source[this.#at]!;
      if (byte === 32 || byte === 10) this.#at += 1;
      else if (byte === 36) this.#moveTo(skipName(source, this.#at + 1));
      else if (isNameStart(byte)) this.#word();
      else this.#mark(byte);
    }
    this.#blocks.finish(Math.max(this.#last, 0));
    return this.#outline.finish();
  }

  /** To the next `<?php`, `<?=` or `<?`, but not `<?xml`. */
  #html(): void {
    const source = this.#source;
    let at = source.indexOf(60, this.#at);
    while (at !== -1 && (source[at + 1] !== 63 || startsWith(source, 'xml', at + 2))) at = source.indexOf(60, at + 1);
    this.#at = at === -1 ? source.length : at + (source[at + 2] === 61 ? 3 : isNameStart(source[at + 2]) ? 5 : 2);
  }

  #mark(byte: number): void {
    const next = this.#source[this.#at + 1];
    switch (byte) {
      case 34: // "
      case 96: // `
        return this.#template(this.#at + 1, byte);
      case 39: // '
        return this.#moveTo(endOfQuoted(this.#source, this.#at, byte));
      case 35: // #
        if (next !== 91) return this.#lineComment();
        break;
      case 47: // /
        if (next === 47) return this.#lineComment();
        if (next === 42) {
          this.#at = endOfComment(this.#source, this.#at);
          return;
        }
        break;
      case 63: // ?
        if (next === 62) return this.#endOfCode();
        break;
      case 60: // <
        if (next === 60 && this.#source[this.#at + 2] === 60) return this.#heredoc();
        break;
      case 44: // ,
        if (this.#blocks.top.pending?.role === CONSTANTS) return this.#nextConstant();
        break;
      default:
        return this.#bracket(byte);
    }
    this.#moveTo(this.#at + 1);
  }

  #bracket(byte: number): void {
    const at = this.#at;
    if (isSpace(byte)) {
      this.#at += 1;
      return;
    }
    this.#moveTo(at + 1);
    if (byte === 40 || byte === 91) this.#blocks.open(byte === 40 ? 41 : 93);
    else if (byte === 123) this.#blocks.openBody();
    else if (byte === 59) this.#semicolon(at);
    else if (byte === 41 || byte === 93 || byte === 125) {
      const quote = this.#blocks.close(byte, at);
      if (quote !== 0) this.#template(at + 1, quote);
    }
  }

  #semicolon(at: number): void {
    if (this.#blocks.top.pending?.role === NAMESPACE) this.#blocks.openBody(CODE, END);
    else this.#blocks.settle(at);
  }

  /** Ends a statement as `;` does. */
  #endOfCode(): void {
    this.#blocks.settle(this.#last);
    this.#moveTo(this.#at + 2);
    this.#html();
  }

  /** Also `?>` ends it. */
  #lineComment(): void {
    const source = this.#source;
    let at = this.#at;
    while (at < source.length && source[at] !== 10 && (source[at] !== 63 || source[at + 1] !== 62)) at += 1;
    this.#at = at;
  }

  /** The rest of a string; at `{$` it becomes code, and comes back here when that brace closes. */
  #template(from: number, quote: number): void {
    const source = this.#source;
    let at = from;
    for (; at < source.length && source[at] !== quote; at += 1) {
      if (source[at] === 92) at += 1;
      else if (source[at] === 123 && source[at + 1] === 36) {
        this.#blocks.open(125, CODE, quote);
        return this.#moveTo(at + 1);
      }
    }
    this.#moveTo(Math.min(at + 1, source.length));
  }

  /** `<<<NAME`, `<<<"NAME"` or `<<<'NAME'`, up to a line that begins with NAME, indented or not. */
  #heredoc(): void {
    const source = this.#source;
    let start = this.#at + 3;
    while (source[start] === 32 || source[start] === 9) start += 1;
    if (source[start] === 34 || source[start] === 39) start += 1;
    const end = skipName(source, start);
    if (end === start || !isNameStart(source[start])) return this.#moveTo(this.#at + 3);
    const name = textOf(source, start, end);
    let at = endOfLine(source, end);
    while (at < source.length) {
      at += 1;
      while (source[at] === 32 || source[at] === 9) at += 1;
      if (startsWith(source, name, at) && !isNamePart(source[at + name.length])) return this.#moveTo(at + name.length);
      at = endOfLine(source, at);
    }
    this.#moveTo(source.length);
  }

  #word(): void {
    const source = this.#source;
    const start = this.#at;
    const end = skipName(source, start);
    const isKeyword = DECLARATIONS.at(source, start, end) !== undefined || MODIFIERS.at(source, start, end) !== undefined;
    if (!isKeyword || this.#isPartOfName(start)) return this.#moveTo(end);
    this.#item(start, end);
  }

  /** `A\use`, `$a->class`, `A::class`. */
  #isPartOfName(start: number): boolean {
    const byte = this.#source[this.#last];
    const before = this.#source[this.#last - 1];
    return (byte === 92 && this.#last === start - 1) || (byte === 58 && before === 58) || (byte === 62 && before === 45);
  }

  /** Reads modifiers up to the keyword; what turns out not to be a definition is left to be scanned as code. */
  #item(start: number, firstEnd: number): void {
    const source = this.#source;
    const isNew = this.#isAfterNew();
    const before = this.#last;
    let isPublic = true;
    let at = start;
    let end = firstEnd;
    // The modifiers are behind us in any case: reading them again from each would be quadratic.
    let modifiersEnd = firstEnd;
    for (;;) {
      const modifier = MODIFIERS.at(source, at, end);
      if (modifier === undefined) break;
      if (modifier === 'private' || modifier === 'protected') isPublic = false;
      modifiersEnd = end;
      at = skipBlank(source, end);
      end = skipName(source, at);
    }
    const keyword = DECLARATIONS.at(source, at, end);
    if (keyword === undefined) return this.#moveTo(modifiersEnd);
    this.#moveTo(end);
    const next = skipBlank(source, end);
    switch (keyword) {
      case 'namespace':
        return this.#namespace(start, next, before);
      case 'use':
        if (this.#blocks.top.role !== MEMBERS && source[next] !== 40) this.#use(next);
        return;
      case 'function':
        return this.#function(start, next, isPublic);
      case 'const':
        return this.#constant(start, next, isPublic);
      case 'define':
        return this.#defineCall(start, next);
      case '__halt_compiler':
        this.#at = source.length;
        return;
      case 'class':
      case 'interface':
      case 'trait':
      case 'enum':
        return this.#type(KIND[keyword]!, start, next, isNew);
      default:
        return this.#include(next);
    }
  }

  #isAfterNew(): boolean {
    const start = this.#last - 2;
    return startsWith(this.#source, 'new', start) && !isNamePart(this.#source[start - 1]);
  }

  #type(kind: SymbolKind, start: number, at: number, isNew: boolean): void {
    const end = skipName(this.#source, at);
    const isNamed = isNameStart(this.#source[at]) && HERITAGE.at(this.#source, at, end) === undefined;
    if (isNew) this.#blocks.expect(null, MEMBERS);
    else if (isNamed) {
      this.#blocks.define({ name: textOf(this.#source, at, end), kind, start, exported: true, takesBlock: true, role: MEMBERS });
      this.#moveTo(end);
    }
  }

  #function(start: number, from: number, exported: boolean): void {
    const at = this.#source[from] === 38 ? skipBlank(this.#source, from + 1) : from;
    const end = skipName(this.#source, at);
    if (!isNameStart(this.#source[at])) return;
    const kind = this.#blocks.top.role === MEMBERS ? 'method' : 'function';
    this.#blocks.define({ name: textOf(this.#source, at, end), kind, start, exported, takesBlock: true });
    this.#moveTo(end);
  }

  /** `const A = 1` and `const ?Type A = 1`: the name is the last word before `=`. */
  #constant(start: number, from: number, exported: boolean): void {
    const source = this.#source;
    let name = '';
    let at = from;
    while (source[at] !== 61) {
      const end = skipName(source, at);
      const isType = source[at] === 124 || source[at] === 63 || source[at] === 92 || source[at] === 38;
      if (end === at && !isType) return this.#moveTo(at);
      if (end > at) name = textOf(source, at, end);
      at = skipBlank(source, Math.max(end, at + 1));
    }
    if (name === '') return;
    this.#areConstantsPublic = exported;
    this.#blocks.define({ name, kind: 'constant', start, exported, takesBlock: false, role: CONSTANTS });
    this.#moveTo(at + 1);
  }

  #nextConstant(): void {
    const source = this.#source;
    const start = skipBlank(source, this.#at + 1);
    const end = skipName(source, start);
    this.#moveTo(this.#at + 1);
    if (!isNameStart(source[start]) || source[skipBlank(source, end)] !== 61) return;
    this.#blocks.settle(this.#last - 1);
    const name = textOf(source, start, end);
    const exported = this.#areConstantsPublic;
    this.#blocks.define({ name, kind: 'constant', start, exported, takesBlock: false, role: CONSTANTS });
    this.#moveTo(end);
  }

  /** `define('NAME', …)` is global, wherever it stands. */
  #defineCall(start: number, from: number): void {
    const source = this.#source;
    const quote = source[from] === 40 ? skipBlank(source, from + 1) : source.length;
    if (source[quote] !== 39 && source[quote] !== 34) return;
    const end = endOfQualifiedName(source, quote + 1);
    if (end === quote + 1 || source[end] !== source[quote]) return;
    const name = textOf(source, quote + 1, end);
    this.#blocks.define({ name, kind: 'constant', start, exported: true, takesBlock: false, container: null });
  }

  #namespace(start: number, at: number, before: number): void {
    const source = this.#source;
    if (this.#source[this.#at] === 92 || (!isNameStart(source[at]) && source[at] !== 123)) return;
    const end = endOfQualifiedName(source, at);
    this.#blocks.close(END, before);
    if (end === at) return;
    this.#blocks.define({ name: textOf(source, at, end), kind: 'namespace', start, exported: true, takesBlock: true, role: NAMESPACE });
    this.#moveTo(end);
  }

  /** `use A\B as C, D\{E, function f};` is A\B, D\E, D\f. */
  #use(from: number): void {
    const source = this.#source;
    let prefix = '';
    let isAlias = false;
    let at = from;
    for (; at < source.length && source[at] !== 59; at = skipBlank(source, at)) {
      const end = endOfQualifiedName(source, at);
      if (end === at) {
        if (source[at] !== 44 && source[at] !== 125) break;
        at += 1;
      } else if (source[end] === 123) {
        prefix = textOf(source, at, Math.min(end, at + 200));
        at = end + 1;
      } else {
        const isKind = IMPORT_KINDS.at(source, at, end) !== undefined;
        const isAs = end - at === 2 && (source[at]! | 32) === 97 && (source[at + 1]! | 32) === 115;
        if (!isKind && !isAs && !isAlias) this.#outline.import(prefix + textOf(source, at, end));
        isAlias = isAs;
        at = end;
      }
    }
    this.#moveTo(at);
  }

  /** `require 'a.php'` and `require __DIR__ . '/a.php'`, which is ./a.php. */
  #include(from: number): void {
    const source = this.#source;
    let at = source[from] === 40 ? skipBlank(source, from + 1) : from;
    let prefix = '';
    if (startsWith(source, '__DIR__', at)) {
      at = skipBlank(source, at + 7);
      if (source[at] !== 46) return;
      at = skipBlank(source, at + 1);
      prefix = '.';
    }
    if (source[at] !== 39 && source[at] !== 34) return;
    const end = endOfQuoted(source, at, source[at]!);
    const after = source[skipBlank(source, end)];
    const isInterpolated = source[at] === 34 && source.subarray(at, end).includes(36);
    if ((after !== 59 && after !== 41) || isInterpolated) return;
    this.#outline.import(prefix + textOf(source, at + 1, end - 1));
    this.#moveTo(end);
  }

  #moveTo(end: number): void {
    this.#at = end;
    this.#last = end - 1;
  }
}

/** Offset after a name that may have `\` in it. */
function endOfQualifiedName(source: Uint8Array, from: number): number {
  let at = from;
  while (isNamePart(source[at]) || source[at] === 92) at += 1;
  return at;
}
