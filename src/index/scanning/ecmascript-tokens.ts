// The words and marks of JavaScript and TypeScript, JSX included, one at a time.
// What makes this lexing hard is that `/`, `<` and `}` mean different things by position: after an operand they divide,
// compare or close an object; elsewhere they begin a regex, an element, or end a block. So each token carries what it
// leaves behind it, and one byte per open bracket remembers what the closer will leave.
import { textOf } from './outline.ts';

/** Marks of one byte are their own kind: `{` is 123. The rest: */
export const Kind = {
  End: 0,
  Arrow: 257,
  Spread: 258,
  Operator: 259,
  Name: 260,
  String: 261,
  Number: 262,
  Template: 263,
  Regex: 264,
  Element: 265,
  Increment: 266,
} as const;

/** What stands before a token: an operator that wants an expression, an operand, or nothing (a statement may begin). */
export const Wants = { Expression: 0, Operator: 1, Statement: 2 } as const;

/** The words that a scanner reacts to; other names, and any name after a dot, are `None`. */
export const Word = {
  None: 0,
  function: 1,
  class: 2,
  interface: 3,
  enum: 4,
  namespace: 5,
  module: 6,
  type: 7,
  const: 8,
  let: 9,
  var: 10,
  import: 11,
  export: 12,
  default: 13,
  declare: 14,
  abstract: 15,
  async: 16,
  global: 17,
  require: 18,
  from: 19,
  static: 20,
  readonly: 21,
  private: 22,
  protected: 23,
  extends: 24,
  implements: 25,
  in: 26,
  instanceof: 27,
  is: 28,
  keyof: 29,
  new: 30,
  if: 31,
  while: 32,
  for: 33,
  with: 34,
  return: 35,
  typeof: 36,
  of: 37,
  delete: 38,
  void: 39,
  throw: 40,
  case: 41,
  await: 42,
  yield: 43,
  else: 44,
  do: 45,
  try: 46,
  finally: 47,
} as const;

const { Expression, Operator, Statement } = Wants;

const LEAVES = new Uint8Array(64).fill(Operator);
for (const word of [
  'in',
  'instanceof',
  'return',
  'typeof',
  'of',
  'delete',
  'void',
  'throw',
  'case',
  'await',
  'yield',
  'new',
  'extends',
] as const) {
  LEAVES[Word[word]] = Expression;
}
for (const word of ['else', 'do', 'try', 'finally', 'export', 'default'] as const) LEAVES[Word[word]] = Statement;

const LONGEST_WORD = 10;
const words: [text: string, id: number][][] = Array.from({ length: 512 }, () => []);
for (const [text, id] of Object.entries(Word)) if (id !== 0) words[wordKey(text.charCodeAt(0), text.length)]!.push([text, id]);

const NAME = 1;
const SPACE = 2;
const DIGIT = 4;
const CLASS = new Uint8Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  if (byte >= 128 || byte === 36 || byte === 92 || byte === 95 || ((byte | 32) >= 97 && (byte | 32) <= 122)) CLASS[byte] = NAME;
  else if (byte >= 48 && byte <= 57) CLASS[byte] = DIGIT;
  else if (byte === 32 || (byte >= 9 && byte <= 13)) CLASS[byte] = SPACE;
}

// Open brackets, and the three texts that are not made of tokens, on one stack.
const Open = {
  None: 0,
  Paren: 1,
  Condition: 2,
  Bracket: 3,
  Block: 4,
  Object: 5,
  Hole: 6,
  TemplateText: 7,
  Tag: 8,
  ElementText: 9,
} as const;

const TYPES_LIMIT = 10_000;

export class EcmaScriptTokens {
  readonly source: Uint8Array;
  kind = 0;
  word = 0;
  start = 0;
  end = 0;
  /** What stands before this token, one of `Wants`. */
  before: number = Statement;
  /** A line ended between the token before and this one. */
  newline = false;
  previousKind = 0;
  previousWord = 0;
  previousStart = 0;
  previousEnd = 0;

  #after: number = Statement;
  #stack = new Uint8Array(256);
  #noRegexEndBefore = 0;
  #depth = 0;
  #braces = 0;
  #lookahead = 0;
  #lastClosingTags: Map<string, number> | undefined;

  constructor(source: Uint8Array) {
    this.source = source;
    if (source[0] === 0xef && source[1] === 0xbb && source[2] === 0xbf) this.end = 3;
    if (source[this.end] === 35 && source[this.end + 1] === 33) this.end = this.#lineEnd(this.end);
  }

