// `#` directives of C, C++ and C#: macros are definitions, and of a conditional's branches the first one's braces count.
// Where a declaration may begin, every branch is read, each from the scope that the `#if` found; elsewhere (inside a
// declaration or a body) and after `#if 0` only one branch is.
import { endOfComment } from './braces.ts';
import { type Outline, endOfLine, isNamePart, isNameStart, skipName, textOf } from './outline.ts';
import { Keywords } from './keywords.ts';
import type { Scope } from './declarations.ts';

/** What a directive leads to. `isRestored`: back to where the `#if` stood. */
export type Next = Place & { readonly at: number; readonly isRestored?: boolean };

export interface Place {
  readonly scope: Scope;
  readonly depth: number;
}

interface Conditional {
  /** Where the `#if` stands. */
  readonly before: Place;
  readonly readsAll: boolean;
  /** Where the first branch ended, once it has. */
  first: Place | null;
}

const DIRECTIVES = new Keywords([
  'define',
  'include',
  'include_next',
  'import',
  'if',
  'ifdef',
  'ifndef',
  'else',
  'elif',
  'elifdef',
  'elifndef',
  'endif',
]);

export class Preprocessor {
  readonly #source: Uint8Array;
  readonly #outline: Outline;
  readonly #open: Conditional[] = [];

  constructor(source: Uint8Array, outline: Outline) {
    this.#source = source;
    this.#outline = outline;
  }

  /** Reads the directive at `at`. `isFresh`: a declaration may begin here. */
  read(at: number, place: Place & { isFresh: boolean }): Next {
    const { word, end } = this.#word(at);
    const here = { scope: place.scope, depth: place.depth };
    switch (word) {
      case 'define':
        return { ...here, at: this.#define(at, end) };
      case 'include':
      case 'include_next':
      case 'import':
        return { ...here, at: this.#include(end) };
      case 'if':
      case 'ifdef':
      case 'ifndef':
        return this.#if(end, word, here, place.isFresh);
      case 'else':
      case 'elif':
      case 'elifdef':
      case 'elifndef':
        return this.#else(end, here);
      case 'endif':
        return { ...this.#endif(here), at: this.#skip(end, true) };
      default:
        return { ...here, at: this.#skip(end, false) };
    }
  }

  #word(at: number): { word: string; end: number } {
    const start = this.#skipSpaces(at + 1);
    const end = skipName(this.#source, start);
    return { word: DIRECTIVES.at(this.#source, start, end) ?? '', end };
  }

  #skipSpaces(from: number): number {
    let at = from;
    while (this.#source[at] === 32 || this.#source[at] === 9) at += 1;
    return at;
  }

  #define(at: number, from: number): number {
    const start = this.#skipSpaces(from);
    const end = skipName(this.#source, start);
    const next = this.#skip(end, true);
    if (!isNameStart(this.#source[start])) return next;
    const kind = this.#source[end] === 40 ? 'function' : 'constant';
    const handle = this.#outline.open(textOf(this.#source, start, end), kind, at, { exported: true });
    this.#outline.close(handle, next - 1);
    return next;
  }

  #include(from: number): number {
    const at = this.#skipSpaces(from);
    const line = endOfLine(this.#source, at);
    const quote = this.#source[at];
    const closer = this.#source.indexOf(quote === 60 ? 62 : 34, at + 1);
    if ((quote === 60 || quote === 34) && closer !== -1 && closer < line) {
      this.#outline.import(quote === 60 ? textOf(this.#source, at, closer + 1) : textOf(this.#source, at + 1, closer));
    }
    return this.#skip(at, true);
  }

  #if(from: number, word: string, here: Place, isFresh: boolean): Next {
    const next = this.#skip(from, true);
    const isDead = word === 'if' && this.#isZero(from);
    this.#open.push({ before: here, readsAll: isFresh, first: null });
    return { ...here, at: isDead ? this.#skipDead(next) : next };
  }

  #isZero(from: number): boolean {
    const at = this.#skipSpaces(from);
    return this.#source[at] === 48 && !isNamePart(this.#source[at + 1]) && this.#source[this.#skipSpaces(at + 1)] !== 124;
  }

  #else(from: number, here: Place): Next {
    const next = this.#skip(from, true);
    const conditional = this.#open.at(-1);
    if (conditional === undefined) return { ...here, at: next };
    if (!conditional.readsAll) return { ...here, at: this.#skipBranches(next) };
    conditional.first ??= here;
    return { ...conditional.before, at: next, isRestored: true };
  }

  #endif(here: Place): Place {
    return this.#open.pop()?.first ?? here;
  }

  /** Offset of the `#endif` of the conditional that is being read. */
  #skipBranches(from: number): number {
    let at = from;
    for (;;) {
      at = this.#skipBranch(at);
      const { word, end } = this.#word(at);
      if (at >= this.#source.length || word === 'endif') return at;
      at = end;
    }
  }

  /** After the branch of `#if 0` the next one counts as the first: offset after its `#else`, or of the `#endif`. */
  #skipDead(from: number): number {
    const at = this.#skipBranch(from);
    const { word, end } = this.#word(at);
    return word.startsWith('el') ? this.#skip(end, true) : at;
  }

  /** Offset of the `#else`, `#elif` or `#endif` that ends the branch. */
  #skipBranch(from: number): number {
    let depth = 0;
    let at = from;
    for (; at < this.#source.length; at = endOfLine(this.#source, at) + 1) {
      const mark = this.#skipSpaces(at);
      if (this.#source[mark] !== 35) continue;
      const { word } = this.#word(mark);
      if (word.startsWith('if')) depth += 1;
      else if (word === 'endif' && depth-- === 0) return mark;
      else if (word.startsWith('el') && depth === 0) return mark;
    }
    return this.#source.length;
  }

  /** Offset of the newline that ends the directive; a backslash or a comment carries it over to more lines. */
  #skip(from: number, hasComments: boolean): number {
    const source = this.#source;
    let at = from;
    for (; at < source.length && source[at] !== 10; at += 1) {
      const byte = source[at]!;
      if (byte === 92) at += source[at + 1] === 13 ? 2 : 1;
      else if (!hasComments) continue;
      else if (byte === 34) at = this.#skipString(at);
      else if (byte === 47 && source[at + 1] === 42) at = endOfComment(source, at) - 1;
    }
    return Math.min(at, source.length);
  }

  /** Offset of the closing quote, or of the last byte of the line. */
  #skipString(from: number): number {
    for (let at = from + 1; at < this.#source.length; at += 1) {
      if (this.#source[at] === 34) return at;
      if (this.#source[at] === 10) return at - 1;
      if (this.#source[at] === 92) at += 1;
    }
    return this.#source.length;
  }
}
