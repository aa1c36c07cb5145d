// A file that a user names and that no proof vouches for: a bundle, a key, a checkpoint kept elsewhere.
import path from 'node:path';
import type { Context } from '../context.ts';
import { SophiaError, systemCodeOf } from '../errors.ts';

/** `given` as typed, from the working directory; links are followed. Throws `INPUT_UNREADABLE` for all that is no plain file. */
export function readInput({ files, directory }: Pick<Context, 'files' | 'directory'>, given: string, maxBytes: number): Uint8Array {
  let reason: string;
  try {
    const read = files.readPlain(files.realPath(path.resolve(directory, given)), maxBytes);
    if (read instanceof Uint8Array) return read;
    // A pipe would be waited for, and a device may never end.
    reason = read.kind === 'file' ? `it has ${read.sizeBytes} bytes, and at most ${maxBytes} are read` : 'it is not a plain file';
  } catch (error) {
    reason = systemCodeOf(error) ?? String(error);
  }
  throw new SophiaError('INPUT_UNREADABLE', { path: given, reason });
}

/** The same, and `-` is what is piped in. */
export async function readInputOrStdin(
  context: Pick<Context, 'files' | 'directory' | 'stdin' | 'signal'>,
  given: string,
  maxBytes: number,
): Promise<Uint8Array> {
  if (given !== '-') return readInput(context, given, maxBytes);
  const bytes = await context.stdin.read(maxBytes, context.signal);
  if (bytes !== null) return bytes;
  throw new SophiaError('INPUT_UNREADABLE', { path: 'what is piped in', reason: `at most ${maxBytes} bytes are read` });
}
