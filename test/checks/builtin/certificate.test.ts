import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Certificate } from '../../../src/answer.ts';
import { inquireCertificate } from '../../../src/checks/builtin/certificate.ts';
import { judgePlace } from '../../../src/checks/judge.ts';
import type { Finding } from '../../../src/outcome.ts';
import { answer, GROUND, place, trouble } from '../answers.ts';

const SHOWN: Certificate = {
  subject: 'CN=app.example',
  issuer: 'CN=an authority',
  names: ['DNS:app.example'],
  validFrom: '2026-10-01T00:00:00.000Z',
  validTo: '2026-12-30T00:00:00.000Z',
  sha256: 'ab',
  protocol: 'TLSv1.3',
};
const RULE = { minDays: 7, warnDays: 21, ca: null };

function judge(given: Parameters<typeof answer>[0]): Finding {
  const attempts = [[answer(given)]];
  return judgePlace(place({ check: 'tls' }), { kind: 'asked', inquiry: inquireCertificate(RULE, GROUND), attempts }, () => true);
}

suite('the certificate of a service', () => {
  test('passes while it holds long enough', () => {
    assert.equal(judge({ certificate: SHOWN }).verdict, 'pass');
  });

  test('warns when its days are few, and fails when they are fewer', () => {
    const ending = (validTo: string): Finding => judge({ certificate: { ...SHOWN, validTo } });
    assert.deepEqual([ending('2026-12-10T00:00:00.000Z').verdict, ending('2026-12-10T00:00:00.000Z').code], ['warn', 'TLS_EXPIRES_SOON']);
    assert.deepEqual([ending('2026-11-25T00:00:00.000Z').verdict, ending('2026-11-25T00:00:00.000Z').code], ['fail', 'TLS_EXPIRES_SOON']);
  });

  test('that was not shown is unknown', () => {
    assert.equal(judge({}).verdict, 'unknown');
  });

  test('that the handshake refused fails with its code', () => {
    assert.deepEqual([judge(trouble('TLS_EXPIRED')).verdict, judge(trouble('TLS_EXPIRED')).code], ['fail', 'TLS_EXPIRED']);
  });
});
