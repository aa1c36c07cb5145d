import assert from 'node:assert/strict';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { suite, test, type TestContext } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Answer } from '../../../src/answer.ts';
import { Body } from '../../../src/platform/probe/body.ts';
import { probe } from '../../../src/platform/probe/probe.ts';
import { MAX_BODY_BYTES } from '../../fakes/faults/fault.ts';
import { sendText } from '../../fakes/faults/healthy-service.ts';
import { listenHttp, listenRaw, type Listening } from '../../fakes/faults/listening.ts';
import { during, get } from './asking.ts';

async function serve(t: TestContext, listener: RequestListener): Promise<Listening & { readonly url: string }> {
  const listening = await during(t, listenHttp(listener));
  return { ...listening, url: `http://127.0.0.1:${listening.port}` };
}

async function serveRaw(t: TestContext, talk: (socket: Socket) => void): Promise<string> {
  const { port } = await during(t, listenRaw(talk));
  return `http://127.0.0.1:${port}/`;
}

function textOf({ http }: Answer): string {
  return Buffer.from(http?.body ?? []).toString();
}

suite('what is sent', () => {
  test('is the request, identity asked for, the connection closed after it', async (t) => {
    const { url, requests } = await serve(t, (_, response) => response.end());
    await probe.ask(get(`${url}/a/b?c=d#e`, { headers: { 'user-agent': 'sophia', 'x-token': 'abc' } }));
    assert.deepEqual(requests, [
      {
        method: 'GET',
        path: '/a/b?c=d',
        headers: {
          host: url.slice('http://'.length),
          'user-agent': 'sophia',
          'x-token': 'abc',
          'accept-encoding': 'identity',
          connection: 'close',
        },
      },
    ]);
  });

  test('has a body with its length, and a POST without one says so', async (t) => {
    const bodies: string[] = [];
    const keep = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      bodies.push((await buffer(request)).toString());
      response.end();
    };
    const { url, requests } = await serve(t, (request, response) => {
      void keep(request, response);
    });
    await probe.ask(
      get(url, { method: 'POST', body: Buffer.from('{"q":"ä"}'), headers: { 'content-length': '1', 'transfer-encoding': 'chunked' } }),
    );
    await probe.ask(get(url, { method: 'POST' }));
    assert.deepEqual(bodies, ['{"q":"ä"}', '']);
    assert.deepEqual(
      requests.map(({ headers }) => headers['content-length']),
      ['10', '0'],
    );
  });

  test('names the user of the URL, unless the headers name another', async (t) => {
    const { url, requests } = await serve(t, (_, response) => response.end());
    const withUser = url.replace('//', '//us%C3%A9r:pa%40ss@');
    await probe.ask(get(withUser));
    await probe.ask(get(withUser, { headers: { authorization: 'Bearer x' } }));
    assert.deepEqual(
      requests.map(({ headers }) => headers['authorization']),
      [`Basic ${Buffer.from('usér:pa@ss').toString('base64')}`, 'Bearer x'],
    );
  });

  test('may have a path of ten thousand letters', async (t) => {
    const { url, requests } = await serve(t, (_, response) => response.end());
    const path = `/${'x'.repeat(10_000)}`;
    assert.equal((await probe.ask(get(`${url}${path}`))).http?.status, 200);
    assert.equal(requests[0]?.path, path);
  });

  test('is nothing where a header cannot be written, and its value stays untold', async (t) => {
    const { url, requests } = await serve(t, (_, response) => response.end());
    for (const headers of [{ authorization: 'secret\r\nx: y' }, { authorization: 'secret\u0000' }, { 'a b': 'secret' }, { x: 'secret€' }]) {
      const { trouble } = await probe.ask(get(url, { headers }));
      assert.equal(trouble?.code, 'HTTP_PROTOCOL');
      assert.doesNotMatch(trouble.detail, /secret/);
    }
    assert.equal(requests.length, 0);
  });

  test('is nothing where the URL is none', async () => {
    for (const url of ['', 'nonsense', 'ftp://127.0.0.1/', 'http://', 'http://127.0.0.1:99999/']) {
      assert.equal((await probe.ask(get(url))).trouble?.code, 'HTTP_PROTOCOL', url);
    }
  });
});

