import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import secretsAudit from '../../../src/commands/secrets-audit/command.ts';
import type { Context } from '../../../src/context.ts';
import { SophiaError } from '../../../src/errors.ts';
import { visible } from '../../../src/markdown.ts';
import { exitCodeOf, resultOf, type Finding } from '../../../src/outcome.ts';
import { clockAt, contextFor } from '../../fakes/context.ts';
import { at, send, startGitHub, TOKEN, type FakeGitHub } from '../../fakes/github/github.ts';
import type { FakeSecret } from '../../fakes/github/secrets.ts';
import { write } from '../../journeys/sophia.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const PLACE = 'repos/o/r';
const LISTING = 'GET /repos/o/r/actions/secrets';

function made(count: number, prefix = 'S', days = 1): FakeSecret[] {
  const updatedAt = `${new Date(NOW - days * 86_400_000).toISOString().slice(0, 19)}Z`;
  return Array.from({ length: count }, (_, index) => ({ name: `${prefix}_${index}`, updatedAt }));
}

function contextOf(t: TestContext, hub: FakeGitHub, env: Readonly<Record<string, string>> = {}): Context {
  return contextFor(t, { clock: clockAt(NOW), env: { GITHUB_API_URL: hub.url, GITHUB_TOKEN: TOKEN, GITHUB_REPOSITORY: 'o/r', ...env } });
}

async function audit(context: Context, asked: Partial<Parameters<typeof secretsAudit.run>[1]> = {}) {
  const outcome = await secretsAudit.run(context, {
    repo: undefined,
    environment: undefined,
    org: undefined,
    listing: undefined,
    ...asked,
  });
  return { ...outcome, exitCode: exitCodeOf(resultOf(outcome.findings)), view: secretsAudit.view(outcome) };
}

async function refusal(context: Context, asked: Partial<Parameters<typeof secretsAudit.run>[1]> = {}): Promise<SophiaError> {
  const thrown: unknown = await audit(context, asked).then(
    () => null,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof SophiaError, String(thrown));
  return thrown as SophiaError;
}

function of(findings: readonly Finding[], verdict: string): readonly string[] {
  return findings.filter((finding) => finding.verdict === verdict).map(({ target, code }) => `${target} ${code ?? ''}`.trim());
}

test('230 secrets on three pages are all judged, and those beyond 90 days fail', async (t) => {
  const hub = await startGitHub(t);
  hub.secrets.set(PLACE, [...made(150), ...made(3, 'OLD', 91), ...made(77, 'T', 90)]);
  const { findings, data, exitCode, view } = await audit(contextOf(t, hub));
  assert.equal(data.secrets.length, 230);
  assert.deepEqual(of(findings, 'fail'), ['OLD_0 SECRET_TOO_OLD', 'OLD_1 SECRET_TOO_OLD', 'OLD_2 SECRET_TOO_OLD']);
  assert.deepEqual(data.secrets[150], { name: 'OLD_0', updated_at: '2026-08-23T12:00:00.000Z', age_days: 91, verdict: 'fail' });
  assert.equal(exitCode, 1);
  assert.deepEqual(
    hub.seen.map(({ path, query }) => [path, query.get('per_page'), query.get('page')].join(' ')),
    ['/repos/o/r/actions/secrets 100 1', '/repos/o/r/actions/secrets 100 2', '/repos/o/r/actions/secrets 100 3'],
  );
  assert.match(view, /[Uu]pdated is not proof of changed/);
});

test('no right to see them is no knowledge about them: exit 4, with what to do', async (t) => {
  const hub = await startGitHub(t);
  hub.secrets.set(PLACE, made(1));
  hub.grants.set('of-the-workflow', ['issues: write']);
  const cases = [
    contextOf(t, hub, { GITHUB_TOKEN: 'of-the-workflow' }),
    contextOf(t, hub, { GITHUB_TOKEN: 'wrong' }),
    contextOf(t, hub, { GITHUB_TOKEN: '' }),
  ];
  for (const context of [...cases, contextOf(t, hub, { GITHUB_REPOSITORY: 'o/absent' })]) {
    const { code, exitCode, hint, message } = await refusal(context);
    assert.deepEqual([code, exitCode], ['SECRETS_DENIED', 4], message);
    assert.match(hint, /"Secrets: read"/);
    assert.match(hint, /own token of a workflow cannot list secrets/);
  }
});

