import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Context } from '../../../src/context.ts';
import { auditDirectory, type Audit } from '../../../src/proof/audit/audit.ts';
import { readHistory } from '../../../src/proof/audit/history.ts';
import { rules } from '../../../src/proof/audit-rules/registry.generated.ts';
import { recordRun } from '../../../src/proof/recording/record.ts';
import { contextFor, git, temporaryFolder } from '../../fakes/context.ts';

const FOREIGN = path.resolve(import.meta.dirname, 'fixtures');
/** Put together here, so that no file of the project holds one. */
const TOKEN = ['gh', 'p_', 'a1B2c3D4e5'.repeat(4).slice(0, 36)].join('');

async function audit(context: Context, directory: string, withHistory = false): Promise<Audit> {
  return await auditDirectory(context, {
    directory,
    name: 'evidence',
    history: withHistory ? await readHistory(context, directory) : null,
  });
}

async function auditOf(t: TestContext, files: Readonly<Record<string, string | Uint8Array>>): Promise<Audit> {
  const directory = temporaryFolder(t);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    writeFileSync(path.join(directory, name), content);
  }
  return await audit(contextFor(t, { directory }), directory);
}

/** `rule path:line:column`, of everything found. */
function told({ findings }: Audit): readonly string[] {
  return findings.map(
    ({ check, target, location }) => `${check} ${target}${location === undefined ? '' : `:${location.line}:${location.column}`}`,
  );
}

test('every rule finds the fault it is named for, in a directory that has them all', async (t) => {
  const directory = temporaryFolder(t);
  cpSync(FOREIGN, directory, { recursive: true });
  writeFileSync(path.join(directory, 'smoke/run_$(date +%s).json'), '{}\n');
  writeFileSync(path.join(directory, 'smoke/two words.txt'), 'ok\n');
  writeFileSync(path.join(directory, 'smoke/token.json'), `{\n  "token": "${TOKEN}"\n}\n`);
  writeFileSync(path.join(directory, 'smoke/future.json'), '{ "at": "2199-01-01T10:11:12Z" }\n');
  for (let number = 0; number < 30; number += 1) writeFileSync(path.join(directory, `deploy/log_${number}.txt`), `${number}\n`);
  git(directory, 'init', '-q');
  git(directory, 'add', '-A');
  git(directory, 'commit', '-qm', 'evidence');
  writeFileSync(path.join(directory, 'smoke/prose.json'), 'Everything is still fine.\n');
  execFileSync('rm', [path.join(directory, 'deploy/log_0.txt')]);
  git(directory, 'commit', '-qam', 'mended the evidence');

  const found = await audit(contextFor(t, { directory }), directory, true);
  assert.deepEqual(
    rules.map(({ id }) => id).filter((id) => found.byRule[id] === undefined),
    [],
    'rules that found nothing',
  );
  for (const expected of [
    'empty-file evidence/smoke/worker.json',
    'invalid-json evidence/deploy/glued.json:3:15',
    'unexpanded-body evidence/deploy/glued.json:3:14',
    'unexpanded-body evidence/deploy/glued.json:2:14',
    'unexpanded-body evidence/deploy/DEPLOYMENT_FINAL.md:5:34',
    'no-zone evidence/deploy/really_final.json:2:17',
    'typed-time evidence/deploy/really_final.json:2:17',
    'summary-contradiction evidence/deploy/really_final.json:3:21',
    'success-with-errors evidence/deploy/typed.json:3:14',
    'epoch-as-duration evidence/deploy/typed.json:6:18',
    'impossible-date evidence/deploy/typed.json:7:18',
    'impossible-date evidence/smoke/api.txt:2:7',
    'simulated evidence/deploy/typed.json:9:12',
    'length-mismatch evidence/smoke/api.txt:3:1',
    'dangling-reference evidence/deploy/DEPLOYMENT_FINAL.md:3:28',
    'dangling-reference evidence/deploy/DEPLOYMENT_FINAL.md:3:65',
    'duplicate-bytes evidence/smoke/api_copy.txt',
    'unclear-final evidence/deploy/DEPLOYMENT_FINAL.md',
    'unclear-final evidence/deploy/really_final.json',
    'unexpanded-name evidence/smoke/run_$(date +%s).json',
    'unsafe-name evidence/smoke/two words.txt',
    'secret-shaped evidence/smoke/token.json:2:13',
    'flat-folder evidence/deploy',
    'history-mutated evidence/smoke/prose.json',
    'history-mutated evidence/deploy/log_0.txt',
    'time-after-commit evidence/smoke/future.json:1:10',
    'committed-late evidence/deploy/really_final.json',
  ])
    assert.ok(told(found).includes(expected), `${expected}\nin\n${told(found).join('\n')}`);
  assert.equal(found.verifiable, 0);
  assert.ok(!JSON.stringify(found).includes(TOKEN.slice(4, 20)), 'a secret was printed');
});

