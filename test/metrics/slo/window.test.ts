import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { planPeriods, type WindowRequest } from '../../../src/metrics/slo/window.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

suite('planned periods', () => {
  test('are the UTC days that begin in the window', () => {
    const days = plan({ now: '2026-11-30T23:00:00Z', windowMs: 30 * DAY_MS, since: '2026-01-01' });
    assert.equal(days.length, 30);
    assert.equal(days[0]?.name, '2026-11-01T00');
    assert.equal(days.at(-1)?.name, '2026-11-30T00');
  });

  test('begin with the day that since is in', () => {
    const days = plan({ now: '2026-11-30T23:00:00Z', windowMs: 30 * DAY_MS, since: '2026-11-29T15:00:00Z' });
    assert.deepEqual(days, [
      { name: '2026-11-29T00', runs: 0 },
      { name: '2026-11-30T00', runs: 0 },
    ]);
  });

  test('are missing once their grace is over, and not before', () => {
    const window = { windowMs: 2 * DAY_MS, since: '2026-01-01' };
    assert.deepEqual(names({ ...window, now: '2026-11-30T12:00:00Z' }), ['2026-11-29T00']);
    assert.deepEqual(names({ ...window, now: '2026-11-30T12:00:00.001Z' }), ['2026-11-29T00', '2026-11-30T00']);
  });

  test('count from their first run on, however much grace is left', () => {
    const days = plan({ now: '2026-11-30T03:05:00Z', windowMs: 2 * DAY_MS, since: '2026-01-01', runs: ['2026-11-30T03:00:00Z'] });
    assert.deepEqual(days, [
      { name: '2026-11-29T00', runs: 0 },
      { name: '2026-11-30T00', runs: 1 },
    ]);
  });

  test('of exactly midnight are those before it', () => {
    assert.deepEqual(names({ now: '2026-12-01', windowMs: 3 * DAY_MS, since: '2026-01-01' }), [
      '2026-11-28T00',
      '2026-11-29T00',
      '2026-11-30T00',
    ]);
  });

  test('hold every run that began in them, and none of the future', () => {
    const days = plan({
      now: '2026-11-30T13:00:00Z',
      windowMs: 2 * DAY_MS,
      since: '2026-01-01',
      runs: ['2026-11-29T03:00:00Z', '2026-11-29T23:59:59Z', '2026-11-30T13:00:00Z', '2026-11-30T14:00:00Z', '2026-10-01T03:00:00Z'],
    });
    assert.deepEqual(
      days.map(({ runs }) => runs),
      [2, 1],
    );
  });

  test('lend nothing to each other: a second run of today is none of yesterday', () => {
    const runs = ['2026-11-30T00:10:00Z', '2026-11-30T03:10:00Z'];
    const days = plan({ now: '2026-11-30T23:30:00Z', windowMs: 2 * DAY_MS, since: '2026-01-01', runs });
    assert.deepEqual(
      days.map((day) => day.runs),
      [0, 2],
    );
  });

  test('may be shorter than a day', () => {
    const hours = plan({ now: '2026-11-30T03:50:00Z', windowMs: 3 * HOUR_MS, everyMs: HOUR_MS, graceMs: HOUR_MS / 2, since: '2026-01-01' });
    assert.deepEqual(
      hours.map(({ name }) => name),
      ['2026-11-30T01', '2026-11-30T02', '2026-11-30T03'],
    );
  });

  test('are none where since is in the future, or the window too short for one', () => {
    assert.deepEqual(names({ now: '2026-11-30T13:00:00Z', windowMs: 2 * DAY_MS, since: '2026-12-24' }), []);
    assert.deepEqual(names({ now: '2026-11-30T13:00:00Z', windowMs: HOUR_MS, since: '2026-01-01' }), []);
  });

  test('have an end', () => {
    assert.throws(() => names({ now: '2026-11-30', windowMs: 365 * DAY_MS, everyMs: 1, graceMs: 0, since: '2000-01-01' }), RangeError);
  });
});

interface Question extends Partial<Pick<WindowRequest, 'everyMs' | 'graceMs'>> {
  readonly now: string;
  readonly windowMs: number;
  readonly since: string;
  readonly runs?: readonly string[];
}

function plan({ now, since, runs = [], ...times }: Question): readonly { readonly name: string; readonly runs: number }[] {
  const tally = { good: 1, bad: 0 };
  const periods = planPeriods({
    everyMs: DAY_MS,
    graceMs: DAY_MS / 2,
    ...times,
    nowMs: Date.parse(now),
    sinceMs: Date.parse(since),
    runs: runs.map((time) => ({ atMs: Date.parse(time), tally })),
  });
  return periods.map((period) => ({ name: new Date(period.startMs).toISOString().slice(0, 13), runs: period.runs.length }));
}

function names(question: Question): readonly string[] {
  return plan(question).map(({ name }) => name);
}
