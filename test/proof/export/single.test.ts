import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { suite, test, type TestContext } from 'node:test';
import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, Verifier, type TrustMaterial } from '@sigstore/verify';
import { exportProof, type SingleExport, type Wanted } from '../../../src/proof/export/single.ts';
import type { ForeignPredicate } from '../../../src/proof/export/predicates.ts';
import { readSigningKey } from '../../../src/proof/keys/signing-key.ts';
import { writePrivateKey } from '../../../src/proof/keys/private-key.ts';
import { leafHash, holdsInclusion } from '../../../src/proof/ledger/merkle.ts';
import { sha256Of } from '../../../src/proof/digest.ts';
import { resolveProof } from '../../../src/proof/store.ts';
import type { Body } from '../../../src/proof/recording/record.ts';
import { AgedProofs } from '../../fakes/aged-proofs.ts';

const KEY = readSigningKey(writePrivateKey('acme', Buffer.alloc(32, 7)), { name: 'a test', file: null });
const NOW = '2026-11-23';

suite('envelopes', () => {
  test('DSSE holds the bytes of the proof, and the signature is over type, length and bytes', async (t) => {
    const { aged, path } = await sealed(t);
    const { text, isSigned } = await take(aged, { form: 'dsse', key: KEY });
    const envelope = JSON.parse(text) as Envelope;
    const bytes = readFileSync(`${aged.store.proofs}/${path}`);
    assert.deepEqual(Buffer.from(envelope.payload, 'base64'), bytes);
    assert.deepEqual([envelope.payloadType, isSigned, envelope.signatures.length], ['application/vnd.in-toto+json', true, 1]);
    assert.ok(isRight(envelope, bytes));
    assert.ok(!isRight(envelope, Buffer.concat([bytes, Buffer.from(' ')])));
  });

  test('without a key the envelope has no signature, and says so', async (t) => {
    const { aged } = await sealed(t);
    const { text, isSigned } = await take(aged, { form: 'dsse', key: null });
    assert.deepEqual([(JSON.parse(text) as Envelope).signatures, isSigned], [[], false]);
  });

  test('a bundle is accepted by the verifier of Sigstore with the key, and by none without', async (t) => {
    const { aged } = await sealed(t);
    const { text } = await take(aged, { form: 'bundle', key: KEY });
    const entity = toSignedEntity(bundleFromJSON(JSON.parse(text)));
    const hint = (JSON.parse(text) as { verificationMaterial: { publicKey: { hint: string } } }).verificationMaterial.publicKey.hint;
    verifierFor(hint, KEY.publicKey).verify(entity);
    assert.throws(() => verifierFor(hint, Buffer.alloc(32, 9)).verify(entity));
  });

  test('a key that an agent holds signs no envelope', async (t) => {
    const { aged } = await sealed(t);
    const held = { isHeldByAgent: true, publicKey: KEY.publicKey, file: '/x/id.pub' } as const;
    await assert.rejects(take(aged, { form: 'dsse', key: held }), { code: 'SIGNING_KEY_INVALID' });
  });
});

suite('tlog-proof', () => {
  test('leads from the bytes of the proof to the root of the checkpoint below it', async (t) => {
    const { aged, path } = await sealed(t);
    const { text } = await take(aged, { form: 'tlog-proof' });
    const [head = '', ...rest] = text.split('\n\n');
    const [first, index, ...siblings] = head.split('\n');
    const checkpoint = rest.join('\n\n');
    assert.deepEqual([first, checkpoint], ['c2sp.org/tlog-proof@v1', readFileSync(`${aged.store.proofs}/ledger/checkpoint`, 'utf8')]);
    const [, size = '', root = ''] = checkpoint.split('\n');
    const inclusion = {
      index: Number(index!.slice('index '.length)),
      size: Number(size),
      leaf: leafHash(readFileSync(`${aged.store.proofs}/${path}`)),
      root: Buffer.from(root, 'base64'),
      proof: siblings.map((each) => Buffer.from(each, 'base64')),
    };
    assert.ok(holdsInclusion(inclusion));
    assert.ok(!holdsInclusion({ ...inclusion, leaf: leafHash(Buffer.from('other')) }));
  });

  test('there is none of a proof that is not sealed', async (t) => {
    const aged = new AgedProofs(t);
    await aged.record('2026-11-20', 'smoke');
    await assert.rejects(take(aged, { form: 'tlog-proof' }), { code: 'PROOF_NOT_SEALED' });
  });
});

