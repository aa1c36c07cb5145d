// The body of an answer as JSON, or why it is none.
import type { Json } from '../../outcome.ts';
import { readStrictJson, type StrictJson } from '../../strict-json.ts';
import type { Judgement } from '../inquiry.ts';
import { excerptOf } from './excerpt.ts';

const MAX_DEPTH = 200;

/** Large integers are taken as they come: many services number their records so. What compares them knows (matcher.ts). */
export function parseJson(bytes: Uint8Array): StrictJson {
  return readStrictJson(bytes, { maxDepth: MAX_DEPTH, integers: 'any' });
}

export type BodyJson = { readonly value: Json } | { readonly flaw: Judgement };

/** For every check that wants to see JSON: what is none fails as BODY_NOT_JSON. */
export function readBody(bytes: Uint8Array): BodyJson {
  const read = parseJson(bytes);
  if ('value' in read) return read;
  const reason = `the body is not JSON: line ${read.line}, column ${read.column}: ${read.problem}`;
  return { flaw: { verdict: 'fail', code: 'BODY_NOT_JSON', reason, expected: 'JSON', observed: excerptOf(bytes) } };
}
