// One file of a directory of others, as the rules see it: what can be read out of it, and where each thing stands.
import { decodeUtf8 } from '../canonical.ts';
import type { FileHistory } from './history.ts';
import { readJson, type Fact, type JsonText } from './json-facts.ts';
import { timesIn, type Time } from './times.ts';

export interface Exhibit {
  /** Relative to the directory. */
  readonly path: string;
  /** The last part of the path. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly bytes: Uint8Array;
  /** Null where it is not UTF-8 text. */
  readonly text: string | null;
  /** Named `.json`, or beginning like JSON; null for everything else. */
  readonly json: JsonText | null;
  /** Of JSON that can be read, every scalar; otherwise none. */
  readonly facts: readonly Fact[];
  /** Every date and time in the text. */
  readonly times: readonly Time[];
  /** Of git, where it was asked. */
  readonly history: FileHistory | null;
  /** Whether there is a file of this path in the directory, or beside the directory under its name. */
  readonly hasFile: (path: string) => boolean;
}

export interface ExhibitParts {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly history: FileHistory | null;
  readonly hasFile: (path: string) => boolean;
}

export function toExhibit({ path, bytes, history, hasFile }: ExhibitParts): Exhibit {
  const decoded = decodeUtf8(bytes);
  const text = decoded === null || decoded.includes('\0') ? null : decoded;
  const isJson = path.toLowerCase().endsWith('.json') || /^\s*[{[]/.test(text ?? '');
  const json = isJson && text !== null && text.trim() !== '' ? readJson(text) : null;
  return {
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    sizeBytes: bytes.length,
    bytes,
    text,
    json,
    facts: json?.ok === true ? json.facts : [],
    times: text === null ? [] : timesIn(text),
    history,
    hasFile,
  };
}

/** From 1, in UTF-16 units. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