suite("in others' words", () => {
  test('provenance names what was made, from what, by whom and when', async (t) => {
    const { aged, path } = await sealed(t, ({ record }) => {
      record.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' });
      record.attach('out.body', Buffer.from('made'), 'text/plain');
      record.input('sophia.yaml', Buffer.from('x'));
    });
    const { statement, predicate } = await foreign(aged, 'slsa');
    const { buildDefinition, runDetails } = predicate as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    assert.deepEqual(
      [statement.predicateType, statement.subject],
      ['https://slsa.dev/provenance/v1', [{ name: path.replace('.json', '.out.body'), digest: { sha256: sha256Of('made') } }]],
    );
    assert.deepEqual(buildDefinition!['externalParameters'], { command: 'smoke', argv: ['smoke'] });
    assert.deepEqual(buildDefinition!['resolvedDependencies'], [{ name: 'sophia.yaml', digest: { sha256: sha256Of('x') } }]);
    const digest = { sha256: sha256Of(readFileSync(`${aged.store.proofs}/${path}`)) };
    assert.deepEqual(runDetails!['byproducts'], [{ name: `proofs/${path}`, digest, mediaType: 'application/vnd.in-toto+json' }]);
    assert.match(JSON.stringify(runDetails!['metadata']), /"startedOn":"2026-11-20T00:00:00.000Z"/);
  });

  test('a test result names what passed, warned and failed', async (t) => {
    const { aged } = await sealed(t, ({ record }) => {
      for (const verdict of ['pass', 'warn', 'flaky', 'fail'] as const)
        record.find({ check: verdict, target: 'api', verdict, reason: 'r' });
    });
    const { statement, predicate } = await foreign(aged, 'test-result');
    assert.equal(statement.predicateType, 'https://in-toto.io/attestation/test-result/v0.1');
    assert.deepEqual(predicate, {
      result: 'FAILED',
      configuration: [],
      passedTests: ['pass api'],
      warnedTests: ['warn api', 'flaky api'],
      failedTests: ['fail api'],
    });
  });

  test('a run from which nothing can be concluded is not rounded to a test result', async (t) => {
    const { aged } = await sealed(t, () => {});
    await assert.rejects(foreign(aged, 'test-result'), { code: 'EXPORT_IMPOSSIBLE' });
  });

  test('a link has its command and its exit code', async (t) => {
    const { aged, path } = await sealed(t);
    const { statement, predicate } = await foreign(aged, 'link');
    assert.equal(statement.predicateType, 'https://in-toto.io/attestation/link/v0.3');
    assert.deepEqual(
      statement.subject.map(({ name }) => name),
      [`proofs/${path}`],
    );
    const { name, command, byproducts } = predicate as { name: string; command: string[]; byproducts: Record<string, unknown> };
    assert.deepEqual([name, command, byproducts['return-value']], ['smoke', ['sophia', 'smoke'], 0]);
  });

  test('a verification result has a property only for what passed', async (t) => {
    const { aged } = await sealed(t);
    const { verifier, ...rest } = (await foreign(aged, 'svr')).predicate;
    assert.equal((verifier as { id: string }).id, 'urn:sophia:verifier:v1');
    assert.deepEqual(rest, {
      timeCreated: '2026-11-23T00:00:00.000Z',
      properties: ['SOPHIA_PROOF_HOLDS', 'SOPHIA_PROOF_SEALED', 'SOPHIA_SMOKE_PASSED'],
    });
    const failed = await sealed(t, ({ record }) => record.find({ check: 'c', target: 't', verdict: 'fail', reason: 'r' }));
    assert.deepEqual((await foreign(failed.aged, 'svr')).predicate['properties'], ['SOPHIA_PROOF_HOLDS', 'SOPHIA_PROOF_SEALED']);
  });

  test('and in an envelope', async (t) => {
    const { aged } = await sealed(t);
    const { text } = await take(aged, { form: 'dsse', key: KEY }, 'slsa');
    const envelope = JSON.parse(text) as Envelope;
    const payload = Buffer.from(envelope.payload, 'base64');
    assert.match(payload.toString(), /slsa\.dev\/provenance\/v1/);
    assert.ok(isRight(envelope, payload));
  });
});

