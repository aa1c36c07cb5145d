import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Question } from '../../src/answer.ts';
import type { Inquiry, Unaskable } from '../../src/checks/inquiry.ts';
import { judgePlace } from '../../src/checks/judge.ts';
import { keyOf, nameOf, type Place } from '../../src/checks/plan.ts';
import { planOf, type PlanRequest } from '../../src/checks/planning.ts';
import type { CheckEntry, Service, VersionRule } from '../../src/checks/service.ts';
import { DEFAULTS, operations, service } from './answers.ts';

const VERSION: VersionRule = { path: '/healthz', from: { at: '$.commit' }, equals: null, samples: 3 };
const METRICS = {
  path: '/metrics',
  format: 'auto',
  names: { requests: 'requests_total', errors: 'errors_total', latency: 'request_duration_seconds' },
} as const;

function request(services: readonly Service[], parts: Partial<PlanRequest> = {}): PlanRequest {
  return {
    operations: operations(services),
    services: services.map(({ id }) => id),
    env: {},
    expectedCommit: null,
    isDeploy: false,
    nowMs: 0,
    fileText: (path) => `text of ${path}`,
    locate: () => null,
    ...parts,
  };
}

function plan(services: readonly Service[], parts: Partial<PlanRequest> = {}): readonly Place[] {
  return planOf(request(services, parts)).places;
}

function namesOf(places: readonly Place[]): readonly string[] {
  return places.map((place) => `${place.target}/${place.check}`);
}

function check(id: string, parts: Partial<CheckEntry> = {}): CheckEntry {
  return { id, kind: 'http', entry: { get: '/' }, needs: [], skip: null, ...parts };
}

async function inquire(
  places: readonly Place[],
  name: string,
  captured: Readonly<Record<string, string>> = {},
): Promise<Inquiry | Unaskable> {
  return await places.find((place) => place.check === name)!.inquire(captured);
}

async function lackOf(places: readonly Place[], name: string): Promise<Unaskable> {
  const inquiry = await inquire(places, name);
  assert.ok('code' in inquiry, `${name} can be asked`);
  return inquiry;
}

async function questionsOf(
  places: readonly Place[],
  name: string,
  captured?: Readonly<Record<string, string>>,
): Promise<readonly Question[]> {
  const inquiry = await inquire(places, name, captured);
  assert.ok('asks' in inquiry, JSON.stringify(inquiry));
  return inquiry.asks.map(({ question }) => question);
}

function urlsOf(questions: readonly Question[]): readonly (string | undefined)[] {
  return questions.map((question) => ('url' in question ? question.url : undefined));
}

suite('the plan', () => {
  test('has a place for each check of each service, in the order in which they are asked', () => {
    const one = service({
      id: 'one',
      url: 'https://one.example',
      version: VERSION,
      metrics: METRICS,
      checks: [check('tree'), check('port')],
    });
    assert.deepEqual(namesOf(plan([one, service({ id: 'two' })])), [
      'one/version',
      'one/health',
      'one/tree',
      'one/port',
      'one/metrics',
      'one/tls',
      'two/health',
    ]);
  });

  test('has those services that are asked for', () => {
    const services = [service({ id: 'one' }), service({ id: 'two' })];
    assert.deepEqual(namesOf(plan(services, { services: ['two', 'three'] })), ['two/health']);
    assert.deepEqual(plan(services, { services: [] }), []);
  });

  test('has a place for a service of which nothing can be asked, and that place is unknown', async () => {
    const places = plan([service({ url: null, health: null })]);
    assert.deepEqual(namesOf(places), ['app/health']);
    const why = await lackOf(places, 'health');
    assert.equal(why.code, 'NOTHING_TO_CHECK');
    assert.equal(judgePlace(places[0]!, { kind: 'unaskable', why }, () => true).verdict, 'unknown');
  });

  test('says of each place which line asks for it', () => {
    const locate = (pointer: string): Place['location'] => ({ file: pointer, line: 1, column: 1 });
    const one = service({ url: 'https://one.example', version: VERSION, metrics: METRICS, checks: [check('tree'), check('port')] });
    assert.deepEqual(
      plan([one], { locate }).map(({ location }) => location?.file),
      ['/app/version', '/app/health', '/app/checks/0', '/app/checks/1', '/app/metrics', '/app/tls'],
    );
    assert.equal(plan([service()], { locate, isDeploy: true })[0]?.location?.file, '/app');
  });

  test('leaves out what the configuration says, with its reason', () => {
    const services = [
      service({ id: 'gone', skip: 'retired', checks: [check('tree', { skip: 'broken' })] }),
      service({ checks: [check('tree', { skip: 'broken' })] }),
    ];
    assert.deepEqual(
      plan(services).map(({ target, check: name, skip }) => [target, name, skip]),
      [
        ['gone', 'health', 'retired'],
        ['gone', 'tree', 'retired'],
        ['app', 'health', null],
        ['app', 'tree', 'broken'],
      ],
    );
  });

  test('gives every place the retries of the file', () => {
    assert.deepEqual(plan([service()])[0]?.retries, DEFAULTS.retries);
  });

  test('refuses a kind of check that is not there, which the reader of the file lets nobody write', () => {
    assert.throws(() => plan([service({ checks: [check('tree', { kind: 'telepathy' })] })]), /no check of the kind telepathy/);
  });
});

