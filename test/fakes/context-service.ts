// A context service on this machine, after docs/context-service.md: it keeps what it is sent, and can be told to misbehave.
import { createHash, hash } from 'node:crypto';
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { serializeCompact } from '../../src/proof/canonical.ts';
import type { Json, JsonObject } from '../../src/outcome.ts';

export interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  /** Parsed and inflated; null where there was none. */
  readonly body: JsonObject | null;
  readonly wireBytes: number;
  readonly inflatedBytes: number;
}

/** Answers in the service's place and returns true, or leaves the request to it. `turn` counts requests from 0. */
export type Mischief = (seen: Seen, response: ServerResponse, turn: number) => boolean;

export interface FakeService {
  readonly url: string;
  readonly seen: Seen[];
  /** repository → id → entry. */
  readonly store: Map<string, Map<string, JsonObject>>;
  readonly generations: Map<string, number>;
  mischief: Mischief | null;
  /** Page size of a listing, whatever was asked for. */
  pageEntries: number;
  /** Entries that are not taken: a code, or null. */
  refuse: (entry: JsonObject) => string | null;
  /** Pages of `GET /context/search`, by cursor. */
  search: (query: URLSearchParams) => JsonObject;
}

export const TOKEN = 'a-token-for-tests-0123456789';

export async function startContextService(test: TestContext): Promise<FakeService> {
  const server = http.createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const service: FakeService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    store: new Map(),
    generations: new Map(),
    mischief: null,
    pageEntries: 5000,
    refuse: () => null,
    search: () => ({ data: [], next_cursor: null, has_more: false, stale: false, partial: false }),
  };
  server.on('request', (request, response) => void answer(service, request, response));
  return service;
}

export function send(response: ServerResponse, status: number, body: Json, headers: Readonly<Record<string, string>> = {}): void {
  const type = status >= 400 && status !== 422 ? 'application/problem+json' : 'application/json';
  response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body));
}

/** A mischief for requests of one path, the first so many times. */
export function atPath(path: string, mischief: (response: ServerResponse, seen: Seen) => void, times = Infinity): Mischief {
  let left = times;
  return (seen, response) => {
    if (seen.url.pathname !== path || left <= 0) return false;
    left -= 1;
    mischief(response, seen);
    return true;
  };
}

async function answer(service: FakeService, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const seen = await read(service, request);
  const turn = service.seen.push(seen) - 1;
  if (service.mischief?.(seen, response, turn) === true) return;
  if (seen.headers.authorization !== `Bearer ${TOKEN}`) return send(response, 401, { code: 'UNAUTHORIZED', title: 'A token is needed' });
  const { pathname, searchParams } = seen.url;
  if (pathname === '/context/stats')
    return send(response, 200, searchParams.has('entries') ? listing(service, searchParams) : stats(service, searchParams));
  if (pathname === '/context/search') return send(response, 200, service.search(searchParams));
  if (pathname === '/context/index' && seen.method === 'POST') return index(service, seen, response);
  send(response, 404, { code: 'ROUTE_UNKNOWN', title: 'There is no such route' });
}

async function read(service: FakeService, request: IncomingMessage): Promise<Seen> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const wire = Buffer.concat(chunks);
  const inflated = request.headers['content-encoding'] === 'gzip' ? gunzipSync(wire) : wire;
  return {
    method: request.method ?? '',
    url: new URL(request.url ?? '/', service.url),
    headers: request.headers,
    body: inflated.length === 0 ? null : (JSON.parse(inflated.toString()) as JsonObject),
    wireBytes: wire.length,
    inflatedBytes: inflated.length,
  };
}

function heldOf(service: FakeService, repository: string): [string, string][] {
  const entries = [...(service.store.get(repository) ?? new Map<string, JsonObject>())];
  // By a writer that is not the pusher's own: what two agree on is the contract.
  return entries.map(([id, entry]): [string, string] => [id, hash('sha256', serializeCompact(entry))]).sort(([a], [b]) => (a < b ? -1 : 1));
}

function stats(service: FakeService, query: URLSearchParams): Json {
  const repository = query.get('repository') ?? '';
  const held = heldOf(service, repository);
  const digest = createHash('sha256');
  for (const [id, sha256] of held) digest.update(`${id}\0${sha256}\n`);
  const generation = service.generations.get(repository) ?? 0;
  return {
    data: { repository, entries: held.length, generation, digest: digest.digest('hex'), commit: null },
    stale: false,
    partial: false,
  };
}

function listing(service: FakeService, query: URLSearchParams): Json {
  const repository = query.get('repository') ?? '';
  const held = heldOf(service, repository);
  const from = Number(query.get('cursor') ?? 0);
  const to = from + service.pageEntries;
  const hasMore = to < held.length;
  return {
    data: held.slice(from, to).map(([id, sha256]) => ({ id, sha256 })),
    generation: service.generations.get(repository) ?? 0,
    next_cursor: hasMore ? String(to) : null,
    has_more: hasMore,
    stale: false,
    partial: false,
  };
}

function index(service: FakeService, { body }: Seen, response: ServerResponse): void {
  const { repository, entries, removed } = body as { repository: string; entries: JsonObject[]; removed: string[] };
  const held = service.store.get(repository) ?? new Map<string, JsonObject>();
  service.store.set(repository, held);
  const failed: Json[] = [];
  let indexed = 0;
  let skipped = 0;
  for (const entry of entries) {
    const { id } = entry as { id: string };
    const code = service.refuse(entry);
    if (code !== null) failed.push({ id, code, message: 'not taken' });
    else if (held.has(id) && serializeCompact(held.get(id)!) === serializeCompact(entry)) skipped += 1;
    else {
      held.set(id, entry);
      indexed += 1;
    }
  }
  const removedCount = removed.filter((id) => held.delete(id)).length;
  const generation = (service.generations.get(repository) ?? 0) + 1;
  service.generations.set(repository, generation);
  const status = failed.length === 0 ? 200 : failed.length === entries.length ? 422 : 207;
  send(response, status, { repository, generation, indexed_count: indexed, skipped_count: skipped, removed_count: removedCount, failed });
}
