import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { HEALTH, site, siteWith, type Expected, type Fault, type Faulty } from './fault.ts';
import { COMMIT, sendJson, sendText, type Route, type Routes } from './healthy-service.ts';
import { closedPort, listenHttp, listenRaw } from './listening.ts';

const HTML = '<!doctype html><title>Sign in</title><h1>Sign in</h1>';
const OK = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const GOOD = JSON.stringify({ status: 'ok', commit: COMMIT });

export const HTTP_FAULTS: readonly Fault[] = [
  health('status-500', 'HTTP_STATUS', (_, response) => sendJson(response, { status: 'ok' }, { status: 500 })),
  health('status-404', 'HTTP_STATUS', (_, response) => sendText(response, 'not found', { status: 404 })),
  health('redirect-to-login', 'HTTP_REDIRECT', (_, response) => sendText(response, '', { status: 302, headers: { location: '/login' } })),
  health('html-on-200', 'BODY_NOT_JSON', (_, response) => sendText(response, HTML, { headers: { 'content-type': 'text/html' } })),
  health('status-fail', 'HEALTH_FAIL', (_, response) => sendJson(response, { status: 'fail', commit: COMMIT })),
  health('unknown-word', { code: 'HEALTH_UNKNOWN_WORD', verdict: 'unknown' }, (_, response) => sendJson(response, { status: 'mostly' })),
  health('empty-200', 'HTTP_EMPTY', (_, response) => sendText(response, '', { headers: { 'content-type': 'application/json' } })),
  health('status-204', 'HTTP_EMPTY', (_, response) => response.writeHead(204).end()),
  health('cut-json', 'BODY_NOT_JSON', (_, response) => sendJsonText(response, GOOD.slice(0, -9))),
  health('duplicate-keys', 'BODY_NOT_JSON', (_, response) => sendJsonText(response, '{"status":"fail","status":"ok"}')),
  {
    name: 'wrong-type',
    group: 'http',
    start: () => wrongType(),
    expect: { check: 'tree', verdict: 'fail', code: 'BODY_TYPE' },
  },
  health('body-over-the-cap', 'HTTP_TOO_LARGE', (_, response) => sendJson(response, { status: 'ok', padding: 'x'.repeat(100_000) })),
  raw('truncated-by-length', 'HTTP_TRUNCATED', (socket) => socket.end(`${OK}content-length: ${GOOD.length + 100}\r\n\r\n${GOOD}`)),
  raw('truncated-by-chunk', 'HTTP_TRUNCATED', (socket) =>
    socket.end(`${OK}transfer-encoding: chunked\r\n\r\n${GOOD.length.toString(16)}\r\n${GOOD}\r\n`),
  ),
  raw('bytes-after-the-end', 'HTTP_PROTOCOL', (socket) =>
    socket.end(`${OK}content-length: ${GOOD.length}\r\n\r\n${GOOD}{"status":"fail"}`),
  ),
  health('drip', 'NET_TIMEOUT_BODY', (_, response) => drip(response)),
  health('silent', 'NET_TIMEOUT_HEADERS', () => {}),
  raw('silent-after-headers', 'NET_TIMEOUT_BODY', (socket) => socket.write(`${OK}content-length: ${GOOD.length}\r\n\r\n`)),
  health('redirect-loop', 'HTTP_REDIRECT', (_, response) => sendText(response, '', { status: 301, headers: { location: '/healthz' } })),
  raw('two-lengths', 'HTTP_PROTOCOL', (socket) => socket.end(`${OK}content-length: ${GOOD.length}\r\ncontent-length: 4\r\n\r\n${GOOD}`)),
  raw('large-header', 'HTTP_PROTOCOL', (socket) =>
    socket.end(`${OK}x-padding: ${'x'.repeat(20_000)}\r\ncontent-length: ${GOOD.length}\r\n\r\n${GOOD}`),
  ),
  raw('ssh-banner', 'HTTP_PROTOCOL', (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n')),
  raw('reset', 'NET_RESET', (socket) => socket.resetAndDestroy()),
  {
    name: 'refused',
    group: 'http',
    start: async () => site({ listening: await closedPort(), lines: HEALTH }),
    expect: { check: 'health', verdict: 'fail', code: 'NET_REFUSED' },
  },
  health('compressed-rubbish', 'HTTP_ENCODING', (_, response) =>
    sendText(response, GOOD, { headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } }),
  ),
];

type Said = Expected['code'] | Pick<Expected, 'code' | 'verdict'>;

function health(name: string, said: Said, route: Route): Fault {
  const start = (): Promise<Faulty> => siteWith({ '/healthz': route, ...LOGIN }, { lines: HEALTH });
  return { name, group: 'http', start, expect: { check: 'health', ...wordsOf(said) } };
}

/** Where a redirect leads is in order, which is why whoever follows it is content. */
const LOGIN: Routes = { '/login': (_, response) => sendText(response, HTML, { headers: { 'content-type': 'text/html' } }) };

function raw(name: string, said: Said, talk: (socket: Socket) => void): Fault {
  const start = async (): Promise<Faulty> => site({ listening: await listenRaw(talk), lines: HEALTH });
  return { name, group: 'http', start, expect: { check: 'health', ...wordsOf(said) } };
}

function wordsOf(said: Said): Pick<Expected, 'code' | 'verdict'> {
  return typeof said === 'string' ? { code: said, verdict: 'fail' } : said;
}

async function wrongType(): Promise<Faulty> {
  const listener: RequestListener = (request, response) =>
    request.url === '/healthz' ? sendJson(response, { status: 'ok' }) : sendJson(response, { entries: { 0: { path: 'README.md' } } });
  const lines = [...HEALTH, 'checks:', '  - {id: tree, get: /repo/tree, expect: {json: {$.entries: {type: array}}}}'];
  return site({ listening: await listenHttp(listener), path: '/repo/tree', lines });
}

function sendJsonText(response: ServerResponse, text: string): void {
  sendText(response, text, { headers: { 'content-type': 'application/json' } });
}

/** A byte now and then: none of the gaps is long, and the answer never ends. */
function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const drops = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(drops));
}
