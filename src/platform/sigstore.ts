import type { SerializedBundle } from '@sigstore/bundle';
import type { Sigstore, SigstoreServices } from '../context.ts';
import { SophiaError } from '../errors.ts';
import type { Json } from '../outcome.ts';

const TIMEOUT_MS = 15_000;
/** One more try, soon: whoever seals is waiting. */
const RETRY = { retries: 1, minTimeout: 250 };

export const sigstore: Sigstore = {
  sign: async (bytes, services) => {
    const [{ FulcioSigner, MessageSignatureBundleBuilder, RekorWitness }, { bundleToJSON }] = await Promise.all([
      import('@sigstore/sign'),
      import('@sigstore/bundle'),
    ]);
    const { identityToken, fulcioUrl, rekorUrl } = services;
    const limits = { timeout: TIMEOUT_MS, retry: RETRY };
    const identityProvider = { getToken: () => Promise.resolve(identityToken) };
    const signer = new FulcioSigner({ ...limits, fulcioBaseURL: withoutSlash(fulcioUrl), identityProvider });
    const witness = new RekorWitness({ ...limits, rekorBaseURL: withoutSlash(rekorUrl) });
    try {
      const bundle = await new MessageSignatureBundleBuilder({ signer, witnesses: [witness] }).create({ data: Buffer.from(bytes) });
      return toCurrent(bundleToJSON(bundle));
    } catch (thrown) {
      throw new SophiaError('KEYLESS_UNAVAILABLE', { reason: reasonOf(thrown, services) }, { cause: undefined });
    }
  },
};

/** The library still writes version 0.2, where a certificate is a chain of one. */
function toCurrent(bundle: SerializedBundle): Json {
  const { x509CertificateChain: chain, ...material } = bundle.verificationMaterial;
  const [certificate] = chain?.certificates ?? [];
  if (certificate === undefined) throw new TypeError('the signer brought no certificate');
  const current = {
    ...bundle,
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { ...material, certificate },
  };
  return JSON.parse(JSON.stringify(current)) as Json;
}

/** What the services said, without the token: the library quotes it where it cannot read it. */
function reasonOf(thrown: unknown, { identityToken }: SigstoreServices): string {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause.message : '';
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return [message, cause]
    .filter((part, at, all) => part !== '' && all.indexOf(part) === at)
    .join(': ')
    .replaceAll(identityToken, '…');
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
