import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { at, contextIn, makeKey, seal, trustIn, verifyIn } from '../../../bench/proofs/ledgers.ts';
import type { Context } from '../../../src/context.ts';
import { parseCheckpoint } from '../../../src/proof/ledger/checkpoint.ts';
import { sealProofs } from '../../../src/proof/ledger/seal.ts';
import { locateStore } from '../../../src/proof/store.ts';
import { keyIdOf } from '../../../src/proof/ledger/note.ts';
import { recordRun } from '../../../src/proof/recording/record.ts';
import type { Pin } from '../../../src/proof/verification/pins.ts';
import type { Question } from '../../../src/proof/verification/verify.ts';
import { temporaryFolder } from '../../fakes/context.ts';

const START_MS = Date.UTC(2026, 10, 22, 3, 0, 0);
const CHECKPOINT = 'proofs/ledger/checkpoint';

interface Signed {
  readonly context: Context;
  readonly vkey: string;
  readonly checkpoint: string;
}

async function signed(t: TestContext): Promise<Signed> {
  const context = at(contextIn(temporaryFolder(t)), START_MS);
  await record(context);
  const { vkey } = await seal(context, makeKey(1));
  return { context, vkey: vkey!, checkpoint: `${context.directory}/proofs/ledger/checkpoint` };
}

async function record(context: Context): Promise<void> {
  await recordRun(context, { kind: 'demo', command: 'demo', argv: [] }, ({ record: notes }) =>
    notes.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' }),
  );
}

async function failsIn(context: Context, question: Partial<Question> = {}): Promise<readonly string[]> {
  const { findings } = await verifyIn(context, question);
  return findings.filter(({ verdict }) => verdict === 'fail').map(({ check, target }) => `${check} ${target}`);
}

test('a checkpoint that a trusted key signed makes what it covers L2', async (t) => {
  const { context, vkey } = await signed(t);
  const { data, findings } = await verifyIn(context, { trust: trustIn(vkey) });
  assert.deepEqual([data.level, data.levels.L2, data.trust], ['L2', 2, { source: 'given', signers: ['acme-proofs'] }]);
  assert.deepEqual(
    findings.map(({ check }) => check),
    ['holds'],
  );
});

test('signed by a key that nobody named is L1, and said so', async (t) => {
  const { context } = await signed(t);
  const { data, findings, broken } = await verifyIn(context);
  assert.deepEqual([data.level, broken], ['L1', 0]);
  assert.match(findings.find(({ check }) => check === 'unsigned')!.reason, /signed by acme-proofs, but nobody said which key to trust/);
});

test('with another key it does not verify', async (t) => {
  const { context, vkey } = await signed(t);
  const [key] = trustIn((await seal(await recorded(at(contextIn(temporaryFolder(t)), START_MS)), makeKey(2))).vkey!).keys;
  const [own] = trustIn(vkey).keys;
  const underAnotherName = { ...own!, signer: { ...own!.signer, name: 'somebody', keyId: keyIdOf('somebody', own!.signer.publicKey) } };
  for (const keys of [[key!], [underAnotherName]])
    assert.deepEqual(await failsIn(context, { trust: { source: 'given', identities: [], keys } }), [`untrusted-signer ${CHECKPOINT}`]);
  const { findings } = await verifyIn(context, { trust: { source: 'given', identities: [], keys: [key!] } });
  assert.match(findings.find(({ check }) => check === 'unsigned')!.reason, /signed by acme-proofs, and by none that is trusted/);
});

test('a key counts only in its time, which is that of the seal', async (t) => {
  const { context, vkey } = await signed(t);
  const [key] = trustIn(vkey).keys;
  const within = (fromMs: number, untilMs: number): Partial<Question> => ({
    trust: { source: 'tree', identities: [], keys: [{ ...key!, fromMs, untilMs }] },
  });
  const inTime = await verifyIn(context, within(START_MS, START_MS + 60_000));
  assert.deepEqual([inTime.data.level, inTime.data.trust.source], ['L2', 'tree']);
  assert.deepEqual(await failsIn(context, within(START_MS + 60_000, Infinity)), [`untrusted-signer ${CHECKPOINT}`]);
  assert.deepEqual(await failsIn(context, within(-Infinity, START_MS)), [`untrusted-signer ${CHECKPOINT}`]);
});

test('a signature that is wrong is found, with the key and without it', async (t) => {
  const { context, vkey, checkpoint } = await signed(t);
  const text = readFileSync(checkpoint, 'utf8');
  writeFileSync(
    checkpoint,
    text.replace(/(— \S+ \S{10})(.)/, (_, before: string, letter: string) => `${before}${letter === 'A' ? 'B' : 'A'}`),
  );
  assert.ok((await failsIn(context, { trust: trustIn(vkey) })).includes(`bad-signature ${CHECKPOINT}`));
  assert.deepEqual(await failsIn(context), [`bad-signature ${CHECKPOINT}`], 'the last seal names the key');
});

