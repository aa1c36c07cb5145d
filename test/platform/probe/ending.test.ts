import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import process from 'node:process';
import { suite, test } from 'node:test';
import { SophiaError } from '../../../src/errors.ts';
import { probe } from '../../../src/platform/probe/probe.ts';
import { FAULTS } from '../../fakes/faults/fault-server.ts';
import { listenRaw, listenTcp } from '../../fakes/faults/listening.ts';
import { startDns } from '../../fakes/faults/dns-server.ts';
import { dns, during, get, tcp, tls } from './asking.ts';

const STOPPED = new SophiaError('INTERRUPTED', { signal: 'SIGINT' });
const LONG = { timeoutMs: 60_000, connectTimeoutMs: 60_000 };

suite('a stopped run ends a question with its reason', () => {
  test('before it is asked', async () => {
    await assert.rejects(probe.ask(tcp(1), AbortSignal.abort(STOPPED)), STOPPED);
  });

  test('in the handshake, and the connection is closed', async (t) => {
    const stop = new AbortController();
    const closed = Promise.withResolvers<void>();
    const { port } = await during(
      t,
      listenTcp((socket) => {
        socket.on('close', () => closed.resolve());
        socket.once('data', () => stop.abort(STOPPED));
      }),
    );
    await assert.rejects(probe.ask(tls(port, LONG), stop.signal), STOPPED);
    await closed.promise;
  });

  test('before the answer began', async (t) => {
    const stop = new AbortController();
    const closed = Promise.withResolvers<void>();
    const { port } = await during(
      t,
      listenRaw((socket) => {
        socket.on('close', () => closed.resolve());
        stop.abort(STOPPED);
      }),
    );
    await assert.rejects(probe.ask(get(`http://127.0.0.1:${port}/`, LONG), stop.signal), STOPPED);
    await closed.promise;
  });

  test('in the middle of an answer', async (t) => {
    const stop = new AbortController();
    const talked = Promise.withResolvers<Socket>();
    const { port } = await during(
      t,
      listenRaw((socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nok');
        talked.resolve(socket);
      }),
    );
    const asking = probe.ask(get(`http://127.0.0.1:${port}/`, LONG), stop.signal);
    const socket = await talked.promise;
    const closed = Promise.withResolvers<void>();
    socket.on('close', () => closed.resolve());
    stop.abort(STOPPED);
    await assert.rejects(asking, STOPPED);
    await closed.promise;
  });

  test('while a name server says nothing', async (t) => {
    const stop = new AbortController();
    const { port } = await during(
      t,
      startDns(() => {
        stop.abort(STOPPED);
        return 'SILENCE';
      }),
    );
    await assert.rejects(probe.ask(dns(port, LONG), stop.signal), STOPPED);
  });
});

test('nothing is left after an answer: no socket, no timer, no listener', async (t) => {
  const { signal } = new AbortController();
  let listeners = 0;
  const counted = Object.assign(Object.create(signal) as AbortSignal, {
    throwIfAborted: () => signal.throwIfAborted(),
    addEventListener: () => (listeners += 1),
    removeEventListener: () => (listeners -= 1),
  });
  const timersBefore = timersIn(process.getActiveResourcesInfo());
  for (const name of ['silent-after-headers', 'body-over-the-cap', 'reset', 'expired', 'client-certificate-wanted', 'dns-timeout']) {
    const faulty = await during(t, FAULTS.find((fault) => fault.name === name)!.start());
    await probe.ask(faulty.question, counted);
  }
  assert.equal(listeners, 0);
  assert.equal(timersIn(process.getActiveResourcesInfo()), timersBefore);
});

function timersIn(resources: readonly string[]): number {
  return resources.filter((name) => name === 'Timeout').length;
}
