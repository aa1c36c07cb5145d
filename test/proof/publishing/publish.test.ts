import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { exitCodeOf, resultOf } from '../../../src/outcome.ts';
import { markStart } from '../../../src/proof/recording/start-mark.ts';
import { git } from '../../fakes/context.ts';
import { sampleStatement } from '../../fakes/statement.ts';
import { beforePush, clone, filesOn, hook, inClone, overtake, publish, record, refsOf, site } from './remotes.ts';

const SIDE = ['proofs/.gitattributes', 'proofs/README.md', 'proofs/healthz/api.txt'];

function withFiles(...proofs: readonly string[]): readonly string[] {
  return [...SIDE, ...proofs.flatMap((proof) => [proof, proof.replace('.json', '.note.txt')])].sort();
}

test('proofs, attachments and views go to the branch, and the commit names them', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  const proof = await record(context);
  const { findings, data, error } = await publish(context);
  assert.equal(error, undefined);
  assert.equal(exitCodeOf(resultOf(findings)), 0);
  assert.deepEqual(filesOn(place), withFiles(proof));
  assert.deepEqual(
    { ...data, commit: null, files: [...data.files] },
    {
      route: 'direct',
      ref: 'refs/heads/main',
      commit: null,
      attempts: 1,
      pushes: 1,
      files: withFiles(proof),
    },
  );
  assert.equal(git(place.server, 'rev-parse', 'main'), data.commit);
  const message = git(place.server, 'log', '-1', '--format=%B', 'main');
  const id = path.basename(proof, '.json');
  assert.match(message, new RegExp(`^\\[proof\\] demo ${id} PASSED\n\nProof-Digest: sha256:[0-9a-f]{64}\nRun-Id: ${id}\n`));
  assert.equal(git(place.server, 'log', '-1', '--format=%(trailers:key=Run-Id,valueonly)', 'main'), id);
});

test('several proofs make one commit that counts them, with the id of the workflow run', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root, { env: { GITHUB_ACTIONS: 'true', GITHUB_RUN_ID: '4711' } });
  await record(context, 'one');
  await record(context, 'two');
  await publish(context);
  const message = git(place.server, 'log', '-1', '--format=%B', 'main');
  assert.match(message, /^\[proof\] 2 proofs\n/);
  assert.equal(message.match(/^Proof-Digest: /gm)?.length, 2);
  assert.equal(message.match(/^Run-Id: 4711$/gm)?.length, 1);
});

test('staged and edited files, strangers and HEAD are as before, and status is clean of proofs', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  fs.writeFileSync(path.join(root, 'staged.txt'), 'staged\n');
  git(root, 'add', 'staged.txt');
  fs.writeFileSync(path.join(root, 'staged.txt'), 'staged and edited\n');
  fs.writeFileSync(path.join(root, 'code.txt'), 'edited\n');
  fs.writeFileSync(path.join(root, 'stranger.txt'), 'x\n');
  const before = git(root, 'status', '--porcelain');
  const staged = git(root, 'diff', '--cached', 'HEAD', '--', 'staged.txt');
  await record(context);
  await publish(context);
  assert.equal(git(root, 'status', '--porcelain'), before);
  assert.equal(git(root, 'diff', '--cached', 'HEAD', '--', 'staged.txt'), staged);
  assert.equal(git(root, 'symbolic-ref', 'HEAD'), 'refs/heads/main');
  assert.equal(git(root, 'rev-parse', 'HEAD'), git(place.server, 'rev-parse', 'main'));
  overtake(place);
  git(root, 'pull', '-q', '--ff-only');
  assert.equal(git(root, 'status', '--porcelain'), before);
});

test('no hook of the clone runs', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const mark = path.join(place.home, 'hook-ran');
  const hooks = [
    'pre-commit',
    'commit-msg',
    'post-commit',
    'pre-push',
    'reference-transaction',
    'post-index-change',
    'post-update',
    'pre-auto-gc',
  ];
  for (const folder of ['.git/hooks', 'own-hooks']) {
    fs.mkdirSync(path.join(root, folder), { recursive: true });
    for (const name of hooks) fs.writeFileSync(path.join(root, folder, name), `#!/bin/sh\ntouch ${mark}\nexit 1\n`, { mode: 0o755 });
  }
  git(root, 'config', 'core.hooksPath', 'own-hooks');
  const context = inClone(t, root);
  await record(context);
  assert.equal((await publish(context)).data.route, 'direct');
  assert.equal(fs.existsSync(mark), false);
});