  /** Moves to the next token and returns its kind. */
  next(): number {
    this.previousKind = this.kind;
    this.previousWord = this.word;
    this.previousStart = this.start;
    this.previousEnd = this.end;
    this.before = this.#after;
    this.word = 0;
    this.newline = false;
    const top = this.#stack[this.#depth]!;
    return (this.kind = top >= Open.TemplateText ? this.#text(top) : this.#token());
  }

  text(): string {
    return textOf(this.source, this.start, this.end);
  }

  /** Offset of the next token, comments skipped; never more than looked at. */
  peek(): number {
    const newline = this.newline;
    const at = this.#skipSpace(this.end);
    this.newline = newline;
    return at;
  }

  /** Takes everything up to `end` into this token, which becomes an operand. */
  extend(end: number): void {
    this.end = end;
    this.#after = Operator;
  }

  /** The scanner knows better than the token before: here, a statement begins. */
  beginStatement(): void {
    this.before = Statement;
    if (this.word === Word.async && this.#after === Expression) this.#after = Statement;
  }

  /**
   * Offset after the `>` that closes the types opened at `from`, or -1 when this is a comparison.
   * Only parameters, as in `<T = string>(x: T) => x`, have defaults.
   */
  typesEnd(from: number, hasDefaults: boolean): number {
    // A file full of `<` must not be read a thousand times.
    if (this.#lookahead > 4 * this.source.length + TYPES_LIMIT) return -1;
    const end = matchAngles(this.source, from, { limit: Math.min(this.source.length, from + TYPES_LIMIT), hasDefaults });
    this.#lookahead += end === -1 ? TYPES_LIMIT : end - from;
    return end;
  }

  #token(): number {
    const { source } = this;
    const at = this.#skipSpace(this.end);
    this.start = at;
    // Nothing may stand between `return` and its value, not even the end of a line.
    if (this.newline && this.previousWord === Word.return) this.before = Statement;
    if (at >= source.length) return this.#take(Kind.End, 0, Statement);
    const byte = source[at]!;
    const kind = CLASS[byte]!;
    if (kind === NAME) return this.#name(at);
    if (kind === DIGIT) return this.#number(at);
    switch (byte) {
      case 34:
      case 39:
        return this.#string(byte);
      case 96:
        return this.#template();
      case 40:
      case 91:
      case 123:
        return this.#bracket(byte);
      case 41:
      case 93:
      case 125:
        return this.#close(byte);
      case 47:
        return this.#slash();
      case 60:
        return this.before !== Operator && this.#isElement(at) ? this.#element() : this.#take(byte, 1, Expression);
      default:
        return this.#mark(byte);
    }
  }

  #bracket(byte: number): number {
    if (byte === 40) this.#open(this.#isConditionWord() ? Open.Condition : Open.Paren);
    else if (byte === 91) this.#open(Open.Bracket);
    else this.#open(this.before !== Expression || this.previousKind === Kind.Arrow ? Open.Block : Open.Object);
    return this.#take(byte, 1, byte === 123 ? Statement : Expression);
  }

  #mark(byte: number): number {
    const next = this.source[this.start + 1];
    if (byte === 46 || (byte === 63 && next === 46 && !this.#isDigit(this.start + 2))) return this.#dot(byte);
    if (byte === 61)
      return next === 62 ? this.#take(Kind.Arrow, 2, Expression) : next === 61 ? this.#operator(2) : this.#take(byte, 1, Expression);
    if (byte === 59) return this.#take(byte, 1, Statement);
    // `x!` and `x++` leave an operand where `!x` and `++x` still want one.
    const postfix = this.before === Operator && !this.newline ? Operator : Expression;
    if (byte === 33) return next === 61 ? this.#operator(2) : this.#take(byte, 1, postfix);
    if ((byte === 43 || byte === 45) && next === byte) return this.#take(Kind.Increment, 2, postfix);
    if (byte === 35 && (CLASS[next ?? 0]! & NAME) !== 0) return this.#name(this.start);
    if (byte === 44 || byte === 58 || byte === 63 || byte === 64 || byte === 42 || byte === 62) return this.#take(byte, 1, Expression);
    return this.#operator(1);
  }

  #dot(byte: number): number {
    if (byte === 63) return this.#take(46, 2, Expression);
    if (this.#isDigit(this.start + 1)) return this.#number(this.start);
    if (this.source[this.start + 1] === 46 && this.source[this.start + 2] === 46) return this.#take(Kind.Spread, 3, Expression);
    return this.#take(46, 1, Expression);
  }

  #operator(length: number): number {
    return this.#take(Kind.Operator, length, Expression);
  }

  #take(kind: number, length: number, after: number): number {
    this.end = this.start + length;
    this.#after = after;
    return kind;
  }

