import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { suite, test, type TestContext } from 'node:test';
import type { Context } from '../../../src/context.ts';
import { archivesPrunedBy, leavesPrunedBy } from '../../../src/proof/archive/claims.ts';
import { compactProofs } from '../../../src/proof/archive/compact.ts';
import { pruneProofs, type Pruning } from '../../../src/proof/archive/prune.ts';
import { readSigningKey } from '../../../src/proof/keys/signing-key.ts';
import { readLedger } from '../../../src/proof/ledger/ledger.ts';
import { writePrivateKey } from '../../../src/proof/keys/private-key.ts';
import { sealProofs } from '../../../src/proof/ledger/seal.ts';
import { listProofs } from '../../../src/proof/store.ts';
import { openProofs } from '../../../src/proof/tree.ts';
import { judgeProof } from '../../../src/proof/verification/judge.ts';
import { AgedProofs, failingAt } from '../../fakes/aged-proofs.ts';

const DAY_MS = 86_400_000;
const NOW = '2026-11-23';

test('what goes is put on record by path and leaf, sealed, and only then removed', async (t) => {
  const aged = new AgedProofs(t);
  const old = await aged.record('2026-07-03', 'smoke', ({ record }) => {
    record.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' });
    record.attach('answer.body', Buffer.from('hello'), 'text/plain');
  });
  const young = await aged.record('2026-11-20', 'smoke');
  await aged.seal('2026-11-21');
  const { entries } = await readLedger(openProofs(aged.at(NOW), aged.store));
  const pruning = await prune(aged);
  assert.deepEqual([pruning.flaws, pruning.pruned, pruning.files, pruning.proofs.length], [[], [old], 2, 1]);
  assert.equal(existsSync(`${aged.store.proofs}/smoke/2026/07`), false, 'neither proof nor attachment nor folder');
  assert.equal(existsSync(`${aged.store.proofs}/${young}`), true);
  const after = await readLedger(openProofs(aged.at(NOW), aged.store));
  const prunedBy = pruning.proofs[0]!.path.slice('proofs/'.length);
  assert.ok(
    after.entries.some(({ path }) => path === prunedBy),
    'the prune proof is sealed',
  );
  assert.deepEqual(after.entries.slice(0, entries.length), entries, 'entries stay');
  const { statement } = judgeProof(prunedBy, readFileSync(`${aged.store.proofs}/${prunedBy}`));
  const { index, leaf } = entries.find(({ path }) => path === old)!;
  assert.deepEqual(leavesPrunedBy(statement!, prunedBy), [{ index, leaf, path: old, prunedBy }]);
});

test('nothing to prune changes no file, and a dry run says what would go', async (t) => {
  const aged = new AgedProofs(t);
  await aged.record('2026-11-20', 'smoke');
  await aged.seal('2026-11-21');
  const before = aged.files();
  assert.deepEqual((await prune(aged)).pruned, []);
  assert.deepEqual(aged.files(), before);
  const dry = await prune(aged, { isDryRun: true, now: '2027-11-21' });
  assert.equal(dry.pruned.length, 1);
  assert.deepEqual(aged.files(), before);
});

test('only the kinds asked for go, and never what is not sealed, nor what the ledger says of itself', async (t) => {
  const aged = new AgedProofs(t);
  const smoke = await aged.record('2026-07-03', 'smoke');
  await aged.record('2026-07-03', 'demo');
  await aged.seal('2026-07-04');
  await aged.record('2026-07-05', 'smoke');
  assert.deepEqual((await prune(aged, { kinds: ['smoke'], isDryRun: true })).pruned, [smoke]);
  const all = await prune(aged);
  assert.deepEqual(all.pruned.map((path) => path.split('/')[0]).sort(), ['demo', 'smoke']);
  assert.deepEqual([...new Set([...listProofs(aged.store)].map(({ kind }) => kind))].sort(), ['prune', 'seal', 'smoke']);
});

