import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test, type TestContext } from 'node:test';
import type { Context } from '../../src/context.ts';
import { SophiaError } from '../../src/errors.ts';
import { blobIdOf } from '../../src/index/blob-id.ts';
import { takeInventory, type Inventory, type InventoryOptions } from '../../src/index/inventory.ts';
import { contextFor, git, temporaryFolder } from '../fakes/context.ts';

const LATER_MS = 60_000;

/** A clock a minute ahead: files just written are old enough for their times to be trusted. */
function laterContext(t: TestContext): Context {
  return contextFor(t, { clock: { now: () => Date.now() + LATER_MS } });
}

function repository(t: TestContext, files: Readonly<Record<string, string>> = {}, ...initArguments: string[]): string {
  const root = fs.realpathSync(temporaryFolder(t));
  git(root, 'init', '-q', ...initArguments);
  write(root, files);
  if (Object.keys(files).length > 0) commitAll(root);
  return root;
}

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
}

function commitAll(root: string): void {
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '-m', 'work');
}

async function take(context: Context, root: string, options: Partial<InventoryOptions> = {}): Promise<Inventory> {
  const inventory = await takeInventory(context, { root, include: [], exclude: [], ...options });
  if (inventory.unchanged) assert.fail('unchanged');
  return inventory;
}

async function isUnchanged(context: Context, root: string, knownStamp: string): Promise<boolean> {
  return (await takeInventory(context, { root, include: [], exclude: [], knownStamp })).unchanged;
}

function pathsOf(inventory: Inventory): string[] {
  return inventory.entries.map((entry) => entry.path);
}

function reasonOf(inventory: Inventory, name: string): string | undefined {
  return inventory.skipped.find((skipped) => skipped.path === name)?.reason;
}

function idOf(text: string): string {
  return blobIdOf(Buffer.from(text));
}

async function refusalOf(taking: Promise<unknown>): Promise<SophiaError> {
  try {
    await taking;
  } catch (error) {
    assert.ok(error instanceof SophiaError, String(error));
    return error;
  }
  return assert.fail('nothing was refused');
}

test('a clean file keeps the id that git gives it and is not read', async (t) => {
  const context = contextFor(t);
  const root = repository(t, { 'a.txt': 'a\n', 'src/b.ts': 'b\n' });
  const inventory = await take({ ...context, files: { ...context.files, read: () => assert.fail('a file was read') } }, root);
  assert.deepEqual(
    inventory.entries.map(({ path: name, blob, from, isInWorkTree }) => ({ name, blob, from, isInWorkTree })),
    [
      { name: 'a.txt', blob: idOf('a\n'), from: 'object', isInWorkTree: true },
      { name: 'src/b.ts', blob: idOf('b\n'), from: 'object', isInWorkTree: true },
    ],
  );
  assert.equal(inventory.commit, git(root, 'rev-parse', 'HEAD'));
  assert.equal(inventory.tree, git(root, 'rev-parse', 'HEAD^{tree}'));
  assert.equal(inventory.isDirty, false);
});

test('edited, staged, deleted and new files are taken as they are on disk, and make the tree dirty', async (t) => {
  const root = repository(t, { edited: '1', staged: '1', deleted: '1', same: '1', renamed: '12345' });
  write(root, { edited: '2', staged: '2', new: 'n' });
  git(root, 'add', 'staged');
  git(root, 'mv', 'renamed', 'moved');
  fs.rmSync(path.join(root, 'deleted'));
  const inventory = await take(contextFor(t), root);
  assert.deepEqual(
    inventory.entries.map((entry) => [entry.path, entry.blob, entry.from]),
    [
      ['edited', idOf('2'), 'worktree'],
      ['moved', idOf('12345'), 'object'],
      ['new', idOf('n'), 'worktree'],
      ['same', idOf('1'), 'object'],
      ['staged', idOf('2'), 'object'],
    ],
  );
  assert.equal(inventory.isDirty, true);
});

