// Each kind against a real server on loopback, asked by the real probe: what it wants to know can be asked, and is answered.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Answer } from '../../../src/answer.ts';
import type { Judgement } from '../../../src/checks/inquiry.ts';
import type { CheckKind, Entry } from '../../../src/checks/kinds/kind.ts';
import cors from '../../../src/checks/kinds/cors.ts';
import dns from '../../../src/checks/kinds/dns.ts';
import http from '../../../src/checks/kinds/http.ts';
import tcp from '../../../src/checks/kinds/tcp.ts';
import { probe } from '../../../src/platform/probe/probe.ts';
import { inquiryOf, judgeAll, PLACE } from '../../contracts/check-kind.ts';
import { CORS_FAULTS } from '../../fakes/faults/cors-faults.ts';
import { startName } from '../../fakes/faults/dns-faults.ts';
import { siteWith, type Faulty } from '../../fakes/faults/fault.ts';
import { COMMIT, FOREIGN_ORIGIN, ORIGIN } from '../../fakes/faults/healthy-service.ts';

let service: Faulty;
before(async () => {
  service = await siteWith({}, { lines: [] });
});
after(() => service.close());

const CORS: Entry = {
  cors: { path: '/repo/tree', origin: ORIGIN, method: 'POST', headers: ['content-type'], credentials: true, denies: FOREIGN_ORIGIN },
};

async function judge(kind: CheckKind, entry: Entry, url = service.url): Promise<readonly Judgement[]> {
  const inquiry = await inquiryOf(kind, entry, { ...PLACE, service: { ...PLACE.service, url } });
  const answers: Answer[] = [];
  for (const { question } of inquiry.asks) answers.push(await probe.ask(question, new AbortController().signal));
  for (const { trouble } of answers) assert.equal(trouble, null);
  return judgeAll(inquiry, answers).filter(({ verdict }) => verdict !== 'pass');
}

test('a healthy service passes', async () => {
  const expect = {
    json: { '$.entries': { type: 'array', min_items: 1 }, '$.commit': COMMIT },
    headers: { 'x-powered-by': { absent: true } },
  };
  assert.deepEqual(await judge(http, { get: '/repo/tree', expect }), []);
  assert.deepEqual(await judge(http, { head: '/healthz' }), []);
  assert.deepEqual(await judge(http, { post: '/nowhere', body: { json: {} }, expect: { status: 404 } }), []);
  assert.deepEqual(await judge(cors, CORS), []);
  assert.deepEqual(await judge(tcp, { tcp: `127.0.0.1:${service.port}` }), []);
});

test('a name with the right record passes, and one with another does not', async () => {
  const named = await startName(() => ['203.0.113.7']);
  const ask = (includes: string): Promise<readonly Judgement[]> =>
    judge(dns, { dns: { name: 'service.example', type: 'A', server: `127.0.0.1:${named.port}`, includes: [includes] } });
  assert.deepEqual(await ask('203.0.113.7'), []);
  assert.equal((await ask('203.0.113.8'))[0]?.code, 'DNS_RECORD');
  await named.close();
});

for (const fault of CORS_FAULTS) {
  test(`a server with the fault ${fault.name} is found out`, async () => {
    const faulty = await fault.start();
    const [first] = await judge(cors, CORS, faulty.url);
    assert.deepEqual([first?.verdict, first?.code], [fault.expect.verdict, fault.expect.code]);
    await faulty.close();
  });
}
