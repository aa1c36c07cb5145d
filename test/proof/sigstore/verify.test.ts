import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { BundleVerdict } from '../../../src/proof/sigstore/verdict.ts';
import { verifyBundle, type BundleQuestion } from '../../../src/proof/sigstore/verify.ts';
import {
  ARTIFACT,
  SHA256,
  signMessage,
  signStatement,
  signWithKey,
  signWithTimestamp,
  statementOf,
  type BundleJson,
  type EntryJson,
  type MaterialJson,
} from '../../fakes/bundles.ts';
import { ISSUER, startSigstore, SUBJECT, type FakeSigstore, type TrustedRootJson } from '../../fakes/sigstore.ts';

const IDENTITY = { issuer: ISSUER, subject: SUBJECT };
const BYTES = { bytes: ARTIFACT };

type Ask = (bundle: unknown, changes?: Partial<BundleQuestion>) => Promise<string>;

/** 'holds', or why not. */
async function asking(t: TestContext): Promise<{ services: FakeSigstore; ask: Ask }> {
  const services = await startSigstore(t);
  const defaults = { artifact: BYTES, signers: { identities: [IDENTITY] }, trustedRoot: services.trustedRoot };
  return { services, ask: async (bundle, changes) => sayOf(await verifyBundle({ ...defaults, bundle, ...changes })) };
}

function sayOf(verdict: BundleVerdict): string {
  return verdict.holds ? 'holds' : verdict.reason;
}

function edited<Value>(value: Value, edit: (copy: Value) => void): Value {
  const copy = structuredClone(value);
  edit(copy);
  return copy;
}

test('a signed file is verified from its bytes and from its digest, and another one is not', async (t) => {
  const { services, ask } = await asking(t);
  const bundle = await signMessage(services);
  assert.equal(await ask(bundle), 'holds');
  assert.equal(await ask(bundle, { artifact: { sha256: SHA256 } }), 'holds');
  assert.match(await ask(bundle, { artifact: { bytes: Buffer.from('another\n') } }), /digest is not that of the artifact/);
  assert.match(await ask(bundle, { artifact: { sha256: SHA256.replace(/^./, (x) => (x === '0' ? '1' : '0')) } }), /digest is not that/);
  const signature = edited(bundle, (copy) => (copy.messageSignature.signature = signWithKey(services).bundle.messageSignature.signature));
  assert.match(await ask(signature), /signature mismatch/);
  assert.match(await ask(signature, { artifact: { sha256: SHA256 } }), /signature mismatch/);
});

test('a digest in the bundle that is not of the signed file is refused, although nothing signs it', async (t) => {
  const { services, ask } = await asking(t);
  const bundle = await signMessage(services);
  assert.match(await ask(edited(bundle, (copy) => (copy.messageSignature.messageDigest.digest = 'AAAA'))), /digest is not that/);
  assert.match(await ask(edited(bundle, (copy) => (copy.messageSignature.messageDigest.algorithm = 'SHA2_512'))), /digest is not that/);
  const other = edited(bundle, (copy) => (copy.messageSignature.messageDigest.algorithm = 'SHA2_512'));
  assert.match(await ask(other, { artifact: { sha256: SHA256 } }), /give the file instead/);
  assert.match(await ask(edited(bundle, (copy) => (copy.messageSignature.messageDigest.algorithm = 99))), /Unrecognized enum value 99/);
});

test('a signed statement counts for the artifact that is its subject, and for no other', async (t) => {
  const { services, ask } = await asking(t);
  const bundle = await signStatement(services, statementOf());
  assert.equal(await ask(bundle), 'holds');
  assert.equal(await ask(bundle, { artifact: { sha256: SHA256 } }), 'holds');
  assert.match(await ask(bundle, { artifact: { bytes: Buffer.from('another\n') } }), /no subject of its statement is the artifact/);
  assert.match(
    await ask(edited(bundle, (copy) => (copy.dsseEnvelope.payload = btoa(JSON.stringify(statementOf({ predicate: 1 })))))),
    /hash mismatch/,
  );
  const older = await signStatement(services, statementOf({ _type: 'https://in-toto.io/Statement/v0.1' }));
  assert.equal(await ask(older), 'holds');
});

test('a statement of an unknown type, without a type, without a digest, or that is no statement, is refused', async (t) => {
  const { services, ask } = await asking(t);
  assert.match(await ask(await signStatement(services, statementOf({ _type: 'https://in-toto.io/Statement/v2' }))), /unknown type/);
  assert.match(await ask(await signStatement(services, statementOf({ _type: undefined }))), /unknown type null/);
  for (const subject of [[], undefined, {}, [{}], [{ digest: null }], [{ digest: { sha256: 1 } }], [{ digest: { md5: SHA256 } }], [null]])
    assert.match(
      await ask(await signStatement(services, statementOf({ subject }))),
      /no subject of its statement/,
      JSON.stringify(subject),
    );
  assert.match(await ask(await signStatement(services, [])), /no object/);
  assert.match(await ask(await signStatement(services, statementOf(), 'text/plain')), /no in-toto statement/);
});

