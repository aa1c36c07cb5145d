import { test } from 'node:test';
import check from '../../../src/commands/proofs-log-check-inclusion/command.ts';
import { judgesLogProofs, PROOF, ROOT1, ROOT8 } from '../../contracts/log-check.ts';

test('a proof that holds is 0, one that does not is 5, and what is none is 2', async (t) => {
  const holds = { leafIdx: 0, treeSize: 8, root: ROOT8, leafHash: ROOT1, proof: PROOF };
  const changes = [
    { leafIdx: 2 },
    { leafIdx: 8 },
    { treeSize: 4 },
    { treeSize: 2 ** 60 },
    { root: ROOT1 },
    { leafHash: ROOT8 },
    { proof: [] },
  ];
  await judgesLogProofs(t, check, { holds, changes });
});
