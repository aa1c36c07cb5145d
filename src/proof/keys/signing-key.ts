// Keys that sign checkpoints, out of whatever a user has: PEM, a private file of OpenSSH, or the public half of a key that an agent holds.
import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { SophiaError } from '../../errors.ts';
import { isKeyName } from '../ledger/note.ts';
import { nameInPrivateKey } from './private-key.ts';
import { isSshPrivateKey, parseSshPrivateKey, parseSshPublicKey } from './ssh-key.ts';

export type SigningKey = LocalKey | AgentKey;

/** Only the public half is here; `ssh-keygen` asks the agent to sign. */
export interface AgentKey {
  readonly isHeldByAgent: true;
  readonly publicKey: Uint8Array;
  /** Absolute path of the public key, which ssh-keygen wants as a file. */
  readonly file: string;
}

export interface LocalKey {
  readonly isHeldByAgent: false;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** As it was made with; null where the key says none. */
  readonly name: string | null;
  sign(message: Uint8Array): Uint8Array;
}

const HINTS = {
  generate: 'Make one with "sophia proofs keygen --name NAME --out FILE", or give an OpenSSH key of type ed25519.',
  whole: 'The variable holds the whole key, with its first and last line, and not the name of a file.',
  decrypt: 'Load it into ssh-agent and give its public file (.pub) as the key, or decrypt a copy: ssh-keygen -p -N "" -f COPY.',
} as const;

export interface KeySource {
  /** What the user calls it: a file, or the name of a variable. */
  readonly name: string;
  /** Absolute; null where the key did not come out of a file. */
  readonly file: string | null;
}

/** Throws `SIGNING_KEY_INVALID`, which never quotes the key. */
export function readSigningKey(text: string, { name: source, file }: KeySource): SigningKey {
  const refuse = (problem: string, mend: string = HINTS.generate): never => {
    throw new SophiaError('SIGNING_KEY_INVALID', { source, problem, mend });
  };
  const held = parseSshPublicKey(text);
  if (held?.ok === false) return refuse(held.reason);
  if (held !== null && file === null) return refuse('it is a public key, which ssh-keygen wants as a file', 'Give the file with --key.');
  if (held !== null && file !== null) return { isHeldByAgent: true, publicKey: held.value, file };
  if (isSshPrivateKey(text)) {
    const read = parseSshPrivateKey(text);
    if (!read.ok) return refuse(read.reason, read.reason.includes('encrypted') ? HINTS.decrypt : HINTS.generate);
    return toLocal(fromSeed(read.value.seed, read.value.publicKey), null);
  }
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(text))
    return refuse('it is encrypted with a passphrase', `Decrypt it first: openssl pkey -in ${source} -out COPY.`);
  if (/-----BEGIN PUBLIC KEY-----/.test(text)) return refuse('it is the public half of a key');
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text))
    return refuse('it is neither PEM nor a key of OpenSSH', file === null ? HINTS.whole : HINTS.generate);
  const key = parsePem(text);
  if (key === null) return refuse('it is cut off or damaged');
  if (key.asymmetricKeyType !== 'ed25519') return refuse(`it is of type ${key.asymmetricKeyType ?? 'unknown'}; only Ed25519 is used here`);
  const name = nameInPrivateKey(text);
  return toLocal(key, name !== null && isKeyName(name) ? name : null);
}

function toLocal(key: KeyObject, name: string | null): LocalKey {
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return { isHeldByAgent: false, publicKey: Buffer.from(x, 'base64url'), name, sign: (message) => sign(null, message, key) };
}

function fromSeed(seed: Uint8Array, publicKey: Uint8Array): KeyObject {
  const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  return createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d: toText(seed), x: toText(publicKey) }, format: 'jwk' });
}

/** The system's own message may quote what it read, so it goes nowhere. */
function parsePem(text: string): KeyObject | null {
  try {
    return createPrivateKey(text);
  } catch {
    return null;
  }
}