test('identities are compared to the letter', async (t) => {
  const { services, ask } = await asking(t);
  const bundle = await signMessage(services);
  for (const subject of ['.*', SUBJECT.slice(0, -1), `${SUBJECT}x`, SUBJECT.toUpperCase(), '', SUBJECT.replace('.', '?')])
    assert.match(await ask(bundle, { signers: { identities: [{ issuer: ISSUER, subject }] } }), /^it was signed by "https:/, subject);
  assert.match(await ask(bundle, { signers: { identities: [{ issuer: `${ISSUER}/`, subject: SUBJECT }] } }), /^it was signed by/);
  assert.match(await ask(bundle, { signers: { identities: [] } }), /no identity is trusted/);
  assert.equal(await ask(bundle, { signers: { identities: [{ issuer: 'x', subject: 'y' }, IDENTITY] } }), 'holds');
});

test('the first version of the format, with a promise and a proof that leads nowhere, is read; a root that it brings is not', async (t) => {
  const { services, ask } = await asking(t);
  const first = edited(await signMessage(services), (copy) => {
    copy.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.1';
    delete copy.verificationMaterial.tlogEntries[0]!.inclusionProof!.checkpoint;
  });
  assert.equal(await ask(first), 'holds');
  assert.equal(await ask(edited(first, (copy) => delete copy.verificationMaterial.tlogEntries[0]!.inclusionProof)), 'holds');
  assert.match(
    await ask(edited(first, (copy) => delete copy.verificationMaterial.tlogEntries[0]!.inclusionPromise)),
    /invalid v0.1 bundle/,
  );
  const [root] = services.trustedRoot.certificateAuthorities[0]!.certChain.certificates;
  const withRoot = edited(first, (copy) => copy.verificationMaterial.x509CertificateChain!.certificates.push(root!));
  assert.match(await ask(withRoot), /brings a root certificate/);
});

test('Rekor v2 says no time, so a time stamping authority must, and each stamp must be right', async (t) => {
  const { services, ask } = await asking(t);
  const bundle = await signWithTimestamp(services);
  assert.equal(await ask(bundle), 'holds');
  assert.equal(await ask(bundle, { artifact: { sha256: SHA256 } }), 'holds');
  const material = (edit: (copy: MaterialJson) => void): BundleJson => edited(bundle, (copy) => edit(copy.verificationMaterial));
  assert.match(await ask(material((copy) => delete copy.timestampVerificationData)), /expected 1 timestamps, got 0/);
  const other = (await signWithTimestamp(services)).verificationMaterial.timestampVerificationData;
  assert.match(await ask(material((copy) => (copy.timestampVerificationData = other!))), /timestamp could not be verified/);
  const both = material((copy) => copy.timestampVerificationData!.rfc3161Timestamps.push(...other!.rfc3161Timestamps));
  assert.match(await ask(both), /timestamp could not be verified/);
  assert.match(await ask(material((copy) => (copy.tlogEntries = []))), /expected 1 tlog entries, got 0/);
  assert.match(await ask(material((copy) => copy.tlogEntries.push(copy.tlogEntries[0]!))), /duplicate tlog entry/);
  assert.match(await ask(material((copy) => (copy.tlogEntries[0]!.inclusionProof!.checkpoint!.envelope += 'x'))), /./);
  const ended = (edit: (root: TrustedRootJson) => void): Promise<string> =>
    ask(bundle, { trustedRoot: edited(services.trustedRoot, edit) });
  assert.match(
    await ended((root) => (root.timestampAuthorities[0]!.validFor.end = '2021-01-01T00:00:00Z')),
    /timestamp could not be verified/,
  );
  assert.match(await ended((root) => (root.certificateAuthorities[0]!.validFor.end = '2021-01-01T00:00:00Z')), /certificate chain/);
});

test('a key of one\u2019s own verifies what it signed, and needs a log only where the root knows one', async (t) => {
  const { services, ask } = await asking(t);
  for (const curve of ['P-256', 'P-384']) {
    const { bundle, key } = signWithKey(services, curve);
    assert.equal(await ask(bundle, { signers: { key } }), 'holds', curve);
    assert.equal(await ask(bundle, { signers: { key }, artifact: { sha256: SHA256 } }), 'holds', curve);
    assert.match(await ask(bundle, { signers: { key: signWithKey(services, curve).key } }), /signature verification failed/);
    const unlogged = edited(bundle, (copy) => (copy.verificationMaterial.tlogEntries = []));
    assert.match(await ask(unlogged, { signers: { key } }), /expected 1 tlog entries/);
    const empty = { mediaType: services.trustedRoot.mediaType };
    assert.equal(await ask(unlogged, { signers: { key }, trustedRoot: empty }), 'holds');
    assert.match(await ask(bundle, { signers: { key }, trustedRoot: empty }), /invalid checkpoint signature/);
  }
});

test('a key is not asked about a certificate, nor an identity about a key', async (t) => {
  const { services, ask } = await asking(t);
  const { bundle, key } = signWithKey(services);
  assert.match(await ask(bundle), /signed with a key, which has no identity/);
  assert.match(await ask(await signMessage(services), { signers: { key } }), /signed with a certificate, and a key was given/);
});

test('an entry of the log that is of another signature, or that the log has not signed, is refused', async (t) => {
  const { services, ask } = await asking(t);
  const [bundle, other] = [await signMessage(services), await signMessage(services)];
  const entry = (edit: (copy: EntryJson) => void): BundleJson => edited(bundle, (copy) => edit(copy.verificationMaterial.tlogEntries[0]!));
  const swapped = edited(bundle, (copy) => (copy.verificationMaterial.tlogEntries = other.verificationMaterial.tlogEntries));
  assert.match(await ask(swapped), /signature mismatch/);
  assert.match(await ask(entry((copy) => (copy.integratedTime = '4102444800'))), /certificate|promise/);
  assert.match(await ask(entry((copy) => (copy.logIndex = '1'))), /promise could not be verified/);
  assert.match(await ask(entry((copy) => (copy.inclusionPromise!.signedEntryTimestamp = 'AAAA'))), /promise could not be verified/);
  assert.match(await ask(entry((copy) => (copy.canonicalizedBody = btoa('{}')))), /could not be verified|mismatch/);
  assert.match(
    await ask(entry((copy) => (copy.inclusionProof!.checkpoint!.envelope = 'x\n1\nAAAA\n\n\u2014 x AAAAAAAAAA==\n'))),
    /checkpoint/,
  );
});

test('a trusted root with a log or an authority that has no beginning is refused', async (t) => {
  const { services, ask } = await asking(t);
  const bundle = await signMessage(services);
  const withRoot = (edit: (root: TrustedRootJson) => void): Promise<string> =>
    ask(bundle, { trustedRoot: edited(services.trustedRoot, edit) });
  assert.match(await withRoot((root) => delete root.tlogs[0]!.publicKey.validFor!.start), /has no validFor.start/);
  assert.match(await withRoot((root) => delete root.tlogs[0]!.publicKey.validFor), /has no validFor.start/);
  assert.match(await withRoot((root) => (root.tlogs[0]!.publicKey.validFor!.start = 'whenever')), /malformed/);
  assert.match(await withRoot((root) => delete root.ctlogs[0]!.publicKey.validFor!.start), /has no validFor.start/);
  assert.match(await withRoot((root) => delete root.certificateAuthorities[0]!.validFor.start), /has no validFor.start/);
  assert.match(await withRoot((root) => (root.tlogs[0]!.publicKey.validFor!.end = '2021-01-01T00:00:00Z')), /could not be verified/);
  assert.match(await withRoot((root) => (root.tlogs = [])), /could not be verified/);
  assert.match(await withRoot((root) => (root.ctlogs = [])), /SCT verification failed/);
  assert.match(await withRoot((root) => (root.certificateAuthorities = [])), /certificate chain/);
  assert.match(await ask(bundle, { trustedRoot: null }), /./);
});

test('whatever stands in for a bundle or a root is an answer and no crash', async (t) => {
  const { services, ask } = await asking(t);
  const bundle = await signMessage(services);
  const strangers = [
    null,
    undefined,
    0,
    'x',
    [],
    {},
    { mediaType: 1 },
    { mediaType: bundle.mediaType, verificationMaterial: [], dsseEnvelope: 1 },
  ];
  for (const stranger of strangers) assert.notEqual(await ask(stranger), 'holds', JSON.stringify(stranger));
  for (const stranger of strangers)
    assert.notEqual(await ask(bundle, { trustedRoot: stranger ?? null }), 'holds', JSON.stringify(stranger));
  for (const path of ['certificates', 'tlogEntries', 'rawBytes', 'messageDigest', 'logId', 'kindVersion', 'checkpoint']) {
    for (const stranger of [null, 1, 'AA==', [], {}, [null]]) {
      const text = JSON.stringify(bundle, (name, value: unknown) => (name === path ? stranger : value));
      assert.notEqual(await ask(JSON.parse(text)), 'holds', `${path}: ${JSON.stringify(stranger)}`);
    }
  }
  assert.notEqual(await ask(signWithKey(services).bundle, { signers: { key: 'no key' } }), 'holds');
});
