// What a hostile repository, a full disk or a careless hand can do: a clear code each time, nothing lost, nothing executed.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { HOW_TO_BE_THOROUGH, isThorough } from '../extent.ts';
import { git, temporaryFolder } from '../fakes/context.ts';
import { BINARY, commit, repository, sophia, sophiaJson, write, type Ended, type Start } from './sophia.ts';

const NEEDLE = { 'needle.ts': 'export const needle = 1;\n' };
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

/** A coded error, told in a few lines: never a stack, never a bug. */
function assertRefused(ended: Ended, exitCode: number, code: string): void {
  assert.equal(ended.exitCode, exitCode, ended.stderr);
  assert.match(ended.stderr, new RegExp(`^error: .*\\[${code}\\]$`, 'm'));
  assert.doesNotMatch(ended.stderr, /^ {4}at /m);
  assert.ok(ended.stderr.length < 2000, ended.stderr);
}

function assertFound(start: Start, query = 'sym:needle'): void {
  const { exitCode, stderr } = sophia(start, 'search', query);
  assert.equal(exitCode, 0, stderr);
}

/** Why this machine cannot start sophia as another user, or null. */
function whyNotNobody(): string | null {
  if (!isRoot) return null;
  const { status, stderr } = spawnSync(process.execPath, [BINARY, '--version'], { uid: NOBODY, gid: NOBODY, encoding: 'utf8', cwd: '/' });
  return status === 0 ? null : `the checkout or Node cannot be read by another user: ${(stderr ?? '').slice(0, 200)}`;
}

function give(root: string, owner: number): void {
  if (isRoot) execFileSync('chown', ['-R', `${owner}:${owner}`, root]);
}

test('what may not be read is left out and said, and without leave to write nothing is, with exit 4', (t) => {
  const reason = whyNotNobody();
  if (reason !== null) return t.skip(`no other user can start sophia: ${reason}`);
  const root = fs.realpathSync(temporaryFolder(t));
  const start: Start = { cwd: root, ...(isRoot ? { user: NOBODY } : {}) };
  write(root, { ...NEEDLE, 'locked/a.ts': 'x\n', 'secret.ts': 'y\n' });
  fs.chmodSync(path.join(root, 'locked'), 0);
  fs.chmodSync(path.join(root, 'secret.ts'), 0);
  give(root, NOBODY);
  const { exitCode, document } = sophiaJson(start, 'index', '--skipped');
  assert.equal(exitCode, 0);
  assert.deepEqual(document.data.skipped_files, [
    { path: 'locked/', reason: 'unreadable' },
    { path: 'secret.ts', reason: 'unreadable' },
  ]);
  fs.chmodSync(path.join(root, 'locked'), 0o755);

  give(root, 0);
  for (const each of ['.', '.sophia', '.sophia/runs', 'proofs']) fs.chmodSync(path.join(root, each), 0o555);
  t.after(() =>
    ['.', '.sophia', '.sophia/runs', 'proofs'].forEach(
      (each) => fs.existsSync(path.join(root, each)) && fs.chmodSync(path.join(root, each), 0o755),
    ),
  );
  assertRefused(sophia(start, 'index'), 4, 'STORE_UNAVAILABLE');
  assertFound(start);
  assertFound(start, 'needle');
  assert.equal(sophia(start, 'index', '--dry-run').exitCode, 0);
});

