import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Certificate } from '../../src/answer.ts';
import { judgeCertificate } from '../../src/checks/certificate.ts';
import tls from '../../src/checks/kinds/tls.ts';
import { object, type Flaw } from '../../src/shape.ts';
import { inquiryOf, PLACE } from '../contracts/check-kind.ts';

const AT = '2026-11-22T03:00:00.000Z';
const VALIDITY = { minDays: 7, warnDays: 21 };

function certificate(validTo: string, validFrom = '2026-01-01T00:00:00.000Z'): Certificate {
  return { subject: 'CN=app.example', issuer: 'CN=ca', names: ['DNS:app.example'], validFrom, validTo, sha256: 'ab', protocol: 'TLSv1.3' };
}

function judge(validTo: string, validFrom?: string): string {
  const [told, ...more] = judgeCertificate(certificate(validTo, validFrom), VALIDITY, AT);
  assert.deepEqual(more, []);
  return `${told?.verdict} ${told?.code ?? ''}`.trim();
}

test('whole days are left, and each bound is the first that is enough', () => {
  assert.equal(judge('2026-12-13T03:00:00.000Z'), 'pass');
  assert.equal(judge('2026-12-13T02:59:59.999Z'), 'warn TLS_EXPIRES_SOON');
  assert.equal(judge('2026-11-29T03:00:00.000Z'), 'warn TLS_EXPIRES_SOON');
  assert.equal(judge('2026-11-29T02:59:59.999Z'), 'fail TLS_EXPIRES_SOON');
  assert.equal(judge('2026-11-22T03:00:00.001Z'), 'fail TLS_EXPIRES_SOON');
  assert.equal(judge('2026-11-22T03:00:00.000Z'), 'fail TLS_EXPIRED');
  assert.equal(judge('2027-11-22T03:00:00.000Z', '2026-11-22T03:00:00.001Z'), 'fail TLS_NOT_YET_VALID');
});

test('a certificate without dates, or none at all, says nothing', () => {
  assert.equal(judge('soon'), 'unknown TLS_EXPIRES_SOON');
  assert.equal(judge('2027-01-01T00:00:00.000Z', ''), 'unknown TLS_EXPIRES_SOON');
  assert.equal(judgeCertificate(null, VALIDITY, AT)[0]?.verdict, 'unknown');
  assert.equal(judgeCertificate(certificate('2027-01-01T00:00:00Z'), VALIDITY, 'now')[0]?.verdict, 'unknown');
});

test('a check by name has bounds of its own, and else those of its service', async () => {
  const at = '2026-11-22T03:00:04.123Z';
  const verdictFor = async (rule: object): Promise<string | undefined> => {
    const { asks } = await inquiryOf(tls, { tls: { host: 'app.example', ...rule } });
    const answer = { at, certificate: certificate('2026-12-03T04:00:00.000Z') };
    return asks[0]!.judge({ ...answer, phases: {} as never, trouble: null, addresses: [], http: null, records: null })[0]?.verdict;
  };
  assert.equal(await verdictFor({}), 'warn');
  assert.equal(await verdictFor({ min_days: 14 }), 'fail');
  assert.equal(await verdictFor({ warn_days: 10 }), 'pass');
});

test('it asks the host and port it names, and trusts what its file holds', async () => {
  const place = { ...PLACE, fileText: (file: string) => `PEM of ${file}` };
  const { question } = (await inquiryOf(tls, { tls: { host: '::1', port: 8443, ca: './ca.pem' } }, place)).asks[0]!;
  assert.ok(question.kind === 'tls' && question.host === '::1' && question.port === 8443 && question.ca === 'PEM of ./ca.pem');
  assert.deepEqual(tls.files?.({ tls: { host: 'a', ca: './ca.pem' } }), ['./ca.pem']);
  const filled = await tls.inquire({ tls: { host: 'a b' } }, PLACE);
  assert.ok('reason' in filled && filled.code === 'ENV_MISSING');
});

test('the file is told of bounds that contradict each other', () => {
  const told = (rule: object): readonly string[] => {
    const flaws: Flaw[] = [];
    object({}, tls.fields).check({ tls: rule }, '', flaws);
    tls.meaning?.({ tls: rule }, { origins: [], hasUrl: true }, (pointer, message) => flaws.push({ pointer, message }));
    return flaws.map(({ pointer }) => pointer);
  };
  assert.deepEqual(told({ host: 'a', min_days: 7, warn_days: 21 }), []);
  assert.deepEqual(told({ host: 'a', min_days: 30, warn_days: 21 }), ['/tls/warn_days']);
  assert.deepEqual(told({ host: 'a', port: 70_000 }), ['/tls/port']);
  assert.deepEqual(told({ port: 443 }), ['/tls/host']);
});
