import type { TlsOptions } from 'node:tls';
import { authority, certificate, type Wanted } from './certificates.ts';
import { HEALTH, secureSite, site, type Expected, type Fault, type Faulty } from './fault.ts';
import { serviceOf } from './healthy-service.ts';
import { listenHttp } from './listening.ts';

export const TLS_FAULTS: readonly Fault[] = [
  shown('expired', 'TLS_EXPIRED', { fromDays: -30, toDays: -1 }),
  shown('not-yet-valid', 'TLS_NOT_YET_VALID', { fromDays: 1, toDays: 30 }),
  {
    name: 'three-days-left',
    group: 'tls',
    start: () => startTls({ toDays: 3 }),
    expect: { check: 'tls', verdict: 'fail', code: 'TLS_EXPIRES_SOON' },
  },
  shown('wrong-host', 'TLS_WRONG_HOST', { names: ['DNS:other.example'], commonName: 'other.example' }),
  shown('common-name-only', 'TLS_WRONG_HOST', { names: [], commonName: '127.0.0.1' }),
  shown('self-signed', 'TLS_SELF_SIGNED', { issuer: 'itself' }),
  shown('unknown-authority', 'TLS_UNTRUSTED', { issuer: 'stranger' }),
  // Level 0, because at the usual one OpenSSL itself refuses what it then should speak.
  shown('tls-1-1-only', 'TLS_OLD_PROTOCOL', {}, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }),
  shown('client-certificate-wanted', 'TLS_CLIENT_CERT', {}, { requestCert: true, rejectUnauthorized: true }),
  {
    name: 'plain-http-on-the-tls-port',
    group: 'tls',
    start: async () => site({ listening: await listenHttp(serviceOf()), ca: (await authority()).cert, lines: HEALTH }),
    expect: { check: 'health', verdict: 'fail', code: 'TLS_NOT_TLS' },
  },
];

function shown(name: string, code: Expected['code'], wanted: Wanted, options: TlsOptions = {}): Fault {
  return { name, group: 'tls', start: () => startTls(wanted, options), expect: { check: 'health', verdict: 'fail', code } };
}

export async function startTls(wanted: Wanted, options: TlsOptions = {}): Promise<Faulty> {
  const [{ cert: ca }, pair] = await Promise.all([authority(), certificate(wanted)]);
  return secureSite({ ...pair, ...options }, { ca, lines: HEALTH });
}
