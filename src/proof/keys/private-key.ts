// The container of a private key that keygen writes: PKCS#8 of Ed25519, with the key's name as its friendly name.
// So one block of PEM, copied into a secret of a workflow, is all that signing needs. Source: RFC 5958, RFC 8410.

/** Its length, in two bytes a letter, then is one byte of DER. */
export const MAX_KEY_NAME_LETTERS = 60;
/** Of chance: an Ed25519 key is nothing else. */
export const SEED_BYTES = 32;

const SEQUENCE = 0x30;
const SET = 0x31;
const OCTETS = 0x04;
const BMP_STRING = 0x1e;
const ATTRIBUTES = 0xa0;
const VERSION = Buffer.from('020100', 'hex');
const ED25519 = Buffer.from('06032b6570', 'hex');
/** 1.2.840.113549.1.9.20 */
const FRIENDLY_NAME = Buffer.from('06092a864886f70d010914', 'hex');

/** PEM. */
export function writePrivateKey(name: string, seed: Uint8Array): string {
  const label = toDer(BMP_STRING, Buffer.from(name, 'utf16le').swap16());
  const attributes = toDer(ATTRIBUTES, toDer(SEQUENCE, FRIENDLY_NAME, toDer(SET, label)));
  const der = toDer(SEQUENCE, VERSION, toDer(SEQUENCE, ED25519), toDer(OCTETS, toDer(OCTETS, seed)), attributes);
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
}

/** The friendly name in a PKCS#8 block that crypto has accepted, or null. */
export function nameInPrivateKey(pem: string): string | null {
  const [, body = ''] = /-----BEGIN PRIVATE KEY-----([^-]*)-----END/.exec(pem) ?? [];
  const der = Buffer.from(body, 'base64');
  const at = der.indexOf(FRIENDLY_NAME);
  // Behind the identifier: a set of one BMPString.
  const set = at === -1 ? null : der.subarray(at + FRIENDLY_NAME.length);
  if (set === null || set[0] !== SET || set[2] !== BMP_STRING) return null;
  const length = set[3] ?? 0;
  const label = set.subarray(4, 4 + length);
  return length === 0 || length % 2 === 1 || label.length !== length ? null : Buffer.from(label).swap16().toString('utf16le');
}

function toDer(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length < 0x80 ? [content.length] : [0x81, content.length];
  return Buffer.concat([Buffer.of(tag, ...length), content]);
}
