// The one digest of proofs.
import { createHash } from 'node:crypto';

/** Lowercase hex. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
