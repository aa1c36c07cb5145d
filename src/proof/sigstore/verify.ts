// Is this bundle a signature of this artifact, by one of these signers? Nobody is asked: bundle, artifact and trusted root say it all.
// The library checks certificates, logs and times. What it leaves to its caller is checked here: that a statement is about the
// artifact, that the digest is the artifact's, that no root is smuggled in, and the name of the signer, to the letter.
import { createHash, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { Bundle, TransparencyLogEntry } from '@sigstore/bundle';
import type { TrustedRoot } from '@sigstore/protobuf-specs';
import type { SignedEntity } from '@sigstore/verify';
import { verifyDigest } from './ecdsa.ts';
import { subjectFlawOf, type Digests } from './statement.ts';
import { readTrustedRoot } from './trusted-root.ts';
import { broken, untrusted, type BundleVerdict, type Identity } from './verdict.ts';

/** Either the bytes, or their SHA-256 in lowercase hex where only that is at hand. */
export type Artifact = { readonly bytes: Uint8Array } | { readonly sha256: string };

/** Either one of these identities with a certificate, or a key of one's own (PEM). */
export type Signers = { readonly identities: readonly Identity[] } | { readonly key: string };

export interface BundleQuestion {
  /** Parsed JSON. */
  readonly bundle: unknown;
  readonly artifact: Artifact;
  readonly signers: Signers;
  /** Parsed JSON; null for the root of Sigstore's public instance. */
  readonly trustedRoot: unknown;
}

/** Never throws for what the bundle, the root or the key hold: those are strangers' bytes. */
export async function verifyBundle(question: BundleQuestion): Promise<BundleVerdict> {
  const trusted = await readTrustedRoot(question.trustedRoot);
  if (!trusted.ok) return broken(trusted.reason);
  try {
    const { bundleFromJSON } = await import('@sigstore/bundle');
    const bundle = withoutBareProofs(bundleFromJSON(question.bundle));
    const flaw = signerFlawOf(bundle, question.signers) ?? contentFlawOf(bundle, question.artifact);
    return flaw === null ? await verifySignature(bundle, trusted.root, question) : broken(flaw);
  } catch (thrown) {
    return broken(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** The first version of the format allowed an inclusion proof that leads to no signed checkpoint. It proves nothing; the log's promise does. */
function withoutBareProofs(bundle: Bundle): Bundle {
  const { verificationMaterial: material } = bundle;
  const entries: readonly TransparencyLogEntry[] = material.tlogEntries;
  return {
    ...bundle,
    verificationMaterial: { ...material, tlogEntries: entries.map((entry) => (isBare(entry) ? toPromised(entry) : entry)) },
  };
}

function isBare({ inclusionPromise, inclusionProof }: TransparencyLogEntry): boolean {
  return inclusionPromise !== undefined && inclusionProof !== undefined && inclusionProof.checkpoint === undefined;
}

function toPromised(entry: TransparencyLogEntry): TransparencyLogEntry {
  return { ...entry, inclusionProof: undefined };
}

/** A key says nothing about who holds a certificate, and the other way round. */
function signerFlawOf({ verificationMaterial: { content } }: Bundle, signers: Signers): string | null {
  const isOfKey = content.$case === 'publicKey';
  if ('key' in signers && !isOfKey) return 'it was signed with a certificate, and a key was given';
  if ('identities' in signers && isOfKey) return 'it was signed with a key, which has no identity';
  if (content.$case !== 'x509CertificateChain') return null;
  const certificates = content.x509CertificateChain.certificates.map(({ rawBytes }) => new X509Certificate(rawBytes));
  return certificates.some((each) => each.checkIssued(each)) ? 'it brings a root certificate of its own' : null;
}

function contentFlawOf({ content }: Bundle, artifact: Artifact): string | null {
  if (content.$case === 'dsseEnvelope') return subjectFlawOf(content.dsseEnvelope, digestsOf(artifact));
  const { algorithm, digest } = content.messageSignature.messageDigest;
  const name = HASHES[algorithm];
  if (name === undefined) return `its digest is of an unknown kind (${algorithm})`;
  if (name !== 'sha256' && !('bytes' in artifact)) return `its digest is ${name}: give the file instead of its SHA-256`;
  const expected = 'bytes' in artifact ? createHash(name).update(artifact.bytes).digest() : Buffer.from(artifact.sha256, 'hex');
  return digest.equals(expected) ? null : 'its digest is not that of the artifact';
}

/** HashAlgorithm of the format, by number; without a word it is SHA-256. */
const HASHES: Readonly<Record<number, string>> = { 0: 'sha256', 1: 'sha256', 2: 'sha384', 3: 'sha512', 4: 'sha3-256', 5: 'sha3-384' };

async function verifySignature(bundle: Bundle, root: TrustedRoot, { artifact, signers }: BundleQuestion): Promise<BundleVerdict> {
  const { toSignedEntity, toTrustMaterial, Verifier } = await import('@sigstore/verify');
  const key = 'key' in signers ? createPublicKey(signers.key) : null;
  const material = toTrustMaterial(root, () => {
    if (key === null) throw new TypeError('no key was given');
    return { publicKey: key, validFor: () => true };
  });
  const isOfKey = key !== null;
  // A certificate lived for minutes: only a log and a time say that it signed then. A key needs a log where the root knows one.
  const thresholds = { tlogThreshold: isOfKey && root.tlogs.length === 0 ? 0 : 1, timestampThreshold: isOfKey ? 0 : 1 };
  const { identity } = new Verifier(material, thresholds).verify(toEntity(toSignedEntity, bundle, artifact));
  if (isOfKey) return { holds: true, signer: null };
  return judgeIdentity(signers, { issuer: identity?.extensions?.issuer ?? '', subject: identity?.subjectAlternativeName ?? '' });
}

type ToEntity = (bundle: Bundle, artifact?: Buffer) => SignedEntity;

/** The library wants the bytes of the artifact; with their digest the signature is verified here. */
function toEntity(toSignedEntity: ToEntity, bundle: Bundle, artifact: Artifact): SignedEntity {
  if ('bytes' in artifact) {
    const { buffer, byteOffset, byteLength } = artifact.bytes;
    return toSignedEntity(bundle, Buffer.from(buffer, byteOffset, byteLength));
  }
  const entity = toSignedEntity(bundle, Buffer.alloc(0));
  if (bundle.content.$case === 'dsseEnvelope') return entity;
  const { signature } = entity;
  const digest = Buffer.from(artifact.sha256, 'hex');
  return {
    ...entity,
    signature: {
      signature: signature.signature,
      compareSignature: (other) => signature.compareSignature(other),
      compareDigest: (other) => signature.compareDigest(other),
      compareSignedDigest: (other) => signature.compareSignedDigest(other),
      verifySignature: (key) => verifyOverDigest(key, digest, signature.signature),
    },
  };
}

function verifyOverDigest(key: KeyObject, digest: Uint8Array, signature: Uint8Array): boolean {
  const isRight = verifyDigest(key, digest, signature);
  if (isRight === null) throw new TypeError('a signature of this kind is over the artifact itself: give the file instead of its digest');
  return isRight;
}

function judgeIdentity(signers: Signers, signer: Identity): BundleVerdict {
  const identities = 'identities' in signers ? signers.identities : [];
  if (identities.some(({ issuer, subject }) => issuer === signer.issuer && subject === signer.subject)) return { holds: true, signer };
  const who = `${JSON.stringify(signer.subject)}, issued by ${JSON.stringify(signer.issuer)}`;
  return untrusted(identities.length === 0 ? `it was signed by ${who}, and no identity is trusted` : `it was signed by ${who}`);
}

function digestsOf(artifact: Artifact): Digests {
  const known = new Map('bytes' in artifact ? [] : [['sha256', artifact.sha256]]);
  return (algorithm) => {
    // Once each: a statement may have thousands of subjects, and the artifact may be large.
    if ('bytes' in artifact && !known.has(algorithm)) known.set(algorithm, createHash(algorithm).update(artifact.bytes).digest('hex'));
    return known.get(algorithm);
  };
}