test('the stamp holds while nothing changes, and falls with each kind of change', async (t) => {
  const context = laterContext(t);
  const root = repository(t, { 'a.txt': 'a', 'b.txt': 'b', '.gitignore': '*.log' });
  write(root, { untracked: 'u' });
  const { stamp } = await take(context, root);
  assert.ok(await isUnchanged(context, root, stamp));
  const changes: Readonly<Record<string, () => void>> = {
    'an edit': () => write(root, { 'a.txt': 'A' }),
    'an edit of an untracked file': () => write(root, { untracked: 'U' }),
    'a new file': () => write(root, { another: 'x' }),
    'a deletion': () => fs.rmSync(path.join(root, 'b.txt')),
    'a rule': () => write(root, { '.sophiaignore': 'a.txt' }),
  };
  let known = stamp;
  for (const [name, change] of Object.entries(changes)) {
    change();
    const inventory = await take(context, root, { knownStamp: known });
    assert.notEqual(inventory.stamp, known, name);
    known = inventory.stamp;
    assert.ok(await isUnchanged(context, root, known), `settled after ${name}`);
  }
  const other = await take(context, root, { knownStamp: known, exclude: ['*.md'] });
  assert.notEqual(other.stamp, known, 'other globs');
});

test('an edit of the same length within the same moment is not missed, tracked or not', async (t) => {
  const context = contextFor(t);
  const root = repository(t, { tracked: 'one' });
  write(root, { untracked: 'one' });
  for (const name of ['tracked', 'untracked']) {
    const time = new Date();
    write(root, { [name]: 'two' });
    fs.utimesSync(path.join(root, name), time, time);
    const { stamp, entries } = await take(context, root);
    assert.equal(entries.find((entry) => entry.path === name)?.blob, idOf('two'));
    write(root, { [name]: 'six' });
    fs.utimesSync(path.join(root, name), time, time);
    const after = await take(context, root, { knownStamp: stamp });
    assert.equal(after.entries.find((entry) => entry.path === name)?.blob, idOf('six'));
  }
});

test('a file that is only touched keeps its id, with other line ends too', async (t) => {
  const root = repository(t);
  git(root, 'config', 'core.autocrlf', 'true');
  write(root, { 'windows.txt': 'a\r\nb\r\n', 'unix.txt': 'a\n' });
  commitAll(root);
  const before = await take(contextFor(t), root);
  assert.equal(before.entries.find((entry) => entry.path === 'windows.txt')?.blob, idOf('a\nb\n'));
  const time = new Date(Date.now() + 5000);
  for (const name of ['windows.txt', 'unix.txt']) fs.utimesSync(path.join(root, name), time, time);
  const after = await take(contextFor(t), root);
  assert.deepEqual(
    after.entries.map(({ blob, from }) => [blob, from]),
    before.entries.map(({ blob, from }) => [blob, from]),
  );
});

test('a file with a known hint is not read again, and a hint that no longer fits is not believed', async (t) => {
  const context = laterContext(t);
  const root = repository(t, { a: 'a' });
  write(root, { untracked: 'u' });
  const first = await take(context, root);
  const known = (name: string) => first.entries.find((entry) => entry.path === name);
  assert.notEqual(known('untracked')?.hint, null);
  const blind: Context = { ...context, files: { ...context.files, read: () => assert.fail('a file was read') } };
  assert.deepEqual((await take(blind, root, { known })).entries, first.entries);
  write(root, { untracked: 'changed' });
  const after = await take(context, root, { known });
  assert.equal(after.entries.find((entry) => entry.path === 'untracked')?.blob, idOf('changed'));
});

test('proofs/ and .sophia/ are neither indexed nor listed, and do not make the tree dirty', async (t) => {
  const context = laterContext(t);
  const root = repository(t, { a: 'a', 'lib/proofs/math.ts': 'x' });
  const { stamp } = await take(context, root);
  write(root, { 'proofs/index/1.json': '{}', '.sophia/context.db': 'x', 'lib/.sophia/y': 'y' });
  assert.ok(await isUnchanged(context, root, stamp));
  const inventory = await take(context, root);
  assert.deepEqual(pathsOf(inventory), ['a', 'lib/proofs/math.ts']);
  assert.deepEqual(inventory.skipped, []);
  assert.equal(inventory.isDirty, false);
});

