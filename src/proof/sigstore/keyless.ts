// Level L3: somebody with a name signed the checkpoint, and a public log knows since when. Asked for by --keyless only, because it
// publishes that name. The seal does not depend on it: when the services are out, the bundle is pending and the next seal brings it.
import type { Context } from '../../context.ts';
import { SophiaError, systemCodeOf } from '../../errors.ts';
import { serialize } from '../canonical.ts';
import { bundlePathOf, MAX_BUNDLE_BYTES } from './bundle-place.ts';
import { isBundleOf } from './checkpoint-bundle.ts';
import { getIdentityToken } from './identity-token.ts';

export const PUBLIC_FULCIO_URL = 'https://fulcio.sigstore.dev';
export const PUBLIC_REKOR_URL = 'https://rekor.sigstore.dev';

export interface KeylessSeal {
  /** Absolute path of the directory. */
  readonly proofs: string;
  readonly size: number;
  /** The three lines of the checkpoint of this size. */
  readonly checkpoint: string;
  readonly fulcioUrl: string;
  readonly rekorUrl: string;
}

export type Keyless =
  /** `path` is relative to proofs/. */
  { readonly state: 'signed'; readonly path: string } | { readonly state: 'pending'; readonly reason: string };

/** Signs the checkpoint that is there, unless it is signed already. `requireIdentity` comes before the seal, this after it. */
export async function signKeyless(context: Context, { proofs, size, checkpoint, fulcioUrl, rekorUrl }: KeylessSeal): Promise<Keyless> {
  const path = bundlePathOf(size);
  try {
    const there = readThere(context, `${proofs}/${path}`);
    if (there !== null)
      return (await isBundleOf(there, checkpoint))
        ? { state: 'signed', path }
        : { state: 'pending', reason: `${path} is no bundle of this checkpoint` };
    const identityToken = await getIdentityToken(context);
    const bundle = await context.sigstore.sign(Buffer.from(checkpoint), { identityToken, fulcioUrl, rekorUrl });
    context.files.makeDirectory(`${proofs}/ledger/bundles`);
    context.files.create(`${proofs}/${path}`, serialize(bundle));
    return { state: 'signed', path };
  } catch (thrown) {
    context.signal.throwIfAborted();
    const isExpected = thrown instanceof Error && (thrown instanceof SophiaError || systemCodeOf(thrown) !== null);
    if (!isExpected) throw thrown;
    return { state: 'pending', reason: thrown.message };
  }
}

/** Empty for what is there and is no plain file: it is no bundle either. */
function readThere({ files }: Context, file: string): Uint8Array | null {
  if (!files.exists(file)) return null;
  const read = files.readPlain(file, MAX_BUNDLE_BYTES);
  return read instanceof Uint8Array ? read : new Uint8Array();
}