  #name(from: number): number {
    const { source } = this;
    let at = from + 1;
    while ((CLASS[source[at]!]! & (NAME | DIGIT)) !== 0) at += 1;
    this.end = at;
    const length = at - from;
    if (length <= LONGEST_WORD && this.previousKind !== 46) this.word = this.#lookUp(from, length);
    this.#after = LEAVES[this.word]!;
    // `async function` is a declaration wherever `function` alone would be one.
    if (this.word === Word.async && this.before !== Operator && this.#peekWord('function')) this.#after = this.before;
    return Kind.Name;
  }

  #lookUp(from: number, length: number): number {
    const { source } = this;
    const candidates = words[wordKey(source[from]!, length)]!;
    for (let index = 0; index < candidates.length; index += 1) {
      const text = candidates[index]![0];
      let same = 0;
      while (same < length && text.charCodeAt(same) === source[from + same]) same += 1;
      if (same === length) return candidates[index]![1];
    }
    return Word.None;
  }

  #peekWord(text: string): boolean {
    const at = this.peek();
    return textOf(this.source, at, Math.min(this.source.length, at + text.length)) === text;
  }

  #number(from: number): number {
    const { source } = this;
    let at = from + 1;
    while ((CLASS[source[at]!]! & (NAME | DIGIT)) !== 0) at += 1;
    if (source[at] === 46 && source[from] !== 46) {
      at += 1;
      while ((CLASS[source[at]!]! & (NAME | DIGIT)) !== 0) at += 1;
    }
    return this.#take(Kind.Number, at - from, Operator);
  }

  #string(quote: number): number {
    const { source } = this;
    let at = this.start + 1;
    while (at < source.length && source[at] !== quote && source[at] !== 10) at += source[at] === 92 ? (source[at + 1] === 13 ? 3 : 2) : 1;
    if (source[at] === quote) at += 1;
    return this.#take(Kind.String, Math.min(at, source.length) - this.start, Operator);
  }

  #slash(): number {
    const end = this.before === Operator ? -1 : this.#regexEnd(this.start + 1);
    return end === -1 ? this.#operator(1) : this.#take(Kind.Regex, end - this.start, Operator);
  }

  #regexEnd(from: number): number {
    const { source } = this;
    let inSet = false;
    let at = from;
    for (; at < source.length; at += 1) {
      const byte = source[at]!;
      if (byte === 10 || byte === 13) break;
      // From here on a former search of this line saw the same, and no end: a line of slashes must not cost its square.
      if (from < this.#noRegexEndBefore && (byte === 92 || byte === 91 || byte === 93)) return -1;
      if (byte === 92) at += 1;
      else if (byte === 91) inSet = true;
      else if (byte === 93) inSet = false;
      else if (byte === 47 && !inSet) return at + 1;
    }
    this.#noRegexEndBefore = at;
    return -1;
  }

  #isConditionWord(): boolean {
    const word = this.previousWord;
    return this.previousKind === Kind.Name && word >= Word.if && word <= Word.with;
  }

  #open(bracket: number): void {
    this.#depth += 1;
    if (this.#depth === this.#stack.length) {
      const larger = new Uint8Array(2 * this.#depth);
      larger.set(this.#stack);
      this.#stack = larger;
    }
    this.#stack[this.#depth] = bracket;
    if (bracket >= Open.Block && bracket <= Open.Hole) this.#braces += 1;
  }

  /** A closer without its opener is no token of its own; `}` closes what was left open inside its braces. */
  #close(byte: number): number {
    if (byte === 125 && this.#braces > 0) {
      while (this.#stack[this.#depth]! < Open.Block) this.#depth -= 1;
      this.#braces -= 1;
      const isObject = this.#stack[this.#depth] === Open.Object;
      this.#depth -= 1;
      return this.#take(byte, 1, isObject ? Operator : Statement);
    }
    const top = this.#stack[this.#depth]!;
    const isClosed = byte === 41 ? top === Open.Paren || top === Open.Condition : byte === 93 && top === Open.Bracket;
    if (!isClosed) return this.#operator(1);
    this.#depth -= 1;
    return this.#take(byte, 1, top === Open.Condition ? Statement : Operator);
  }

  #text(top: number): number {
    this.start = this.end;
    return top === Open.TemplateText ? this.#templateText() : this.#element();
  }

  #template(): number {
    this.#open(Open.TemplateText);
    this.end = this.start + 1;
    return this.#templateText();
  }

  #templateText(): number {
    const { source } = this;
    let at = this.end;
    for (; at < source.length; at += 1) {
      const byte = source[at]!;
      if (byte === 92) at += 1;
      else if (byte === 36 && source[at + 1] === 123) return this.#hole(at + 1);
      else if (byte === 96) {
        this.#depth -= 1;
        return this.#take(Kind.Template, at + 1 - this.start, Operator);
      }
    }
    return this.#take(Kind.End, source.length - this.start, Statement);
  }

  /** The `{` of `${…}` or of an expression in JSX, which no statement ends at. */
  #hole(at: number): number {
    this.before = Expression;
    this.start = at;
    this.#open(Open.Hole);
    return this.#take(123, 1, Expression);
  }

  /**
   * `<T>(x) => x` and `<Foo>value` look like elements until one looks for the closing tag.
   * The scanner is not told whether a file is TSX.
   */
  #isElement(from: number): boolean {
    const { source } = this;
    if (source[from + 1] === 62) return true;
    const nameEnd = skipTagName(source, from + 1);
    if (nameEnd === from + 1) return false;
    let at = skipBlank(source, nameEnd);
    if (source[at] === 123) return true;
    if (source[at] === 47) return source[at + 1] === 62 || source[at + 1] === 47 || source[at + 1] === 42;
    const attributeEnd = skipTagName(source, at);
    if (attributeEnd > at) {
      at = skipBlank(source, attributeEnd);
      if (source[at] === 61 && source[at + 1] !== 62) return isAttributeValue(source[skipBlank(source, at + 1)]);
      if (source[at] === 47 && source[at + 1] === 62) return true;
    } else if (source[at] === 60) {
      const end = this.typesEnd(at, false);
      at = end === -1 ? at : skipBlank(source, end);
      if (end !== -1 && (source[at] === 47 || source[at] === 123 || (CLASS[source[at] ?? 0]! & NAME) !== 0)) return true;
    } else if (source[at] !== 62) return false;
    return (this.#closingTags().get(textOf(source, from + 1, nameEnd)) ?? -1) > from;
  }

  #closingTags(): Map<string, number> {
    if (this.#lastClosingTags === undefined) {
      const { source } = this;
      this.#lastClosingTags = new Map();
      for (let at = source.indexOf(60); at !== -1; at = source.indexOf(60, at + 1)) {
        if (source[at + 1] === 47) this.#lastClosingTags.set(textOf(source, at + 2, skipTagName(source, at + 2)), at);
      }
    }
    return this.#lastClosingTags;
  }

  /** Tags and text, up to the next `{` or to the end of the outermost element. */
  #element(): number {
    const { source } = this;
    let at = this.end;
    if (this.#stack[this.#depth]! < Open.Tag) at = this.#openTag(this.start);
    while (at < source.length) {
      const top = this.#stack[this.#depth];
      if (top !== Open.Tag && top !== Open.ElementText) return this.#take(Kind.Element, at - this.start, Operator);
      const byte = source[at]!;
      if (byte === 123) return this.#hole(at);
      at = top === Open.Tag ? this.#inTag(byte, at) : this.#inText(byte, at);
    }
    const isWhole = this.#stack[this.#depth]! < Open.Tag;
    return this.#take(isWhole ? Kind.Element : Kind.End, source.length - this.start, Operator);
  }

  #openTag(at: number): number {
    this.#open(Open.Tag);
    const nameEnd = skipTagName(this.source, at + 1);
    if (this.source[nameEnd] !== 60) return nameEnd;
    const end = this.typesEnd(nameEnd, false);
    return end === -1 ? nameEnd + 1 : end;
  }

  #inTag(byte: number, at: number): number {
    const { source } = this;
    if (byte === 34 || byte === 39) return orEnd(source.indexOf(byte, at + 1), source) + 1;
    if (byte === 62) this.#stack[this.#depth] = Open.ElementText;
    else if (byte === 60) return this.#openTag(at);
    else if (byte === 47) {
      if (source[at + 1] === 47 || source[at + 1] === 42) return this.#skipSpace(at);
      if (source[at + 1] === 62) {
        this.#depth -= 1;
        return at + 2;
      }
    }
    return at + 1;
  }

  #inText(byte: number, at: number): number {
    const { source } = this;
    if (byte === 60) {
      if (source[at + 1] !== 47) return this.#openTag(at);
      this.#depth -= 1;
      return orEnd(source.indexOf(62, at), source) + 1;
    }
    let end = at + 1;
    while (end < source.length && source[end] !== 60 && source[end] !== 123) end += 1;
    return end;
  }

  #skipSpace(from: number): number {
    const { source } = this;
    let at = from;
    for (;;) {
      const byte = source[at];
      if (byte === undefined) return source.length;
      if (CLASS[byte] === SPACE) {
        if (byte === 10 || byte === 13) this.newline = true;
        at += 1;
      } else if (byte === 47 && source[at + 1] === 47) at = this.#lineEnd(at);
      else if (byte === 47 && source[at + 1] === 42) at = this.#commentEnd(at + 2);
      else return at;
    }
  }

  #commentEnd(from: number): number {
    const { source } = this;
    for (let at = from; at < source.length; at += 1) {
      if (source[at] === 10) this.newline = true;
      else if (source[at] === 42 && source[at + 1] === 47) return at + 2;
    }
    return source.length;
  }

  #lineEnd(from: number): number {
    return orEnd(this.source.indexOf(10, from), this.source);
  }

  #isDigit(at: number): boolean {
    return CLASS[this.source[at] ?? 0] === DIGIT;
  }
}

