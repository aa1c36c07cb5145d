// ECDSA over a digest whose message is not at hand: node:crypto hashes the message itself, and has no way to be given the digest.
// Only verification, over public data, so nothing here has to take constant time. Source: FIPS 186-5, section 6.4.2.
import { constants, publicDecrypt, type KeyObject } from 'node:crypto';

interface Curve {
  readonly p: bigint;
  readonly n: bigint;
  readonly generator: Point;
  readonly bits: bigint;
}

/** Affine; null is the point at infinity. */
type Point = { readonly x: bigint; readonly y: bigint } | null;

/** By JWK name. Of both, a is -3. */
const CURVES: Readonly<Record<string, Curve>> = {
  'P-256': {
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    generator: {
      x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
      y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
    },
    bits: 256n,
  },
  'P-384': {
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    generator: {
      x: 0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
      y: 0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
    },
    bits: 384n,
  },
};

/** DigestInfo of SHA-256, RFC 8017 section 9.2: what PKCS #1 signs before the digest itself. */
const SHA256_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** Null where the kind of key signs more than a digest (Ed25519): then only the message itself can be judged. */
export function verifyDigest(key: KeyObject, digest: Uint8Array, signature: Uint8Array): boolean | null {
  if (key.asymmetricKeyType === 'rsa') return verifyRsa(key, digest, signature);
  const { crv = '', x, y } = key.export({ format: 'jwk' });
  const curve = CURVES[crv];
  if (curve === undefined || x === undefined || y === undefined) return null;
  const pair = readSignature(signature);
  return pair !== null && verifyEcdsa(curve, { x: fromBase64Url(x), y: fromBase64Url(y) }, { digest, ...pair });
}

function verifyRsa(key: KeyObject, digest: Uint8Array, signature: Uint8Array): boolean {
  try {
    const signed = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature);
    return signed.equals(Buffer.concat([SHA256_INFO, digest]));
  } catch {
    return false;
  }
}

interface Signed {
  readonly digest: Uint8Array;
  readonly r: bigint;
  readonly s: bigint;
}

function verifyEcdsa(curve: Curve, key: Point, { digest, r, s }: Signed): boolean {
  const { n, generator } = curve;
  if (r < 1n || r >= n || s < 1n || s >= n) return false;
  const excess = BigInt(digest.length * 8) - curve.bits;
  const e = toInteger(digest) >> (excess > 0n ? excess : 0n);
  const w = invert(s, n);
  const sum = add(curve, multiply(curve, generator, mod(e * w, n)), multiply(curve, key, mod(r * w, n)));
  return sum !== null && mod(sum.x, n) === r;
}

/** By doubling and adding, from the highest bit down. */
function multiply(curve: Curve, point: Point, factor: bigint): Point {
  let product: Point = null;
  for (const bit of factor.toString(2)) {
    product = add(curve, product, product);
    if (bit === '1') product = add(curve, product, point);
  }
  return product;
}

function add({ p }: Curve, a: Point, b: Point): Point {
  if (a === null) return b;
  if (b === null) return a;
  if (a.x === b.x && mod(a.y + b.y, p) === 0n) return null;
  const slope = a.x === b.x ? (3n * a.x * a.x - 3n) * invert(2n * a.y, p) : (b.y - a.y) * invert(mod(b.x - a.x, p), p);
  const x = mod(slope * slope - a.x - b.x, p);
  return { x, y: mod(slope * (a.x - x) - a.y, p) };
}

/** By the extended algorithm of Euclid. */
function invert(value: bigint, modulus: bigint): bigint {
  let [low, high] = [mod(value, modulus), modulus];
  let [x, y] = [1n, 0n];
  while (low > 1n) {
    const quotient = high / low;
    [high, low] = [low, high - quotient * low];
    [y, x] = [x, y - quotient * x];
  }
  return mod(x, modulus);
}

function mod(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

const DER_SEQUENCE = 0x30;
const DER_INTEGER = 0x02;

/** Two integers in DER, and nothing after them. No signature on these curves needs a length of more than one byte. */
function readSignature(der: Uint8Array): { readonly r: bigint; readonly s: bigint } | null {
  if (der[0] !== DER_SEQUENCE || der[1] !== der.length - 2) return null;
  const first = readInteger(der, 2);
  const second = first === null ? null : readInteger(der, first.end);
  return first === null || second === null || second.end !== der.length ? null : { r: first.value, s: second.value };
}

function readInteger(der: Uint8Array, at: number): { readonly value: bigint; readonly end: number } | null {
  const length = der[at + 1];
  if (der[at] !== DER_INTEGER || length === undefined || length === 0 || at + 2 + length > der.length) return null;
  const bytes = der.subarray(at + 2, at + 2 + length);
  const isNegative = (bytes[0] ?? 0) >= 0x80;
  const isPadded = bytes[0] === 0 && length > 1 && (bytes[1] ?? 0) < 0x80;
  return isNegative || isPadded ? null : { value: toInteger(bytes), end: at + 2 + length };
}

function fromBase64Url(text: string): bigint {
  return toInteger(Buffer.from(text, 'base64url'));
}

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}
