import assert from 'node:assert/strict';
import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { SophiaError } from '../../src/errors.ts';
import { http as port } from '../../src/platform/http.ts';

async function listen(t: TestContext, listener: RequestListener): Promise<string> {
  const server = http.createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function isCoded(code: string): (error: unknown) => boolean {
  return (error) => error instanceof SophiaError && error.code === code;
}

test('a server that drips its answer meets the deadline', async (t) => {
  const url = await listen(t, (_, response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write('.'), 20);
    response.on('close', () => clearInterval(drip));
  });
  await assert.rejects(port.request({ method: 'GET', url, timeoutMs: 200 }), isCoded('NET_TIMEOUT'));
});

test('a server that never answers meets the deadline', async (t) => {
  const url = await listen(t, () => {});
  await assert.rejects(
    port.request({ method: 'GET', url: `${url}/?token=secret`, timeoutMs: 100 }),
    (error) => isCoded('NET_TIMEOUT')(error) && !String(error).includes('secret'),
  );
});

test('a stopped run ends a request with its reason', async (t) => {
  const stop = new AbortController();
  const url = await listen(t, () => stop.abort(new SophiaError('INTERRUPTED', { signal: 'SIGINT' })));
  await assert.rejects(port.request({ method: 'GET', url, signal: stop.signal }), isCoded('INTERRUPTED'));
});

test('an answer beyond the limit is not read on', async (t) => {
  const url = await listen(t, (_, response) => response.end(Buffer.alloc(5000)));
  await assert.rejects(port.request({ method: 'GET', url, maxBytes: 4999 }), isCoded('HTTP_TOO_LARGE'));
  assert.equal((await port.request({ method: 'GET', url, maxBytes: 5000 })).body.length, 5000);
});

test('a redirect is an answer', async (t) => {
  const url = await listen(t, (_, response) => response.writeHead(302, { location: '/elsewhere' }).end());
  const answer = await port.request({ method: 'GET', url });
  assert.deepEqual([answer.status, answer.headers['location']], [302, '/elsewhere']);
});
