// Where proofs are published from, and where to: odd clones, odd names, remotes that are not there.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { SophiaError } from '../../../src/errors.ts';
import { openProofs } from '../../../src/proof/tree.ts';
import { inspectProofs } from '../../../src/proof/inspection/inspect.ts';
import { git, temporaryFolder } from '../../fakes/context.ts';
import { beforePush, clone, filesOn, inClone, publish, record, refsOf, site } from './remotes.ts';

test('another branch begins without a history, and grows by what is new', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  const head = git(root, 'rev-parse', 'HEAD');
  await record(context, 'one');
  assert.equal((await publish(context, { branch: 'sophia-proofs' })).data.ref, 'refs/heads/sophia-proofs');
  assert.equal(git(place.server, 'rev-list', '--count', 'sophia-proofs'), '1');
  assert.equal(git(place.server, 'ls-tree', '--name-only', 'sophia-proofs'), 'proofs');
  await record(context, 'two');
  const { data } = await publish(context, { branch: 'refs/heads/sophia-proofs' });
  assert.equal(data.files.length, 3);
  assert.equal(git(place.server, 'rev-list', '--count', 'sophia-proofs'), '2');
  assert.deepEqual(filesOn(place), []);
  assert.equal(git(root, 'rev-parse', 'HEAD'), head);
  assert.equal(git(root, 'for-each-ref', '--format=%(refname)', 'refs/heads'), 'refs/heads/main');
});

test('a detached HEAD publishes to the branch of the run, else to the first of the remote', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  git(root, 'checkout', '-q', '--detach');
  const head = git(root, 'rev-parse', 'HEAD');
  await record(inClone(t, root));
  assert.equal((await publish(inClone(t, root))).data.ref, 'refs/heads/main');
  assert.equal(git(root, 'rev-parse', 'HEAD'), head);
  const ofRun = inClone(t, root, { env: { GITHUB_REF: 'refs/heads/topic' } });
  assert.equal((await publish(ofRun)).data.ref, 'refs/heads/topic');
  const ofTag = inClone(t, root, { env: { GITHUB_REF: 'refs/tags/v1' } });
  assert.equal((await publish(ofTag)).data.ref, 'refs/heads/main');
});

test('a shallow clone publishes, and stays shallow', async (t) => {
  const place = site(t);
  const deep = clone(place, 'deep');
  await record(inClone(t, deep), 'one');
  await publish(inClone(t, deep));
  const root = clone(place, 'a', '--depth', '1');
  const context = inClone(t, root);
  await record(inClone(t, deep), 'two');
  await publish(inClone(t, deep));
  await record(context, 'three');
  assert.equal((await publish(context)).data.route, 'direct');
  assert.equal(git(root, 'rev-parse', '--is-shallow-repository'), 'true');
  assert.equal(git(place.server, 'rev-list', '--count', 'main'), '4');
});

test('a clone without contents publishes, and fetches the one view that it has to compare', async (t) => {
  const place = site(t);
  git(place.server, 'config', 'uploadpack.allowFilter', 'true');
  git(place.server, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  const late = inClone(t, clone(place, 'late'));
  const root = clone(place, 'a', '--filter=blob:none', '--no-checkout');
  const context = inClone(t, root);
  await record(context, 'older');
  await record(late, 'newer');
  await publish(late);
  assert.equal((await publish(context)).data.route, 'direct');
  assert.match(git(place.server, 'show', 'main:proofs/healthz/api.txt'), /newer$/);
});

test('a branch that is not on the remote yet begins where it left what the remote has, and takes no commit along', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  git(root, 'checkout', '-q', '-b', "topic;echo$(x)'");
  const branch = git(root, 'symbolic-ref', '--short', 'HEAD');
  const context = inClone(t, root);
  await record(context, 'one');
  const first = await publish(context);
  assert.equal(first.data.ref, `refs/heads/${branch}`);
  assert.equal(git(root, 'rev-parse', 'HEAD'), first.data.commit, 'nothing was unpushed, so the branch moves along');
  fs.writeFileSync(path.join(root, 'mine.txt'), 'mine\n');
  git(root, 'add', 'mine.txt');
  git(root, 'commit', '-q', '-m', 'mine');
  await record(context, 'two');
  git(place.server, 'update-ref', '-d', `refs/heads/${branch}`);
  const { data, findings } = await publish(context);
  assert.equal(git(place.server, 'rev-parse', `${branch}^`), git(place.server, 'rev-parse', 'main'));
  assert.equal(git(place.server, 'ls-tree', '--name-only', branch).includes('mine.txt'), false);
  const mend = /do: (.*)$/.exec(findings.find(({ check }) => check === 'pull')?.reason ?? '')?.[1] ?? '';
  git(root, '-c', `alias.mend=!${mend}`, 'mend');
  assert.equal(git(root, 'rev-parse', 'HEAD^'), data.commit);
  assert.equal(git(root, 'status', '--porcelain'), '');
  git(root, 'push', '-q', 'origin', 'HEAD');
});

