// The one spelling of a JSON value: RFC 8785 for any, the byte law for what is to be a proof.
import { SophiaError } from '../../errors.ts';
import type { Json } from '../../outcome.ts';
import { isList, MAX_DEPTH, serialize, sortedKeys, writeText } from '../canonical.ts';
import { parseStrict } from './strict.ts';

/** RFC 8785 leaves depth open; deeper than this is an attack on somebody's stack. */
const MAX_JCS_DEPTH = 128;

export interface Canonicalized {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly law: 'RFC 8785' | 'byte law';
}

/** Throws `JSON_REFUSED` for what has no canonical spelling, or more than one reading. */
export function canonicalize({ file, bytes, law }: Canonicalized): string {
  const value = parseStrict({ file, bytes }, law === 'RFC 8785' ? MAX_JCS_DEPTH : MAX_DEPTH);
  if (law === 'RFC 8785') return write(value);
  try {
    return serialize(value);
  } catch (thrown) {
    // Integers beyond 2^53-1 that happen to survive: RFC 8785 takes them, a proof does not.
    throw new SophiaError('JSON_REFUSED', { file, problem: thrown instanceof RangeError ? thrown.message : String(thrown) });
  }
}

function write(value: Json): string {
  if (typeof value === 'string') return writeText(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(write).join(',')}]`;
  return `{${sortedKeys(value)
    .map((key) => `${writeText(key)}:${write(value[key] ?? null)}`)
    .join(',')}}`;
}