export function isEcmaScriptNameStart(byte: number | undefined): boolean {
  return byte !== undefined && CLASS[byte] === NAME;
}

export function isEcmaScriptNamePart(byte: number | undefined): boolean {
  return byte !== undefined && (CLASS[byte]! & (NAME | DIGIT)) !== 0;
}

export function skipEcmaScriptName(source: Uint8Array, from: number): number {
  let at = from;
  while ((CLASS[source[at]!]! & (NAME | DIGIT)) !== 0) at += 1;
  return at;
}

function wordKey(first: number, length: number): number {
  return (first & 31) | (length << 5);
}

function orEnd(found: number, source: Uint8Array): number {
  return found === -1 ? source.length : found;
}

/** `Foo.Bar`, `svg:path`, `my-element`. */
function skipTagName(source: Uint8Array, from: number): number {
  if ((CLASS[source[from] ?? 0]! & NAME) === 0) return from;
  let at = from;
  while ((CLASS[source[at]!]! & (NAME | DIGIT)) !== 0 || source[at] === 46 || source[at] === 45 || source[at] === 58) at += 1;
  return at;
}

function skipBlank(source: Uint8Array, from: number): number {
  let at = from;
  while (CLASS[source[at]!] === SPACE) at += 1;
  return at;
}

function isAttributeValue(byte: number | undefined): boolean {
  return byte === 34 || byte === 39 || byte === 123 || byte === 60;
}

