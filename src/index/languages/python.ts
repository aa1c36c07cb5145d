// Python, read statement by statement: indentation is its own stack of open definitions, and inside a statement only names,
// strings, brackets and a few marks matter.
import type { Language, Scan } from './language.ts';
import { Outline, endOfLine, isNamePart, isNameStart, isSpace, skipName, startsWith, textOf } from '../scanning/outline.ts';
import { skipPythonString } from '../scanning/python-strings.ts';

export default {
  name: 'python',
  extensions: ['.py', '.pyi', '.pyw'],
  filenames: ['SConstruct', 'SConscript', 'wscript'],
  interpreters: ['python', 'python3'],
  scan: (source) => new PythonScanner(source).scan(),
} satisfies Language;

/** A block whose lines are indented more than `indent`. */
interface Block {
  readonly indent: number;
  /** Loops hold no definitions of their own, but what is bound in them is no constant. */
  readonly kind: 'class' | 'function' | 'loop';
  readonly handle: number;
  readonly path: string | null;
  readonly isPublic: boolean;
  /** The top-level name that this stands in. */
  readonly root: string | null;
  /** Constants already seen here: only the first binding defines. */
  readonly constants: Set<string>;
}

interface Target {
  readonly name: string;
  readonly start: number;
}

const PATH_LIMIT = 200;
const TAB = 8;

const HASH = 35;
const OPEN_PAREN = 40;
const CLOSE_PAREN = 41;
const STAR = 42;
const COMMA = 44;
const DOT = 46;
const COLON = 58;
const SEMICOLON = 59;
const EQUALS = 61;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Headers of blocks that open no scope; what follows their colon on the same line is a statement too. */
const BLOCK_WORDS = new Set(['if', 'elif', 'else', 'try', 'except', 'finally', 'with', 'for', 'while']);
const LOOP_WORDS = new Set(['for', 'while']);

