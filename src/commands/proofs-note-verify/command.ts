import { defineCommand } from '../../command.ts';
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { outcome, type Finding } from '../../outcome.ts';
import { readInput } from '../../proof/input.ts';
import { readVkey } from '../../proof/keys/key-source.ts';
import { judgeNote, MAX_NOTE_BYTES, parseNote, type Note, type Signer } from '../../proof/ledger/note.ts';

export default defineCommand({
  name: 'proofs note verify',
  summary: 'Check the signature of a signed note (C2SP), and print its text',
  action: { none: 'its output is for a program, or for a person who was sent a checkpoint' },
  options: {
    vkey: { type: 'string', required: true, value: 'VKEY', help: 'The key that must have signed: NAME+8 HEX+BASE64' },
    file: { type: 'path', positional: true, required: true, value: 'FILE', help: 'The note, for example proofs/ledger/checkpoint' },
  },
  examples: [
    {
      command: 'sophia proofs note verify --vkey "acme-proofs+1f2e3d4c+AQ…" proofs/ledger/checkpoint',
      does: 'The origin, the size and the root of the ledger, if this key vouches for them',
    },
  ],
  dataSchema: {
    type: 'object',
    required: ['text', 'signer', 'signatures'],
    additionalProperties: false,
    properties: {
      text: { type: ['string', 'null'], description: 'What was signed; null where the signature does not hold' },
      signer: { type: 'string', description: 'Name of the key' },
      signatures: { type: 'integer', minimum: 0, description: 'Lines below the text, those of unknown keys included' },
    },
  },
  run: (context, options) => Promise.resolve(judge(context, options)),
  view: ({ data }) => data.text ?? '',
  isVerbatim: true,
});

function judge(context: Context, { vkey, file }: { readonly vkey: string; readonly file: string }) {
  const signer = readVkey(vkey);
  const note = parseNote(readInput(context, file, MAX_NOTE_BYTES));
  const problem = note.ok ? findProblem(note.value, signer) : note.reason;
  const { name } = signer;
  const data = {
    text: note.ok && problem === null ? note.value.text : null,
    signer: name,
    signatures: note.ok ? note.value.signatures.length : 0,
  };
  const finding: Finding = {
    check: 'note',
    target: file,
    verdict: problem === null ? 'pass' : 'fail',
    reason: problem ?? `signed by ${name}`,
  };
  if (problem === null) return outcome([finding], data);
  return { ...outcome([finding], data), error: new SophiaError('PROOF_DOES_NOT_HOLD', { directory: file, count: problem }) };
}

function findProblem(note: Note, signer: Signer): string | null {
  const { signers, forged } = judgeNote(note, [signer]);
  if (forged.length > 0) return `the signature of ${signer.name} is not of this text`;
  return signers.length > 0 ? null : `${signer.name} has not signed it`;
}
