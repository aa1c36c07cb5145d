// Markdown: the headings that are the document's own, not those quoted in a list item, a quote or a code block.
// Follows CommonMark's block structure: which container a line belongs to is known before what the line is.
import { plainText } from '../scanning/inline-markup.ts';
import { Keywords } from '../scanning/keywords.ts';
import type { Language, Scan } from './language.ts';
import { endOfLine, Outline, startsWith, textOf } from '../scanning/outline.ts';

export default {
  name: 'markdown',
  extensions: ['.md', '.markdown', '.mdx'],
  scan: (source) => new MarkdownScanner(source).run(),
} satisfies Language;

interface Fence {
  readonly byte: number;
  readonly length: number;
  /** How many list items it stands in: it ends when one of them does. */
  readonly depth: number;
}

interface Line {
  /** Offset of the first byte that is not indentation, and its column. */
  at: number;
  column: number;
  readonly end: number;
}

/** Deeper lists than this are text. */
const LIST_DEPTH = 32;
const NAME_LIMIT = 1_000;

const RAW_TAGS = new Keywords(['script', 'pre', 'style', 'textarea'], { ignoreCase: true });
const BLOCK_TAGS = new Keywords(
  [
    'address',
    'article',
    'aside',
    'base',
    'basefont',
    'blockquote',
    'body',
    'caption',
    'center',
    'col',
    'colgroup',
    'dd',
    'details',
    'dialog',
    'dir',
    'div',
    'dl',
    'dt',
    'fieldset',
    'figcaption',
    'figure',
    'footer',
    'form',
    'frame',
    'frameset',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'head',
    'header',
    'hr',
    'html',
    'iframe',
    'legend',
    'li',
    'link',
    'main',
    'menu',
    'menuitem',
    'nav',
    'noframes',
    'ol',
    'optgroup',
    'option',
    'p',
    'param',
    'search',
    'section',
    'summary',
    'table',
    'tbody',
    'td',
    'tfoot',
    'th',
    'thead',
    'title',
    'tr',
    'track',
    'ul',
  ],
  { ignoreCase: true },
);

