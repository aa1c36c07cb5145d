import { test } from 'node:test';
import check from '../../../src/commands/proofs-log-check-consistency/command.ts';
import { judgesLogProofs, PROOF, ROOT1, ROOT8 } from '../../contracts/log-check.ts';

test('a proof that holds is 0, one that does not is 5, and what is none is 2', async (t) => {
  const holds = { size1: 1, size2: 8, root1: ROOT1, root2: ROOT8, proof: PROOF };
  const changes = [{ size1: 0 }, { size1: 2 }, { size2: 1 }, { size2: 2 ** 60 }, { root1: ROOT8 }, { root2: ROOT1 }, { proof: [] }];
  await judgesLogProofs(t, check, { holds, changes });
});
