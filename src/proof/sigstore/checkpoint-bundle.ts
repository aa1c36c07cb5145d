// One bundle for each keyless seal, beside the checkpoint that it signs. It signs the three lines and none of the signatures below
// them: those lines follow from the entries alone, so the bundle of an earlier seal can be checked after any later one.
import type { Bundle, TransparencyLogEntry } from '@sigstore/bundle';
import { isJsonObject, parseCanonical, parseJson, serialize } from '../canonical.ts';
import { sha256Of } from '../digest.ts';
import type { Json } from '../../outcome.ts';
import { parseNote } from '../ledger/note.ts';
import { MAX_BUNDLE_BYTES } from './bundle-place.ts';
import { verifyBundle } from './verify.ts';
import { broken, type BundleVerdict, type Identity } from './verdict.ts';

export type BundleRead = { readonly ok: true; readonly bundle: Json } | { readonly ok: false; readonly reason: string };

/**
 * By its form alone: the byte law, the newest version of the format, and nothing in it that a reader of the format would not
 * write again. So a byte that no signature covers cannot be changed either.
 */
export async function readCheckpointBundle(bytes: Uint8Array): Promise<BundleRead> {
  if (bytes.length > MAX_BUNDLE_BYTES) return refuse(`${bytes.length} bytes; a bundle has at most ${MAX_BUNDLE_BYTES}`);
  const parsed = parseCanonical(bytes);
  if (!parsed.ok) return refuse(parsed.reason);
  try {
    const { bundleFromJSON, bundleToJSON, BUNDLE_V03_MEDIA_TYPE } = await import('@sigstore/bundle');
    const bundle = bundleFromJSON(parsed.value);
    if (bundle.mediaType !== BUNDLE_V03_MEDIA_TYPE) return refuse(`its media type is not ${BUNDLE_V03_MEDIA_TYPE}`);
    const again = serialize(parseJson(JSON.stringify(bundleToJSON(bundle))));
    if (!Buffer.from(again).equals(bytes)) return refuse('it has more in it than a bundle has');
    const entries: readonly TransparencyLogEntry[] = bundle.verificationMaterial.tlogEntries;
    const isLoose = entries.some((entry) => !isBound(entry, certificateOf(bundle)));
    return isLoose ? refuse('its entry in the log is not bound to it in every part') : { ok: true, bundle: parsed.value };
  } catch (thrown) {
    return refuse(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/**
 * Of what is in it twice, the library judges the signed copy and leaves the other alone: size and root of the log beside its signed
 * checkpoint, and the certificate, whose outer encoding it reads loosely. Here both copies are one.
 */
function isBound({ inclusionProof: proof, canonicalizedBody }: TransparencyLogEntry, certificate: string | null): boolean {
  const note = parseNote(Buffer.from(proof?.checkpoint?.envelope ?? ''));
  if (proof === undefined || !note.ok) return false;
  const [, size, root] = note.value.text.split('\n');
  return proof.treeSize === size && proof.rootHash.toString('base64') === root && certificateInLog(canonicalizedBody) === certificate;
}

/** Base64 of its DER. */
function certificateOf({ verificationMaterial: { content } }: Bundle): string | null {
  return content.$case === 'certificate' ? content.certificate.rawBytes.toString('base64') : null;
}

/** Of an entry "hashedrekord", where it is base64 of PEM. */
function certificateInLog(body: Uint8Array): string | null {
  let at: Json | undefined = parseJson(Buffer.from(body).toString());
  for (const key of ['spec', 'signature', 'publicKey', 'content']) at = isJsonObject(at) ? at[key] : undefined;
  const pem = Buffer.from(typeof at === 'string' ? at : '', 'base64').toString();
  return /^-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/.exec(pem)?.[1]?.replaceAll(/\s/g, '') ?? null;
}

export interface CheckpointQuestion {
  /** Its three lines: origin, size and root, each with a line feed. */
  readonly checkpoint: string;
  readonly bundle: Uint8Array;
  /** Parsed JSON; null for the root of Sigstore's public instance. */
  readonly trustedRoot: unknown;
  /** Who may have signed. Where nobody is named, a signature shows nothing but that somebody signed. */
  readonly identities: readonly Identity[];
}

/** Asks nobody, and never throws for what the bundle or the root hold. */
export async function verifyCheckpointBundle({ checkpoint, bundle, trustedRoot, identities }: CheckpointQuestion): Promise<BundleVerdict> {
  const read = await readCheckpointBundle(bundle);
  if (!read.ok) return broken(read.reason);
  return await verifyBundle({ bundle: read.bundle, artifact: { bytes: Buffer.from(checkpoint) }, signers: { identities }, trustedRoot });
}

/** Whether it is a bundle of this checkpoint, by its form and its digest; who signed it is another question. */
export async function isBundleOf(bytes: Uint8Array, checkpoint: string): Promise<boolean> {
  const read = await readCheckpointBundle(bytes);
  const message = read.ok && isJsonObject(read.bundle) ? read.bundle['messageSignature'] : undefined;
  const digest = isJsonObject(message) ? message['messageDigest'] : undefined;
  return isJsonObject(digest) && digest['digest'] === Buffer.from(sha256Of(checkpoint), 'hex').toString('base64');
}

function refuse(reason: string): BundleRead {
  return { ok: false, reason };
}
