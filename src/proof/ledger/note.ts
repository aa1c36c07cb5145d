// Signed notes: a text, and lines below it that say who vouches for it. Source: c2sp.org/signed-note.
import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto';
import { fromBase64, toBase64 } from './base64.ts';

export interface NoteSignature {
  readonly name: string;
  /** Four bytes, 8 lowercase hex digits. */
  readonly keyId: string;
  /** Without the key id. */
  readonly signature: Uint8Array;
}

export interface Note {
  /** Ends with a line feed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** The public half of a key, as a vkey spells it. */
export interface Signer {
  readonly name: string;
  readonly keyId: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

export type Read<Value> = { readonly ok: true; readonly value: Value } | Refused;

interface Refused {
  readonly ok: false;
  readonly reason: string;
}

export function refuse(reason: string): Refused {
  return { ok: false, reason };
}

/** Files beyond this are not read to their end. */
export const MAX_NOTE_BYTES = 1024 * 1024;
const MAX_SIGNATURES = 100;
const ED25519 = 0x01;
const ED25519_BYTES = 32;
/** Em dash, space. */
const SIGNATURE_PREFIX = '\u2014 ';
const KEY_ID_BYTES = 4;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A note without any signature is read as well: an unsigned checkpoint is one. */
export function parseNote(bytes: Uint8Array): Read<Note> {
  if (bytes.length > MAX_NOTE_BYTES) return refuse(`${bytes.length} bytes; a note has at most ${MAX_NOTE_BYTES}`);
  const whole = decode(bytes);
  if (whole === null) return refuse('not UTF-8');
  const control = CONTROL.exec(whole);
  if (control !== null) return refuse(control[0] === '\r' ? 'has CRLF line ends' : 'has control characters');
  const split = whole.lastIndexOf('\n\n');
  if (split === -1) return refuse('has no empty line between its text and its signatures');
  const lines = whole.slice(split + 2).split('\n');
  if (lines.pop() !== '') return refuse('its last line does not end');
  if (lines.length > MAX_SIGNATURES) return refuse(`has ${lines.length} signatures; at most ${MAX_SIGNATURES} are looked at`);
  const signatures: NoteSignature[] = [];
  for (const [index, line] of lines.entries()) {
    const signature = parseSignature(line);
    if (signature === null) return refuse(`signature line ${index + 1} is not "\u2014 NAME BASE64"`);
    signatures.push(signature);
  }
  return { ok: true, value: { text: whole.slice(0, split + 1), signatures } };
}

export function writeNote({ text, signatures }: Note): string {
  return `${text}\n${signatures.map(writeSignature).join('')}`;
}

/** `NAME+<8 hex>+base64(0x01 ‖ key)`. */
export function parseVkey(vkey: string): Read<Signer> {
  const [name = '', keyId = '', encoded = '', ...rest] = splitVkey(vkey);
  if (rest.length > 0 || encoded === '' || !isKeyName(name)) return refuse('it is not NAME+8 HEX+BASE64');
  if (!/^[0-9a-f]{8}$/.test(keyId)) return refuse('its key id is not 8 lowercase hex digits');
  const key = fromBase64(encoded);
  if (key === null) return refuse('its key is not base64');
  if (key[0] !== ED25519) return refuse('its key is not Ed25519, the only kind used here');
  if (key.length !== 1 + ED25519_BYTES) return refuse(`its key has ${key.length - 1} bytes; Ed25519 has ${ED25519_BYTES}`);
  const publicKey = key.subarray(1);
  if (keyIdOf(name, publicKey) !== keyId) return refuse('its key id does not follow from its name and key: a letter is wrong somewhere');
  return { ok: true, value: { name, keyId, publicKey } };
}

export function toVkey({ name, publicKey }: Pick<Signer, 'name' | 'publicKey'>): string {
  return `${name}+${keyIdOf(name, publicKey)}+${toBase64(Buffer.concat([Uint8Array.of(ED25519), publicKey]))}`;
}

/** First four bytes of SHA-256(name ‖ line feed ‖ 0x01 ‖ key), hex. */
export function keyIdOf(name: string, publicKey: Uint8Array): string {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Uint8Array.of(ED25519), publicKey])).slice(0, 2 * KEY_ID_BYTES);
}

export function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\p{White_Space}+]/u.test(name) && !CONTROL.test(name);
}

export interface NoteVerdict {
  /** Known keys whose signature is right. */
  readonly signers: readonly Signer[];
  /** Known keys whose signature is wrong: one is enough to refuse the note. */
  readonly forged: readonly Signer[];
}

/** Signatures of others are left alone: a note may carry those of witnesses nobody here knows. */
export function judgeNote({ text, signatures }: Note, known: readonly Signer[]): NoteVerdict {
  const signers = new Set<Signer>();
  const forged = new Set<Signer>();
  const message = Buffer.from(text);
  for (const { name, keyId, signature } of signatures) {
    const signer = known.find((each) => each.name === name && each.keyId === keyId);
    if (signer === undefined) continue;
    const isRight = verify(null, message, toPublicKey(signer.publicKey), signature);
    (isRight ? signers : forged).add(signer);
  }
  return { signers: [...signers].filter((signer) => !forged.has(signer)), forged: [...forged] };
}

export function toPublicKey(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') }, format: 'jwk' });
}

// oxlint-disable-next-line no-control-regex -- control characters are what a note must not have
const CONTROL = /[\u0000-\u0009\u000B-\u001F]/;

function parseSignature(line: string): NoteSignature | null {
  if (!line.startsWith(SIGNATURE_PREFIX)) return null;
  const space = line.indexOf(' ', SIGNATURE_PREFIX.length);
  if (space === -1) return null;
  const name = line.slice(SIGNATURE_PREFIX.length, space);
  const bytes = fromBase64(line.slice(space + 1));
  if (!isKeyName(name) || bytes === null || bytes.length <= KEY_ID_BYTES) return null;
  return { name, keyId: bytes.toString('hex', 0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) };
}

function writeSignature({ name, keyId, signature }: NoteSignature): string {
  return `${SIGNATURE_PREFIX}${name} ${toBase64(Buffer.concat([Buffer.from(keyId, 'hex'), signature]))}\n`;
}

/** At the first two plus signs: base64 has them too. */
function splitVkey(vkey: string): readonly string[] {
  const first = vkey.indexOf('+');
  const second = vkey.indexOf('+', first + 1);
  return first === -1 || second === -1 ? [vkey] : [vkey.slice(0, first), vkey.slice(first + 1, second), vkey.slice(second + 1)];
}

function decode(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