test('what .gitignore, .sophiaignore and globs leave out is listed as ignored', async (t) => {
  const root = repository(t, {
    '.gitignore': 'node_modules/\n*.log\n',
    '.sophiaignore': '*.csv\n!keep.csv\n',
    'deep/.sophiaignore': '/data/\n',
    'a.csv': '1',
    'keep.csv': '2',
    'deep/data/x.ts': '3',
    'deep/code.ts': '4',
    'tracked.log': 'not yet',
  });
  git(root, 'add', '-f', 'tracked.log');
  git(root, 'commit', '-q', '-m', 'a tracked file that is ignored');
  write(root, { 'node_modules/x/index.js': 'x', 'debug.log': 'x', 'new.csv': 'x' });
  const inventory = await take(contextFor(t), root);
  assert.deepEqual(pathsOf(inventory), ['.gitignore', '.sophiaignore', 'deep/.sophiaignore', 'deep/code.ts', 'keep.csv', 'tracked.log']);
  for (const name of ['a.csv', 'new.csv', 'deep/data/x.ts', 'node_modules/', 'debug.log'])
    assert.equal(reasonOf(inventory, name), 'ignored', name);
  const some = await take(contextFor(t), root, { include: ['*.ts', '/keep.{csv,md}'], exclude: ['deep/code.*'] });
  assert.deepEqual(pathsOf(some), ['keep.csv']);
  assert.equal(reasonOf(some, 'deep/code.ts'), 'ignored');
});

test('submodules, repositories inside, symlinks and large files are listed and not entered', async (t) => {
  const inner = repository(t, { x: 'x' });
  const root = repository(t, { a: 'a' });
  git(root, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner, 'module');
  fs.symlinkSync('a', path.join(root, 'link'));
  fs.symlinkSync('.', path.join(root, 'loop'));
  commitAll(root);
  fs.symlinkSync('nowhere', path.join(root, 'new-link'));
  fs.cpSync(inner, path.join(root, 'nested'), { recursive: true });
  write(root, { large: 'x'.repeat(101) });
  const inventory = await take(contextFor(t), root, { maxFileBytes: 100 });
  assert.deepEqual(pathsOf(inventory), ['.gitmodules', 'a']);
  const expected = {
    module: 'submodule',
    'nested/': 'submodule',
    link: 'symlink',
    loop: 'symlink',
    'new-link': 'symlink',
    large: 'too_large',
  };
  for (const [name, reason] of Object.entries(expected)) assert.equal(reasonOf(inventory, name), reason, name);
});

test('a file that became a FIFO, a symlink or a directory is no file any more', async (t) => {
  const root = repository(t, { fifo: 'f', link: 'l', directory: 'd', a: 'a' });
  for (const name of ['fifo', 'link', 'directory']) fs.rmSync(path.join(root, name));
  execFileSync('mkfifo', [path.join(root, 'fifo')]);
  fs.symlinkSync('a', path.join(root, 'link'));
  write(root, { 'directory/inside': 'i' });
  const inventory = await take(contextFor(t), root);
  assert.deepEqual(pathsOf(inventory), ['a', 'directory/inside']);
  assert.equal(reasonOf(inventory, 'fifo'), 'special');
  assert.equal(reasonOf(inventory, 'link'), 'symlink');
});

test('names from hell come through, inside git and outside', async (t) => {
  const names = [
    'new\nline',
    '"quoted"',
    "it's",
    '-leading',
    '--flag',
    '$(touch PWNED)',
    '`x`',
    'a b',
    'CASE',
    'case',
    'ünï',
    '*',
    ':(top)x',
    'tab\there',
    '\\',
  ];
  const strange = [Buffer.from([0x61, 0xff]), Buffer.from([0x61, 0xfe]), Buffer.from([0x64, 0xff, 0x2f, 0x66])];
  const roots = [repository(t), repository(t), fs.realpathSync(temporaryFolder(t))];
  for (const root of roots) {
    for (const name of names) fs.writeFileSync(path.join(root, name), name);
    fs.mkdirSync(Buffer.concat([Buffer.from(`${root}/d`), Buffer.from([0xff])]));
    for (const name of strange) fs.writeFileSync(Buffer.concat([Buffer.from(`${root}/`), name]), name);
  }
  commitAll(roots[0]!);
  const inventories = await Promise.all(roots.map((root) => take(contextFor(t), root)));
  for (const { entries } of inventories) {
    assert.deepEqual(
      entries.filter((entry) => entry.pathBytes === null).map((entry) => entry.path),
      names.toSorted(),
    );
    const found = entries.filter((entry) => entry.pathBytes !== null);
    assert.deepEqual(
      found.map((entry) => Buffer.from(entry.pathBytes!).toString('hex')).sort(),
      strange.map((name) => name.toString('hex')).sort(),
    );
    assert.equal(new Set(entries.map((entry) => entry.path)).size, names.length + strange.length);
    for (const entry of found) assert.equal(entry.blob, blobIdOf(entry.pathBytes!));
  }
});

