// Dates and times in the texts of others: RFC 3339 and its relatives, and the dates of HTTP.

export interface Time {
  readonly text: string;
  readonly offset: number;
  /** Milliseconds since 1970, taken as UTC where no zone is given; null for what no calendar has. */
  readonly ms: number | null;
  readonly hasZone: boolean;
  /** A time of day, not only a date. */
  readonly hasTime: boolean;
  /** Null where it says none. */
  readonly seconds: number | null;
  /** Digits after the seconds, if any are other than 0. */
  readonly hasFraction: boolean;
  /** Of an HTTP date: the day of the week is not the one of the date. */
  readonly hasWrongWeekday: boolean;
}

const ISO =
  /(?<![\d.-])(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?)?(?![\d-])/g;
const HTTP =
  /\b(Sun|Mon|Tue|Wed|Thu|Fri|Sat)[a-z]*, (\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) (\d{2}):(\d{2}):(\d{2}) (GMT|UTC|[+-]\d{4})/g;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** In the order of the text. */
export function timesIn(text: string): readonly Time[] {
  return [...text.matchAll(ISO)]
    .map(readIso)
    .concat([...text.matchAll(HTTP)].map(readHttp))
    .sort((a, b) => a.offset - b.offset);
}

function readIso(match: RegExpExecArray): Time {
  const [text, year, month, day, hour, minute, second, fraction = '', zone] = match;
  const hasTime = hour !== undefined;
  const parts = [year, month, day, hour ?? '0', minute ?? '0', second ?? '0'].map(Number);
  return {
    text,
    offset: match.index,
    ms: toMs(parts, zone),
    hasZone: zone !== undefined,
    hasTime,
    seconds: second === undefined ? null : Number(second),
    hasFraction: /[1-9]/.test(fraction),
    hasWrongWeekday: false,
  };
}

function readHttp(match: RegExpExecArray): Time {
  const [text, weekday, day, month, year, hour, minute, second, zone] = match;
  const parts = [Number(year), MONTHS.indexOf(month!) + 1, ...[day, hour, minute, second].map(Number)];
  const local = toMs(parts, undefined);
  return {
    text,
    offset: match.index,
    ms: toMs(parts, zone),
    hasZone: true,
    hasTime: true,
    seconds: Number(second),
    hasFraction: false,
    hasWrongWeekday: local !== null && WEEKDAYS[new Date(local).getUTCDay()] !== weekday,
  };
}

/** Null where the calendar has no such day, or the day no such time. A leap second is one more second. */
function toMs(parts: readonly number[], zone: string | undefined): number | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const ms = Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59));
  const date = new Date(ms);
  const isReal = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isReal || hour > 23 || minute > 59 || second > 60) return null;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '') ?? [];
  const offsetMinutes = sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return ms - offsetMinutes * 60_000;
}
