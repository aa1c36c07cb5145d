import assert from 'node:assert/strict';
import { test } from 'node:test';
import proofsPublish from '../../../src/commands/proofs-publish/command.ts';
import type { Context } from '../../../src/context.ts';
import { configOf } from '../../../src/section.ts';
import { clone, filesOn, inClone, record, site } from '../../proof/publishing/remotes.ts';

const OPTIONS = { branch: undefined, remote: 'origin', attempts: 3, seal: false, dryRun: false };

async function run(context: Context, options: Partial<Parameters<typeof proofsPublish.run>[1]> = {}) {
  const outcome = await proofsPublish.run(context, { ...OPTIONS, ...options });
  return { ...outcome, view: proofsPublish.view(outcome) };
}

test('where the proofs went is told, and each file', async (t) => {
  const place = site(t);
  const context = inClone(t, clone(place, 'a'));
  const proof = await record(context);
  const { view, data } = await run(context);
  assert.equal(data.ref, 'refs/heads/main');
  assert.match(view, /5 files went to refs\/heads\/main of origin/);
  assert.ok(view.includes(proof));
  assert.match((await run(context)).view, /has everything/);
});

test('the configuration names the branch, an option another one', async (t) => {
  const place = site(t);
  const plain = inClone(t, clone(place, 'a'));
  const context = { ...plain, config: configOf(new Map([['proofs', { branch: 'evidence' }]])) };
  await record(context);
  assert.equal((await run(context)).data.ref, 'refs/heads/evidence');
  assert.equal((await run(context, { branch: 'other' })).data.ref, 'refs/heads/other');
});

test('what the configuration ignores does not go, and is no stranger', async (t) => {
  const place = site(t);
  const plain = inClone(t, clone(place, 'a'));
  const context = { ...plain, config: configOf(new Map([['proofs', { ignore: ['legacy/**'] }]])) };
  await record(context);
  context.files.makeDirectory(`${context.directory}/proofs/legacy`);
  context.files.create(`${context.directory}/proofs/legacy/old.txt`, 'x');
  const { findings } = await run(context);
  assert.deepEqual(
    findings.map(({ check }) => check),
    ['published'],
  );
  assert.equal(
    filesOn(place).some((name) => name.includes('legacy')),
    false,
  );
});

test('with --seal the ledger goes along', async (t) => {
  const place = site(t);
  const context = inClone(t, clone(place, 'a'));
  await record(context);
  await run(context, { seal: true });
  assert.ok(filesOn(place).includes('proofs/ledger/checkpoint'));
});