suite('what does not hold is not handed on', () => {
  test('a proof that contradicts itself', async (t) => {
    const aged = new AgedProofs(t);
    const path = await aged.record('2026-11-20', 'smoke');
    edit(aged, path, '"PASSED"', '"FAILED"');
    await assert.rejects(take(aged, { form: 'dsse', key: null }), { code: 'PROOF_DOES_NOT_HOLD' });
  });

  test('one that is another than was sealed', async (t) => {
    const { aged, path } = await sealed(t);
    edit(aged, path, '"reason": "r"', '"reason": "s"');
    edit(aged, path, /"sha256": "[0-9a-f]{64}"/, `"sha256": "${digestOfFindings(aged, path)}"`);
    await assert.rejects(take(aged, { form: 'dsse', key: null }), { code: 'PROOF_DOES_NOT_HOLD', message: /not what was sealed/ });
  });

  test('one whose ledger has another root', async (t) => {
    const { aged } = await sealed(t);
    edit(aged, 'ledger/entries/000', /^0 ([0-9a-f])/, (_, digit) => `0 ${digit === '0' ? '1' : '0'}`);
    await assert.rejects(take(aged, { form: 'tlog-proof' }), { code: 'PROOF_DOES_NOT_HOLD' });
  });
});

interface Envelope {
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly { readonly sig: string }[];
}

/** The pre-authentication encoding, written down once more from its page. */
function isRight({ payloadType, signatures }: Envelope, payload: Uint8Array): boolean {
  const message = Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `), payload]);
  return verify(null, message, publicKeyOf(KEY.publicKey), Buffer.from(signatures[0]!.sig, 'base64'));
}

function publicKeyOf(raw: Uint8Array): ReturnType<typeof createPublicKey> {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') }, format: 'jwk' });
}

function verifierFor(hint: string, publicKey: Uint8Array): Verifier {
  const trusted: TrustMaterial = {
    certificateAuthorities: [],
    timestampAuthorities: [],
    tlogs: [],
    ctlogs: [],
    publicKey: (asked) => {
      assert.equal(asked, hint);
      return { publicKey: publicKeyOf(publicKey), validFor: () => true };
    },
  };
  return new Verifier(trusted, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 });
}

async function sealed(t: TestContext, body?: Body): Promise<{ readonly aged: AgedProofs; readonly path: string }> {
  const aged = new AgedProofs(t);
  for (const day of ['2026-11-17', '2026-11-18', '2026-11-19']) await aged.record(day, 'demo');
  const path = await aged.record('2026-11-20', 'smoke', body);
  await aged.seal('2026-11-21');
  return { aged, path };
}

async function take(aged: AgedProofs, wanted: Wanted, predicate: ForeignPredicate | null = null): Promise<SingleExport> {
  return await exportProof(aged.at(NOW), { store: aged.store, proof: resolveProof(aged.store, 'latest:smoke'), wanted, predicate });
}

interface Statement {
  readonly predicateType: string;
  readonly subject: readonly { readonly name: string }[];
  readonly predicate: Readonly<Record<string, unknown>>;
}

async function foreign(aged: AgedProofs, name: ForeignPredicate): Promise<{ statement: Statement; predicate: Statement['predicate'] }> {
  const statement = JSON.parse((await take(aged, { form: 'statement' }, name)).text) as Statement;
  return { statement, predicate: statement.predicate };
}

function edit({ store }: AgedProofs, path: string, from: string | RegExp, to: string | ((all: string, group: string) => string)): void {
  const file = `${store.proofs}/${path}`;
  const before = readFileSync(file, 'utf8');
  const after = typeof to === 'string' ? before.replace(from, to) : before.replace(from, to);
  assert.notEqual(after, before, 'the test changes something');
  writeFileSync(file, after);
}

/** So that the proof holds by itself, and only the ledger knows better. */
function digestOfFindings({ store }: AgedProofs, path: string): string {
  const { predicate } = JSON.parse(readFileSync(`${store.proofs}/${path}`, 'utf8')) as {
    predicate: { findings: Record<string, string>[] };
  };
  return sha256Of(JSON.stringify(predicate.findings.map((finding) => Object.fromEntries(Object.entries(finding).sort()))));
}
