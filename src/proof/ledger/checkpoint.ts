// The checkpoint: in three lines, which ledger, how many proofs, and one hash that stands for all of them.
// Source: c2sp.org/tlog-checkpoint, without its extension lines.
import type { Files } from '../../context.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { HASH_BYTES, type Hash } from './merkle.ts';
import { MAX_NOTE_BYTES, parseNote, refuse, writeNote, type Note, type NoteSignature, type Read } from './note.ts';

export const CHECKPOINT_FILE = 'ledger/checkpoint';

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  /** Base64 of 32 bytes. */
  readonly root: string;
  /** Its signatures; none where it is unsigned. */
  readonly signatures: readonly NoteSignature[];
}

const ORIGIN = /^[^\p{White_Space}\p{C}+]{1,255}$/u;
const TEXT = /^(?<origin>[^\n]*)\n(?<size>0|[1-9][0-9]{0,15})\n(?<root>[^\n]*)\n$/;

export function parseCheckpoint(bytes: Uint8Array): Read<Checkpoint> {
  const note = parseNote(bytes);
  if (!note.ok) return note;
  const { text, signatures } = note.value;
  const { origin = '', size = '', root = '' } = TEXT.exec(text)?.groups ?? {};
  if (!isOrigin(origin)) return refuse('its text is not an origin, a size and a root, a line each');
  if (!Number.isSafeInteger(Number(size))) return refuse(`its size ${size} is beyond 2^53`);
  if (fromBase64(root)?.length !== HASH_BYTES) return refuse('its root is not 32 bytes of base64');
  return { ok: true, value: { origin, size: Number(size), root, signatures } };
}

/** What is signed. */
export function textOfCheckpoint({ origin, size, root }: Pick<Checkpoint, 'origin' | 'size' | 'root'>): string {
  return `${origin}\n${size}\n${root}\n`;
}

export function toNote(checkpoint: Checkpoint): Note {
  return { text: textOfCheckpoint(checkpoint), signatures: checkpoint.signatures };
}

export function writeCheckpoint(checkpoint: Checkpoint): string {
  return writeNote(toNote(checkpoint));
}

export function toRoot(hash: Hash): string {
  return toBase64(hash);
}

/** One word without spaces and plus signs, as C2SP recommends. */
export function isOrigin(text: string): boolean {
  return ORIGIN.test(text);
}

/**
 * The last checkpoint as a proof cites it: a lower bound in time. Null where there is none, or none that can be read:
 * a run does not judge the ledger. `proofs` is absolute. Links are not followed.
 */
export function lastCheckpoint(
  files: Files,
  proofs: string,
): { readonly origin: string; readonly size: number; readonly root: string } | null {
  const file = `${proofs}/${CHECKPOINT_FILE}`;
  const stat = files.stat(`${proofs}/ledger`)?.kind === 'directory' ? files.stat(file) : null;
  if (stat?.kind !== 'file' || stat.sizeBytes > MAX_NOTE_BYTES) return null;
  try {
    const read = parseCheckpoint(files.read(file));
    if (!read.ok) return null;
    const { origin, size, root } = read.value;
    return { origin, size, root };
  } catch {
    return null;
  }
}