test('a path of thousands of bytes is indexed', async (t) => {
  const root = repository(t);
  const long = `${'directory-with-a-long-name/'.repeat(130)}file`;
  write(root, { [long]: 'x' });
  const untracked = await take(contextFor(t), root);
  assert.deepEqual(pathsOf(untracked), [long]);
  commitAll(root);
  assert.deepEqual(pathsOf(await take(contextFor(t), root)), [long]);
});

test('a tree outside git has the ids that it has inside', async (t) => {
  const files = {
    'a.ts': 'a',
    'src/b.ts': 'b',
    'src/.gitignore': 'out/\n',
    'src/out/x': 'x',
    '.hidden/c': 'c',
    '.sophiaignore': 'no*\n',
    'sub/no': '1',
  };
  const inside = await take(contextFor(t), repository(t, files));
  const plain = temporaryFolder(t);
  write(plain, files);
  const outside = await take(contextFor(t), plain);
  const toPairs = (inventory: Inventory): string[][] => inventory.entries.map(({ path: name, blob }) => [name, blob]);
  assert.deepEqual(toPairs(outside), toPairs(inside));
  assert.deepEqual([outside.commit, outside.tree, outside.isDirty], [null, null, false]);
  assert.equal(reasonOf(outside, 'src/out/'), 'ignored');
  assert.equal(reasonOf(outside, 'sub/no'), 'ignored');
});

test('outside git, links, pipes, repositories and large sparse files are skipped by name, and a loop ends', async (t) => {
  const context = laterContext(t);
  const root = temporaryFolder(t);
  write(root, { a: 'a', 'repository/.git/HEAD': 'x', 'repository/file': 'x' });
  fs.symlinkSync('..', path.join(root, 'loop'));
  execFileSync('mkfifo', [path.join(root, 'fifo')]);
  fs.closeSync(fs.openSync(path.join(root, 'sparse'), 'w'));
  fs.truncateSync(path.join(root, 'sparse'), 2 ** 31);
  const inventory = await take(context, root);
  assert.deepEqual(pathsOf(inventory), ['a']);
  assert.deepEqual(inventory.skipped, [
    { path: 'fifo', reason: 'special' },
    { path: 'loop', reason: 'symlink' },
    { path: 'repository/', reason: 'submodule' },
    { path: 'sparse', reason: 'too_large' },
  ]);
  assert.ok(await isUnchanged(context, root, inventory.stamp));
  write(root, { 'new/b': 'b' });
  assert.equal(await isUnchanged(context, root, inventory.stamp), false);
});

test(
  'an unreadable file or directory is said, inside git and outside',
  { skip: process.getuid?.() === 0 ? 'root reads everything' : false },
  async (t) => {
    for (const root of [repository(t, { a: 'a' }), temporaryFolder(t)]) {
      write(root, { a: 'a', 'locked/x': 'x', secret: 's' });
      fs.chmodSync(path.join(root, 'locked'), 0);
      fs.chmodSync(path.join(root, 'secret'), 0);
      const inventory = await take(contextFor(t), root);
      fs.chmodSync(path.join(root, 'locked'), 0o755);
      assert.deepEqual(pathsOf(inventory), ['a']);
      assert.equal(reasonOf(inventory, 'locked/'), 'unreadable');
      assert.equal(reasonOf(inventory, 'secret'), 'unreadable');
    }
  },
);

test('a subdirectory of a repository is indexed with paths of its own', async (t) => {
  const root = repository(t, { top: 't', 'line\nbreak/sub/a': 'a', 'line\nbreak/sub/deep/b': 'b', 'line\nbreak/other': 'o' });
  const sub = path.join(root, 'line\nbreak/sub');
  write(sub, { a: 'changed', new: 'n' });
  write(root, { elsewhere: 'e' });
  const inventory = await take(contextFor(t), sub);
  assert.deepEqual(pathsOf(inventory), ['a', 'deep/b', 'new']);
  assert.equal(inventory.entries[0]?.blob, idOf('changed'));
  assert.equal(inventory.repository, `${path.basename(root)}/line\nbreak/sub`);
  assert.equal(inventory.commit, git(root, 'rev-parse', 'HEAD'));
});

