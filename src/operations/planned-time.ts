// When a run that a schedule started should have begun: hosted schedules come minutes late, and some not at all.
import type { Context } from '../context.ts';

export interface PlannedTime {
  readonly cron: string;
  /** ISO 8601, UTC. */
  readonly planned_at: string;
  readonly late_ms: number;
}

/** Of the event that GitHub describes; null where it was no schedule, or one that cannot be read. */
export function plannedTimeOf({ env, files }: Pick<Context, 'env' | 'files'>, startedMs: number): PlannedTime | null {
  const file = env['GITHUB_EVENT_PATH'];
  if (env['GITHUB_EVENT_NAME'] !== 'schedule' || file === undefined) return null;
  const cron = scheduleIn(files, file);
  const plannedMs = cron === null ? null : lastTimeOf(cron, startedMs);
  if (cron === null || plannedMs === null) return null;
  return { cron, planned_at: new Date(plannedMs).toISOString(), late_ms: Math.round(startedMs - plannedMs) };
}

function scheduleIn(files: Context['files'], file: string): string | null {
  try {
    const event: unknown = JSON.parse(files.readText(file));
    const cron = typeof event === 'object' && event !== null && 'schedule' in event ? event.schedule : null;
    return typeof cron === 'string' && cron.length < 100 ? cron : null;
  } catch {
    return null;
  }
}

const MINUTE_MS = 60_000;
/** No schedule that is later than this is told from the one after it. */
const LOOK_BACK_MINUTES = 24 * 60;

/** The last minute that the five fields name, at or before a moment; null where there is none within a day. */
export function lastTimeOf(cron: string, atMs: number): number | null {
  const fields = cron.trim().split(/\s+/);
  const ranges = [
    [0, 59],
    [0, 23],
    [1, 31],
    [1, 12],
    [0, 7],
  ] as const;
  const sets = ranges.map(([from, to], index) => valuesOf(fields[index] ?? '', from, to));
  if (fields.length !== ranges.length || sets.includes(null)) return null;
  const [minutes, hours, days, months, weekdays] = sets as readonly ReadonlySet<number>[] as [Field, Field, Field, Field, Field];
  const isDay = (time: Date): boolean => {
    const isOfMonth = days.has(time.getUTCDate());
    const isOfWeek = weekdays.has(time.getUTCDay()) || (time.getUTCDay() === 0 && weekdays.has(7));
    // POSIX crontab: where both are restricted, either will do.
    return fields[2] === '*' || fields[4] === '*' ? isOfMonth && isOfWeek : isOfMonth || isOfWeek;
  };
  const last = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
  for (let back = 0; back < LOOK_BACK_MINUTES; back += 1) {
    const time = new Date(last - back * MINUTE_MS);
    if (minutes.has(time.getUTCMinutes()) && hours.has(time.getUTCHours()) && months.has(time.getUTCMonth() + 1) && isDay(time))
      return time.getTime();
  }
  return null;
}

type Field = ReadonlySet<number>;

/** `*`, `5`, `1-5`, `*\/6`, `0,30`. */
function valuesOf(field: string, from: number, to: number): Field | null {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [, whole, low, high, step] = /^(?:(\*)|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part) ?? [];
    if (whole === undefined && low === undefined) return null;
    const first = low === undefined ? from : Number(low);
    const last = high !== undefined ? Number(high) : low === undefined || step !== undefined ? to : first;
    if (first < from || last > to || first > last || Number(step ?? 1) === 0) return null;
    for (let value = first; value <= last; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}
