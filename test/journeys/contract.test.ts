// What holds for every command: product.md's contract, seen from a terminal.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { test } from 'node:test';
import { temporaryFolder } from '../fakes/context.ts';
import { BINARY, repository, sophia, sophiaJson } from './sophia.ts';

test('sophia alone shows what it can do on one screen, with three examples', (t) => {
  const { exitCode, stdout, stderr } = sophia({ cwd: temporaryFolder(t) });
  assert.equal(exitCode, 0);
  assert.equal(stderr, '');
  assert.ok(stdout.split('\n').length <= 40, 'one screen');
  assert.equal(stdout.match(/^ {2}sophia \w+/gm)?.length, 3);
});

test('an unknown command is exit 2 with the nearest one, on stderr alone', (t) => {
  const { exitCode, stdout, stderr } = sophia({ cwd: temporaryFolder(t) }, 'serach', 'x');
  assert.equal(exitCode, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /There is no command "serach", did you mean "search"\?/);
  assert.equal(sophia({ cwd: temporaryFolder(t) }, 'proofs', 'verfy').stderr.includes('"proofs verify"'), true);
});

test('an unknown flag is exit 2 with the nearest one, never the whole help', (t) => {
  const { exitCode, stdout, stderr } = sophia({ cwd: temporaryFolder(t) }, 'index', '--ful');
  assert.equal(exitCode, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /--full/);
  assert.ok(stderr.split('\n').length <= 4);
});

test('wrong values are refused before anything is done', (t) => {
  const root = temporaryFolder(t);
  const wrong = [
    ['index', '--history', 'many'],
    ['index', '--history', '-1'],
    ['index', '--max-file-size', '1 parsec'],
    ['search', 'x', '--limit', '0'],
    ['search', 'x', '--mode', 'vague'],
    ['search'],
    ['map', '--tokens', '10'],
    ['index', '.', 'more'],
    ['index', '--quiet', '--verbose'],
    ['search', 'x', '--limit', '1', '--limit', '2'],
    ['explain', 'NO_SUCH_CODE'],
  ];
  for (const args of wrong) {
    const { exitCode, document } = sophiaJson({ cwd: root }, ...args);
    assert.equal(exitCode, 2, args.join(' '));
    assert.deepEqual([document.result, document.proof], ['UNKNOWN', null], args.join(' '));
    assert.ok(document.error !== null && document.error.hint !== '', args.join(' '));
  }
});

test('--json prints one document, on success and on failure, and nothing else on stdout', (t) => {
  const root = repository(t, { 'a.ts': 'export const a = 1;\n' });
  for (const args of [
    ['index'],
    ['search', 'a'],
    ['search', 'nowhere'],
    ['map'],
    ['proofs', 'verify'],
    ['proofs', 'ls'],
    ['explain'],
    ['help'],
  ]) {
    const { stdout } = sophia({ cwd: root }, ...args, '--json');
    assert.equal(stdout.split('\n').length, 2, args.join(' '));
    assert.deepEqual(Object.keys(JSON.parse(stdout) as object), ['command', 'result', 'findings', 'data', 'error', 'proof']);
  }
});

test('flags go before environment variables, and those before the defaults', (t) => {
  const root = repository(t, { 'a.ts': 'word\n', 'b.ts': 'word\n', 'c.ts': 'word\n' });
  sophia({ cwd: root }, 'index');
  const hits = (env: Record<string, string>, ...args: string[]): number =>
    sophiaJson({ cwd: root, env }, 'search', 'word', ...args).document.data.hits.length;
  assert.equal(hits({}), 3);
  assert.equal(hits({ SOPHIA_LIMIT: '2' }), 2);
  assert.equal(hits({ SOPHIA_LIMIT: '2' }, '--limit', '1'), 1);
});

test('-C works in another directory, before or after the command', (t) => {
  const root = repository(t, { 'a.ts': 'word\n' });
  assert.equal(sophia({ cwd: temporaryFolder(t) }, '-C', root, 'index').exitCode, 0);
  assert.equal(sophia({ cwd: temporaryFolder(t) }, 'search', 'word', '-C', root).exitCode, 0);
});

test('colours only on a terminal, never with NO_COLOR', (t) => {
  const root = repository(t, { 'a.ts': 'word\n' });
  const escape = '\u001B[';
  assert.ok(!sophia({ cwd: root }, 'index').stdout.includes(escape));
  assert.ok(sophia({ cwd: root, env: { NO_COLOR: '', FORCE_COLOR: '1' } }, 'index').stdout.includes(escape));
  assert.ok(!sophia({ cwd: root, env: { NO_COLOR: '1', FORCE_COLOR: '1' } }, 'index').stdout.includes(escape));
});

test('it works without HOME, and with stdout closed', (t) => {
  const root = repository(t, { 'a.ts': 'word\n' });
  const bare = spawnSync(process.execPath, [BINARY, 'index'], { cwd: root, env: { PATH: process.env['PATH'] }, encoding: 'utf8' });
  assert.equal(bare.status, 0, bare.stderr);
  const closed = spawnSync('bash', ['-c', '"$0" "$1" index >&-', process.execPath, BINARY], { cwd: root, encoding: 'utf8' });
  assert.equal(closed.status, 0, closed.stderr);
});

test('a query of a megabyte is answered', (t) => {
  const root = repository(t, { 'a.ts': 'word\n' });
  sophia({ cwd: root }, 'index');
  // One argument may have 128 KiB at most on Linux; SOPHIA's own limit is what is tested here.
  const { exitCode } = sophia({ cwd: root }, 'search', 'lorem '.repeat(20_000));
  assert.equal(exitCode, 1);
});
