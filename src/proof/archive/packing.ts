// The container of an archive: one member of gzip with a fixed header, so that the same proofs are the same bytes
// and nothing can hide in a name, a comment, a second member or behind the end.
// Source: RFC 1952.
import { crc32, gzipSync, inflateRawSync } from 'node:zlib';

/** Unpacked. More of a month goes into its next archive, so that reading one takes little memory. */
export const MAX_ARCHIVE_BYTES = 32 * 1024 * 1024;
/** What does not pack at all grows by some bytes a block. */
export const MAX_PACKED_BYTES = MAX_ARCHIVE_BYTES + 64 * 1024;

/** Deflate, no flags, no time, best packing, system unknown. */
const HEADER = Buffer.from('1f8b08000000000002ff', 'hex');
const TRAILER_BYTES = 8;

export function pack(bytes: Uint8Array): Uint8Array {
  const packed = gzipSync(bytes, { level: 9 });
  packed.set(HEADER);
  return packed;
}

export type Unpacked = { readonly bytes: Uint8Array } | { readonly bytes: null; readonly reason: string };

export function unpack(packed: Uint8Array): Unpacked {
  const given = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  if (given.length < HEADER.length + TRAILER_BYTES || !given.subarray(0, HEADER.length).equals(HEADER))
    return { bytes: null, reason: 'does not begin like an archive of ours' };
  const body = given.subarray(HEADER.length, -TRAILER_BYTES);
  const inflated = inflate(body);
  if (inflated.bytes === null) return inflated;
  const { bytes, usedBytes } = inflated;
  if (usedBytes !== body.length) return { bytes: null, reason: `goes on behind its end, at byte ${HEADER.length + usedBytes}` };
  if (given.readUInt32LE(given.length - 4) !== bytes.length || given.readUInt32LE(given.length - 8) !== crc32(bytes))
    return { bytes: null, reason: 'is not what its own checksum says' };
  return { bytes };
}

type Inflated = { readonly bytes: Buffer; readonly usedBytes: number } | { readonly bytes: null; readonly reason: string };

function inflate(body: Uint8Array): Inflated {
  try {
    const result: unknown = inflateRawSync(body, { maxOutputLength: MAX_ARCHIVE_BYTES, info: true });
    if (isInflation(result)) return { bytes: result.buffer, usedBytes: result.engine.bytesWritten };
    return { bytes: null, reason: 'cannot be unpacked here' };
  } catch (thrown) {
    const isTooLarge = thrown instanceof RangeError;
    const reason = isTooLarge ? `unpacks to more than ${MAX_ARCHIVE_BYTES} bytes` : 'is cut off or damaged: it cannot be unpacked';
    return { bytes: null, reason };
  }
}

/** With `info` zlib gives its engine as well, which knows how much it took; the published types do not say so. */
function isInflation(result: unknown): result is { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } } {
  return (
    typeof result === 'object' &&
    result !== null &&
    'buffer' in result &&
    'engine' in result &&
    Buffer.isBuffer(result.buffer) &&
    typeof result.engine === 'object' &&
    result.engine !== null &&
    'bytesWritten' in result.engine
  );
}
