import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { describeSource, toRepositoryUrl } from '../../../src/proof/recording/source.ts';
import { contextFor, git } from '../../fakes/context.ts';

test('outside git there is no source', async (t) => {
  assert.equal(await describeSource(contextFor(t)), null);
});

test('a repository before its first commit has a branch and no commit', async (t) => {
  const context = contextFor(t);
  git(context.directory, 'init', '-q');
  writeFileSync(`${context.directory}/a.txt`, 'a');
  const source = await describeSource(context);
  assert.deepEqual(
    { ...source, diffSha256: null },
    { repository: null, commit: null, tree: null, ref: 'refs/heads/main', dirty: true, diffSha256: null },
  );
  assert.match(source?.diffSha256 ?? '', /^[0-9a-f]{64}$/);
});

test('a clean commit is named with its tree, branch and remote, without credentials', async (t) => {
  const context = contextFor(t);
  const { directory } = context;
  git(directory, 'init', '-q');
  git(directory, 'remote', 'add', 'origin', 'https://user:t0ken@github.com/acme/app.git');
  writeFileSync(`${directory}/a.txt`, 'a');
  git(directory, 'add', '.');
  git(directory, 'commit', '-q', '-m', 'one');
  const clean = {
    repository: 'https://github.com/acme/app',
    commit: git(directory, 'rev-parse', 'HEAD'),
    tree: git(directory, 'rev-parse', 'HEAD^{tree}'),
    ref: 'refs/heads/main',
    dirty: false,
    diffSha256: null,
  };
  assert.deepEqual(await describeSource(context), clean);

  mkdirSync(`${directory}/proofs`);
  writeFileSync(`${directory}/proofs/x`, 'a proof is not a change of the code');
  assert.deepEqual(await describeSource(context), clean);

  git(directory, 'checkout', '-q', '--detach');
  assert.deepEqual(await describeSource(context), { ...clean, ref: null });
});

test('what differs from the commit is bound by a digest, staged, edited and untracked alike', async (t) => {
  const context = contextFor(t);
  const { directory } = context;
  git(directory, 'init', '-q');
  writeFileSync(`${directory}/a.txt`, 'a');
  git(directory, 'add', '.');
  git(directory, 'commit', '-q', '-m', 'one');
  const digests = new Set<string | null>();
  const steps = [
    () => writeFileSync(`${directory}/a.txt`, 'b'),
    () => writeFileSync(`${directory}/new file.txt`, 'n'),
    () => writeFileSync(`${directory}/new file.txt`, 'm'),
    () => git(directory, 'add', '.'),
    () => writeFileSync(Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0xff, 0xfe])]), 'not UTF-8'),
  ];
  for (const step of steps) {
    step();
    const source = await describeSource(context);
    assert.equal(source?.dirty, true);
    digests.add(source?.diffSha256 ?? null);
  }
  assert.equal(digests.size, steps.length);
  assert.ok(!digests.has(null));
});

test('the same repository has one URL, however the remote is spelled', () => {
  const same = [
    'https://github.com/acme/app',
    'https://github.com/acme/app.git',
    'https://github.com/acme/app/',
    'git@github.com:acme/app.git',
    'ssh://git@github.com/acme/app.git',
    'https://x-access-token:abc@github.com/acme/app',
  ];
  for (const remote of same) assert.equal(toRepositoryUrl(remote), 'https://github.com/acme/app', remote);
  assert.equal(toRepositoryUrl('ssh://git@host:2222/app.git'), 'ssh://host:2222/app');
  assert.equal(toRepositoryUrl('https://host/app?token=abc#x'), 'https://host/app');
});

test('a remote that is a folder of this machine is not told', () => {
  for (const remote of [
    '/srv/git/app.git',
    '../app',
    'app',
    'file:///srv/git/app',
    'FILE:///srv/x',
    String.raw`C:\repos\app`,
    'C:/repos/app',
    '~/app',
    '',
  ])
    assert.equal(toRepositoryUrl(remote), null, remote);
});