test('on a full disk the former index answers, no lock stays, and the next run with room completes', (t) => {
  const root = repository(t, NEEDLE);
  const home = path.join(root, '.sophia');
  fs.mkdirSync(home);
  if (!isRoot || spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', home]).status !== 0)
    return t.skip('a small disk cannot be mounted here');
  try {
    assert.equal(sophia({ cwd: root }, 'index').exitCode, 0);
    const words = Array.from({ length: 60_000 }, (_, index) => `w${(index * 7919).toString(36)}`).join('\n');
    write(root, { 'large.txt': words, 'larger.txt': words.toUpperCase().replaceAll('W', 'Q') });
    assertRefused(sophia({ cwd: root }, 'index'), 3, 'STORE_FULL');
    assertFound({ cwd: root });
    spawnSync('dd', ['if=/dev/zero', `of=${home}/ball`, 'bs=1k']);
    assertRefused(sophia({ cwd: root }, 'index'), 3, 'STORE_FULL');
    assert.equal(fs.existsSync(path.join(home, 'index.lock')), false);
    fs.rmSync(path.join(home, 'ball'));
    fs.rmSync(path.join(root, 'large.txt'));
    fs.rmSync(path.join(root, 'larger.txt'));
    assert.equal(sophia({ cwd: root }, 'index').exitCode, 0);
  } finally {
    spawnSync('umount', [home]);
  }
});

test('where files may not grow, the former index answers', (t) => {
  const root = repository(t, NEEDLE);
  assert.equal(sophia({ cwd: root }, 'index').exitCode, 0);
  write(root, { 'large.txt': Array.from({ length: 30_000 }, (_, index) => `w${index}`).join('\n') });
  const ended = spawnSync('bash', ['-c', 'ulimit -f 60; "$0" "$1" index', process.execPath, BINARY], { cwd: root, encoding: 'utf8' });
  assertRefused({ exitCode: ended.status, stdout: ended.stdout, stderr: ended.stderr }, 3, 'STORE_FULL');
  assertFound({ cwd: root });
});

test('a proof that cannot be written does not hide how the run went', (t) => {
  const root = repository(t, NEEDLE);
  fs.writeFileSync(path.join(root, 'proofs'), 'in the way');
  const ended = sophia({ cwd: root }, 'index');
  assert.equal(ended.exitCode, 0);
  assert.match(ended.stderr, /warning: no proof was written: PROOF_NOT_WRITTEN/);
});

test('a repository whose configuration would start programs starts none', (t) => {
  const root = repository(t, { ...NEEDLE, '.gitattributes': '*.ts filter=evil diff=evil ident eol=crlf\n' });
  const program = `touch ${root}/PWNED; cat`;
  const settings = {
    'core.fsmonitor': program,
    'core.hooksPath': `${root}/hooks`,
    'core.pager': program,
    'diff.external': program,
    'diff.evil.textconv': program,
    'filter.evil.clean': program,
    'filter.evil.process': program,
    'filter.evil.required': 'true',
    'include.path': 'more',
  };
  for (const [key, value] of Object.entries(settings)) fs.appendFileSync(path.join(root, '.git/config'), toSetting(key, value));
  fs.writeFileSync(path.join(root, '.git/more'), toSetting('core.sshCommand', program));
  write(root, { ...NEEDLE, 'other.ts': 'export const other = 1;\n', 'needle.ts': 'export const needle = 2;\n' });
  assert.equal(sophia({ cwd: root }, 'index').exitCode, 0);
  write(root, { 'needle.ts': 'export const needle = 3;\n' });
  for (const query of ['needle', '"needle"']) assertFound({ cwd: root }, query);
  assert.equal(sophia({ cwd: root }, 'map').exitCode, 0);
  assert.deepEqual(fs.globSync('**/PWNED', { cwd: root }), []);
});

function toSetting(key: string, value: string): string {
  const parts = key.split('.');
  const head = parts.length === 3 ? `[${parts[0]!} "${parts[1]!}"]` : `[${parts[0]!}]`;
  return `${head}\n ${parts.at(-1)!} = "${value}"\n`;
}

test('a sparse file of 2 GB is not read, and neither are pipes, devices and what the kernel makes up', (t) => {
  const root = fs.realpathSync(temporaryFolder(t));
  write(root, { ...NEEDLE, 'huge.bin': '' });
  fs.truncateSync(path.join(root, 'huge.bin'), 2e9);
  execFileSync('mkfifo', [path.join(root, 'pipe'), path.join(root, '.sophiaignore')]);
  fs.symlinkSync('/dev/zero', path.join(root, 'zero'));
  fs.symlinkSync('.', path.join(root, 'loop'));
  const { exitCode, document } = sophiaJson({ cwd: root }, 'index');
  assert.equal(exitCode, 0);
  assert.deepEqual(document.data.skipped, { special: 2, symlink: 2, too_large: 1 });
  if (fs.existsSync('/proc/self/pagemap')) assert.equal(sophia({ cwd: '/' }, 'index', '-C', '/proc/self', '--dry-run').exitCode, 0);
});

test('git in every state answers: conflict, sparse checkout, submodule, worktree, bare, and damage is told', (t) => {
  const root = repository(t, { ...NEEDLE, 'sub/other.ts': 'export const other = 1;\n' });
  git(root, 'checkout', '-q', '-b', 'theirs');
  write(root, { 'needle.ts': 'export const needle = 2;\n' });
  commit(root, 'theirs');
  git(root, 'checkout', '-q', 'main');
  write(root, { 'needle.ts': 'export const needle = 3;\n' });
  commit(root, 'ours');
  assert.throws(() => git(root, 'merge', '-q', 'theirs'));
  assert.equal(sophiaJson({ cwd: root }, 'index').document.data.files, 2);
  assert.equal(sophiaJson({ cwd: root }, 'search', '"<<<<<<<"').document.data.hits[0]?.path, 'needle.ts');
  git(root, 'merge', '--abort');
  git(root, 'sparse-checkout', 'set', '--no-cone', '/*', '!/sub/');
  assertFound({ cwd: root }, 'sym:other');
  git(root, 'sparse-checkout', 'disable');

  const bare = path.join(fs.realpathSync(temporaryFolder(t)), 'bare.git');
  git(root, 'clone', '-q', '--bare', root, bare);
  assert.equal(sophiaJson({ cwd: bare }, 'index').document.data.files, 2);
  assertFound({ cwd: bare });

  for (const args of [['index'], ['search', 'needle']])
    assertRefused(sophia({ cwd: root, env: { PATH: '/nonexistent' } }, ...args), 2, 'TOOL_MISSING');
  fs.writeFileSync(path.join(root, '.git/index'), 'garbage');
  assertRefused(sophia({ cwd: root }, 'index'), 3, 'TOOL_FAILED');
});

test('a repository of someone else is refused with exit 4 and the command that trusts it', (t) => {
  if (!isRoot) return t.skip('only root can give a repository away');
  const root = repository(t, NEEDLE);
  give(root, NOBODY);
  const ended = sophia({ cwd: root, env: { HOME: '/nonexistent', SUDO_UID: '' } }, 'index');
  assertRefused(ended, 4, 'GIT_UNTRUSTED');
  assert.match(ended.stderr, /git config --global --add safe\.directory/);
});

test('a directory that is not there is exit 2, and is not made', (t) => {
  const root = temporaryFolder(t);
  for (const args of [
    ['-C', 'missing', 'index'],
    ['-C', 'missing', 'search', 'x'],
    ['index', 'missing'],
  ])
    assertRefused(sophia({ cwd: root }, ...args), 2, 'NOT_A_DIRECTORY');
  assert.equal(fs.existsSync(path.join(root, 'missing')), false);
  const gone = spawnSync('bash', ['-c', 'mkdir gone && cd gone && rmdir ../gone && "$0" "$1" index', process.execPath, BINARY], {
    cwd: root,
    encoding: 'utf8',
  });
  assertRefused({ exitCode: gone.status, stdout: gone.stdout, stderr: gone.stderr }, 2, 'NOT_A_DIRECTORY');
});

test('an output that is full is told, and never by a stack', (t) => {
  if (!fs.existsSync('/dev/full')) return t.skip('there is no /dev/full here');
  const root = repository(t, NEEDLE);
  const to = (redirection: string, ...args: string[]): Ended => {
    const ended = spawnSync('bash', ['-c', `"$0" "$@" ${redirection}`, process.execPath, BINARY, ...args], { cwd: root, encoding: 'utf8' });
    return { exitCode: ended.status, stdout: ended.stdout, stderr: ended.stderr };
  };
  assertRefused(to('> /dev/full', 'index'), 3, 'OUTPUT_LOST');
  assertRefused(to('> /dev/full', 'search', 'needle', '--json'), 3, 'OUTPUT_LOST');
  assertRefused(to('> /dev/full', 'search', 'nowhere'), 1, 'OUTPUT_LOST');
  assert.equal(to('2> /dev/full', 'nonsense').exitCode, 2);
  assert.equal(to('>&- 2>&- <&-', 'search', 'needle').exitCode, 0);
});

test('names and contents of strangers cannot steer a terminal, and a name like a flag is a name', (t) => {
  const root = repository(t, {
    '\u001B[31mred\u0007.ts': 'export const needle = "\u001B[2J";\n',
    'new\nline.ts': 'export const needle = 1;\n',
    '--help': 'needle --help\n',
    'a.md': '# \u001B]0;needle\u0007\n',
    '$(touch PWNED).ts': 'export const needle = 1;\n',
  });
  for (const args of [['index'], ['search', 'needle', '--explain'], ['search', '"needle"'], ['map'], ['index', '--skipped', '--full']]) {
    const { exitCode, stdout, stderr } = sophia({ cwd: root }, ...args);
    assert.equal(exitCode, 0, stderr);
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    assert.doesNotMatch(stdout + stderr, /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/, args.join(' '));
  }
  assert.match(sophia({ cwd: root }, 'search', '--', '--help').stdout, /^--help:1$/m);
  assert.deepEqual(fs.globSync('**/PWNED', { cwd: root }), []);
});

test('queries, globs and numbers beyond reason are answered or refused, at once', (t) => {
  const root = repository(t, NEEDLE);
  sophia({ cwd: root }, 'index');
  const run = (...args: string[]): Ended => sophia({ cwd: root }, 'search', ...args);
  assert.equal(run('aB'.repeat(60_000)).exitCode, 1);
  assertRefused(run('/a{1,100000}{1,100000}/'), 2, 'REGEX_INVALID');
  assertRefused(run('--mode', 'literal', 'a'.repeat(100_000)), 2, 'SEARCH_REFUSED');
  assertRefused(run('needle', '--path', '{a,b}'.repeat(30)), 2, 'GLOB_INVALID');
  assert.equal(run('needle', '--path', '*.{js,ts}', '--limit', String(Number.MAX_SAFE_INTEGER), '--context', '100000').exitCode, 0);
  const ended = sophia({ cwd: root, env: { SOPHIA_LIMIT: '\u001B[31m' } }, 'search', 'needle');
  assertRefused(ended, 2, 'USAGE');
  assert.match(ended.stderr, /SOPHIA_LIMIT: "\\u001b/);
});

test(
  'a hundred thousand tiny files are indexed within bounds',
  { skip: isThorough ? false : `NOT TESTED, because it takes a minute: ${HOW_TO_BE_THOROUGH}` },
  (t) => {
    const root = fs.realpathSync(temporaryFolder(t));
    for (let folder = 0; folder < 100; folder += 1) {
      fs.mkdirSync(path.join(root, `d${folder}`));
      for (let file = 0; file < 1000; file += 1)
        fs.writeFileSync(path.join(root, `d${folder}/f${file}.ts`), `let v${folder * 1000 + file}\n`);
    }
    const heap = { NODE_OPTIONS: '--max-old-space-size=768' };
    assert.equal(sophiaJson({ cwd: root, env: heap }, 'index').document.data.files, 100_000);
    assert.equal(sophiaJson({ cwd: root, env: heap }, 'search', 'sym:v99999').document.data.hits[0]?.path, 'd99/f999.ts');
  },
);
