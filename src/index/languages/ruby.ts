// Ruby: which `end` belongs to what, and whether `/`, `%`, `<<`, `?` and `if` begin something, depend on one question:
// does a value stand before them? So the scanner keeps that answer, and a stack of what `end` closes.
import { Blocks, END, endOfQuoted } from '../scanning/braces.ts';
import { Keywords } from '../scanning/keywords.ts';
import type { Language, Scan } from './language.ts';
import { Outline, endOfLine, isNamePart, isNameStart, isSpace, skipName, startsWith, textOf } from '../scanning/outline.ts';

export default {
  name: 'ruby',
  extensions: ['.rb', '.rake', '.gemspec'],
  filenames: ['Gemfile', 'Rakefile'],
  interpreters: ['ruby'],
  scan: (source) => new RubyScanner(source).scan(),
} satisfies Language;

/** Roles of a block are sets of these. */
const IN_CLASS = 1;
const PRIVATE = 2;
const IN_METHOD = 4;
/** Between `while` and its `do`, which opens nothing of its own. */
const LOOP_HEAD = 8;
const PARAMETERS = 16;

/** What stands before: an operator or nothing; a value; a name that may be a call awaiting arguments; `return`. */
const NOTHING = 0;
const VALUE = 1;
const NAME = 2;
const JUMP = 3;

const KEYWORDS = new Keywords([
  'def',
  'class',
  'module',
  'if',
  'unless',
  'while',
  'until',
  'for',
  'case',
  'begin',
  'do',
  'end',
  'then',
  'else',
  'elsif',
  'when',
  'in',
  'rescue',
  'ensure',
  'and',
  'or',
  'not',
  'return',
  'break',
  'next',
  'self',
  'nil',
  'true',
  'false',
  'alias',
  'undef',
  'require',
  'require_relative',
  'load',
  'autoload',
  'private',
  'protected',
  'public',
  'private_class_method',
  '__END__',
]);
/** Longest first. */
const OPERATORS = [
  '[]=',
  '<=>',
  '===',
  '[]',
  '==',
  '=~',
  '!=',
  '!~',
  '+@',
  '-@',
  '~@',
  '!@',
  '**',
  '<<',
  '>>',
  '<=',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '<',
  '>',
  '&',
  '|',
  '^',
  '~',
  '!',
  '`',
];
const CLASS_MAKERS = ['Struct.new', 'Class.new', 'Module.new', 'Data.define'];
const REGEX_FLAG = 1 << 29;

interface Heredoc {
  readonly name: string;
  readonly isIndented: boolean;
}

