// Attachments: the bytes an observation rests on, without their secrets and short enough to keep.
import { gunzipSync, gzipSync } from 'node:zlib';
import { sha256Of } from '../digest.ts';
import { headAndTail } from './head-and-tail.ts';

/** Answers and logs say what matters at their beginning and end. */
export const MAX_BODY_BYTES = 64 * 1024;
export const MAX_ATTACHMENT_BYTES = 1024 * 1024;
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

export interface Prepared {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The whole where only a part is kept; of the redacted bytes, since a digest of the others could be a digest of a secret. */
  readonly whole: { readonly sizeBytes: number; readonly sha256: string } | null;
}

/** `redact` sees the bytes as they are before any packing. A text log is packed, and gets `.gz` to its name. */
export function prepareAttachment(name: string, given: Uint8Array, redact: (bytes: Uint8Array) => Uint8Array): Prepared {
  const unpacked = name.endsWith('.gz') ? unpack(given) : null;
  const isPacked = unpacked !== null || name.endsWith('.log');
  const clean = redact(unpacked ?? given);
  const isBody = /\.(?:body|log)(?:\.gz)?$/.test(name);
  const kept = shorten(clean, isBody ? MAX_BODY_BYTES : MAX_ATTACHMENT_BYTES);
  return {
    name: isPacked && unpacked === null ? `${name}.gz` : name,
    bytes: isPacked ? pack(kept) : kept,
    whole: kept === clean ? null : { sizeBytes: clean.length, sha256: sha256Of(clean) },
  };
}

/** A log that was cleaned and shortened while it came. */
export function packLog(name: string, kept: Uint8Array, whole: NonNullable<Prepared['whole']>): Prepared {
  return { name: `${name}.gz`, bytes: pack(kept), whole: kept.length === whole.sizeBytes ? null : whole };
}

function shorten(bytes: Uint8Array, limit: number): Uint8Array {
  return bytes.length <= limit ? bytes : headAndTail({ head: bytes, tail: bytes, sizeBytes: bytes.length }, limit);
}

/** The same bytes in, the same bytes out: zlib writes no time, and the byte that names the system is set to "unknown". */
export function pack(bytes: Uint8Array): Uint8Array {
  const packed = gzipSync(bytes, { level: 9 });
  packed[9] = 255;
  return packed;
}

function unpack(bytes: Uint8Array): Uint8Array | null {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch {
    return null; // not gzip, whatever its name says
  }
}
