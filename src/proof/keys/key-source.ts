// Keys as a user hands them over: the secret one in a file that is named, else in the variable; the public one as a line.
import path from 'node:path';
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { readInput } from '../input.ts';
import { parseVkey, type Signer } from '../ledger/note.ts';
import { readSigningKey, type SigningKey } from './signing-key.ts';

export const KEY_VARIABLE = 'SOPHIA_SIGNING_KEY';

const MAX_KEY_BYTES = 64 * 1024;
const PRIVATE = 'PRIVATE KEY';

/** Null where there is none. Throws `INPUT_UNREADABLE` and `SIGNING_KEY_INVALID`. */
export function findSigningKey(context: Context, file: string | undefined): SigningKey | null {
  if (file?.includes(PRIVATE) === true)
    // Not quoted as a path that cannot be read: it is the secret itself.
    throw new SophiaError('SIGNING_KEY_INVALID', {
      source: 'What was given as a file',
      problem: 'it is a key itself',
      mend: `Put the key into ${KEY_VARIABLE}, or give the name of a file that has it.`,
    });
  if (file !== undefined) {
    const text = Buffer.from(readInput(context, file, MAX_KEY_BYTES)).toString('latin1');
    return readSigningKey(text, { name: file, file: path.resolve(context.directory, file) });
  }
  const text = context.env[KEY_VARIABLE] ?? '';
  return text.trim() === '' ? null : readSigningKey(text, { name: KEY_VARIABLE, file: null });
}

/** Throws `VKEY_INVALID`. What may be a private key is not quoted. */
export function readVkey(vkey: string): Signer {
  const read = parseVkey(vkey);
  if (read.ok) return read.value;
  throw new SophiaError('VKEY_INVALID', { vkey: vkey.includes(PRIVATE) ? '…' : vkey, problem: read.reason });
}
