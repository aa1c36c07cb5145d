import { deepEqual, equal } from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { lastTimeOf, plannedTimeOf } from '../../src/operations/planned-time.ts';
import { contextFor, temporaryFolder } from '../fakes/context.ts';

const at = (text: string): number => Date.parse(text);

function last(cron: string, moment: string): string | null {
  const ms = lastTimeOf(cron, at(moment));
  return ms === null ? null : new Date(ms).toISOString();
}

test('a schedule says when a run should have begun', () => {
  equal(last('0 3 * * *', '2026-11-23T03:17:42Z'), '2026-11-23T03:00:00.000Z');
  equal(last('0 3 * * *', '2026-11-23T02:59:59Z'), '2026-11-22T03:00:00.000Z');
  equal(last('*/15 * * * *', '2026-11-23T03:17:42Z'), '2026-11-23T03:15:00.000Z');
  equal(last('5,35 1-4/2 * * *', '2026-11-23T02:10:00Z'), '2026-11-23T01:35:00.000Z');
  equal(last('0 4 * * 1', '2026-11-23T04:01:00Z'), '2026-11-23T04:00:00.000Z', 'a Monday');
  equal(last('0 4 * * 7', '2026-11-22T04:01:00Z'), '2026-11-22T04:00:00.000Z', 'Sunday is 0 and 7');
  equal(last('0 4 1 * 1', '2026-11-23T04:01:00Z'), '2026-11-23T04:00:00.000Z', 'either day will do');
});

test('what is no schedule, or has no time within a day, says nothing', () => {
  for (const cron of ['', '0 3 * *', '61 3 * * *', '0 3 * * * *', 'a b c d e', '*/0 * * * *', '5-1 * * * *', '0 4 * * 2']) {
    equal(last(cron, '2026-11-23T04:01:00Z'), null, cron);
  }
});

test('it is read from the event that started the run', (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'event.json');
  const startedMs = at('2026-11-23T03:17:42.500Z');
  const planned = (event: string, name = 'schedule'): object | null => {
    fs.writeFileSync(file, event);
    return plannedTimeOf(contextFor(t, { env: { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: file } }), startedMs);
  };
  deepEqual(planned('{"schedule":"0 3 * * *"}'), { cron: '0 3 * * *', planned_at: '2026-11-23T03:00:00.000Z', late_ms: 1_062_500 });
  for (const event of ['{"schedule":"0 3 * * *"', '{}', 'null', '{"schedule":7}']) equal(planned(event), null);
  equal(planned('{"schedule":"0 3 * * *"}', 'push'), null);
  equal(plannedTimeOf(contextFor(t), startedMs), null);
});
