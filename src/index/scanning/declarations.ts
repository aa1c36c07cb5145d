// The languages whose declarations end in `;` or in braces: C, C++, C#, Java.
// The tokens of one declaration, its head, are collected up to `{` or `;`; then the grammar says what they define.
// What cannot hold a declaration (parameters, arguments, initial values, bodies) is passed over by one byte loop.
import { endOfComment, skipBlank } from './braces.ts';
import type { Scan, SymbolKind } from '../languages/language.ts';
import { Outline, endOfLine, isNamePart, isNameStart, isSpace, skipName, startsWith, textOf } from './outline.ts';
import { Preprocessor } from './preprocessor.ts';
import { Head, Token } from './head.ts';

/** What stands inside braces: definitions, the names of an enumeration, or code. */
export type Inside = 'members' | 'constants' | 'code';

/** A definition that begins with the head: a class, a function with its body. */
export interface Definition {
  /** Empty for braces that name nothing: `extern "C" {`, an anonymous struct. */
  readonly name: string;
  readonly kind: SymbolKind;
  /** Offset of the name. */
  readonly at: number;
  /** The qualifier of `void Foo::bar()`: where it is, relative to the scope. */
  readonly within?: string | null;
  readonly exported: boolean;
  readonly inside: Inside;
  /** Nothing inside is visible elsewhere: C++'s unnamed namespace. */
  readonly hides?: boolean;
  /** The tokens that the declaration goes on with after the braces: `typedef struct {} name;`. */
  readonly resume?: number;
}

/** A definition without braces of its own. */
export interface Declaration {
  readonly name: string;
  readonly kind: SymbolKind;
  /** Offset of the name. */
  readonly at: number;
  readonly end: number;
  readonly exported: boolean;
  readonly within?: string | null;
  /** Where it begins, when that is not on the line of its name. */
  readonly start?: number;
}

export interface Scope {
  readonly parent: Scope | null;
  readonly inside: Inside;
  readonly name: string;
  readonly kind: SymbolKind;
  /** Names from the outside in, joined by '.'. */
  readonly path: string | null;
  readonly depth: number;
  readonly handle: number;
  readonly exported: boolean;
  readonly hidden: boolean;
  readonly start: number;
  readonly resume: number;
  /** It is the one statement of a body that defines a type; this many braces are open around it. -1: it is not. */
  readonly bodyDepth: number;
}

export interface Grammar {
  readonly roleOf: (source: Uint8Array, start: number, end: number) => number;
  /** Offset after the string or character that the quote at `at` opens; prefixes are found by looking back. */
  readonly endOfLiteral: (source: Uint8Array, at: number) => number;
  /** The head stands before `{`: what begins here, or null for a value or a block that defines nothing. */
  readonly open: (head: Head, scope: Scope) => Definition | null;
  /** The head stands before `;` (or the `}` of the scope). True keeps the head: the declaration goes on. */
  readonly end: (head: Head, scope: Scope, file: Declarations) => boolean;
  /** Whether a statement of a body, which begins at `at`, defines a type. Without it bodies hold nothing. */
  readonly isLocalType?: (source: Uint8Array, at: number) => boolean;
  /** `#` begins a directive. */
  readonly hasDirectives?: boolean;
  /** `@Name(...)` decorates what follows. */
  readonly hasAnnotations?: boolean;
  /** `[...]` before a declaration decorates it. */
  readonly hasAttributes?: boolean;
  /** The names of an enumeration may be followed by `;` and members. */
  readonly hasEnumMembers?: boolean;
}

/** Scopes below this one are passed over: paths of names would cost quadratic memory. */
const DEPTH_LIMIT = 64;

/** As bytes: U+FEFF, which would be part of the first word. */
const BYTE_ORDER_MARK = '\xef\xbb\xbf';

const TOP: Scope = {
  parent: null,
  inside: 'members',
  name: '',
  kind: 'namespace',
  path: null,
  depth: 0,
  handle: -1,
  exported: true,
  hidden: false,
  start: 0,
  resume: 0,
  bodyDepth: -1,
};

