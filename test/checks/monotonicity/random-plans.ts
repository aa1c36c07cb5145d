// Services of all sorts, and servers that answer right with a given share of luck.
import type { Answer, HttpQuestion, Question } from '../../../src/answer.ts';
import type { Ask } from '../../../src/checks/inquiry.ts';
import type { PlanRequest } from '../../../src/checks/planning.ts';
import { mayRetry } from '../../../src/checks/retry.ts';
import type { CheckEntry, Service } from '../../../src/checks/service.ts';
import { DEFAULT_NAMES } from '../../../src/metrics/reading.ts';
import { answer, operations, phases, reply, service, trouble } from '../answers.ts';
import type { Dice } from './dice.ts';

const NEW = 'c0ffee0123456789c0ffee0123456789c0ffee01';
const OLD = '0ddba110123456789c0ffee0123456789c0ffee0';
const NOW_MS = Date.UTC(2026, 10, 22);

/** All expect that something is there. An expectation of absence (`absent`, `lacks`, `exists: false`) is met by taking away: that is its meaning. */
const ENTRIES: readonly Omit<CheckEntry, 'id' | 'needs' | 'skip'>[] = [
  { kind: 'http', entry: { get: '/tree' } },
  {
    kind: 'http',
    entry: {
      get: '/tree',
      expect: {
        json: {
          '$.n': { type: 'integer', min: 1 },
          '$.name': 'tree',
          '$.list': { type: 'array', min_items: 1 },
          '$.deep.at': { newer_than: '36h' },
        },
      },
      capture: { name: '$.name' },
    },
  },
  { kind: 'http', entry: { get: '/${capture.name}', expect: { text: { contains: ['tree'] }, type: 'application/json' } } },
  { kind: 'http', entry: { head: '/tree', expect: { headers: { 'cache-control': 'no-store' } } } },
  { kind: 'http', entry: { get: '/slow', expect: { time: { total: '2s', ttfb: '1s' } } } },
  { kind: 'http', entry: { post: '/v1', body: { json: { q: 'test' } }, expect: { status: [200, 503] } } },
  { kind: 'http', entry: { get: '/login', expect: { redirect: '/signin' } } },
  { kind: 'cors', entry: { cors: { path: '/tree', origin: 'page', method: 'POST', headers: ['content-type'], credentials: true } } },
  { kind: 'tcp', entry: { tcp: 'db.example:5432' } },
  { kind: 'dns', entry: { dns: { name: 'app.example', type: 'A', includes: ['203.0.113.7'] } } },
  { kind: 'tls', entry: { tls: { host: 'app.example' } } },
];

export function randomRequest(dice: Dice): PlanRequest {
  const ids = ['a', 'b', 'c'].slice(0, dice.pick([1, 1, 2, 3]));
  const services = ids.map((id, index) => randomService(dice, id, ids.slice(0, index)));
  return {
    operations: operations(services, { origins: { page: 'https://page.example' } }),
    services: ids,
    env: dice.isLucky(0.97) ? { URL: 'https://env.example' } : {},
    expectedCommit: dice.isLucky(0.95) ? NEW : null,
    isDeploy: dice.isLucky(0.3),
    nowMs: NOW_MS,
    fileText: () => '',
    locate: () => null,
  };
}

function randomService(dice: Dice, id: string, earlier: readonly string[]): Service {
  const entries = dice.some(ENTRIES, 0.2).map((entry, index) => ({ ...entry, id: `check-${index}` }));
  return service({
    id,
    url: dice.pick([`https://${id}.example`, 'http://127.0.0.1:8080', '${env.URL}']),
    version: dice.pick([
      null,
      { path: '/v', from: { at: '$.commit' }, equals: null, samples: 1 + dice.below(3) },
      { path: '/v', from: { header: 'x-commit' }, equals: '${deploy.sha}', samples: 1 + dice.below(3) },
    ]),
    metrics: dice.pick([null, null, { path: '/metrics', format: dice.pick(['auto', 'sophia-json', 'openmetrics']), names: DEFAULT_NAMES }]),
    needs: dice.some(earlier, 0.3),
    skip: dice.isLucky(0.03) ? 'not now' : null,
    checks: entries.map((entry, index) => ({
      ...entry,
      needs: dice.some(entries.slice(0, index), entry.entry['get'] === '/${capture.name}' ? 0.9 : 0.2).map((other) => other.id),
      skip: dice.isLucky(0.05) ? 'not now' : null,
    })),
  });
}

