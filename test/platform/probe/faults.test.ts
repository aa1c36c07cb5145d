import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { probe } from '../../../src/platform/probe/probe.ts';
import { FAULTS, startHealthy, startHealthyTls } from '../../fakes/faults/fault-server.ts';
import { during } from './asking.ts';

/** What stops an exchange. All other codes are of what was answered in good order. */
const TROUBLE =
  /^(NET_|DNS_(FAILED|NOT_FOUND)|TLS_(EXPIRED|NOT_YET_VALID|WRONG_HOST|SELF_SIGNED|UNTRUSTED|OLD_PROTOCOL|NOT_TLS|CLIENT_CERT)|HTTP_(TRUNCATED|TOO_LARGE|PROTOCOL|ENCODING))/;

suite('a fault has its one code', () => {
  for (const fault of FAULTS) {
    const { code } = fault.expect;
    test(`${fault.group}: ${fault.name} is ${TROUBLE.test(code) ? code : 'an answer, to be judged by what it says'}`, async (t) => {
      const faulty = await during(t, fault.start());
      const answer = await probe.ask(faulty.question);
      assert.equal(answer.trouble?.code ?? null, TROUBLE.test(code) ? code : null, answer.trouble?.detail ?? 'no trouble');
      if (answer.trouble === null) assert.ok(answer.http !== null || answer.records !== null);
      else assert.doesNotMatch(answer.trouble.detail, /undefined|\[object/);
    });
  }
});

for (const [name, start] of Object.entries({ http: startHealthy, https: startHealthyTls })) {
  test(`a healthy service over ${name} is answered without trouble, phase by phase`, async (t) => {
    const { question, requests } = await during(t, start());
    const { trouble, http, phases, addresses } = await probe.ask(question);
    assert.equal(trouble, null);
    assert.equal(http?.status, 200);
    assert.deepEqual(
      addresses.map(({ address, trouble }) => ({ address, trouble })),
      [{ address: '127.0.0.1', trouble: null }],
    );
    const { totalMs, ...laps } = phases;
    const taken = Object.entries(laps).flatMap(([lap, ms]) => (ms === null ? [] : [lap]));
    assert.deepEqual(taken, ['connectMs', ...(name === 'https' ? ['tlsMs'] : []), 'ttfbMs', 'bodyMs']);
    const sum = Object.values(laps).reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
    assert.ok(sum <= totalMs + 0.01, `${sum} of ${totalMs} ms`);
    assert.equal(requests.length, 1);
  });
}

suite('a certificate that was not accepted', () => {
  const refused = FAULTS.filter(({ group, expect }) => group === 'tls' && expect.check === 'health');
  for (const fault of refused) {
    test(`${fault.name}: no request is sent, so no token either`, async (t) => {
      const { question, requests } = await during(t, fault.start());
      assert.equal(question.kind, 'http');
      await probe.ask({ ...question, headers: { authorization: 'Bearer a-token-for-tests' } });
      assert.equal(requests.length, 0);
    });
  }

  for (const name of [
    'expired',
    'not-yet-valid',
    'wrong-host',
    'common-name-only',
    'self-signed',
    'unknown-authority',
    'client-certificate-wanted',
  ]) {
    test(`${name}: it is reported all the same`, async (t) => {
      const { question } = await during(t, FAULTS.find((fault) => fault.name === name)!.start());
      const { certificate } = await probe.ask(question);
      assert.match(certificate?.sha256 ?? '', /^[0-9a-f]{64}$/);
      assert.match(certificate?.validTo ?? '', /^\d{4}-\d{2}-\d{2}T/);
      assert.match(certificate?.protocol ?? '', /^TLSv1\.[23]$/);
    });
  }
});
