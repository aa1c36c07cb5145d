// What a user names on the command line, as a question that can be judged: files that are not what they should be are refused here.
import { createPublicKey } from 'node:crypto';
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { parseStrict } from '../canonicalization/strict.ts';
import { readInput } from '../input.ts';
import type { Artifact, BundleQuestion, Signers } from './verify.ts';

const MAX_JSON_BYTES = 16 * 1024 * 1024;
const MAX_KEY_BYTES = 64 * 1024;
const MAX_ARTIFACT_BYTES = 1024 * 1024 * 1024;
const MAX_DEPTH = 64;

export interface Asked {
  readonly bundle: string;
  readonly artifact: string;
  readonly certificateIdentity: string | undefined;
  readonly certificateOidcIssuer: string | undefined;
  readonly key: string | undefined;
  readonly trustedRoot: string | undefined;
}

/** Throws `INPUT_UNREADABLE`, `JSON_REFUSED` and `USAGE`. */
export function toQuestion(context: Context, asked: Asked): BundleQuestion {
  const signers = toSigners(context, asked);
  return {
    bundle: readJson(context, asked.bundle),
    trustedRoot: asked.trustedRoot === undefined ? null : readJson(context, asked.trustedRoot),
    signers,
    artifact: toArtifact(context, asked.artifact),
  };
}

function readJson(context: Context, file: string): unknown {
  return parseStrict({ file, bytes: readInput(context, file, MAX_JSON_BYTES) }, MAX_DEPTH);
}

/** A file of that name comes before a digest. */
function toArtifact(context: Context, given: string): Artifact {
  const sha256 = /^sha256:([0-9a-f]{64})$/i.exec(given)?.[1];
  if (sha256 !== undefined && !context.files.exists(`${context.directory}/${given}`)) return { sha256: sha256.toLowerCase() };
  return { bytes: readInput(context, given, MAX_ARTIFACT_BYTES) };
}

function toSigners(context: Context, { key, certificateIdentity: subject, certificateOidcIssuer: issuer }: Asked): Signers {
  if (key !== undefined) {
    if (subject !== undefined || issuer !== undefined)
      throw refuse('give --key or an identity, not both: they answer who signed in two ways');
    return { key: readKey(context, key) };
  }
  if (!subject || !issuer) throw refuse('say who must have signed: --certificate-identity and --certificate-oidc-issuer, or --key');
  return { identities: [{ issuer, subject }] };
}

function readKey(context: Context, file: string): string {
  const pem = Buffer.from(readInput(context, file, MAX_KEY_BYTES)).toString();
  try {
    if (!/-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(pem)) throw new TypeError('not PEM');
    createPublicKey(pem);
    return pem;
  } catch (cause) {
    throw new SophiaError('INPUT_UNREADABLE', { path: file, reason: 'it is not a public key in PEM' }, { cause });
  }
}

function refuse(problem: string): SophiaError<'USAGE'> {
  return new SophiaError('USAGE', { problem, command: 'proofs verify-bundle' });
}
