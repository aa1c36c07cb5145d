// What a check asks the network and what came back, as plain data: the probe asks, a check judges, and neither knows the other.
import type { FindingCode } from './codes.ts';

/** One exchange on a connection of its own. Nothing is followed, retried or reused. */
export type Question = HttpQuestion | TcpQuestion | DnsQuestion | TlsQuestion;

export interface Limits {
  /** For the whole answer, body included. */
  readonly timeoutMs: number;
  /** For the connection of each address, and for the handshake. */
  readonly connectTimeoutMs: number;
  /** `any`: every address is tried in turn and each is reported; half up is not up. */
  readonly family: 'any' | 4 | 6;
}

export interface HttpQuestion extends Limits {
  readonly kind: 'http';
  /** Upper case. */
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  /** http: or https:, without a fragment. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
  /** Of the decoded body; more is HTTP_TOO_LARGE. */
  readonly maxBodyBytes: number;
  /** PEM; trusted beside the system's roots. */
  readonly ca: string | null;
}

/** Whether a connection is accepted; nothing is said on it. */
export interface TcpQuestion extends Limits {
  readonly kind: 'tcp';
  readonly host: string;
  readonly port: number;
}

export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'MX' | 'NS' | 'TXT' | 'CAA' | 'SRV';

export interface DnsQuestion extends Limits {
  readonly kind: 'dns';
  readonly name: string;
  readonly type: RecordType;
  /** `127.0.0.1:5353`; the system's own where null. */
  readonly server: string | null;
}

/** A handshake, and the certificate that was shown. */
export interface TlsQuestion extends Limits {
  readonly kind: 'tls';
  readonly host: string;
  readonly port: number;
  readonly ca: string | null;
}

/** Milliseconds on the monotonic clock, each from the end of the one before; null where that phase was not reached. */
export interface Phases {
  readonly dnsMs: number | null;
  readonly connectMs: number | null;
  readonly tlsMs: number | null;
  /** To the first byte of the answer. */
  readonly ttfbMs: number | null;
  readonly bodyMs: number | null;
  readonly totalMs: number;
}

/** What stopped an exchange, or made its answer unusable. */
export interface Trouble {
  readonly code: FindingCode;
  /** In words, without the address's secrets; may hold text of a stranger. */
  readonly detail: string;
}

export interface Answer {
  /** When it was asked: ISO 8601, UTC. */
  readonly at: string;
  readonly phases: Phases;
  /** Null when the exchange came to its end in good order. A status of 500 is in good order. */
  readonly trouble: Trouble | null;
  /** Every address that was tried, and how that ended. */
  readonly addresses: readonly TriedAddress[];
  /** Of http: what came, also beside trouble (headers may have come before the body broke off); null where none did. */
  readonly http: HttpReply | null;
  /** Of https and tls: the peer's certificate, also where it was refused; null where none was shown. */
  readonly certificate: Certificate | null;
  /** Of dns: the records as text, sorted; null where none were told. */
  readonly records: readonly string[] | null;
}

export interface TriedAddress {
  readonly address: string;
  readonly port: number;
  /** Null where it answered. */
  readonly trouble: Trouble | null;
}

export interface HttpReply {
  readonly status: number;
  /** Names in lower case; each time it was sent. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** Decoded, at most `maxBodyBytes`; what came of one that broke off. */
  readonly body: Uint8Array;
}

export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  /** `DNS:example.org`, `IP Address:127.0.0.1`; empty where there are none. */
  readonly names: readonly string[];
  /** ISO 8601, UTC. */
  readonly validFrom: string;
  readonly validTo: string;
  readonly sha256: string;
  /** `TLSv1.3`; null where the handshake did not get so far. */
  readonly protocol: string | null;
}
