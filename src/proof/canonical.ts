// The byte law: a proof has exactly one spelling, `bytes == serialize(parse(bytes))`.
// That kills duplicate keys, whitespace games, `-0`, unsafe integers and `\u0041` with one comparison.
import { isUtf8 } from 'node:buffer';
import type { Json, JsonObject } from '../outcome.ts';

export const MAX_DEPTH = 64;

/** `reason` says what is wrong and where; `isSpelling` is false where the text is no JSON of ours at all. */
export type Parsed =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly reason: string; readonly isTooDeep: boolean };

/**
 * The one text of a value: keys sorted by UTF-16 code unit, two spaces, one final line feed.
 * Written by hand because a sorted object is not enough: integer-like keys still come first, and `__proto__` vanishes.
 * Throws a RangeError for what the law forbids: unsafe integers, lone surrogates, depth.
 */
export function serialize(value: Json): string {
  return `${write(value, '\n', 1)}\n`;
}

/** RFC 8785 (JCS): the same without whitespace. */
export function serializeCompact(value: Json): string {
  return writeCompact(value, 1);
}

/** Bytes that are anything but the one spelling of their value are refused, with the place. */
export function parseCanonical(bytes: Uint8Array): Parsed {
  // JSON.parse overflows the stack at some 20,000 levels: where there can be as many, depth is counted before.
  const tooDeep = bytes.length > MAX_SAFE_BYTES ? refuseDepth(bytes) : null;
  if (tooDeep !== null) return tooDeep;
  const decoded = decodeUtf8(bytes);
  if (decoded === null) return refuse('not UTF-8');
  if (decoded.startsWith('\uFEFF')) return refuse('starts with a byte order mark');
  try {
    const value = parseJson(decoded);
    if (isPlainlyCanonical(value, decoded)) return { ok: true, value };
    const text = serialize(value);
    return text === decoded ? { ok: true, value } : refuse(describeDifference(decoded, text));
  } catch (thrown) {
    return refuseDepth(bytes) ?? refuse(thrown instanceof Error ? thrown.message : 'not JSON');
  }
}

/** JSON.parse gives nothing but JSON; said once, so that no reader needs a cast. Throws a SyntaxError. */
export const parseJson: (text: string) => Json = JSON.parse;

/** True for a value that is an object, and neither null nor a list. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

/** `Array.isArray` does not narrow a readonly array away. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** So few bytes cannot be nested deeply enough to do harm. */
const MAX_SAFE_BYTES = 8 * 1024;

/**
 * The engine's own writer agrees with the byte law in everything but the order of keys, integers that are not safe, lone surrogates
 * and depth. A value that has none of these is compared with what it writes, in a third of the time; any other takes the long way.
 */
function isPlainlyCanonical(value: Json, decoded: string): boolean {
  return !decoded.includes('\\ud') && isOrdered(value, 1) && `${JSON.stringify(value, null, 2)}\n` === decoded;
}

function isOrdered(value: Json, depth: number): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth > MAX_DEPTH) return false;
  if (isList(value)) return value.every((item) => isOrdered(item, depth + 1));
  let last = '';
  for (const key of Object.keys(value)) {
    if (key < last || !isOrdered(value[key] ?? null, depth + 1)) return false;
    last = key;
  }
  return true;
}

function refuseDepth(bytes: Uint8Array): Parsed | null {
  const at = findTooDeep(bytes, MAX_DEPTH);
  return at === null ? null : { ok: false, reason: `nested deeper than ${MAX_DEPTH} levels at byte ${at}`, isTooDeep: true };
}

/** Null for what is not UTF-8: Buffer.toString() would turn it into U+FFFD, and the text would round-trip while the bytes are wrong. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  return isUtf8(bytes) ? toBuffer(bytes).toString('utf8') : null;
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function refuse(reason: string): Parsed {
  return { ok: false, reason, isTooDeep: false };
}

function write(value: Json, lineBreak: string, depth: number): string {
  if (typeof value !== 'object' || value === null) return writeScalar(value);
  if (depth > MAX_DEPTH) throw new RangeError(`nested deeper than ${MAX_DEPTH} levels`);
  const inner = `${lineBreak}  `;
  let text = '';
  if (isList(value)) {
    for (const item of value) text += `${text === '' ? '[' : ','}${inner}${write(item, inner, depth + 1)}`;
    return text === '' ? '[]' : `${text}${lineBreak}]`;
  }
  for (const key of sortedKeys(value))
    text += `${text === '' ? '{' : ','}${inner}${writeText(key)}: ${write(value[key] ?? null, inner, depth + 1)}`;
  return text === '' ? '{}' : `${text}${lineBreak}}`;
}

function writeCompact(value: Json, depth: number): string {
  if (typeof value !== 'object' || value === null) return writeScalar(value);
  if (depth > MAX_DEPTH) throw new RangeError(`nested deeper than ${MAX_DEPTH} levels`);
  if (isList(value)) return `[${value.map((item) => writeCompact(item, depth + 1)).join(',')}]`;
  const members = sortedKeys(value).map((key) => `${writeText(key)}:${writeCompact(value[key] ?? null, depth + 1)}`);
  return `{${members.join(',')}}`;
}

function writeScalar(value: null | boolean | number | string): string {
  if (typeof value === 'string') return writeText(value);
  if (typeof value !== 'number') return String(value);
  if (!Number.isFinite(value)) throw new RangeError(`${value} is not a JSON number`);
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new RangeError(`the integer ${value} is beyond 2^53-1: write it as a string`);
  return JSON.stringify(value);
}

/** What JSON.stringify would write otherwise than it stands, and halves of surrogate pairs. */
// oxlint-disable-next-line no-control-regex -- control characters are what JSON escapes
const NOT_PLAIN = /["\\\u0000-\u001F\uD800-\uDFFF]/;

/** As ECMAScript spells it. Throws a RangeError for half a surrogate pair. */
export function writeText(text: string): string {
  if (!NOT_PLAIN.test(text)) return `"${text}"`; // five times as fast, and nearly every string
  if (!text.isWellFormed()) throw new RangeError('a string has a lone surrogate');
  return JSON.stringify(text);
}

/** By UTF-16 code unit, which is what `sort()` does. Most objects read back are sorted already. */
export function sortedKeys(object: JsonObject): string[] {
  const keys = Object.keys(object);
  for (let index = 1; index < keys.length; index += 1) {
    if ((keys[index - 1] ?? '') > (keys[index] ?? '')) return keys.sort();
  }
  return keys;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The offset of the first bracket that opens one level too many, or null. Strings are skipped. */
export function findTooDeep(bytes: Uint8Array, maxDepth: number): number | null {
  let depth = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = endOfString(bytes, at);
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > maxDepth) return at;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
    }
  }
  return null;
}

function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

function describeDifference(found: string, expected: string): string {
  if (found.includes('\r\n')) return 'has CRLF line ends (checked out with core.autocrlf?)';
  let at = 0;
  while (at < found.length && found[at] === expected[at]) at += 1;
  const line = found.slice(0, at).split('\n').length;
  const column = at - found.lastIndexOf('\n', at - 1);
  return `not the one spelling of its value: line ${line}, column ${column} has ${excerpt(found, at)} where ${excerpt(expected, at)} belongs`;
}

function excerpt(text: string, at: number): string {
  return at >= text.length ? 'the end' : JSON.stringify(text.slice(at, at + 16).toWellFormed());
}