class RubyScanner {
  readonly #source: Uint8Array;
  readonly #outline: Outline;
  readonly #blocks: Blocks;
  #at = 0;
  /** The last byte that is neither blank nor in a comment. */
  #last = -1;
  #before = NOTHING;
  /** The end of the last `.` or `::`, when a method's name follows it. */
  #call = -1;
  /** Begun on this line; their bodies follow it. */
  #heredocs: Heredoc[] = [];
  /** Where `private` stands in `private def`, or -1. */
  #modifier = -1;
  #isPrivateNext = false;

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#outline = new Outline(source);
    this.#blocks = new Blocks(this.#outline);
  }

  scan(): Scan {
    const source = this.#source;
    while (this.#at < source.length) {
      const byte = source[this.#at]!;
      if (byte === 32 || byte === 9 || byte === 13) this.#at += 1;
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
        return this.#newline();
      case 35: // #
        this.#at = endOfLine(this.#source, at);
        return;
      case 34: // "
      case 96: // `
        return this.#literal(at + 1, byte, byte);
      case 39: // '
        return this.#endString(endOfQuoted(this.#source, at, byte));
      case 47: // /
        return this.#isOperand() ? this.#literal(at + 1, byte, byte, 0, REGEX_FLAG) : this.#operator(at + 1);
      case 37: // %
        return this.#percent();
      case 58: // :
        return this.#colon();
      case 60: // <
        return this.#less();
      case 61: // =
        return this.#equals();
      case 63: // ?
        return this.#question();
      case 92: // \
        this.#at = at + (this.#source[at + 1] === 13 ? 3 : 2);
        return;
      case 36: // $
      case 64: // @
        return this.#variable(byte);
      case 46: // .
        return this.#dot();
      case 59: // ;
        return this.#endStatement(at + 1);
      default:
        return this.#bracket(byte);
    }
  }

  /** A range, or a call: also of an operator, as in `a.*(b)`, and of a name on the next line. */
  #dot(): void {
    const source = this.#source;
    const next = this.#at + 1;
    if (source[next] === 46) return this.#operator(next + (source[next + 1] === 46 ? 2 : 1));
    const operator = OPERATORS.find((text) => startsWith(source, text, next));
    if (operator === undefined) this.#call = next;
    if (operator === undefined) this.#operator(next);
    else this.#value(next + operator.length);
  }

  #bracket(byte: number): void {
    const at = this.#at;
    const role = this.#blocks.top.role & ~(LOOP_HEAD | PARAMETERS);
    if (byte === 40 || byte === 91) this.#blocks.open(byte === 40 ? 41 : 93, role);
    else if (byte === 123) this.#blocks.openBody(role);
    else if (byte === 41 || byte === 93 || byte === 125) return this.#close(byte, at);
    else if (byte >= 48 && byte <= 57) return this.#value(skipName(this.#source, at));
    this.#operator(at + 1);
  }

  #close(byte: number, at: number): void {
    const isParameters = byte === 41 && (this.#blocks.top.role & PARAMETERS) !== 0;
    this.#blocks.settle(this.#last);
    const resume = this.#blocks.close(byte, at);
    this.#value(at + 1);
    if (resume !== 0) this.#literal(at + 1, (resume >> 8) & 255, resume & 255, (resume >> 16) & 0xfff, resume & REGEX_FLAG);
    else if (isParameters) this.#openMethod();
  }

  /** Is what stands here, `/` or `%`, the beginning of a literal? `puts /x/` is, `a / b` and `a /= b` are not. */
  #isOperand(): boolean {
    if (this.#before !== NAME) return this.#before !== VALUE;
    const next = this.#source[this.#at + 1];
    return this.#hasBlankBefore() && !isSpace(next) && next !== 61;
  }

  #hasBlankBefore(): boolean {
    return isSpace(this.#source[this.#at - 1]);
  }

  #newline(): void {
    const source = this.#source;
    this.#at += 1;
    if (this.#heredocs.length > 0) this.#skipHeredocs();
    if (this.#before === NOTHING) return;
    let next = this.#at;
    while (isSpace(source[next])) next += 1;
    const isChained = (source[next] === 46 && source[next + 1] !== 46) || (source[next] === 38 && source[next + 1] === 46);
    if (isChained) this.#at = next;
    else this.#endStatement(this.#at);
  }

  #endStatement(at: number): void {
    this.#blocks.settle(this.#last);
    this.#blocks.top.role &= ~LOOP_HEAD;
    this.#before = NOTHING;
    this.#modifier = -1;
    this.#at = at;
  }

  /** They belong to the statement that began them, so it ends where they do. */
  #skipHeredocs(): void {
    for (const heredoc of this.#heredocs) this.#skipHeredoc(heredoc);
    this.#heredocs = [];
    this.#last = Math.max(this.#last, this.#at - 2);
  }

  #skipHeredoc({ name, isIndented }: Heredoc): void {
    const source = this.#source;
    while (this.#at < source.length) {
      let start = this.#at;
      while (isIndented && (source[start] === 32 || source[start] === 9)) start += 1;
      const end = start + name.length;
      const isEnd = startsWith(source, name, start) && (end === source.length || source[end] === 10 || source[end] === 13);
      this.#at = Math.min(endOfLine(source, start) + 1, source.length);
      if (isEnd) return;
    }
  }

  /** The rest of a string; at `#{` it becomes code, and comes back here when that brace closes. */
  #literal(from: number, opener: number, closer: number, depth = 0, flag = 0): void {
    const source = this.#source;
    let nested = depth;
    let at = from;
    for (; at < source.length; at += 1) {
      const byte = source[at]!;
      if (byte === 92) at += 1;
      else if (byte === closer && nested === 0) break;
      else if (byte === closer) nested -= 1;
      else if (byte === opener) nested += 1;
      else if (byte === 35 && source[at + 1] === 123) {
        const resume = closer | (opener << 8) | (Math.min(nested, 0xfff) << 16) | flag;
        this.#blocks.open(125, this.#blocks.top.role & ~LOOP_HEAD, resume);
        return this.#operator(at + 2);
      }
    }
    const end = Math.min(at + 1, source.length);
    if (flag === 0) this.#endString(end);
    else this.#value(skipName(source, end));
  }

  /** `"a": 1` is a key. */
  #endString(end: number): void {
    if (this.#source[end] === 58 && this.#source[end + 1] !== 58) this.#operator(end + 1);
    else this.#value(end);
  }

  /** `%w[a b]`, `%(a)`, `%q<a>`, `%r{a}`. */
  #percent(): void {
    const source = this.#source;
    const letter = source[this.#at + 1]!;
    const isTyped = letter !== undefined && 'wWiIqQrxs'.includes(String.fromCharCode(letter));
    const start = this.#at + (isTyped ? 2 : 1);
    const opener = source[start];
    const isDelimiter = opener !== undefined && !isNamePart(opener) && !isSpace(opener);
    if (!isDelimiter || !this.#isOperand()) return this.#operator(this.#at + 1);
    const closer = opener === 40 ? 41 : opener === 91 || opener === 123 || opener === 60 ? opener + 2 : opener;
    const isPlain = letter === 119 || letter === 105 || letter === 113 || letter === 115;
    if (isPlain) this.#value(endOfNested(source, start, opener, closer));
    else this.#literal(start + 1, opener, closer, 0, letter === 114 ? REGEX_FLAG : 0);
  }

  /** `:name`, `:"name"`, `:[]=`, `A::B`, or the colon of a ternary. */
  #colon(): void {
    const source = this.#source;
    const next = this.#at + 1;
    if (source[next] === 58) {
      this.#call = next + 1;
      return this.#operator(next + 1);
    }
    if (source[next] === 34) return this.#literal(next + 1, 34, 34);
    if (source[next] === 39) return this.#value(endOfQuoted(source, next, 39));
    if (isNameStart(source[next])) return this.#value(endOfMethodName(source, next));
    const operator = this.#before === VALUE ? undefined : OPERATORS.find((text) => startsWith(source, text, next));
    if (operator === undefined) this.#operator(next);
    else this.#value(next + operator.length);
  }

  #less(): void {
    const heredoc = this.#source[this.#at + 1] === 60 ? this.#heredoc() : null;
    if (heredoc === null) return this.#operator(this.#at + 1);
    this.#heredocs.push({ name: heredoc.name, isIndented: heredoc.isIndented });
    this.#value(heredoc.end);
  }

  /** `<<~NAME`, `<<-'NAME'`, `<<NAME`; but `list << NAME` and `class << self` are none. */
  #heredoc(): (Heredoc & { end: number }) | null {
    const source = this.#source;
    const mark = source[this.#at + 2];
    const isIndented = mark === 45 || mark === 126;
    const from = this.#at + (isIndented ? 3 : 2);
    const quote = source[from] === 34 || source[from] === 39 || source[from] === 96 ? source[from] : 0;
    if (this.#before === VALUE || (this.#before === NAME && !this.#hasBlankBefore())) return null;
    if (quote !== 0) {
      let end = from + 1;
      while (end < source.length && source[end] !== quote && source[end] !== 10) end += 1;
      return source[end] === quote ? { name: textOf(source, from + 1, end), isIndented, end: end + 1 } : null;
    }
    const isUpper = source[from] !== undefined && source[from] >= 65 && source[from] <= 90;
    if (!isNameStart(source[from]) || (!isIndented && !isUpper)) return null;
    const end = skipName(source, from);
    return { name: textOf(source, from, end), isIndented, end };
  }

  #equals(): void {
    const source = this.#source;
    const isLineStart = this.#at === 0 || source[this.#at - 1] === 10;
    if (!isLineStart || !startsWith(source, '=begin', this.#at)) return this.#operator(this.#at + 1);
    let at = endOfLine(source, this.#at) + 1;
    while (at < source.length && !startsWith(source, '=end', at)) at = endOfLine(source, at) + 1;
    this.#at = endOfLine(source, Math.min(at, source.length));
  }

  /** `?a` is a character where a value is awaited. */
  #question(): void {
    const source = this.#source;
    const next = source[this.#at + 1];
    const isAwaited = this.#before === NOTHING || this.#before === JUMP || (this.#before === NAME && this.#hasBlankBefore());
    if (!isAwaited || isSpace(next) || (next !== 92 && isNamePart(source[this.#at + 2]))) this.#operator(this.#at + 1);
    else this.#value(this.#at + (next === 92 ? 3 : 2));
  }

  /** Also `$"`, `$'`, `$/`. */
  #variable(byte: number): void {
    const source = this.#source;
    let at = this.#at + 1;
    if (source[at] === 64) at += 1;
    if (isNamePart(source[at])) this.#value(skipName(source, at));
    else this.#value(Math.min(at + (byte === 36 ? 1 : 0), source.length));
  }

  #word(): void {
    const source = this.#source;
    const start = this.#at;
    let end = skipName(source, start);
    const isCalled = this.#call === this.#last + 1;
    if ((source[end] === 63 || source[end] === 33) && (source[end + 1] !== 61 || source[end + 2] === 61)) end += 1;
    if (source[end] === 58 && source[end + 1] !== 58 && !isCalled) return this.#operator(end + 1);
    const keyword = isCalled ? undefined : KEYWORDS.at(source, start, end);
    if (keyword !== undefined) return this.#keyword(keyword, start, end);
    const isUpper = source[start]! >= 65 && source[start]! <= 90;
    if (isUpper && this.#before === NOTHING && !isCalled && this.#constant(start, end)) return;
    this.#moveTo(end);
    this.#before = isUpper && !isCalled ? VALUE : NAME;
  }

  /** `NAME = value` and `NAME ||= value`; what a `Struct.new(…) do` holds belongs to it. */
  #constant(start: number, end: number): boolean {
    const source = this.#source;
    const at = skipSpaces(source, end);
    const equals = startsWith(source, '||=', at) ? at + 2 : at;
    const next = source[equals + 1];
    if (source[equals] !== 61 || next === 61 || next === 126 || next === 62) return false;
    if ((this.#blocks.top.role & IN_METHOD) !== 0) return false;
    const value = skipSpaces(source, equals + 1);
    const takesBlock = CLASS_MAKERS.some((maker) => startsWith(source, maker, value));
    this.#blocks.define({ name: textOf(source, start, end), kind: 'constant', start, exported: true, takesBlock, role: IN_CLASS });
    this.#operator(equals + 1);
    return true;
  }

  #keyword(keyword: string, start: number, end: number): void {
    const before = this.#before;
    const role = this.#blocks.top.role & ~LOOP_HEAD;
    this.#operator(end);
    switch (keyword) {
      case 'def':
        return this.#method(start);
      case 'class':
      case 'module':
        return this.#type(keyword, start);
      case 'if':
      case 'unless':
        if (before === NOTHING) this.#blocks.open(END, role);
        return;
      case 'while':
      case 'until':
        if (before === NOTHING) this.#blocks.open(END, role | LOOP_HEAD);
        return;
      case 'for':
        return this.#blocks.open(END, role | LOOP_HEAD);
      case 'case':
      case 'begin':
        return this.#blocks.open(END, role);
      case 'do':
        if (role !== this.#blocks.top.role) this.#blocks.top.role = role;
        else this.#blocks.openBody(role, END);
        return;
      case 'end':
        this.#blocks.close(END, start);
        return this.#value(end);
      case 'return':
      case 'break':
      case 'next':
        this.#before = JUMP;
        return;
      case 'self':
      case 'nil':
      case 'true':
      case 'false':
        return this.#value(end);
      case 'alias':
      case 'undef':
        return this.#names(end);
      default:
        return this.#command(keyword, before, start);
    }
  }

  /** What `alias` and `undef` name are not keywords, nor operators, even when they look like them. */
  #names(from: number): void {
    let end = from;
    while (end < this.#source.length && this.#source[end] !== 10 && this.#source[end] !== 59) end += 1;
    this.#value(end);
  }

  #command(keyword: string, before: number, start: number): void {
    const end = this.#at;
    switch (keyword) {
      case 'require':
      case 'require_relative':
      case 'load':
      case 'autoload':
        this.#before = NAME;
        if (before === NOTHING) this.#import(keyword, end);
        return;
      case 'private':
      case 'protected':
      case 'public':
      case 'private_class_method':
        this.#before = NAME;
        if (before === NOTHING) this.#visibility(keyword !== 'public', start, end);
        return;
      case '__END__': {
        const isLine = (start === 0 || this.#source[start - 1] === 10) && (this.#source[end] ?? 10) === 10;
        if (isLine) this.#at = this.#source.length;
        this.#before = VALUE;
      }
    }
  }

  /** Alone on its line it holds for the methods that follow; before `def`, for that one. */
  #visibility(isPrivate: boolean, start: number, end: number): void {
    const { top } = this.#blocks;
    const next = skipSpaces(this.#source, end);
    const byte = this.#source[next];
    if (startsWith(this.#source, 'def', next)) {
      this.#modifier = start;
      this.#isPrivateNext = isPrivate;
      this.#before = NOTHING;
    } else if ((top.role & IN_CLASS) !== 0 && (isEndOfStatement(byte) || this.#isCondition(next))) {
      top.role = isPrivate ? top.role | PRIVATE : top.role & ~PRIVATE;
    }
  }

  /** `private unless $TESTING`. */
  #isCondition(at: number): boolean {
    return startsWith(this.#source, 'if ', at) || startsWith(this.#source, 'unless ', at);
  }

  /** `require 'a'`, `require_relative('a')`, `autoload :A, 'a'`. */
  #import(keyword: string, from: number): void {
    const source = this.#source;
    let at = skipSpaces(source, from);
    if (source[at] === 40) at = skipSpaces(source, at + 1);
    if (keyword === 'autoload') {
      if (source[at] !== 58) return;
      at = skipSpaces(source, skipName(source, at + 1));
      if (source[at] !== 44) return;
      at += 1;
      while (isSpace(source[at])) at += 1;
    }
    const quote = source[at];
    if (quote !== 39 && quote !== 34) return;
    let end = at + 1;
    while (end < source.length && source[end] !== quote && source[end] !== 10 && source[end] !== 35) end += 1;
    if (source[end] === quote && !isConcatenated(source, end + 1)) this.#outline.import(textOf(source, at + 1, end));
  }

  /** `class A::B < C` is B in A; `class << self` adds to the class around it. */
  #type(keyword: 'class' | 'module', start: number): void {
    const source = this.#source;
    let at = skipSpaces(source, this.#at);
    const isSingleton = keyword === 'class' && startsWith(source, '<<', at);
    const path: string[] = [];
    while (isNameStart(source[at]) || source[at] === 58) {
      const end = skipName(source, at);
      if (end > at) path.push(textOf(source, at, end));
      at = end > at ? end : at + 1;
    }
    const name = path.pop();
    if (isSingleton) {
      // A body of its own, so that a `private` in it ends with it.
      this.#blocks.expect(null, IN_CLASS);
      this.#blocks.openBody(IN_CLASS, END);
      this.#operator(at + 2);
    } else if (name !== undefined) {
      const outer = this.#blocks.top.container;
      const container = [...(outer === null ? [] : [outer]), ...path].join('.') || null;
      const kind = keyword === 'class' ? 'class' : 'namespace';
      this.#blocks.define({ name, kind, start, exported: true, takesBlock: true, role: IN_CLASS, container });
      this.#blocks.openBody(IN_CLASS, END);
      this.#value(at);
    }
  }

  #method(start: number): void {
    const source = this.#source;
    let at = skipSpaces(source, this.#at);
    let receiver: string | null = null;
    for (let dot = endOfReceiver(source, at); dot > at; dot = endOfReceiver(source, at)) {
      receiver = textOf(source, at, dot);
      at = skipSpaces(source, source[dot] === 58 ? dot + 2 : dot + 1);
    }
    const operator = isNameStart(source[at]) ? undefined : OPERATORS.find((text) => startsWith(source, text, at));
    const nameEnd = operator === undefined ? endOfMethodName(source, at) : at + operator.length;
    if (nameEnd === at) return;
    const { role } = this.#blocks.top;
    const isPrivate = this.#modifier === -1 ? (role & PRIVATE) !== 0 && receiver === null : this.#isPrivateNext;
    this.#blocks.define({
      name: textOf(source, at, nameEnd),
      kind: receiver !== null || (role & IN_CLASS) !== 0 ? 'method' : 'function',
      start: this.#modifier === -1 ? start : this.#modifier,
      exported: !isPrivate,
      takesBlock: true,
      role: (role & IN_CLASS) | IN_METHOD,
      container: this.#containerOf(receiver),
    });
    this.#modifier = -1;
    this.#value(nameEnd);
    const next = skipSpaces(source, nameEnd);
    if (source[next] === 40) {
      this.#blocks.open(41, (role & ~LOOP_HEAD) | PARAMETERS);
      this.#operator(next + 1);
    } else this.#openMethod();
  }

  /** `def A.b` is of A, `def self.b` of the class around it. */
  #containerOf(receiver: string | null): string | null {
    const { container } = this.#blocks.top;
    const isNamed = receiver !== null && receiver[0] !== receiver[0]!.toLowerCase();
    if (!isNamed || container === receiver || container?.endsWith(`.${receiver}`)) return container;
    return container === null ? receiver : `${container}.${receiver}`;
  }

  /** After name and parameters: a body up to `end`, or the expression of `def a = 1`, which ends with its statement. */
  #openMethod(): void {
    const source = this.#source;
    const { top } = this.#blocks;
    const at = skipSpaces(source, this.#at);
    const next = source[at + 1];
    const isEndless = source[at] === 61 && next !== 61 && next !== 126 && next !== 62;
    if (!isEndless) this.#blocks.openBody(top.role, END);
    else if (top.pending !== null) {
      top.pending = { ...top.pending, takesBlock: false };
      this.#operator(at + 1);
    }
  }

  #moveTo(end: number): void {
    this.#at = end;
    this.#last = end - 1;
  }

  /** Past something that is a value. */
  #value(end: number): void {
    this.#moveTo(end);
    this.#before = VALUE;
  }

  /** Past something after which a value is awaited. */
  #operator(end: number): void {
    this.#moveTo(end);
    this.#before = NOTHING;
  }
}

function skipSpaces(source: Uint8Array, from: number): number {
  let at = from;
  while (source[at] === 32 || source[at] === 9) at += 1;
  return at;
}

/** Offset after `name`, `name?`, `name!` or `name=` (but not the `=>` after a name). */
function endOfMethodName(source: Uint8Array, from: number): number {
  const end = skipName(source, from);
  const byte = source[end];
  const next = source[end + 1];
  if (byte === 63 || byte === 33) return next === 61 && source[end + 2] !== 62 ? end : end + 1;
  return byte === 61 && next !== 61 && next !== 62 && next !== 126 ? end + 1 : end;
}

/** Offset of the `.` or `::` after `self`, `A`, `@a`, `$a`; `from` when there is none. */
function endOfReceiver(source: Uint8Array, from: number): number {
  let at = from;
  while (source[at] === 64 || source[at] === 36) at += 1;
  const end = skipName(source, at);
  const isReceiver = end > at && (source[end] === 46 || (source[end] === 58 && source[end + 1] === 58));
  return isReceiver ? end : from;
}

/** Offset after a literal without interpolation, in which its own brackets may nest. */
function endOfNested(source: Uint8Array, from: number, opener: number, closer: number): number {
  let depth = 0;
  for (let at = from + 1; at < source.length; at += 1) {
    if (source[at] === 92) at += 1;
    else if (source[at] === closer && depth === 0) return at + 1;
    else if (source[at] === closer) depth -= 1;
    else if (source[at] === opener) depth += 1;
  }
  return source.length;
}

function isEndOfStatement(byte: number | undefined): boolean {
  return byte === undefined || byte === 10 || byte === 13 || byte === 35 || byte === 59;
}

function isConcatenated(source: Uint8Array, from: number): boolean {
  const byte = source[skipSpaces(source, from)];
  return byte === 43 || byte === 37 || byte === 46;
}