class MarkdownScanner {
  readonly #source: Uint8Array;
  readonly #outline: Outline;
  /** Open headings, outermost first: a heading's section ends where the next of its level or above begins. */
  readonly #sections: { readonly level: number; readonly handle: number; readonly name: string }[] = [];
  /** Column at which the content of each open list item begins. */
  readonly #items: number[] = [];
  #fence: Fence | null = null;
  /** What ends an open HTML block: a text, '' for an empty line, or null when there is none. */
  #htmlEnd: string | null = null;
  /** Offset of the paragraph that the last line belonged to, or -1. */
  #paragraph = -1;
  /** That paragraph is the document's own, so an underline makes it a heading. */
  #isOwn = false;

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#outline = new Outline(source);
  }

  run(): Scan {
    const source = this.#source;
    let at = startsWith(source, '\u00ef\u00bb\u00bf', 0) ? 3 : 0;
    at = afterFrontMatter(source, at);
    while (at < source.length) {
      const end = endOfLine(source, at);
      this.#line(at, source[end - 1] === 13 && end > at ? end - 1 : end);
      at = end + 1;
    }
    this.#closeSections(0, source.length);
    return this.#outline.finish();
  }

  #line(start: number, end: number): void {
    const line: Line = { at: start, column: 0, end };
    skipIndentation(this.#source, line);
    if (line.at === end) return this.#blank();
    const depth = this.#containers(line);
    if (this.#fence !== null && depth >= this.#fence.depth) return this.#inFence(line, depth);
    this.#fence = null;
    if (this.#htmlEnd !== null && depth >= this.#items.length) return this.#inHtml(start, end);
    this.#htmlEnd = null;
    this.#block(start, line, depth);
  }

  #blank(): void {
    this.#paragraph = -1;
    if (this.#htmlEnd === '') this.#htmlEnd = null;
  }

  /** How many of the open list items the line is inside of, by its indentation. */
  #containers(line: Line): number {
    let depth = 0;
    while (depth < this.#items.length && line.column >= this.#items[depth]!) depth += 1;
    return depth;
  }

  #indentOf(line: Line, depth: number): number {
    return line.column - (depth === 0 ? 0 : this.#items[depth - 1]!);
  }

  #inFence(line: Line, depth: number): void {
    const { byte, length } = this.#fence!;
    const run = runLength(this.#source, line.at, byte);
    const isEnd = run >= length && isBlankFrom(this.#source, line.at + run, line.end);
    if (isEnd && this.#indentOf(line, Math.min(depth, this.#fence!.depth)) < 4) this.#fence = null;
  }

  #inHtml(start: number, end: number): void {
    if (this.#htmlEnd !== '' && includes(this.#source, this.#htmlEnd!, start, end)) this.#htmlEnd = null;
  }

  #block(start: number, line: Line, matched: number): void {
    let depth = matched;
    if (this.#indentOf(line, depth) >= 4) {
      // Indented code, unless a paragraph is open: then its next line.
      if (this.#paragraph === -1) this.#items.length = depth;
      return;
    }
    if (this.#paragraph !== -1 && depth === this.#items.length && this.#underline(start, line, depth)) return;
    const isLazy = this.#paragraph !== -1 && depth < this.#items.length;
    while (!isThematicBreak(this.#source, line) && depth < LIST_DEPTH && this.#openItem(line, depth)) depth += 1;
    const isOwn = depth === 0;
    const opened = this.#leaf(start, line, depth);
    if (opened || !isLazy) this.#items.length = Math.min(this.#items.length, depth);
    if (opened) this.#paragraph = -1;
    else if (this.#paragraph === -1) this.#beginParagraph(line, isOwn);
  }

  /** True when the line is a block of its own, and not a paragraph's. */
  #leaf(start: number, line: Line, depth: number): boolean {
    const source = this.#source;
    if (line.at >= line.end) return true;
    if (this.#indentOf(line, depth) >= 4) return this.#paragraph === -1;
    const byte = source[line.at]!;
    if (byte === 35) return this.#atxHeading(start, line, depth);
    if (byte === 96 || byte === 126) return this.#openFence(line, depth);
    if (byte === 62) return this.#quote(line);
    if (byte === 60) return this.#openHtml(line);
    return isThematicBreak(source, line);
  }

  /** A quote's paragraph goes on without its mark, and is never the document's. */
  #quote(line: Line): boolean {
    let at = line.at;
    while (this.#source[at] === 62 || this.#source[at] === 32 || this.#source[at] === 9) at += 1;
    const hasText = at < line.end && this.#source[at] !== 35 && this.#source[at] !== 96 && this.#source[at] !== 126;
    this.#paragraph = hasText ? at : -1;
    this.#isOwn = false;
    return !hasText;
  }

  #beginParagraph(line: Line, isOwn: boolean): void {
    this.#paragraph = line.at;
    this.#isOwn = isOwn;
    // `[name]: url` defines a link and is no text.
    if (isOwn && this.#source[line.at] === 91 && includes(this.#source, ']:', line.at, line.end)) this.#paragraph = -1;
  }

  #underline(start: number, line: Line, depth: number): boolean {
    const byte = this.#source[line.at]!;
    if (byte !== 61 && byte !== 45) return false;
    const run = runLength(this.#source, line.at, byte);
    if (!isBlankFrom(this.#source, line.at + run, line.end)) return false;
    if (depth === 0 && !this.#isOwn) return false;
    if (depth === 0) this.#heading(byte === 61 ? 1 : 2, lineStart(this.#source, this.#paragraph), this.#paragraph, start - 1);
    this.#paragraph = -1;
    return true;
  }

  #atxHeading(start: number, line: Line, depth: number): boolean {
    const level = runLength(this.#source, line.at, 35);
    const after = line.at + level;
    if (level > 6 || (after < line.end && this.#source[after] !== 32 && this.#source[after] !== 9)) return false;
    if (depth === 0) this.#heading(level, start, after, line.end);
    return true;
  }

  #heading(level: number, start: number, from: number, to: number): void {
    this.#closeSections(level, start);
    const raw = textOf(this.#source, from, Math.min(to, from + NAME_LIMIT)).replace(/(^|[ \t])#+[ \t]*$/, '');
    const name = plainText(raw);
    if (name === '') return;
    const container = this.#sections.at(-1)?.name ?? null;
    this.#sections.push({ level, name, handle: this.#outline.open(name, 'heading', start, { container }) });
  }

  #closeSections(level: number, start: number): void {
    while (this.#sections.length > 0 && this.#sections.at(-1)!.level >= level) {
      this.#outline.close(this.#sections.pop()!.handle, start - 1);
    }
  }

  #openFence(line: Line, depth: number): boolean {
    const byte = this.#source[line.at]!;
    const length = runLength(this.#source, line.at, byte);
    if (length < 3) return false;
    if (byte === 96 && this.#source.subarray(line.at + length, line.end).includes(96)) return false;
    this.#fence = { byte, length, depth };
    return true;
  }

  /** `- text`, `12. text`: opens an item and moves `line` to its content. */
  #openItem(line: Line, depth: number): boolean {
    const source = this.#source;
    if (line.at >= line.end || this.#indentOf(line, depth) >= 4) return false;
    const width = markerWidth(source, line.at);
    const after = line.at + width;
    if (width === 0 || (after < line.end && source[after] !== 32 && source[after] !== 9)) return false;
    const isEmpty = isBlankFrom(source, after, line.end);
    // In a paragraph only a list that starts at 1, with text, begins a list.
    const interrupts = this.#paragraph !== -1 && depth >= this.#items.length;
    if (interrupts && (isEmpty || (width > 1 && !(width === 2 && source[line.at] === 49)))) return false;
    const content: Line = { at: after, column: line.column + width, end: line.end };
    skipIndentation(source, content);
    const gap = content.column - line.column - width;
    this.#items.length = depth;
    this.#items.push(line.column + width + (isEmpty || gap > 4 ? 1 : gap));
    this.#paragraph = -1;
    line.at = content.at;
    line.column = content.column;
    return true;
  }

  #openHtml(line: Line): boolean {
    const end = this.#htmlEndOf(line);
    if (end === null) return false;
    this.#htmlEnd = end;
    this.#inHtml(line.at + 2, line.end);
    return true;
  }

  #htmlEndOf(line: Line): string | null {
    const source = this.#source;
    const at = line.at + 1;
    if (startsWith(source, '!--', at)) return '-->';
    if (source[at] === 63) return '?>';
    if (startsWith(source, '![CDATA[', at)) return ']]>';
    if (source[at] === 33) return '>';
    const name = source[at] === 47 ? at + 1 : at;
    let end = name;
    while (end < line.end && isTagByte(source[end]!)) end += 1;
    if (end === name) return null;
    if (name === at && RAW_TAGS.at(source, name, end) !== undefined) return `</${textOf(source, name, end)}>`;
    if (BLOCK_TAGS.at(source, name, end) !== undefined) return '';
    return this.#paragraph === -1 && isWholeTag(source, end, line.end) ? '' : null;
  }
}

function lineStart(source: Uint8Array, at: number): number {
  return at === 0 ? 0 : source.lastIndexOf(10, at - 1) + 1;
}

function skipIndentation(source: Uint8Array, line: Line): void {
  for (; line.at < line.end; line.at += 1) {
    if (source[line.at] === 32) line.column += 1;
    else if (source[line.at] === 9) line.column += 4 - (line.column % 4);
    else return;
  }
}

function runLength(source: Uint8Array, from: number, byte: number): number {
  let at = from;
  while (source[at] === byte) at += 1;
  return at - from;
}

function isBlankFrom(source: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) if (source[at] !== 32 && source[at] !== 9) return false;
  return true;
}

/** `***`, `- - -`, `___` */
function isThematicBreak(source: Uint8Array, line: Line): boolean {
  const byte = source[line.at];
  if (byte !== 42 && byte !== 45 && byte !== 95) return false;
  let count = 0;
  for (let at = line.at; at < line.end; at += 1) {
    if (source[at] === byte) count += 1;
    else if (source[at] !== 32 && source[at] !== 9) return false;
  }
  return count >= 3;
}

/** Bytes of a list marker at `at`, or 0. */
function markerWidth(source: Uint8Array, at: number): number {
  const byte = source[at]!;
  if (byte === 45 || byte === 43 || byte === 42) return 1;
  let end = at;
  while (end - at < 9 && source[end]! >= 48 && source[end]! <= 57) end += 1;
  return end > at && (source[end] === 46 || source[end] === 41) ? end - at + 1 : 0;
}

function includes(source: Uint8Array, text: string, start: number, end: number): boolean {
  return Buffer.from(source.buffer, source.byteOffset + start, Math.max(0, end - start)).includes(text, 0, 'latin1');
}

function isTagByte(byte: number): boolean {
  return (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || (byte >= 48 && byte <= 57) || byte === 45;
}

/** The first `>` ends the line: a tag alone on it opens a block, one before text does not. */
function isWholeTag(source: Uint8Array, from: number, end: number): boolean {
  let close = from;
  while (close < end && source[close] !== 62) close += 1;
  return close < end && isBlankFrom(source, close + 1, end);
}

/** `---` (YAML) or `+++` (TOML) on the first line, up to the same again. */
function afterFrontMatter(source: Uint8Array, start: number): number {
  const mark = startsWith(source, '---', start) ? '---' : '+++';
  if (!startsWith(source, mark, start) || !isLineOf(source, start, 3)) return start;
  for (let at = endOfLine(source, start) + 1; at < source.length; at = endOfLine(source, at) + 1) {
    const isEnd = startsWith(source, mark, at) || (mark === '---' && startsWith(source, '...', at));
    if (isEnd && isLineOf(source, at, 3)) return endOfLine(source, at) + 1;
  }
  return start;
}

function isLineOf(source: Uint8Array, start: number, length: number): boolean {
  const end = endOfLine(source, start);
  return isBlankFrom(source, start + length, source[end - 1] === 13 ? end - 1 : end);
}