class PythonScanner {
  readonly #source: Uint8Array;
  readonly #outline: Outline;
  readonly #blocks: Block[] = [{ indent: -1, kind: 'class', handle: -1, path: null, isPublic: true, root: null, constants: new Set() }];
  /** Offset after the last token that is no comment: where a definition ends when its block does. */
  #lastEnd = 0;
  #at = 0;
  /** Column of the statement's line. */
  #indent = 0;
  /** What `__all__` lists, when there is one; null when it is computed. */
  #all: Set<string> | null | undefined;
  readonly #public: { handle: number; root: string; isPublic: boolean }[] = [];

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#outline = new Outline(source);
    if (startsWith(source, '\u00ef\u00bb\u00bf', 0)) this.#at = 3;
  }

  scan(): Scan {
    while (this.#at < this.#source.length) {
      this.#readIndent();
      const byte = this.#source[this.#at];
      if (byte === 10 || byte === 13) this.#at += 1;
      else if (byte === HASH) this.#at = endOfLine(this.#source, this.#at);
      else if (byte !== undefined) this.#line();
    }
    this.#dedent(-1);
    for (const { handle, root, isPublic } of this.#public) {
      if (this.#all?.has(root) ?? isPublic) this.#outline.expose(handle);
    }
    return this.#outline.finish();
  }

  #readIndent(): void {
    let column = 0;
    for (;;) {
      const byte = this.#source[this.#at];
      if (byte === 32) column += 1;
      else if (byte === 9) column += TAB - (column % TAB);
      else if (byte === 12) column = 0;
      else break;
      this.#at += 1;
    }
    this.#indent = column;
  }

  /** One logical line: statements between `;`, a block's header, or a header and its statements. */
  #line(): void {
    this.#dedent(this.#indent);
    let goesOn = true;
    while (goesOn) {
      goesOn = this.#statement();
      this.#skipSpace();
    }
  }

  #dedent(indent: number): void {
    while (this.#blocks.length > 1 && this.#blocks.at(-1)!.indent >= indent) {
      const { handle } = this.#blocks.pop()!;
      if (handle !== -1) this.#outline.close(handle, this.#lastEnd);
    }
  }

  /** Returns true when another statement follows on the same line. */
  #statement(): boolean {
    const source = this.#source;
    const start = this.#at;
    if (!isNameStart(source[start])) return this.#targets();
    const end = skipName(source, start);
    // The longest word that begins a statement of interest is `finally`.
    const word = end - start > 7 ? '' : textOf(source, start, end);
    switch (word) {
      case 'def':
        return this.#definition('function', start, end);
      case 'class':
        return this.#definition('class', start, end);
      case 'async':
        return this.#async(start, end);
      case 'import':
        return this.#import(end);
      case 'from':
        return this.#from(end);
      case 'type':
        return this.#type(start, end);
      default:
        return BLOCK_WORDS.has(word) ? this.#header(word, end) : this.#targets();
    }
  }

  #async(start: number, end: number): boolean {
    const at = this.#skipSpaceFrom(end);
    const wordEnd = skipName(this.#source, at);
    const word = textOf(this.#source, at, wordEnd);
    if (word === 'def') return this.#definition('function', start, wordEnd);
    return word === 'for' || word === 'with' ? this.#header(word, wordEnd) : this.#targets();
  }

  #definition(kind: 'class' | 'function', start: number, wordEnd: number): boolean {
    const at = this.#skipSpaceFrom(wordEnd);
    const end = skipName(this.#source, at);
    if (end === at) return this.#rest(wordEnd, false);
    const name = textOf(this.#source, at, end);
    const { handle, isPublic, root } = this.#open(name, kind, start);
    const { path } = this.#holder();
    const isLong = path !== null && path.length > PATH_LIMIT;
    this.#blocks.push({
      indent: this.#indent,
      kind,
      handle,
      path: isLong ? path : this.#outline.pathOf(handle),
      isPublic: isPublic && kind === 'class',
      root,
      constants: new Set(),
    });
    return this.#rest(end, true);
  }

  /** The nearest block that definitions belong to. */
  #holder(): Block {
    let at = this.#blocks.length - 1;
    while (this.#blocks[at]!.kind === 'loop') at -= 1;
    return this.#blocks[at]!;
  }

  #open(
    name: string,
    kind: 'class' | 'function' | 'constant' | 'type',
    start: number,
  ): { handle: number; isPublic: boolean; root: string | null } {
    const holder = this.#holder();
    const isMethod = kind === 'function' && holder.kind === 'class' && holder.handle !== -1;
    const handle = this.#outline.open(name, isMethod ? 'method' : kind, start, { container: holder.path });
    const isPublic = holder.isPublic && isPublicName(name);
    const root = holder.handle === -1 ? name : holder.root;
    if (root !== null && (isPublic || holder.handle === -1)) this.#public.push({ handle, root, isPublic });
    return { handle, isPublic, root: kind === 'class' && (isPublic || holder.handle === -1) ? root : null };
  }

  #type(start: number, wordEnd: number): boolean {
    const at = this.#skipSpaceFrom(wordEnd);
    const end = skipName(this.#source, at);
    const next = this.#source[this.#skipSpaceFrom(end)];
    if (end === at || !isNameStart(this.#source[at]) || (next !== EQUALS && next !== OPEN_BRACKET)) return this.#targets();
    const { handle } = this.#open(textOf(this.#source, at, end), 'type', start);
    const goesOn = this.#rest(end, false);
    this.#outline.close(handle, this.#lastEnd);
    return goesOn;
  }

  #header(word: string, end: number): boolean {
    if (LOOP_WORDS.has(word)) {
      const holder = this.#holder();
      this.#blocks.push({ ...holder, indent: this.#indent, kind: 'loop', handle: -1 });
    }
    return this.#rest(end, true);
  }

  // Imports.

  #import(from: number): boolean {
    const source = this.#source;
    for (let at = this.#skipSpaceFrom(from); isNameStart(source[at]);) {
      const end = moduleEnd(source, at);
      this.#outline.import(textOf(source, at, end));
      at = this.#skipSpaceFrom(end);
      if (startsWith(source, 'as', at) && isSpace(source[at + 2])) at = this.#skipSpaceFrom(skipName(source, this.#skipSpaceFrom(at + 2)));
      if (source[at] !== COMMA) break;
      at = this.#skipSpaceFrom(at + 1);
    }
    return this.#rest(from, false);
  }

  #from(from: number): boolean {
    const at = this.#skipSpaceFrom(from);
    this.#outline.import(textOf(this.#source, at, moduleEnd(this.#source, at)));
    return this.#rest(from, false);
  }

  // Assignments.

  /** `a = b, (c, *d) = value`, `a: int = value`, `a: int`; everything else is skipped. */
  #targets(): boolean {
    const targets: Target[] = [];
    const block = this.#blocks.at(-1)!;
    if (block.kind !== 'class') return this.#rest(this.#at, false);
    const handles: number[] = [];
    let isAssigned = false;
    for (;;) {
      const end = this.#targetList(targets);
      const byte = this.#source[end];
      const isAssignment = byte === EQUALS && this.#source[end + 1] !== EQUALS;
      const isAnnotation = byte === COLON && !isAssigned && targets.length === 1 && this.#source[end + 1] !== EQUALS;
      if (!isAssignment && !isAnnotation) break;
      handles.push(...this.#bind(targets, block, end));
      targets.length = 0;
      isAssigned = true;
      this.#at = end + 1;
      if (isAnnotation) break;
    }
    const goesOn = this.#rest(this.#at, false);
    for (const handle of handles) this.#outline.close(handle, this.#lastEnd);
    return goesOn;
  }

  /** Collects the names of one target list and returns the offset of what ends it; attributes and subscripts bind no name. */
  #targetList(targets: Target[]): number {
    const source = this.#source;
    const nowhere = source.length;
    let depth = 0;
    let isOperand = false;
    for (let at = this.#skipSpaceFrom(this.#at); ; at = depth > 0 ? this.#skipLines(at) : this.#skipSpaceFrom(at)) {
      const byte = source[at];
      if (isNameStart(byte) && !isOperand) {
        const end = skipName(source, at);
        const next = source[this.#skipSpaceFrom(end)];
        if (isQuote(next)) return nowhere;
        if (next !== DOT && next !== OPEN_PAREN && next !== OPEN_BRACKET) targets.push({ name: textOf(source, at, end), start: at });
        isOperand = true;
        at = end;
      } else if (isOperand && byte === DOT) at = skipName(source, this.#skipSpaceFrom(at + 1));
      else if (isOperand && (byte === OPEN_PAREN || byte === OPEN_BRACKET)) at = this.#skipBrackets(at);
      else if (byte === COMMA || byte === OPEN_PAREN || byte === OPEN_BRACKET || (byte === STAR && !isOperand)) {
        isOperand = false;
        depth += nesting(byte);
        at += 1;
      } else if (depth > 0 && (byte === CLOSE_PAREN || byte === CLOSE_BRACKET)) {
        isOperand = true;
        depth -= 1;
        at += 1;
      } else return depth === 0 && !isNameStart(byte) ? at : nowhere;
    }
  }

  #bind(targets: readonly Target[], block: Block, end: number): number[] {
    const isLambda = startsWith(this.#source, 'lambda', this.#skipSpaceFrom(end + 1));
    const handles: number[] = [];
    for (const { name, start } of targets) {
      const isTop = block.handle === -1;
      if (isTop && name === '__all__') this.#listAll(this.#valueStart(end));
      // In a class, only what is written as a constant; the rest are fields.
      if (block.constants.has(name) || (!isTop && !isConstantName(name))) continue;
      block.constants.add(name);
      handles.push(this.#open(name, isLambda && isTop && targets.length === 1 ? 'function' : 'constant', start).handle);
    }
    return handles;
  }

  /** Offset after the `=` of an assignment, whose type may come first. */
  #valueStart(from: number): number {
    const found = this.#source.indexOf(EQUALS, from);
    return found === -1 ? this.#source.length : found + 1;
  }

  /** The strings of `__all__ = [...]`. */
  #listAll(from: number): void {
    const names = new Set(this.#all);
    let at = this.#skipSpaceFrom(from);
    const isBracketed = this.#source[at] === OPEN_BRACKET || this.#source[at] === OPEN_PAREN;
    const skip = (offset: number): number => (isBracketed ? this.#skipLines(offset) : this.#skipSpaceFrom(offset));
    for (at = isBracketed ? skip(at + 1) : at; isQuote(this.#source[at]);) {
      const end = skipPythonString(this.#source, at, at);
      names.add(textOf(this.#source, at + 1, end - 1));
      at = skip(end);
      if (this.#source[at] === COMMA) at = skip(at + 1);
    }
    const isClosed = this.#source[at] === CLOSE_BRACKET || this.#source[at] === CLOSE_PAREN;
    if (isBracketed && isClosed) at = this.#skipSpaceFrom(at + 1);
    this.#all = isBracketed === isClosed && this.#endsStatement(at) && this.#all !== null ? names : null;
  }

  #endsStatement(at: number): boolean {
    const byte = this.#source[at];
    return byte === undefined || byte === 10 || byte === 13 || byte === SEMICOLON;
  }

  // The rest of a statement.

  /**
   * Skips to the end of the statement. `isHeader`: up to its colon, when a statement follows on the same line.
   * Returns true when another statement follows.
   */
  #rest(from: number, isHeader: boolean): boolean {
    const source = this.#source;
    let depth = 0;
    for (let at = this.#skipSpaceFrom(from); ; at = depth > 0 ? this.#skipLines(at) : this.#skipSpaceFrom(at)) {
      const byte = source[at];
      if (byte === undefined || (depth === 0 && (byte === 10 || byte === 13))) {
        this.#at = at;
        return false;
      }
      const isColon = byte === COLON && isHeader && source[at + 1] !== EQUALS;
      if (depth === 0 && byte === SEMICOLON) return this.#follows(at + 1);
      at = this.#tokenEnd(at);
      this.#lastEnd = at;
      if (depth === 0 && isColon) return this.#follows(at);
      depth = Math.max(0, depth + nesting(byte));
    }
  }

  /** Offset after the string, name or number at `at`, else after one byte. */
  #tokenEnd(at: number): number {
    const byte = this.#source[at];
    if (isQuote(byte)) return skipPythonString(this.#source, at, at);
    if (!isNamePart(byte)) return at + 1;
    const end = skipName(this.#source, at);
    return isQuote(this.#source[end]) ? skipPythonString(this.#source, at, end) : end;
  }

  #follows(at: number): boolean {
    this.#at = this.#skipSpaceFrom(at);
    const next = this.#source[this.#at];
    return next !== undefined && next !== 10 && next !== 13;
  }

  #skipSpace(): void {
    this.#at = this.#skipSpaceFrom(this.#at);
  }

  /** Blanks, continued lines, and a comment up to the end of its line. */
  #skipSpaceFrom(from: number): number {
    const source = this.#source;
    let at = from;
    for (;;) {
      const byte = source[at];
      if (byte === 32 || byte === 9 || byte === 12) at += 1;
      else if (byte === HASH) return endOfLine(source, at);
      else if (byte === BACKSLASH && source[at + 1] === 10) at += 2;
      else if (byte === BACKSLASH && source[at + 1] === 13) at += source[at + 2] === 10 ? 3 : 2;
      else return at;
    }
  }

  /** Inside brackets a newline is blank. */
  #skipLines(from: number): number {
    let at = this.#skipSpaceFrom(from);
    while (this.#source[at] === 10 || this.#source[at] === 13) at = this.#skipSpaceFrom(at + 1);
    return at;
  }

  #skipBrackets(from: number): number {
    let depth = 0;
    for (let at = from; at < this.#source.length; at = this.#skipLines(at)) {
      depth += nesting(this.#source[at]);
      at = this.#tokenEnd(at);
      if (depth === 0) return at;
    }
    return this.#source.length;
  }
}

/** What a bracket adds to the depth. */
function nesting(byte: number | undefined): number {
  if (byte === OPEN_PAREN || byte === OPEN_BRACKET || byte === OPEN_BRACE) return 1;
  return byte === CLOSE_PAREN || byte === CLOSE_BRACKET || byte === CLOSE_BRACE ? -1 : 0;
}

function isPublicName(name: string): boolean {
  return !name.startsWith('_') || (name.startsWith('__') && name.endsWith('__'));
}

function isQuote(byte: number | undefined): boolean {
  return byte === 34 || byte === 39;
}

function isConstantName(name: string): boolean {
  return name === name.toUpperCase() && name !== name.toLowerCase();
}

/** `a.b.c`, `..a`, `.`. */
function moduleEnd(source: Uint8Array, from: number): number {
  let at = from;
  while (source[at] === DOT || isNamePart(source[at])) at += 1;
  return at;
}