/** Reads what can stand between `<` and `>` in types, and gives up at the first thing that cannot. */
function matchAngles(source: Uint8Array, from: number, { limit, hasDefaults }: { limit: number; hasDefaults: boolean }): number {
  let angles = 0;
  let brackets = 0;
  for (let at = from; at < limit; at += 1) {
    const byte = source[at]!;
    if (byte === 60) angles += 1;
    else if (byte === 62) {
      if (source[at - 1] === 61) continue;
      angles -= 1;
      if (angles === 0) return brackets === 0 ? at + 1 : -1;
    } else if (byte === 40 || byte === 91 || byte === 123) brackets += 1;
    else if (byte === 41 || byte === 93 || byte === 125) {
      brackets -= 1;
      if (brackets < 0) return -1;
    } else if (byte === 34 || byte === 39 || byte === 96) {
      do at += 1;
      while (at < limit && source[at] !== byte);
    } else if (byte === 47 && (source[at + 1] === 47 || source[at + 1] === 42)) {
      const isLine = source[at + 1] === 47;
      do at += 1;
      while (at < limit && (isLine ? source[at] !== 10 : source[at] !== 47 || source[at - 1] !== 42));
    } else if (byte === 59 ? brackets === 0 : !canStandInTypes(byte, source[at + 1], hasDefaults)) return -1;
  }
  return -1;
}

function canStandInTypes(byte: number, next: number | undefined, hasDefaults: boolean): boolean {
  if (CLASS[byte] !== 0) return true;
  if (byte === 38 || byte === 124) return next !== byte;
  if (byte === 61) return next === 62 || (hasDefaults && next !== 61);
  return byte === 44 || byte === 46 || byte === 58 || byte === 63 || byte === 45 || byte === 59;
}