test('a count that lies, that changes, or a page that fails makes the rest unknown, and what was seen stays', async (t) => {
  const hub = await startGitHub(t);
  const secrets = made(230);
  const faults: Readonly<Record<string, () => void>> = {
    'more are said to be there': () => (hub.countSecrets = () => 231),
    'fewer are said to be there': () => (hub.countSecrets = () => 229),
    'the count changes': () => (hub.countSecrets = (_, { query }) => (query.get('page') === '3' ? 231 : 230)),
    'page 2 fails': () =>
      (hub.mischief = (seen, response) => seen.query.get('page') === '2' && (send(response, { status: 502, body: null }), true)),
    'page 3 breaks off': () => (hub.mischief = (seen, response) => seen.query.get('page') === '3' && (response.destroy(), true)),
    'page 2 is limited': () =>
      (hub.mischief = (seen, response) =>
        seen.query.get('page') === '2' && (send(response, { status: 403, body: {}, headers: { 'retry-after': '60' } }), true)),
    'page 2 is a page for people': () =>
      (hub.mischief = (seen, response) => seen.query.get('page') === '2' && (response.writeHead(200).end('<html>'), true)),
    'page 2 is page 1 again': () =>
      (hub.mischief = (seen, response) =>
        seen.query.get('page') === '2' &&
        (send(response, {
          status: 200,
          body: { total_count: 230, secrets: secrets.slice(0, 100).map(({ name, updatedAt }) => ({ name, updated_at: updatedAt })) },
          headers: { link: `<${hub.url}>; rel="next"` },
        }),
        true)),
  };
  for (const [name, begin] of Object.entries(faults)) {
    hub.secrets.set(PLACE, secrets);
    begin();
    const context = contextOf(t, hub);
    write(context.directory, { '.github/workflows/a.yml': 'a: ${{ secrets.S_0 }} ${{ secrets.S_300 }}' });
    const { findings, exitCode } = await audit(context);
    assert.equal(exitCode, 3, name);
    assert.deepEqual(of(findings, 'unknown'), ['o/r', 'S_300'], name);
    assert.deepEqual(of(findings, 'fail'), [], name);
    hub.mischief = null;
    hub.countSecrets = (all) => all.length;
  }
});

test('an old secret that was seen fails, also where others were not', async (t) => {
  const hub = await startGitHub(t);
  hub.secrets.set(PLACE, made(1, 'OLD', 91));
  hub.countSecrets = () => 2;
  assert.equal((await audit(contextOf(t, hub))).exitCode, 1);
});