test('a signature that was taken away is a downgrade', async (t) => {
  const { context, vkey, checkpoint } = await signed(t);
  const pin = pinOf(checkpoint);
  const text = readFileSync(checkpoint, 'utf8');
  writeFileSync(checkpoint, text.replace(/— .*\n/, ''));
  assert.deepEqual(await failsIn(context), [`downgraded ${CHECKPOINT}`]);
  const fails = await failsIn(context, { trust: trustIn(vkey), since: pin });
  assert.ok(fails.includes(`downgraded ${CHECKPOINT}`) && fails.includes(`untrusted-signer ${CHECKPOINT}`));
  const other = await seal(await recorded(at(contextIn(temporaryFolder(t)), START_MS)), makeKey(2));
  writeFileSync(checkpoint, text.replace(/— .*\n/, readFileOf(other.vkey!)));
  assert.ok((await failsIn(context)).includes(`downgraded ${CHECKPOINT}`), 'another signature in its place');
});

/** A line of a stranger: his signature is over another text, and nobody here has his key. */
function readFileOf(vkey: string): string {
  return `— stranger ${Buffer.from(vkey.padEnd(68, 'x').slice(0, 68)).toString('base64')}\n`;
}

async function recorded(context: Context): Promise<Context> {
  await record(context);
  return context;
}

function pinOf(file: string): Pin {
  const read = parseCheckpoint(readFileSync(file));
  assert.ok(read.ok);
  return { name: 'saved', checkpoint: read.value };
}

test('what a witness has seen is L4, what came later is not', async (t) => {
  const { context, vkey, checkpoint } = await signed(t);
  const witness = pinOf(checkpoint);
  await record(context);
  const unsealed = await verifyIn(context, { witnesses: [witness] });
  assert.deepEqual([unsealed.data.levels, unsealed.data.level], [{ L0: 1, L1: 0, L2: 0, L3: 0, L4: 2 }, 'L0']);
  await seal(context, makeKey(1));
  const { data } = await verifyIn(context, { witnesses: [witness], trust: trustIn(vkey) });
  assert.deepEqual([data.levels, data.level], [{ L0: 0, L1: 0, L2: 2, L3: 0, L4: 2 }, 'L2']);
  rmSync(`${context.directory}/proofs/ledger`, { recursive: true });
  assert.deepEqual(new Set(await failsIn(context, { witnesses: [witness] })), new Set([`ledger-missing ${CHECKPOINT}`]));
});

test('a level below what is required fails, and says which', async (t) => {
  const { context, vkey } = await signed(t);
  const wanted = { paths: [], kinds: [], commit: null, isStrict: false, result: null, maxAgeMs: null, contract: null } as const;
  assert.deepEqual(await failsIn(context, { wanted: { ...wanted, require: 'L2' } }), ['level-too-low proofs']);
  assert.deepEqual(await failsIn(context, { wanted: { ...wanted, require: 'L2' }, trust: trustIn(vkey) }), []);
  await record(context);
  assert.deepEqual(await failsIn(context, { wanted: { ...wanted, require: 'L1' } }), ['level-too-low proofs']);
});

test('another name of the ledger than the one expected is told, with who expects it', async (t) => {
  const { context } = await signed(t);
  const { findings } = await verifyIn(context, { origins: [{ origin: 'example.org/other/proofs', saidBy: '--origin' }] });
  const [finding] = findings;
  assert.deepEqual([finding?.check, finding?.target], ['wrong-origin', CHECKPOINT]);
  assert.match(finding!.reason, /--origin says example.org\/other\/proofs/);
});

test('a signed ledger that was continued without a key is a downgrade, whoever asks', async (t) => {
  const { context, checkpoint } = await signed(t);
  await record(context);
  // Sealing refuses this; whoever writes the files by hand does not ask.
  const whole = readFileSync(checkpoint, 'utf8');
  const hidden = (await openUnsigned(context, checkpoint, whole)).findings.filter(({ verdict }) => verdict === 'fail');
  assert.deepEqual(
    hidden.map(({ check, target }) => `${check} ${target}`),
    [`downgraded ${CHECKPOINT}`],
  );
});

/** As if the ledger had never been signed when the next seal came. */
async function openUnsigned(context: Context, checkpoint: string, whole: string): ReturnType<typeof verifyIn> {
  const last = readdirSync(`${context.directory}/proofs/seal`, { recursive: true, encoding: 'utf8' }).find((file) =>
    file.endsWith('.json'),
  );
  const seal1 = `${context.directory}/proofs/seal/${last}`;
  const bytes = readFileSync(seal1);
  writeFileSync(checkpoint, whole.replace(/— .*\n/, ''));
  rmSync(seal1);
  const unsigned = await sealProofs(context, {
    place: locateStore(context),
    run: { command: 'proofs seal', argv: [] },
    key: null,
  });
  writeFileSync(seal1, bytes);
  assert.deepEqual(unsigned.flaws, []);
  return await verifyIn(context);
}