test('what is there already makes no commit', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  await record(context);
  const { commit } = (await publish(context)).data;
  const { data, findings } = await publish(context);
  assert.deepEqual(data, { route: 'unchanged', ref: 'refs/heads/main', commit, attempts: 1, pushes: 0, files: [] });
  assert.equal(resultOf(findings), 'PASSED');
  assert.equal(git(place.server, 'rev-parse', 'main'), commit);
});

test('without a proof there is nothing to say', async (t) => {
  const place = site(t);
  const { findings, data } = await publish(inClone(t, clone(place, 'a')));
  assert.equal(exitCodeOf(resultOf(findings)), 3);
  assert.equal(data.route, null);
});

test('proofs that go are offered for attestation, each once', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const list = path.join(place.home, 'artifacts');
  const early = await record(inClone(t, root), 'early');
  const context = inClone(t, root, { env: { GITHUB_ARTIFACTS: list } });
  const late = await record(context, 'late');
  await publish(context);
  const lines = fs.readFileSync(list, 'utf8').trimEnd().split('\n');
  assert.deepEqual(
    lines,
    [late, early].map((proof) => pathToFileURL(path.join(root, proof)).href),
  );
});

test('a run that was killed is told of by whoever publishes next', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  const { id, kind, command, argv, startedAt, environment } = sampleStatement.predicate;
  const elsewhere = { ...context, machine: { ...context.machine, bootId: 'of another boot' } };
  markStart(elsewhere, { id, kind, command, argv, startedAt, environment });
  await publish(context);
  const vanished = filesOn(place).find((name) => name.includes('/2026/'));
  assert.match(git(place.server, 'show', `main:${vanished}`), /"ending": "vanished"/);
});

test('a trial pushes nothing, and changes nothing here', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  const proof = await record(context);
  const before = git(root, 'status', '--porcelain');
  const { data } = await publish(context, { isTrial: true });
  assert.deepEqual([data.route, data.ref, data.pushes, data.files], [null, 'refs/heads/main', 0, withFiles(proof)]);
  assert.deepEqual(filesOn(place), []);
  assert.equal(git(root, 'status', '--porcelain'), before);
});

test('whoever loses the race builds upon the new tip and tries again', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = beforePush(inClone(t, root), (count) => {
    if (count === 1) overtake(place);
  });
  const proof = await record(context);
  const { data, findings } = await publish(context);
  assert.deepEqual([data.route, data.attempts, data.pushes], ['direct', 2, 2]);
  assert.deepEqual(filesOn(place), withFiles(proof));
  assert.equal(git(place.server, 'log', '-1', '--format=%s', 'main^'), 'rival');
  const mend = /do: (.*)$/.exec(findings.find(({ check }) => check === 'pull')?.reason ?? '')?.[1] ?? '';
  assert.match(mend, /ff-only/);
  assert.throws(() => git(root, 'pull', '-q', '--ff-only'), 'git would pull over untracked files');
  runShell(root, mend);
  assert.equal(git(root, 'status', '--porcelain'), '');
  assert.equal(git(root, 'rev-parse', 'HEAD'), data.commit);
});

test('commits that were not pushed stay, and the way to the next pull is told and right', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  fs.writeFileSync(path.join(root, 'mine.txt'), 'mine\n');
  git(root, 'add', 'mine.txt');
  git(root, 'commit', '-q', '-m', 'mine');
  fs.writeFileSync(path.join(root, 'code.txt'), 'edited\n');
  const mine = git(root, 'rev-parse', 'HEAD');
  const context = inClone(t, root);
  const proof = await record(context);
  const { data, findings } = await publish(context);
  assert.equal(data.route, 'direct');
  assert.equal(git(root, 'rev-parse', 'HEAD'), mine);
  assert.deepEqual(filesOn(place), withFiles(proof));
  assert.equal(git(place.server, 'ls-tree', '--name-only', 'main').includes('mine.txt'), false);
  runShell(root, /do: (.*)$/.exec(findings.find(({ check }) => check === 'pull')?.reason ?? '')?.[1] ?? '');
  assert.equal(git(root, 'log', '--format=%s', '-2'), `mine\n${git(place.server, 'log', '-1', '--format=%s', 'main')}`);
  assert.equal(git(root, 'status', '--porcelain'), 'M code.txt');
});

