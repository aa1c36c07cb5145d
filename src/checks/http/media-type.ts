// What a body says it is. A body that is not what it says is not believed, and one that says nothing is not guessed at.
import type { HttpReply } from '../../answer.ts';
import { describe, toObserved } from '../body/excerpt.ts';
import type { Judgement } from '../inquiry.ts';

/** A media type in lower case, or `json`: application/json and whatever ends in +json. */
export type TypeRule = string;

export const ANY_JSON: TypeRule = 'json';

/** Null where it is as it should be. Parameters do not matter. */
export function judgeType({ headers }: HttpReply, expected: TypeRule): Judgement | null {
  const values = headers['content-type'] ?? [];
  const types = [...new Set(values.map(toMediaType))];
  const [type] = types;
  if (type !== undefined && types.length === 1 && isOfType(type, expected)) return null;
  const words = expected === ANY_JSON ? 'application/json' : expected;
  const reason =
    type === undefined
      ? `the answer does not say what it is, and should be ${words}`
      : `the answer is ${types.slice(0, 2).map(describe).join(' and ')}, not ${words}`;
  return {
    verdict: 'fail',
    code: 'HTTP_TYPE',
    reason,
    expected: { 'content-type': words },
    observed: { 'content-type': toObserved(values[0] ?? null) },
  };
}

/**
 * The body as text, in the encoding it says; null where that is none, or two, or the bytes are not of it. What no text has, U+0000, is
 * there where it says too little: every second byte of UTF-16.
 */
export function decodeText({ headers, body }: HttpReply): string | null {
  const [charset = 'utf-8', ...others] = new Set((headers['content-type'] ?? []).map(charsetOf));
  if (others.length > 0) return null;
  try {
    const text = new TextDecoder(markOf(body) ?? charset, { fatal: true }).decode(body);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

function charsetOf(type: string): string {
  return (/;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1] ?? 'utf-8').toLowerCase();
}

/** A byte order mark has the last word (Encoding standard, "BOM sniff"): `utf-16` alone leaves open which of the two it is. */
function markOf([first, second]: Uint8Array): string | null {
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xff && second === 0xfe ? 'utf-16le' : null;
}

function toMediaType(value: string): string {
  return (value.split(';')[0] ?? '').trim().toLowerCase();
}

function isOfType(type: string, expected: TypeRule): boolean {
  return expected === ANY_JSON ? type === 'application/json' || /^[^\s/]+\/[^\s/]+\+json$/.test(type) : type === expected.toLowerCase();
}