/** 1: a byte that a group or a body must look at. */
const STOPS = new Uint8Array(256);
for (const char of '"\'/#(){}[];,') STOPS[char.charCodeAt(0)] = 1;
const CODE_STOPS = new Uint8Array(256);
for (const char of '"\'/#{}') CODE_STOPS[char.charCodeAt(0)] = 1;
/** The same where a statement may define a type. */
const STATEMENT_STOPS = CODE_STOPS.slice();
STATEMENT_STOPS[59] = 1;

/** First letters of the words that a type's definition begins with, and `@` of annotations. */
const MAY_BE_TYPE = new Uint8Array(256);
for (const word of ['abstract', 'class', 'enum', 'final', 'interface', 'record', 'struct', 'union']) MAY_BE_TYPE[word.charCodeAt(0)] = 1;
MAY_BE_TYPE[64] = 1;

export function scanDeclarations(source: Uint8Array, grammar: Grammar): Scan {
  return new Declarations(source, grammar).read();
}

export class Declarations {
  readonly source: Uint8Array;
  readonly outline: Outline;
  readonly #grammar: Grammar;
  readonly #head: Head;
  readonly #preprocessor: Preprocessor;
  /** What a word with `@` before it is: a name in C#; in C it is Objective-C's and means nothing. */
  readonly #verbatim: number;
  #scope = TOP;
  /** Braces open in the code that is being passed over. */
  #depth = 0;
  /** Raised when a directive put another scope in place of the one that is being read. */
  #isMoved = false;

  constructor(source: Uint8Array, grammar: Grammar) {
    this.source = source;
    this.outline = new Outline(source);
    this.#grammar = grammar;
    this.#verbatim = grammar.hasAttributes === true ? Token.Name : Token.Statement;
    this.#head = new Head(source);
    this.#preprocessor = new Preprocessor(source, this.outline);
  }

  read(): Scan {
    let at = startsWith(this.source, BYTE_ORDER_MARK, 0) ? BYTE_ORDER_MARK.length : 0;
    while (at < this.source.length) {
      this.#isMoved = false;
      at = this.#scope.inside === 'code' ? this.#code(at) : this.#token(at);
    }
    this.#closeLeft(this.#scope, TOP, this.source.length);
    return this.outline.finish();
  }

  declare({ name, kind, at, end, exported, within = null, start = this.#head.startOf(at) }: Declaration): void {
    const container = joined(this.#scope.path, within);
    const handle = this.outline.open(name, kind, start, { container, exported: exported && !this.#scope.hidden });
    this.outline.close(handle, end);
  }

  /** A definition that holds the rest of the file. */
  enclose(definition: Definition): void {
    this.#enter(definition, this.#head.end);
  }

  #token(from: number): number {
    const { source } = this;
    let at = from;
    while (isSpace(source[at])) at += 1;
    if (at >= source.length) return at;
    const byte = source[at]!;
    if (isNameStart(byte)) return this.#word(at);
    switch (byte) {
      case 34: // "
      case 39: // '
        return this.#push(Token.Text, at, this.#grammar.endOfLiteral(source, at));
      case 47: // /
        return this.#slash(at);
      case 35: // #
        return this.#directive(at, this.#head.length === 0);
      case 40: // (
        return this.#push(Token.Group, at, this.#skip(at + 1, 1));
      case 91: // [
        return this.#bracket(at);
      case 123: // {
        return this.#open(at);
      case 125: // }
        return this.#close(at);
      case 59: // ;
        return this.#semicolon(at);
      case 44: // ,
        return this.#comma(at);
      case 60: // <
        return this.#push(Token.Angles, at, this.#skipAngles(at));
      case 61: // =
        return this.#value(at);
      case 58: // :
        return this.#colon(at);
      case 64: // @
        return this.#grammar.hasAnnotations === true ? this.#annotation(at) : at + 1;
      case 92: // \
        return at + 1;
      default:
        return byte >= 48 && byte <= 57 ? this.#push(Token.Number, at, skipNumber(source, at)) : this.#push(byte, at, at + 1);
    }
  }

  #value(at: number): number {
    const end = this.#skip(at + 1, 0);
    let last = end;
    while (isSpace(this.source[last - 1])) last -= 1;
    this.#head.assign(at, last);
    return end;
  }

  #push(kind: number, start: number, end: number): number {
    this.#head.push(kind, start, end);
    return end;
  }

  #word(at: number): number {
    const { source } = this;
    const end = skipName(source, at);
    const role = source[at - 1] === 64 ? this.#verbatim : this.#grammar.roleOf(source, at, end);
    if (role === Token.Attribute) {
      const next = skipBlank(source, end);
      return source[next] === 40 ? this.#skip(next + 1, 1) : end;
    }
    if (role === Token.Operator) return this.#operator(at, end);
    return this.#push(role, at, end);
  }

