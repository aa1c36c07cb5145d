import { defineCommand } from '../../command.ts';
import { outcome } from '../../outcome.ts';
import { canonicalize } from '../../proof/canonicalization/canonicalize.ts';
import { sha256Of } from '../../proof/digest.ts';
import { readInput } from '../../proof/input.ts';

const MAX_BYTES = 64 * 1024 * 1024;

export default defineCommand({
  name: 'proofs canonicalize',
  summary: 'Print the one spelling of a JSON file (RFC 8785), to the byte',
  action: { none: 'its output is for a program: a test suite, or a tool that signs it' },
  options: {
    file: { type: 'path', positional: true, required: true, value: 'FILE', help: 'JSON in UTF-8' },
    proof: { type: 'boolean', help: 'Spell it as a proof is spelled: indented, with a line feed at its end' },
  },
  examples: [
    { command: 'sophia proofs canonicalize data.json', does: 'Sorted keys, no whitespace, numbers as ECMAScript writes them' },
    { command: 'sophia proofs canonicalize --proof data.json', does: 'The bytes a proof with this content would have' },
  ],
  dataSchema: {
    type: 'object',
    required: ['canonical', 'sha256', 'sizeBytes'],
    additionalProperties: false,
    properties: {
      canonical: { type: 'string', description: 'The canonical text' },
      sha256: { type: 'string', description: 'Of its UTF-8 bytes' },
      sizeBytes: { type: 'integer', minimum: 0 },
    },
  },
  run: (context, { file, proof }) => {
    const law = proof ? 'byte law' : 'RFC 8785';
    const canonical = canonicalize({ file, bytes: readInput(context, file, MAX_BYTES), law });
    const data = { canonical, sha256: sha256Of(canonical), sizeBytes: Buffer.byteLength(canonical) };
    const reason = `it has one spelling by the ${law === 'byte law' ? 'byte law of proofs' : 'rules of RFC 8785'}`;
    return Promise.resolve(outcome([{ check: 'canonical', target: file, verdict: 'pass', reason }], data));
  },
  view: ({ data }) => data.canonical,
  isVerbatim: true,
});