test('after the last lost race the commit waits in the inbox', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = beforePush(inClone(t, root), (count) => {
    if (count <= 2) overtake(place);
  });
  const proof = await record(context);
  const { data, findings } = await publish(context, { attempts: 2 });
  assert.deepEqual([data.route, data.attempts, data.pushes], ['inbox', 2, 3]);
  assert.match(data.ref ?? '', /^refs\/sophia\/inbox\/[0-9A-HJKMNP-TV-Z]{26}$/);
  assert.equal(exitCodeOf(resultOf(findings)), 0);
  assert.deepEqual(filesOn(place, data.ref ?? ''), withFiles(proof));
  assert.deepEqual(filesOn(place), []);
});

test('a branch that takes nothing sends to the inbox, a server without such refs to a branch of its own', async (t) => {
  const place = site(t);
  hook(place, 'update', 'case "$1" in refs/heads/main|refs/sophia/*) echo no, thank you; exit 1;; esac');
  const context = inClone(t, clone(place, 'a'));
  const proof = await record(context);
  const { data, findings } = await publish(context);
  assert.deepEqual([data.route, data.attempts, data.pushes], ['inbox', 1, 3]);
  assert.match(data.ref ?? '', /^refs\/heads\/sophia-inbox\/[0-9A-HJKMNP-TV-Z]{26}$/);
  assert.deepEqual(filesOn(place, data.ref ?? ''), withFiles(proof));
  assert.match(findings.at(-1)?.reason ?? '', /seal --push/);
});

test('a server that takes nothing at all is told with its reason, exit 4, and the files stay', async (t) => {
  const place = site(t);
  hook(place, 'pre-receive', 'echo "not on my watch"; exit 1');
  const root = clone(place, 'a');
  const context = inClone(t, root);
  const proof = await record(context);
  const { error, data } = await publish(context);
  assert.equal(error?.code, 'PUBLISH_DENIED');
  assert.equal(error?.exitCode, 4);
  assert.match(error?.message ?? '', /not on my watch/);
  assert.match(error?.hint ?? '', /upload-artifact/);
  assert.deepEqual([data.route, data.pushes], [null, 3]);
  assert.deepEqual(refsOf(place), ['refs/heads/main']);
  assert.ok(fs.existsSync(path.join(root, proof)));
});

test('a proof that does not hold keeps everything here, exit 5', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  await record(context, 'good');
  const bad = await record(context, 'bad');
  fs.writeFileSync(path.join(root, bad), fs.readFileSync(path.join(root, bad), 'utf8').replace('"PASSED"', '"FAILED"'));
  const { error, findings, data } = await publish(context);
  assert.deepEqual([error?.code, error?.exitCode, data.route, data.pushes], ['PROOF_DOES_NOT_HOLD', 5, null, 0]);
  assert.ok(findings.some(({ target, verdict }) => target === bad && verdict === 'fail'));
  assert.deepEqual(filesOn(place), []);
});

test('an attachment with other bytes, or none, keeps everything here', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  const note = path.join(root, (await record(context)).replace('.json', '.note.txt'));
  fs.writeFileSync(note, 'y');
  assert.equal((await publish(context)).error?.exitCode, 5);
  fs.rmSync(note);
  assert.equal((await publish(context)).error?.exitCode, 5);
  assert.deepEqual(filesOn(place), []);
});

test('what no proof vouches for stays here, and is named', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  const proof = await record(context);
  fs.writeFileSync(path.join(root, 'proofs/healthz/stranger.txt'), 'x');
  fs.writeFileSync(path.join(root, proof.replace('.json', '.orphan\nname')), 'x');
  const { data, findings } = await publish(context);
  assert.equal(data.route, 'direct');
  assert.deepEqual(filesOn(place), withFiles(proof));
  assert.equal(findings.filter(({ check, verdict }) => check === 'foreign' && verdict === 'warn').length, 2);
});

test('a link in the place of a proof is never followed', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  const proof = path.join(root, await record(context));
  fs.renameSync(proof, path.join(place.home, 'elsewhere.json'));
  fs.symlinkSync(path.join(place.home, 'elsewhere.json'), proof);
  assert.equal((await publish(context)).error?.exitCode, 5);
  assert.deepEqual(filesOn(place), []);
});

