import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { nextUlid, timeOfUlid, ULID_PATTERN } from '../../src/proof/ulid.ts';
import { clockAt, contextFor } from '../fakes/context.ts';

test('ids of one process sort as they were made, whatever the clock does', (t) => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 48 - 2 }), { minLength: 2, maxLength: 40 }), (times) => {
      let asked = 0;
      const { clock, machine } = contextFor(t, { directory: '/', clock: { now: () => times[asked++] ?? 0 } });
      const ids = times.map(() => nextUlid(clock, machine).id);
      assert.deepEqual(ids, [...ids].sort());
      assert.equal(new Set(ids).size, ids.length);
    }),
    { numRuns: 50 },
  );
});

test('an id carries the time it returns, which is never before the last one', (t) => {
  const times = [1_700_000_000_000, 1_600_000_000_000];
  const { clock, machine } = contextFor(t, { clock: { now: () => times.shift() ?? 0 } });
  const first = nextUlid(clock, machine);
  const second = nextUlid(clock, machine);
  assert.equal(first.timeMs, 1_700_000_000_000);
  assert.equal(second.timeMs, 1_700_000_000_000);
  for (const { id, timeMs } of [first, second]) {
    assert.match(id, new RegExp(`^${ULID_PATTERN}$`));
    assert.equal(timeOfUlid(id), timeMs);
  }
});

test('random bits that are used up carry over into the next millisecond', (t) => {
  const { clock, machine } = contextFor(t, { clock: clockAt(1000), machine: { randomBytes: (count) => new Uint8Array(count).fill(255) } });
  assert.deepEqual(nextUlid(clock, machine), { id: '00000000Z8ZZZZZZZZZZZZZZZZ', timeMs: 1000 });
  assert.deepEqual(nextUlid(clock, machine), { id: '00000000Z90000000000000000', timeMs: 1001 });
});
