// How old a date is that a service gives. A date without a zone is not a moment, and is not taken for one.
import { duration } from '../../markdown.ts';
import type { Miss } from './miss.ts';

export interface AgeRule {
  readonly nowMs: number;
  /** At most so long ago. */
  readonly newerMs: number | null;
  /** At least so long ago. */
  readonly olderMs: number | null;
}

/** Clocks differ, and a run takes its time; a date further ahead is no sign that something has just happened. */
const AHEAD_MS = 3_600_000;

export function judgeAge(text: string, { nowMs, newerMs, olderMs }: AgeRule): readonly Miss[] {
  const atMs = parseInstant(text);
  if (atMs === null) return [{ words: `is ${JSON.stringify(text.slice(0, 40).toWellFormed())}, no date with its zone (RFC 3339)` }];
  const ageMs = nowMs - atMs;
  if (newerMs !== null && ageMs > newerMs) return [{ words: `is ${text}, ${duration(ageMs)} ago` }];
  if (olderMs !== null && ageMs < olderMs) return [{ words: `is ${text}, ${ageMs < 0 ? 'in the future' : `only ${duration(ageMs)} ago`}` }];
  if (newerMs !== null && ageMs < -AHEAD_MS)
    return [{ verdict: 'unknown', words: `is ${text}, ${duration(-ageMs)} in the future: one of two clocks is wrong` }];
  return [];
}

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
const MINUTE_MS = 60_000;

/** RFC 3339 → milliseconds since 1970; null for what is none, or no day of the calendar. */
export function parseInstant(text: string): number | null {
  if (text.length > 64) return null;
  const found = INSTANT.exec(text);
  if (found === null) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  const zone = { hours: Number(found[9] ?? 0), minutes: Number(found[10] ?? 0), sign: found[8] === '-' ? -1 : 1 };
  // A leap second is a second of the day like any other, but no clock here has it: 60 becomes the one after 59.
  if (hour > 23 || minute > 59 || second > 60 || zone.hours > 23 || zone.minutes > 59) return null;
  const midnight = new Date(0);
  // Date.UTC would take the year 26 for 1926.
  midnight.setUTCFullYear(year, month - 1, day);
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return null;
  const ofDay = (hour * 60 + minute) * MINUTE_MS + second * 1000 + Math.floor(Number(found[7] ?? 0) * 1000);
  return midnight.getTime() + ofDay - zone.sign * (zone.hours * 60 + zone.minutes) * MINUTE_MS;
}
