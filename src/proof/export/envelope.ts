// A statement in the envelopes of others: DSSE, and a Sigstore bundle around it. What is signed is the proof's own bytes, as they lie on disk.
// Sources: secure-systems-lab/dsse protocol.md and envelope.md; sigstore/protobuf-specs sigstore_bundle.proto.
import { createHash } from 'node:crypto';
import { SophiaError } from '../../errors.ts';
import type { JsonObject } from '../../outcome.ts';
import type { LocalKey, SigningKey } from '../keys/signing-key.ts';
import { toPublicKey } from '../ledger/note.ts';

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const BUNDLE_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** Without a key it has no signature: a container, and nobody's word. */
export function toEnvelope(payload: Uint8Array, key: LocalKey | null): JsonObject {
  const signatures = key === null ? [] : [{ keyid: digestOfKey(key).toString('hex'), sig: toBase64(sign(payload, key)) }];
  return { payload: toBase64(payload), payloadType: PAYLOAD_TYPE, signatures };
}

/** For a verifier that is given the key: there is no certificate and no entry in a public log. */
export function toBundle(payload: Uint8Array, key: LocalKey): JsonObject {
  return {
    mediaType: BUNDLE_TYPE,
    verificationMaterial: { publicKey: { hint: digestOfKey(key).toString('base64') } },
    dsseEnvelope: toEnvelope(payload, key),
  };
}

/** Throws `SIGNING_KEY_INVALID` for a key that an agent holds: what ssh-keygen signs is no DSSE. */
export function asLocal(key: SigningKey): LocalKey {
  if (!key.isHeldByAgent) return key;
  throw new SophiaError('SIGNING_KEY_INVALID', {
    source: key.file,
    problem: 'it is held by ssh-agent, which signs checkpoints only',
    mend: 'Give the private key itself, or export with --tlog-proof: the ledger is signed by that key.',
  });
}

/** Pre-authentication encoding: type and length are signed with the bytes. */
function sign(payload: Uint8Array, key: LocalKey): Uint8Array {
  return key.sign(Buffer.concat([Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `), payload]));
}

/** SHA-256 of its SPKI, which is what keys are called elsewhere. */
function digestOfKey({ publicKey }: LocalKey): Buffer {
  return createHash('sha256')
    .update(toPublicKey(publicKey).export({ type: 'spki', format: 'der' }))
    .digest();
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
