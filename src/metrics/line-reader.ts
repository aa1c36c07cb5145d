// Reads one line of a text format from left to right. After the first flaw there is nothing more to read.
import type { Label } from './series.ts';
import { excerpt } from './text.ts';

export interface Flaw {
  readonly column: number;
  readonly message: string;
}

export interface PlacedLabel extends Label {
  /** Where its name begins. */
  readonly column: number;
}

const METRIC_NAME = /[A-Za-z_:][A-Za-z0-9_:]*/y;
const LABEL_NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const TOKEN = /[^ \t]+/y;

/** The ABNF's realnumber: no hexadecimal, no underscores, at least one digit. */
const REAL_NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

export class LineReader {
  readonly text: string;
  #at = 0;
  #flaw: Flaw | null = null;

  constructor(text: string) {
    this.text = text;
  }

  get flaw(): Flaw | null {
    return this.#flaw;
  }

  get column(): number {
    return this.#at + 1;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.text.length;
  }

  fail(message: string, column = this.column): void {
    this.#flaw ??= { column, message };
    this.#at = this.text.length;
  }

  /** Whether this comes next; then it is passed. */
  take(text: string): boolean {
    if (!this.text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  expect(text: string, where: string): void {
    if (!this.take(text)) this.fail(`${describe(text)} is missing ${where}`);
  }

  /** Spaces and tabs; how many. */
  skipBlanks(): number {
    const start = this.#at;
    while (this.text[this.#at] === ' ' || this.text[this.#at] === '\t') this.#at += 1;
    return this.#at - start;
  }

  metricName(): string {
    return this.#match(METRIC_NAME) ?? this.#missing('a metric name ([A-Za-z_:][A-Za-z0-9_:]*)');
  }

  labelName(): string {
    return this.#match(LABEL_NAME) ?? this.#missing('a label name ([A-Za-z_][A-Za-z0-9_]*)');
  }

  /** Up to the next blank. */
  token(what: string): string {
    return this.#match(TOKEN) ?? this.#missing(what);
  }

  rest(): string {
    const rest = this.text.slice(this.#at);
    this.#at = this.text.length;
    return rest;
  }

  /** Behind its opening quote, up to and with the closing one. A backslash before another character stands for itself, unless `isStrict`. */
  quoted(isStrict: boolean): string {
    const start = this.#at;
    let value = '';
    let from = start;
    for (let at = start; at < this.text.length; at += 1) {
      const character = this.text[at];
      if (character === '"') {
        this.#at = at + 1;
        return value + this.text.slice(from, at);
      }
      if (character !== '\\') continue;
      const escaped = ESCAPES.get(this.text[at + 1] ?? '');
      if (escaped === undefined && isStrict) {
        this.fail('a backslash that escapes none of \\, " and n', at + 1);
        return '';
      }
      value += this.text.slice(from, at) + (escaped ?? this.text.slice(at, at + 2));
      at += 1;
      from = at + 1;
    }
    this.fail('a quote that is never closed', start);
    return '';
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }

  #missing(what: string): string {
    this.fail(`${what} is missing${this.isAtEnd ? '' : ` at ${excerpt(this.text.slice(this.#at, this.#at + 20))}`}`);
    return '';
  }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ['"', '"'],
  ['n', '\n'],
]);

/** Null for what is none, or lies beyond what a double can be. */
export function parseNumber(text: string): number | null {
  const real = parseReal(text);
  if (real !== null) return real;
  if (/^nan$/i.test(text)) return Number.NaN;
  const infinite = INFINITE.exec(text);
  return infinite === null ? null : Number(`${infinite[1] ?? ''}Infinity`);
}

export function parseReal(text: string): number | null {
  if (!REAL_NUMBER.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

function describe(text: string): string {
  return text === ' ' ? 'a space' : `"${text}"`;
}
