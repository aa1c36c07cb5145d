// A keyless seal from end to end: the real program, an authority and a log on loopback that really sign.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { test } from 'node:test';
import { recordRun } from '../../src/proof/recording/record.ts';
import { contextFor, temporaryFolder } from '../fakes/context.ts';
import { identityToken, ISSUER, startSigstore, SUBJECT, type FakeSigstore } from '../fakes/sigstore.ts';
import { BINARY } from './sophia.ts';

interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly document: {
    readonly data: Record<string, unknown>;
    readonly findings: readonly { check: string; target: string; reason: string }[];
  };
}

/** Not in step with this process, which answers for the services meanwhile. */
async function run(cwd: string, env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Run> {
  return await new Promise((resolve) => {
    const options = { cwd, env: { PATH: process.env['PATH'] ?? '', HOME: cwd, NO_COLOR: '1', ...env } };
    execFile(process.execPath, [BINARY, 'proofs', ...args, '--json'], options, (error, stdout) => {
      resolve({ exitCode: Number(error?.code ?? 0), stdout, document: JSON.parse(stdout) as Run['document'] });
    });
  });
}

const TOKEN = { SIGSTORE_ID_TOKEN: identityToken() };

function pin(cwd: string, subject: string): void {
  writeFileSync(`${cwd}/sophia.yaml`, `proofs:\n  trust:\n    identities:\n      - issuer: ${ISSUER}\n        subject: ${subject}\n`);
}

async function observe(context: ReturnType<typeof contextFor>): Promise<void> {
  await recordRun(context, { kind: 'demo', command: 'demo', argv: ['demo'] }, ({ record }) => {
    record.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' });
  });
}

function seal(cwd: string, services: FakeSigstore): Promise<Run> {
  return run(cwd, TOKEN, 'seal', '--keyless', '--fulcio-url', services.url, '--rekor-url', services.url);
}

function verify(cwd: string, ...args: readonly string[]): Promise<Run> {
  return run(cwd, {}, 'verify', '--trusted-root', 'root.json', ...args);
}

test('sealed keyless, proofs are L3 for who pins the identity, and every change of the bundle is named', async (t) => {
  const services = await startSigstore(t);
  const cwd = temporaryFolder(t);
  const context = contextFor(t, { directory: cwd });
  writeFileSync(`${cwd}/root.json`, JSON.stringify(services.trustedRoot));
  await observe(context);
  const sealed = await seal(cwd, services);
  assert.deepEqual([sealed.exitCode, sealed.document.data['level']], [0, 'L3'], sealed.stdout);
  assert.ok(!sealed.stdout.includes(TOKEN.SIGSTORE_ID_TOKEN));

  assert.equal((await verify(cwd)).document.data['level'], 'L1', 'a signature of nobody in particular');
  const audited = await run(cwd, {}, 'audit', 'proofs');
  assert.deepEqual([audited.exitCode, audited.document.data['byRule']], [0, {}], audited.stdout);
  pin(cwd, SUBJECT);
  const asked = services.requests.length;
  const verified = await verify(cwd, '--require', 'L3');
  assert.deepEqual([verified.exitCode, verified.document.data['level']], [0, 'L3'], verified.stdout);
  assert.equal(services.requests.length, asked, 'a check asked the network');
  pin(cwd, `${SUBJECT}-of-a-fork`);
  const untrusted = await verify(cwd);
  assert.deepEqual([untrusted.exitCode, untrusted.document.findings[0]?.check], [5, 'untrusted-signer'], untrusted.stdout);

  pin(cwd, SUBJECT);
  const bundle = `${cwd}/proofs/ledger/bundles/2.sigstore.json`;
  const whole = readFileSync(bundle);
  for (const share of [0.1, 0.5, 0.9]) {
    const changed = Buffer.from(whole);
    const at = Math.floor(whole.length * share);
    changed[at] = (changed[at] ?? 0) ^ 1;
    writeFileSync(bundle, changed);
    const ended = await verify(cwd);
    assert.equal(ended.exitCode, 5, ended.stdout);
    assert.ok(
      ended.document.findings.some(({ check, target }) => check === 'bad-signature' && target.endsWith('2.sigstore.json')),
      ended.stdout,
    );
  }
});

test('an outage leaves the seal as it is, pending, with exit 0; the next one brings the bundle', async (t) => {
  const services = await startSigstore(t);
  const cwd = temporaryFolder(t);
  await observe(contextFor(t, { directory: cwd }));
  services.failWith(503);
  const pending = await seal(cwd, services);
  assert.deepEqual([pending.exitCode, pending.document.data['level']], [0, 'L1'], pending.stdout);
  assert.match(JSON.stringify(pending.document.data['keyless']), /"pending".*503/);
  assert.equal((await run(cwd, {}, 'verify')).exitCode, 0);
  services.failWith(null);
  const brought = await seal(cwd, services);
  assert.deepEqual([brought.exitCode, brought.document.data['sealed'], brought.document.data['level']], [0, 0, 'L3'], brought.stdout);
});

test('without an identity, or with services that anyone could listen to, nothing is sealed', async (t) => {
  const cwd = temporaryFolder(t);
  const context = contextFor(t, { directory: cwd });
  await observe(context);
  assert.equal((await run(cwd, {}, 'seal', '--keyless')).exitCode, 2);
  assert.equal((await run(cwd, TOKEN, 'seal', '--keyless', '--fulcio-url', 'http://fulcio.example')).exitCode, 2);
  assert.equal(context.files.exists(`${cwd}/proofs/ledger`), false);
});
