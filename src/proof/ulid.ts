// ULIDs: 48 bits of milliseconds, 80 random bits, 26 Crockford letters that sort as they were made.
// Source: github.com/ulid/spec.
import type { Clock, Machine } from '../context.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 26;
const RANDOM_BITS = 80n;

/** 48 bits in 50: the first letter is at most 7. */
export const ULID_PATTERN = '[0-7][0-9A-HJKMNP-TV-Z]{25}';

/** The last id of each machine. In a process there is one; tests bring their own, so nothing leaks between them. */
const lastOf = new WeakMap<Machine, bigint>();

/**
 * Always greater than the one before in this process: in the same millisecond, or when the clock was set back,
 * the last id is counted up. `timeMs` is the time inside the id, which then is the one to record.
 */
export function nextUlid(clock: Clock, machine: Machine): { readonly id: string; readonly timeMs: number } {
  const fresh = (BigInt(clock.now()) << RANDOM_BITS) | toInteger(machine.randomBytes(10));
  const last = lastOf.get(machine) ?? -1n;
  const isSameOrEarlier = fresh >> RANDOM_BITS <= last >> RANDOM_BITS;
  const value = isSameOrEarlier ? last + 1n : fresh;
  lastOf.set(machine, value);
  return { id: encode(value), timeMs: Number(value >> RANDOM_BITS) };
}

/** Milliseconds since 1970 inside an id of the right form. */
export function timeOfUlid(id: string): number {
  let timeMs = 0;
  for (let index = 0; index < 10; index += 1) timeMs = timeMs * 32 + ALPHABET.indexOf(id.charAt(index));
  return timeMs;
}

function toInteger(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function encode(value: bigint): string {
  let text = '';
  for (let rest = value; text.length < LENGTH; rest >>= 5n) text = ALPHABET.charAt(Number(rest & 31n)) + text;
  return text;
}
