// Whatever a command hands over, as JSON that the byte law can write: a proof must not be lost to a NaN or half an emoji.
import type { Json } from '../outcome.ts';
import { parseJson } from './canonical.ts';

const MAX_LEVELS = 200;

/** `undefined` is left out, not-a-number is null, integers beyond 2^53-1 are text, lone surrogates become U+FFFD. Throws on a circle. */
export function toJson(value: unknown, level = 0): Json {
  if (level > MAX_LEVELS) throw new RangeError('facts of a run are nested too deeply, or in a circle');
  switch (typeof value) {
    case 'string':
      return value.toWellFormed();
    case 'number':
      return toNumber(value);
    case 'bigint':
      return String(value);
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : toContainer(value, level);
    default:
      return null;
  }
}

function toNumber(value: number): Json {
  if (!Number.isFinite(value)) return null;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return String(value);
  return value === 0 ? 0 : value; // -0 is spelled 0
}

function toContainer(value: object, level: number): Json {
  if (Array.isArray(value)) return value.map((item) => toJson(item, level + 1));
  if ('toJSON' in value && typeof value.toJSON === 'function') return toJson(parseJson(JSON.stringify(value)), level + 1);
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([key, member]) => [key.toWellFormed(), toJson(member, level + 1)]));
}
