import { defineCommand } from '../../command.ts';
import { readInput } from '../../proof/input.ts';
import { MAX_LOG_INPUT_BYTES, readInclusion, tellLogProof } from '../../proof/ledger/log-input.ts';
import { holdsInclusion } from '../../proof/ledger/merkle.ts';

export default defineCommand({
  name: 'proofs log check-inclusion',
  summary: 'Check that a leaf is in the tree that a root stands for',
  action: { none: 'it answers for one proof of a Merkle tree, as the public test vectors spell it' },
  options: {
    file: {
      type: 'path',
      positional: true,
      required: true,
      value: 'FILE',
      help: 'JSON: {leafIdx, treeSize, root, leafHash, proof[]}, hashes in base64',
    },
  },
  examples: [
    {
      command: 'sophia proofs log check-inclusion proof.json',
      does: 'Exit 0 if the leaf is in the tree, 5 if this proof does not show it',
    },
  ],
  dataSchema: {
    type: 'object',
    required: ['holds'],
    additionalProperties: false,
    properties: { holds: { type: 'boolean' } },
  },
  run: (context, { file }) => {
    const holds = holdsInclusion(readInclusion(file, readInput(context, file, MAX_LOG_INPUT_BYTES)));
    return Promise.resolve(tellLogProof({ file, check: 'inclusion', claim: 'the leaf is in the tree of this root', holds }));
  },
  view: ({ data }) => (data.holds ? 'holds' : 'does not hold'),
});
