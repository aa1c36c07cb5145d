// Many publishers at once, with the real binary and real servers.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { extent } from '../extent.ts';
import { git } from '../fakes/context.ts';
import { startGitServer } from '../fakes/git-server.ts';
import { clone, hook, inClone, record, refsOf, site, type Site } from '../proof/publishing/remotes.ts';
import { BINARY, sophia } from './sophia.ts';

interface Published {
  readonly exitCode: number | null;
  readonly document: {
    readonly data: { readonly route: string; readonly ref: string; readonly pushes: number };
    readonly error: { readonly code: string } | null;
  };
}

/** Enough that some meet. */
const PUBLISHERS = extent(20, 6);

for (const server of ['a repository on disk', 'a server over http that refuses refs/sophia/*'] as const) {
  test(`${PUBLISHERS} publishers at once into ${server}, then one seal: all proofs are on the branch and the inbox is empty`, async (t) => {
    const disk = site(t);
    let place: Site = disk;
    if (server !== 'a repository on disk') {
      hook(disk, 'update', 'case "$1" in refs/sophia/*) exit 1;; esac');
      place = { ...disk, server: `${await startGitServer(t, { root: disk.home })}/server.git` };
    }
    const roots = Array.from({ length: PUBLISHERS }, (_, index) => clone(place, `publisher-${index}`));
    const proofs = await Promise.all(roots.map((root, index) => record(inClone(t, root), `run ${index}`)));
    const published = await Promise.all(roots.map((root) => publish(root)));
    for (const { exitCode, document } of published) {
      assert.equal(exitCode, 0, JSON.stringify(document.error));
      assert.ok(['direct', 'inbox'].includes(document.data.route));
      assert.ok(document.data.pushes <= 5);
    }
    assert.ok(
      published.some(({ document }) => document.data.route === 'inbox'),
      'nobody met anybody',
    );

    const sealer = clone(place, 'sealer');
    fs.writeFileSync(path.join(sealer, 'code.txt'), 'edited\n');
    fs.writeFileSync(path.join(sealer, 'staged.txt'), 'staged\n');
    git(sealer, 'add', 'staged.txt');
    const before = [git(sealer, 'status', '--porcelain'), git(sealer, 'rev-parse', 'HEAD')];
    const sealed = sophia({ cwd: sealer }, 'proofs', 'seal', '--push');
    assert.equal(sealed.exitCode, 0, sealed.stderr);
    assert.deepEqual([git(sealer, 'status', '--porcelain'), git(sealer, 'rev-parse', 'HEAD')], before);

    assert.deepEqual(refsOf(disk), ['refs/heads/main']);
    const there = git(disk.server, 'ls-tree', '-r', '--name-only', 'main').split('\n');
    for (const proof of proofs) assert.ok(there.includes(proof), proof);
    assert.equal(there.filter((name) => name.startsWith('proofs/demo/') && name.endsWith('.json')).length, PUBLISHERS);
    git(sealer, 'fetch', '-q');
    const verified = sophia({ cwd: sealer }, 'proofs', 'verify', '--ref', 'origin/main', '--require', 'L1');
    assert.equal(verified.exitCode, 0, verified.stdout);
    const fresh = clone(place, 'fresh', '-c', 'core.autocrlf=true');
    assert.equal(sophia({ cwd: fresh }, 'proofs', 'verify').exitCode, 0);
    const view = git(disk.server, 'show', 'main:proofs/healthz/api.txt').split('\n')[0]?.replace('proof: ', 'proofs/');
    assert.equal(view, proofs.toSorted((one, other) => path.basename(one).localeCompare(path.basename(other))).at(-1));
  });
}

test('a publisher killed while its push is under way leaves nothing behind that stops the next', async (t) => {
  const place = site(t);
  const door = path.join(place.home, 'door');
  execFileSync('mkfifo', [door]);
  hook(place, 'pre-receive', `echo knock > ${door}; exec sleep 60`);
  const root = clone(place, 'a');
  const proof = await record(inClone(t, root));
  const status = git(root, 'status', '--porcelain');
  const child = spawn(process.execPath, [BINARY, 'proofs', 'publish'], {
    cwd: root,
    env: environment(root),
    stdio: 'ignore',
    detached: true,
  });
  const ended = once(child, 'close');
  await fs.promises.readFile(door);
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  await ended;
  assert.equal(git(root, 'status', '--porcelain'), status);
  hook(place, 'pre-receive', 'exit 0');
  const { exitCode, document } = await publish(root);
  assert.equal(exitCode, 0);
  assert.equal(document.data.route, 'direct');
  assert.ok(git(place.server, 'ls-tree', '-r', '--name-only', 'main').includes(proof));
});

test('a server that wants a password it is not given is a matter of permission, exit 4; the token of a run opens it', async (t) => {
  const disk = site(t);
  const root = clone(disk, 'a');
  await record(inClone(t, root));
  const url = await startGitServer(t, { root: disk.home, credentials: 'x-access-token:s3cret-token' });
  git(root, 'remote', 'set-url', 'origin', `${url}/server.git`);
  const without = await publish(root);
  assert.deepEqual([without.exitCode, without.document.error?.code], [4, 'PUBLISH_DENIED']);
  const run = { GITHUB_ACTIONS: 'true', GITHUB_SERVER_URL: url, GITHUB_TOKEN: 's3cret-token' };
  git(root, 'config', `http.${url}/.extraheader`, 'AUTHORIZATION: basic b2xkOm9sZA==');
  const { exitCode, document } = await publish(root, run);
  assert.deepEqual([exitCode, document.data.route], [0, 'direct']);
});

test('a server that lets read but not write is a matter of permission, exit 4', async (t) => {
  const disk = site(t);
  const root = clone(disk, 'a');
  await record(inClone(t, root));
  const url = await startGitServer(t, { root: disk.home, forbidden: 'git-receive-pack' });
  git(root, 'remote', 'set-url', 'origin', `${url}/server.git`);
  const { exitCode, document } = await publish(root);
  assert.deepEqual([exitCode, document.error?.code], [4, 'PUBLISH_DENIED']);
});

function publish(root: string, env: Readonly<Record<string, string>> = {}): Promise<Published> {
  const child = spawn(process.execPath, [BINARY, 'proofs', 'publish', '--json'], {
    cwd: root,
    env: { ...environment(root), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  return new Promise((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, document: JSON.parse(Buffer.concat(parts).toString()) as Published['document'] }));
  });
}

function environment(root: string): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: path.dirname(root), GIT_CONFIG_NOSYSTEM: '1' };
}
