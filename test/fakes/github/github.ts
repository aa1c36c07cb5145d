// GitHub's REST API on this machine, over real HTTP: it keeps what it is told, grants each token what that may do, and can be told to
// misbehave. What it knows of the API is a table of routes, a file each for issues and for secrets.
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json, JsonObject } from '../../../src/outcome.ts';
import type { Lifetime } from '../context.ts';
import { ISSUE_ROUTES, type FakeIssue } from './issues.ts';
import { pageOf } from './pages.ts';
import { SECRET_ROUTES, type FakeSecret } from './secrets.ts';

/** As permissions are called in a workflow or a token; `write` includes `read`. */
export type Grant = `${string}: ${'read' | 'write'}`;

export interface Seen {
  readonly method: string;
  /** Below the base, decoded. */
  readonly path: string;
  readonly rawPath: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: JsonObject;
  /** `PATCH /repos/o/r/issues/1`. */
  readonly line: string;
}

/** Answers in GitHub's place and returns true, or leaves the request to it. `turn` counts requests from 0. */
export type Mischief = (seen: Seen, response: ServerResponse, turn: number) => boolean;

export interface Reply {
  readonly status: number;
  readonly body: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: string;
  /** Of the whole path as it came; its groups are handed to `answer`, decoded. */
  readonly path: RegExp;
  /** What a token must be granted. */
  readonly needs: Grant;
  readonly answer: (hub: FakeGitHub, seen: Seen, groups: Readonly<Record<string, string>>) => Reply | Paged;
}

/** All of a list: the page that was asked for is taken from it, with a `Link` to the next. */
export interface Paged {
  readonly items: readonly JsonObject[];
  /** What the page is put into; by itself where the list is all of the answer. */
  readonly wrap?: (page: readonly JsonObject[]) => Json;
}

export interface FakeGitHub {
  /** For GITHUB_API_URL. */
  readonly url: string;
  readonly seen: Seen[];
  /** By token. */
  readonly grants: Map<string, readonly Grant[]>;
  /** `owner/repo` → issues and pull requests, oldest first. */
  readonly issues: Map<string, FakeIssue[]>;
  /** `repos/o/r`, `repos/o/r/actions/organization-secrets`, `repos/o/r/environments/e`, `orgs/o` → secrets. */
  readonly secrets: Map<string, readonly FakeSecret[]>;
  mischief: Mischief | null;
  /** What is said of how many secrets there are, in place of the truth. */
  countSecrets: (secrets: readonly FakeSecret[], seen: Seen) => number;
  /** ISO 8601; what is written now bears it. */
  now: string;
}

export const TOKEN = 'ghs_0123456789abcdefghijABCDEFGHIJ012345';
const EVERYTHING: readonly Grant[] = ['issues: write', 'secrets: read', 'organization_secrets: read', 'environments: read'];

const ROUTES: readonly Route[] = [...ISSUE_ROUTES, ...SECRET_ROUTES];

/** `basePath` as of GitHub Enterprise Server: `/api/v3`. */
export async function startGitHub(test: Lifetime, { basePath = '' } = {}): Promise<FakeGitHub> {
  const server = http.createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const hub: FakeGitHub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${basePath}`,
    seen: [],
    grants: new Map([[TOKEN, EVERYTHING]]),
    issues: new Map(),
    secrets: new Map(),
    mischief: null,
    countSecrets: (secrets) => secrets.length,
    now: '2026-11-22T03:00:00Z',
  };
  server.on('request', (request, response) => void answer(hub, request, response));
  return hub;
}

export function send(response: ServerResponse, { status, body, headers }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(status === 204 ? undefined : JSON.stringify(body));
}

/** A mischief for requests whose line begins so (`GET /repos/o/r/issues`), the first so many times. */
export function at(line: string, mischief: (response: ServerResponse, seen: Seen) => void, times = Infinity): Mischief {
  let left = times;
  return (seen, response) => {
    if (!seen.line.startsWith(line) || left <= 0) return false;
    left -= 1;
    mischief(response, seen);
    return true;
  };
}

async function answer(hub: FakeGitHub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const seen = await read(hub, request);
  const turn = hub.seen.push(seen) - 1;
  if (hub.mischief?.(seen, response, turn) === true) return;
  send(response, replyTo(hub, seen));
}

function replyTo(hub: FakeGitHub, seen: Seen): Reply {
  const token = /^(?:token|bearer) (.+)$/i.exec(seen.headers.authorization ?? '')?.[1];
  const granted = token === undefined ? [] : hub.grants.get(token);
  if (granted === undefined) return { status: 401, body: { message: 'Bad credentials', status: '401' } };
  for (const route of ROUTES) {
    const match = route.method === seen.method ? route.path.exec(seen.rawPath) : null;
    if (match === null) continue;
    if (token === undefined) return { status: 401, body: { message: 'Requires authentication', status: '401' } };
    if (!isGranted(granted, route.needs))
      return { status: 403, body: { message: 'Resource not accessible by integration', status: '403' } };
    const groups = Object.entries(match.groups ?? {}).map(([name, text]) => [name, decodeURIComponent(text)]);
    const answered = route.answer(hub, seen, Object.fromEntries(groups) as Record<string, string>);
    return 'items' in answered ? pageOf(answered, seen, hub.url) : answered;
  }
  return { status: 404, body: { message: 'Not Found', status: '404' } };
}

function isGranted(granted: readonly Grant[], needs: Grant): boolean {
  return granted.includes(needs) || granted.includes(needs.replace(/: read$/, ': write') as Grant);
}

async function read(hub: FakeGitHub, request: IncomingMessage): Promise<Seen> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const method = request.method ?? '';
  const url = new URL(request.url ?? '/', hub.url);
  const base = new URL(hub.url).pathname.replace(/\/$/, '');
  const rawPath = url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length) : '/outside-of-the-api';
  const path = decodeURIComponent(rawPath);
  const body = text === '' ? {} : (JSON.parse(text) as JsonObject);
  return { method, path, rawPath, query: url.searchParams, headers: request.headers, body, line: `${method} ${path}` };
}
