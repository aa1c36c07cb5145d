import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { readHistory } from '../../src/index/history.ts';
import { contextFor, git, temporaryFolder } from '../fakes/context.ts';

function repository(t: TestContext): string {
  const root = fs.realpathSync(temporaryFolder(t));
  git(root, 'init', '-q');
  return root;
}

interface Work {
  readonly subject: string;
  readonly files?: readonly (string | Buffer)[];
  readonly author?: string;
}

let edits = 0;

function commit(root: string, { subject, files = ['a'], author = 'A Person <a@example.org>' }: Work): string {
  for (const file of files) {
    const place = typeof file === 'string' ? path.join(root, file) : Buffer.concat([Buffer.from(`${root}/`), file]);
    if (typeof file === 'string') fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    edits += 1;
    fs.writeFileSync(place, `${edits}`);
  }
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '--allow-empty', '--allow-empty-message', `--author=${author}`, '-m', subject);
  return git(root, 'rev-parse', 'HEAD');
}

test('subjects come newest first with the paths that each touched', async (t) => {
  const root = repository(t);
  const first = commit(root, { subject: 'Start: "quotes" | pipes\n\nand a body', files: ['a', 'new\nline', '\u001Estrange'] });
  commit(root, { subject: 'nothing touched', files: [] });
  const last = commit(root, { subject: 'Add ünïcode\twords', files: ['src/b'] });
  assert.deepEqual(await readHistory(contextFor(t), root, { limit: 100 }), {
    commits: [
      { id: last, subject: 'Add ünïcode\twords', paths: ['src/b'] },
      { id: first, subject: 'Start: "quotes" | pipes', paths: ['\u001Estrange', 'a', 'new\nline'] },
    ],
    head: last,
    since: null,
  });
});

test('merges, bots, proofs and commits that touch very much are left out', async (t) => {
  const root = repository(t);
  commit(root, { subject: 'kept' });
  for (const author of [
    'dependabot[bot] <x@users.noreply.github.com>',
    'Renovate Bot <bot@renovateapp.com>',
    'semantic-release-bot <x@y.z>',
    'x <1+y[bot]@users.noreply.github.com>',
    'github-actions <action@github.com>',
  ]) {
    commit(root, { subject: `by ${author}`, author });
  }
  commit(root, { subject: 'too many', files: Array.from({ length: 31 }, (_, index) => `many/${index}`) });
  commit(root, { subject: 'just enough', files: Array.from({ length: 30 }, (_, index) => `many/${index}`) });
  commit(root, { subject: 'only proofs', files: ['proofs/a.json'] });
  commit(root, { subject: 'by a person called Abbott', author: 'Abbott <talbot@example.org>' });
  git(root, 'checkout', '-q', '-b', 'side', 'HEAD~1');
  commit(root, { subject: 'on the side', files: ['side'] });
  git(root, 'checkout', '-q', 'main');
  git(root, 'merge', '-q', '--no-ff', '-m', 'merge it', 'side');
  const { commits } = await readHistory(contextFor(t), root, { limit: 100 });
  assert.deepEqual(commits.map((each) => each.subject).sort(), ['by a person called Abbott', 'just enough', 'kept', 'on the side']);
});

test('only what follows a known commit is read, and the whole when that is no ancestor', async (t) => {
  const root = repository(t);
  const context = contextFor(t);
  const first = commit(root, { subject: 'one' });
  const second = commit(root, { subject: 'two' });
  const step = await readHistory(context, root, { limit: 100, since: first });
  assert.deepEqual([step.commits.map((each) => each.subject), step.since, step.head], [['two'], first, second]);
  assert.deepEqual(await readHistory(context, root, { limit: 100, since: second }), { commits: [], head: second, since: second });
  git(root, 'reset', '-q', '--hard', first);
  commit(root, { subject: 'rewritten' });
  for (const since of [second, 'f'.repeat(40), '--all', 'not a commit']) {
    const whole = await readHistory(context, root, { limit: 100, since });
    assert.deepEqual([whole.commits.map((each) => each.subject), whole.since], [['rewritten', 'one'], null], since);
  }
});