test('a directory of proofs that is a link is not followed', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const other = inClone(t, clone(place, 'b'));
  await record(other);
  fs.symlinkSync(path.join(other.directory, 'proofs'), path.join(root, 'proofs'));
  assert.equal((await publish(inClone(t, root))).error?.exitCode, 5);
  assert.deepEqual(filesOn(place), []);
});

test('the first commit of an empty remote can be one of proofs', async (t) => {
  const home = fs.realpathSync(temporaryFolder(t));
  const server = path.join(home, 'server.git');
  git(home, 'init', '-q', '--bare', server);
  const root = clone({ home, server }, 'a');
  const context = inClone(t, root);
  await record(context);
  const { data } = await publish(context);
  assert.equal(data.route, 'direct');
  assert.equal(git(root, 'status', '--porcelain'), '');
  assert.equal(git(root, 'rev-parse', 'HEAD'), data.commit);
});

test('a folder below the top of the repository has its own proofs', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const below = path.join(root, '-odd dir', 'ünder');
  fs.mkdirSync(below, { recursive: true });
  const context = inClone(t, below);
  const proof = await record(context);
  const { data, error } = await publish(context);
  assert.equal(error, undefined);
  assert.ok(data.files.includes(proof));
  assert.equal(git(root, 'status', '--porcelain'), '');
  assert.match(
    git(place.server, '-c', 'core.quotepath=off', 'ls-tree', '-r', '--name-only', 'main'),
    new RegExp(`^-odd dir/ünder/${proof}$`, 'm'),
  );
});

test('a repository of SHA-256 objects is one like any other', async (t) => {
  const home = fs.realpathSync(temporaryFolder(t));
  const server = path.join(home, 'server.git');
  git(home, 'init', '-q', '--bare', '--object-format=sha256', server);
  const root = path.join(home, 'a'); // an empty one cannot be cloned by every git
  git(home, 'init', '-q', '--object-format=sha256', root);
  git(root, 'remote', 'add', 'origin', server);
  const context = inClone(t, root);
  await record(context);
  assert.equal((await publish(context)).data.commit?.length, 64);
  assert.equal(git(root, 'status', '--porcelain'), '');
});

test('who commits is named where git does not know it', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  const author = (): string => git(place.server, 'log', '-1', '--format=%an <%ae>', 'main');
  await record(context, 'one');
  await publish(context);
  assert.equal(author(), 'sophia <sophia@localhost>');
  git(root, 'config', 'user.name', 'Ada');
  git(root, 'config', 'user.email', 'ada@example.org');
  await record(context, 'two');
  await publish(context);
  assert.equal(author(), 'Ada <ada@example.org>');
  git(root, 'config', '--unset', 'user.email');
  await record(context, 'three');
  await publish(inClone(t, root, { env: { GITHUB_ACTIONS: 'true' } }));
  assert.match(author(), /^github-actions\[bot\] </);
});

test('a clone that rewrites line ends publishes and checks out the bytes as they are', async (t) => {
  const place = site(t);
  const root = clone(place, 'a', '-c', 'core.autocrlf=true');
  const context = inClone(t, root);
  await record(context, 'one\ntwo');
  assert.equal((await publish(context)).data.route, 'direct');
  assert.equal(git(root, 'status', '--porcelain'), '');
  const other = clone(place, 'b', '-c', 'core.autocrlf=true', '-c', 'core.eol=crlf');
  assert.deepEqual((await inspectProofs(openProofs(inClone(t, other), { proofs: path.join(other, 'proofs'), name: 'proofs' }))).flaws, []);
});

test('names that look like options, or that git cannot have, never reach it', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  await record(context);
  const refs = refsOf(place);
  for (const remote of ['--upload-pack=touch pwned', '-x', '', 'a\nb', 'a\0b']) {
    assert.equal((await publish(context, { remote })).error?.code, 'USAGE', JSON.stringify(remote));
  }
  for (const branch of [
    '--upload-pack=x',
    '-x',
    '',
    'HEAD',
    'a b',
    'a..b',
    'refs/tags/x',
    'x.lock',
    '@{-1}',
    'a:b',
    'sophia-inbox/x',
    'a\0b',
    '../x',
  ]) {
    assert.equal((await publish(context, { branch })).error?.code, 'USAGE', JSON.stringify(branch));
  }
  assert.deepEqual(refsOf(place), refs);
});

