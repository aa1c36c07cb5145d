// A service with nothing wrong: healthy, of the right version, with consistent metrics and CORS for one origin. Faults replace a route of it.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

export const COMMIT = '5d1f0c3a9b2e47d8866f0a1c4e3b2d5f60718293';
export const OLD_COMMIT = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';
export const ORIGIN = 'https://dashboard.example';
export const FOREIGN_ORIGIN = 'https://evil.invalid';

export type Route = (request: IncomingMessage, response: ServerResponse) => void;

/** By path. */
export type Routes = Readonly<Record<string, Route>>;

export function serviceOf(routes: Routes = {}): RequestListener {
  const all: Routes = { ...HEALTHY, ...routes };
  return (request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    const route = Object.hasOwn(all, path) ? all[path] : undefined;
    if (route === undefined) sendJson(response, { code: 'ROUTE_UNKNOWN' }, { status: 404 });
    else route(request, response);
  };
}

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export function sendJson(response: ServerResponse, body: object, { status = 200, headers = {} }: Reply = {}): void {
  sendText(response, JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}

/** With its length, so that what a fault does to a body is all that is wrong with it. */
export function sendText(response: ServerResponse, body: string | Uint8Array, { status = 200, headers = {} }: Reply = {}): void {
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers }).end(body);
}

/** What it grants to an origin on a preflight, and what on the request itself; null is nothing. */
export interface Grants {
  readonly preflight: (origin: string) => Reply | null;
  readonly simple: (origin: string) => Reply['headers'] | null;
}

export function corsRoute({ preflight, simple }: Grants): Route {
  return (request, response) => {
    const origin = request.headers.origin ?? '';
    if (request.method === 'OPTIONS') {
      const { status = 204, headers = {} } = preflight(origin) ?? {};
      response.writeHead(status, { ...headers }).end();
    } else {
      sendJson(response, TREE, { headers: simple(origin) ?? {} });
    }
  };
}

export function grant(origin: string, further: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true', vary: 'Origin', ...further };
}

export const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'Content-Type, Authorization',
} as const;

export const METRICS_JSON = {
  counters: { requests_total: 400, errors_total: 4 },
  latencies: { p50: 12, p95: 48, p99: 90 },
  slo: { error_rate: 0.01, target: 0.05 },
  unit: 'ms',
  started_at: '2026-11-01T00:00:00.000Z',
} as const;

export const OPENMETRICS = `# TYPE requests counter
# HELP requests Answered.
requests_total 400
# TYPE errors counter
# HELP errors Answered with a status of 5xx.
errors_total 4
# TYPE request_duration_seconds histogram
# UNIT request_duration_seconds seconds
request_duration_seconds_bucket{le="0.05"} 380
request_duration_seconds_bucket{le="0.1"} 399
request_duration_seconds_bucket{le="+Inf"} 400
request_duration_seconds_count 400
request_duration_seconds_sum 6.5
# EOF
`;

export const OPENMETRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

const TREE = { commit: COMMIT, entries: [{ path: 'README.md' }, { path: 'src/main.ts' }] };

const HEALTHY: Routes = {
  '/healthz': (_, response) => sendJson(response, { status: 'ok', commit: COMMIT }),
  '/metrics': (request, response) => {
    if (request.headers.accept?.includes('openmetrics') === true)
      sendText(response, OPENMETRICS, { headers: { 'content-type': OPENMETRICS_TYPE, vary: 'Accept' } });
    else sendJson(response, METRICS_JSON, { headers: { vary: 'Accept' } });
  },
  '/repo/tree': corsRoute({
    preflight: (origin) => ({ headers: origin === ORIGIN ? grant(ORIGIN, PREFLIGHT) : { vary: 'Origin' } }),
    simple: (origin) => (origin === ORIGIN ? grant(ORIGIN) : { vary: 'Origin' }),
  }),
};
