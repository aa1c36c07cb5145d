// Sigstore on loopback: a certificate authority, a log and a time stamping authority that really sign, with keys of this test.
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import {
  fulcioHandler,
  initializeCA,
  initializeCTLog,
  initializeTLog,
  initializeTSA,
  rekorHandler,
  rekorV2Handler,
  tsaHandler,
  type HandlerFn,
} from '@sigstore/mock';

export interface FakeSigstore {
  readonly url: string;
  /** As `--trusted-root` gets it. */
  readonly trustedRoot: TrustedRootJson;
  /** Of the log, for entries that the services above would not write. */
  readonly logKeys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  /** Requests so far, by path. */
  readonly requests: readonly string[];
  /** From now on every request is answered with this status, or as it should be again. */
  failWith(status: number | null): void;
}

export interface TrustedRootJson {
  mediaType: string;
  tlogs: LogJson[];
  ctlogs: LogJson[];
  certificateAuthorities: AuthorityJson[];
  timestampAuthorities: AuthorityJson[];
}

export interface LogJson {
  baseUrl: string;
  hashAlgorithm: string;
  publicKey: { rawBytes: string; keyDetails: string; validFor?: { start?: string; end?: string } };
  logId: { keyId: string };
}

export interface AuthorityJson {
  uri: string;
  certChain: { certificates: { rawBytes: string }[] };
  validFor: { start?: string; end?: string };
}

const START = '2020-01-01T00:00:00Z';
export const ISSUER = 'https://issuer.example';
export const SUBJECT = 'https://ci.example/acme/app/seal.yml@refs/heads/main';

export async function startSigstore(test: TestContext): Promise<FakeSigstore> {
  const [caKeys, logKeys, tsaKeys] = [generateKeys(), generateKeys(), generateKeys()];
  const handlers = new Map<string, HandlerFn>();
  const requests: string[] = [];
  let failure: number | null = null;
  const server = http.createServer((request, response) => {
    requests.push(request.url ?? '');
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const handler = handlers.get(request.url ?? '');
      if (failure !== null || handler === undefined) response.writeHead(failure ?? 404).end();
      else void handler(Buffer.concat(parts).toString()).then((answer) => reply(response, answer));
    });
  });
  const url = await listen(test, server);
  const ctlog = await initializeCTLog(caKeys);
  // One time for all of them, when their own certificates are valid already. In whole seconds: some fractions the authority
  // writes in a way that no reader takes.
  const clock = new Date();
  clock.setSeconds(clock.getSeconds() + 2, 0);
  const ca = await initializeCA(caKeys, ctlog, clock);
  const tlog = await initializeTLog(url, logKeys, clock);
  const tsa = await initializeTSA(tsaKeys, clock);
  for (const { path, fn } of [fulcioHandler(ca), rekorHandler(tlog), rekorV2Handler(tlog), tsaHandler(tsa)]) handlers.set(path, fn);
  return {
    url,
    trustedRoot: {
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [toLog(url, logKeys.publicKey)],
      ctlogs: [toLog(url, caKeys.publicKey)],
      certificateAuthorities: [toAuthority(url, [ca.rootCertificate])],
      timestampAuthorities: [toAuthority(url, [tsa.intCertificate, tsa.rootCertificate])],
    },
    logKeys,
    requests,
    failWith: (status) => {
      failure = status;
    },
  };
}

/** On a free port of loopback, until the test ends. */
export async function listen(test: TestContext, server: http.Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function reply(response: http.ServerResponse, { statusCode, response: body, contentType }: Awaited<ReturnType<HandlerFn>>): void {
  response.writeHead(statusCode, { 'content-type': contentType ?? 'text/plain' }).end(body);
}

/** What an issuer would sign; the authority on loopback reads it without asking the issuer. */
export function identityToken(subject = SUBJECT, issuer = ISSUER): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode({ alg: 'none' })}.${encode({ sub: subject, iss: issuer, aud: 'sigstore' })}.c2ln`;
}

function generateKeys(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

function toLog(baseUrl: string, publicKey: KeyObject): LogJson {
  const der = publicKey.export({ format: 'der', type: 'spki' });
  return {
    baseUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: der.toString('base64'), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor: { start: START } },
    logId: { keyId: createHash('sha256').update(der).digest('base64') },
  };
}

function toAuthority(uri: string, certificates: readonly ArrayBufferView<ArrayBuffer>[]): AuthorityJson {
  const rawBytes = certificates.map(({ buffer, byteOffset, byteLength }) => ({
    rawBytes: Buffer.from(buffer, byteOffset, byteLength).toString('base64'),
  }));
  return { uri, certChain: { certificates: rawBytes }, validFor: { start: START } };
}