test('a proof whose view is the current one stays, and goes when a newer one has taken the view over', async (t) => {
  const aged = new AgedProofs(t);
  const withView = (context: Context): void => {
    context.record.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' });
    context.record.view('healthz/api.txt', (proof) => `proof: ${proof}\n`);
  };
  const first = await aged.record('2026-07-03', 'smoke', withView);
  await aged.seal('2026-07-04');
  const kept = await prune(aged);
  assert.deepEqual([kept.pruned, kept.kept, kept.proofs], [[], [{ path: first, reason: 'the view healthz/api.txt is its own' }], []]);
  await aged.record('2026-11-20', 'smoke', withView);
  assert.deepEqual((await prune(aged)).pruned, [first]);
  assert.equal(existsSync(`${aged.store.proofs}/healthz/api.txt`), true);
});

test('a proof that revokes one that stays, stays', async (t) => {
  const aged = new AgedProofs(t);
  const target = await aged.record('2026-07-03', 'demo');
  const revoking = await aged.record('2026-07-04', 'smoke', ({ record }) => record.link('revokes', target));
  await aged.seal('2026-07-05');
  const { pruned, kept } = await prune(aged, { kinds: ['smoke'], isDryRun: true });
  assert.deepEqual([pruned, kept.map(({ path }) => path)], [[], [revoking]]);
  assert.equal((await prune(aged)).pruned.length, 2);
});

test('archives go as a whole, or stay as a whole', async (t) => {
  const aged = new AgedProofs(t);
  const first = await aged.record('2026-07-03', 'smoke');
  const second = await aged.record('2026-07-20', 'smoke');
  await aged.seal('2026-07-21');
  const store = aged.store;
  const run = { command: 'proofs compact', argv: [] };
  const compaction = await compactProofs(aged.at(NOW), { store, olderThanMs: 90 * DAY_MS, isDryRun: false, run });
  assert.equal(compaction.removed, 2);
  await aged.seal(NOW);
  const stays = await prune(aged, { olderThanMs: 130 * DAY_MS });
  assert.deepEqual([stays.pruned, stays.archives], [[], []], 'one of the two is too young');
  const { pruned, archives, files, proofs } = await prune(aged);
  assert.deepEqual([pruned, archives, files], [[first, second], ['archive/smoke/2026-07.jsonl.gz'], 1]);
  assert.equal(existsSync(`${store.proofs}/archive`), false);
  const prunedBy = proofs[0]!.path.slice('proofs/'.length);
  const { statement } = judgeProof(prunedBy, readFileSync(`${store.proofs}/${prunedBy}`));
  assert.deepEqual(
    archivesPrunedBy(statement!, prunedBy).map((claim) => claim.sha256),
    [compaction.archives[0]!.sha256],
  );
  assert.deepEqual((await prune(aged)).pruned, [], 'and that is all');
});

test('thousands fit, in as many proofs as it takes', async (t) => {
  const aged = new AgedProofs(t);
  const first = await aged.record('2026-07-03', 'smoke');
  for (let count = 1; count < 1300; count += 1) aged.copy(first, count);
  await aged.seal('2026-07-04');
  const { pruned, proofs, flaws } = await prune(aged);
  assert.deepEqual([flaws, pruned.length, proofs.length], [[], 1300, 3]);
});

