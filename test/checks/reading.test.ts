import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { readOperations } from '../../src/checks/reading.ts';
import type { Operations, Service } from '../../src/checks/service.ts';
import { configOf } from '../../src/section.ts';
import { configReader, FULL } from './sections/full.ts';

function operationsOf(sections: Readonly<Record<string, unknown>>): Operations {
  return readOperations(configOf(new Map(Object.entries(sections))));
}

function serviceOf(file: object): Service {
  return operationsOf({ services: { a: file } }).services[0]!;
}

test('without a file there is nothing to check, and everything else is as it is meant', () => {
  deepEqual(operationsOf({}), {
    services: [],
    defaults: {
      timeoutMs: 10_000,
      connectTimeoutMs: 3000,
      retries: { network: 2, backoffMs: [500, 5000] },
      maxBodyBytes: 1_048_576,
      family: 'any',
      userAgent: 'sophia',
    },
    origins: {},
    control: [],
    objectives: [],
    schedule: { smoke: null },
    incidents: { after: 2, labels: ['incident'] },
  });
});

test('a service with nothing but a url is asked for its health, and for no version and no metrics', () => {
  deepEqual(serviceOf({ url: 'https://a.example' }), {
    id: 'a',
    title: null,
    url: 'https://a.example',
    insecure: null,
    deploy: null,
    ready: { withinMs: 120_000, everyMs: 2000, passes: 2 },
    health: {
      path: '/healthz',
      at: '$.status',
      pass: ['ok', 'pass', 'up', 'healthy'],
      warn: ['warn', 'degraded'],
      fail: ['fail', 'down', 'error', 'unhealthy'],
    },
    version: null,
    metrics: null,
    tls: { minDays: 7, warnDays: 21, ca: null },
    needs: [],
    skip: null,
    checks: [],
  });
});

test('a service without a url has no health, only its checks, of the kind that their key says', () => {
  const service = serviceOf({
    checks: [
      { id: 'port', tcp: 'db:1', needs: ['cert'] },
      { id: 'cert', tls: { host: 'a' }, skip: 'why' },
    ],
  });
  equal(service.health, null);
  deepEqual(service.checks, [
    { id: 'port', kind: 'tcp', entry: { tcp: 'db:1' }, needs: ['cert'], skip: null },
    { id: 'cert', kind: 'tls', entry: { tls: { host: 'a' } }, needs: [], skip: 'why' },
  ]);
});

test('an empty version and empty metrics are there, with what is usual', () => {
  const { version, metrics } = serviceOf({ url: 'https://a.example', version: {}, metrics: {} });
  deepEqual(version, { path: '/healthz', from: { at: '$.commit' }, equals: null, samples: 5 });
  deepEqual(metrics, {
    path: '/metrics',
    format: 'auto',
    names: { requests: 'requests_total', errors: 'errors_total', latency: 'request_duration_seconds' },
  });
});

test('a header that names the version is looked for in lower case', () => {
  const { version } = serviceOf({ url: 'https://a.example', version: { header: 'X-Commit', equals: '1.2' } });
  deepEqual([version?.from, version?.equals], [{ header: 'x-commit' }, '1.2']);
});

test('a word for health that the file gives another meaning has only that one', () => {
  const { health } = serviceOf({ url: 'https://a.example', health: { pass: ['Degraded'] } });
  deepEqual([health?.pass, health?.warn], [['Degraded'], ['warn']]);
});

for (const [target, text] of [
  ['0.95', '0.95'],
  ['.999', '0.999'],
  [0.95, '0.95'],
  [0.5, '0.5'],
  [1e-7, '0.0000001'],
  [1.25e-9, '0.00000000125'],
] as const) {
  test(`a target of ${JSON.stringify(target)} is the decimal ${text}`, () => {
    const slo = { id: 's', service: 'a', check: 'health', indicator: 'availability', target };
    equal(operationsOf({ slos: [slo] }).objectives[0]?.target, text);
  });
}

test('an objective has what is usual where it says nothing', () => {
  const slo = { id: 's', service: 'a', check: 'health', indicator: 'latency', under: '250ms', target: 0.9, missing: { exclude: 'why' } };
  deepEqual(operationsOf({ slos: [slo] }).objectives, [
    {
      id: 's',
      service: 'a',
      check: 'health',
      indicator: 'latency',
      underMs: 250,
      target: '0.9',
      windowMs: 2_592_000_000,
      samples: { perRun: 60, rate: 10 },
      missing: { exclude: 'why' },
      since: null,
    },
  ]);
});

test('a planned run may be half a day late where nothing else is said', () => {
  deepEqual(operationsOf({ schedule: { smoke: { every: '1d' } } }).schedule, { smoke: { everyMs: 86_400_000, graceMs: 43_200_000 } });
});

test('sizes are bytes or have a unit, and what would be less than a millisecond is one', () => {
  const { defaults } = operationsOf({ defaults: { max_body: 4096, timeout: '0.1ms', retries: { backoff: '1s..1m' }, family: 6 } });
  deepEqual(
    [defaults.maxBodyBytes, defaults.timeoutMs, defaults.retries, defaults.family],
    [4096, 1, { network: 2, backoffMs: [1000, 60_000] }, 6],
  );
  equal(operationsOf({ defaults: { max_body: '64KiB' } }).defaults.maxBodyBytes, 65_536);
});

test('each way to deploy is read, with the reason why its tool may be absent', async (t) => {
  const { services } = readOperations(await (await configReader(t))(FULL));
  deepEqual(
    services.map(({ deploy }) => deploy),
    [
      { kind: 'compose', project: null, service: 'context', optional: 'runs on the desk' },
      { kind: 'command', argv: ['./status.sh', '--json'], optional: null },
      { kind: 'kube', namespace: 'data', deployment: 'store', optional: null },
      { kind: 'fly', app: 'sophiaai-mcp-repo', optional: null },
    ],
  );
});
