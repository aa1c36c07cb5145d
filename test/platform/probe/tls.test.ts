import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { suite, test } from 'node:test';
import type { TlsOptions } from 'node:tls';
import { describeCertificate, judgeCertificate } from '../../../src/platform/probe/certificate.ts';
import { probe } from '../../../src/platform/probe/probe.ts';
import { authority, certificate, type Wanted } from '../../fakes/faults/certificates.ts';
import { listenTcp } from '../../fakes/faults/listening.ts';
import { startTls } from '../../fakes/faults/tls-faults.ts';
import { during, get, tls } from './asking.ts';

suite('a handshake', () => {
  test('shows the certificate and says nothing', async (t) => {
    const { port, ca, requests } = await during(t, startTls({}));
    const { trouble, certificate, phases, http } = await probe.ask(tls(port, { ca }));
    assert.equal(trouble, null);
    assert.equal(certificate?.subject, 'CN=localhost');
    assert.equal(certificate.issuer, 'CN=Test authority');
    assert.deepEqual(certificate.names, ['DNS:localhost', 'IP Address:127.0.0.1']);
    assert.equal(certificate.protocol, 'TLSv1.3');
    assert.ok(phases.tlsMs !== null && phases.ttfbMs === null && http === null);
    assert.equal(requests.length, 0);
  });

  const OPTIONS: Readonly<Record<string, readonly [string | null, TlsOptions]>> = {
    'TLS 1.2': [null, { maxVersion: 'TLSv1.2' }],
    'TLS 1.1': ['TLS_OLD_PROTOCOL', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }],
    'only ciphers for another key': ['TLS_OLD_PROTOCOL', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' }],
    'a certificate of the client needed, TLS 1.3': ['TLS_CLIENT_CERT', { requestCert: true, rejectUnauthorized: true }],
    'a certificate of the client needed, TLS 1.2': [
      'TLS_CLIENT_CERT',
      { requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' },
    ],
    'a certificate of the client welcome': [null, { requestCert: true, rejectUnauthorized: false }],
  };
  for (const [name, [code, options]] of Object.entries(OPTIONS)) {
    test(`is ${code ?? 'in order'} with ${name}, whether or not a request would follow`, async (t) => {
      const { port, ca, question } = await during(t, startTls({}, options));
      assert.equal((await probe.ask(tls(port, { ca }))).trouble?.code ?? null, code);
      assert.equal((await probe.ask(question)).trouble?.code ?? null, code);
    });
  }

  test('is in order with one that has only HTTP/2, and a request cannot follow', async (t) => {
    const { port, ca, question } = await during(t, startTls({}, { ALPNProtocols: ['h2'] }));
    assert.equal((await probe.ask(tls(port, { ca }))).trouble, null);
    assert.equal((await probe.ask(question)).trouble?.code, 'HTTP_PROTOCOL');
  });

  const ALERT = (number: number): Buffer => Buffer.from([21, 3, 3, 0, 2, 2, number]);
  const PEERS: Readonly<Record<string, readonly [string, (socket: Socket) => void]>> = {
    'says nothing': ['NET_TIMEOUT_TLS', () => {}],
    'greets like SSH': ['TLS_NOT_TLS', (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n')],
    'sends zeros': ['TLS_NOT_TLS', (socket) => socket.write(Buffer.alloc(64))],
    closes: ['NET_RESET', (socket) => socket.once('data', () => socket.end())],
    resets: ['NET_RESET', (socket) => socket.once('data', () => socket.resetAndDestroy())],
    'does not know the name': ['TLS_WRONG_HOST', (socket) => socket.once('data', () => socket.end(ALERT(112)))],
    'wants another version': ['TLS_OLD_PROTOCOL', (socket) => socket.once('data', () => socket.end(ALERT(70)))],
    'has a fault of its own': ['NET_RESET', (socket) => socket.once('data', () => socket.end(ALERT(80)))],
  };
  for (const [what, [code, talk]] of Object.entries(PEERS)) {
    test(`is ${code} with one that ${what}`, async (t) => {
      const { port } = await during(t, listenTcp(talk));
      const { trouble } = await probe.ask(tls(port));
      assert.equal(trouble?.code, code, trouble?.detail);
    });
  }

  test('trusts what the question trusts, beside the roots of the system and not for the next question', async (t) => {
    const { url, ca } = await during(t, startTls({}));
    assert.equal((await probe.ask(get(`${url}/healthz`, { ca }))).trouble, null);
    assert.equal((await probe.ask(get(`${url}/healthz`))).trouble?.code, 'TLS_UNTRUSTED');
    assert.equal((await probe.ask(get(`${url}/healthz`, { ca: 'no certificate' }))).trouble?.code, 'TLS_UNTRUSTED');
  });

  test('trusts a certificate that is itself what the question trusts', async (t) => {
    const { cert } = await certificate({ issuer: 'itself' });
    const { url } = await during(t, startTls({ issuer: 'itself' }));
    assert.equal((await probe.ask(get(`${url}/healthz`, { ca: cert }))).trouble, null);
  });
});

suite('of a certificate with several faults the first is named', () => {
  const FAULTS: Readonly<Record<string, readonly [string, Wanted]>> = {
    'expired, by itself, for another host': ['TLS_EXPIRED', { fromDays: -9, toDays: -1, issuer: 'itself', names: ['DNS:other.example'] }],
    'expired, by a stranger': ['TLS_EXPIRED', { fromDays: -9, toDays: -1, issuer: 'stranger' }],
    'not yet valid, by a stranger, for another host': ['TLS_NOT_YET_VALID', { fromDays: 1, issuer: 'stranger', names: [] }],
    'by itself, for another host': ['TLS_SELF_SIGNED', { issuer: 'itself', names: ['DNS:other.example'] }],
    'by a stranger, for another host': ['TLS_UNTRUSTED', { issuer: 'stranger', names: ['DNS:other.example'] }],
  };
  for (const [name, [code, wanted]] of Object.entries(FAULTS)) {
    test(`${code}: ${name}`, async (t) => {
      const { question } = await during(t, startTls(wanted));
      assert.equal((await probe.ask(question)).trouble?.code, code);
    });
  }
});

suite('a name', () => {
  const NAMES: readonly (readonly [string, string, boolean])[] = [
    ['DNS:service.example', 'service.example', true],
    ['DNS:service.example', 'SERVICE.example', true],
    ['DNS:*.example.org', 'a.example.org', true],
    ['DNS:*.example.org', 'a.b.example.org', false],
    ['DNS:*.example.org', 'example.org', false],
    ['DNS:a*.example.org', 'ab.example.org', false],
    ['IP:203.0.113.7', '203.0.113.7', true],
    ['DNS:203.0.113.7', '203.0.113.7', false],
    ['IP:2001:db8::7', '2001:db8:0:0::7', true],
    ['', 'service.example', false],
  ];
  for (const [name, host, isRight] of NAMES) {
    test(`${host} is ${isRight ? '' : 'not '}among ${name === '' ? 'no names, only a common name' : name}`, async () => {
      const shown = new X509Certificate((await certificate({ names: name === '' ? [] : [name], commonName: 'service.example' })).cert);
      const refusal = judgeCertificate({ certificate: shown, host, reason: null, nowMs: Date.now() });
      assert.equal(refusal?.trouble.code ?? null, isRight ? null : 'TLS_WRONG_HOST');
    });
  }

  test('cannot pass itself off as two', async () => {
    const shown = new X509Certificate((await certificate({ names: ['DNS:a.example', 'URI:https://b.example/, DNS:evil.example'] })).cert);
    const { names } = describeCertificate(shown, null);
    assert.equal(names.length, 2);
    assert.equal(names[0], 'DNS:a.example');
  });
});

test('a chain whose authority has expired says so, and not that the host is unknown', async () => {
  const shown = new X509Certificate((await certificate({})).cert);
  const refusal = judgeCertificate({ certificate: shown, host: 'elsewhere', reason: 'CERT_HAS_EXPIRED', nowMs: Date.now() });
  assert.equal(refusal?.trouble.code, 'TLS_EXPIRED');
});

test('the authority is made once in a process', async () => {
  assert.equal(await authority(), await authority());
});
