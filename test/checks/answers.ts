// Answers as a probe would give them, and what a service may be in sophia.yaml.
import type { Answer, HttpReply, Phases } from '../../src/answer.ts';
import type { FindingCode } from '../../src/codes.ts';
import type { Ask, Inquiry, Judgement } from '../../src/checks/inquiry.ts';
import type { Ground } from '../../src/checks/builtin/ground.ts';
import type { Place } from '../../src/checks/plan.ts';
import type { Defaults, Operations, Service } from '../../src/checks/service.ts';

export const AT = '2026-11-22T03:00:04.123Z';

export const DEFAULTS: Defaults = {
  timeoutMs: 10_000,
  connectTimeoutMs: 3000,
  retries: { network: 2, backoffMs: [500, 5000] },
  maxBodyBytes: 1_048_576,
  family: 'any',
  userAgent: 'sophia',
};

export const GROUND: Ground = { url: 'https://app.example', defaults: DEFAULTS, ca: null };

export function phases(totalMs = 31): Phases {
  return { dnsMs: 1, connectMs: 2, tlsMs: null, ttfbMs: 20, bodyMs: 1, totalMs };
}

export function answer(parts: Partial<Answer> = {}): Answer {
  return { at: AT, phases: phases(), trouble: null, addresses: [], http: null, certificate: null, records: null, ...parts };
}

export type Body = string | Uint8Array | object | null;

/** An object is sent as JSON. */
export function reply(body: Body, status = 200, headers: HttpReply['headers'] = { 'content-type': ['application/json'] }): Answer {
  return answer({ http: { status, headers, body: toBytes(body) } });
}

export function trouble(code: FindingCode, detail = `it ended with ${code}`): Answer {
  return answer({ trouble: { code, detail } });
}

function toBytes(body: Body): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return new TextEncoder().encode(body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body));
}

/** An ask about which the test says what is thought of the answer. */
export function ask(judge: Ask['judge'], more: Partial<Ask> = {}): Ask {
  const question = {
    kind: 'http',
    method: 'GET',
    url: 'https://app.example/healthz',
    headers: {},
    body: null,
    maxBodyBytes: 1000,
    ca: null,
    timeoutMs: 10_000,
    connectTimeoutMs: 3000,
    family: 'any',
  } as const;
  return { question, judge, ...more };
}

/** By its status alone. */
export function statusAsk(more: Partial<Ask> = {}): Ask {
  return ask(({ http }) => [http?.status === 200 ? PASS : { ...FAIL, reason: `HTTP ${http?.status}` }], more);
}

export const PASS: Judgement = { verdict: 'pass', reason: 'HTTP 200' };
export const WARN: Judgement = { verdict: 'warn', code: 'TLS_EXPIRES_SOON', reason: 'soon' };
export const UNKNOWN: Judgement = { verdict: 'unknown', code: 'HEALTH_NO_FIELD', reason: 'no field' };
export const FAIL: Judgement = { verdict: 'fail', code: 'HTTP_STATUS', reason: 'HTTP 500' };

export function place(parts: Partial<Place> = {}): Place {
  const inquire = (): Promise<Inquiry> => Promise.resolve({ asks: [] });
  return { target: 'app', check: 'health', location: null, skip: null, needs: [], retries: DEFAULTS.retries, inquire, ...parts };
}

export function service(parts: Partial<Service> = {}): Service {
  return {
    id: 'app',
    title: null,
    url: 'http://127.0.0.1:8080',
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
    ...parts,
  };
}

export function operations(services: readonly Service[], parts: Partial<Operations> = {}): Operations {
  return {
    services,
    defaults: DEFAULTS,
    origins: {},
    control: [],
    objectives: [],
    schedule: { smoke: null },
    incidents: { after: 2, labels: [] },
    ...parts,
  };
}