test('the limit counts commits from the newest', async (t) => {
  const root = repository(t);
  for (const subject of ['one', 'two', 'three']) commit(root, { subject });
  const { commits } = await readHistory(contextFor(t), root, { limit: 2 });
  assert.deepEqual(
    commits.map((each) => each.subject),
    ['three', 'two'],
  );
  assert.deepEqual((await readHistory(contextFor(t), root, { limit: 0 })).commits, []);
});

test('a subdirectory has the commits that touched it, with paths of its own', async (t) => {
  const root = repository(t);
  commit(root, { subject: 'outside' });
  commit(root, { subject: 'both', files: ['a', 'sub/b'] });
  const { commits } = await readHistory(contextFor(t), path.join(root, 'sub'), { limit: 100 });
  assert.deepEqual(
    commits.map(({ subject, paths }) => [subject, paths]),
    [['both', ['b']]],
  );
});

test('without commits, without git and in a bare repository there is an answer', async (t) => {
  const context = contextFor(t);
  const nothing = { commits: [], head: null, since: null };
  assert.deepEqual(await readHistory(context, repository(t), { limit: 100 }), nothing);
  assert.deepEqual(await readHistory(context, temporaryFolder(t), { limit: 100 }), nothing);
  const root = repository(t);
  commit(root, { subject: 'one' });
  const folder = temporaryFolder(t);
  git(folder, 'clone', '-q', '--bare', root, 'bare.git');
  const { commits } = await readHistory(context, path.join(folder, 'bare.git'), { limit: 100 });
  assert.deepEqual(
    commits.map(({ subject, paths }) => [subject, paths]),
    [['one', ['a']]],
  );
});

test('the cut end of a shallow clone is not taken for a commit that made every file', async (t) => {
  const origin = repository(t);
  commit(origin, { subject: 'old', files: ['a', 'b'] });
  commit(origin, { subject: 'cut here' });
  commit(origin, { subject: 'whole' });
  const folder = temporaryFolder(t);
  git(folder, 'clone', '-q', '--depth=2', `file://${origin}`, 'shallow');
  const { commits } = await readHistory(contextFor(t), path.join(folder, 'shallow'), { limit: 100 });
  assert.deepEqual(
    commits.map((each) => each.subject),
    ['whole'],
  );
});

test('names that are not UTF-8 are left out and the rest of their commit kept', async (t) => {
  const root = repository(t);
  commit(root, { subject: 'grün', files: ['ü', Buffer.from([0x61, 0xff])] });
  const { commits } = await readHistory(contextFor(t), root, { limit: 100 });
  assert.deepEqual(
    commits.map(({ subject, paths }) => [subject, paths]),
    [['grün', ['ü']]],
  );
});

test('thousands of commits are read in one go', async (t) => {
  const root = repository(t);
  const commits = Array.from(
    { length: 2000 },
    (_, index) =>
      `commit refs/heads/main\ncommitter A <a@x.y> ${1e9 + index} +0000\ndata 40\n${`subject ${index}`.padEnd(40)}\nM 100644 inline file-${index % 97}\ndata 6\n${String(index).padStart(5)}\n\n`,
  );
  execFileSync('git', ['fast-import', '--quiet'], { cwd: root, input: commits.join('') });
  const history = await readHistory(contextFor(t), root, { limit: 2000 });
  assert.equal(history.commits.length, 2000);
  assert.deepEqual(history.commits[0]?.paths, ['file-59']);
});

test('a clone that lacks the trees of former commits has no history to give, and nothing is fetched', async (t) => {
  const root = repository(t);
  for (const subject of ['one', 'two']) commit(root, { subject, files: [`deep/${subject}`] });
  git(root, 'config', 'uploadpack.allowFilter', 'true');
  const clone = path.join(fs.realpathSync(temporaryFolder(t)), 'clone');
  git(root, 'clone', '-q', '--filter=tree:0', `file://${root}`, clone);
  const missing = (): string => git(clone, 'rev-list', '--objects', '--all', '--missing=print');
  const before = missing();
  assert.match(before, /^\?/m);
  const { commits, head } = await readHistory(contextFor(t), clone, { limit: 100 });
  assert.deepEqual([commits, head], [[], git(root, 'rev-parse', 'HEAD')]);
  assert.equal(missing(), before);
});