suite('nothing goes', () => {
  test('where a proof that would go is not what was sealed', async (t) => {
    const aged = await sealedOld(t);
    const file = `${aged.store.proofs}/${[...listProofs(aged.store, 'smoke')][0]!.path}`;
    writeFileSync(file, readFileSync(file, 'utf8').replace('"pass"', '"warn"'));
    const before = aged.files();
    assert.deepEqual(
      (await prune(aged)).flaws.map(({ check }) => check),
      ['tampered'],
    );
    assert.deepEqual(aged.files(), before);
  });

  test('where something unsealed does not hold, so that the record of it cannot be sealed', async (t) => {
    const aged = await sealedOld(t);
    const bad = await aged.record('2026-11-20', 'demo');
    const file = `${aged.store.proofs}/${bad}`;
    writeFileSync(file, readFileSync(file, 'utf8').replace('"PASSED"', '"FAILED"'));
    const before = [...listProofs(aged.store, 'smoke')];
    const { flaws } = await prune(aged);
    assert.ok(flaws.length > 0 && flaws.every((flaw) => flaw.path === bad), JSON.stringify(flaws));
    assert.deepEqual([...listProofs(aged.store, 'smoke')], before);
  });

  test('where the ledger is signed and there is no key; with it the record is signed', async (t) => {
    const aged = new AgedProofs(t);
    await aged.record('2026-07-03', 'smoke');
    const key = readSigningKey(writePrivateKey('acme', Buffer.alloc(32, 7)), { name: 'a test', file: null });
    await sealProofs(aged.at('2026-07-04'), { place: aged.store, run: { command: 'proofs seal', argv: [] }, key });
    const before = aged.files();
    await assert.rejects(prune(aged), { code: 'LEDGER_SIGNED' });
    assert.deepEqual(aged.files(), before);
    assert.equal((await prune(aged, { key })).pruned.length, 1);
    const { checkpoint } = await readLedger(openProofs(aged.at(NOW), aged.store));
    assert.deepEqual(
      checkpoint?.signatures.map(({ name }) => name),
      ['acme'],
    );
  });

  test('where the record of it could not be written in full, because a word of it is a secret', async (t) => {
    const aged = await sealedOld(t);
    const { leaf } = (await readLedger(openProofs(aged.at(NOW), aged.store))).entries[0]!;
    const context = aged.at(NOW);
    const spying = { ...context, env: { ...context.env, API_TOKEN: leaf } };
    const before = [...listProofs(aged.store, 'smoke')];
    await assert.rejects(prune(aged, { context: spying }), { code: 'ARCHIVE_NOT_VOUCHED' });
    assert.deepEqual([...listProofs(aged.store, 'smoke')], before);
    assert.equal((await prune(aged)).pruned.length, 2, 'without that secret it goes on');
  });
});

test('cut off after any write, nothing goes that no sealed proof announces, and the next run finishes', async (t) => {
  for (let nth = 1; ; nth += 1) {
    const aged = await sealedOld(t);
    const context = aged.at(NOW);
    const cut = await prune(aged, { context: { ...context, files: failingAt(context.files, nth) } }).then(
      () => false,
      () => true,
    );
    const { entries } = await readLedger(openProofs(context, aged.store));
    const isAnnounced = entries.some(({ path }) => path.startsWith('prune/'));
    const left = [...listProofs(aged.store, 'smoke')].length;
    assert.ok(left === 2 || isAnnounced, `after write ${nth}`);
    await prune(aged);
    assert.deepEqual([...listProofs(aged.store, 'smoke')], [], `after write ${nth} and another run`);
    if (!cut) {
      assert.ok(nth > 8, `only ${nth} writes were tried`);
      return;
    }
  }
});

interface Wishes {
  readonly isDryRun?: boolean;
  readonly now?: string;
  readonly kinds?: readonly string[];
  readonly olderThanMs?: number;
  readonly key?: ReturnType<typeof readSigningKey> | null;
  readonly context?: Context;
}

async function prune(
  aged: AgedProofs,
  { isDryRun = false, now = NOW, kinds = [], olderThanMs = 90 * DAY_MS, key = null, context = aged.at(now) }: Wishes = {},
): Promise<Pruning> {
  const store = { ...aged.store, files: context.files };
  return await pruneProofs(context, { store, olderThanMs, kinds, isDryRun, key, run: { command: 'proofs prune', argv: [] } });
}

async function sealedOld(t: TestContext): Promise<AgedProofs> {
  const aged = new AgedProofs(t);
  await aged.record('2026-07-03', 'smoke');
  await aged.record('2026-07-04', 'smoke');
  await aged.seal('2026-07-06');
  return aged;
}
