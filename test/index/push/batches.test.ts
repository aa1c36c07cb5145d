import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBatches, type Batch, type Item } from '../../../src/index/push/batches.ts';
import { judgePush } from '../../../src/index/push/judge.ts';

const HEAD = { repository: 'acme/app', commit: null, generation: 1 };

function put(id: string, sizeBytes = 10): Item {
  const text = JSON.stringify({ id, content: '\u00fc'.repeat(sizeBytes / 2) });
  return { put: { id, path: `${id}.ts`, text, sha256: '' } };
}

async function batch(items: readonly Item[], head = HEAD): Promise<readonly Batch[]> {
  async function* stream(): AsyncGenerator<Item> {
    yield* items;
  }
  const batches: Batch[] = [];
  for await (const each of toBatches(stream(), head)) batches.push(each);
  return batches;
}

test('nothing to send is no batch', async () => {
  assert.deepEqual(await batch([]), []);
});

test('sizes are bytes, and an entry larger than a batch travels alone', async () => {
  const batches = await batch([put('b', 3 << 20), put('a'), put('c', 6 << 20), put('d', 3 << 20), put('e', 1 << 21)]);
  assert.deepEqual(
    batches.map(({ entries }) => entries.map(({ id }) => id)),
    [['a', 'b'], ['c'], ['d'], ['e']],
  );
  for (const { body, entries } of batches) assert.ok(Buffer.byteLength(body) <= 4 << 20 || entries.length === 1);
});

test('many removals are more than one batch too', async () => {
  const removals = Array.from({ length: 250_000 }, (_, index): Item => ({
    remove: `00000000-0000-5000-8000-${String(index).padStart(12, '0')}`,
  }));
  const batches = await batch(removals);
  assert.ok(batches.length > 1 && batches.every(({ body }) => Buffer.byteLength(body) <= 4 << 20));
  assert.equal(
    batches.reduce((sum, { removed }) => sum + removed, 0),
    removals.length,
  );
});

test('a body is one JSON document, sorted, and names its batch', async () => {
  const [only] = await batch([{ remove: 'y' }, put('b'), { remove: 'x' }, put('a')]);
  const body = JSON.parse(only!.body) as { batch_id: string; entries: { id: string }[]; removed: string[] };
  assert.equal(body.batch_id, only!.id);
  assert.deepEqual(
    [body.entries.map(({ id }) => id), body.removed],
    [
      ['a', 'b'],
      ['x', 'y'],
    ],
  );
});

test('the id of a batch is that of its content, its place and the generation before', async () => {
  const idOf = async (items: readonly Item[], generation = 1): Promise<string> => (await batch(items, { ...HEAD, generation }))[0]!.id;
  assert.equal(await idOf([put('a'), put('b')]), await idOf([put('b'), put('a')]));
  assert.notEqual(await idOf([put('a')]), await idOf([put('b')]));
  assert.notEqual(await idOf([put('a')]), await idOf([put('a')], 2));
});

test('a file too large for an entry is told as a warning, and the push may pass without it', () => {
  const same = { entries: 0, digest: 'd' };
  const counts = { sent: 0, sentBytes: 0, batches: 0, indexed: 0, skipped: 0, removed: 0, retries: 0 };
  const held = { ...same, repository: 'acme/app', generation: 1 };
  const findings = judgePush({
    url: 'https://h.example',
    repository: 'acme/app',
    ...same,
    ...counts,
    refused: [],
    leftOut: ['big.sql'],
    missing: [],
    held,
    stopped: null,
  });
  assert.deepEqual(
    findings.map(({ check, verdict }) => [check, verdict]),
    [
      ['push-left-out', 'warn'],
      ['push', 'pass'],
    ],
  );
  assert.match(findings[0]!.reason, /big\.sql/);
});
