import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { buildVariedLedger, contextIn, makeKey, trustIn, verifyIn } from '../../../bench/proofs/ledgers.ts';
import { fuzz } from '../../../bench/proofs/tampering.ts';
import type { Context } from '../../../src/context.ts';
import { temporaryFolder } from '../../fakes/context.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 3, 0, 0);
const FLIPS = 150;

async function varied(t: TestContext, isSigned: boolean): Promise<{ readonly context: Context; readonly vkey: string | null }> {
  const context = contextIn(temporaryFolder(t));
  const vkey = await buildVariedLedger(context, { nowMs: NOW_MS, key: isSigned ? makeKey(1) : null });
  return { context, vkey };
}

test('attachments, views, archives and ledger: every flip of one byte is found and named, and nothing else is', async (t) => {
  const { context } = await varied(t, false);
  const { data } = await verifyIn(context);
  assert.ok(data.archived > 0 && data.attachments > 0 && data.views > 0, JSON.stringify(data));
  assert.deepEqual(await fuzz({ proofs: `${context.directory}/proofs`, flips: FLIPS, seed: 11, verify: () => verifyIn(context) }), []);
});

test('the same where the ledger is signed, for whoever trusts the key', async (t) => {
  const { context, vkey } = await varied(t, true);
  const verify = () => verifyIn(context, { trust: trustIn(vkey!) });
  assert.deepEqual(await fuzz({ proofs: `${context.directory}/proofs`, flips: FLIPS, seed: 12, verify }), []);
});
