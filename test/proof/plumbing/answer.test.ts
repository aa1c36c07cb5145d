import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExecResult } from '../../../src/context.ts';
import { SophiaError } from '../../../src/errors.ts';
import { readPush } from '../../../src/proof/plumbing/answer.ts';

function answer(lines: readonly string[], stderr = '', exitCode = 1) {
  const stdout = Buffer.from(`To x\n${lines.map((line) => `${line}\n`).join('')}`);
  return readPush('origin', { exitCode, signal: null, stdout, stderr: Buffer.from(stderr) });
}

function failure(stderr: string, ended: Partial<ExecResult> = {}): SophiaError {
  const result = { exitCode: 128, signal: null, stdout: new Uint8Array(), stderr: Buffer.from(stderr), ...ended };
  try {
    readPush('origin', result);
  } catch (thrown) {
    if (thrown instanceof SophiaError) return thrown as SophiaError;
  }
  throw new Error('it was an answer');
}

test('what the remote took is taken', () => {
  assert.equal(answer([' \tabc:refs/heads/main\tabc..def', 'Done'], '', 0).kind, 'taken');
});

test('a tip that moved and a lock that is held are other pushes, worth another try', () => {
  for (const summary of [
    '[rejected] (fetch first)',
    '[rejected] (non-fast-forward)',
    '[rejected] (stale info)',
    "[remote rejected] (cannot lock ref 'refs/heads/main': is at 1 but expected 2)",
    '[remote rejected] (failed to update ref)',
    '[remote rejected] (incorrect old value provided)',
    '[remote rejected] (reference already exists)',
    "[remote rejected] (Unable to create '/x/refs/heads/main.lock': File exists.)",
  ])
    assert.equal(answer([`!\tabc:refs/heads/main\t${summary}`]).kind, 'overtaken', summary);
});

test('a hook, a protected branch and a branch that is checked out refuse, and say why', () => {
  for (const summary of [
    '(pre-receive hook declined)',
    '(hook declined)',
    '(protected branch hook declined)',
    '(branch is currently checked out)',
  ])
    assert.equal(answer([`!\tabc:refs/heads/main\t[remote rejected] ${summary}`]).kind, 'refused', summary);
  const told = answer(
    ['!\ta:refs/heads/main\t[remote rejected] (pre-receive hook declined)'],
    'remote: \nremote: only on\u001b[31m fridays\n',
  );
  assert.ok(told.kind === 'refused');
  assert.match(told.reason, /hook declined.*only on/);
  assert.equal(told.reason.includes('\u001b'), false);
});

test('of refs that go together the one that was refused by itself decides', () => {
  const together = (summary: string): string =>
    answer([`!\ta:refs/heads/main\t${summary}`, '!\t:refs/sophia/inbox/X\t[remote rejected] (atomic push failure)']).kind;
  assert.equal(together('[rejected] (fetch first)'), 'overtaken');
  assert.equal(together('[remote rejected] (hook declined)'), 'refused');
  assert.equal(answer([], 'fatal: the receiving end does not support --atomic push\n', 128).kind, 'not-atomic');
});

test('without an answer it is a matter of permission, or nobody was there', () => {
  for (const stderr of [
    "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
    "remote: Permission to a/b.git denied to c.\nfatal: unable to access 'https://github.com/a/b/': The requested URL returned error: 403",
    "fatal: Authentication failed for 'https://github.com/a/b/'",
    'git@github.com: Permission denied (publickey).\nfatal: Could not read from remote repository.',
    'ERROR: Write access to repository not granted.',
    'Host key verification failed.\nfatal: Could not read from remote repository.',
  ])
    assert.equal(failure(stderr).code, 'PUBLISH_DENIED', stderr);
  for (const stderr of [
    "fatal: unable to access 'https://x.invalid/': Could not resolve host: x.invalid",
    "fatal: '/nowhere' does not appear to be a git repository",
    'fatal: the remote end hung up unexpectedly',
    '',
  ])
    assert.equal(failure(stderr).code, 'PUBLISH_UNREACHABLE', stderr);
  assert.match(failure('', { exitCode: null, signal: 'SIGTERM' }).message, /SIGTERM/);
});

test('what is told has neither passwords nor control characters, and an end', () => {
  const { message } = failure(`fatal: unable to access 'https://me:hunter22@x.invalid/a': ${'no '.repeat(1000)}\u0007`);
  assert.equal(message.includes('hunter22'), false);
  assert.match(message, /https:\/\/x\.invalid/);
  assert.ok(message.length < 1000);
});
