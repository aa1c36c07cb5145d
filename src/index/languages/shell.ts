// POSIX shell, Bash, ksh and the parts of zsh that look like them.
// Shell is lexed by context: the same `)`, `#` or `<<` means something else in a pattern, a string and arithmetic.
// So the scanner is a stack of frames, each with its own idea of "the next word is a command".
import { Keywords } from '../scanning/keywords.ts';
import type { Language, Scan } from './language.ts';
import { endOfLine, isNamePart, isNameStart, Outline, startsWith, textOf } from '../scanning/outline.ts';
import { isBlock, isCompound, newFrame, type Frame, type FrameKind } from '../scanning/shell-frame.ts';

export default {
  name: 'shell',
  extensions: ['.sh', '.bash', '.zsh', '.ksh'],
  filenames: ['.bashrc', '.bash_profile', '.bash_aliases', '.profile', '.zshrc', '.zshenv', '.zprofile', '.kshrc'],
  interpreters: ['sh', 'bash', 'zsh', 'dash', 'ksh', 'ash'],
  scan: (source) => new ShellScanner(source).run(),
} satisfies Language;

interface Heredoc {
  readonly delimiter: string;
  readonly stripsTabs: boolean;
}

const RESERVED = new Keywords([
  'if',
  'then',
  'elif',
  'else',
  'fi',
  'do',
  'done',
  'case',
  'esac',
  'for',
  'select',
  'while',
  'until',
  'function',
  'time',
  'coproc',
  '!',
  '{',
  '}',
  '[[',
  'readonly',
  'export',
  'declare',
  'typeset',
  'source',
  '.',
]);
const WORD_END = new Uint8Array(256);
for (const character of ' \t\r\n;&|<>()$`\'"\\') WORD_END[character.charCodeAt(0)] = 1;

// A closer that does not match the innermost frame is looked for this far out: broken or alien code, not a search.
const RECOVERY_DEPTH = 8;
const CONTAINER_DEPTH = 16;

