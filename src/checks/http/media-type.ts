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

/** The body as text, in the encoding it says; null where that is none or the bytes are not of it. */
export function decodeText({ headers, body }: HttpReply): string | null {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(headers['content-type']?.[0] ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { fatal: true }).decode(body);
  } catch {
    return null;
  }
}

function toMediaType(value: string): string {
  return (value.split(';')[0] ?? '').trim().toLowerCase();
}

function isOfType(type: string, expected: TypeRule): boolean {
  return expected === ANY_JSON ? type === 'application/json' || /^[^\s/]+\/[^\s/]+\+json$/.test(type) : type === expected.toLowerCase();
}