suite('what comes', () => {
  test('keeps each header as often as it was sent, whatever its name', async (t) => {
    const url = await serveRaw(t, (socket) =>
      socket.end('HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nset-cookie: b\r\n__proto__: c\r\nconstructor: d\r\ncontent-length: 0\r\n\r\n'),
    );
    const headers = (await probe.ask(get(url))).http?.headers;
    assert.deepEqual(Object.entries(headers ?? {}), [
      ['set-cookie', ['a', 'b']],
      ['__proto__', ['c']],
      ['constructor', ['d']],
      ['content-length', ['0']],
    ]);
  });

  test('keeps all headers, however many there are', async (t) => {
    const url = await serveRaw(t, (socket) =>
      socket.end(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(2500)}last: c\r\ncontent-length: 0\r\n\r\n`),
    );
    const headers = (await probe.ask(get(url))).http?.headers;
    assert.deepEqual([headers?.['a']?.length, headers?.['last']], [2500, ['c']]);
  });

  test('is an answer with any status, and no redirect is followed', async (t) => {
    for (const status of [302, 404, 500, 999]) {
      const url = await serveRaw(t, (socket) => socket.end(`HTTP/1.1 ${status} X\r\nlocation: /elsewhere\r\ncontent-length: 2\r\n\r\nok`));
      const answer = await probe.ask(get(url));
      assert.deepEqual([answer.trouble, answer.http?.status, textOf(answer)], [null, status, 'ok']);
    }
  });

  test('may be announced before it comes', async (t) => {
    const url = await serveRaw(t, (socket) =>
      socket.end('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
    );
    const answer = await probe.ask(get(url));
    assert.deepEqual([answer.trouble, answer.http?.status, textOf(answer)], [null, 200, 'ok']);
  });

  test('may end with the connection, and be empty', async (t) => {
    for (const body of ['', 'ok', 'x'.repeat(MAX_BODY_BYTES)]) {
      const url = await serveRaw(t, (socket) => socket.end(`HTTP/1.0 200 OK\r\n\r\n${body}`));
      const answer = await probe.ask(get(url));
      assert.deepEqual([answer.trouble, textOf(answer)], [null, body]);
    }
  });

  test('has no body after HEAD, whatever its headers promise', async (t) => {
    const { url } = await serve(t, (_, response) => response.writeHead(200, { 'content-length': 5, 'content-encoding': 'gzip' }).end());
    const answer = await probe.ask(get(url, { method: 'HEAD' }));
    assert.deepEqual([answer.trouble, answer.http?.status, textOf(answer)], [null, 200, '']);
  });

  test('keeps what had come when it broke off', async (t) => {
    const url = await serveRaw(t, (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nhalf of it'));
    const answer = await probe.ask(get(url));
    assert.deepEqual([answer.trouble?.code, answer.http?.status, textOf(answer)], ['HTTP_TRUNCATED', 200, 'half of it']);
  });

  const RUDE: Readonly<Record<string, readonly [string, string]>> = {
    'switches protocols unasked': ['HTTP_PROTOCOL', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
    'has a length and chunks': [
      'HTTP_PROTOCOL',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    ],
    'has one length twice': ['HTTP_PROTOCOL', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\nok'],
    'has a NUL in a header': ['HTTP_PROTOCOL', 'HTTP/1.1 200 OK\r\nx: a\0b\r\ncontent-length: 2\r\n\r\nok'],
    'has lines without CR': ['HTTP_PROTOCOL', 'HTTP/1.1 200 OK\ncontent-length: 2\n\nok'],
    'has a body after 204': ['HTTP_PROTOCOL', 'HTTP/1.1 204 No Content\r\n\r\nok'],
    'goes on after its last chunk': ['HTTP_PROTOCOL', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nmore'],
    'says a lot about a chunk': [
      'HTTP_PROTOCOL',
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;${'x'.repeat(20_000)}\r\nok\r\n0\r\n\r\n`,
    ],
    'ends in its headers': ['NET_RESET', 'HTTP/1.1 200 OK\r\ncontent-le'],
    'is nothing at all': ['NET_RESET', ''],
    'is no HTTP': ['HTTP_PROTOCOL', '220 mail.example ESMTP\r\n'],
  };
  for (const [what, [code, bytes]] of Object.entries(RUDE)) {
    test(`is ${code} where it ${what}`, async (t) => {
      const url = await serveRaw(t, (socket) => socket.end(bytes, 'latin1'));
      assert.equal((await probe.ask(get(url))).trouble?.code, code);
    });
  }
});

suite('a body', () => {
  test('may be exactly as large as is allowed', async (t) => {
    const { url } = await serve(t, (_, response) => response.end(Buffer.alloc(1000, 'x')));
    assert.equal((await probe.ask(get(url, { maxBodyBytes: 1000 }))).trouble, null);
    const over = await probe.ask(get(url, { maxBodyBytes: 999 }));
    assert.deepEqual([over.trouble?.code, over.http?.body.length], ['HTTP_TOO_LARGE', 999]);
  });

  test('that never ends is not read on', async (t) => {
    const closed = Promise.withResolvers<void>();
    let sentBytes = 0;
    const url = await serveRaw(t, (socket) => {
      socket.on('close', () => closed.resolve());
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const more = (): void => {
        while (socket.writable && socket.write(Buffer.alloc(65_536))) sentBytes += 65_536;
      };
      socket.on('drain', more);
      more();
    });
    const answer = await probe.ask(get(url));
    assert.deepEqual([answer.trouble?.code, answer.http?.body.length], ['HTTP_TOO_LARGE', MAX_BODY_BYTES]);
    await closed.promise;
    assert.ok(sentBytes < 1 << 26, `${sentBytes} bytes were sent`);
  });

  test('in a million pieces is held in one', () => {
    const body = new Body(MAX_BODY_BYTES);
    for (let at = 0; at < MAX_BODY_BYTES; at += 1) assert.ok(body.add(Uint8Array.of(at)));
    assert.equal(body.add(Uint8Array.of(1)), false);
    const bytes = body.bytes();
    assert.deepEqual([bytes.length, bytes[255], bytes[65_535]], [MAX_BODY_BYTES, 255, 255]);
    assert.equal(bytes.buffer.byteLength, MAX_BODY_BYTES);
  });

  const TEXT = Buffer.from('{"status":"ok"}');
  const CODINGS: Readonly<Record<string, readonly [string, Uint8Array]>> = {
    gzip: ['gzip', gzipSync(TEXT)],
    'gzip in capitals': ['X-GZIP', gzipSync(TEXT)],
    deflate: ['deflate', deflateSync(TEXT)],
    'deflate without its frame': ['deflate', deflateRawSync(TEXT)],
    brotli: ['br', brotliCompressSync(TEXT)],
    zstd: ['zstd', zstdCompressSync(TEXT)],
    'two of them': ['gzip, br', brotliCompressSync(gzipSync(TEXT))],
    'none by name': ['identity', TEXT],
  };
  for (const [name, [coding, bytes]] of Object.entries(CODINGS)) {
    test(`that comes compressed unasked is read: ${name}`, async (t) => {
      const { url } = await serve(t, (_, response) => sendText(response, bytes, { headers: { 'content-encoding': coding } }));
      const answer = await probe.ask(get(url));
      assert.deepEqual([answer.trouble, textOf(answer)], [null, TEXT.toString()]);
    });
  }

  const UNREADABLE: Readonly<Record<string, readonly [string, string, Uint8Array]>> = {
    'an unknown way': ['HTTP_ENCODING', 'compress', TEXT],
    'a name of the prototype': ['HTTP_ENCODING', 'constructor', TEXT],
    'half of it missing': ['HTTP_ENCODING', 'gzip', gzipSync(TEXT).subarray(0, 20)],
    'three times': ['HTTP_ENCODING', 'gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(TEXT)))],
    'a bomb': ['HTTP_TOO_LARGE', 'gzip', gzipSync(Buffer.alloc(20_000_000))],
    'a bomb in a bomb': ['HTTP_TOO_LARGE', 'gzip, gzip', gzipSync(gzipSync(Buffer.alloc(20_000_000)))],
    'a bomb of brotli': ['HTTP_TOO_LARGE', 'br', brotliCompressSync(Buffer.alloc(20_000_000))],
  };
  for (const [name, [code, coding, bytes]] of Object.entries(UNREADABLE)) {
    test(`that cannot be decompressed is ${code}, and is not shown as it came: ${name}`, async (t) => {
      const { url } = await serve(t, (_, response) => sendText(response, bytes, { headers: { 'content-encoding': coding } }));
      const answer = await probe.ask(get(url));
      assert.deepEqual([answer.trouble?.code, answer.http?.status, textOf(answer)], [code, 200, '']);
    });
  }
});
