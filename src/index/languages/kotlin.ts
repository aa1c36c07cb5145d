// Kotlin: declarations are found by their keyword, also inside functions; newlines end those without a body.
// Properties count at the top of a file only, and where they are `const`.
import { Blocks, endOfNestedComment, endOfQuotedInLine, skipBlank } from '../scanning/braces.ts';
import { Keywords } from '../scanning/keywords.ts';
import type { Language, Scan, SymbolKind } from './language.ts';
import { endOfString, skipBraces } from '../scanning/kotlin-strings.ts';
import { Outline, endOfLine, isNameStart, isSpace, skipName, startsWith, textOf } from '../scanning/outline.ts';

export default {
  name: 'kotlin',
  extensions: ['.kt', '.kts'],
  scan: (source) => new KotlinScanner(source).scan(),
} satisfies Language;

const CODE = 0;
const MEMBERS = 1;
const ENTRIES = 2;
/** Below so many brackets nothing is a definition that anyone looks for. */
const DEPTH_LIMIT = 200;
/** What a `(` resumes when it closes: the condition of `if (...)`, after which a newline ends nothing. */
const CONDITION = 1;

const KEYWORDS = new Keywords([
  'fun',
  'class',
  'interface',
  'object',
  'val',
  'var',
  'typealias',
  'import',
  'enum',
  'companion',
  'const',
  'private',
  'internal',
  'constructor',
  'if',
  'while',
  'for',
  'when',
  'else',
  'return',
  'by',
  'where',
  'throw',
  'as',
  'is',
  'in',
]);
type Keyword = NonNullable<ReturnType<typeof KEYWORDS.at>>;

/** On the next line they go on with the declaration. */
const CONTINUATIONS = new Keywords(['else', 'catch', 'finally', 'where', 'by', 'as', 'constructor']);

/** At the end of a line they ask for more. */
const UNFINISHED: ReadonlySet<Keyword> = new Set(['else', 'return', 'by', 'where', 'throw', 'as', 'is', 'in']);
const OPERATORS = new Uint8Array(256);
for (const char of '=+-*/%&|<?:,.([') OPERATORS[char.charCodeAt(0)] = 1;

interface Name {
  readonly start: number;
  readonly end: number;
}

