// Bundles as clients of Sigstore write them, old and new, over the services of test/fakes/sigstore.ts.
import { createHash, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { bundleToJSON, type SerializedBundle } from '@sigstore/bundle';
import { DSSEBundleBuilder, FulcioSigner, MessageSignatureBundleBuilder, RekorWitness, TSAWitness, type Witness } from '@sigstore/sign';
import { identityToken, type FakeSigstore } from './sigstore.ts';

export const ARTIFACT = Buffer.from('artifact\n');
export const SHA256 = createHash('sha256').update(ARTIFACT).digest('hex');
const V03 = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** A bundle as JSON, for a forger to edit. Which of the contents is there, a test knows. */
export interface BundleJson {
  mediaType: string;
  verificationMaterial: MaterialJson;
  messageSignature: { messageDigest: { algorithm: string | number; digest: string }; signature: string };
  dsseEnvelope: { payload: string };
}

export interface MaterialJson {
  x509CertificateChain?: { certificates: RawJson[] };
  certificate?: RawJson;
  publicKey?: { hint: string };
  tlogEntries: EntryJson[];
  timestampVerificationData?: { rfc3161Timestamps: { signedTimestamp: string }[] };
}

export interface EntryJson {
  logIndex: string;
  logId: { keyId: string };
  kindVersion: { kind: string; version: string };
  integratedTime: string;
  inclusionPromise?: { signedEntryTimestamp: string };
  inclusionProof?: { logIndex: string; rootHash: string; treeSize: string; hashes: string[]; checkpoint?: { envelope: string } };
  canonicalizedBody: string;
}

interface RawJson {
  rawBytes: string;
}

/** Version 0.2: a chain of one certificate, Rekor v1, its promise and its proof. */
export async function signMessage(services: FakeSigstore, subject?: string): Promise<BundleJson> {
  const builder = new MessageSignatureBundleBuilder({ signer: fulcio(services, subject), witnesses: [rekor(services)] });
  return plain(bundleToJSON(await builder.create({ data: ARTIFACT })));
}

export async function signStatement(services: FakeSigstore, statement: object, type = 'application/vnd.in-toto+json'): Promise<BundleJson> {
  const builder = new DSSEBundleBuilder({ signer: fulcio(services), witnesses: [rekor(services)] });
  return plain(bundleToJSON(await builder.create({ data: Buffer.from(JSON.stringify(statement)), type })));
}

export function statementOf(changes: object = {}): object {
  const subject = [{ name: 'artifact', digest: { sha256: SHA256 } }];
  return { _type: 'https://in-toto.io/Statement/v1', subject, predicateType: 'https://example.org/p', predicate: {}, ...changes };
}

/** Version 0.3 with Rekor v2, which says no time: a time stamping authority does. */
export async function signWithTimestamp(services: FakeSigstore): Promise<BundleJson> {
  const stamp = new TSAWitness({ tsaBaseURL: services.url });
  const builder = new MessageSignatureBundleBuilder({ signer: fulcio(services), witnesses: [stamp] });
  const bundle = plain(bundleToJSON(await builder.create({ data: ARTIFACT })));
  const { x509CertificateChain: chain, ...material } = bundle.verificationMaterial;
  const certificate = chain!.certificates[0]!;
  const verifier = { x509Certificate: certificate, keyDetails: 'PKIX_ECDSA_P256_SHA_256' };
  const tlogEntries = [toEntry(services, bundle.messageSignature.signature, verifier)];
  return { ...bundle, mediaType: V03, verificationMaterial: { ...material, certificate, tlogEntries } };
}

/** Version 0.3, signed by a key of one's own. */
export function signWithKey(services: FakeSigstore, curve = 'P-256'): { bundle: Omit<BundleJson, 'dsseEnvelope'>; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: curve });
  const signature = sign('sha256', ARTIFACT, privateKey).toString('base64');
  const rawBytes = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const entry = toEntry(services, signature, { publicKey: { rawBytes }, keyDetails: 'PKIX_ECDSA_P256_SHA_256' });
  const messageDigest = { algorithm: 'SHA2_256', digest: Buffer.from(SHA256, 'hex').toString('base64') };
  const verificationMaterial = { publicKey: { hint: 'of mine' }, tlogEntries: [entry] };
  return { bundle: { mediaType: V03, verificationMaterial, messageSignature: { messageDigest, signature } }, key: toPem(publicKey) };
}

/** The only leaf of a log, as Rekor v2 writes it: its root is the hash of the entry. */
function toEntry({ url, logKeys }: FakeSigstore, signature: string, verifier: object): EntryJson {
  const data = { algorithm: 'SHA2_256', digest: Buffer.from(SHA256, 'hex').toString('base64') };
  const spec = { hashedRekordV002: { data, signature: { content: signature, verifier } } };
  const body = Buffer.from(JSON.stringify({ apiVersion: '0.0.2', kind: 'hashedrekord', spec }));
  const root = createHash('sha256').update(Buffer.of(0)).update(body).digest('base64');
  const { host } = new URL(url);
  const note = `${host}\n1\n${root}\n`;
  const keyId = createHash('sha256')
    .update(createPublicKey(logKeys.privateKey).export({ format: 'der', type: 'spki' }))
    .digest();
  const signed = Buffer.concat([keyId.subarray(0, 4), sign('sha256', Buffer.from(note), logKeys.privateKey)]).toString('base64');
  return {
    logIndex: '0',
    logId: { keyId: keyId.toString('base64') },
    kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
    integratedTime: '0',
    inclusionProof: {
      logIndex: '0',
      rootHash: root,
      treeSize: '1',
      hashes: [],
      checkpoint: { envelope: `${note}\n\u2014 ${host} ${signed}\n` },
    },
    canonicalizedBody: body.toString('base64'),
  };
}

function fulcio({ url }: FakeSigstore, subject?: string): FulcioSigner {
  return new FulcioSigner({ fulcioBaseURL: url, identityProvider: { getToken: () => Promise.resolve(identityToken(subject)) } });
}

function rekor({ url }: FakeSigstore): Witness {
  return new RekorWitness({ rekorBaseURL: url, entryType: 'intoto' });
}

function toPem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'spki' }).toString();
}

function plain(bundle: SerializedBundle): BundleJson {
  return JSON.parse(JSON.stringify(bundle)) as BundleJson;
}
