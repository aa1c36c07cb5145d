// JSON that somebody hands to a command: it must have one reading.
import { SophiaError } from '../../errors.ts';
import type { Json } from '../../outcome.ts';
import { readStrictJson } from '../../strict-json.ts';

export interface Handed {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Throws `JSON_REFUSED` for what is not JSON, or has more than one reading. */
export function parseStrict({ file, bytes }: Handed, maxDepth: number): Json {
  const read = readStrictJson(bytes, { maxDepth, integers: 'exact' });
  if ('value' in read) return read.value;
  throw new SophiaError('JSON_REFUSED', { file, problem: `line ${read.line}, column ${read.column}: ${read.problem}` });
}
