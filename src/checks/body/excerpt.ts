// A little of what a stranger has sent: enough to know an error page by, and never the whole.
import type { Json } from '../../outcome.ts';
import { isList } from './types.ts';

const MAX_IN_REASON = 80;
const MAX_OBSERVED = 200;

/** Within a sentence: text in its quotes; of lists and objects only what they are. */
export function describe(value: Json): string {
  if (typeof value === 'string')
    return `"${cut(JSON.stringify(value.slice(0, MAX_IN_REASON).toWellFormed()).slice(1, -1), MAX_IN_REASON)}"`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return isList(value) ? `a list of ${value.length}` : 'an object';
}

/** As it came where it is small, else how it begins. */
export function toObserved(value: Json): Json {
  if (typeof value === 'string') return cut(value, MAX_OBSERVED);
  if (typeof value !== 'object' || value === null) return value;
  const text = JSON.stringify(value);
  return text.length <= MAX_OBSERVED ? value : cut(text, MAX_OBSERVED);
}

/** Of a body as text. */
export function excerptOf(bytes: Uint8Array): string {
  // A letter that is cut in two is no damage to show.
  return cut(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, 4 * MAX_OBSERVED)), MAX_OBSERVED);
}

function cut(text: string, length: number): string {
  return text.length <= length
    ? text
    : `${text
        .slice(0, length)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}…`;
}
