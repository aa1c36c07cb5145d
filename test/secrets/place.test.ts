import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repositoryOf, resolvePlace, type Asked } from '../../src/secrets/place.ts';
import { contextFor, git } from '../fakes/context.ts';

const NOTHING: Asked = { repo: undefined, environment: undefined, org: undefined };
const HOSTS = new Set(['github.com', 'ghe.example']);

test('a remote on a host of GitHub names a repository, however it is spelled', () => {
  for (const remote of [
    'https://github.com/o/r',
    'https://github.com/o/r.git',
    'https://user:word@GitHub.com/o/r.git/',
    'git@github.com:o/r.git',
    'github.com:o/r',
    'ssh://git@ghe.example:2222/o/r.git',
  ])
    assert.equal(repositoryOf(remote, HOSTS), 'o/r', remote);
});

test('a remote anywhere else names none', () => {
  for (const remote of [
    'https://elsewhere.example/o/r',
    'git@elsewhere.example:o/r',
    '/srv/o/r.git',
    '../o/r',
    'https://github.com/o',
    'file:///o/r',
    '',
  ])
    assert.equal(repositoryOf(remote, HOSTS), null, remote);
});

test('the repository is the one that is named, else that of the workflow, else that of origin', async (t) => {
  await assert.rejects(resolvePlace(contextFor(t), NOTHING), { code: 'REPOSITORY_UNKNOWN', exitCode: 2 });
  const context = contextFor(t);
  git(context.directory, 'init', '-q');
  git(context.directory, 'remote', 'add', 'origin', 'git@github.com:o/origin.git');
  assert.equal((await resolvePlace(context, NOTHING)).name, 'o/origin');
  const inWorkflow = { ...context, env: { ...context.env, GITHUB_REPOSITORY: 'o/workflow' } };
  assert.equal((await resolvePlace(inWorkflow, NOTHING)).name, 'o/workflow');
  const own = await resolvePlace(inWorkflow, { ...NOTHING, repo: 'O/Workflow' });
  const foreign = await resolvePlace(inWorkflow, { ...NOTHING, repo: 'o/other' });
  assert.deepEqual([own.isOwnRepository, foreign.isOwnRepository], [true, false]);
});

test('a repository that is named needs no git', async (t) => {
  const place = await resolvePlace(contextFor(t, { env: { PATH: '/nonexistent' } }), { ...NOTHING, repo: 'o/r' });
  assert.equal(place.name, 'o/r');
});

test('what would lead to another path is refused', async (t) => {
  const context = contextFor(t, { env: { GITHUB_REPOSITORY: 'o/r' } });
  const wrong: readonly Partial<Asked>[] = [
    { repo: 'o' },
    { repo: 'o/..' },
    { repo: '../r' },
    { repo: 'o/r/x' },
    { repo: 'o/r?x' },
    { environment: '..' },
    { environment: '' },
    { environment: 'a\nb' },
    { org: 'a/b' },
    { org: '' },
    { org: 'o', repo: 'o/r' },
    { org: 'o', environment: 'e' },
  ];
  for (const asked of wrong)
    await assert.rejects(resolvePlace(context, { ...NOTHING, ...asked }), { code: 'USAGE' }, JSON.stringify(asked));
});
