import assert from 'node:assert/strict';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test, type TestContext } from 'node:test';
import { at, buildVariedLedger, contextIn, makeKey, seal } from '../../bench/proofs/ledgers.ts';
import { vouchedFilesIn } from '../../bench/proofs/tampering.ts';
import { recordRun } from '../../src/proof/recording/record.ts';
import { temporaryFolder } from '../fakes/context.ts';
import { BINARY, sophia, sophiaJson } from './sophia.ts';

/** Long enough ago that no clock of a test machine is before it. */
const THEN_MS = Date.UTC(2026, 5, 1);

test('a sealed directory exits 0 and prints its level; one changed byte exits 5 and names the file', async (t) => {
  const cwd = temporaryFolder(t);
  await buildVariedLedger(contextIn(cwd), { nowMs: THEN_MS, key: null });
  const untouched = sophia({ cwd }, 'proofs', 'verify');
  assert.equal(untouched.exitCode, 0, untouched.stderr);
  assert.match(untouched.stdout, /Level L1, unsigned: a writer of this repository could have rebuilt it/);
  const proofs = path.join(cwd, 'proofs');
  const files = vouchedFilesIn(proofs);
  for (const file of [files[0]!, files[Math.floor(files.length / 2)]!, files.at(-1)!]) {
    const whole = readFileSync(path.join(proofs, file));
    writeFileSync(path.join(proofs, file), whole.with(0, (whole[0] ?? 0) ^ 1));
    const { exitCode, document } = sophiaJson({ cwd }, 'proofs', 'verify');
    writeFileSync(path.join(proofs, file), whole);
    assert.equal(exitCode, 5);
    assert.equal(document.error?.code, 'PROOF_DOES_NOT_HOLD');
    assert.ok(JSON.stringify(document.findings).includes(`"proofs/${file}"`), file);
  }
});

test('without a network the same bytes are printed', async (t) => {
  const cwd = temporaryFolder(t);
  await buildVariedLedger(contextIn(cwd), { nowMs: THEN_MS, key: makeKey(3) });
  const isolated = runWithoutNetwork(t, cwd, 'proofs', 'verify', '--json');
  const { exitCode, stdout } = sophia({ cwd }, 'proofs', 'verify', '--json');
  assert.deepEqual([isolated.status, exitCode], [0, 0]);
  assert.equal(isolated.stdout, stdout);
});

/** In a namespace without one; where the kernel gives none to this user, in a process whose every socket refuses. */
function runWithoutNetwork(t: TestContext, cwd: string, ...args: readonly string[]): SpawnSyncReturns<string> {
  const isolated = spawnSync('unshare', ['-rn', process.execPath, BINARY, ...args], { cwd, encoding: 'utf8' });
  if (isolated.error === undefined && !isolated.stderr.includes('unshare')) return isolated;
  t.diagnostic('no network namespace here: every call for a socket or a name is refused instead');
  const refusals = path.join(cwd, 'refuse-sockets.mjs');
  writeFileSync(refusals, REFUSE_SOCKETS);
  return spawnSync(process.execPath, ['--import', refusals, BINARY, ...args], { cwd, encoding: 'utf8' });
}

const REFUSE_SOCKETS = `import net from 'node:net';
import dns from 'node:dns';
import dgram from 'node:dgram';
const refuse = () => { throw new Error('a socket was asked for'); };
net.Socket.prototype.connect = net.Server.prototype.listen = dgram.createSocket = refuse;
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) dns[name] = dns.promises[name] = refuse;
`;

test('a directory that is a link is not followed', async (t) => {
  const cwd = temporaryFolder(t);
  mkdirSync(path.join(cwd, 'elsewhere'));
  symlinkSync('elsewhere', path.join(cwd, 'proofs'));
  const { exitCode, document } = sophiaJson({ cwd }, 'proofs', 'verify');
  assert.equal(exitCode, 5);
  assert.deepEqual(
    document.findings.map(({ check, verdict }) => [check, verdict]),
    [
      ['foreign', 'fail'],
      ['nothing-verified', 'unknown'],
    ],
  );
});

test('trust, contracts and what is ignored come from sophia.yaml', async (t) => {
  const cwd = temporaryFolder(t);
  const context = at(contextIn(cwd), Date.now() - 60_000);
  for (const verdict of ['pass', 'fail'] as const) {
    await recordRun(context, { kind: verdict === 'pass' ? 'smoke' : 'deployment', command: 'demo', argv: [] }, ({ record }) =>
      record.find({ check: 'c', target: 't', verdict, reason: 'r' }),
    );
  }
  const { vkey } = await seal(context, makeKey(4));
  mkdirSync(path.join(cwd, 'proofs/legacy'));
  writeFileSync(path.join(cwd, 'proofs/legacy/old.txt'), 'x');
  assert.equal(sophia({ cwd }, 'proofs', 'verify').exitCode, 5);
  writeFileSync(
    path.join(cwd, 'sophia.yaml'),
    [
      'proofs:',
      `  trust: {keys: [{vkey: "${vkey}", from: 2026-01-01}]}`,
      '  ignore: ["legacy/**"]',
      '  contracts:',
      '    smoked: {kinds: [smoke], result: PASSED, max_age: 24h, require: L2}',
      '    released: {kinds: [smoke, deployment], result: PASSED}',
      '    indexed: {kinds: [smoke, context_index]}',
      '',
    ].join('\n'),
  );
  const whole = sophia({ cwd }, 'proofs', 'verify');
  assert.match(whole.stdout, /Level L2, .*Key from this same tree: acme-proofs/s);
  const exitCodeOf = (...args: readonly string[]): number | null => sophia({ cwd }, 'proofs', 'verify', ...args).exitCode;
  assert.equal(exitCodeOf('--contract', 'smoked'), 0);
  assert.equal(exitCodeOf('--contract', 'released'), 1);
  assert.equal(exitCodeOf('--contract', 'indexed'), 3);
  assert.equal(exitCodeOf('--result', 'PASSED'), 1);
  assert.equal(exitCodeOf('--kind', 'nothing'), 3);
  assert.equal(exitCodeOf('--require', 'L3'), 5);
  assert.equal(exitCodeOf('--vkey', vkey!, '--since', 'proofs/ledger/checkpoint'), 0);
  cpSync(path.join(cwd, 'proofs/ledger/checkpoint'), path.join(cwd, 'saved'));
  renameSync(path.join(cwd, 'proofs'), path.join(cwd, 'moved'));
  assert.equal(exitCodeOf('--dir', 'moved', '--witness', 'saved', '--require', 'L4'), 0, 'a moved folder verifies');
  rmSync(path.join(cwd, 'moved/ledger'), { recursive: true });
  assert.equal(exitCodeOf('--dir', 'moved'), 5);
});
