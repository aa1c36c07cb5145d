// Keys of OpenSSH: the private file, and the one line of a public key. Source: PROTOCOL.key of OpenSSH, RFC 4253 §6.6.
import { fromBase64 } from '../ledger/base64.ts';
import { refuse, type Read } from '../ledger/note.ts';

const MAGIC = 'openssh-key-v1\0';
const ED25519 = 'ssh-ed25519';
const KEY_BYTES = 32;

export interface SshPrivateKey {
  readonly publicKey: Uint8Array;
  readonly seed: Uint8Array;
}

export function isSshPrivateKey(text: string): boolean {
  return text.includes('-----BEGIN OPENSSH PRIVATE KEY-----');
}

export function parseSshPrivateKey(text: string): Read<SshPrivateKey> {
  const [, body = ''] = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]*)-----END OPENSSH PRIVATE KEY-----/.exec(text) ?? [];
  const whole = Buffer.from(body, 'base64');
  if (whole.toString('latin1', 0, MAGIC.length) !== MAGIC) return refuse('it is cut off or damaged');
  try {
    const reader = new WireReader(whole.subarray(MAGIC.length));
    const cipher = reader.text();
    reader.skip(2); // the key derivation and its options, which belong to a cipher
    if (reader.number() !== 1) return refuse('it holds several keys');
    const type = new WireReader(reader.bytes()).text();
    if (type !== ED25519) return refuse(`it is of type ${type}; only Ed25519 is used here`);
    if (cipher !== 'none') return refuse('it is encrypted with a passphrase');
    return parsePrivatePart(new WireReader(reader.bytes()));
  } catch {
    return refuse('it is cut off or damaged');
  }
}

/** `ssh-ed25519 AAAA… comment` → the raw key; null where the text is no public key of OpenSSH. */
export function parseSshPublicKey(text: string): Read<Uint8Array> | null {
  const [, type, encoded = ''] = /^((?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+) ([A-Za-z0-9+/]+=*)(?:[ \t][^\n]*)?\r?\n?$/.exec(text) ?? [];
  if (type === undefined) return null;
  const blob = fromBase64(encoded);
  if (type !== ED25519) return refuse(`it is of type ${type}; only Ed25519 is used here`);
  const key = blob === null ? null : parsePublicBlob(blob);
  return key === null ? refuse('it is cut off or damaged') : { ok: true, value: key };
}

/** The wire form of a public key, or null where it is not one of Ed25519. */
export function parsePublicBlob(blob: Uint8Array): Uint8Array | null {
  try {
    const reader = new WireReader(Buffer.from(blob));
    const type = reader.text();
    const key = reader.bytes();
    return type === ED25519 && key.length === KEY_BYTES && reader.isAtEnd ? key : null;
  } catch {
    return null;
  }
}

/** Numbers of 32 bits and byte strings behind their length. Everything throws a RangeError at the end of the bytes. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  number(): number {
    const value = this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  bytes(): Buffer {
    const length = this.number();
    if (this.#at + length > this.#bytes.length) throw new RangeError('beyond the end');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  text(): string {
    return this.bytes().toString('latin1');
  }

  skip(strings: number): void {
    for (let left = strings; left > 0; left -= 1) this.bytes();
  }
}

function parsePrivatePart(reader: WireReader): Read<SshPrivateKey> {
  if (reader.number() !== reader.number()) return refuse('it is cut off or damaged');
  reader.skip(1);
  const publicKey = reader.bytes();
  const both = reader.bytes();
  const isWhole = publicKey.length === KEY_BYTES && both.length === 2 * KEY_BYTES && both.subarray(KEY_BYTES).equals(publicKey);
  return isWhole ? { ok: true, value: { publicKey, seed: both.subarray(0, KEY_BYTES) } } : refuse('it is cut off or damaged');
}
