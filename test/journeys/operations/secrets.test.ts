import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import type { Finding } from '../../../src/outcome.ts';
import type { AuditedSecret } from '../../../src/secrets/judging.ts';
import { startGitHub, TOKEN } from '../../fakes/github/github.ts';
import { BINARY, repository, runSophia, sophia, type Document } from '../sophia.ts';

const DAY = 86_400_000;

interface Audited extends Omit<Document, 'data' | 'findings'> {
  readonly findings: readonly Finding[];
  readonly data: { readonly secrets?: readonly AuditedSecret[] };
}

function daysAgo(days: number): string {
  return `${new Date(Date.now() - days * DAY).toISOString().slice(0, 19)}Z`;
}

test('every secret of a repository is judged by its age, and the proof of it holds', async (t) => {
  const hub = await startGitHub(t);
  const ages = Array.from({ length: 230 }, (_, index) => ({ name: `SECRET_${index}`, updatedAt: daysAgo(index < 5 ? 91 : 10) }));
  hub.secrets.set('repos/o/r', ages);
  const root = repository(t, { 'a.ts': 'word\n' });
  // Of a workflow that is not there: the package that asks GitHub would say so on stdout, where a program expects one document.
  const env = { GITHUB_API_URL: hub.url, GITHUB_TOKEN: TOKEN, GITHUB_REPOSITORY: 'o/r', GITHUB_EVENT_PATH: '/nonexistent/event.json' };
  const { exitCode, stdout } = await runSophia({ cwd: root, env }, 'secrets', 'audit', '--json');
  const { result, data, findings, proof } = JSON.parse(stdout) as Audited;
  assert.deepEqual([exitCode, result, data.secrets?.length], [1, 'FAILED', 230]);
  assert.equal(findings.filter(({ code }) => code === 'SECRET_TOO_OLD').length, 5);
  const text = fs.readFileSync(path.join(root, proof!.path), 'utf8');
  assert.match(text, /"kind": "secrets"/);
  assert.ok(!text.includes(TOKEN));
  assert.equal(sophia({ cwd: root }, 'proofs', 'verify').exitCode, 0);
});

test('who may not list secrets is told what to do, and the proof says that nothing is known', async (t) => {
  const hub = await startGitHub(t);
  hub.grants.set(TOKEN, ['issues: write']);
  const root = repository(t, { 'a.ts': 'word\n' });
  const env = { GITHUB_API_URL: hub.url, GITHUB_TOKEN: TOKEN, GITHUB_REPOSITORY: 'o/r' };
  const { exitCode, stdout, stderr } = await runSophia({ cwd: root, env }, 'secrets', 'audit', '--json');
  const { result, error, proof } = JSON.parse(stdout) as Audited;
  assert.deepEqual([exitCode, result, error?.code], [4, 'UNKNOWN', 'SECRETS_DENIED']);
  assert.match(error?.hint ?? '', /"Secrets: read".*own token of a workflow cannot list secrets/);
  assert.ok(!stderr.includes(TOKEN));
  assert.match(fs.readFileSync(path.join(root, proof!.path), 'utf8'), /"result": "UNKNOWN"/);
});

test('what another program lists is piped in and judged against the workflows and the configuration', (t) => {
  const root = repository(t, {
    '.github/workflows/deploy.yml': 'on: push\njobs: {a: {env: {t: "${{ secrets.FLY_API_TOKEN }}", u: "${{ secrets.GONE }}"}}}\n',
    'sophia.yaml': 'secrets:\n  max_age: 30d\n  required: [NEEDED]\n  ignore: {LEGACY: retired soon}\n',
  });
  const listing = ['FLY_API_TOKEN', 'LEGACY', 'SPARE'].map((name) => ({ name, updatedAt: daysAgo(31) }));
  const audit = (input: string, ...args: readonly string[]) =>
    spawnSync(process.execPath, [BINARY, 'secrets', 'audit', '--listing', '-', ...args], { cwd: root, input, encoding: 'utf8' });
  const { status, stdout } = audit(JSON.stringify(listing), '--json');
  const { findings } = JSON.parse(stdout) as Audited;
  assert.equal(status, 1);
  assert.deepEqual(
    findings.map(({ check, target, verdict }) => `${verdict} ${check} ${target}`),
    ['fail age FLY_API_TOKEN', 'skipped age LEGACY', 'fail age SPARE', 'warn use SPARE', 'fail there GONE', 'fail there NEEDED'],
  );
  assert.deepEqual(findings.at(-1)?.location, { file: 'sophia.yaml', line: 3, column: 14 });
  assert.match(audit(JSON.stringify(listing)).stdout, /[Uu]pdated is not proof of changed/);
  assert.equal(audit('').status, 2, 'a program that failed lists nothing, and that is no listing');
  const endless = audit(' '.repeat(2 << 20), '--json');
  assert.deepEqual([endless.status, (JSON.parse(endless.stdout) as Audited).error?.code], [2, 'INPUT_UNREADABLE']);
});