test('other bytes on the branch at a path that never changes are an offence, exit 5', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  const proof = await record(context);
  const rival = clone(place, 'rival');
  fs.mkdirSync(path.dirname(path.join(rival, proof)), { recursive: true });
  fs.writeFileSync(path.join(rival, proof), '{}\n');
  git(rival, 'add', 'proofs');
  git(rival, 'commit', '-q', '-m', 'forged');
  git(rival, 'push', '-q', 'origin', 'HEAD:refs/heads/main');
  const { error, data } = await publish(context);
  assert.deepEqual([error?.code, error?.exitCode, data.route], ['PROOF_IMMUTABLE', 5, null]);
  assert.match(error?.message ?? '', new RegExp(proof));
});

test('a file of the branch in the place of a folder, or a link, is never replaced', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  await record(context);
  const rival = clone(place, 'rival');
  for (const make of [
    () => fs.symlinkSync('code.txt', path.join(rival, 'proofs')),
    () => {
      fs.rmSync(path.join(rival, 'proofs'));
      fs.mkdirSync(path.join(rival, 'proofs'));
      fs.writeFileSync(path.join(rival, 'proofs/healthz'), 'in the way\n');
    },
  ]) {
    make();
    git(rival, 'add', '-A');
    git(rival, 'commit', '-q', '-m', 'in the way');
    git(rival, 'push', '-q', 'origin', 'HEAD:refs/heads/main');
    const tip = git(place.server, 'rev-parse', 'main');
    const { error } = await publish(context);
    assert.deepEqual([error?.code, error?.exitCode], ['PROOF_IMMUTABLE', 5]);
    assert.equal(git(place.server, 'rev-parse', 'main'), tip);
  }
});

test('of two views the one of the greater id stays, whoever comes last', async (t) => {
  const place = site(t);
  const older = inClone(t, clone(place, 'older'));
  const newer = inClone(t, clone(place, 'newer'));
  await record(older, 'older');
  await record(newer, 'newer');
  const view = (): string => git(place.server, 'show', 'main:proofs/healthz/api.txt').split('\n')[1] ?? '';
  await publish(newer);
  const { findings, data } = await publish(older);
  assert.equal(view(), 'newer');
  runShell(older.directory, /do: (.*)$/.exec(findings.find(({ check }) => check === 'pull')?.reason ?? '')?.[1] ?? '');
  assert.equal(git(older.directory, 'rev-parse', 'HEAD'), data.commit);
  assert.equal(git(older.directory, 'status', '--porcelain'), '');
  const newest = inClone(t, clone(place, 'newest'));
  await record(newest, 'newest');
  await publish(newest);
  assert.equal(view(), 'newest');
});

test('a README of the branch stays as it is', async (t) => {
  const place = site(t);
  const rival = clone(place, 'rival');
  fs.mkdirSync(path.join(rival, 'proofs'));
  fs.writeFileSync(path.join(rival, 'proofs/README.md'), '# ours\n');
  git(rival, 'add', '-A');
  git(rival, 'commit', '-q', '-m', 'readme');
  git(rival, 'push', '-q', 'origin', 'HEAD:refs/heads/main');
  const old = clone(place, 'a');
  git(old, 'reset', '-q', '--hard', 'HEAD^');
  const context = inClone(t, old);
  await record(context);
  assert.equal((await publish(context)).data.route, 'direct');
  assert.equal(git(place.server, 'show', 'main:proofs/README.md'), '# ours');
});

function runShell(root: string, command: string): void {
  git(root, '-c', `alias.mend=!${command}`, 'mend');
}

test('several publishers of one clone leave it clean', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  await record(context, 'one');
  await record(context, 'two');
  const outcomes = await Promise.all([publish(context), publish(context), publish(context)]);
  for (const { data } of outcomes)
    assert.ok(data.route === 'direct' || data.route === 'unchanged' || data.route === 'inbox', String(data.route));
  await publish(context);
  assert.equal(git(root, 'status', '--porcelain'), '');
  assert.equal(git(root, 'rev-parse', 'HEAD'), git(place.server, 'rev-parse', 'main'));
});

test('a second run that has moved the branch in the same moment is no reason to take the index back', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  await record(context);
  const late = {
    ...context,
    git: {
      ...context.git,
      run: async (...[directory, args, options]: Parameters<typeof context.git.run>) => {
        const result = await context.git.run(directory, args, options);
        return args[0] === 'update-ref' ? { ...result, exitCode: 128 } : result;
      },
    },
  };
  const { findings } = await publish(late);
  assert.equal(resultOf(findings), 'PASSED');
  assert.equal(git(root, 'status', '--porcelain'), '');
});