test('a first page that does not come says why, and nothing is concluded', async (t) => {
  const hub = await startGitHub(t);
  hub.secrets.set(PLACE, made(1));
  const cases = [
    [{ status: 429, body: {} }, 'GITHUB_LIMITED', 3],
    [{ status: 403, body: {}, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' } }, 'GITHUB_LIMITED', 3],
    [{ status: 301, body: {} }, 'GITHUB_BAD_ANSWER', 3],
    [{ status: 500, body: { message: '\u001b[31mboom\n' } }, 'GITHUB_BAD_ANSWER', 3],
    [{ status: 200, body: [] }, 'GITHUB_BAD_ANSWER', 3],
    [{ status: 200, body: { secrets: [] } }, 'GITHUB_BAD_ANSWER', 3],
    [
      { status: 200, body: { total_count: 1, secrets: [{ name: '<script>', updated_at: '2026-01-01T00:00:00Z' }] } },
      'GITHUB_BAD_ANSWER',
      3,
    ],
  ] as const;
  for (const [reply, code, exitCode] of cases) {
    hub.mischief = at(LISTING, (response) => send(response, reply));
    const error = await refusal(contextOf(t, hub));
    assert.deepEqual([error.code, error.exitCode], [code, exitCode], JSON.stringify(reply));
    assert.equal(error.message, visible(error.message));
    assert.doesNotMatch(error.message, /script/);
  }
});

test('a listing without end is left, and is not whole', async (t) => {
  const hub = await startGitHub(t);
  const next = { link: `<${hub.url}/x>; rel="next"` };
  hub.mischief = at(LISTING, (response) => send(response, { status: 200, body: { total_count: 0, secrets: [] }, headers: next }));
  const { exitCode } = await audit(contextOf(t, hub));
  assert.deepEqual([exitCode, hub.seen.length], [3, 50]);
});

test('what the organization shares is not missing, and is looked for only where something is', async (t) => {
  const hub = await startGitHub(t);
  const shared = `${PLACE}/actions/organization-secrets`;
  hub.secrets.set(PLACE, made(1));
  const context = contextOf(t, hub);
  write(context.directory, { '.github/workflows/a.yml': 'a: ${{ secrets.S_0 }}' });
  assert.equal((await audit(context)).exitCode, 0);
  assert.equal(hub.seen.length, 1);
  write(context.directory, { '.github/workflows/a.yml': 'a: ${{ secrets.S_0 }} ${{ secrets.ORG_119 }} ${{ secrets.NOWHERE }}' });
  assert.deepEqual(of((await audit(context)).findings, 'fail'), ['NOWHERE SECRET_MISSING', 'ORG_119 SECRET_MISSING']);
  hub.secrets.set(shared, made(120, 'ORG'));
  const { findings, data } = await audit(context);
  assert.deepEqual(of(findings, 'fail'), ['NOWHERE SECRET_MISSING']);
  assert.deepEqual(
    data.secrets.map(({ name }) => name),
    ['S_0'],
  );
});

test('no secrets at all is unknown', async (t) => {
  const hub = await startGitHub(t);
  hub.secrets.set(PLACE, []);
  assert.equal((await audit(contextOf(t, hub))).exitCode, 3);
});

test('those of an environment and of an organization have places of their own, where no workflow here is asked', async (t) => {
  const hub = await startGitHub(t);
  hub.secrets.set(`${PLACE}/environments/a/b`, made(1));
  hub.secrets.set('orgs/acme', made(1));
  hub.secrets.set('repos/x/y', made(1));
  const context = contextOf(t, hub);
  write(context.directory, { '.github/workflows/a.yml': 'a: ${{ secrets.ELSEWHERE }}' });
  for (const asked of [{ org: 'acme' }, { repo: 'x/y' }])
    assert.deepEqual([(await audit(context, asked)).exitCode], [0], JSON.stringify(asked));
  hub.secrets.set(`${PLACE}/environments/pro duction`, made(1));
  for (const environment of ['a/b', 'pro duction']) assert.equal((await audit(context, { environment })).exitCode, 0, environment);
});

test('a listing that somebody else made is judged as that of the API, and leaves GitHub alone', async (t) => {
  const hub = await startGitHub(t);
  const context = contextOf(t, hub);
  write(context.directory, {
    'listing.json': JSON.stringify(made(2, 'OLD', 91).map(({ name, updatedAt }) => ({ name, updatedAt }))),
    'api.json': JSON.stringify({ total_count: 2, secrets: [{ name: 'A', updated_at: '2026-11-20T00:00:00Z' }] }),
    'wrong.json': '[{"name":"A","value":"hunter2"}]',
    'broken.json': '[{"name":"A",\n"updatedAt":hunter2}]',
    'empty.json': '',
  });
  assert.deepEqual(of((await audit(context, { listing: 'listing.json' })).findings, 'fail').length, 2);
  assert.equal((await audit(context, { listing: 'api.json' })).exitCode, 3, 'one of two is not whole');
  for (const listing of ['wrong.json', 'broken.json', 'empty.json']) {
    const error = await refusal(context, { listing });
    assert.deepEqual([error.code, error.exitCode], ['SECRETS_LISTING_INVALID', 2]);
    assert.doesNotMatch(error.message, /hunter2/);
  }
  assert.equal((await refusal(context, { listing: 'absent.json' })).code, 'INPUT_UNREADABLE');
  assert.equal(hub.seen.length, 0);
});
