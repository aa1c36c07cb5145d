import { deepEqual, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '../../../src/checks/service.ts';
import { deploymentView } from '../../../src/operations/views/deployment.ts';
import { healthzPathOf, healthzView } from '../../../src/operations/views/healthz.ts';
import { metricsPathOf, metricsView } from '../../../src/operations/views/metrics.ts';
import { showRun } from '../../../src/operations/views/tree.ts';
import type { Finding } from '../../../src/outcome.ts';
import { proofNamedBy } from '../../../src/proof/view.ts';
import { answerOf } from '../../fakes/probe.ts';
import { matchGolden } from '../../golden.ts';
import { FINDINGS } from '../findings.ts';

const PROOF = 'smoke/2026/11/23/01M80K4KWV7Q2M9XC4W0RZ5T8A.json';
const AT = '2026-11-23T03:00:04.123Z';
const HEALTH: Finding = { check: 'health', target: 'api', verdict: 'pass', reason: 'healthy in 31 ms' };
const METRICS: Finding = { check: 'metrics', target: 'api', verdict: 'pass', reason: 'good' };
const RULE = {
  path: '/metrics',
  format: 'auto',
  names: { requests: 'requests_total', errors: 'errors_total', latency: 'request_duration_seconds' },
} as const;
const DOCUMENT = {
  counters: { requests_total: 120, errors_total: 3 },
  latencies: { p50: 12, p95: 40, p99: 80 },
  slo: { error_rate: 0.025, target: 0.05 },
  unit: 'ms',
  started_at: '2026-11-22T00:00:00Z',
};

test('the view of health is what was agreed, and what would move a cursor is shown instead', () => {
  const answer = answerOf(AT, { body: '', ms: 31.4 });
  const body = Buffer.from('{"status":"ok","note":"\u001B[31mred"}');
  const url = 'https://user:pass@api.example/healthz?token=abc123';
  const view = healthzView({ finding: HEALTH, url, answer, commit: 'a'.repeat(40), body, proofPath: PROOF });
  matchGolden('operations/healthz.txt', view);
  equal(proofNamedBy('healthz/api.txt', Buffer.from(view)), PROOF);
});

test('where nothing answered the view says so, and a long body is cut', () => {
  const silent = healthzView({
    finding: { ...HEALTH, verdict: 'fail' },
    url: null,
    answer: null,
    commit: null,
    body: new Uint8Array(),
    proofPath: PROOF,
  });
  match(silent, /^verdict: fail\nurl: -\nstatus: -\nat: -\nms: -\ncommit: -\nsha256: -\nproof: smoke/);
  const long = healthzView({
    finding: HEALTH,
    url: null,
    answer: answerOf(AT, {}),
    commit: null,
    body: Buffer.alloc(10_000, 'x'),
    proofPath: PROOF,
  });
  equal(long.split('\n\n')[1]!.trim().length, 4096);
});

test('a view has the name of the application, unless another service could have it too', () => {
  const fly = (id: string, app: string): Service => ({ id, deploy: { kind: 'fly', app, optional: null } }) as Service;
  const [one, two, three] = [fly('a', 'acme-a'), fly('b', 'same'), fly('c', 'same')];
  const all = [one, two, three, { id: 'd', deploy: null } as Service];
  deepEqual(
    all.map((each) => healthzPathOf(each, all)),
    ['healthz/acme-a.txt', 'healthz/b.txt', 'healthz/c.txt', 'healthz/d.txt'],
  );
  equal(healthzPathOf(fly('e', '../x'), all), 'healthz/e.txt');
});

test('the view of metrics is what was agreed', () => {
  const view = metricsView({ finding: METRICS, rule: RULE, answer: answerOf(AT, { body: DOCUMENT }), at: AT, proofPath: PROOF });
  matchGolden('operations/metrics.json', view);
  equal(metricsPathOf('api', AT), 'metrics/api_20261123.json');
  equal(proofNamedBy('metrics/api_20261123.json', Buffer.from(view)), PROOF);
});

interface Stored {
  readonly counters: object | null;
  readonly latencies: object | null;
  readonly slo: object | null;
  readonly error: { readonly code: string };
}

test('what is no metrics document is never stored as one', () => {
  const bad: Finding = { ...METRICS, verdict: 'fail', code: 'METRICS_NOT_METRICS', reason: 'an HTML page' };
  for (const answer of [answerOf(AT, { body: '<html>' }), answerOf(AT, { status: 500, body: DOCUMENT }), null]) {
    const view = JSON.parse(metricsView({ finding: bad, rule: RULE, answer, at: AT, proofPath: PROOF })) as Stored;
    deepEqual([view.counters, view.latencies, view.slo, view.error.code], [null, null, null, 'METRICS_NOT_METRICS']);
  }
});

test('the view of a deployment names its proof', () => {
  const services = [{ id: 'api', verdict: 'pass', code: null, commit: 'abc', healthz: { status: 200, ms: 31 } }];
  const view = deploymentView({ services, expectedCommit: 'abc', at: AT, proofPath: PROOF });
  deepEqual(JSON.parse(view), { proof: PROOF, at: AT, expected_commit: 'abc', services });
});

test('the tree is what was agreed', () => {
  const data = { services: [], samples: [], expected_commit: null, schedule: null };
  matchGolden(
    'operations/tree.md',
    `${showRun({ findings: FINDINGS.map((each) => ({ ...each, reason: each.reason.toWellFormed() })), data })}\n`,
  );
});

test('a plan is shown as a table', () => {
  const plan = [
    { service: 'api', check: 'health', asks: ['GET https://api.example/healthz'], not: null, needs: [] },
    { service: 'api', check: 'tree', asks: [], not: 'TOKEN is not set', needs: ['health of api'] },
  ];
  const data = { services: [], samples: [], expected_commit: null, schedule: null, plan };
  match(
    showRun({ findings: [], data }),
    /\| api \| health \| GET https:\/\/api\.example\/healthz \|  \|\n\| api \| tree \| not asked: TOKEN is not set \| health of api \|/,
  );
});
