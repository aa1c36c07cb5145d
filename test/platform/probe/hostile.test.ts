import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { probe } from '../../../src/platform/probe/probe.ts';
import { listenTcp } from '../../fakes/faults/listening.ts';
import { extent } from '../../extent.ts';
import { during, get, tls } from './asking.ts';

const ANSWERS = [
  'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello',
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx: y\r\n\r\n',
  'HTTP/1.1 301 X\r\nlocation: /\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc',
  'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n',
] as const;

/** An answer with some of its bytes replaced, sent in two pieces, and how the connection ends. */
interface Hostile {
  readonly answer: Uint8Array;
  readonly changes: readonly (readonly [at: number, put: Uint8Array])[];
  readonly cut: number;
  /** Before anything was asked. */
  readonly isEarly: boolean;
  readonly ending: 'end' | 'reset' | 'stay';
}

const hostile: fc.Arbitrary<Hostile> = fc.record({
  answer: fc.constantFrom(...ANSWERS).map((text) => Buffer.from(text)),
  changes: fc.array(fc.tuple(fc.nat(200), fc.uint8Array({ maxLength: 3 })), { maxLength: 4 }),
  cut: fc.nat(100),
  isEarly: fc.boolean(),
  ending: fc.constantFrom('end', 'reset', 'stay'),
});

test('whatever a server sends, there is an answer', async (t) => {
  let next: Hostile | null = null;
  const { port } = await during(
    t,
    listenTcp((socket) => {
      socket.on('end', () => socket.destroy());
      if (next !== null) talk(socket, next);
    }),
  );
  const limits = { timeoutMs: 40, connectTimeoutMs: 30 };
  const questions = [
    get(`http://127.0.0.1:${port}/`, limits),
    get(`http://127.0.0.1:${port}/`, { ...limits, method: 'POST', body: Buffer.alloc(300_000), maxBodyBytes: 4 }),
    get(`https://127.0.0.1:${port}/`, limits),
    tls(port, limits),
  ];
  await fc.assert(
    fc.asyncProperty(hostile, fc.constantFrom(...questions), async (sent, question) => {
      next = sent;
      const { trouble, http, phases } = await probe.ask(question);
      assert.ok(trouble !== null || http !== null);
      assert.ok((http?.body.length ?? 0) <= (question.kind === 'http' ? question.maxBodyBytes : 0));
      assert.ok(phases.totalMs >= 0);
    }),
    { numRuns: extent(1000, 100) },
  );
});

function talk(socket: Socket, { answer, changes, cut, isEarly, ending }: Hostile): void {
  let bytes = answer;
  for (const [at, put] of changes) bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + put.length)]);
  const send = (): void => {
    socket.write(bytes.subarray(0, cut));
    if (ending === 'reset') socket.resetAndDestroy();
    else if (ending === 'end') socket.end(bytes.subarray(cut));
    else socket.write(bytes.subarray(cut));
  };
  socket.resume();
  if (isEarly) send();
  else socket.once('data', send);
}

const FIRST = [
  'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello',
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  'HTTP/1.1 204 No Content\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello',
];

async function answerTo(t: TestContext, text: string, end: (socket: Socket) => void): Promise<string | null> {
  const { port } = await during(
    t,
    listenTcp((socket) => {
      socket.once('data', () => {
        socket.write(text);
        end(socket);
      });
    }),
  );
  return (await probe.ask(get(`http://127.0.0.1:${port}/`))).trouble?.code ?? null;
}

test('a second answer that follows the first is no part of HTTP', async (t) => {
  for (const first of FIRST)
    for (const second of FIRST.slice(0, 3)) assert.equal(await answerTo(t, first + second, () => {}), 'HTTP_PROTOCOL', first + second);
});

test('one answer is whole however its connection ends', async (t) => {
  const ends: ((socket: Socket) => void)[] = [() => {}, (socket) => socket.end(), (socket) => socket.destroySoon()];
  for (const first of FIRST) for (const end of ends) assert.equal(await answerTo(t, first, end), null, first);
});
