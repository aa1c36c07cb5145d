import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { suite, test } from 'node:test';
import type { Answer } from '../../../src/answer.ts';
import { ask } from '../../../src/platform/probe/ask.ts';
import { serviceOf } from '../../fakes/faults/healthy-service.ts';
import { startHealthyTls } from '../../fakes/faults/fault-server.ts';
import { closedPort, listenHttp } from '../../fakes/faults/listening.ts';
import { during, get, tcp, tls } from './asking.ts';

/** All of 127.0.0.0/8 is this machine; the servers listen at the first of them only. */
const [UP, DOWN] = ['127.0.0.1', '127.0.0.2'];

/** Everybody on the link: no machine connects to it, whatever its routes. */
const NOWHERE = '255.255.255.255';

function finds(...addresses: readonly string[]): () => Promise<readonly string[]> {
  return () => Promise.resolve(addresses);
}

function triedIn({ addresses }: Answer): [string, string | null][] {
  return addresses.map(({ address, trouble }) => [address, trouble?.code ?? null]);
}

suite('a name with several addresses', () => {
  for (const order of [
    [UP, DOWN],
    [DOWN, UP],
  ] as const) {
    test(`is not up where half of them are: ${order.join(', ')}`, async (t) => {
      const { port, requests } = await during(t, listenHttp(serviceOf()));
      const answer = await ask(get(`http://service.example:${port}/healthz`), undefined, finds(...order));
      assert.equal(answer.trouble?.code, 'NET_REFUSED');
      assert.deepEqual(
        triedIn(answer),
        order.map((address) => [address, address === DOWN ? 'NET_REFUSED' : null]),
      );
      assert.equal(answer.http?.status, 200, 'what did answer is told as well');
      assert.equal(requests.length, 1);
    });
  }

  test('gets a request at one of them only, because it may change something', async (t) => {
    const server = net.createServer((socket) => void socket.on('error', () => {}));
    const { port, requests } = await during(t, listenHttp(serviceOf()));
    await once(server.listen(port, DOWN), 'listening');
    t.after(() => server.close());
    const answer = await ask(get(`http://service.example:${port}/healthz`, { method: 'POST' }), undefined, finds(UP, DOWN, UP));
    assert.equal(answer.trouble, null);
    assert.deepEqual(triedIn(answer), [
      [UP, null],
      [DOWN, null],
    ]);
    assert.equal(requests.length, 1);
  });

  test('is asked for the family that the question names', async () => {
    const asked: unknown[] = [];
    for (const family of ['any', 4, 6] as const)
      await ask(tcp(1, { host: 'service.example', family }), undefined, (...given) => {
        asked.push(given);
        return Promise.resolve([]);
      });
    assert.deepEqual(asked, [
      ['service.example', 'any'],
      ['service.example', 4],
      ['service.example', 6],
    ]);
  });

  test('is up where the others are addresses that this machine has no way to', async (t) => {
    const { port } = await during(t, listenHttp(serviceOf()));
    const answer = await ask(get(`http://service.example:${port}/healthz`), undefined, finds(NOWHERE, UP));
    assert.equal(answer.trouble, null);
    assert.deepEqual(triedIn(answer), [
      [NOWHERE, 'NET_UNREACHABLE'],
      [UP, null],
    ]);
    assert.equal((await ask(tcp(port, { host: 'service.example' }), undefined, finds(NOWHERE))).trouble?.code, 'NET_UNREACHABLE');
  });

  test('has its certificate judged at each', async (t) => {
    const { port, ca } = await during(t, startHealthyTls());
    const answer = await ask(get(`https://localhost:${port}/healthz`, { ca }), undefined, finds(UP, DOWN));
    assert.deepEqual(triedIn(answer), [
      [UP, null],
      [DOWN, 'NET_REFUSED'],
    ]);
    assert.deepEqual(answer.certificate?.names, ['DNS:localhost', 'IP Address:127.0.0.1']);
  });
});

suite('a host', () => {
  test('that has no address is not found', async () => {
    const rejects = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
    const question = tcp(1, { host: 'service.example' });
    assert.equal((await ask(question, undefined, rejects('ENOTFOUND'))).trouble?.code, 'DNS_NOT_FOUND');
    assert.equal((await ask(question, undefined, rejects('EAI_AGAIN'))).trouble?.code, 'DNS_FAILED');
    assert.equal((await ask(question, undefined, finds())).trouble?.code, 'DNS_NOT_FOUND');
    assert.equal((await ask(tcp(1, { host: 'service.invalid' }))).trouble?.code, 'DNS_NOT_FOUND');
  });

  test('that nobody looks up in time is no answer of DNS', async () => {
    const answer = await ask(tcp(1, { host: 'service.example', connectTimeoutMs: 20 }), undefined, () => new Promise(() => {}));
    assert.equal(answer.trouble?.code, 'DNS_FAILED');
  });

  test('that is no name is not looked up', async () => {
    for (const host of ['', 'a b', 'a\u0000b', 'x'.repeat(300)])
      assert.equal((await ask(tcp(1, { host }), undefined, finds(UP))).trouble?.code, 'DNS_NOT_FOUND', host);
  });

  test('may be an IPv6 address, in brackets where it is in a URL', async (t) => {
    const { port } = await closedPort();
    for (const question of [get(`http://[::1]:${port}/`), tcp(port, { host: '::1' }), tls(port, { host: '[::1]' })]) {
      const answer = await ask(question);
      if (answer.trouble?.code === 'NET_UNREACHABLE') return t.skip('NOT TESTED: this machine has no IPv6');
      assert.deepEqual(triedIn(answer), [['::1', 'NET_REFUSED']]);
    }
    assert.equal((await ask(tcp(port, { host: '::1', family: 4 }))).trouble?.code, 'DNS_NOT_FOUND');
    return undefined;
  });

  test('has no ports beyond the last', async () => {
    for (const port of [-1, 65_536, 1.5, Number.NaN]) assert.equal((await ask(tcp(port))).trouble?.code, 'NET_UNREACHABLE');
  });
});
