// TLS, judged by ourselves: the handshake is let through whatever the certificate, so that it can be reported, and nothing is said
// on a connection whose certificate was not accepted.
import { isIP, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, getCACertificates, type SecureContext, type TLSSocket } from 'node:tls';
import type { TlsQuestion } from '../../answer.ts';
import { describeCertificate, judgeCertificate } from './certificate.ts';
import { visitAddresses, withoutBrackets } from './addresses.ts';
import { connect } from './connection.ts';
import type { Deadline } from './deadline.ts';
import type { Course, Draft } from './draft.ts';
import { troubledByTls } from './tls-trouble.ts';
import { Troubled } from './trouble.ts';

export async function askTls(question: TlsQuestion, course: Course): Promise<void> {
  const { draft, deadline } = course;
  const { port, ca, connectTimeoutMs: limitMs } = question;
  const host = withoutBrackets(question.host);
  await visitAddresses({ host, port, limits: question, ...course }, async (place) => {
    const socket = await connect(place, limitMs, deadline);
    try {
      draft.mark('connectMs');
      await handshake({ socket, host, ca, protocols: [], limitMs, ...course });
      draft.stopClock();
    } finally {
      socket.destroy();
    }
  });
}

export interface Handshake extends Course {
  /** Connected. Ends when the returned one does. */
  readonly socket: Socket;
  /** Without the brackets of IPv6. */
  readonly host: string;
  /** PEM; trusted beside the roots that Node trusts. */
  readonly ca: string | null;
  readonly protocols: readonly string[];
  readonly limitMs: number;
}

/** How long a server that asked for a certificate of ours may keep to itself that it does without. */
const PATIENCE_MS = 1000;

export async function handshake({ socket, host, ca, protocols, limitMs, draft, deadline }: Handshake): Promise<TLSSocket> {
  const late = (ms: number): Troubled => new Troubled('NET_TIMEOUT_TLS', `the handshake with ${host} did not end within ${ms} ms`);
  const secureContext = contextOf(ca);
  const secured = await deadline.run<TLSSocket>({
    limitMs,
    late,
    begin: (done, fail) => {
      const tls = connectTls({
        socket,
        secureContext,
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
        ALPNProtocols: [...protocols],
        ...(isIP(host) === 0 ? { servername: withoutDot(host) } : {}),
      });
      const refuse = (error: Error): void => {
        const certificate = tls.getPeerX509Certificate();
        if (certificate !== undefined) draft.certificate ??= describeCertificate(certificate, tls.getProtocol());
        fail(troubledByTls(error, { host, isCertificateShown: certificate !== undefined }));
      };
      tls.on('error', refuse);
      tls.once('secureConnect', () => {
        tls.on('error', () => {}).off('error', refuse);
        done(tls);
      });
      return () => tls.destroy();
    },
  });
  const refusal = refusalOf(secured, withoutDot(host), draft);
  if (refusal !== null) {
    secured.destroy();
    throw refusal;
  }
  if (isAskedForCertificate(secured)) await hearVerdict(secured, host, deadline);
  draft.mark('tlsMs');
  return secured;
}

const contexts = new Map<string | null, SecureContext>();

/** Kept, because reading all roots anew for every question would cost more than the question. */
function contextOf(ca: string | null): SecureContext {
  let context = contexts.get(ca);
  if (context === undefined) contexts.set(ca, (context = createContext(ca)));
  return context;
}

/** Said here, so that no option of Node's environment lets older versions in. */
const STRICT = { minVersion: 'TLSv1.2' } as const;

function createContext(ca: string | null): SecureContext {
  if (ca === null) return createSecureContext(STRICT);
  try {
    return createSecureContext({ ...STRICT, ca: [...getCACertificates('default'), ca] });
  } catch {
    throw new Troubled('TLS_UNTRUSTED', 'the certificates that should be trusted as well cannot be read');
  }
}

/**
 * The certificate that is reported is that of the first address, or of the one that was refused. It is asked for once: each time, Node
 * before 26 takes one more of the chain away.
 */
function refusalOf(tls: TLSSocket, host: string, draft: Draft): Troubled | null {
  const certificate = tls.getPeerX509Certificate();
  if (certificate === undefined) return new Troubled('TLS_UNTRUSTED', `${host} showed no certificate`);
  // Typed as an error, and in truth the code of one.
  const reason = tls.authorized ? null : String(tls.authorizationError);
  const refusal = judgeCertificate({ certificate, host, reason, nowMs: Date.now() });
  const isFirst = draft.addresses.every(({ trouble }) => trouble === null);
  if (draft.certificate === null || (refusal !== null && isFirst)) draft.certificate = describeCertificate(certificate, tls.getProtocol());
  return refusal;
}

/**
 * TLS 1.3 ends the client's side of the handshake before the server has looked at the client's certificate, so a server that insists on
 * one lets the request come and then breaks off. Only a request for a certificate tells a client which signatures the server knows.
 */
function isAskedForCertificate(tls: TLSSocket): boolean {
  return tls.getProtocol() === 'TLSv1.3' && tls.getSharedSigalgs().length > 0;
}

/** A session ticket is its yes, an alert its no. */
function hearVerdict(tls: TLSSocket, host: string, deadline: Deadline): Promise<void> {
  return deadline.run<void>({
    limitMs: null,
    late: (ms) => new Troubled('NET_TIMEOUT_TLS', `${host} did not end the handshake within ${ms} ms`),
    begin: (done, fail) => {
      const patience = setTimeout(done, PATIENCE_MS);
      const hear = (verdict: () => void): void => {
        clearTimeout(patience);
        verdict();
      };
      // Told in the midst of reading, where nothing that is written is sent.
      tls.once('session', () => setImmediate(() => hear(done)));
      tls.on('error', (error: Error) => hear(() => fail(troubledByTls(error, { host, isCertificateShown: true }))));
      tls.once('close', () => hear(() => fail(new Troubled('NET_RESET', `${host} asked for a certificate and closed the connection`))));
      return () => hear(() => tls.destroy());
    },
  });
}

function withoutDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}