suite('what a place needs', () => {
  const database = service({ id: 'database' });

  test('is, for every place of a service, the health of the services that it needs', () => {
    const needs = [keyOf({ target: 'database', check: 'health' })];
    const places = plan([database, service({ needs: ['database'], metrics: METRICS })]);
    assert.deepEqual(
      places.map((place) => place.needs),
      [[], needs, needs],
    );
  });

  test('is every check of a service that has no health to ask for', () => {
    const port = service({ id: 'database', url: null, health: null, checks: [check('port'), check('name')] });
    const { needs } = plan([port, service({ needs: ['database'] })]).at(-1)!;
    assert.deepEqual(needs.map(nameOf), ['port of database', 'name of database']);
  });

  test('is not what is not in the plan', () => {
    const services = [database, service({ needs: ['database'] })];
    assert.deepEqual(plan(services, { services: ['app'] })[0]?.needs, []);
  });

  test('is what a check names in its own service, and its own health is not among it', () => {
    const places = plan([database, service({ needs: ['database'], checks: [check('login'), check('profile', { needs: ['login'] })] })]);
    assert.deepEqual(places.at(-1)?.needs.map(nameOf), ['health of database', 'login of app']);
    assert.deepEqual(places.at(-2)?.needs.map(nameOf), ['health of database']);
  });
});

suite('the version', () => {
  test('is expected to be the commit of the run, or what the file says', async () => {
    const expected = async (equals: string | null, parts: Partial<PlanRequest>): Promise<unknown> => {
      const [place] = plan([service({ version: { ...VERSION, equals } })], parts);
      const inquiry = await place!.inquire({});
      assert.ok('asks' in inquiry);
      return inquiry.together?.([answerOf('abcdef1')])[0]?.code ?? 'right';
    };
    assert.equal(await expected(null, { expectedCommit: 'abcdef1' }), 'right');
    assert.equal(await expected(null, { expectedCommit: '1234567' }), 'VERSION_OLD');
    assert.equal(await expected(null, {}), 'VERSION_NO_EXPECTATION');
    assert.equal(await expected('${deploy.sha}', { expectedCommit: 'abcdef1' }), 'right');
    assert.equal(await expected('${deploy.sha}', {}), 'VERSION_NO_EXPECTATION');
    assert.equal(await expected('${env.RELEASE}', { env: { RELEASE: 'abcdef1' } }), 'right');
    assert.equal(await expected('1234567', { expectedCommit: 'abcdef1' }), 'VERSION_OLD');
  });

  test('cannot be asked where the variable that says it is not set', async () => {
    const { code } = await lackOf(plan([service({ version: { ...VERSION, equals: '${env.RELEASE}' } })]), 'version');
    assert.equal(code, 'ENV_MISSING');
  });

  test('is missed after a deploy, for a service that has none, and not otherwise', async () => {
    const places = plan([service()], { isDeploy: true });
    assert.deepEqual(namesOf(places), ['app/version', 'app/health']);
    const inquiry = await inquire(places, 'version');
    assert.ok('asks' in inquiry);
    assert.deepEqual([inquiry.asks, inquiry.together?.([])[0]?.code], [[], 'VERSION_NOT_CONFIGURED']);
    assert.deepEqual(namesOf(plan([service()])), ['app/health']);
  });

  function answerOf(commit: string): NonNullable<Parameters<NonNullable<Inquiry['together']>>[0][number]> {
    const body = new TextEncoder().encode(JSON.stringify({ commit }));
    const times = { dnsMs: null, connectMs: null, tlsMs: null, ttfbMs: null, bodyMs: null, totalMs: 1 };
    return {
      at: '',
      phases: times,
      trouble: null,
      addresses: [],
      http: { status: 200, headers: {}, body },
      certificate: null,
      records: null,
    };
  }
});

