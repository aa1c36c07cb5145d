// Makefiles: targets with a written name, variables, and `define`. Conditionals do not hide what is in them.
import { Keywords } from '../scanning/keywords.ts';
import type { Language, Scan } from './language.ts';
import { endOfLine, isSpace, Outline, startsWith, textOf } from '../scanning/outline.ts';

export default {
  name: 'make',
  extensions: ['.mk', '.mak', '.make'],
  filenames: ['Makefile', 'GNUmakefile', 'makefile', 'Makefile.am', 'Makefile.in', 'Kbuild'],
  interpreters: ['make'],
  scan: (source) => new MakeScanner(source).run(),
} satisfies Language;

const DIRECTIVES = new Keywords([
  'include',
  '-include',
  'sinclude',
  'define',
  'endef',
  'export',
  'override',
  'private',
  'unexport',
  'undefine',
  'vpath',
  'ifeq',
  'ifneq',
  'ifdef',
  'ifndef',
  'else',
  'endif',
]);
/** A name longer than this, or a line with more targets, is data. */
const HEAD_LIMIT = 4_000;

class MakeScanner {
  readonly #source: Uint8Array;
  readonly #outline: Outline;
  readonly #constants = new Set<string>();
  /** Targets whose recipe is being read. */
  #targets: number[] = [];
  /** Depth of `define … endef`, whose lines are text. */
  #defines = 0;
  #definition = -1;
  /** The offset after the logical line. */
  #next = 0;

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#outline = new Outline(source);
  }

  run(): Scan {
    const source = this.#source;
    let at = startsWith(source, '\u00ef\u00bb\u00bf', 0) ? 3 : 0;
    while (at < source.length) {
      const end = logicalEnd(source, at);
      this.#next = end + 1;
      if (source[at] === 9 && this.#targets.length > 0 && this.#defines === 0) this.#recipe(at, end);
      else this.#line(skipSpace(source, at, end), end);
      at = this.#next;
    }
    return this.#outline.finish();
  }

  #recipe(start: number, end: number): void {
    if (skipSpace(this.#source, start, end) === end) return;
    for (const target of this.#targets) this.#outline.close(target, end - 1);
  }

  #line(at: number, end: number): void {
    if (at === end || this.#source[at] === 35) return;
    const word = wordEnd(this.#source, at, end);
    const directive = DIRECTIVES.at(this.#source, at, word);
    if (this.#defines > 0) this.#inDefine(directive, end);
    else if (directive === undefined || isAssigned(this.#source, word, end)) this.#statement(at, at, end, false);
    else this.#directive(directive, at, word, end);
  }

  #inDefine(directive: string | undefined, end: number): void {
    if (directive === 'define') this.#defines += 1;
    if (directive !== 'endef') return;
    this.#defines -= 1;
    if (this.#defines === 0 && this.#definition !== -1) this.#outline.close(this.#definition, end - 1);
  }

  #directive(directive: string, start: number, word: number, end: number): void {
    const rest = skipSpace(this.#source, word, end);
    if (directive === 'define') this.#define(start, rest, end);
    else if (directive.endsWith('include')) this.#include(rest, end);
    else if (directive === 'export' || directive === 'override' || directive === 'private') this.#modified(directive, start, rest, end);
  }

  #modified(directive: string, start: number, rest: number, end: number): void {
    const word = wordEnd(this.#source, rest, end);
    const next = DIRECTIVES.at(this.#source, rest, word);
    if (next === 'define') this.#define(start, skipSpace(this.#source, word, end), end);
    else if (next === undefined) this.#statement(start, rest, end, directive === 'export');
    else this.#statement(start, skipSpace(this.#source, word, end), end, directive === 'export' || next === 'export');
  }

  #define(start: number, name: number, end: number): void {
    this.#targets = [];
    this.#defines = 1;
    this.#definition = this.#constant(start, name, wordEnd(this.#source, name, end), false);
  }

  #include(from: number, end: number): void {
    for (const word of words(textOf(this.#source, from, Math.min(end, from + HEAD_LIMIT)))) this.#outline.import(word);
  }

  /** A variable or a rule: which one is decided by the first `=` or `:` outside `$(…)`. */
  #statement(start: number, from: number, end: number, exported: boolean): void {
    const source = this.#source;
    const limit = Math.min(end, from + HEAD_LIMIT);
    let depth = 0;
    for (let at = from; at < limit; at += 1) {
      const byte = source[at]!;
      if (byte === 40 || byte === 123) depth += 1;
      else if (byte === 41 || byte === 125) depth -= 1;
      else if (depth > 0) continue;
      else if (byte === 35) return;
      else if (byte === 61) return this.#variable(start, from, at, end, exported);
      else if (byte === 58 && isAssignment(source, at)) return this.#variable(start, from, at, end, exported);
      else if (byte === 58 && source[at + 1] !== 92) return this.#rule(start, from, at, end);
    }
  }

  #variable(start: number, from: number, operator: number, end: number, exported: boolean): void {
    let nameEnd = operator;
    const mark = this.#source[operator - 1];
    if (mark === 43) return;
    if (mark === 63 || mark === 33) nameEnd -= 1;
    while (nameEnd > from && isSpace(this.#source[nameEnd - 1])) nameEnd -= 1;
    if (wordEnd(this.#source, from, nameEnd) !== nameEnd) return;
    this.#targets = [];
    const handle = this.#constant(start, from, nameEnd, exported);
    if (handle !== -1) this.#outline.close(handle, end - 1);
  }

  /** -1 when it has no written name, or had its first value before. */
  #constant(start: number, from: number, nameEnd: number, exported: boolean): number {
    const name = textOf(this.#source, from, nameEnd);
    if (name === '' || name.includes('$') || this.#constants.has(name)) return -1;
    this.#constants.add(name);
    return this.#outline.open(name, 'constant', start, { exported });
  }

  #rule(start: number, from: number, colon: number, end: number): void {
    this.#targets = [];
    const prerequisites = colon + (this.#source[colon + 1] === 58 ? 2 : 1);
    const isSpecific = isAssigned(this.#source, wordEnd(this.#source, skipSpace(this.#source, prerequisites, end), end), end);
    const names = isSpecific ? [] : words(textOf(this.#source, from, colon).replace(/&$/, ''));
    for (const name of names) {
      if (!isWritten(name)) continue;
      const handle = this.#outline.open(name, 'function', start, { exported: !name.startsWith('_') });
      this.#outline.close(handle, end - 1);
      this.#targets.push(handle);
    }
    // A rule without a name of its own still has a recipe, which is not code.
    if (this.#targets.length === 0 && !isSpecific) this.#targets = [-1];
  }
}

/** Neither a pattern nor computed, nor one of make's own such as `.PHONY`. */
function isWritten(name: string): boolean {
  return !/[$%]/.test(name) && !/^\.[A-Z_]+$/.test(name);
}

/** The `\n` of the last of the lines that a backslash joins. */
function logicalEnd(source: Uint8Array, start: number): number {
  let end = endOfLine(source, start);
  while (end < source.length && (source[end - 1] === 92 || (source[end - 1] === 13 && source[end - 2] === 92))) {
    end = endOfLine(source, end + 1);
  }
  return end;
}

function skipSpace(source: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isSpace(source[at])) at += 1;
  return at;
}

/** Up to a blank or an operator: `CC:=gcc` is a name of two letters. */
function wordEnd(source: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && !isSpace(source[at]) && source[at] !== 61 && source[at] !== 58 && source[at] !== 63) at += 1;
  return at;
}

/** What follows a word is `=`, `:=`, `::=`, `?=`, `+=` or `!=`. */
function isAssigned(source: Uint8Array, word: number, end: number): boolean {
  const at = skipSpace(source, word, end);
  if (source[at] === 61) return true;
  if (source[at] === 58) return isAssignment(source, at);
  return (source[at] === 63 || source[at] === 43 || source[at] === 33) && source[at + 1] === 61;
}

/** `:=`, `::=` or `:::=` at a colon. */
function isAssignment(source: Uint8Array, colon: number): boolean {
  let at = colon;
  while (source[at] === 58 && at - colon < 3) at += 1;
  return source[at] === 61;
}

/** Words of a short line; blanks inside `$(…)` do not part them. */
function words(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let word = '';
  for (const character of text.replaceAll(/\\\r?\n/g, ' ')) {
    if (character === '(' || character === '{') depth += 1;
    if (character === ')' || character === '}') depth -= 1;
    if (depth <= 0 && character === '#') break;
    if (word.endsWith('\\')) word = `${word.slice(0, -1)}${character}`;
    else if (depth > 0 || !/\s/.test(character)) word += character;
    else if (word !== '') {
      found.push(word);
      word = '';
    }
  }
  if (word !== '') found.push(word);
  return found;
}