  /** `operator==`, `operator()`, `operator new[]`, `operator bool`: one token up to the parameters. */
  #operator(start: number, from: number): number {
    const { source } = this;
    let at = skipBlank(source, from);
    if (source[at] === 40 && source[skipBlank(source, at + 1)] === 41) at = skipBlank(source, at + 1) + 1;
    const limit = Math.min(source.length, start + 400);
    while (at < limit && source[at] !== 40 && source[at] !== 59 && source[at] !== 123 && source[at] !== 125) at += 1;
    if (source[at] !== 40) return this.#push(Token.Name, start, from);
    return this.#push(Token.Operator, start, at);
  }

  #slash(at: number): number {
    if (this.source[at + 1] === 47) return this.#endOfLineComment(at);
    return this.source[at + 1] === 42 ? endOfComment(this.source, at) : this.#push(47, at, at + 1);
  }

  /** In C a backslash makes the next line part of the comment. */
  #endOfLineComment(from: number): number {
    let end = endOfLine(this.source, from);
    if (this.#grammar.hasDirectives !== true) return end;
    while (end < this.source.length && this.source[this.source[end - 1] === 13 ? end - 2 : end - 1] === 92)
      end = endOfLine(this.source, end + 1);
    return end;
  }

  /** `isFresh`: a declaration may begin here. */
  #directive(at: number, isFresh = false): number {
    if (this.#grammar.hasDirectives !== true) return at + 1;
    const before = this.#scope;
    const after = this.#preprocessor.read(at, { scope: before, depth: this.#depth, isFresh });
    this.#isMoved = after.scope !== before || after.isRestored === true;
    if (this.#isMoved) {
      this.#head.clear();
      this.#closeLeft(before, after.scope, at);
    }
    this.#scope = after.scope;
    this.#depth = after.depth;
    return after.at;
  }

  /** What the branch of a conditional left open ends with the branch, unless a `}` that follows closes it. */
  #closeLeft(from: Scope, to: Scope, at: number): void {
    let left = from;
    let goal = to;
    while (left !== goal) {
      if (left.parent !== null && left.depth >= goal.depth) {
        this.outline.close(left.handle, at - 1);
        left = left.parent;
      } else if (goal.parent !== null) goal = goal.parent;
      else return;
    }
  }

  #bracket(at: number): number {
    const end = this.#skip(at + 1, 1);
    const isAttribute = this.#grammar.hasAttributes === true ? this.#head.length === 0 : this.source[at + 1] === 91;
    return isAttribute ? end : this.#push(Token.Brackets, at, end);
  }

  #annotation(at: number): number {
    const { source } = this;
    let end = at;
    do end = skipName(source, end + 1);
    while (source[end] === 46);
    if (textOf(source, at, end) === '@interface') return this.#push(Token.Interface, at, end);
    const next = skipBlank(source, end);
    return source[next] === 40 ? this.#skip(next + 1, 1) : end;
  }

  /** `public:` and other labels begin anew. */
  #colon(at: number): number {
    const { source } = this;
    if (source[at + 1] === 58) return this.#push(Token.Scope, at, at + 2);
    if (this.#head.isLabel()) this.#head.clear();
    else this.#push(58, at, at + 1);
    return at + 1;
  }

  #comma(at: number): number {
    if (this.#scope.inside !== 'constants') return this.#push(44, at, at + 1);
    this.#enumerator();
    return at + 1;
  }

  #enumerator(): void {
    const head = this.#head;
    const at = head.starts[0] ?? 0;
    const isMacro = head.kinds[1] === Token.Group && this.#grammar.hasEnumMembers !== true;
    if (head.length > 0 && isNameStart(this.source[at]) && !isMacro) {
      this.declare({ name: head.text(0), kind: 'constant', at, end: head.end, exported: this.#scope.exported });
    }
    head.clear();
  }

  #semicolon(at: number): number {
    if (this.#scope.bodyDepth !== -1) {
      this.#leaveStatement();
    } else if (this.#scope.inside === 'constants') {
      if (this.#grammar.hasEnumMembers === true) this.#turnToMembers();
      this.#head.clear();
    } else if (!this.#grammar.end(this.#head, this.#scope, this)) {
      this.#head.clear();
    } else {
      this.#head.push(59, at, at + 1);
    }
    return at + 1;
  }

  #turnToMembers(): void {
    this.#enumerator();
    this.#scope = { ...this.#scope, inside: 'members' };
  }

  #open(at: number): number {
    const { source } = this;
    const head = this.#head;
    const scope = this.#scope;
    const definition = scope.inside === 'members' && scope.depth < DEPTH_LIMIT ? this.#grammar.open(head, scope) : null;
    if (definition !== null) return this.#enter(definition, at);
    const end = this.#skipBraces(at + 1);
    if (this.#isMoved) return end;
    const next = source[skipBlank(source, end)];
    const goesOn = scope.inside === 'constants' || head.isAssigned || next === 59 || next === 44 || next === 61 || next === 123;
    if (goesOn) head.push(Token.Braces, at, end);
    else head.clear();
    return end;
  }

  #enter(definition: Definition, at: number): number {
    const { name, kind, exported, inside, within = null, hides = false, resume = 0 } = definition;
    const parent = this.#scope;
    const start = name === '' ? (this.#head.starts[0] ?? at) : this.#head.startOf(definition.at);
    const container = joined(parent.path, within);
    const visible = exported && !parent.hidden;
    const handle = name === '' ? -1 : this.outline.open(name, kind, start, { container, exported: visible });
    const path = name === '' ? container : joined(container, name);
    const hidden = hides || parent.hidden;
    const first = this.#head.starts[0] ?? at;
    this.#scope = {
      parent,
      inside,
      name,
      kind,
      path,
      depth: parent.depth + 1,
      handle,
      exported: visible,
      hidden,
      start: first,
      resume,
      bodyDepth: -1,
    };
    this.#depth = 1;
    this.#head.clear();
    return at + 1;
  }

  #close(at: number): number {
    const scope = this.#scope;
    if (scope.inside === 'constants') this.#enumerator();
    this.#head.clear();
    if (scope.parent === null) return at + 1;
    if (scope.bodyDepth !== -1) {
      this.#leaveStatement();
      return at;
    }
    this.outline.close(scope.handle, at);
    this.#scope = scope.parent;
    if (scope.resume !== 0) {
      this.#head.push(scope.resume, scope.start, scope.start);
      this.#head.push(Token.Braces, at, at + 1);
    } else if (this.#scope.bodyDepth !== -1) this.#leaveStatement();
    return at + 1;
  }

  /** The type that a statement of a body defines is read like others; then the body goes on. */
  #enterStatement(): boolean {
    const parent = this.#scope;
    if (parent.depth >= DEPTH_LIMIT) return false;
    const depth = parent.depth + 1;
    this.#scope = { ...parent, parent, inside: 'members', depth, handle: -1, resume: 0, bodyDepth: this.#depth };
    this.#head.clear();
    return true;
  }

  #leaveStatement(): void {
    this.#depth = this.#scope.bodyDepth;
    this.#scope = this.#scope.parent!;
    this.#head.clear();
  }

  /** Up to the end of the body, or to where a directive leads elsewhere. */
  #code(from: number): number {
    const { isLocalType } = this.#grammar;
    const end = isLocalType === undefined ? this.#skipCode(from) : this.#skipStatements(from, isLocalType);
    if (!this.#isMoved && this.#depth <= 0) this.#close(end - 1);
    return end;
  }

  /** The braces of a value: their depth is counted on that of a body around them, for the sake of directives. */
  #skipBraces(from: number): number {
    this.#depth = 1;
    return this.#skipCode(from);
  }

  #skipCode(from: number): number {
    const { source } = this;
    const { length } = source;
    let at = from;
    while (at < length) {
      const byte = source[at]!;
      if (CODE_STOPS[byte] === 0) at += 1;
      else if (byte === 125) {
        at += 1;
        this.#depth -= 1;
        if (this.#depth <= 0) return at;
      } else if (byte === 123) {
        at += 1;
        this.#depth += 1;
      } else {
        at = this.#skipStop(at, byte);
        if (this.#isMoved) return at;
      }
    }
    return at;
  }

  /** The same up to a statement that defines a type. */
  #skipStatements(from: number, isLocalType: (source: Uint8Array, at: number) => boolean): number {
    const { source } = this;
    const { length } = source;
    let at = from;
    let isStart = isBoundary(source[at - 1]);
    while (at < length) {
      if (isStart) {
        while (isSpace(source[at])) at += 1;
        if (MAY_BE_TYPE[source[at]!] === 1 && isLocalType(source, at) && this.#enterStatement()) return at;
        if (source[at] !== 47) isStart = false;
      }
      while (STATEMENT_STOPS[source[at]!] === 0) at += 1;
      if (at >= length) return at;
      const byte = source[at]!;
      if (isBoundary(byte)) {
        at += 1;
        isStart = true;
        this.#depth += byte === 123 ? 1 : byte === 125 ? -1 : 0;
        if (this.#depth <= 0) return at;
      } else {
        at = this.#skipStop(at, byte);
        if (this.#isMoved) return at;
      }
    }
    return at;
  }

  /** Offset after a literal, a comment or a directive. */
  #skipStop(at: number, byte: number): number {
    if (byte === 34 || byte === 39) return this.#grammar.endOfLiteral(this.source, at);
    if (byte === 35) return this.#directive(at);
    if (this.source[at + 1] === 47) return this.#endOfLineComment(at);
    return this.source[at + 1] === 42 ? endOfComment(this.source, at) : at + 1;
  }

  /**
   * Passes over a group that is open, or (0) over a value up to its `,` or `;`.
   * A `;` or `}` outside braces ends it in any case: something was not closed.
   */
  #skip(from: number, open: 0 | 1): number {
    const { source } = this;
    const { length } = source;
    const isValue = open === 0;
    let nest: number = open;
    let braces = 0;
    let at = from;
    while (at < length) {
      const byte = source[at]!;
      if (STOPS[byte] === 0) at += 1;
      else if (byte === 40 || byte === 91) {
        nest += 1;
        at += 1;
      } else if (byte === 41 || byte === 93) {
        at += 1;
        if (nest > 0) nest -= 1;
        if (nest === 0 && !isValue) return at;
      } else if (byte === 123) {
        braces += 1;
        at += 1;
      } else if (byte === 125) {
        if (braces === 0) return at;
        braces -= 1;
        at += 1;
      } else if (byte === 59 && braces === 0) return at;
      else if (byte === 44 && braces === 0 && nest === 0) return at;
      else if (byte === 59 || byte === 44) at += 1;
      else {
        at = this.#skipStop(at, byte);
        if (this.#isMoved) return at;
      }
    }
    return at;
  }

  /** Type arguments and parameters. What is not closed before `;` or a brace was no such thing. */
  #skipAngles(from: number): number {
    const { source } = this;
    let depth = 0;
    let at = from;
    while (at < source.length) {
      const byte = source[at]!;
      if (byte === 60) depth += 1;
      else if (byte === 62 && source[at - 1] !== 45 && source[at - 1] !== 61 && --depth === 0) return at + 1;
      else if (byte === 59 || byte === 123 || byte === 125) return at;
      else if (byte === 40) {
        at = this.#skip(at + 1, 1);
        continue;
      } else if (byte === 34 || byte === 39 || byte === 47 || byte === 35) {
        at = this.#skipStop(at, byte);
        continue;
      }
      at += 1;
    }
    return at;
  }
}

/** `{`, `}`, `;`: a statement may begin after it. */
function isBoundary(byte: number | undefined): boolean {
  return byte === 123 || byte === 125 || byte === 59;
}

function joined(path: string | null, name: string | null): string | null {
  if (path === null || name === null) return path ?? name;
  return `${path}.${name}`;
}

/** Digits, suffixes, and the separators of `1'000'000`. */
function skipNumber(source: Uint8Array, from: number): number {
  let at = from;
  while (isNamePart(source[at]) || (source[at] === 39 && isNamePart(source[at + 1]))) at += 1;
  return at;
}