test('the repository is named by its remote, never with what was in the address besides', async (t) => {
  const root = repository(t, { a: 'a' });
  const names: Readonly<Record<string, string>> = {
    'https://token:secret@example.org/owner/name.git': 'owner/name',
    'git@example.org:owner/name.git': 'owner/name',
    'ssh://git@example.org:22/group/sub/name/': 'group/sub/name',
    '/srv/git/name.git': path.basename(root),
    'file:///srv/git/name.git': path.basename(root),
    '../name': path.basename(root),
  };
  git(root, 'remote', 'add', 'origin', 'x');
  for (const [url, name] of Object.entries(names)) {
    git(root, 'remote', 'set-url', 'origin', url);
    assert.equal((await take(contextFor(t), root)).repository, name, url);
  }
});

test('without a commit, detached, shallow, in a worktree and in a SHA-256 repository the files are the same', async (t) => {
  const origin = repository(t, { a: 'a' });
  write(origin, { b: 'b' });
  commitAll(origin);
  const folder = fs.realpathSync(temporaryFolder(t));
  git(folder, 'clone', '-q', '--depth=1', `file://${origin}`, 'shallow');
  git(origin, 'worktree', 'add', '-q', '--detach', path.join(folder, 'worktree'));
  for (const root of [path.join(folder, 'shallow'), path.join(folder, 'worktree')]) {
    const inventory = await take(contextFor(t), root);
    assert.deepEqual(pathsOf(inventory), ['a', 'b'], root);
    assert.equal(inventory.commit, git(origin, 'rev-parse', 'HEAD'));
  }
  const unborn = repository(t);
  assert.deepEqual((await take(contextFor(t), unborn)).entries, []);
  assert.equal((await take(contextFor(t), unborn)).isDirty, false);
  write(unborn, { a: 'a' });
  git(unborn, 'add', 'a');
  const fresh = await take(contextFor(t), unborn);
  assert.deepEqual([pathsOf(fresh), fresh.commit, fresh.tree, fresh.isDirty], [['a'], null, null, true]);
  const wide = repository(t, { a: 'a' }, '--object-format=sha256');
  write(wide, { b: 'a' });
  const ids = (await take(contextFor(t), wide)).entries.map((entry) => entry.blob);
  assert.deepEqual(ids, [git(wide, 'rev-parse', 'HEAD:a'), git(wide, 'rev-parse', 'HEAD:a')]);
});

test('a bare repository is indexed at its last commit', async (t) => {
  const origin = repository(t, { a: 'a', 'd/b': 'b', 'proofs/x': 'x' });
  const folder = fs.realpathSync(temporaryFolder(t));
  git(folder, 'clone', '-q', '--bare', origin, 'bare.git');
  const inventory = await take(contextFor(t), path.join(folder, 'bare.git'));
  assert.deepEqual(
    inventory.entries.map((entry) => [entry.path, entry.from, entry.isInWorkTree]),
    [
      ['a', 'object', false],
      ['d/b', 'object', false],
    ],
  );
  git(folder, 'init', '-q', '--bare', 'empty.git');
  assert.deepEqual(pathsOf(await take(contextFor(t), path.join(folder, 'empty.git'))), []);
});

test('what is left out of a sparse checkout or assumed unchanged comes from the object database', async (t) => {
  const root = repository(t, { 'in/a': 'a', 'out/b': 'b', c: 'c' });
  git(root, 'sparse-checkout', 'set', 'in');
  git(root, 'update-index', '--assume-unchanged', 'c');
  write(root, { c: 'edited' });
  const inventory = await take(contextFor(t), root);
  assert.deepEqual(
    inventory.entries.map((entry) => [entry.path, entry.blob, entry.from, entry.isInWorkTree]),
    [
      ['c', idOf('c'), 'object', false],
      ['in/a', idOf('a'), 'object', true],
      ['out/b', idOf('b'), 'object', false],
    ],
  );
});

test('a file in conflict and one announced by add -N are taken from the work tree, once', async (t) => {
  const root = repository(t, { shared: 'base\n', other: 'o' });
  git(root, 'checkout', '-q', '-b', 'side');
  write(root, { shared: 'side\n' });
  commitAll(root);
  git(root, 'checkout', '-q', 'main');
  write(root, { shared: 'main\n' });
  commitAll(root);
  assert.throws(() => git(root, 'merge', '-q', 'side'));
  write(root, { announced: 'soon' });
  git(root, 'add', '-N', 'announced');
  const inventory = await take(contextFor(t), root);
  assert.deepEqual(pathsOf(inventory), ['announced', 'other', 'shared']);
  assert.equal(inventory.entries[0]?.blob, idOf('soon'));
  assert.equal(inventory.entries[2]?.from, 'worktree');
  assert.equal(inventory.entries[2]?.blob, idOf(fs.readFileSync(path.join(root, 'shared'), 'utf8')));
});

