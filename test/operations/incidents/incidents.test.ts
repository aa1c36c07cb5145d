import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Context } from '../../../src/context.ts';
import { SophiaError } from '../../../src/errors.ts';
import { writeIncidents } from '../../../src/operations/incidents/incidents.ts';
import type { ServiceData } from '../../../src/operations/run-data.ts';
import type { Finding, JsonObject, Verdict } from '../../../src/outcome.ts';
import { recordRun } from '../../../src/proof/recording/record.ts';
import { contextFor } from '../../fakes/context.ts';
import { at, send, startGitHub, TOKEN, type FakeGitHub, type Mischief } from '../../fakes/github/github.ts';
import { addIssue, issuesOf, type FakeIssue } from '../../fakes/github/issues.ts';

const BEGIN = Date.UTC(2026, 10, 1, 3);
const DAY = 86_400_000;

interface Night {
  /** Of the service `api`. */
  readonly verdict: Verdict;
  readonly reason?: string;
  readonly kind?: 'smoke' | 'deployment';
  readonly others?: Readonly<Record<string, Verdict>>;
}

/** Nights one after the other, each with its proof, as a workflow would run them. */
class Nights {
  readonly context: Context;
  readonly hub: FakeGitHub;
  #nowMs = BEGIN - DAY;

  constructor(t: TestContext, hub: FakeGitHub, env: Readonly<Record<string, string>> = {}) {
    this.hub = hub;
    const clock = { now: () => this.#nowMs };
    this.context = contextFor(t, { clock, env: { GITHUB_API_URL: hub.url, GITHUB_TOKEN: TOKEN, GITHUB_REPOSITORY: 'o/r', ...env } });
  }

  async pass(night: Night | Verdict): Promise<readonly Finding[]> {
    this.#nowMs += DAY;
    const { verdict, reason = 'as it is', kind = 'smoke', others = {} } = typeof night === 'string' ? { verdict: night } : night;
    const verdicts = Object.entries({ api: verdict, ...others });
    const services = verdicts.map(([id, each]): ServiceData => ({ id, verdict: each, code: codeOf(each), commit: null, healthz: null }));
    const findings = verdicts.map(([target, each]): Finding => ({ check: 'health', target, verdict: each, reason }));
    const startedAt = new Date(this.#nowMs).toISOString();
    const said = await writeIncidents(this.context, { kind, startedAt, services, findings, after: 2, labels: ['incident'] });
    await recordRun(this.context, { kind, command: kind, argv: [] }, ({ record }) => {
      for (const finding of findings) record.find(finding);
      record.data({ services: services as unknown as readonly JsonObject[], samples: [] });
    });
    return said;
  }

  get issues(): readonly FakeIssue[] {
    return issuesOf(this.hub, 'o/r');
  }
}

function codeOf(verdict: Verdict): string | null {
  return verdict === 'fail' ? 'HTTP_STATUS' : null;
}

function shown(issues: readonly FakeIssue[]): readonly string[] {
  return issues.map(({ number, state, comments }) => `#${number} ${state} ${comments.length}`);
}

async function begin(t: TestContext, env: Readonly<Record<string, string>> = {}): Promise<Nights> {
  return new Nights(t, await startGitHub(t), env);
}

test('two nights open one issue, the third edits it, a healthy one closes it with the duration', async (t) => {
  const nights = await begin(t);
  assert.deepEqual(await nights.pass('fail'), []);
  assert.equal(nights.issues.length, 0);
  await nights.pass('fail');
  assert.deepEqual(shown(nights.issues), ['#1 open 0']);
  const [issue] = nights.issues;
  assert.deepEqual(issue?.labels, ['incident']);
  assert.equal(issue?.title, 'Incident: api is not healthy');
  const second = issue?.body;
  await nights.pass('fail');
  assert.deepEqual(shown(nights.issues), ['#1 open 0']);
  assert.notEqual(issue?.body, second);
  assert.match(issue?.body ?? '', /since the run at 2026-11-01T03:00:00\.000Z, 3 runs in a row/);
  assert.match(issue?.body ?? '', /proofs\/smoke\/2026\/11\/02\//);
  assert.deepEqual(await nights.pass('pass'), []);
  assert.deepEqual(shown(nights.issues), ['#1 closed 1']);
  assert.match(
    issue?.comments[0] ?? '',
    /not healthy for \*\*3 d 0 h\*\*: from the run at 2026-11-01T03:00:00\.000Z to the one at 2026-11-04/,
  );
  assert.match(issue?.body ?? '', /3 d 0 h/);
  assert.equal(issue?.stateReason, 'completed');
});

test('flaky and warned is healthy, unknown and blocked is not, and each change of state is one comment', async (t) => {
  const nights = await begin(t);
  for (const verdict of ['unknown', 'warn', 'blocked', 'flaky', 'unknown', 'skipped', 'fail'] as const) await nights.pass(verdict);
  assert.deepEqual(shown(nights.issues), ['#1 open 0'], 'a run that skipped the service says nothing of it');
  for (const verdict of ['fail', 'unknown', 'unknown', 'fail'] as const) await nights.pass(verdict);
  assert.deepEqual(shown(nights.issues), ['#1 open 2']);
  assert.match(nights.issues[0]?.comments[0] ?? '', /from `fail` \(`HTTP_STATUS`\) to `unknown`/);
});

test('each service has its own issue, and runs after a deploy count as well', async (t) => {
  const nights = await begin(t);
  await nights.pass({ verdict: 'fail', kind: 'deployment', others: { web: 'pass' } });
  await nights.pass({ verdict: 'fail', others: { web: 'fail' } });
  await nights.pass({ verdict: 'pass', others: { web: 'fail' } });
  assert.deepEqual(
    nights.issues.map(({ title, state }) => `${state} ${title}`),
    ['closed Incident: api is not healthy', 'open Incident: web is not healthy'],
  );
});

test('an issue is found among many others, on whichever page, and pull requests are none', async (t) => {
  const nights = await begin(t);
  await nights.pass('fail');
  for (let number = 0; number < 230; number += 1) addIssue(nights.hub, 'o/r', { labels: ['incident'], isPullRequest: number % 2 === 0 });
  await nights.pass('fail');
  await nights.pass('fail');
  await nights.pass('pass');
  assert.equal(nights.issues.length, 231);
  assert.deepEqual(shown(nights.issues.slice(-1)), ['#231 closed 1']);
});

test('of two runs that opened an issue at once, the lower number stays and the other is closed with a note', async (t) => {
  const hub = await startGitHub(t);
  const [one, other] = [new Nights(t, hub), new Nights(t, hub)];
  for (const nights of [one, other]) await nights.pass('fail');
  await Promise.all([one.pass('fail'), other.pass('fail')]);
  const states = one.issues.map(({ state }) => state);
  assert.deepEqual(states.filter((state) => state === 'open').length, 1);
  assert.equal(states[0], 'open');
  await one.pass('fail');
  assert.equal(one.issues[0]?.state, 'open');
  assert.ok(one.issues.length <= 2);
});

test('where two are open after all, the next run closes the younger one', async (t) => {
  const nights = await begin(t);
  await nights.pass('fail');
  await nights.pass('fail');
  addIssue(nights.hub, 'o/r', { body: nights.issues[0]!.body, labels: ['incident'] });
  await nights.pass('fail');
  assert.deepEqual(shown(nights.issues), ['#1 open 0', '#2 closed 1']);
  assert.match(nights.issues[1]?.comments[0] ?? '', /#1 goes on/);
  assert.equal(nights.issues[1]?.stateReason, 'not_planned');
});

test('a stranger cannot take an incident over by copying its mark', async (t) => {
  const nights = await begin(t);
  await nights.pass('fail');
  await nights.pass('fail');
  const { body } = nights.issues[0]!;
  const copied = { ...issueJson(body), number: 0, author_association: 'NONE', user: { login: 'x', type: 'User' } };
  const ours = { ...issueJson(body), number: 1, author_association: 'NONE', user: { login: 'y[bot]', type: 'Bot' } };
  nights.hub.mischief = at('GET /repos/o/r/issues', (response) => send(response, { status: 200, body: [copied, ours] }));
  await nights.pass('pass');
  assert.deepEqual(shown(nights.issues), ['#1 closed 1']);
});

test('a person who wrote something above the mark has not made another incident of it', async (t) => {
  const nights = await begin(t);
  await nights.pass('fail');
  await nights.pass('fail');
  nights.issues[0]!.body = `It is the database.\r\n\r\n${nights.issues[0]!.body.replaceAll('\n', '\r\n')}`;
  await nights.pass('fail');
  await nights.pass('pass');
  assert.deepEqual(shown(nights.issues), ['#1 closed 1']);
});

test('words of strangers are shown as they are: no mention, no link, no HTML, no line of their own, no end', async (t) => {
  const nights = await begin(t);
  const reason = `</details><img src=x> @everyone #1 [x](http://evil.invalid) \`code\` | -->\n# heading\u001b[31m${'x'.repeat(5000)}`;
  await nights.pass({ verdict: 'fail', reason });
  await nights.pass({ verdict: 'fail', reason });
  const { body } = nights.issues[0]!;
  const item = body.split('\n').find((line) => line.includes('@everyone'))!;
  assert.match(item, /^- `health` fail: ``\s.*\s``$/, 'all of it is one code span, fenced longer than what is in it');
  assert.doesNotMatch(body, /^# heading/m);
  assert.ok(!body.includes('\u001b') && body.length < 2000);
});

test('a secret of the environment does not get into an issue', async (t) => {
  const nights = await begin(t, { API_TOKEN: 'hunter2hunter2hunter2' });
  for (const verdict of ['fail', 'fail'] as const) await nights.pass({ verdict, reason: 'it said hunter2hunter2hunter2' });
  assert.doesNotMatch(JSON.stringify(nights.hub.seen.map(({ body }) => body)), /hunter2/);
  assert.match(nights.issues[0]!.body, /it said/);
});

test('without a token or a repository it says what to set', async (t) => {
  const nights = await begin(t, { GITHUB_TOKEN: '', GITHUB_REPOSITORY: '' });
  const [finding, ...rest] = await nights.pass('fail');
  assert.deepEqual([finding?.verdict, finding?.code, finding?.target, rest.length], ['warn', 'INCIDENT_NOT_WRITTEN', 'run', 0]);
  assert.match(finding?.reason ?? '', /GITHUB_REPOSITORY and GITHUB_TOKEN/);
  assert.equal(nights.hub.seen.length, 0);
});

test('whatever GitHub does, the run has a warning and no error, and nothing is opened twice', async (t) => {
  const nights = await begin(t);
  await nights.pass('fail');
  const list = 'GET /repos/o/r/issues';
  const faults: Readonly<Record<string, Mischief>> = {
    'no answer': at(list, (response) => response.destroy()),
    'a page for people': at(list, (response) => response.writeHead(200).end('<html>')),
    'a wrong shape': at(list, (response) => send(response, { status: 200, body: { message: 'so' } })),
    'no right': at(list, (response) => send(response, { status: 403, body: { message: 'Resource not accessible' } })),
    'a limit': at(list, (response) => send(response, { status: 429, body: {} })),
    'a second page that fails': (seen, response) => {
      if (seen.line !== list) return false;
      const link = { link: `<${nights.hub.url}>; rel="next"` };
      if (seen.query.get('page') === '1') send(response, { status: 200, body: [], headers: link });
      else send(response, { status: 502, body: null });
      return true;
    },
    'no end of pages': at(list, (response) => send(response, { status: 200, body: [], headers: { link: '<x>; rel="next"' } })),
    'refused when written': at('POST', (response) => send(response, { status: 422, body: { message: 'Validation Failed' } })),
    'gone when written': at('POST', (response) => send(response, { status: 410, body: { message: 'Issues are disabled for this repo' } })),
  };
  for (const [name, mischief] of Object.entries(faults)) {
    nights.hub.mischief = mischief;
    const findings = await nights.pass('fail');
    assert.deepEqual(
      findings.map(({ verdict, code }) => `${verdict} ${code}`),
      ['warn INCIDENT_NOT_WRITTEN'],
      name,
    );
    assert.doesNotMatch(JSON.stringify(findings), /ghs_/, name);
  }
  nights.hub.mischief = null;
  assert.equal(nights.issues.length, 0);
  assert.deepEqual(await nights.pass('fail'), []);
  assert.deepEqual(shown(nights.issues), ['#1 open 0'], 'what could not be opened before is opened now');
});

test('a service that GitHub refuses does not keep the others from being written, unless it refuses all', async (t) => {
  const nights = await begin(t);
  const night: Night = { verdict: 'fail', others: { web: 'fail' } };
  await nights.pass(night);
  nights.hub.mischief = at('POST', (response) => send(response, { status: 422, body: {} }), 1);
  assert.deepEqual(
    (await nights.pass(night)).map(({ check }) => check),
    ['incident.api'],
  );
  assert.deepEqual(
    nights.issues.map(({ title }) => title),
    ['Incident: web is not healthy'],
  );
  nights.hub.mischief = at('P', (response) => send(response, { status: 403, body: {} }));
  const before = nights.hub.seen.length;
  assert.equal((await nights.pass(night)).length, 1);
  assert.equal(nights.hub.seen.length - before, 2, 'the list, and one try');
});

test('an issue that came to be without its labels is closed again, because no run would find it', async (t) => {
  const nights = await begin(t);
  await nights.pass('fail');
  nights.hub.mischief = at('POST /repos/o/r/issues', (response) => {
    const { number } = addIssue(nights.hub, 'o/r', {});
    send(response, { status: 201, body: { number, labels: [], author_association: 'NONE', user: { login: 'x', type: 'User' } } });
  });
  const [finding] = await nights.pass('fail');
  assert.match(finding?.reason ?? '', /left out the labels, so #1 was closed again/);
  assert.deepEqual(shown(nights.issues), ['#1 closed 0']);
});

test('an incident whose closing failed is closed by the next run, with the duration it had', async (t) => {
  const nights = await begin(t);
  await nights.pass('fail');
  await nights.pass('fail');
  nights.hub.mischief = at('PATCH', (response) => send(response, { status: 502, body: null }));
  assert.equal((await nights.pass('pass')).length, 1);
  nights.hub.mischief = null;
  await nights.pass('pass');
  assert.match(nights.issues[0]?.comments[0] ?? '', /2 d 0 h/);
});

test('an issue that no proof accounts for is closed, and nothing is made up', async (t) => {
  const nights = await begin(t);
  await nights.pass('fail');
  await nights.pass('fail');
  const later = new Nights(t, nights.hub);
  await later.pass('pass');
  assert.deepEqual(shown(nights.issues), ['#1 closed 1']);
  assert.match(nights.issues[0]?.comments[0] ?? '', /cannot be told/);
});

test('an interrupted run is over, and that is no warning', async (t) => {
  const hub = await startGitHub(t);
  const stop = new AbortController();
  const reason = new SophiaError('INTERRUPTED', { signal: 'SIGINT' });
  hub.mischief = at('GET', () => stop.abort(reason));
  const env = { GITHUB_API_URL: hub.url, GITHUB_TOKEN: TOKEN, GITHUB_REPOSITORY: 'o/r' };
  const context = contextFor(t, { env, signal: stop.signal });
  const request = { kind: 'smoke', startedAt: new Date(BEGIN).toISOString(), services: [], findings: [], after: 2, labels: [] } as const;
  await assert.rejects(writeIncidents(context, request), reason);
});

function issueJson(body: string): JsonObject {
  return { title: 'x', body, state: 'open' };
}
