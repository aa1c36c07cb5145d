// A body that comes compressed although `identity` was asked for.
import { promisify } from 'node:util';
import type * as Zlib from 'node:zlib';
import type { Deadline } from './deadline.ts';
import { Troubled } from './trouble.ts';
import type { Body } from './body.ts';
import { systemCodeOf } from '../../errors.ts';

type Inflate = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>;

/** More are never meant well. */
const MAX_CODINGS = 2;

/** In the order in which they were applied. */
export function codingsOf(headers: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const named = headers['content-encoding'];
  if (named === undefined) return [];
  return named
    .join(',')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
}

export interface Encoded {
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Body;
}

/** At no time more than `maxBytes`, however small the body was on its way. */
export async function decode({ headers, body }: Encoded, maxBytes: number, deadline: Deadline): Promise<Uint8Array> {
  const codings = codingsOf(headers);
  if (codings.length > MAX_CODINGS) throw new Troubled('HTTP_ENCODING', `the body is compressed ${codings.length} times`);
  const zlib = await import('node:zlib');
  let bytes = body.bytes();
  for (const coding of codings.toReversed()) {
    const inflate = inflateOf(zlib, coding, bytes);
    if (inflate === null) throw new Troubled('HTTP_ENCODING', `"${coding}" is not known here`);
    const coded = bytes;
    bytes = await deadline.wait(() => inflateAll(inflate, coded, { coding, maxBytes }), {
      limitMs: null,
      late: (ms) => new Troubled('NET_TIMEOUT_BODY', `the body was not decompressed within ${ms} ms`),
    });
  }
  return bytes;
}

function inflateOf(zlib: typeof Zlib, coding: string, bytes: Uint8Array): Inflate | null {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return promisify(zlib.gunzip);
    case 'deflate':
      return promisify(isWrapped(bytes) ? zlib.inflate : zlib.inflateRaw);
    case 'br':
      return promisify(zlib.brotliDecompress);
    case 'zstd':
      return promisify(zlib.zstdDecompress);
    default:
      return null;
  }
}

/** `deflate` means the zlib format (RFC 9110 §8.4.1.2); some servers leave its two bytes out. */
function isWrapped(bytes: Uint8Array): boolean {
  return bytes.length > 1 && (bytes[0]! & 0x0f) === 8 && ((bytes[0]! << 8) | bytes[1]!) % 31 === 0;
}

interface Coding {
  readonly coding: string;
  readonly maxBytes: number;
}

async function inflateAll(inflate: Inflate, bytes: Uint8Array, { coding, maxBytes }: Coding): Promise<Uint8Array> {
  try {
    return await inflate(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    const code = systemCodeOf(error) ?? 'unknown';
    throw code === 'ERR_BUFFER_TOO_LARGE'
      ? new Troubled('HTTP_TOO_LARGE', `the body is larger than ${maxBytes} bytes once decompressed`)
      : new Troubled('HTTP_ENCODING', `the body is not ${coding}: ${code}`);
  }
}
