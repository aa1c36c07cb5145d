// Words of strangers in a finding: harmless, well-formed and short, whatever a server has sent.
import { visible } from '../../markdown.ts';
import type { Json } from '../../outcome.ts';
import { isList } from '../body/types.ts';

const MAX_REASON = 300;
const MAX_TEXT = 300;
const MAX_ENTRIES = 20;
/** Deeper than this a value is told as the text it was read from. */
const MAX_DEPTH = 2;

/** What follows the words of a stranger is ours, and stays whole. */
export function boundReason(text: string, rest = ''): string {
  return boundText(text, MAX_REASON - rest.length) + rest;
}

/** Of the same value at first sight; what is too long or too deep has become text with an ellipsis. */
export function boundValue(value: Json, depth = 0): Json {
  if (typeof value === 'string') return boundText(value, MAX_TEXT);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === MAX_DEPTH) return boundText(JSON.stringify(value), MAX_TEXT);
  if (isList(value)) return cut(value, '…').map((item) => boundValue(item, depth + 1));
  const entries = Object.entries(value).map(([name, item]) => [boundText(name, MAX_TEXT), item] as const);
  return Object.fromEntries(cut(entries, ['…', null] as const).map(([name, item]) => [name, quoteFact(name, boundValue(item, depth + 1))]));
}

/** What a proof is doubted for where it cannot be true: a weekday that is not that of its date, a length that is not that of the body. */
const FACTS = /^(?:date|content-length)$/i;

/** In a list it is what somebody has said, and no fact that we vouch for: a server that lies does not make our proof a lie. */
function quoteFact(name: string, value: Json): Json {
  return FACTS.test(name) && !(typeof value === 'object' && value !== null) ? [value] : value;
}

/** Half a pair of surrogates is no text: nothing that is signed may hold one. */
function boundText(text: string, maxLength: number): string {
  if (text.length <= maxLength && PLAIN.test(text)) return text;
  const shown = visible(text.slice(0, maxLength + 1).toWellFormed());
  return shown.length <= maxLength ? shown : `${shown.slice(0, maxLength - 1)}…`.toWellFormed();
}

/** Most of all that is said. */
const PLAIN = /^[ -~]*$/;

function cut<Item>(items: readonly Item[], rest: Item): readonly Item[] {
  return items.length <= MAX_ENTRIES ? items : [...items.slice(0, MAX_ENTRIES - 1), rest];
}
