// What a fault is: something that is wrong with a service in one way, really served, and what must be said of it.
import type { Limits, Question } from '../../../src/answer.ts';
import type { FindingCode } from '../../../src/codes.ts';
import type { Verdict } from '../../../src/outcome.ts';
import type { RequestListener } from 'node:http';
import type { TlsOptions } from 'node:tls';
import { listenHttp, type Listening, type Seen } from './listening.ts';
import { COMMIT, ORIGIN, serviceOf, type Routes } from './healthy-service.ts';

export interface Fault {
  readonly name: string;
  readonly group: 'http' | 'tls' | 'dns' | 'version' | 'cors' | 'metrics';
  /** A service with the fault, on loopback. */
  start(): Promise<Faulty>;
  readonly expect: Expected;
}

export interface Expected {
  /** The place that finds it: `health`, or the check's own id. */
  readonly check: string;
  readonly verdict: Exclude<Verdict, 'pass' | 'skipped'>;
  readonly code: FindingCode;
}

export interface Faulty {
  /** `http://127.0.0.1:1234`, as the service's `url:`; null where the fault is not behind one. */
  readonly url: string | null;
  /** Where a check without knowledge of the service would look: what `curl -f` gets. Null where `url` is. */
  readonly page: string | null;
  readonly host: string;
  readonly port: number;
  /** PEM of the authority to trust, as `ca.pem` beside sophia.yaml; null where there is no TLS. */
  readonly ca: string | null;
  /** The whole sophia.yaml that asks for it, and gives up soon. */
  readonly sophiaYaml: string;
  /** Its service in there, a line each, without indentation: several fit into one file. */
  readonly service: readonly string[];
  /** The same, as the probe is asked. */
  readonly question: Question;
  readonly requests: readonly Seen[];
  close(): Promise<void>;
}

/** Short, because some faults are servers that say nothing. */
export const LIMITS: Limits = { timeoutMs: 600, connectTimeoutMs: 300, family: 'any' };

export const MAX_BODY_BYTES = 65_536;

export interface Site {
  readonly listening: Listening;
  readonly path?: string;
  readonly host?: string;
  readonly ca?: string | null;
  /** Keys of the service beyond `url`, a line each. */
  readonly lines: readonly string[];
  readonly question?: Partial<Extract<Question, { kind: 'http' }>>;
}

/** A service behind a URL; over TLS where it has an authority. */
export function site({ listening, path = '/healthz', host = '127.0.0.1', ca = null, lines, question = {} }: Site): Faulty {
  const { port, requests } = listening;
  const url = `${ca === null ? 'http' : 'https'}://${host}:${port}`;
  const page = `${url}${path}`;
  const trust = ca === null ? [] : ['tls: {min_days: 7, warn_days: 21, ca: ./ca.pem}'];
  const service = [`url: ${url}`, ...trust, ...lines];
  return {
    url,
    page,
    host,
    port,
    ca,
    sophiaYaml: toSophiaYaml({ faulty: service }),
    service,
    question: { kind: 'http', method: 'GET', url: page, headers: {}, body: null, maxBodyBytes: MAX_BODY_BYTES, ca, ...LIMITS, ...question },
    requests,
    close: () => listening.close(),
  };
}

/** Only its health is asked for, so the one finding is the expected one. */
export const HEALTH = ['health: {path: /healthz, at: $.status}'] as const;

/** Something else than its health is wrong with it. */
export const VERSION = [...HEALTH, `version: {path: /healthz, at: $.commit, equals: '${COMMIT}', samples: 4}`] as const;

export async function siteWith(routes: Routes, rest: Omit<Site, 'listening'>): Promise<Faulty> {
  return site({ listening: await listenHttp(serviceOf(routes)), ...rest });
}

export async function secureSite(tls: TlsOptions, rest: Omit<Site, 'listening'>, listener: RequestListener = serviceOf()): Promise<Faulty> {
  return site({ listening: await listenHttp(listener, tls), ...rest });
}

/** A whole sophia.yaml. Gives up soon, and tries nothing twice. */
export function toSophiaYaml(services: Readonly<Record<string, readonly string[]>>, { timeoutMs, connectTimeoutMs } = LIMITS): string {
  const limits = `timeout: ${timeoutMs}ms, connect_timeout: ${connectTimeoutMs}ms, max_body: 64KiB`;
  return [
    'version: 1',
    `defaults: {${limits}, retries: {network: 0, backoff: 1ms..2ms}}`,
    `origins: {dashboard: '${ORIGIN}'}`,
    'services:',
    ...Object.entries(services).flatMap(([id, lines]) => [`  ${id}:`, ...lines.map((line) => `    ${line}`)]),
    '',
  ].join('\n');
}
