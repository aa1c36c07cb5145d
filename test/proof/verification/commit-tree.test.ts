import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { at, contextIn, seal, verifyIn } from '../../../bench/proofs/ledgers.ts';
import type { Context } from '../../../src/context.ts';
import { recordRun } from '../../../src/proof/recording/record.ts';
import { openCommit } from '../../../src/proof/verification/commit-tree.ts';
import { git, temporaryFolder } from '../../fakes/context.ts';

const START_MS = Date.UTC(2026, 10, 22, 3, 0, 0);

/** A repository whose branch `evidence` has a sealed directory of proofs, and whose work tree has none. */
async function committed(t: TestContext): Promise<Context> {
  const directory = temporaryFolder(t);
  git(directory, 'init', '-q');
  const context = at(contextIn(directory), START_MS);
  await recordRun(context, { kind: 'demo', command: 'demo', argv: [] }, ({ record }) => {
    record.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' });
    record.attach('answer.body', Buffer.from('one'), 'text/plain');
    record.view('healthz/api.txt', (name) => `proof: ${name}\n`);
  });
  await seal(context);
  git(directory, 'checkout', '-q', '-b', 'evidence');
  git(directory, 'add', '-A');
  git(directory, 'commit', '-q', '-m', 'proofs');
  rmSync(`${directory}/proofs`, { recursive: true });
  return context;
}

async function failsAt(context: Context, ref: string): Promise<readonly string[]> {
  const { findings } = await verifyIn(context, { tree: await openCommit(context, { ref, name: 'proofs' }) });
  return findings.filter(({ verdict }) => verdict === 'fail').map(({ check, target, reason }) => `${check} ${target}: ${reason}`);
}

test('proofs are verified out of a commit, without a checkout', async (t) => {
  const context = await committed(t);
  const { data, broken } = await verifyIn(context, { tree: await openCommit(context, { ref: 'evidence', name: 'proofs' }) });
  assert.deepEqual([broken, data.proofs, data.attachments, data.views, data.level], [0, 2, 1, 1, 'L1']);
  assert.equal(existsSync(`${context.directory}/proofs`), false);
});

test('a commit without proofs holds nothing, and one that is not there is refused', async (t) => {
  const context = await committed(t);
  const { findings } = await verifyIn(context, { tree: await openCommit(context, { ref: 'evidence', name: 'elsewhere' }) });
  assert.equal(findings[0]?.check, 'nothing-verified');
  for (const ref of ['nowhere', '--output=x', 'evidence:proofs', '']) {
    await assert.rejects(openCommit(context, { ref, name: 'proofs' }), { code: 'REF_NOT_FOUND' });
  }
  const outside = contextIn(temporaryFolder(t));
  await assert.rejects(openCommit(outside, { ref: 'HEAD', name: 'proofs' }), { code: 'REF_NOT_FOUND' });
});

/** A commit whose proofs/ has one more entry, which no checkout would ever have made. */
function commitWith(context: Context, mode: string, name: Buffer | string, content = '/etc/passwd'): string {
  const { directory } = context;
  const run = (args: readonly string[], input: Buffer | string = ''): string =>
    execFileSync('git', [...args], { cwd: directory, input })
      .toString()
      .trim();
  const blob = mode === '160000' ? '1'.repeat(40) : run(['hash-object', '-w', '--stdin'], content);
  const raw = execFileSync('git', ['cat-file', 'tree', 'evidence:proofs'], { cwd: directory });
  const entry = Buffer.concat([Buffer.from(`${mode} `), Buffer.from(name), Buffer.of(0), Buffer.from(blob, 'hex')]);
  const proofs = run(['hash-object', '-t', 'tree', '-w', '--stdin', '--literally'], Buffer.concat([raw, entry]));
  const root = run(['mktree'], `040000 tree ${proofs}\tproofs\n`);
  return git(directory, 'commit-tree', '-m', 'hostile', root);
}

test('links, submodules and names that no checkout survives are named and never followed', async (t) => {
  const context = await committed(t);
  const vectors: readonly (readonly [string, string, Buffer | string, RegExp])[] = [
    ['a link', '120000', 'passwd', /^foreign proofs\/passwd: a symbolic link/],
    ['a submodule', '160000', 'module', /^foreign proofs\/module: a submodule/],
    ['a name with ..', '100644', '..', /^foreign proofs\/\.\.: /],
    ['a name with a slash', '100644', '../../escape', /^foreign proofs\/\.\.\/\.\.\/escape: /],
    ['a name that is not UTF-8', '100644', Buffer.of(0x66, 0xff, 0x6f), /^foreign proofs\/f\uFFFDo: its name is not UTF-8/],
    ['a .git folder', '100644', '.git', /^foreign proofs\/\.git: /],
  ];
  for (const [what, mode, name, expected] of vectors) {
    const fails = await failsAt(context, commitWith(context, mode, name));
    assert.ok(
      fails.some((fail) => expected.test(fail)),
      `${what}: ${JSON.stringify(fails)}`,
    );
  }
  const twice = await failsAt(context, commitWith(context, '100644', '.gitattributes', '* text\n'));
  assert.ok(twice.some((fail) => fail.startsWith('foreign proofs/.gitattributes: the commit has two files of this name')));
});

test('proofs itself as a link in a commit is refused', async (t) => {
  const context = await committed(t);
  const { directory } = context;
  const blob = execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: directory, input: '/etc' }).toString().trim();
  const root = execFileSync('git', ['mktree'], { cwd: directory, input: `120000 blob ${blob}\tproofs\n` })
    .toString()
    .trim();
  const fails = await failsAt(context, git(directory, 'commit-tree', '-m', 'link', root));
  assert.deepEqual(fails, ['foreign proofs: a symbolic link; links are not followed']);
});

test('a tampered file in a commit is named as it is on disk', async (t) => {
  const context = await committed(t);
  const { directory } = context;
  git(directory, 'checkout', '-q', '--', '.');
  const proof = readdirSync(`${directory}/proofs/demo`, { recursive: true, encoding: 'utf8' }).find((file) => file.endsWith('.json'));
  appendFileSync(`${directory}/proofs/demo/${proof}`, ' ');
  git(directory, 'commit', '-q', '-a', '-m', 'tampered');
  const fails = await failsAt(context, 'HEAD');
  assert.ok(
    fails.some((fail) => /^tampered proofs\/demo\/.*\.json: /.test(fail)),
    JSON.stringify(fails),
  );
  assert.deepEqual(await failsAt(context, 'HEAD~1'), []);
});

test('a file that is far too large is not read out of a commit', async (t) => {
  const context = await committed(t);
  const big = 'x'.repeat(20 * 1024 * 1024);
  const fails = await failsAt(context, commitWith(context, '100644', 'zz.json', big));
  assert.ok(
    fails.some((fail) => fail.startsWith('foreign proofs/zz.json')),
    JSON.stringify(fails),
  );
});

test('a clone with core.autocrlf, and a shallow one, verify like the original', async (t) => {
  const { directory } = await committed(t);
  for (const options of [
    ['-c', 'core.autocrlf=true'],
    ['--depth', '1'],
  ]) {
    const clone = `${temporaryFolder(t)}/clone`;
    git(directory, 'clone', '-q', '--branch', 'evidence', ...options, `file://${directory}`, clone);
    const context = contextIn(clone);
    const { data, broken, findings } = await verifyIn(context);
    assert.deepEqual([broken, data.proofs, data.level], [0, 2, 'L1'], JSON.stringify(findings));
    assert.deepEqual(await failsAt(context, 'HEAD'), []);
  }
});
