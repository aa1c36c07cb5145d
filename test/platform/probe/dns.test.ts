import assert from 'node:assert/strict';
import { test } from 'node:test';
import { probe } from '../../../src/platform/probe/probe.ts';
import { startDns } from '../../fakes/faults/dns-server.ts';
import { dns, during } from './asking.ts';

test('records are told sorted', async (t) => {
  const { port, requests } = await during(
    t,
    startDns(() => ['203.0.113.7', '198.51.100.9']),
  );
  const answer = await probe.ask(dns(port));
  assert.deepEqual([answer.trouble, answer.records], [null, ['198.51.100.9', '203.0.113.7']]);
  assert.ok(answer.phases.dnsMs !== null);
  assert.deepEqual(
    requests.map(({ path }) => path),
    ['service.example'],
  );
});

test('a name without such a record has none, which is an answer', async (t) => {
  const { port } = await during(
    t,
    startDns(() => []),
  );
  const answer = await probe.ask(dns(port));
  assert.deepEqual([answer.trouble, answer.records], [null, []]);
});

test('a server is asked once: asking again is for whoever asked', async (t) => {
  const { port, requests } = await during(
    t,
    startDns(() => 'SILENCE'),
  );
  assert.equal((await probe.ask(dns(port))).trouble?.code, 'DNS_FAILED');
  assert.equal(requests.length, 1);
});

test('what is no name, or no server, is trouble', async () => {
  assert.equal((await probe.ask(dns(53, { name: 'a b' }))).trouble?.code, 'DNS_NOT_FOUND');
  assert.equal((await probe.ask(dns(53, { name: '' }))).trouble?.code, 'DNS_NOT_FOUND');
  assert.equal((await probe.ask(dns(53, { server: 'nowhere' }))).trouble?.code, 'DNS_FAILED');
  assert.equal((await probe.ask(dns(53, { server: '127.0.0.1:99999' }))).trouble?.code, 'DNS_FAILED');
});
