// What OpenSSL says when a handshake fails. Node has names for some of it (and EPROTO for others, by version): its own numbers are the same in all.
import type { FindingCode } from '../../codes.ts';
import { systemCodeOf } from '../../errors.ts';
import { Troubled, troubledBy } from './trouble.ts';

interface Circumstances {
  readonly host: string;
  /** How far it got: a refusal before the server's own certificate is about versions and ciphers, one after it about ours. */
  readonly isCertificateShown: boolean;
}

/** An alert of the other side has this number and its own (RFC 8446 §6) together. */
const ALERTS = 1000;

const HANDSHAKE_FAILURE = 40;

const CODES_OF_ALERTS: ReadonlyMap<number, FindingCode> = new Map([
  [42, 'TLS_CLIENT_CERT'], // bad certificate
  [43, 'TLS_CLIENT_CERT'], // unsupported
  [44, 'TLS_CLIENT_CERT'], // revoked
  [45, 'TLS_CLIENT_CERT'], // expired
  [46, 'TLS_CLIENT_CERT'], // unknown
  [48, 'TLS_CLIENT_CERT'], // its authority unknown
  [49, 'TLS_CLIENT_CERT'], // access denied
  [70, 'TLS_OLD_PROTOCOL'],
  [71, 'TLS_OLD_PROTOCOL'], // insufficient security
  [112, 'TLS_WRONG_HOST'], // unrecognized name
  [116, 'TLS_CLIENT_CERT'], // required
  [120, 'HTTP_PROTOCOL'], // no application protocol: it has no HTTP/1.1
]);

/** Our own side refuses: it offers nothing older than TLS 1.2, and no weak keys. */
const CODES_OF_REASONS: ReadonlyMap<number, FindingCode> = new Map([
  [0x102, 'TLS_OLD_PROTOCOL'], // unsupported protocol
  [0x10a, 'TLS_OLD_PROTOCOL'], // wrong ssl version
  [0x18a, 'TLS_OLD_PROTOCOL'], // dh key too small
  [0x126, 'NET_RESET'], // unexpected eof
]);

export function troubledByTls(error: Error, { host, isCertificateShown }: Circumstances): Troubled {
  const reason = reasonOf(error);
  if (reason === null)
    return systemCodeOf(error) === 'ECONNRESET'
      ? new Troubled('NET_RESET', `${host} closed the connection during the handshake`)
      : troubledBy(error, host);
  const alert = reason >= ALERTS ? reason - ALERTS : null;
  if (alert === null) return new Troubled(CODES_OF_REASONS.get(reason) ?? 'TLS_NOT_TLS', `${host}: ${wordsOf(error)}`);
  if (alert === HANDSHAKE_FAILURE)
    return isCertificateShown
      ? new Troubled('TLS_CLIENT_CERT', `${host} refused the handshake without a certificate of ours`)
      : new Troubled('TLS_OLD_PROTOCOL', `${host} has no cipher that is still safe`);
  return new Troubled(CODES_OF_ALERTS.get(alert) ?? 'NET_RESET', `${host}: ${wordsOf(error)}`);
}

export function isOfTls(error: Error): boolean {
  return reasonOf(error) !== null;
}

/** `error:0A00010B:SSL routines:…`: the library is 0A, the reason the rest. */
function reasonOf({ message }: Error): number | null {
  const number = /\berror:0A([0-9A-F]{6}):/i.exec(message)?.[1];
  return number === undefined ? null : Number.parseInt(number, 16);
}

function wordsOf({ message }: Error): string {
  return message.split(':')[5]?.trim() ?? 'the handshake failed';
}