test('a remote whose address is a program starts nothing', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  await record(context);
  const mark = path.join(place.home, 'pwned');
  for (const url of [`ext::sh -c 'touch ${mark}'`, `--upload-pack=touch ${mark}`, `ssh://-oProxyCommand=touch%20${mark}/x`]) {
    git(root, 'config', 'remote.origin.url', url);
    const { error } = await publish(context);
    assert.ok(error?.exitCode === 3 || error?.exitCode === 4, url);
    assert.equal(fs.existsSync(mark), false, url);
  }
  assert.ok([3, 4].includes((await publish(context, { remote: `ext::touch ${mark}` })).error?.exitCode ?? 0));
  assert.equal(fs.existsSync(mark), false);
});

test('no remote, no repository at its address and no repository here are different errors, and the files stay', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  const proof = await record(context);
  const code = async (remote: string) => {
    const { error } = await publish(context, { remote });
    assert.match(error?.hint ?? '', /upload-artifact/);
    return [error?.code, error?.exitCode];
  };
  assert.deepEqual(await code('elsewhere'), ['PUBLISH_NO_REMOTE', 3]);
  assert.deepEqual(await code(`${place.home}/nowhere.git`), ['PUBLISH_UNREACHABLE', 3]);
  assert.deepEqual(await code('http://127.0.0.1:9/x.git'), ['PUBLISH_UNREACHABLE', 3]);
  assert.ok(fs.existsSync(path.join(root, proof)));
  const outside = inClone(t, fs.realpathSync(temporaryFolder(t)));
  await record(outside);
  assert.equal((await publish(outside)).error?.code, 'PUBLISH_NO_REPOSITORY');
  const bare = await publish(inClone(t, place.server));
  assert.equal(bare.error?.code, 'PUBLISH_NO_REPOSITORY');
});

test('a password in an address is not repeated', async (t) => {
  const place = site(t);
  const context = inClone(t, clone(place, 'a'));
  await record(context);
  const { error, findings } = await publish(context, { remote: 'http://me:hunter22@127.0.0.1:9/x.git' });
  assert.equal(error?.code, 'PUBLISH_UNREACHABLE');
  assert.equal(JSON.stringify([error?.message, error?.hint, findings]).includes('hunter22'), false);
});

test('cut off between commit and push nothing is lost: the next time it goes', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const stopped = beforePush(inClone(t, root), () => {
    throw new SophiaError('INTERRUPTED', { signal: 'SIGTERM' });
  });
  const proof = await record(stopped);
  const before = git(root, 'status', '--porcelain');
  await publish(stopped);
  assert.equal(git(root, 'status', '--porcelain'), before);
  assert.deepEqual(filesOn(place), []);
  assert.equal((await publish(inClone(t, root))).data.route, 'direct');
  assert.ok(filesOn(place).includes(proof));
});

test('cut off after the push the branch here moves along the next time', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  await record(context);
  const unmoved = {
    ...context,
    git: {
      ...context.git,
      run: (...[directory, args, options]: Parameters<typeof context.git.run>) =>
        context.git.run(directory, args[0] === 'update-ref' ? ['update-ref', '--no-such-option'] : args, options),
    },
  };
  const { data, findings } = await publish(unmoved);
  assert.equal(data.route, 'direct');
  assert.ok(findings.some(({ check, verdict }) => check === 'pull' && verdict === 'warn'));
  assert.match(git(root, 'status', '--porcelain'), /^\?\? proofs\/$/m);
  assert.equal((await publish(context)).data.route, 'unchanged');
  assert.equal(git(root, 'status', '--porcelain'), '');
  assert.equal(git(root, 'rev-parse', 'HEAD'), data.commit);
});

test('a connection that breaks after the remote took the commit is a success', async (t) => {
  const place = site(t);
  const context = inClone(t, clone(place, 'a'));
  const deaf = {
    ...context,
    git: {
      ...context.git,
      remote: async (...[directory, args, options]: Parameters<typeof context.git.remote>) => {
        const result = await context.git.remote(directory, args, options);
        return args.includes('push')
          ? { ...result, exitCode: 128, stdout: new Uint8Array(), stderr: Buffer.from('fatal: the remote end hung up unexpectedly\n') }
          : result;
      },
    },
  };
  await record(deaf);
  const { data, error } = await publish(deaf);
  assert.deepEqual([error, data.route, data.pushes], [undefined, 'direct', 1]);
});
