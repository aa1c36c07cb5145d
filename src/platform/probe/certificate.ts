import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Certificate } from '../../answer.ts';
import { Troubled } from './trouble.ts';

export interface Shown {
  readonly certificate: X509Certificate;
  /** Without brackets and without a dot at its end. */
  readonly host: string;
  /** OpenSSL's code (`DEPTH_ZERO_SELF_SIGNED_CERT`) for why the chain leads to nothing trusted; null where it does. */
  readonly reason: string | null;
  readonly nowMs: number;
}

/** In a sentence; a certificate can be for thousands. */
const SHOWN_NAMES = 5;

/**
 * A certificate may have several faults, and OpenSSL names the last that it met. Here the order is fixed: its own dates, then who signed it,
 * then the dates of those, then the host. So what is named does not change while a fault that comes earlier is mended.
 */
export function judgeCertificate({ certificate, host, reason, nowMs }: Shown): Troubled | null {
  const [from, to] = [certificate.validFromDate, certificate.validToDate];
  if (nowMs < from.getTime()) return new Troubled('TLS_NOT_YET_VALID', `the certificate is valid from ${from.toISOString()}`);
  if (nowMs > to.getTime()) return new Troubled('TLS_EXPIRED', `the certificate was valid until ${to.toISOString()}`);
  return judgeTrust(certificate, reason) ?? judgeName(certificate, host);
}

function judgeTrust(certificate: X509Certificate, reason: string | null): Troubled | null {
  if (reason === null) return null;
  if (certificate.checkIssued(certificate)) return new Troubled('TLS_SELF_SIGNED', 'the certificate is signed by itself');
  if (reason === 'CERT_HAS_EXPIRED') return new Troubled('TLS_EXPIRED', 'a certificate of those that vouch for it has expired');
  if (reason === 'CERT_NOT_YET_VALID')
    return new Troubled('TLS_NOT_YET_VALID', 'a certificate of those that vouch for it is not valid yet');
  return new Troubled('TLS_UNTRUSTED', `nobody who is trusted here vouches for the certificate: ${reason}`);
}

/** Only alternative names count. Node takes the common name where there are none; no browser does. */
function judgeName(certificate: X509Certificate, host: string): Troubled | null {
  const isFor =
    isIP(host) === 0
      ? certificate.checkHost(host, { subject: 'never', partialWildcards: false }) !== undefined
      : certificate.checkIP(host) !== undefined;
  if (isFor) return null;
  const names = namesOf(certificate);
  const shown = names.length > SHOWN_NAMES ? [...names.slice(0, SHOWN_NAMES), '…'] : names;
  return new Troubled(
    'TLS_WRONG_HOST',
    `the certificate is for ${names.length === 0 ? 'no host at all' : shown.join(', ')}, not for ${host}`,
  );
}

export function describeCertificate(certificate: X509Certificate, protocol: string | null): Certificate {
  return {
    subject: onOneLine(certificate.subject),
    issuer: onOneLine(certificate.issuer),
    names: namesOf(certificate),
    validFrom: certificate.validFromDate.toISOString(),
    validTo: certificate.validToDate.toISOString(),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    protocol,
  };
}

/** `DNS:a, IP Address:::1`; a name with a comma or a quote in it stands in quotes, as in JSON. */
function namesOf({ subjectAltName }: X509Certificate): string[] {
  const names = subjectAltName?.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
  return names.map((name) => name.trim());
}

/** A certificate may lack either. */
function onOneLine(name: string | undefined): string {
  return (name ?? '').replaceAll('\n', ', ');
}
