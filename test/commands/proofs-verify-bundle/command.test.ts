import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import command from '../../../src/commands/proofs-verify-bundle/command.ts';
import { ARTIFACT, SHA256, signMessage, signWithKey } from '../../fakes/bundles.ts';
import { contextFor } from '../../fakes/context.ts';
import { ISSUER, startSigstore, SUBJECT } from '../../fakes/sigstore.ts';
import { sophia } from '../../journeys/sophia.ts';

const IDENTITY = ['--certificate-identity', SUBJECT, '--certificate-oidc-issuer', ISSUER];

test('the options of the conformance suite lead to exit 0 or 5, with a file and with a digest', async (t) => {
  const services = await startSigstore(t);
  const cwd = contextFor(t).directory;
  const write = (name: string, value: unknown): void =>
    writeFileSync(`${cwd}/${name}`, Buffer.isBuffer(value) ? value : JSON.stringify(value));
  write('a.txt', ARTIFACT);
  write('b.txt', Buffer.from('another'));
  write('bundle.json', await signMessage(services));
  write('root.json', services.trustedRoot);
  const ask = (...args: string[]): ReturnType<typeof sophia> =>
    sophia({ cwd }, 'proofs', 'verify-bundle', '--bundle', 'bundle.json', ...IDENTITY, '--trusted-root', 'root.json', ...args);
  assert.deepEqual(ask('a.txt'), { exitCode: 0, stdout: `holds: signed by ${SUBJECT}\n`, stderr: '' });
  assert.equal(ask(`sha256:${SHA256}`).exitCode, 0);
  const other = ask('b.txt');
  assert.deepEqual([other.exitCode, other.stdout], [5, '']);
  assert.match(other.stderr, /bundle\.json does not hold: its digest is not that of the artifact/);
  write(`sha256:${SHA256}`, Buffer.from('a file of that name comes first'));
  assert.equal(ask(`sha256:${SHA256}`).exitCode, 5);
});

test('what was asked wrongly, or is no bundle, root or key at all, is exit 2', async (t) => {
  const services = await startSigstore(t);
  const context = contextFor(t);
  const { bundle, key } = signWithKey(services);
  const files = {
    bundle: JSON.stringify(bundle),
    key,
    twice: '{"a":1,"a":1}',
    text: 'x',
    a: ARTIFACT,
    root: JSON.stringify(services.trustedRoot),
  };
  for (const [name, value] of Object.entries(files)) writeFileSync(`${context.directory}/${name}`, value);
  const asked = {
    bundle: 'bundle',
    artifact: 'a',
    key: 'key',
    trustedRoot: 'root',
    certificateIdentity: undefined,
    certificateOidcIssuer: undefined,
  };
  assert.equal((await command.run(context, asked)).data.holds, true);
  const refuse = async (changes: object, code: string): Promise<void> => {
    await assert.rejects(command.run(context, { ...asked, ...changes }), { code }, JSON.stringify(changes));
  };
  await refuse({ certificateIdentity: SUBJECT }, 'USAGE');
  await refuse({ certificateOidcIssuer: ISSUER }, 'USAGE');
  await refuse({ key: undefined }, 'USAGE');
  await refuse({ key: undefined, certificateIdentity: SUBJECT }, 'USAGE');
  await refuse({ key: undefined, certificateIdentity: '', certificateOidcIssuer: '' }, 'USAGE');
  for (const file of ['missing', '.'])
    for (const name of ['bundle', 'key', 'trustedRoot', 'artifact']) await refuse({ [name]: file }, 'INPUT_UNREADABLE');
  for (const file of ['text', 'twice']) for (const name of ['bundle', 'trustedRoot']) await refuse({ [name]: file }, 'JSON_REFUSED');
  await refuse({ key: 'text' }, 'INPUT_UNREADABLE');
  await refuse({ artifact: 'sha256:00' }, 'INPUT_UNREADABLE');
});