/** As many attempts as the rules grant. */
export function randomAttempts(dice: Dice, ask: Ask, luck: number): readonly Answer[] {
  const attempts: Answer[] = [];
  for (;;) {
    const given = dice.isLucky(luck) ? rightAnswer(ask.question) : wrongAnswer(dice, ask.question);
    attempts.push(given);
    if (mayRetry({ ask, answer: given, attempt: attempts.length, retries: { network: 2, backoffMs: [1, 1] } }) === null) return attempts;
  }
}

const DOCUMENT = {
  status: 'ok',
  commit: NEW,
  n: 3,
  name: 'tree',
  list: [1],
  deep: { at: '2026-11-21T20:00:00Z' },
  counters: { requests_total: 200, errors_total: 3 },
  latencies: { p50: 12, p95: 80, p99: 120 },
  slo: { error_rate: 0.015, target: 0.05 },
};
const CERTIFICATE = {
  subject: 'CN=app.example',
  issuer: 'CN=an authority',
  names: ['DNS:app.example'],
  validFrom: '2026-10-01T00:00:00.000Z',
  validTo: '2027-06-30T00:00:00.000Z',
  sha256: 'ab',
  protocol: 'TLSv1.3',
};

function rightAnswer(question: Question): Answer {
  if (question.kind !== 'http') return answer({ certificate: CERTIFICATE, records: ['203.0.113.7', '203.0.113.8'] });
  if (question.url.endsWith('/login')) return reply('', 302, { location: ['/signin'] });
  const isText = question.headers['accept']?.startsWith('application/openmetrics-text');
  if (isText)
    return reply('# TYPE requests counter\nrequests_total 200\n# EOF\n', 200, {
      'content-type': ['application/openmetrics-text; version=1.0.0'],
    });
  return reply(DOCUMENT, 200, rightHeaders(question));
}

function rightHeaders({ headers }: HttpQuestion): Readonly<Record<string, readonly string[]>> {
  const granted = {
    'access-control-allow-origin': ['https://page.example'],
    'access-control-allow-credentials': ['true'],
    'access-control-allow-methods': ['GET, POST'],
    'access-control-allow-headers': ['content-type'],
  };
  return {
    'content-type': ['application/json'],
    'cache-control': ['no-store'],
    'x-commit': [NEW],
    vary: ['origin'],
    ...(headers['origin'] === 'https://page.example' ? granted : {}),
  };
}

const TROUBLES = ['NET_REFUSED', 'NET_RESET', 'NET_TIMEOUT_BODY', 'DNS_NOT_FOUND', 'TLS_EXPIRED', 'HTTP_TRUNCATED'] as const;

function wrongAnswer(dice: Dice, question: Question): Answer {
  const right = rightAnswer(question);
  if (dice.isLucky(0.3)) return trouble(dice.pick(TROUBLES));
  if (question.kind !== 'http')
    return dice.pick([
      answer(),
      answer({ records: [], certificate: { ...CERTIFICATE, validTo: '2026-11-25T00:00:00.000Z' } }),
      answer({ records: ['203.0.113.9'], certificate: { ...CERTIFICATE, validTo: '2026-12-10T00:00:00.000Z' } }),
    ]);
  const headers = rightHeaders(question);
  const change = (parts: object): Answer => reply({ ...DOCUMENT, ...parts }, 200, headers);
  return dice.pick<() => Answer>([
    () => reply(DOCUMENT, dice.pick([204, 302, 404, 500, 502, 503, 504]), headers),
    () => reply('', 200, headers),
    () => reply('<html>', 200, { 'content-type': ['text/html'] }),
    () => ({ ...right, phases: phases(5000) }),
    () => ({ ...right, http: null }),
    () => change({ status: dice.pick(['degraded', 'fail', 'strange', 1, null]) }),
    () => change({ status: 'degraded' }),
    () => change({ commit: dice.pick([OLD, NEW.slice(0, 7), NEW.slice(0, 5), `${NEW}-dirty`, 7]) }),
    () => change({ n: dice.pick([0, '3', null]), list: [], name: 'bush' }),
    () => change({ slo: { error_rate: 0.5, target: 0.05 } }),
    () => change({ counters: { requests_total: 1, errors_total: 3 } }),
    () => reply(DOCUMENT, 200, { ...headers, 'x-commit': [dice.pick([OLD, NEW.slice(0, 12), ''])] }),
    () => reply(DOCUMENT, 200, { ...headers, 'access-control-allow-origin': [dice.pick(['*', 'null', 'https://other.example'])] }),
    () => reply(DOCUMENT, 200, { ...headers, vary: [] }),
  ])();
}
