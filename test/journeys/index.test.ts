import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { git, temporaryFolder } from '../fakes/context.ts';
import { commit, repository, sophia, sophiaJson, write } from './sophia.ts';

const FILES = {
  'src/config.ts': 'export function parseConfig(text: string): object {\n  return JSON.parse(text);\n}\n',
  'src/server.ts':
    "import { parseConfig } from './config.ts';\n\nexport class Server {\n  start(port: number): void {\n    parseConfig(String(port));\n  }\n}\n",
  'lib/tool.py': 'def clean(text):\n    return text.strip()\n',
  'README.md': '# Demo\n\nA small server.\n',
  'logo.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]),
};

test('one command indexes a repository, says so in words a newcomer understands, and leaves a proof that verifies', (t) => {
  const root = repository(t, FILES);
  const { exitCode, stdout, stderr } = sophia({ cwd: root }, 'index', '.');
  assert.equal(exitCode, 0, stderr);
  assert.match(stdout, /^Indexed 4 files \(\d+ B\) and \d+ symbols in .*: 4 added, 0 modified, 0 removed, 0 unchanged\.$/m);
  assert.match(stdout, /Left out: 1 binary \(--skipped lists them\)\./);
  const proof = /^proof: (proofs\/context_index\/\d{4}\/\d\d\/\d\d\/[0-9A-HJKMNP-TV-Z]{26}\.json)$/m.exec(stderr)?.[1];
  assert.ok(proof !== undefined && fs.existsSync(path.join(root, proof)), stderr);
  assert.equal(sophia({ cwd: root }, 'proofs', 'verify').exitCode, 0);
  assert.equal(git(root, 'status', '--porcelain', '--', '.sophia'), '', '.sophia ignores itself');
});

test('a second run reads nothing, and one edit makes it read one file', (t) => {
  const root = repository(t, FILES);
  const first = sophiaJson({ cwd: root }, 'index').document.data;
  const second = sophiaJson({ cwd: root }, 'index').document.data;
  assert.equal(second.files_read, 0);
  assert.deepEqual(second.changed, { added: 0, modified: 0, removed: 0, unchanged: 4 });
  assert.equal(second.index_digest, first.index_digest);
  assert.equal(second.generation, first.generation);
  assert.deepEqual(second.skipped, first.skipped);
  write(root, { 'lib/tool.py': 'def polish(text):\n    return text\n' });
  const third = sophiaJson({ cwd: root }, 'index').document.data;
  assert.equal(third.files_read, 1);
  assert.deepEqual(third.changed, { added: 0, modified: 1, removed: 0, unchanged: 3 });
  assert.notEqual(third.index_digest, first.index_digest);
});

test('another branch and back gives the first digest again, and so does a full build', (t) => {
  const root = repository(t, FILES);
  const first = sophiaJson({ cwd: root }, 'index').document.data.index_digest;
  git(root, 'checkout', '-q', '-b', 'other');
  fs.rmSync(path.join(root, 'src/server.ts'));
  write(root, { 'src/client.ts': 'export const client = 1;\n' });
  commit(root, 'another way');
  const other = sophiaJson({ cwd: root }, 'index').document.data;
  assert.deepEqual(other.changed, { added: 1, modified: 0, removed: 1, unchanged: 3 });
  git(root, 'checkout', '-q', 'main');
  assert.equal(sophiaJson({ cwd: root }, 'index').document.data.index_digest, first);
  assert.equal(sophiaJson({ cwd: root }, 'index', '--full').document.data.index_digest, first);
});

test('a rename is one added and one removed', (t) => {
  const root = repository(t, FILES);
  sophia({ cwd: root }, 'index');
  fs.renameSync(path.join(root, 'lib/tool.py'), path.join(root, 'lib/kit.py'));
  assert.deepEqual(sophiaJson({ cwd: root }, 'index').document.data.changed, { added: 1, modified: 0, removed: 1, unchanged: 3 });
});

test('a tree outside git has the digest of the same tree inside', (t) => {
  const root = repository(t, FILES);
  const outside = fs.realpathSync(temporaryFolder(t));
  write(outside, FILES);
  const inside = sophiaJson({ cwd: root }, 'index').document.data;
  const without = sophiaJson({ cwd: outside }, 'index').document.data;
  assert.equal(without.index_digest, inside.index_digest);
  assert.equal(without.commit, null);
  assert.equal(sophiaJson({ cwd: outside }, 'index').document.data.changed.unchanged, 4);
});

test('a dry run says what would change and writes nothing', (t) => {
  const root = repository(t, FILES);
  const { exitCode, stdout } = sophia({ cwd: root }, 'index', '--dry-run');
  assert.equal(exitCode, 0);
  assert.match(stdout, /Would index 4 new files, 0 changed, 0 gone; 0 unchanged\. Nothing was written\./);
  assert.deepEqual(
    fs.readdirSync(root).filter((name) => name === '.sophia' || name === 'proofs'),
    [],
  );
});

test('an index that is damaged is rebuilt, and it is said', (t) => {
  const root = repository(t, FILES);
  const first = sophiaJson({ cwd: root }, 'index').document.data.index_digest;
  fs.writeFileSync(path.join(root, '.sophia/context.db'), 'no database at all, but long enough to look at'.repeat(50));
  assert.equal(sophia({ cwd: root }, 'search', 'server').exitCode, 3);
  const again = sophiaJson({ cwd: root }, 'index');
  assert.equal(again.exitCode, 0);
  assert.match(again.document.data.rebuilt ?? '', /damaged/);
  assert.equal(again.document.data.index_digest, first);
  assert.equal(sophia({ cwd: root }, 'search', 'server').exitCode, 0);
});

test('an empty directory and an empty repository are unknown, never passed', (t) => {
  const empty = temporaryFolder(t);
  const nothing = sophiaJson({ cwd: empty }, 'index');
  assert.equal(nothing.exitCode, 3);
  assert.equal(nothing.document.result, 'UNKNOWN');
  const bare = fs.realpathSync(temporaryFolder(t));
  git(bare, 'init', '-q');
  assert.equal(sophia({ cwd: bare }, 'index').exitCode, 3);
  write(bare, { 'a.ts': 'export const a = 1;\n' });
  assert.equal(sophia({ cwd: bare }, 'index').exitCode, 0, 'a repository without a commit has files all the same');
});

test('a path that is no directory, or not there, is exit 2 with what to do', (t) => {
  const root = repository(t, FILES);
  for (const wrong of ['README.md', 'missing', '']) {
    const { exitCode, stderr, stdout } = sophia({ cwd: root }, 'index', wrong);
    assert.equal(exitCode, 2, wrong);
    assert.equal(stdout, '');
    assert.match(stderr, /^error: .*\[(NOT_A_DIRECTORY|USAGE)\]$/m);
  }
});

test('the options of sophia.yaml hold, and a typo in it is an error at its line', (t) => {
  const root = repository(t, { ...FILES, 'sophia.yaml': 'index:\n  exclude: [lib]\n' });
  assert.equal(sophiaJson({ cwd: root }, 'index').document.data.skipped['ignored'], 1);
  write(root, { 'sophia.yaml': 'index:\n  exlude: [lib]\n' });
  const { exitCode, stderr } = sophia({ cwd: root }, 'index');
  assert.equal(exitCode, 2);
  assert.match(stderr, /sophia\.yaml:2:3: unknown key "exlude" in index, did you mean "exclude"\?/);
});
