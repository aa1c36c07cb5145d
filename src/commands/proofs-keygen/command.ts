import path from 'node:path';
import { defineCommand } from '../../command.ts';
import { SophiaError, systemCodeOf } from '../../errors.ts';
import { outcome } from '../../outcome.ts';
import { isKeyName, toVkey } from '../../proof/ledger/note.ts';
import { readSigningKey } from '../../proof/keys/signing-key.ts';
import { MAX_KEY_NAME_LETTERS, SEED_BYTES, writePrivateKey } from '../../proof/keys/private-key.ts';

export default defineCommand({
  name: 'proofs keygen',
  summary: 'Make a key that signs the ledger, and print the line that verifies it',
  action: { none: 'a key is made once, on a machine of yours, and kept as a secret' },
  options: {
    name: {
      type: 'string',
      required: true,
      value: 'NAME',
      help: 'What the key is called in every signature, like acme-proofs or example.com/proofs',
    },
    out: { type: 'path', required: true, value: 'FILE', help: 'Where the private key goes; nothing is overwritten' },
  },
  examples: [
    {
      command: 'sophia proofs keygen --name acme-proofs --out acme-proofs.pem',
      does: 'The private key for SOPHIA_SIGNING_KEY; the printed line goes to proofs.trust.keys, or to whoever verifies with --vkey',
    },
  ],
  dataSchema: {
    type: 'object',
    required: ['vkey', 'name', 'path'],
    additionalProperties: false,
    properties: {
      vkey: { type: 'string', description: 'NAME+8 HEX+BASE64: the public half, which may be shown to anybody' },
      name: { type: 'string' },
      path: { type: 'string', description: 'Of the private key' },
    },
  },
  run: ({ files, machine, directory }, { name, out }) => {
    if (!isKeyName(name) || name.length > MAX_KEY_NAME_LETTERS) {
      const problem = `--name: ${JSON.stringify(name)} is no name of a key: at most ${MAX_KEY_NAME_LETTERS} letters, no spaces, no +`;
      throw new SophiaError('USAGE', { problem, command: 'proofs keygen' });
    }
    const pem = writePrivateKey(name, machine.randomBytes(SEED_BYTES));
    const { publicKey } = readSigningKey(pem, { name: out, file: null });
    try {
      files.create(path.resolve(directory, out), pem, { isSecret: true });
    } catch (thrown) {
      throw new SophiaError('KEY_NOT_WRITTEN', { path: out, reason: describe(thrown) });
    }
    const vkey = toVkey({ name, publicKey });
    const finding = { check: 'key', target: out, verdict: 'pass', reason: 'written for nobody but you to read' } as const;
    return Promise.resolve(outcome([finding], { vkey, name, path: out }));
  },
  view: ({ data }) => `${data.vkey}\n`,
  isVerbatim: true,
});

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'there is a file already',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'nobody may write there',
};

/** The system speaks of a temporary file, whose name says nothing to anybody. */
function describe(thrown: unknown): string {
  return REASONS[systemCodeOf(thrown) ?? ''] ?? (thrown instanceof Error ? thrown.message : String(thrown));
}
