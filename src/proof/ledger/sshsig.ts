// Signatures that `ssh-keygen -Y sign` makes, for keys that only an agent holds. Source: PROTOCOL.sshsig of OpenSSH.
import { hash, verify } from 'node:crypto';
import { fromBase64 } from './base64.ts';
import { refuse, toPublicKey, type Read } from './note.ts';
import { parsePublicBlob, WireReader } from '../keys/ssh-key.ts';

export const SSHSIG_FILE = 'ledger/checkpoint.sshsig';
/** A signature is made for one purpose: that of a commit or a letter does not count here. */
export const SSHSIG_NAMESPACE = 'sophia-proofs';
export const MAX_SSHSIG_BYTES = 4096;

export interface Sshsig {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly hashAlgorithm: 'sha256' | 'sha512';
  readonly signature: Uint8Array;
}

const MAGIC = 'SSHSIG';
const VERSION = 1;
const BEGIN = '-----BEGIN SSH SIGNATURE-----\n';
const END = '\n-----END SSH SIGNATURE-----\n';
const LINE_LETTERS = 70;

/** Only in the spelling of ssh-keygen, byte for byte, and only of the namespace. */
export function parseSshsig(bytes: Uint8Array): Read<Sshsig> {
  const text = Buffer.from(bytes).toString('latin1');
  const blob = text.startsWith(BEGIN) && text.endsWith(END) ? fromBase64(text.slice(BEGIN.length, -END.length).replaceAll('\n', '')) : null;
  if (blob === null || armour(blob) !== text) return refuse('it is not as ssh-keygen writes a signature');
  try {
    return parseBlob(blob);
  } catch {
    return refuse('it is cut off or damaged');
  }
}

export function holdsSshsig({ publicKey, hashAlgorithm, signature }: Sshsig, message: string): boolean {
  const parts = [SSHSIG_NAMESPACE, '', hashAlgorithm, hash(hashAlgorithm, message, 'buffer')];
  return verify(null, Buffer.concat([Buffer.from(MAGIC), ...parts.map(toWire)]), toPublicKey(publicKey), signature);
}

function parseBlob(blob: Buffer): Read<Sshsig> {
  if (blob.toString('latin1', 0, MAGIC.length) !== MAGIC) return refuse('it is no signature of OpenSSH');
  const reader = new WireReader(blob.subarray(MAGIC.length));
  if (reader.number() !== VERSION) return refuse('it is of another version');
  const publicKey = parsePublicBlob(reader.bytes());
  if (publicKey === null) return refuse('its key is not of type ssh-ed25519');
  if (reader.text() !== SSHSIG_NAMESPACE) return refuse(`it was not made for "${SSHSIG_NAMESPACE}"`);
  if (reader.bytes().length > 0) return refuse('it says something that only a later version understands');
  const hashAlgorithm = reader.text();
  if (hashAlgorithm !== 'sha256' && hashAlgorithm !== 'sha512') return refuse('its hash is neither sha256 nor sha512');
  const inner = new WireReader(reader.bytes());
  const type = inner.text();
  const signature = inner.bytes();
  if (type !== 'ssh-ed25519' || !inner.isAtEnd || !reader.isAtEnd) return refuse('it is cut off or damaged');
  return { ok: true, value: { publicKey, hashAlgorithm, signature } };
}

function armour(blob: Buffer): string {
  const lines = blob.toString('base64').match(new RegExp(`.{1,${LINE_LETTERS}}`, 'g')) ?? [];
  return `${BEGIN}${lines.join('\n')}${END}`;
}

function toWire(part: string | Uint8Array): Buffer {
  const bytes = Buffer.from(part);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
