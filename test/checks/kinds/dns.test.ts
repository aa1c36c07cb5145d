import assert from 'node:assert/strict';
import { test } from 'node:test';
import dns from '../../../src/checks/kinds/dns.ts';
import type { JsonObject } from '../../../src/outcome.ts';
import { object, type Flaw } from '../../../src/shape.ts';
import { inquiryOf, PLACE } from '../../contracts/check-kind.ts';
import { answer, DEFAULTS, trouble } from '../answers.ts';

async function codeOf(rule: JsonObject, records: readonly string[] | null): Promise<string> {
  const { asks } = await inquiryOf(dns, { dns: { name: 'app.example', type: 'A', ...rule } });
  const [told] = asks[0]!.judge(answer({ records }));
  return told?.verdict === 'pass' ? 'pass' : `${told?.verdict} ${told?.code}`;
}

test('records are compared as their type has it', async () => {
  const cases: readonly (readonly [rule: JsonObject, records: readonly string[], expected: string])[] = [
    [{}, ['203.0.113.7'], 'pass'],
    [{}, [], 'fail DNS_RECORD'],
    [{ includes: ['203.0.113.7'] }, ['198.51.100.9', '203.0.113.7'], 'pass'],
    [{ includes: ['203.0.113.7', '203.0.113.8'] }, ['203.0.113.7'], 'fail DNS_RECORD'],
    [{ includes: ['203.0.113.7'] }, ['203.0.113.70'], 'fail DNS_RECORD'],
    [{ equals: ['203.0.113.7'] }, ['203.0.113.7', '198.51.100.9'], 'fail DNS_RECORD'],
    [{ equals: ['b.example', 'a.example.'], type: 'NS' }, ['A.example', 'b.EXAMPLE.'], 'pass'],
    [{ equals: ['2001:DB8:0::1'], type: 'AAAA' }, ['2001:db8::1'], 'pass'],
    [{ includes: ['v=spf1 -all'], type: 'TXT' }, ['v=SPF1 -all'], 'fail DNS_RECORD'],
    [{ absent: true }, [], 'pass'],
    [{ absent: true }, ['203.0.113.7'], 'fail DNS_RECORD'],
  ];
  for (const [rule, records, expected] of cases) assert.equal(await codeOf(rule, records), expected, JSON.stringify(rule));
  assert.equal(await codeOf({}, null), 'unknown DNS_FAILED');
});

test('a name that is not there is right only where it should not be', async () => {
  const gone = trouble('DNS_NOT_FOUND');
  const [wanted] = (await inquiryOf(dns, { dns: { name: 'a.example', type: 'A' } })).asks;
  assert.equal(wanted?.judgeTrouble?.(gone), null);
  const [unwanted] = (await inquiryOf(dns, { dns: { name: 'a.example', type: 'A', absent: true } })).asks;
  assert.equal(unwanted?.judgeTrouble?.(gone)?.[0]?.verdict, 'pass');
  assert.equal(unwanted?.judgeTrouble?.(trouble('DNS_FAILED')), null);
});

test('it asks the server that is named, or the system', async () => {
  const ask = async (rule: JsonObject): Promise<unknown> =>
    (await inquiryOf(dns, { dns: { name: 'a.example', type: 'MX', ...rule } })).asks[0]?.question;
  const { timeoutMs, connectTimeoutMs, family } = DEFAULTS;
  const question = { kind: 'dns', name: 'a.example', type: 'MX', timeoutMs, connectTimeoutMs, family };
  assert.deepEqual(await ask({ server: '127.0.0.1:5353' }), { ...question, server: '127.0.0.1:5353' });
  assert.deepEqual(await ask({}), { ...question, server: null });
  const filled = await dns.inquire({ dns: { name: 'a.example', type: 'A', server: 'nowhere' } }, PLACE);
  assert.ok('reason' in filled && filled.code === 'ENV_MISSING');
});

test('the file is told what cannot be asked', () => {
  const wrong: readonly (readonly [rule: JsonObject, pointer: string])[] = [
    [{ type: 'A' }, '/dns/name'],
    [{ name: 'a', type: 'PTR' }, '/dns/type'],
    [{ name: 'a', type: 'A', includes: [] }, '/dns/includes'],
    [{ name: 'a', type: 'A', includes: '1.2.3.4' }, '/dns/includes'],
    [{ name: 'a', type: 'A', server: 'ns.example:53' }, '/dns/server'],
    [{ name: 'a', type: 'A', server: '127.0.0.1' }, '/dns/server'],
    [{ name: 'a', type: 'A', absent: true, includes: ['1.2.3.4'] }, '/dns'],
  ];
  for (const [rule, pointer] of wrong) {
    const flaws: Flaw[] = [];
    assert.ok(!object({}, dns.fields).check({ dns: rule }, '', flaws), JSON.stringify(rule));
    assert.equal(flaws[0]?.pointer, pointer);
  }
});