class ShellScanner {
  readonly #source: Uint8Array;
  readonly #outline: Outline;
  readonly #frames: Frame[] = [newFrame('top', { definition: -1, start: 0, isTopLevel: true })];
  readonly #definitions: number[] = [];
  readonly #constants = new Set<string>();
  #frame = this.#frames[0]!;
  #heredocs: Heredoc[] = [];
  /** A function whose body has not begun, or -1. */
  #awaited = -1;
  #lineStart = 0;
  #at = 0;

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#outline = new Outline(source);
    if (startsWith(source, '\u00ef\u00bb\u00bf', 0)) this.#at = 3;
  }

  run(): Scan {
    while (this.#at < this.#source.length) {
      if (this.#frame.kind === 'quote') this.#stepQuote();
      else if (this.#frame.kind === 'parameter') this.#stepParameter();
      else if (this.#frame.kind === 'arithmetic') this.#stepArithmetic();
      else this.#stepCommand();
    }
    while (this.#frames.length > 1) this.#pop();
    this.#endCommand();
    return this.#outline.finish();
  }

  #stepCommand(): void {
    const byte = this.#source[this.#at]!;
    if (WORD_END[byte] === 0) this.#word();
    else if (byte === 32 || byte === 9 || byte === 13) this.#blank();
    else if (byte === 10) this.#newline();
    else if (byte === 34 || byte === 36 || byte === 39 || byte === 96 || byte === 92) this.#expansion(byte);
    else if (this.#frame.kind === 'test') this.#at += 1;
    else this.#operator(byte);
  }

  #blank(): void {
    this.#endWord();
    this.#at += 1;
  }

  #newline(): void {
    this.#endCommand();
    this.#at += 1;
    this.#lineStart = this.#at;
    for (const heredoc of this.#heredocs) this.#at = afterHeredoc(this.#source, this.#at, heredoc);
    if (this.#heredocs.length > 0) this.#heredocs = [];
  }

  #operator(byte: number): void {
    const next = this.#source[this.#at + 1];
    if (byte === 40) this.#openParenthesis(next);
    else if (byte === 41) this.#closeParenthesis();
    else if (byte === 60 || byte === 62 || (byte === 38 && next === 62)) this.#redirection(byte, next);
    else this.#separator(byte, next);
  }

  /** `;` `&` `|`, and the ends of a case branch `;;` `;&` `;;&`. */
  #separator(byte: number, next: number | undefined): void {
    this.#endCommand();
    this.#at += 1;
    if (byte !== 59 || (next !== 59 && next !== 38)) return;
    this.#at += next === 59 && this.#source[this.#at + 1] === 38 ? 2 : 1;
    this.#closeUntil('case-body');
    if (this.#frame.kind === 'case-body') this.#frame.kind = 'case-pattern';
  }

  #redirection(byte: number, next: number | undefined): void {
    const frame = this.#frame;
    this.#endWord();
    if (byte === 60 && next === 60 && this.#source[this.#at + 2] !== 60) return this.#heredoc();
    if (next === 40) {
      this.#beginWord(this.#at);
      return this.#push('substitution', 2);
    }
    this.#at += 1;
    while (this.#source[this.#at] === 60 || this.#source[this.#at] === 62 || this.#source[this.#at] === 38) this.#at += 1;
    frame.skipsTo = frame.isCommand;
  }

  /** `<<EOF`, `<<-'EOF'`, `<<\EOF`: the body starts after this line, and several can wait for it. */
  #heredoc(): void {
    const source = this.#source;
    this.#at += 2;
    const stripsTabs = source[this.#at] === 45;
    if (stripsTabs) this.#at += 1;
    while (source[this.#at] === 32 || source[this.#at] === 9) this.#at += 1;
    const start = this.#at;
    for (let quote = 0; this.#at < source.length && source[this.#at] !== 10; this.#at += 1) {
      const byte = source[this.#at]!;
      if (byte === quote) quote = 0;
      else if (quote === 0 && (byte === 34 || byte === 39)) quote = byte;
      else if (quote === 0 && WORD_END[byte] === 1 && byte !== 92 && byte !== 36) break;
    }
    const delimiter = textOf(source, start, this.#at).replaceAll(/["'\\\r]/g, '');
    if (this.#at > start) this.#heredocs.push({ delimiter, stripsTabs });
  }

  /** Quotes and everything that begins with `$`: part of a word, wherever it stands. */
  #expansion(byte: number): void {
    // A backslash at the end of a line parts nothing: `NAME=\` goes on with the first byte of the next.
    if (byte === 92 && isLineEnd(this.#source, this.#at + 1)) {
      this.#at = endOfLine(this.#source, this.#at) + 1;
      return;
    }
    if (this.#frame.kind !== 'quote' && this.#frame.kind !== 'parameter') this.#beginWord(this.#at);
    const next = this.#source[this.#at + 1];
    if (byte === 34) this.#push('quote', 1);
    else if (byte === 39) this.#at = afterByte(this.#source, this.#at + 1, 39, false);
    else if (byte === 96) this.#at = afterByte(this.#source, this.#at + 1, 96, true);
    else if (byte === 92) this.#at += 2;
    else if (next === 40) this.#openSubstitution();
    else if (next === 123) this.#openParameter();
    else if (next === 39 && this.#frame.kind !== 'quote') this.#at = afterByte(this.#source, this.#at + 2, 39, true);
    else this.#at += next === 35 || next === 36 ? 2 : 1;
  }

  #openSubstitution(): void {
    if (this.#source[this.#at + 2] !== 40) return this.#push('substitution', 2);
    this.#push('arithmetic', 3);
    this.#frame.count = 2;
  }

  #openParameter(): void {
    const isQuoted = this.#frame.kind === 'quote';
    this.#push('parameter', 2);
    if (!isQuoted) return;
    // In a string a single quote is text, except in the pattern of `#`, `%`, `/`, `^` and `,`.
    let at = this.#at;
    if (this.#source[at] === 33) at += 1;
    while (isNamePart(this.#source[at]) || this.#source[at] === 64 || this.#source[at] === 42) at += 1;
    const operator = this.#source[at];
    const isPattern = operator === 35 || operator === 37 || operator === 47 || operator === 94 || operator === 44;
    this.#frame.count = isPattern ? 0 : 1;
  }

  #stepQuote(): void {
    const source = this.#source;
    let at = this.#at;
    while (at < source.length && source[at] !== 34 && source[at] !== 36 && source[at] !== 92 && source[at] !== 96) at += 1;
    this.#at = at;
    if (source[at] === 34) this.#popAt(at + 1);
    else if (source[at] === 92) this.#at += 2;
    else if (at < source.length) this.#expansion(source[at]!);
  }

  #stepParameter(): void {
    const byte = this.#source[this.#at]!;
    if (byte === 125) this.#popAt(this.#at + 1);
    else if (byte === 39 && this.#frame.count === 1) this.#at += 1;
    else if (byte === 92) this.#at += 2;
    else if (byte === 34 || byte === 36 || byte === 39 || byte === 96) this.#expansion(byte);
    else this.#at += 1;
  }

  #stepArithmetic(): void {
    const byte = this.#source[this.#at]!;
    if (byte === 34 || byte === 36 || byte === 39 || byte === 96) return this.#expansion(byte);
    this.#at += byte === 92 ? 2 : 1;
    if (byte === 40) this.#frame.count += 1;
    if (byte === 41) this.#frame.count -= 1;
    if (byte !== 41 || this.#frame.count > 0) return;
    this.#popAt(this.#at);
    this.#frame.isCommand ||= !this.#frame.isInWord;
  }

  #openParenthesis(next: number | undefined): void {
    const frame = this.#frame;
    if (frame.kind === 'case-pattern' && !frame.isInWord) this.#at += 1;
    else if (frame.isInWord) this.#push(this.#source[this.#at - 1] === 61 ? 'array' : 'glob', 1);
    else if (frame.kind === 'array' || frame.kind === 'glob') this.#push('glob', 1);
    else if (next === 40) {
      frame.skipsTo = null;
      this.#push('arithmetic', 2);
      this.#frame.count = 2;
    } else if (!frame.isCommand) this.#push('glob', 1);
    else this.#push('subshell', 1);
  }

  #closeParenthesis(): void {
    const frame = this.#frame;
    if (frame.kind === 'case-pattern') {
      this.#endCommand();
      frame.kind = 'case-body';
      this.#at += 1;
    } else {
      this.#endCommand();
      this.#closeUntil('subshell', 'substitution', 'array', 'glob');
      const { kind } = this.#frame;
      if (kind === 'subshell' || kind === 'substitution' || kind === 'array' || kind === 'glob') this.#popAt(this.#at + 1);
      else this.#at += 1;
      if (kind === 'subshell') this.#frame.isCommand = true;
    }
  }

  #word(): void {
    const source = this.#source;
    const frame = this.#frame;
    const start = this.#at;
    if (source[start] === 35 && this.#isComment(start)) {
      this.#at = endOfLine(source, start);
      return;
    }
    let end = start;
    while (end < source.length && WORD_END[source[end]!] === 0) end += 1;
    this.#at = end;
    if (frame.isInWord) return;
    if (frame.kind === 'case-head' || frame.kind === 'case-pattern') this.#caseWord(start, end);
    else if (frame.kind === 'test') this.#testWord(start, end);
    else if (frame.skipsTo !== null || frame.kind === 'array' || frame.kind === 'glob') this.#beginWord(start);
    else if (frame.isCommand) this.#commandWord(start, end);
    else this.#argument(start, end);
  }

  /** `#` where a word could begin; `(#i)` is a zsh pattern. */
  #isComment(start: number): boolean {
    const { isInWord, kind } = this.#frame;
    return !isInWord && ((kind !== 'glob' && kind !== 'test') || start === 0 || isBlank(this.#source[start - 1]!));
  }

  #caseWord(start: number, end: number): void {
    const isHead = this.#frame.kind === 'case-head';
    const isWhole = end === this.#source.length || isBlank(this.#source[end]!) || this.#source[end] === 59 || this.#source[end] === 41;
    if (isHead && end - start === 2 && startsWith(this.#source, 'in', start) && this.#frame.wordStart >= 0) {
      this.#frame.kind = 'case-pattern';
    } else if (!isHead && isWhole && end - start === 4 && startsWith(this.#source, 'esac', start)) {
      this.#closeBlock(end);
    } else this.#beginWord(start);
  }

  #testWord(start: number, end: number): void {
    if (end - start === 2 && startsWith(this.#source, ']]', start)) this.#closeBlock(end);
    else this.#beginWord(start);
  }

  #commandWord(start: number, end: number): void {
    const source = this.#source;
    const word = RESERVED.at(source, start, end);
    if (word !== undefined && (source[end] !== 92 || isLineEnd(source, end + 1))) {
      if (this.#reserved(word, start, end)) return;
    }
    const nameEnd = isNameStart(source[start]) ? skipIdentifier(source, start) : start;
    if (nameEnd > start && source[nameEnd] === 61) this.#assignment(start, nameEnd);
    else if (nameEnd > start && (source[nameEnd] === 91 || (source[nameEnd] === 43 && source[nameEnd + 1] === 61)))
      this.#elementOrAppend(start);
    else if (!this.#functionHead(start, start, end)) this.#beginWord(start);
  }

  /** True when the word was one and is dealt with. */
  #reserved(word: string, start: number, end: number): boolean {
    const frame = this.#frame;
    switch (word) {
      case 'then':
      case 'elif':
      case 'else':
      case 'time':
      case 'coproc':
      case '!':
      case 'while':
      case 'until':
        return true;
      case 'if':
        this.#pushBlock('if');
        return true;
      case 'do':
        this.#pushBlock('do');
        return true;
      case '{':
        this.#pushBlock('brace');
        return true;
      case '[[':
        this.#pushBlock('test');
        return true;
      case 'case':
        this.#pushBlock('case-head');
        return true;
      case 'fi':
        return this.#closeBlock(end, 'if');
      case 'done':
        return this.#closeBlock(end, 'do');
      case '}':
        return this.#closeBlock(end, 'brace');
      case 'esac':
        return this.#closeBlock(end, 'case-body');
      case 'for':
      case 'select':
        frame.skipsTo = true;
        return true;
      case 'function':
        return this.#functionKeyword(start, end);
      default:
        return this.#functionHead(start, start, end) || this.#declaration(word, start);
    }
  }

  /** `readonly`, `export`, `declare`, `typeset`: commands whose arguments define; `source` and `.`: imports. */
  #declaration(word: string, start: number): boolean {
    this.#beginWord(start);
    this.#frame.isSource = word === 'source' || word === '.';
    if (word === 'readonly') this.#frame.declares = 'constants';
    if (word === 'export') this.#frame.declares = 'exports';
    if (word === 'declare' || word === 'typeset') this.#frame.declares = 'capitals';
    return true;
  }

  #assignment(start: number, nameEnd: number): void {
    const frame = this.#frame;
    frame.isInWord = true;
    frame.wordStart = start;
    if (this.#frames.length === 1 && isCapital(this.#source, start, nameEnd)) this.#assign(start, nameEnd, false);
  }

  #elementOrAppend(start: number): void {
    this.#frame.isInWord = true;
    this.#frame.wordStart = start;
  }

  #assign(start: number, nameEnd: number, exported: boolean): void {
    this.#frame.assignments.push({ name: textOf(this.#source, start, nameEnd), start, exported, end: nameEnd });
  }

  #argument(start: number, end: number): void {
    const source = this.#source;
    const frame = this.#frame;
    // `f() { echo hi }` on one line is zsh; no other shell can mean it otherwise.
    if (end - start === 1 && source[start] === 125 && frame.kind === 'brace' && frame.start >= this.#lineStart) {
      this.#endCommand();
      this.#closeBlock(end, 'brace');
      return;
    }
    this.#beginWord(start);
    if (frame.declares === 'none' || !frame.isTopLevel) return;
    if (source[start] === 45) return this.#declarationFlag(start, end);
    const nameEnd = skipIdentifier(source, start);
    if (nameEnd === start || source[nameEnd] !== 61) return;
    if (frame.declares === 'capitals' && !isCapital(source, start, nameEnd)) return;
    this.#assign(start, nameEnd, frame.declares === 'exports');
  }

  #declarationFlag(start: number, end: number): void {
    const frame = this.#frame;
    for (let at = start + 1; at < end; at += 1) {
      if (this.#source[at] === 120) frame.declares = 'exports';
      if (this.#source[at] === 114 && frame.declares === 'capitals') frame.declares = 'constants';
    }
  }

  #functionKeyword(start: number, end: number): boolean {
    let name = end;
    while (this.#source[name] === 32 || this.#source[name] === 9) name += 1;
    let nameEnd = name;
    while (nameEnd < this.#source.length && WORD_END[this.#source[nameEnd]!] === 0) nameEnd += 1;
    if (nameEnd === name || this.#source[name] === 123) return true;
    if (this.#functionHead(start, name, nameEnd)) return true;
    this.#define(start, name, nameEnd);
    this.#at = nameEnd;
    return true;
  }

  /** `name ( )`, whatever the blanks. */
  #functionHead(start: number, name: number, nameEnd: number): boolean {
    let at = nameEnd;
    while (this.#source[at] === 32 || this.#source[at] === 9) at += 1;
    if (this.#source[at] !== 40) return false;
    at += 1;
    while (this.#source[at] === 32 || this.#source[at] === 9) at += 1;
    if (this.#source[at] !== 41) return false;
    this.#define(start, name, nameEnd);
    this.#at = at + 1;
    return true;
  }

  #define(start: number, name: number, nameEnd: number): void {
    const { length } = this.#definitions;
    const parent = this.#definitions[Math.min(length, CONTAINER_DEPTH) - 1];
    const container = parent === undefined ? null : this.#outline.pathOf(parent);
    this.#awaited = this.#outline.open(textOf(this.#source, name, nameEnd), 'function', start, {
      container,
      exported: this.#source[name] !== 95 && container === null,
    });
    this.#frame.assignments = [];
    this.#frame.isCommand = true;
  }

  #beginWord(start: number): void {
    const frame = this.#frame;
    if (frame.isInWord) return;
    frame.isInWord = true;
    frame.wordStart = start;
    if (frame.skipsTo !== null || !frame.isCommand) return;
    frame.isCommand = false;
    if (frame.assignments.length > 0) frame.assignments = [];
    if (this.#awaited !== -1) this.#closeAwaited(start);
  }

  /** A body that is a plain command: zsh only. */
  #closeAwaited(start: number): void {
    this.#outline.close(this.#awaited, start);
    this.#awaited = -1;
  }

  #endWord(): void {
    const frame = this.#frame;
    if (!frame.isInWord) return;
    frame.isInWord = false;
    const assignment = frame.assignments.at(-1);
    if (assignment !== undefined && assignment.start === frame.wordStart) assignment.end = this.#at;
    if (frame.skipsTo !== null) {
      frame.isCommand = frame.skipsTo;
      frame.skipsTo = null;
    } else if (frame.isSource) this.#importWord(frame);
  }

  /** The word after `source`, not `source` itself. */
  #importWord(frame: Frame): void {
    const word = textOf(this.#source, frame.wordStart, Math.min(this.#at, frame.wordStart + 1_000));
    if (word === 'source' || word === '.' || word === '--') return;
    frame.isSource = false;
    this.#outline.import(withoutQuotes(word));
  }

  #endCommand(): void {
    this.#endWord();
    const frame = this.#frame;
    for (const { name, start, end, exported } of frame.assignments) {
      if (this.#constants.has(name)) continue;
      this.#constants.add(name);
      this.#outline.close(this.#outline.open(name, 'constant', start, { exported }), end);
    }
    if (frame.assignments.length > 0) frame.assignments = [];
    frame.isCommand = frame.kind !== 'array' && frame.kind !== 'glob';
    frame.declares = 'none';
    frame.isSource = false;
    frame.skipsTo = null;
  }

  #pushBlock(kind: FrameKind): void {
    this.#frame.isCommand = true;
    this.#push(kind, 0);
  }

  #push(kind: FrameKind, width: number): void {
    const isBody = this.#awaited !== -1 && isCompound(kind);
    const definition = isBody ? this.#awaited : -1;
    const isTopLevel = this.#frame.isTopLevel && definition === -1 && isBlock(kind);
    if (isBody) {
      this.#definitions.push(definition);
      this.#awaited = -1;
    }
    this.#frame = newFrame(kind, { definition, start: this.#at, isTopLevel });
    this.#frames.push(this.#frame);
    this.#at += width;
  }

  #popAt(at: number): void {
    this.#at = at;
    this.#pop();
  }

  #pop(): void {
    this.#endCommand();
    const { definition } = this.#frames.pop()!;
    this.#frame = this.#frames.at(-1)!;
    if (definition === -1) return;
    this.#outline.close(definition, Math.min(this.#at, this.#source.length) - 1);
    this.#definitions.pop();
  }

  /** Closes the innermost frame, which is of `kind` after recovery; false when there is none. */
  #closeBlock(end: number, kind?: FrameKind): boolean {
    if (kind !== undefined) this.#closeUntil(kind);
    if (kind !== undefined && this.#frame.kind !== kind) return false;
    this.#popAt(end);
    this.#frame.isCommand = true;
    return true;
  }

  /** Drops frames that were never closed, when one of these kinds lies just below them. */
  #closeUntil(...kinds: readonly FrameKind[]): void {
    const lowest = Math.max(1, this.#frames.length - RECOVERY_DEPTH);
    for (let index = this.#frames.length - 1; index >= lowest; index -= 1) {
      const { kind } = this.#frames[index]!;
      if (kinds.includes(kind)) {
        while (this.#frames.length > index + 1) this.#pop();
        return;
      }
      if (kind === 'substitution') return;
    }
  }
}

function isBlank(byte: number): boolean {
  return byte === 32 || byte === 9 || byte === 10 || byte === 13;
}

function isLineEnd(source: Uint8Array, at: number): boolean {
  return source[at] === 10 || (source[at] === 13 && source[at + 1] === 10);
}

function skipIdentifier(source: Uint8Array, from: number): number {
  let at = from;
  while (isNamePart(source[at])) at += 1;
  return at;
}

function isCapital(source: Uint8Array, start: number, end: number): boolean {
  let letters = 0;
  for (let at = start; at < end; at += 1) {
    const byte = source[at]!;
    if (byte >= 97) return false;
    if (byte >= 65 && byte <= 90) letters += 1;
  }
  return letters > 0;
}

/** Offset after the next `byte`; with `escapes`, one behind a backslash does not count. */
function afterByte(source: Uint8Array, from: number, byte: number, escapes: boolean): number {
  let at = from;
  while (at < source.length && source[at] !== byte) at += escapes && source[at] === 92 ? 2 : 1;
  return at + 1;
}

function afterHeredoc(source: Uint8Array, from: number, heredoc: Heredoc): number {
  const delimiter = Buffer.from(heredoc.delimiter);
  let at = from;
  while (at < source.length) {
    const end = endOfLine(source, at);
    if (heredoc.stripsTabs) while (source[at] === 9) at += 1;
    const last = source[end - 1] === 13 && end > at ? end - 1 : end;
    if (last - at === delimiter.length && delimiter.every((byte, index) => source[at + index] === byte)) return end + 1;
    at = end + 1;
  }
  return at;
}

/** `"$DIR"/x.sh` → `$DIR/x.sh`; quotes inside `$(…)` stay. */
function withoutQuotes(word: string): string {
  let text = '';
  let depth = 0;
  for (const character of word) {
    if (character === '(' || character === '{') depth += 1;
    if (character === ')' || character === '}') depth -= 1;
    if (depth > 0 || (character !== '"' && character !== "'")) text += character;
  }
  return text;
}
