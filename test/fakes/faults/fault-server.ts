// The project's fault server: everything that can be wrong with a service, by name, and a service with nothing wrong.
// Each is a real server on a port of loopback that the system chooses, closed by whoever started it. They run in the thread of the test:
// what asks them from another process must not be waited for synchronously.
import { CORS_FAULTS } from './cors-faults.ts';
import { DNS_FAULTS } from './dns-faults.ts';
import { site, VERSION, type Fault, type Faulty } from './fault.ts';
import { FOREIGN_ORIGIN, serviceOf } from './healthy-service.ts';
import { HTTP_FAULTS } from './http-faults.ts';
import { listenHttp } from './listening.ts';
import { METRICS_FAULTS } from './metrics-faults.ts';
import { startTls, TLS_FAULTS } from './tls-faults.ts';
import { VERSION_FAULTS } from './version-faults.ts';

export const FAULTS: readonly Fault[] = [
  ...HTTP_FAULTS,
  ...TLS_FAULTS,
  ...DNS_FAULTS,
  ...VERSION_FAULTS,
  ...CORS_FAULTS,
  ...METRICS_FAULTS,
];

/** With health, version, CORS, metrics and a check of its own in sophia.yaml, all of which pass. */
export async function startHealthy(): Promise<Faulty> {
  const cors = `{path: /repo/tree, origin: dashboard, method: POST, headers: [content-type], credentials: true, denies: '${FOREIGN_ORIGIN}'}`;
  const lines = [
    ...VERSION,
    'metrics: {path: /metrics, format: auto}',
    'checks:',
    '  - {id: tree, get: /repo/tree, expect: {json: {$.entries: {type: array, min_items: 1}}}}',
    `  - {id: cors, cors: ${cors}}`,
  ];
  return site({ listening: await listenHttp(serviceOf()), lines });
}

/** Health alone, over TLS, with a certificate that its authority vouches for. */
export function startHealthyTls(): Promise<Faulty> {
  return startTls({});
}