suite('the certificate', () => {
  test('is looked at where the url is https, at its port', async () => {
    const [question] = await questionsOf(
      plan([service({ url: 'https://[::1]:8443/x', tls: { minDays: 7, warnDays: 21, ca: 'ca.pem' } })]),
      'tls',
    );
    assert.ok(question?.kind === 'tls');
    assert.deepEqual([question.host, question.port, question.ca], ['::1', 8443, 'text of ca.pem']);
    const [usual] = await questionsOf(plan([service({ url: 'https://one.example' })]), 'tls');
    assert.equal(usual?.kind === 'tls' && usual.port, 443);
  });

  test('is not looked at where the url is http, whoever said so', () => {
    assert.deepEqual(namesOf(plan([service({ url: 'http://127.0.0.1' })])), ['app/health']);
    assert.deepEqual(namesOf(plan([service({ url: '${env.URL}' })], { env: { URL: 'http://127.0.0.1' } })), ['app/health']);
    assert.deepEqual(namesOf(plan([service({ url: '${env.URL}' })], { env: { URL: 'https://x.example' } })), ['app/health', 'app/tls']);
  });

  test('keeps its place where nobody knows yet what the url is', async () => {
    const places = plan([service({ url: '${env.URL}' })]);
    assert.deepEqual(namesOf(places), ['app/health', 'app/tls']);
    assert.equal((await lackOf(places, 'tls')).code, 'ENV_MISSING');
  });
});

suite('variables', () => {
  test('are filled in when a place is asked', async () => {
    const one = service({ url: 'http://${env.HOST}:80', health: { ...service().health!, path: '/healthz/${env.TENANT}' } });
    const places = plan([one], { env: { HOST: '127.0.0.1', TENANT: 'acme' } });
    assert.deepEqual(urlsOf(await questionsOf(places, 'health')), ['http://127.0.0.1/healthz/acme']);
  });

  test('that are not set make their own check unknown, with what to do, and no other', async () => {
    const places = plan([service({ checks: [check('tree', { entry: { get: '/${env.ID}' } }), check('other')] })]);
    const why = await lackOf(places, 'tree');
    assert.equal(why.code, 'ENV_MISSING');
    assert.match(why.reason, /the variable ID is not set.*GitHub.*Settings → Secrets → Actions/);
    assert.deepEqual(urlsOf(await questionsOf(places, 'other')), ['http://127.0.0.1:8080/']);
    assert.deepEqual(urlsOf(await questionsOf(places, 'health')), ['http://127.0.0.1:8080/healthz']);
  });

  test('that are empty are not set', async () => {
    assert.equal((await lackOf(plan([service({ url: 'https://${env.HOST}' })], { env: { HOST: '' } }), 'health')).code, 'ENV_MISSING');
  });

  test('of what earlier checks captured are filled in, and missed where they captured nothing', async () => {
    const places = plan([service({ checks: [check('first'), check('second', { needs: ['first'], entry: { get: '/${capture.id}' } })] })]);
    assert.deepEqual(urlsOf(await questionsOf(places, 'second', { id: 'seven' })), ['http://127.0.0.1:8080/seven']);
    const { code, reason } = await lackOf(places, 'second');
    assert.deepEqual([code, reason], ['BODY_FIELD_MISSING', 'no check that this one needs has captured `id`']);
  });

  test('of an origin are missed by the checks that speak of it, and by no others', async () => {
    const cors = check('cors', { kind: 'cors', entry: { cors: { path: '/', origin: 'page' } } });
    const one = service({ checks: [cors, check('tree')] });
    const given = {
      ...request([one]),
      operations: operations([one], { origins: { page: '${env.PAGE}', other: 'https://other.example' } }),
    };
    const { places } = planOf(given);
    assert.equal((await lackOf(places, 'cors')).code, 'ENV_MISSING');
    assert.equal((await questionsOf(places, 'tree')).length, 1);
    const set = planOf({ ...given, env: { PAGE: 'https://page.example' } }).places;
    const [preflight] = await questionsOf(set, 'cors');
    assert.equal(preflight?.kind === 'http' && preflight.headers['origin'], 'https://page.example');
  });

  test('that make no address of the url make the check unknown, without saying what they hold', async () => {
    const plain = ['garbage', 'ftp://one.example', 'http://', 'http://one.example', 'javascript:alert(1)', '${env.X}', 'http://${'];
    for (const url of [...plain, 'https://joe:hunter2@one.example', 'https://one.example/?key=hunter2', 'https://one.example/#top']) {
      const places = plan([service({ url: '${env.URL}', checks: [check('tree')] })], { env: { URL: url } });
      for (const name of ['health', 'tree']) {
        const { code, reason } = await lackOf(places, name);
        assert.equal(code, 'ENV_MISSING', url);
        assert.ok(!reason.includes(url), reason);
      }
    }
  });

  test('may make a plain address of another machine where the file says why that is right', async () => {
    const places = plan([service({ url: '${env.URL}', insecure: 'our own cable' })], { env: { URL: 'http://one.example' } });
    assert.deepEqual(urlsOf(await questionsOf(places, 'health')), ['http://one.example/healthz']);
  });

  test('never lead a path to another host', async () => {
    for (const path of ['//evil.example', '@evil.example', '.evil.example', '/\\evil.example', '\t//evil.example', '?@evil.example']) {
      const one = service({ url: 'https://app.example', health: { ...service().health!, path: '${env.PATH}' } });
      const [url] = urlsOf(await questionsOf(plan([one], { env: { PATH: path } }), 'health'));
      assert.equal(new URL(url!).host, 'app.example', path);
    }
  });
});
