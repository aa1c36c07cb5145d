// Keys between braces: JSON with its dialects, and YAML's flow style. One walk, no recursion, nothing decoded.
import { endOfLine, isSpace } from './outline.ts';

export interface FlowSyntax {
  /** `/` starts `//` and block comments (JSON dialects); `#` starts a comment after a blank (YAML). */
  readonly comments: '/' | '#';
}

export interface FlowKey {
  /** Bytes of the key, quotes included. */
  readonly start: number;
  readonly end: number;
  /** Offset of the last byte of the value. */
  readonly valueEnd: number;
}

const NESTING = new Uint8Array(256);
for (const character of '{}[]"\'/') NESTING[character.charCodeAt(0)] = 1;

/** Calls `onKey` for each key directly inside the bracket at `open`; returns the offset after its closing one. */
export function walkFlow(source: Uint8Array, open: number, syntax: FlowSyntax, onKey?: (key: FlowKey) => void): number {
  const walk = new FlowWalk(source, syntax, source[open] === 123 ? onKey : undefined);
  return walk.from(open);
}

/** Offset after the string that opens at `at`; `doubles` for `''` inside YAML's single quotes. */
export function afterString(source: Uint8Array, at: number, doubles: boolean): number {
  const quote = source[at]!;
  let end = at + 1;
  while (end < source.length) {
    const byte = source[end]!;
    if (byte === 92 && !doubles) end += 2;
    else if (byte !== quote) end += 1;
    else if (doubles && source[end + 1] === quote) end += 2;
    else return end + 1;
  }
  return source.length;
}

class FlowWalk {
  readonly #source: Uint8Array;
  readonly #isYaml: boolean;
  readonly #onKey: ((key: FlowKey) => void) | undefined;
  #depth = 0;
  #keyStart = -1;
  #keyEnd = -1;
  /** Offset of the last byte that is neither blank nor comment. */
  #last = 0;

  constructor(source: Uint8Array, syntax: FlowSyntax, onKey: ((key: FlowKey) => void) | undefined) {
    this.#source = source;
    this.#isYaml = syntax.comments === '#';
    this.#onKey = onKey;
  }

  from(open: number): number {
    const source = this.#source;
    let at = open;
    while (at < source.length) {
      const byte = source[at]!;
      if (isSpace(byte)) at += 1;
      else if (byte === 34 || (byte === 39 && this.#startsToken(at)))
        at = this.#token(at, afterString(source, at, this.#isYaml && byte === 39));
      else if (this.#startsComment(at, byte)) at = this.#afterComment(at);
      else {
        this.#punctuation(at, byte);
        at += 1;
        if (this.#depth === 0) return at;
        if (this.#depth === 2 && !this.#isYaml) at = this.#afterNested(at);
      }
    }
    this.#endValue();
    return source.length;
  }

  /** Most of a JSON file lies deeper than its keys: there only brackets, strings and comments count. */
  #afterNested(from: number): number {
    const source = this.#source;
    let depth = 1;
    let at = from;
    while (at < source.length) {
      const byte = source[at]!;
      if (NESTING[byte] === 0) at += 1;
      else if (byte === 34 || byte === 39) at = afterString(source, at, false);
      else if (byte === 47) at = this.#startsComment(at, byte) ? this.#afterComment(at) : at + 1;
      else {
        depth += byte === 123 || byte === 91 ? 1 : -1;
        at += 1;
        if (depth === 0) break;
      }
    }
    this.#depth = 1;
    this.#last = Math.min(at, source.length) - 1;
    return at;
  }

  #token(start: number, end: number): number {
    if (this.#depth === 1 && this.#keyStart === -1) this.#keyStart = start;
    this.#last = end - 1;
    return end;
  }

  #punctuation(at: number, byte: number): void {
    if (byte === 123 || byte === 91) this.#depth += 1;
    else if (byte === 125 || byte === 93) this.#close();
    else if (byte === 44 && this.#depth === 1) this.#endValue();
    else if (byte === 58 && this.#depth === 1 && this.#keyEnd === -1 && this.#isColon(at)) this.#keyEnd = this.#last + 1;
    else if (this.#depth === 1 && this.#keyStart === -1 && byte !== 44) this.#keyStart = at;
    if (byte !== 44) this.#last = at;
  }

  #close(): void {
    if (this.#depth === 1) this.#endValue();
    this.#depth -= 1;
  }

  #endValue(): void {
    if (this.#onKey !== undefined && this.#keyStart !== -1 && this.#keyEnd > this.#keyStart) {
      this.#onKey({ start: this.#keyStart, end: this.#keyEnd, valueEnd: this.#last });
    }
    this.#keyStart = -1;
    this.#keyEnd = -1;
  }

  /** In YAML `a:1` is one word, unless the key is quoted. */
  #isColon(at: number): boolean {
    if (!this.#isYaml) return true;
    const next = this.#source[at + 1];
    const before = this.#source[this.#last];
    return next === undefined || isSpace(next) || next === 44 || next === 125 || before === 34 || before === 39;
  }

  /** `'` inside a plain YAML word is an apostrophe. */
  #startsToken(at: number): boolean {
    const before = this.#source[at - 1]!;
    return !this.#isYaml || isSpace(before) || before === 44 || before === 58 || before === 123 || before === 91;
  }

  #startsComment(at: number, byte: number): boolean {
    if (this.#isYaml) return byte === 35 && isSpace(this.#source[at - 1]);
    return byte === 47 && (this.#source[at + 1] === 47 || this.#source[at + 1] === 42);
  }

  #afterComment(at: number): number {
    const source = this.#source;
    if (source[at + 1] !== 42 || this.#isYaml) return endOfLine(source, at);
    let end = source.indexOf(47, at + 3);
    while (end !== -1 && source[end - 1] !== 42) end = source.indexOf(47, end + 1);
    return end === -1 ? source.length : end + 1;
  }
}
