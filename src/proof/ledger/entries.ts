// The lines of the ledger: one a proof, in files of 256 that never change again once they are full.
import { placeOf } from '../path-law.ts';
import { HASH_BYTES } from './merkle.ts';

export interface Entry {
  readonly index: number;
  /** Leaf hash, 64 lowercase hex digits: SHA-256 of a zero byte and the proof's bytes. */
  readonly leaf: string;
  /** Relative to proofs/. */
  readonly path: string;
}

export const ENTRIES_A_FILE = 256;
/** A line is far shorter than this; what is longer is not read to its end. */
export const MAX_ENTRY_FILE_BYTES = ENTRIES_A_FILE * 256;
const ENTRIES_FOLDER = 'ledger/entries';

const ENTRY_FILE = /^ledger\/entries\/(?:x[0-9]{3}\/)*[0-9]{3}$/;
const LINE = /^(0|[1-9][0-9]{0,15}) ([0-9a-f]{64}) ([^ ]+)$/;

/** Of the file that has the entries from `number * 256`: `ledger/entries/000`, …, `ledger/entries/x001/000`. Source: C2SP tlog-tiles. */
export function entryFileOf(number: number): string {
  const groups = [String(number % 1000).padStart(3, '0')];
  for (let rest = Math.floor(number / 1000); rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  return `${ENTRIES_FOLDER}/${groups.join('/')}`;
}

export function isEntryFile(path: string): boolean {
  return ENTRY_FILE.test(path);
}

export interface ParsedEntries {
  /** Lines there are, whatever is in them. */
  readonly lines: number;
  /** Those whose line is as it must be. */
  readonly entries: readonly Entry[];
  /** One for each line, and each thing about the whole, that is not. */
  readonly flaws: readonly string[];
}

/** Line k of a file must have the index `first + k`: nothing is left out, doubled or renumbered. */
export function parseEntries(bytes: Uint8Array, first: number): ParsedEntries {
  const entries: Entry[] = [];
  const flaws: string[] = [];
  // One byte, one character: whatever is not ASCII fails the pattern.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines = buffer.toString('latin1').split('\n');
  if (lines.pop() !== '') flaws.push('its last line does not end');
  if (lines.length === 0) flaws.push('it has no entry');
  if (lines.length > ENTRIES_A_FILE) flaws.push(`it has ${lines.length} lines; a file has at most ${ENTRIES_A_FILE}`);
  let start = 0;
  for (const [offset, line] of lines.slice(0, ENTRIES_A_FILE).entries()) {
    const [, index = '', leaf = '', path = ''] = LINE.exec(line) ?? [];
    const end = start + line.length;
    // Texts of their own: a part of the line would keep the whole file in memory.
    if (Number(index) === first + offset && leaf !== '' && placeOf(path) !== null)
      entries.push({
        index: first + offset,
        leaf: buffer.toString('latin1', start + index.length + 1, end - path.length - 1),
        path: buffer.toString('latin1', end - path.length, end),
      });
    else flaws.push(`line ${offset + 1} is not "${first + offset}", a leaf hash and the path of a proof`);
    start = end + 1;
  }
  return { lines: lines.length, entries, flaws };
}

export function writeEntries(entries: Iterable<Entry>): string {
  let text = '';
  for (const { index, leaf, path } of entries) text += `${index} ${leaf} ${path}\n`;
  return text;
}

export function leafOf({ leaf }: Pick<Entry, 'leaf'>): Buffer {
  return Buffer.from(leaf.length === 2 * HASH_BYTES ? leaf : '', 'hex');
}
