// TOML: tables, arrays of tables, and the keys before the first table. Values are lexed only to know where they end.
import type { Language, Scan } from './language.ts';
import { endOfLine, isSpace, Outline, startsWith, textOf } from '../scanning/outline.ts';

export default {
  name: 'toml',
  extensions: ['.toml'],
  filenames: ['Cargo.lock', 'poetry.lock', 'uv.lock', 'Pipfile'],
  scan: (source) => new TomlScanner(source).run(),
} satisfies Language;

class TomlScanner {
  readonly #source: Uint8Array;
  readonly #outline: Outline;
  #table = -1;
  #isTop = true;
  #lastContent = 0;

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#outline = new Outline(source);
  }

  run(): Scan {
    const source = this.#source;
    let at = startsWith(source, '\u00ef\u00bb\u00bf', 0) ? 3 : 0;
    while (at < source.length) {
      if (isSpace(source[at])) at += 1;
      else if (source[at] === 35) at = endOfLine(source, at);
      else if (source[at] === 91) at = this.#header(at);
      else at = this.#pair(at);
    }
    this.#closeTable();
    return this.#outline.finish();
  }

  #header(start: number): number {
    this.#closeTable();
    this.#isTop = false;
    const { parts, end } = readKey(this.#source, this.#source[start + 1] === 91 ? start + 2 : start + 1);
    this.#table = this.#open(parts, start);
    this.#lastContent = start;
    return endOfLine(this.#source, end);
  }

  #pair(start: number): number {
    const end = afterKey(this.#source, start);
    if (this.#source[end] !== 61) return endOfLine(this.#source, end);
    const valueEnd = afterValue(this.#source, end + 1);
    this.#lastContent = valueEnd - 1;
    if (this.#isTop) this.#outline.close(this.#open(readKey(this.#source, start).parts, start), valueEnd - 1);
    return valueEnd;
  }

  #open(parts: readonly string[], start: number): number {
    const name = parts.at(-1);
    if (name === undefined || name === '') return -1;
    return this.#outline.open(name, 'key', start, { container: parts.length > 1 ? parts.slice(0, -1).join('.') : null });
  }

  #closeTable(): void {
    this.#outline.close(this.#table, this.#lastContent);
    this.#table = -1;
  }
}

/** `a . "b.c".'d'` → its parts and the offset of what follows. Never leaves the line. */
function readKey(source: Uint8Array, from: number): { parts: string[]; end: number } {
  const parts: string[] = [];
  let at = from;
  for (;;) {
    at = skipBlanks(source, at);
    const start = at;
    const isQuoted = source[at] === 34 || source[at] === 39;
    at = isQuoted ? afterQuotedKey(source, at) : afterBareKey(source, at);
    parts.push(isQuoted ? textOf(source, start + 1, at - 1) : textOf(source, start, at));
    at = skipBlanks(source, at);
    if (source[at] !== 46) return { parts, end: at };
    at += 1;
  }
}

/** Where `readKey` would end, with no string made: most keys stand in a table and are no symbols. */
function afterKey(source: Uint8Array, from: number): number {
  let at = from;
  while (at < source.length) {
    const byte = source[at]!;
    if (byte === 61 || byte === 10 || byte === 35) return at;
    at = byte === 34 || byte === 39 ? afterQuotedKey(source, at) : at + 1;
  }
  return at;
}

function skipBlanks(source: Uint8Array, from: number): number {
  let at = from;
  while (source[at] === 32 || source[at] === 9) at += 1;
  return at;
}

function afterQuotedKey(source: Uint8Array, at: number): number {
  return afterLineString(source, at, source[at]!);
}

function afterBareKey(source: Uint8Array, from: number): number {
  let at = from;
  while (at < source.length) {
    const byte = source[at]!;
    if (isSpace(byte) || byte === 46 || byte === 61 || byte === 93 || byte === 35 || byte === 34) break;
    at += 1;
  }
  return at;
}

/** Offset after the value: the end of its line, or of the line on which its brackets and strings are closed. */
function afterValue(source: Uint8Array, from: number): number {
  let depth = 0;
  let last = from;
  let at = from;
  while (at < source.length) {
    const byte = source[at]!;
    if (byte === 10 && depth <= 0) break;
    if (byte === 35) at = endOfLine(source, at);
    else if (byte === 34 || byte === 39) at = last = afterTomlString(source, at, byte);
    else {
      if (byte === 91 || byte === 123) depth += 1;
      if (byte === 93 || byte === 125) depth -= 1;
      at += 1;
      if (!isSpace(byte)) last = at;
    }
  }
  return last;
}

function afterTomlString(source: Uint8Array, at: number, quote: number): number {
  if (source[at + 1] === quote && source[at + 2] === quote) return afterMultiline(source, at + 3, quote);
  return afterLineString(source, at, quote);
}

/** A string that is not closed ends with its line. */
function afterLineString(source: Uint8Array, at: number, quote: number): number {
  let end = at + 1;
  while (end < source.length && source[end] !== quote && source[end] !== 10) end += quote === 34 && source[end] === 92 ? 2 : 1;
  return source[end] === quote ? end + 1 : Math.min(end, source.length);
}

/** Up to two quotes may stand just before the closing three. */
function afterMultiline(source: Uint8Array, from: number, quote: number): number {
  let at = from;
  while (at < source.length) {
    if (source[at] === 92 && quote === 34) at += 2;
    else if (source[at] === quote && source[at + 1] === quote && source[at + 2] === quote) {
      while (source[at] === quote) at += 1;
      return at;
    } else at += 1;
  }
  return source.length;
}
