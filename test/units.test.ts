import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMoment } from '../src/units.ts';

test('a moment has a zone, and a day that the calendar has', () => {
  const sixMs = Date.UTC(2026, 10, 23, 6);
  for (const text of ['2026-11-23T06:00Z', '2026-11-23T06:00:00.000Z', '2026-11-23T06:00:00.000000000Z', '2026-11-23T08:00:00+02:00'])
    assert.equal(parseMoment(text), sixMs, text);
  assert.equal(parseMoment('2028-02-29T00:00:00Z'), Date.UTC(2028, 1, 29));
  for (const text of [
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-23T25:00:00Z',
    '2026-11-23',
    '2026-11-23T06:00:00',
    'now',
    '',
  ])
    assert.equal(parseMoment(text), null, text);
});
