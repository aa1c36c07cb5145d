import assert from 'node:assert/strict';
import { test } from 'node:test';
import proofsSeal from '../../../src/commands/proofs-seal/command.ts';
import { clone, filesOn, inClone, record, site } from '../../proof/publishing/remotes.ts';

const OPTIONS = {
  key: undefined,
  dir: 'proofs',
  push: false,
  branch: undefined,
  remote: undefined,
  attempts: undefined,
  keyless: false,
  fulcioUrl: 'https://fulcio.example',
  rekorUrl: 'https://rekor.example',
};

test('--push seals what is here on the branch, and tells both', async (t) => {
  const place = site(t);
  const context = inClone(t, clone(place, 'a'));
  const proof = await record(context);
  const outcome = await proofsSeal.run(context, { ...OPTIONS, push: true });
  const { data, findings } = outcome;
  assert.deepEqual([data.sealed, data.size, data.level], [1, 2, 'L1']);
  assert.deepEqual([data.pushed?.route, data.pushed?.ref, data.pushed?.folded, data.pushed?.left], ['direct', 'refs/heads/main', [], []]);
  assert.deepEqual(
    findings.map(({ check }) => check),
    ['sealed', 'published', 'pull'],
  );
  assert.match(proofsSeal.view(outcome), /went to refs\/heads\/main of origin/);
  assert.ok(filesOn(place).includes(proof));
});

test('options of --push make no sense without it, nor another directory with it', async (t) => {
  const context = inClone(t, clone(site(t), 'a'));
  for (const options of [{ branch: 'x' }, { remote: 'origin' }, { attempts: 2 }, { push: true, dir: 'other' }]) {
    await assert.rejects(async () => proofsSeal.run(context, { ...OPTIONS, ...options }), { code: 'USAGE' }, JSON.stringify(options));
  }
});
