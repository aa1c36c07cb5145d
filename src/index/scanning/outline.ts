// What every scanner shares: byte classes, reading a name, and the outline that turns byte offsets into symbols.
// Scanners never count lines: offsets become lines once, at the end, in one sweep over the newlines.
import type { CodeSymbol, Scan, SymbolKind } from '../languages/language.ts';

const START = 1;
const PART = 2;
const SPACE = 4;

const CLASS = new Uint8Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  const isLetter = (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 95 || byte >= 128;
  const isDigit = byte >= 48 && byte <= 57;
  const isSpace = byte === 32 || (byte >= 9 && byte <= 13);
  CLASS[byte] = (isLetter ? START | PART : 0) | (isDigit ? PART : 0) | (isSpace ? SPACE : 0);
}

/** Letters, `_` and every byte of a non-ASCII character. A scanner that wants `$` asks for it. */
export function isNameStart(byte: number | undefined): boolean {
  return byte !== undefined && (CLASS[byte]! & START) !== 0;
}

export function isNamePart(byte: number | undefined): boolean {
  return byte !== undefined && (CLASS[byte]! & PART) !== 0;
}

/** Space, tab, newline, carriage return, vertical tab, form feed. */
export function isSpace(byte: number | undefined): boolean {
  return byte !== undefined && (CLASS[byte]! & SPACE) !== 0;
}

/** Offset after the name that starts at `from`. */
export function skipName(source: Uint8Array, from: number): number {
  let at = from;
  while (at < source.length && (CLASS[source[at]!]! & PART) !== 0) at += 1;
  return at;
}

/** Offset of the `\n` at or after `from`, or the end. */
export function endOfLine(source: Uint8Array, from: number): number {
  const found = source.indexOf(10, from);
  return found === -1 ? source.length : found;
}

export function startsWith(source: Uint8Array, text: string, at: number): boolean {
  if (at + text.length > source.length) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (source[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

export function textOf(source: Uint8Array, start: number, end: number): string {
  return Buffer.from(source.buffer, source.byteOffset + start, end - start).toString('utf8');
}

interface Entry {
  name: string;
  kind: SymbolKind;
  container: string | null;
  start: number;
  end: number;
  exported: boolean;
}

const SIGNATURE_LIMIT = 200;

/** Collects definitions by byte offset. `open` returns a handle to pass to `close`, or as the container of others. */
export class Outline {
  readonly #source: Uint8Array;
  readonly #entries: Entry[] = [];
  readonly #imports = new Set<string>();

  constructor(source: Uint8Array) {
    this.#source = source;
  }

  /**
   * `start` is the offset where the definition begins (its first modifier or keyword).
   * Until `close` is called the definition ends where it starts.
   */
  open(name: string, kind: SymbolKind, start: number, options: { container?: string | null; exported?: boolean } = {}): number {
    this.#entries.push({ name, kind, container: options.container ?? null, start, end: start, exported: options.exported ?? false });
    return this.#entries.length - 1;
  }

  /** `end`: offset of the last byte of the definition, or one after it. */
  close(handle: number, end: number): void {
    const entry = this.#entries[handle];
    if (entry !== undefined) entry.end = Math.max(entry.start, end);
  }

  /** For `export { name }` or `__all__`, which come after the definition. */
  export(name: string): void {
    for (const entry of this.#entries) {
      if (entry.name === name && entry.container === null) entry.exported = true;
    }
  }

  /** Like `export`, for one definition of which only its handle is known to be exported. */
  expose(handle: number): void {
    const entry = this.#entries[handle];
    if (entry !== undefined) entry.exported = true;
  }

  /** `Outer.inner`, to be used as the container of what stands inside. */
  pathOf(handle: number): string {
    const entry = this.#entries[handle]!;
    return entry.container === null ? entry.name : `${entry.container}.${entry.name}`;
  }

  import(module: string): void {
    if (module !== '') this.#imports.add(module);
  }

  finish(): Scan {
    const lineOf = this.#toLines();
    const symbols = this.#entries.map((entry): CodeSymbol => ({
      name: entry.name,
      kind: entry.kind,
      container: entry.container,
      line: lineOf(entry.start),
      endLine: lineOf(entry.end),
      signature: this.#signature(entry.start),
      exported: entry.exported,
    }));
    symbols.sort((a, b) => a.line - b.line);
    return { symbols, imports: [...this.#imports] };
  }

  /** For the offsets of the entries, and for no others. */
  #toLines(): (offset: number) => number {
    const source = this.#source;
    const offsets = new Int32Array(this.#entries.length * 2);
    this.#entries.forEach((entry, index) => {
      offsets[index * 2] = entry.start;
      offsets[index * 2 + 1] = entry.end;
    });
    offsets.sort();
    const lines = new Int32Array(offsets.length);
    let line = 1;
    let at = 0;
    for (let index = 0; index < offsets.length; index += 1) {
      // Byte by byte: lines are short, and to ask for the next newline costs as much as twenty bytes.
      for (const end = Math.min(offsets[index]!, source.length); at < end; at += 1) if (source[at] === 10) line += 1;
      lines[index] = line;
    }
    return (offset) => lines[placeOf(offsets, offset)]!;
  }

  #signature(start: number): string {
    const source = this.#source;
    // Only as far as a signature can reach: a file may be one line of many definitions.
    const limit = Math.min(start + 4 * SIGNATURE_LIMIT, source.length);
    let end = start;
    while (end < limit && source[end] !== 10) end += 1;
    const text = textOf(source, start, end).trim();
    return text.length <= SIGNATURE_LIMIT ? text : text.slice(0, SIGNATURE_LIMIT).toWellFormed();
  }
}

/** Where a number stands first in an ascending list that has it. */
function placeOf(numbers: Int32Array, wanted: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
