import { createHash } from 'node:crypto';

/** What a repository hashes with; SHA-256 repositories say so. */
export type ObjectFormat = 'sha1' | 'sha256';

/** The id git gives to these bytes as a blob, in hex. */
export function blobIdOf(bytes: Uint8Array, format: ObjectFormat = 'sha1'): string {
  return createHash(format).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
