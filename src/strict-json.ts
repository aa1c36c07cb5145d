// JSON of strangers, where two readers must not understand two things: what JSON.parse would silently decide is refused, with its place.
import { isUtf8 } from 'node:buffer';
import type { Json } from './outcome.ts';

/** Line and column count from 1; the column, like the offset, in UTF-16 code units. */
export type StrictJson =
  | { readonly value: Json }
  | { readonly problem: string; readonly offset: number; readonly line: number; readonly column: number };

export interface Strictness {
  /** How many objects and lists may stand in each other. */
  readonly maxDepth: number;
  /** `exact` refuses an integer that a double cannot keep: 9007199254740993. */
  readonly integers: 'exact' | 'any';
}

/**
 * Refused, beside what is not JSON: invalid UTF-8, a byte order mark, a key that an object has twice, half a surrogate pair, a number
 * that overflows, and nesting deeper than `maxDepth`. Every key is an own property, `__proto__` too. Never throws.
 */
export function readStrictJson(bytes: Uint8Array, strictness: Strictness): StrictJson {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = raw.toString('utf8');
  try {
    if (!isUtf8(raw)) throw new Refusal('not UTF-8', offsetOfDamage(raw, text));
    return { value: new Reader(text, strictness).read() };
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    return { problem: thrown.message, offset: thrown.offset, ...placeOf(text, thrown.offset) };
  }
}

const REPLACEMENT = '\uFFFD';

/** What could not be decoded became U+FFFD; the first one that the bytes do not have themselves. */
function offsetOfDamage(bytes: Buffer, text: string): number {
  let at = text.indexOf(REPLACEMENT);
  for (let offset = 0, seen = 0; at !== -1; at = text.indexOf(REPLACEMENT, seen)) {
    offset += Buffer.byteLength(text.slice(seen, at));
    if (bytes.readUIntBE(offset, Math.min(3, bytes.length - offset)) !== 0xefbfbd) return at;
    offset += 3;
    seen = at + 1;
  }
  return text.length;
}

class Refusal extends Error {
  readonly offset: number;

  constructor(problem: string, offset: number) {
    super(problem);
    this.offset = offset;
  }
}

type Members = Record<string, Json>;