test('what sophia itself wrote has no findings, with attachments, views and secrets taken out', async (t) => {
  const context = contextFor(t, { env: { API_TOKEN: TOKEN } });
  for (const verdict of ['pass', 'fail'] as const) {
    await recordRun(context, { kind: 'smoke', command: 'smoke', argv: ['smoke', TOKEN] }, ({ record }) => {
      record.find({ check: 'health', target: 'api', verdict, reason: 'simulated: $(date) at 2025-09-27T06:00:00' });
      record.attach('answer.body', Buffer.from(`{"token":"${TOKEN}"}`), 'application/json');
      record.view('healthz/api.txt', (proof) => `proof: ${proof}\nok\n`);
    });
  }
  const { findings, files, verifiable } = await audit(context, `${context.directory}/proofs`);
  assert.deepEqual(findings, []);
  assert.deepEqual([files, verifiable], [7, 7]);
});

test('a proof of ours that was touched, and a file beside it, are looked at like any other', async (t) => {
  const context = contextFor(t);
  const { proof } = await recordRun(context, { kind: 'smoke', command: 'smoke', argv: [] }, ({ record }) => {
    record.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' });
  });
  writeFileSync(`${context.directory}/${proof!.path}`, '{ "result": "PASSED" }\n');
  writeFileSync(`${context.directory}/proofs/note.txt`, 'looked fine to me\n');
  const { verifiable, byRule } = await audit(context, `${context.directory}/proofs`);
  assert.equal(verifiable, 0);
  assert.ok(byRule['unsigned']! > 1 && byRule['no-commit'] === 1 && byRule['not-json']! > 0);
});

test('a record that says what evidence must say has nothing to be found', async (t) => {
  const { findings } = await auditOf(t, {
    'runs/17.json': JSON.stringify({
      _type: 'https://example.org/run/v1',
      commit: '5d1f0c3a5d1f0c3a5d1f0c3a5d1f0c3a5d1f0c3a',
      digest: { sha256: 'c'.repeat(64) },
      command: ['make', 'test'],
      exitCode: 0,
      run_id: '17',
      startedAt: '2025-09-27T05:38:17Z',
      finishedAt: '2025-09-27T05:39:41Z',
      status: 'success',
      summary: { total: 3, passed: 2, failed: 0, skipped: 1 },
      errors: [],
      signatures: [{ keyid: 'k', sig: 'c2ln' }],
    }),
  });
  assert.deepEqual(findings, []);
});

test('broken JSON is told with line and column and without what stands there', async (t) => {
  for (const [text, place] of [
    ['{"a": 1,\n "b": x}', '2:7'],
    ['{"a": 1', '1:8'],
    ['[1, 2,]', '1:7'],
    ['{"a": "b', '1:9'],
  ] as const) {
    const found = await auditOf(t, { 'x.json': text });
    assert.ok(told(found).includes(`invalid-json evidence/x.json:${place}`), `${text}: ${told(found).join(', ')}`);
  }
  const secret = await auditOf(t, { 'x.json': `{"password": hunter2hunter2}` });
  assert.ok(!JSON.stringify(secret.findings).includes('hunter'));
});

test('hostile files are named, bounded and never opened', async (t) => {
  const directory = temporaryFolder(t);
  execFileSync('mkfifo', [path.join(directory, 'pipe.json')]);
  symlinkSync('/dev/zero', path.join(directory, 'zero.json'));
  symlinkSync('.', path.join(directory, 'loop'));
  writeFileSync(path.join(directory, 'large.json'), '');
  truncateSync(path.join(directory, 'large.json'), 300e6);
  writeFileSync(path.join(directory, 'deep.json'), '['.repeat(100_000));
  writeFileSync(path.join(directory, 'many.json'), `[${'"2025-02-30T01:02:03Z",'.repeat(5000)}1]`);
  writeFileSync(path.join(directory, 'proto.json'), '{"__proto__": {"status": "success"}, "errors": {"toString": "x"}}');
  execFileSync('touch', [Buffer.concat([Buffer.from(`${directory}/caf`), Buffer.from([0xe9]), Buffer.from('.json')]).toString('latin1')]);
  const { findings, byRule } = await audit(contextFor(t, { directory }), directory);
  const unread = new Set(findings.filter(({ check }) => check === 'unread').map(({ target }) => target));
  for (const name of ['pipe.json', 'zero.json', 'loop', 'large.json']) assert.ok(unread.has(`evidence/${name}`), name);
  assert.equal(byRule['invalid-json'], 1);
  assert.equal(byRule['impossible-date'], 5000);
  assert.ok(findings.length < 120);
});

test('an empty directory has no file to look at', async (t) => {
  assert.equal((await auditOf(t, {})).files, 0);
});
