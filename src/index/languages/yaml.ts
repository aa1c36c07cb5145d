// YAML: the keys of the top mapping of each document. Only lines at the top's own indentation are looked at;
// what lies deeper, block scalars included, is passed over a line at a time.
import { afterString, walkFlow } from '../scanning/flow.ts';
import type { Language, Scan } from './language.ts';
import { endOfLine, Outline, startsWith, textOf } from '../scanning/outline.ts';

export default {
  name: 'yaml',
  extensions: ['.yaml', '.yml'],
  filenames: ['.clang-format', '.clang-tidy'],
  scan: (source) => new YamlScanner(source).run(),
} satisfies Language;

/** YAML's own limit for a key on one line. */
const KEY_LIMIT = 1_024;

class YamlScanner {
  readonly #source: Uint8Array;
  readonly #outline: Outline;
  /** Indentation of the top mapping: -1 before its first line, Infinity when the document is something else. */
  #indent = -1;
  #open = -1;
  #lastContent = 0;

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#outline = new Outline(source);
  }

  run(): Scan {
    let at = startsWith(this.#source, '\u00ef\u00bb\u00bf', 0) ? 3 : 0;
    while (at < this.#source.length) at = this.#line(at);
    this.#close();
    return this.#outline.finish();
  }

  /** Returns the start of the next line. */
  #line(start: number): number {
    const source = this.#source;
    let at = start;
    while (source[at] === 32) at += 1;
    const byte = source[at];
    if (at === start && this.#isMarker(start)) return this.#marker(start);
    if (byte === undefined || byte === 10 || byte === 13 || byte === 9) return endOfLine(source, at) + 1;
    if (this.#indent === Infinity || (this.#indent !== -1 && at - start > this.#indent)) return this.#content(at);
    if (byte === 35 || byte === 37 || isTemplate(source, at)) return endOfLine(source, at) + 1;
    if (this.#indent === -1) return this.#first(start, at);
    return this.#key(at);
  }

  #content(at: number): number {
    const end = endOfLine(this.#source, at);
    if (this.#indent !== Infinity) this.#lastContent = Math.max(at, end - 1);
    return end + 1;
  }

  #isMarker(at: number): boolean {
    if (!startsWith(this.#source, '---', at) && !startsWith(this.#source, '...', at)) return false;
    const next = this.#source[at + 3];
    return next === undefined || next === 32 || next === 9 || next === 10 || next === 13;
  }

  #marker(at: number): number {
    this.#close();
    this.#indent = -1;
    const value = this.#skipProperties(at + 3);
    const byte = this.#source[value];
    if (byte === 124 || byte === 62) this.#indent = Infinity;
    else if (byte === 123 || byte === 91) return this.#flowDocument(value);
    return endOfLine(this.#source, value) + 1;
  }

  /** The first content of a document decides what it is. */
  #first(start: number, at: number): number {
    const byte = this.#source[at];
    if (byte === 123 || byte === 91) return this.#flowDocument(at);
    this.#indent = byte === 45 && isBlankOrEnd(this.#source[at + 1]) ? Infinity : at - start;
    return this.#indent === Infinity ? endOfLine(this.#source, at) + 1 : this.#key(at);
  }

  #flowDocument(at: number): number {
    this.#indent = Infinity;
    const end = walkFlow(this.#source, at, { comments: '#' }, (key) => {
      const name = this.#nameOf(key.start, key.end);
      if (name !== '') this.#outline.close(this.#outline.open(name, 'key', key.start), key.valueEnd);
    });
    return endOfLine(this.#source, end) + 1;
  }

  #key(at: number): number {
    const source = this.#source;
    const indicator = isBlankOrEnd(source[at + 1]) ? source[at] : 0;
    if (indicator === 63) return this.#explicitKey(at);
    if (indicator === 58) return this.#value(at + 1);
    const start = this.#skipProperties(at);
    const colon = indicator === 45 ? -1 : this.#colonAfter(start);
    if (colon === -1) return this.#content(at);
    this.#begin(at, this.#nameOf(start, colon));
    return this.#value(colon + 1);
  }

  /** `? key`, its value after `: ` on a line of its own. */
  #explicitKey(at: number): number {
    const start = this.#skipProperties(at + 1);
    const end = Math.min(endOfLine(this.#source, start), start + KEY_LIMIT);
    const byte = this.#source[start]!;
    const isScalar = byte !== 45 && byte !== 91 && byte !== 123 && byte !== 124 && byte !== 62;
    this.#begin(at, isScalar ? this.#nameOf(start, end) : '');
    return this.#content(at);
  }

  #begin(at: number, name: string): void {
    this.#close();
    if (name !== '' && name !== '<<') this.#open = this.#outline.open(name, 'key', at);
  }

  #nameOf(start: number, end: number): string {
    const text = textOf(this.#source, start, end).trim();
    if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
    if (!text.startsWith('"')) return text;
    try {
      return String(JSON.parse(text));
    } catch {
      // YAML knows more escapes than JSON; a key that uses them keeps them as written.
      return text.slice(1, -1);
    }
  }

  /** Offset of the `:` that ends the key, or -1. */
  #colonAfter(start: number): number {
    const source = this.#source;
    const isQuoted = source[start] === 34 || source[start] === 39;
    let at = isQuoted ? afterString(source, start, source[start] === 39) : start;
    const limit = Math.min(source.length, start + KEY_LIMIT);
    for (; at < limit && source[at] !== 10; at += 1) {
      if (source[at] === 58 && isBlankOrEnd(source[at + 1])) return at;
      if (source[at] === 35 && source[at - 1] === 32) return -1;
    }
    return -1;
  }

  /** A quoted or flow value may go over several lines; everything else is indented deeper. */
  #value(from: number): number {
    const source = this.#source;
    const at = this.#skipProperties(from);
    const byte = source[at];
    let end = at;
    if (byte === 34 || byte === 39) end = afterString(source, at, byte === 39);
    else if ((byte === 123 || byte === 91) && !isTemplate(source, at)) end = walkFlow(source, at, { comments: '#' });
    this.#lastContent = Math.max(from - 1, Math.min(end, source.length) - 1);
    return endOfLine(source, end) + 1;
  }

  /** Offset after blanks, anchors and tags. */
  #skipProperties(from: number): number {
    const source = this.#source;
    let at = from;
    for (;;) {
      while (source[at] === 32 || source[at] === 9) at += 1;
      if (source[at] !== 38 && source[at] !== 33) return at;
      while (!isBlankOrEnd(source[at])) at += 1;
    }
  }

  #close(): void {
    if (this.#open !== -1) this.#outline.close(this.#open, this.#lastContent);
    this.#open = -1;
  }
}

function isBlankOrEnd(byte: number | undefined): boolean {
  return byte === undefined || byte === 32 || byte === 9 || byte === 10 || byte === 13;
}

/** `{{` of Helm and Ansible, `{%` of Jinja: a line for the template engine, no flow mapping. */
function isTemplate(source: Uint8Array, at: number): boolean {
  return source[at] === 123 && (source[at + 1] === 123 || source[at + 1] === 37);
}