const SPACE = /[ \n\r\t]*/y;
// oxlint-disable-next-line no-control-regex -- control characters are what must not stand there as they are
const PLAIN = /[^"\\\u0000-\u001F]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const LITERAL = /true|false|null/y;
const HEX = /[\da-fA-F]{4}/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Reader {
  readonly #text: string;
  readonly #strictness: Strictness;
  #at = 0;

  constructor(text: string, strictness: Strictness) {
    this.#text = text;
    this.#strictness = strictness;
  }

  read(): Json {
    if (this.#text.startsWith('\uFEFF')) throw new Refusal('starts with a byte order mark', 0);
    const value = this.#value(1);
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected('the end');
    return value;
  }

  #value(depth: number): Json {
    this.#skipSpace();
    const letter = this.#text[this.#at];
    if (letter === '"') return this.#string();
    if (letter !== '{' && letter !== '[') return this.#scalar();
    // Counted, so that the stack of this reader is as bounded as the text is.
    if (depth > this.#strictness.maxDepth) throw new Refusal(`nested deeper than ${this.#strictness.maxDepth} levels`, this.#at);
    return letter === '{' ? this.#object(depth) : this.#list(depth);
  }

  #object(depth: number): Json {
    const members: Members = {};
    this.#at += 1;
    if (this.#takes('}')) return members;
    do {
      this.#skipSpace();
      const start = this.#at;
      if (this.#text[start] !== '"') throw this.#unexpected('a key in double quotes');
      const key = this.#string();
      if (Object.hasOwn(members, key)) throw new Refusal(`the key ${excerpt(this.#text.slice(start, this.#at))} is there twice`, start);
      if (!this.#takes(':')) throw this.#unexpected("':'");
      put(members, key, this.#value(depth + 1));
    } while (this.#takes(','));
    if (!this.#takes('}')) throw this.#unexpected("',' or '}'");
    return members;
  }

  #list(depth: number): Json {
    const items: Json[] = [];
    this.#at += 1;
    if (this.#takes(']')) return items;
    do items.push(this.#value(depth + 1));
    while (this.#takes(','));
    if (!this.#takes(']')) throw this.#unexpected("',' or ']'");
    return items;
  }

  #scalar(): Json {
    const start = this.#at;
    const number = this.#match(NUMBER);
    if (number === '') return this.#literal();
    const value = Number(number);
    if (!Number.isFinite(value)) throw new Refusal(`the number ${excerpt(number)} overflows a double`, start);
    if (this.#strictness.integers === 'exact' && !isKept(number, value))
      throw new Refusal(`the integer ${excerpt(number)} would become ${value}: write it as a string`, start);
    return value;
  }

  #literal(): boolean | null {
    const literal = this.#match(LITERAL);
    if (literal === '') throw this.#unexpected('a value');
    return literal === 'null' ? null : literal === 'true';
  }

  #string(): string {
    const start = this.#at;
    this.#at += 1;
    let value = this.#match(PLAIN);
    const hasEscapes = this.#text[this.#at] === '\\';
    while (this.#text[this.#at] === '\\') value += this.#escape() + this.#match(PLAIN);
    if (this.#text[this.#at] !== '"') throw this.#unexpected('the end of a string');
    this.#at += 1;
    // What is UTF-8 has none; an escape can make one.
    if (hasEscapes && !value.isWellFormed()) throw new Refusal('a string has a lone surrogate', start);
    return value;
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? '';
    const plain = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (plain === undefined && letter !== 'u') throw this.#unexpected('an escape that JSON has');
    this.#at += 2;
    if (plain !== undefined) return plain;
    const digits = this.#match(HEX);
    if (digits === '') throw this.#unexpected('four hexadecimal digits');
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #takes(letter: string): boolean {
    this.#skipSpace();
    const isThere = this.#text[this.#at] === letter;
    if (isThere) this.#at += 1;
    return isThere;
  }

  #skipSpace(): void {
    const code = this.#text.charCodeAt(this.#at);
    if (code <= 0x20) this.#match(SPACE);
  }

  /** What stands here, and goes on behind it; empty where it does not. */
  #match(expression: RegExp): string {
    const start = this.#at;
    expression.lastIndex = start;
    // Without the list of groups that `exec` makes: this is done for every value of a body.
    if (expression.test(this.#text)) this.#at = expression.lastIndex;
    return this.#text.slice(start, this.#at);
  }

  #unexpected(expected: string): Refusal {
    return new Refusal(`${nameOf(this.#text.codePointAt(this.#at))} where ${expected} belongs`, this.#at);
  }
}

/** One character and no more: what stands around it may be a secret. */
function nameOf(codePoint: number | undefined): string {
  if (codePoint === undefined) return 'the text ends';
  if (codePoint > 0x20 && codePoint < 0x7f) return `'${String.fromCodePoint(codePoint)}' stands`;
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')} stands`;
}

/** An assignment to `__proto__` would set what the object inherits from. */
function put(members: Members, key: string, value: Json): void {
  if (key === '__proto__') Object.defineProperty(members, key, { value, writable: true, enumerable: true, configurable: true });
  else members[key] = value;
}

function isKept(literal: string, value: number): boolean {
  return !/^-?\d+$/.test(literal) || toDigits(Math.abs(value)) === literal.replace('-', '');
}

/** An integer without an exponent: `1.5e+21` is 1500000000000000000000. */
function toDigits(value: number): string {
  const [, head = '', tail = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:e\+(\d+))?$/.exec(String(value)) ?? [];
  return `${head}${tail.padEnd(Number(exponent), '0')}`;
}

function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

function excerpt(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40).toWellFormed()}…`;
}
