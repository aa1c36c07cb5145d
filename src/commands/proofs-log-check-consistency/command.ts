import { defineCommand } from '../../command.ts';
import { readInput } from '../../proof/input.ts';
import { MAX_LOG_INPUT_BYTES, readConsistency, tellLogProof } from '../../proof/ledger/log-input.ts';
import { holdsConsistency } from '../../proof/ledger/merkle.ts';

export default defineCommand({
  name: 'proofs log check-consistency',
  summary: 'Check that one tree is the beginning of another',
  action: { none: 'it answers for one proof of a Merkle tree, as the public test vectors spell it' },
  options: {
    file: {
      type: 'path',
      positional: true,
      required: true,
      value: 'FILE',
      help: 'JSON: {size1, size2, root1, root2, proof[]}, hashes in base64',
    },
  },
  examples: [
    {
      command: 'sophia proofs log check-consistency proof.json',
      does: 'Exit 0 if nothing was changed or removed between the two, 5 if this proof does not show it',
    },
  ],
  dataSchema: {
    type: 'object',
    required: ['holds'],
    additionalProperties: false,
    properties: { holds: { type: 'boolean' } },
  },
  run: (context, { file }) => {
    const holds = holdsConsistency(readConsistency(file, readInput(context, file, MAX_LOG_INPUT_BYTES)));
    return Promise.resolve(tellLogProof({ file, check: 'consistency', claim: 'the first tree is the beginning of the second', holds }));
  },
  view: ({ data }) => (data.holds ? 'holds' : 'does not hold'),
});
