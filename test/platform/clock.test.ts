import { rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { clock } from '../../src/platform/clock.ts';

test('a sleep longer than a timer of the system holds does not end at once', async () => {
  const stop = new AbortController();
  const sleeping = clock.sleep(2 ** 33, stop.signal);
  // Long enough for a timer of one millisecond, which is what too long a one becomes.
  await clock.sleep(20);
  stop.abort(new Error('woken'));
  await rejects(sleeping, { name: 'AbortError' });
});