test(
  "a repository of another user is refused with git's own advice",
  { skip: process.getuid?.() === 0 ? false : 'only root can give files away' },
  async (t) => {
    const root = repository(t, { a: 'a' });
    fs.chownSync(root, 12_345, 12_345);
    fs.chownSync(path.join(root, '.git'), 12_345, 12_345);
    const refusal = await refusalOf(takeInventory(contextFor(t), { root, include: [], exclude: [] }));
    assert.equal(refusal.code, 'GIT_UNTRUSTED');
    assert.match(refusal.hint, /git config --global --add safe\.directory/);
  },
);

test('a missing git is an error in a repository, and none in a plain tree', async (t) => {
  const context = contextFor(t, { env: { PATH: '/nonexistent' } });
  const root = repository(t, { 'sub/a': 'a' });
  const refusal = await refusalOf(takeInventory(context, { root: path.join(root, 'sub'), include: [], exclude: [] }));
  assert.deepEqual([refusal.code, refusal.exitCode], ['TOOL_MISSING', 2]);
  const plain = temporaryFolder(t);
  write(plain, { a: 'a' });
  assert.deepEqual(pathsOf(await take(context, plain)), ['a']);
});

test('a root that is missing or a file, and a damaged repository, end with a coded error', async (t) => {
  const root = repository(t, { a: 'a' });
  for (const wrong of [path.join(root, 'nothing'), path.join(root, 'a')]) {
    assert.equal((await refusalOf(takeInventory(contextFor(t), { root: wrong, include: [], exclude: [] }))).code, 'NOT_A_DIRECTORY');
  }
  fs.writeFileSync(path.join(root, '.git/index'), 'garbage');
  assert.equal((await refusalOf(takeInventory(contextFor(t), { root, include: [], exclude: [] }))).code, 'TOOL_FAILED');
});

test('the variables that git gives to its hooks do not redirect the inventory', async (t) => {
  const elsewhere = repository(t, { other: 'o' });
  const root = repository(t, { a: 'a' });
  const context = contextFor(t, {
    env: { GIT_DIR: path.join(elsewhere, '.git'), GIT_WORK_TREE: elsewhere, GIT_INDEX_FILE: path.join(elsewhere, '.git/index') },
  });
  assert.deepEqual(pathsOf(await take(context, root)), ['a']);
});

test('a clone without the trees of its own commit ends with the way to fetch them', async (t) => {
  const root = repository(t, { a: 'a' });
  git(root, 'config', 'uploadpack.allowFilter', 'true');
  const clone = path.join(fs.realpathSync(temporaryFolder(t)), 'clone');
  git(root, 'clone', '-q', '--no-checkout', '--filter=tree:0', `file://${root}`, clone);
  const refusal = await refusalOf(takeInventory(contextFor(t), { root: clone, include: [], exclude: [] }));
  assert.equal(refusal.code, 'TOOL_FAILED');
  assert.match(refusal.message, /this clone lacks objects, which the same command fetches by hand/);
  assert.match(refusal.hint, /git status/);
});

test('with the loose paths of last time, the answer is about them only', async (t) => {
  const context = laterContext(t);
  const root = repository(t, { a: 'a', b: 'b', 'deep/c': 'c' });
  write(root, { a: 'A', 'deep/new': 'n' });
  const first = await take(context, root);
  assert.deepEqual(first.loose, ['a', 'deep/new']);
  const options = { knownStamp: first.stamp, knownLoose: first.loose };
  write(root, { a: 'AA', 'deep/newer': 'N' });
  const second = await take(context, root, options);
  assert.deepEqual([...second.only!].sort(), ['a', 'deep/new', 'deep/newer']);
  assert.deepEqual(pathsOf(second), ['a', 'deep/new', 'deep/newer']);
  const whole = await take(context, root);
  assert.equal(whole.only, null);
  assert.deepEqual(
    second.entries,
    whole.entries.filter(({ path: name }) => second.only!.has(name)),
  );
  fs.rmSync(path.join(root, 'deep/new'));
  assert.equal((await take(context, root, options)).only, null, 'one is not loose any more');
});