class KotlinScanner {
  readonly #source: Uint8Array;
  readonly #outline: Outline;
  readonly #blocks: Blocks;
  #at = 0;
  /** The last byte that is neither blank nor in a comment. */
  #last = -1;
  #lastWord: Keyword | undefined;
  /** The first token of the statement on this line. */
  #first = -1;
  /** Modifiers of the declaration that is to come. */
  #isHidden = false;
  #isEnum = false;
  #isCompanion = false;
  #isConst = false;
  /** The next name is one of an enumeration. */
  #isEntry = false;
  /** Brackets that are open. */
  #depth = 0;
  /** Depth at which the braces of `object : Type {` are awaited, or -1. */
  #anonymous = -1;
  /** Offset of the `)` of the last condition. */
  #condition = -1;

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#outline = new Outline(source);
    this.#blocks = new Blocks(this.#outline, MEMBERS);
  }

  scan(): Scan {
    // U+FEFF would be part of the first word.
    if (startsWith(this.#source, '\xef\xbb\xbf', 0)) this.#at = 3;
    while (this.#at < this.#source.length) this.#token(this.#source[this.#at]!);
    this.#blocks.finish(Math.max(this.#last, 0));
    return this.#outline.finish();
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
        return this.#newline();
      case 34: // "
        return this.#moveTo(endOfString(this.#source, this.#at));
      case 39: // '
        return this.#moveTo(endOfQuotedInLine(this.#source, this.#at, 39));
      case 47: // /
        return this.#slash();
      case 96: // `
        return this.#quotedName();
      case 64: // @
        return this.#annotation();
      case 40: // (
      case 91: // [
        this.#depth += 1;
        this.#blocks.open(byte === 40 ? 41 : 93, CODE, this.#isCondition() ? CONDITION : 0);
        break;
      case 41: // )
      case 93: // ]
        this.#depth -= 1;
        if (this.#blocks.close(byte, this.#at) === CONDITION) this.#condition = this.#at;
        break;
      case 123: // {
        return this.#openBrace();
      case 125: // }
        this.#depth -= 1;
        this.#blocks.close(125, this.#at);
        this.#forget();
        break;
      case 59: // ;
        this.#semicolon();
        break;
      case 44: // ,
        this.#comma();
        break;
      case 61: // =
        this.#equals();
        break;
    }
    this.#moveTo(this.#at + 1);
  }

  #word(): void {
    const start = this.#at;
    const end = skipName(this.#source, start);
    const keyword = KEYWORDS.at(this.#source, start, end);
    if (this.#first === -1) this.#first = start;
    if (keyword === undefined && this.#isEntry && this.#blocks.top.role === ENTRIES) this.#entry({ start, end });
    const isReference = this.#source[start - 1] === 58 || this.#source[start - 1] === 46;
    this.#moveTo(end);
    this.#lastWord = keyword;
    if (keyword !== undefined && !isReference) this.#keyword(keyword);
  }

  #keyword(keyword: Keyword): void {
    switch (keyword) {
      case 'private':
      case 'internal':
        this.#isHidden = true;
        return;
      case 'enum':
        this.#isEnum = true;
        return;
      case 'companion':
        this.#isCompanion = true;
        return;
      case 'const':
        this.#isConst = true;
        return;
      case 'constructor':
        this.#isHidden = false;
        return;
      case 'import':
        return this.#import();
      case 'fun':
        return this.#function();
      case 'val':
      case 'var':
        return this.#property();
      case 'class':
      case 'interface':
        return this.#type(keyword);
      case 'object':
        return this.#object();
      case 'typealias':
        return this.#define('type', this.#simpleName());
      default:
      // The others say where an expression goes on.
    }
  }

  #import(): void {
    if (this.#blocks.top.depth > 0 || !startsWith(this.#source, 'import', this.#first)) return;
    const start = skipBlank(this.#source, this.#at);
    let end = start;
    while (end < this.#source.length && !isSpace(this.#source[end]) && this.#source[end] !== 59) end += 1;
    this.#outline.import(textOf(this.#source, start, end).replaceAll('`', ''));
    this.#moveTo(endOfLine(this.#source, end));
  }

  #function(): void {
    const name = this.#declaredName();
    if (name !== null && this.#source[skipBlank(this.#source, name.end + this.#tick(name))] === 40) {
      this.#define(this.#isInType() ? 'method' : 'function', name);
    }
  }

  /** Inside a class, not inside a function of it. */
  #isInType(): boolean {
    return this.#blocks.top.depth > 0 && this.#blocks.top.role !== CODE;
  }

  #property(): void {
    const isDeclared = this.#blocks.top.depth === 0 || (this.#isConst && this.#blocks.top.role === MEMBERS);
    if (isDeclared) this.#define('constant', this.#declaredName());
    else this.#forget();
  }

  #type(keyword: 'class' | 'interface'): void {
    const kind = this.#isEnum ? 'enum' : keyword;
    this.#define(kind, this.#simpleName());
  }

  #object(): void {
    const name = this.#simpleName();
    if (name !== null) this.#define('class', name);
    else if (this.#isCompanion) this.#defineAs('Companion', 'class');
    else this.#anonymous = this.#depth;
  }

  #entry(name: Name): void {
    this.#isEntry = false;
    this.#blocks.settle(this.#last);
    this.#blocks.define({
      name: textOf(this.#source, name.start, name.end),
      kind: 'constant',
      start: name.start,
      exported: true,
      takesBlock: false,
    });
  }

  #define(kind: SymbolKind, name: Name | null): void {
    if (name === null || this.#depth > DEPTH_LIMIT) return this.#forget();
    this.#defineAs(textOf(this.#source, name.start, name.end), kind);
    this.#moveTo(name.end + this.#tick(name));
  }

  #defineAs(name: string, kind: SymbolKind): void {
    const role = kind === 'enum' ? ENTRIES : kind === 'class' || kind === 'interface' ? MEMBERS : CODE;
    const takesBlock = kind !== 'constant' && kind !== 'type';
    this.#blocks.settle(this.#last);
    this.#blocks.define({ name, kind, start: this.#first, exported: !this.#isHidden, takesBlock, role });
    this.#forget();
  }

  /** The name right after the keyword, or null. */
  #simpleName(): Name | null {
    const start = skipBlank(this.#source, this.#at);
    if (this.#source[start] === 96) return quotedName(this.#source, start);
    return isNameStart(this.#source[start]) ? { start, end: skipName(this.#source, start) } : null;
  }

  /** 1 when a backtick follows the name. */
  #tick({ end }: Name): number {
    return this.#source[end] === 96 ? 1 : 0;
  }

  /** The last name of `<T> List<T>?.(A).name`: type parameters and receiver stand before it. Moves to its start. */
  #declaredName(): Name | null {
    const source = this.#source;
    let name: Name | null = null;
    let at = skipBlank(source, this.#at);
    for (;;) {
      const byte = source[at];
      if (byte === 60) at = skipAngles(source, at);
      else if (byte === 40 && name === null) at = skipParens(source, at);
      else if (byte === 64) at = skipName(source, at + 1);
      else if (byte === 96) {
        name = quotedName(source, at);
        if (name === null) break;
      } else if (isNameStart(byte)) name = { start: at, end: skipName(source, at) };
      else break;
      if (name !== null && name.end > at) at = name.end + this.#tick(name);
      at = skipBlank(source, at);
      if (source[at] === 63) at += 1;
      if (source[at] === 46) {
        name = null;
        at = skipBlank(source, at + 1);
      } else if (name !== null && source[at] !== 60) break;
    }
    this.#moveTo(name === null ? Math.max(at, this.#at) : name.start);
    return name !== null && KEYWORDS.at(source, name.start, name.end) === 'interface' ? null : name;
  }

  /** Up to the closing backtick, without a body of interest: a name that is used, or one of an enumeration. */
  #quotedName(): void {
    const name = quotedName(this.#source, this.#at);
    if (name === null) return this.#moveTo(this.#at + 1);
    if (this.#isEntry && this.#blocks.top.role === ENTRIES) this.#entry(name);
    this.#moveTo(name.end + 1);
  }

  /** `@file:Name`: the word is no keyword. Its arguments are brackets like others. */
  #annotation(): void {
    if (this.#first === -1) this.#first = this.#at;
    let end = skipName(this.#source, this.#at + 1);
    while (this.#source[end] === 46 || this.#source[end] === 58) end = skipName(this.#source, end + 1);
    this.#moveTo(end);
  }

  #openBrace(): void {
    const { pending, role } = this.#blocks.top;
    const isEntryBody = role === ENTRIES;
    if (this.#anonymous === this.#depth || isEntryBody) {
      this.#anonymous = -1;
      this.#moveTo(skipBraces(this.#source, this.#at));
      return;
    }
    this.#isEntry = pending?.takesBlock === true && pending.role === ENTRIES;
    this.#depth += 1;
    this.#blocks.openBody();
    this.#forget();
    this.#moveTo(this.#at + 1);
  }

  #semicolon(): void {
    const { top } = this.#blocks;
    this.#blocks.settle(this.#last);
    if (top.role === ENTRIES) this.#blocks.top = { ...top, role: MEMBERS, pending: null };
    this.#forget();
  }

  #comma(): void {
    if (this.#blocks.top.role !== ENTRIES) return;
    this.#blocks.settle(this.#last);
    this.#isEntry = true;
    this.#forget();
  }

  /** The body is an expression: its braces are not the function's. */
  #equals(): void {
    const { pending } = this.#blocks.top;
    if (pending?.takesBlock === true) this.#blocks.top.pending = { ...pending, takesBlock: false };
  }

  #slash(): void {
    const next = this.#source[this.#at + 1];
    if (next === 47) this.#at = endOfLine(this.#source, this.#at);
    else if (next === 42) this.#at = endOfNestedComment(this.#source, this.#at);
    else this.#moveTo(this.#at + 1);
  }

  #newline(): void {
    const isModifier = this.#lastWord === 'private' || this.#lastWord === 'internal';
    const { pending } = this.#blocks.top;
    if (pending === null || this.#blocks.top.role === ENTRIES) {
      this.#at += 1;
    } else {
      const next = skipBlank(this.#source, this.#at);
      if (!this.#goesOn(next, pending.takesBlock)) this.#blocks.settle(this.#last);
      this.#at = next;
    }
    this.#first = -1;
    if (!isModifier) this.#forget();
  }

  /** Whether the declaration that is awaited at this level goes on at `next`, the first token of another line. */
  #goesOn(next: number, takesBlock: boolean): boolean {
    const source = this.#source;
    if (this.#condition === this.#last || OPERATORS[source[this.#last]!] === 1) return true;
    if (this.#lastWord !== undefined && UNFINISHED.has(this.#lastWord)) return true;
    switch (source[next]) {
      case 123: // {
        return takesBlock;
      case 46: // .
      case 58: // :
      case 44: // ,
      case 61: // =
      case 63: // ?
        return true;
      case 38: // &
      case 124: // |
        return source[next + 1] === source[next];
      default:
        break;
    }
    const end = skipName(source, next);
    return CONTINUATIONS.at(source, next, end) !== undefined || this.#isAccessor(next, end);
  }

  /** `get() = 1` on the line after a property. */
  #isAccessor(start: number, end: number): boolean {
    const isWord = end - start === 3 && (startsWith(this.#source, 'get', start) || startsWith(this.#source, 'set', start));
    return isWord && this.#source[end] === 40;
  }

  #isCondition(): boolean {
    const word = this.#lastWord;
    return word === 'if' || word === 'while' || word === 'for' || word === 'when';
  }

  #moveTo(end: number): void {
    if (this.#first === -1) this.#first = this.#at;
    this.#at = end;
    this.#last = end - 1;
    this.#lastWord = undefined;
  }

  #forget(): void {
    this.#isHidden = false;
    this.#isEnum = false;
    this.#isCompanion = false;
    this.#isConst = false;
  }
}

/** The name between backticks, or null. */
function quotedName(source: Uint8Array, at: number): Name | null {
  let end = at + 1;
  while (end < source.length && source[end] !== 96 && source[end] !== 10) end += 1;
  return source[end] === 96 && end > at + 1 ? { start: at + 1, end } : null;
}

/** Offset after `<...>`, at the latest at a brace. */
function skipAngles(source: Uint8Array, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at += 1) {
    const byte = source[at]!;
    if (byte === 60) depth += 1;
    else if (byte === 62 && source[at - 1] !== 45 && --depth === 0) return at + 1;
    else if (byte === 123 || byte === 125 || byte === 59) return at;
  }
  return source.length;
}

function skipParens(source: Uint8Array, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at += 1) {
    const byte = source[at]!;
    if (byte === 40) depth += 1;
    else if (byte === 41 && --depth === 0) return at + 1;
    else if (byte === 123 || byte === 125 || byte === 59) return at;
  }
  return source.length;
}
