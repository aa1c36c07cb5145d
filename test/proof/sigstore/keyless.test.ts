import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { test, type TestContext } from 'node:test';
import type { Env } from '../../../src/context.ts';
import { verifyCheckpointBundle } from '../../../src/proof/sigstore/checkpoint-bundle.ts';
import { requireIdentity } from '../../../src/proof/sigstore/identity-token.ts';
import { signKeyless, type Keyless, type KeylessSeal } from '../../../src/proof/sigstore/keyless.ts';
import { contextFor } from '../../fakes/context.ts';
import { identityToken, ISSUER, listen, startSigstore, SUBJECT, type FakeSigstore } from '../../fakes/sigstore.ts';

const CHECKPOINT = 'example.org/proofs\n3\nqtjJ8vGdYh2SFMHG0eMUQvVWPGnL4dMd5ksFyjAwZcI=\n';
const IDENTITIES = [{ issuer: ISSUER, subject: SUBJECT }];

interface Sealed {
  readonly keyless: Keyless;
  readonly seal: KeylessSeal;
  readonly again: () => Promise<Keyless>;
  readonly bundle: () => Buffer;
}

async function seal(t: TestContext, services: FakeSigstore, env: Env = { SIGSTORE_ID_TOKEN: identityToken() }): Promise<Sealed> {
  const context = contextFor(t, { env });
  const proofs = `${context.directory}/proofs`;
  const options = { proofs, size: 3, checkpoint: CHECKPOINT, fulcioUrl: `${services.url}/`, rekorUrl: services.url };
  const again = (): Promise<Keyless> => signKeyless(context, options);
  return { keyless: await again(), seal: options, again, bundle: () => readFileSync(`${proofs}/ledger/bundles/3.sigstore.json`) };
}

test('a checkpoint is signed by an identity, and the bundle holds for it, for its signer and for nothing else', async (t) => {
  const services = await startSigstore(t);
  const { keyless, bundle } = await seal(t, services);
  assert.deepEqual(keyless, { state: 'signed', path: 'ledger/bundles/3.sigstore.json' });
  const question = { checkpoint: CHECKPOINT, bundle: bundle(), trustedRoot: services.trustedRoot, identities: IDENTITIES };
  const asked = services.requests.length;
  assert.deepEqual(await verifyCheckpointBundle(question), { holds: true, signer: IDENTITIES[0] });
  const causeOf = async (changes: Partial<typeof question>): Promise<string> => {
    const verdict = await verifyCheckpointBundle({ ...question, ...changes });
    return verdict.holds ? 'holds' : verdict.cause;
  };
  assert.equal(await causeOf({ checkpoint: CHECKPOINT.replace('3', '4') }), 'broken');
  assert.equal(await causeOf({ identities: [] }), 'untrusted');
  assert.equal(await causeOf({ identities: [{ issuer: ISSUER, subject: '.*' }] }), 'untrusted');
  assert.equal(await causeOf({ identities: [{ issuer: 'https://other.example', subject: SUBJECT }] }), 'untrusted');
  assert.equal(await causeOf({ trustedRoot: null as never }), 'broken');
  assert.equal(services.requests.length, asked, 'a check asked the network');
});

test('no byte of a bundle can be changed unseen', async (t) => {
  const services = await startSigstore(t);
  const bytes = (await seal(t, services)).bundle();
  const question = { checkpoint: CHECKPOINT, trustedRoot: services.trustedRoot, identities: IDENTITIES };
  for (let at = 0; at < bytes.length; at += 7) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ (at % 2 === 0 ? 1 : 2);
    const { holds } = await verifyCheckpointBundle({ ...question, bundle: changed });
    assert.equal(holds, false, `byte ${at}: ${bytes.subarray(Math.max(0, at - 20), at + 20).toString()}`);
  }
  for (const other of [
    '',
    '{}\n',
    '[]\n',
    'null\n',
    '\uFEFF{}\n',
    `${bytes.toString()}\n`,
    bytes.toString().replace('{\n', '{\n  "a": 1,\n'),
  ])
    assert.equal((await verifyCheckpointBundle({ ...question, bundle: Buffer.from(other) })).holds, false, other.slice(0, 20));
});

test('a checkpoint that is signed is not signed again', async (t) => {
  const services = await startSigstore(t);
  const { again, bundle } = await seal(t, services);
  const [first, asked] = [bundle(), services.requests.length];
  assert.equal((await again()).state, 'signed');
  assert.ok(bundle().equals(first));
  assert.equal(services.requests.length, asked);
});

test('a file in the place of the bundle that is none of this checkpoint is not taken for one, and not overwritten', async (t) => {
  const services = await startSigstore(t);
  const { again, bundle, seal: options } = await seal(t, services);
  const whole = bundle().toString();
  const digest = /"digest": "([^"]+)"/.exec(whole)![1]!;
  for (const text of ['', '{}\n', whole.replace(digest, Buffer.alloc(32).toString('base64'))]) {
    writeFileSync(`${options.proofs}/ledger/bundles/3.sigstore.json`, text);
    assert.deepEqual(await again(), { state: 'pending', reason: 'ledger/bundles/3.sigstore.json is no bundle of this checkpoint' });
    assert.equal(bundle().toString(), text);
  }
});

test('an outage leaves the bundle pending, without the token in what is said, and the next seal brings it', async (t) => {
  const services = await startSigstore(t);
  services.failWith(503);
  const { keyless, again, bundle } = await seal(t, services);
  assert.equal(keyless.state, 'pending');
  assert.match(keyless.state === 'pending' ? keyless.reason : '', /could not be signed keyless: .*503/);
  assert.throws(bundle, { code: 'ENOENT' });
  assert.ok(!JSON.stringify(keyless).includes(identityToken()));
  services.failWith(null);
  assert.equal((await again()).state, 'signed');
  const gone = await seal(t, { ...services, url: 'http://127.0.0.1:1' });
  assert.equal(gone.keyless.state, 'pending');
});

test("the job's own identity comes from its issuer, for the audience of Sigstore", async (t) => {
  const services = await startSigstore(t);
  const asked: string[] = [];
  let answer = JSON.stringify({ value: identityToken('repo:acme/app:ref:refs/heads/main') });
  const issuer = http.createServer((request, response) => {
    asked.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`);
    response.end(answer);
  });
  const url = `${await listen(t, issuer)}/token?api-version=2`;
  const env = { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job-token' };
  assert.equal((await seal(t, services, env)).keyless.state, 'signed');
  assert.deepEqual(asked, ['/token?api-version=2&audience=sigstore Bearer job-token']);
  for (answer of ['not json', '{}', '{"value":"no.jwt.here"}']) {
    const { keyless } = await seal(t, services, env);
    assert.equal(keyless.state, 'pending', answer);
    assert.ok(!JSON.stringify(keyless).includes('no.jwt.here'));
  }
});

test('without an identity a keyless seal is refused before anything is written', () => {
  assert.throws(() => requireIdentity({}), { code: 'KEYLESS_NO_IDENTITY' });
  assert.throws(() => requireIdentity({ ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1' }), { code: 'KEYLESS_NO_IDENTITY' });
  for (const token of ['x', 'a.b.c', `a.${Buffer.from('{"email":"a@b"}').toString('base64url')}.c`])
    assert.throws(() => requireIdentity({ SIGSTORE_ID_TOKEN: token }), { code: 'KEYLESS_NO_IDENTITY' }, token);
  requireIdentity({ SIGSTORE_ID_TOKEN: identityToken() });
  requireIdentity({ ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x' });
});
