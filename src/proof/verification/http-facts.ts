// Recorded answers of servers carry facts that nobody types right by hand: the weekday in a Date, the length of the body.
import { isJsonObject, isList } from '../canonical.ts';
import type { Finding, Json, JsonObject } from '../../outcome.ts';

const IMF_DATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d{2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Names under which the bytes that came are counted. */
const COUNTED = ['bodyBytes', 'sizeBytes', 'bytes', 'receivedBytes'];

/** Wherever headers were recorded: `{status, headers: {date, "content-length"}, bodyBytes}`, or the headers among the other facts. */
export function findHttpContradictions({ verdict, observed = null, tries = [] }: Finding): readonly string[] {
  if (observed === null && tries.length === 0) return [];
  // An answer that was cut short, and was judged so, is told as it was.
  const isTrusted = verdict === 'pass' || verdict === 'flaky' || verdict === 'warn';
  return [...look(observed, isTrusted), ...look(tries, false)];
}

function look(value: Json, isWhole: boolean): readonly string[] {
  if (typeof value !== 'object' || value === null) return NONE;
  if (!isJsonObject(value)) return isList(value) ? value.flatMap((item) => look(item, isWhole)) : NONE;
  const nested = value['headers'] ?? null;
  const headers = isJsonObject(nested) ? nested : value;
  const reasons: string[] = [];
  for (const key of Object.keys(headers)) {
    const name = key.toLowerCase();
    const header = headers[key] ?? null;
    if (name === 'date' && typeof header === 'string') reasons.push(...judgeDate(header));
    else if (name === 'content-length' && isWhole) reasons.push(...judgeLength(JSON.stringify(header).replaceAll('"', ''), headers, value));
  }
  for (const key of Object.keys(value)) if (key !== 'headers') reasons.push(...look(value[key] ?? null, isWhole));
  return reasons;
}

const NONE: readonly string[] = [];

/** RFC 9110 §5.6.7; any other form is left alone. */
function judgeDate(text: string): readonly string[] {
  const [, weekday, day, month, year, hour, minute, second] = IMF_DATE.exec(text) ?? [];
  if (weekday === undefined) return [];
  const ms = Date.UTC(Number(year), MONTHS.indexOf(month ?? ''), Number(day), Number(hour), Number(minute), Number(second));
  const date = new Date(ms);
  if (date.getUTCDate() !== Number(day)) return [`the recorded Date is ${text}, and there is no such day`];
  const right = DAYS[date.getUTCDay()];
  return right === weekday ? [] : [`the recorded Date is ${text}, but that day was a ${right}`];
}

/** A body that came encoded has another length than the one that was read. */
function judgeLength(recorded: string, headers: JsonObject, facts: JsonObject): readonly string[] {
  const isEncoded = Object.keys(headers).some((key) => ['content-encoding', 'transfer-encoding'].includes(key.toLowerCase()));
  const length = facts['method'] === 'HEAD' || facts['status'] === 304 ? null : lengthOf(facts);
  if (isEncoded || length === null || !/^\d{1,15}$/.test(recorded) || Number(recorded) === length) return [];
  return [`the recorded Content-Length is ${recorded}, but the body has ${length} bytes`];
}

function lengthOf(facts: JsonObject): number | null {
  for (const name of COUNTED) {
    const count = facts[name];
    if (typeof count === 'number') return count;
  }
  const body = facts['body'];
  return typeof body === 'string' ? Buffer.byteLength(body) : null;
}
