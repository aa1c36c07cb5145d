// The ledger, as a user and a workflow meet it: keys, seals that meet, seals that are killed, and what strangers check with.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { readLedger } from '../../src/proof/ledger/ledger.ts';
import { openProofs } from '../../src/proof/tree.ts';
import { contextFor, temporaryFolder } from '../fakes/context.ts';
import { sophia, startSophia, write, type Ended } from './sophia.ts';

function folder(t: TestContext): string {
  return fs.realpathSync(temporaryFolder(t));
}

function record(root: string): void {
  assert.equal(sophia({ cwd: root }, 'proofs', 'record', '--kind', 'demo', '--quiet', '--', 'true').exitCode, 0);
}

/** Like the first proof, under other ids of its millisecond: a seal of many takes long enough to be met. */
function multiply(root: string, count: number): void {
  const demo = path.join(root, 'proofs/demo');
  const first = fs.readdirSync(demo, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('.json'))!;
  const id = path.basename(first, '.json');
  const text = fs.readFileSync(path.join(demo, first), 'utf8');
  for (let each = 0; each < count; each += 1) {
    const other = `${id.slice(0, 20)}${String(each).padStart(6, '0')}`;
    fs.writeFileSync(
      path.join(demo, first.replace(id, other)),
      text.replaceAll(id, other).replace(/"durationMs": \d+/, `"durationMs": ${1_000_000 + each}`),
    );
  }
}

function filesBelow(root: string): readonly string[] {
  if (!fs.existsSync(root)) return [];
  const entries = fs.readdirSync(root, { recursive: true, withFileTypes: true });
  return entries.filter((each) => each.isFile()).map((each) => path.join(each.parentPath, each.name));
}

function assertHolds(root: string, ...args: readonly string[]): void {
  const { exitCode, stdout, stderr } = sophia({ cwd: root }, 'proofs', 'verify', ...args);
  assert.equal(exitCode, 0, stdout + stderr);
}

async function assertAllSealed(t: TestContext, root: string): Promise<void> {
  const ledger = await readLedger(openProofs(contextFor(t), { proofs: `${root}/proofs`, name: 'proofs' }));
  const proofs = filesBelow(`${root}/proofs`).filter((file) => /\/[0-9A-Z]{26}\.json$/.test(file));
  assert.deepEqual([ledger.flaws, ledger.tail, ledger.entries.length], [[], [], proofs.length]);
}

test('record, seal, verify; one byte changed in any file that was made, and it is named', (t) => {
  const root = folder(t);
  record(root);
  const sealed = sophia({ cwd: root }, 'proofs', 'seal');
  assert.equal(sealed.exitCode, 0, sealed.stderr);
  assert.match(sealed.stdout, /L1, unsigned: a writer of this repository could have rebuilt it/);
  assert.match(sealed.stderr, /proof: proofs\/seal\//);
  assertHolds(root);
  const vouched = filesBelow(`${root}/proofs`).filter((file) => !/README\.md$|\.gitattributes$/.test(file));
  for (const file of vouched) {
    const bytes = fs.readFileSync(file);
    fs.writeFileSync(file, bytes.with(bytes.length >> 1, bytes[bytes.length >> 1]! ^ 1));
    const { exitCode, stdout } = sophia({ cwd: root }, 'proofs', 'verify', '--json');
    assert.equal(exitCode, 5, file);
    assert.ok(stdout.includes(file.includes('/ledger/') ? 'proofs/ledger/' : path.relative(root, file)), stdout);
    fs.writeFileSync(file, bytes);
  }
  assertHolds(root);
});

test('a key is made, signs out of the environment, and is nowhere but in its file', (t) => {
  const root = folder(t);
  const made = sophia({ cwd: root }, 'proofs', 'keygen', '--name', 'acme-proofs', '--out', 'key.pem');
  assert.deepEqual([made.exitCode, made.stderr], [0, '']);
  assert.match(made.stdout, /^acme-proofs\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\n$/);
  assert.equal(fs.statSync(`${root}/key.pem`).mode & 0o777, 0o600);
  assert.equal(sophia({ cwd: root }, 'proofs', 'keygen', '--name', 'acme-proofs', '--out', 'key.pem').exitCode, 2);
  const vkey = made.stdout.trim();
  const pem = fs.readFileSync(`${root}/key.pem`, 'utf8');
  fs.renameSync(`${root}/key.pem`, `${folder(t)}/key.pem`);
  record(root);
  const sealed = sophia({ cwd: root, env: { SOPHIA_SIGNING_KEY: pem } }, 'proofs', 'seal', '--verbose', '--json');
  assert.equal(sealed.exitCode, 0, sealed.stderr);
  const secret = pem.split('\n')[1]!;
  for (const file of filesBelow(root)) assert.ok(!fs.readFileSync(file, 'latin1').includes(secret.slice(20, 60)), file);
  assert.ok(!(sealed.stdout + sealed.stderr).includes(secret.slice(20, 60)));

  const noted = sophia({ cwd: root }, 'proofs', 'note', 'verify', '--vkey', vkey, 'proofs/ledger/checkpoint');
  const checkpoint = fs.readFileSync(`${root}/proofs/ledger/checkpoint`, 'utf8');
  assert.deepEqual([noted.exitCode, noted.stdout], [0, checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1)]);
  assertHolds(root, '--vkey', vkey, '--require', 'L2');
  const other = sophia({ cwd: root }, 'proofs', 'keygen', '--name', 'acme-proofs', '--out', '../other.pem').stdout.trim();
  fs.rmSync(`${root}/../other.pem`);
  assert.equal(sophia({ cwd: root }, 'proofs', 'note', 'verify', '--vkey', other, 'proofs/ledger/checkpoint').exitCode, 5);
  assert.equal(sophia({ cwd: root }, 'proofs', 'verify', '--vkey', other).exitCode, 5);
  record(root);
  const unsigned = sophia({ cwd: root }, 'proofs', 'seal');
  assert.equal(unsigned.exitCode, 2);
  assert.match(unsigned.stderr, /LEDGER_SIGNED[\s\S]*SOPHIA_SIGNING_KEY/);
});

