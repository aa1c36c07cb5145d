import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readListing } from '../../src/secrets/listing.ts';

const JANUARY = '2026-01-31T12:00:00Z';

test('what the GitHub command line prints and what the API answers read alike', () => {
  const printed = readListing([{ name: 'a_1', updatedAt: JANUARY, visibility: 'all', numSelectedRepos: 0 }]);
  const answered = readListing({ total_count: 7, secrets: [{ name: 'A_1', created_at: 'then', updated_at: JANUARY }] });
  const secrets = [{ name: 'A_1', updatedAt: '2026-01-31T12:00:00.000Z', updatedMs: Date.UTC(2026, 0, 31, 12) }];
  assert.deepEqual(printed, { secrets, total: null });
  assert.deepEqual(answered, { secrets, total: 7 });
});

test('an empty listing is a listing', () => {
  assert.deepEqual(readListing([]), { secrets: [], total: null });
  assert.deepEqual(readListing({ total_count: 0, secrets: [] }), { secrets: [], total: 0 });
});

test('one wrong entry spoils the listing, and no word of it is repeated that could be a value', () => {
  const wrong: readonly unknown[] = [
    null,
    'text',
    {},
    { secrets: [] },
    { secrets: [], total_count: '0' },
    { secrets: [], total_count: -1 },
    { secrets: {}, total_count: 0 },
    [null],
    [{ name: 'A' }],
    [{ name: 'A', updated_at: JANUARY }],
    [{ name: 'hunter2 is the value', updatedAt: JANUARY }],
    [{ name: '1A', updatedAt: JANUARY }],
    [{ name: 'A\n', updatedAt: JANUARY }],
    [{ name: 'A'.repeat(256), updatedAt: JANUARY }],
    [{ name: 'A', updatedAt: 'hunter2' }],
    [{ name: 'A', updatedAt: 1_769_860_800 }],
    [{ name: 'A', updatedAt: '2026-02-31T12:00:00Z' }],
    [{ name: 'A', updatedAt: '2026-01-31T12:00:00' }],
    [{ name: 'A', updatedAt: '2026-13-01T12:00:00Z' }],
    [
      { name: 'A', updatedAt: JANUARY },
      { name: 'a', updatedAt: JANUARY },
    ],
  ];
  for (const value of wrong) {
    const read = readListing(value);
    assert.ok('problem' in read, JSON.stringify(value));
    assert.doesNotMatch(read.problem, /hunter2/);
  }
});
