// Documents of metrics as text: how bytes become lines, and where in them something is.
import { isUtf8 } from 'node:buffer';
import { harmless } from '../markdown.ts';
import type { MetricsError } from './reading.ts';

export interface Place {
  readonly line: number;
  /** In UTF-16 code units, from 1, as editors count. */
  readonly column: number;
}

/** More are not told: what is broken in a hundred places is broken in the same way. */
export const MAX_ERRORS = 100;

/** The mistakes of one document. */
export class Mistakes {
  readonly #errors: MetricsError[] = [];

  add({ line, column }: Place, message: string, code: MetricsError['code'] = 'METRICS_INVALID'): void {
    if (this.isFull) return;
    this.#errors.push({ line, column, code, message });
  }

  get isFull(): boolean {
    return this.#errors.length >= MAX_ERRORS;
  }

  /** By place; one that is seen only at the end of a family belongs where the family stands. */
  inOrder(): readonly MetricsError[] {
    return this.#errors.toSorted((left, right) => left.line - right.line || left.column - right.column);
  }
}

export type Decoded = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: MetricsError };

/** UTF-8 without a byte order mark. */
export function decode(bytes: Uint8Array): Decoded {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.subarray(0, 3).equals(BYTE_ORDER_MARK)) return refuse({ line: 1, column: 1 }, 'a byte order mark, which must not be there');
  if (isUtf8(buffer)) return { ok: true, text: buffer.toString('utf8') };
  return refuse(placeOfBadByte(buffer), 'a byte that is not UTF-8');
}

export interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** False of a last line that nothing ends. */
  readonly isEnded: boolean;
}

/** Nothing follows the last line feed. */
export function* linesOf(text: string): Generator<Line> {
  let number = 1;
  for (let start = 0; start < text.length; number += 1) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed;
    yield { text: text.slice(start, end), number, isEnded: feed !== -1 };
    start = end + 1;
  }
}

/** Where the text ends. */
export function endOf(text: string): Place {
  const feed = text.lastIndexOf('\n');
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) line += 1;
  return { line, column: text.length - feed };
}

/** What a document says, as a person may be shown it. */
export function excerpt(text: string): string {
  return harmless(JSON.stringify(text.length <= 40 ? text : `${text.slice(0, 40).toWellFormed()}…`));
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const REPLACEMENT = Buffer.from('\uFFFD');
const LINE_FEED = 0x0a;

function placeOfBadByte(buffer: Buffer): Place {
  let line = 1;
  for (let start = 0; ; line += 1) {
    const feed = buffer.indexOf(LINE_FEED, start);
    const bytes = buffer.subarray(start, feed === -1 ? buffer.length : feed);
    if (!isUtf8(bytes)) return { line, column: columnOfBadByte(bytes) };
    start += bytes.length + 1;
  }
}

/** A replacement character of the decoder's has not the bytes of one that was written. */
function columnOfBadByte(bytes: Buffer): number {
  let column = 1;
  let at = 0;
  for (const character of bytes.toString('utf8')) {
    const encoded = Buffer.from(character);
    if (character === '\uFFFD' && !bytes.subarray(at, at + REPLACEMENT.length).equals(REPLACEMENT)) break;
    column += character.length;
    at += encoded.length;
  }
  return column;
}

function refuse({ line, column }: Place, message: string): Decoded {
  return { ok: false, error: { line, column, code: 'METRICS_INVALID', message } };
}