test('seals that meet leave one ledger, and each of them succeeds', async (t) => {
  const root = folder(t);
  record(root);
  multiply(root, 400);
  const runs = [1, 2, 3].map(() => startSophia({ cwd: root }, 'proofs', 'seal'));
  assert.deepEqual(await Promise.all(runs.map(({ closed }) => closed)), [0, 0, 0]);
  await assertAllSealed(t, root);
  assertHolds(root);
  assert.equal(filesBelow(`${root}/proofs/seal`).length, 1);
});

test('a seal that is killed is finished by the next, wherever it was', async (t) => {
  const root = folder(t);
  record(root);
  const moments = ['.sophia/seal.lock', 'proofs/seal', 'proofs/ledger', 'proofs/ledger/entries/000', 'proofs/ledger/entries/002'];
  multiply(root, 700);
  for (const moment of moments) {
    const run = startSophia({ cwd: root }, 'proofs', 'seal');
    let isOver = false;
    void run.closed.then(() => (isOver = true));
    while (!isOver && !fs.existsSync(path.join(root, moment))) await wait(1);
    run.child.kill('SIGKILL');
    await run.closed;
  }
  const finished = sophia({ cwd: root }, 'proofs', 'seal');
  assert.equal(finished.exitCode, 0, finished.stderr);
  await assertAllSealed(t, root);
  assertHolds(root);
  assert.ok(!fs.existsSync(`${root}/.sophia/seal.lock`));
});

test('the adapters for public vectors answer with their exit code', (t) => {
  const root = folder(t);
  const ROOT1 = 'bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=';
  const one = { leafIdx: 0, treeSize: 1, root: ROOT1, leafHash: ROOT1, proof: null };
  const same = { size1: 1, size2: 1, root1: ROOT1, root2: ROOT1, proof: [] };
  write(root, {
    'i0.json': JSON.stringify(one),
    'i5.json': JSON.stringify({ ...one, treeSize: 2 }),
    'i2.json': '{"leafIdx":',
    'c0.json': JSON.stringify(same),
    'c5.json': JSON.stringify({ ...same, size1: 0 }),
    'c2.json': JSON.stringify({ ...same, root1: 'AB==' }),
  });
  for (const [letter, name] of [
    ['i', 'check-inclusion'],
    ['c', 'check-consistency'],
  ] as const) {
    const run = (file: string): Ended => sophia({ cwd: root }, 'proofs', 'log', name, file);
    assert.deepEqual(
      [run(`${letter}0.json`), run(`${letter}5.json`), run(`${letter}2.json`)].map(({ exitCode }) => exitCode),
      [0, 5, 2],
    );
    assert.equal(run(`${letter}0.json`).stdout, 'holds\n');
    const { stderr } = run(`${letter}2.json`);
    assert.match(stderr, /JSON_REFUSED/);
    assert.ok(!stderr.includes('    at '), stderr);
  }
  const unknown = sophia({ cwd: root }, 'proofs', 'log', 'check-inclusio', 'i0.json');
  assert.equal(unknown.exitCode, 2);
  assert.match(unknown.stderr, /"proofs log check-inclusio", did you mean "proofs log check-inclusion"/);
});
