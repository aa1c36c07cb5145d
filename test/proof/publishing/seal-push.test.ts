import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Context } from '../../../src/context.ts';
import { compactProofs } from '../../../src/proof/archive/compact.ts';
import { sealProofs } from '../../../src/proof/ledger/seal.ts';
import { sealAndPush, type SealPushRequest } from '../../../src/proof/publishing/seal-push.ts';
import { openCommit } from '../../../src/proof/verification/commit-tree.ts';
import { inspectProofs } from '../../../src/proof/inspection/inspect.ts';
import { AgedProofs } from '../../fakes/aged-proofs.ts';
import { git } from '../../fakes/context.ts';
import { beforePush, clone, filesOn, hook, inClone, overtake, publish, record, refsOf, site, type Site } from './remotes.ts';

const RUN = { command: 'proofs seal', argv: ['proofs', 'seal', '--push'] };

async function sealPush(context: Context, request: Partial<SealPushRequest> = {}) {
  return await sealAndPush(context, {
    branch: undefined,
    remote: 'origin',
    attempts: 3,
    origin: undefined,
    seal: (inner, place, origin) => sealProofs(inner, { place, origin, run: RUN, key: null }),
    ...request,
  });
}

/** A clone whose proof waits in the inbox, because main was closed to it for a moment. */
async function waiting(
  t: TestContext,
  place: Site,
  name: string,
  branch?: string,
): Promise<{ proof: string; ref: string; context: Context }> {
  const context = inClone(t, clone(place, name));
  const proof = await record(context, name);
  hook(place, 'update', 'case "$1" in refs/heads/sophia-inbox/*) ;; refs/heads/*) exit 1;; esac');
  const { data } = await publish(context, { branch });
  fs.rmSync(path.join(place.server, 'hooks/update'));
  assert.equal(data.route, 'inbox');
  return { proof, ref: data.ref ?? '', context };
}

/** What someone who may push puts into the inbox by hand. */
function slipIn(place: Site, name: string, change: (root: string) => void): string {
  const root = clone(place, name);
  change(root);
  git(root, 'add', '-A', '-f');
  git(root, 'commit', '-q', '-m', name);
  const ref = `refs/sophia/inbox/${name.toUpperCase()}`;
  git(root, 'push', '-q', 'origin', `HEAD:${ref}`);
  return ref;
}

function write(root: string, name: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  fs.writeFileSync(path.join(root, name), text);
}

async function holds(t: TestContext, place: Site): Promise<readonly unknown[]> {
  const context = inClone(t, clone(place, `check-${refsOf(place).length}-${Math.floor(performance.now())}`));
  const { flaws, ledger } = await inspectProofs(await openCommit(context, { ref: 'origin/main', name: 'proofs' }));
  assert.notEqual(ledger.checkpoint, null);
  return flaws;
}

test('what waits is taken in and sealed, the inbox is emptied, and nothing here changes', async (t) => {
  const place = site(t);
  const sealer = clone(place, 'sealer');
  const one = await waiting(t, place, 'one');
  const two = await waiting(t, place, 'two');
  fs.writeFileSync(path.join(sealer, 'code.txt'), 'edited\n');
  const before = [
    git(sealer, 'status', '--porcelain'),
    git(sealer, 'rev-parse', 'HEAD'),
    fs.readdirSync(sealer).filter((name) => name !== '.sophia'),
  ];
  const { sealing, findings, delivery, error } = await sealPush(inClone(t, sealer));
  assert.equal(error, undefined);
  assert.deepEqual([delivery.route, delivery.pushes, delivery.left], ['direct', 1, []]);
  assert.deepEqual(delivery.folded, [one.ref, two.ref].sort());
  assert.equal(sealing?.sealed, 2);
  assert.ok(findings.every(({ verdict }) => verdict === 'pass'));
  assert.deepEqual(
    [git(sealer, 'status', '--porcelain'), git(sealer, 'rev-parse', 'HEAD'), fs.readdirSync(sealer).filter((name) => name !== '.sophia')],
    before,
  );
  assert.deepEqual(refsOf(place), ['refs/heads/main']);
  const there = filesOn(place);
  for (const { proof } of [one, two]) assert.ok(there.includes(proof));
  assert.match(git(place.server, 'show', 'main:proofs/healthz/api.txt'), /two$/);
  assert.deepEqual(await holds(t, place), []);
  git(sealer, 'checkout', '-q', 'code.txt');
  git(sealer, 'pull', '-q', '--ff-only');
});

test('the list of what is to be attested names nothing of a copy', async (t) => {
  const place = site(t);
  await waiting(t, place, 'one');
  const list = path.join(place.home, 'artifacts');
  await sealPush(inClone(t, clone(place, 'sealer'), { env: { GITHUB_ARTIFACTS: list } }));
  assert.equal(fs.existsSync(list), false);
});

test('with nothing new there is nothing to push', async (t) => {
  const place = site(t);
  await waiting(t, place, 'one');
  const context = inClone(t, clone(place, 'sealer'));
  await sealPush(context);
  const tip = git(place.server, 'rev-parse', 'main');
  const { delivery, error } = await sealPush(context);
  assert.deepEqual([error, delivery.route, delivery.pushes], [undefined, 'unchanged', 0]);
  assert.equal(git(place.server, 'rev-parse', 'main'), tip);
});

test('what is here and new goes along, and the way to the next pull is told and right', async (t) => {
  const place = site(t);
  await waiting(t, place, 'one');
  const root = clone(place, 'sealer');
  const context = inClone(t, root);
  const mine = await record(context, 'mine');
  const { delivery, findings } = await sealPush(context);
  assert.ok(delivery.files.includes(mine));
  const mend = /do: (.*)$/.exec(findings.find(({ check }) => check === 'pull')?.reason ?? '')?.[1] ?? '';
  git(root, '-c', `alias.mend=!${mend}`, 'mend');
  assert.equal(git(root, 'status', '--porcelain'), '');
  assert.equal(git(root, 'rev-parse', 'HEAD'), delivery.commit);
});

test('an older ledger is continued, however little of the branch is here', async (t) => {
  const place = site(t);
  await waiting(t, place, 'one');
  await sealPush(inClone(t, clone(place, 'sealer')));
  await waiting(t, place, 'two');
  await waiting(t, place, 'three');
  const { sealing, delivery } = await sealPush(inClone(t, clone(place, 'shallow', '--depth', '1')));
  assert.deepEqual([sealing?.from.size, sealing?.sealed, delivery.folded.length], [2, 2, 2]);
  assert.deepEqual(await holds(t, place), []);
});

test('an inbox that does not hold stays and is named, exit 5, and the others go on', async (t) => {
  const place = site(t);
  const context = inClone(t, clone(place, 'first-writer'));
  const old = await record(context, 'old');
  await publish(context);
  const good = await waiting(t, place, 'good');
  const other = inClone(t, clone(place, 'model'));
  const proof = await record(other, 'model');
  const text = fs.readFileSync(path.join(other.directory, proof), 'utf8');
  const note = proof.replace('.json', '.note.txt');
  const bad = [
    slipIn(place, 'changed', (root) => {
      fs.cpSync(path.join(other.directory, 'proofs'), path.join(root, 'proofs'), { recursive: true });
      write(root, proof, text.replace('"PASSED"', '"FAILED"'));
    }),
    slipIn(place, 'no-attachment', (root) => write(root, proof, text)),
    slipIn(place, 'other-attachment', (root) => {
      fs.cpSync(path.join(other.directory, 'proofs'), path.join(root, 'proofs'), { recursive: true });
      write(root, note, 'forged');
    }),
    slipIn(place, 'copied', (root) => write(root, proof.replace('demo/', 'smoke/'), text)),
    slipIn(place, 'stranger', (root) => write(root, 'proofs/healthz/other.txt', `proof: ${proof.slice('proofs/'.length)}\n`)),
    slipIn(place, 'code', (root) => write(root, 'code.txt', 'evil\n')),
    slipIn(place, 'workflow', (root) => write(root, '.github/workflows/x.yml', 'on: push\n')),
    slipIn(place, 'ledger', (root) => write(root, 'proofs/ledger/checkpoint', 'x\n0\nx\n\n')),
    slipIn(place, 'edit', (root) => write(root, old, fs.readFileSync(path.join(root, old), 'utf8').replace('"old"', '"new"'))),
    slipIn(place, 'removal', (root) => fs.rmSync(path.join(root, old))),
    slipIn(place, 'link', (root) => {
      fs.mkdirSync(path.dirname(path.join(root, proof)), { recursive: true });
      fs.symlinkSync('/etc/passwd', path.join(root, proof));
    }),
    slipIn(place, 'kind', (root) => write(root, proof.replace('demo/', 'seal/'), text)),
  ];
  const blob = git(place.server, 'rev-parse', 'main:code.txt');
  git(place.server, 'update-ref', 'refs/sophia/inbox/BLOB', blob);
  bad.push('refs/sophia/inbox/BLOB');
  const { delivery, findings, error } = await sealPush(inClone(t, clone(place, 'sealer')));
  assert.deepEqual([error?.code, error?.exitCode], ['INBOX_DOES_NOT_HOLD', 5]);
  assert.deepEqual(delivery.folded, [good.ref]);
  assert.deepEqual([...delivery.left].sort(), bad.sort());
  assert.deepEqual(
    findings
      .filter(({ verdict }) => verdict === 'fail')
      .map(({ target }) => target)
      .sort(),
    bad,
  );
  assert.deepEqual(refsOf(place), ['refs/heads/main', ...bad]);
  assert.equal(git(place.server, 'show', 'main:code.txt'), 'code');
  assert.deepEqual(await holds(t, place), []);
  git(place.server, 'update-ref', '-d', 'refs/sophia/inbox/BLOB');
});

test('what waits cannot replace a proof that is here and not yet there', async (t) => {
  const place = site(t);
  const root = clone(place, 'sealer');
  const context = inClone(t, root);
  const mine = await record(context, 'mine');
  const note = mine.replace('.json', '.note.txt');
  const forged = slipIn(place, 'forger', (other) => {
    fs.cpSync(path.join(root, 'proofs'), path.join(other, 'proofs'), { recursive: true });
    write(other, note, 'forged');
  });
  const { delivery } = await sealPush(context);
  assert.deepEqual([delivery.left, delivery.route], [[forged], 'direct']);
  assert.equal(git(place.server, 'show', `main:${note}`), 'mine');
});

test('what waits for another branch is left to who seals that one', async (t) => {
  const place = site(t);
  const context = inClone(t, clone(place, 'writer'));
  await record(context, 'first');
  await publish(context, { branch: 'sophia-proofs' });
  const apart = await waiting(t, place, 'apart', 'sophia-proofs');
  const sealer = inClone(t, clone(place, 'sealer'));
  assert.deepEqual((await sealPush(sealer)).delivery.folded, []);
  const { delivery, error } = await sealPush(sealer, { branch: 'sophia-proofs' });
  assert.deepEqual([error, delivery.folded], [undefined, [apart.ref]]);
  assert.deepEqual(filesOn(place), []);
});

test('what was taken in before is only removed from the inbox', async (t) => {
  const place = site(t);
  await waiting(t, place, 'one');
  const sealer = inClone(t, clone(place, 'sealer'));
  await sealPush(sealer);
  const parent = git(place.server, 'rev-parse', 'main');
  git(
    place.server,
    'update-ref',
    'refs/sophia/inbox/AGAIN',
    git(place.server, 'commit-tree', '-p', parent, '-m', 'nothing', `${parent}^{tree}`),
  );
  const { delivery, error } = await sealPush(sealer);
  assert.deepEqual([error, delivery.folded, delivery.pushes], [undefined, ['refs/sophia/inbox/AGAIN'], 1]);
  assert.equal(git(place.server, 'rev-parse', 'main'), parent);
  assert.deepEqual(refsOf(place), ['refs/heads/main']);
});

test('whoever loses the race seals again upon the new tip, and gives up after so many tries without a trace', async (t) => {
  const place = site(t);
  await waiting(t, place, 'one');
  const root = clone(place, 'sealer');
  const always = beforePush(inClone(t, root), () => overtake(place));
  const lost = await sealPush(always, { attempts: 2 });
  assert.deepEqual(
    [lost.error?.code, lost.error?.exitCode, lost.delivery.attempts, lost.delivery.route],
    ['PUBLISH_OVERTAKEN', 3, 2, null],
  );
  assert.equal(refsOf(place).length, 2);
  const once = beforePush(inClone(t, root), (count) => {
    if (count === 1) overtake(place);
  });
  const { delivery, error } = await sealPush(once);
  assert.deepEqual([error, delivery.attempts, delivery.route], [undefined, 2, 'direct']);
  assert.deepEqual(refsOf(place), ['refs/heads/main']);
  assert.deepEqual(await holds(t, place), []);
});

test('a proof that arrives in the inbox while a seal is under way waits for the next', async (t) => {
  const place = site(t);
  await waiting(t, place, 'one');
  let late = '';
  const context = beforePush(inClone(t, clone(place, 'sealer')), async (count) => {
    if (count === 1) late = (await waiting(t, place, 'late')).ref;
  });
  await sealPush(context);
  assert.deepEqual(refsOf(place), ['refs/heads/main', late]);
  assert.deepEqual((await sealPush(context)).delivery.folded, [late]);
});

test('two seals at once leave one ledger with everything in it', async (t) => {
  const place = site(t);
  for (const name of ['one', 'two', 'three']) await waiting(t, place, name);
  const sealers = ['left', 'right'].map((name) => inClone(t, clone(place, name)));
  const delivered = await Promise.all(sealers.map(async (context) => await sealPush(context, { attempts: 5 })));
  assert.deepEqual(
    delivered.map(({ error }) => error),
    [undefined, undefined],
  );
  assert.deepEqual(refsOf(place), ['refs/heads/main']);
  assert.deepEqual(await holds(t, place), []);
});

test('what another seal has taken in between is no failure', async (t) => {
  const place = site(t);
  const one = await waiting(t, place, 'one');
  const two = await waiting(t, place, 'two');
  const context = inClone(t, clone(place, 'sealer'));
  let hasVanished = false;
  const blinking = {
    ...context,
    git: {
      ...context.git,
      remote: async (...[directory, args, options]: Parameters<typeof context.git.remote>) => {
        if (args.includes('fetch') && !hasVanished) git(place.server, 'update-ref', '-d', one.ref);
        hasVanished ||= args.includes('fetch');
        return await context.git.remote(directory, args, options);
      },
    },
  };
  const { error, delivery } = await sealPush(blinking);
  assert.deepEqual([error, delivery.folded], [undefined, [two.ref]]);
});

test('a server that cannot change several refs at once gets the branch first', async (t) => {
  const place = site(t);
  const one = await waiting(t, place, 'one');
  git(place.server, 'config', 'receive.advertiseAtomic', 'false');
  const { delivery, error } = await sealPush(inClone(t, clone(place, 'sealer')));
  assert.deepEqual([error, delivery.folded, delivery.pushes], [undefined, [one.ref], 3]);
  assert.deepEqual(refsOf(place), ['refs/heads/main']);
});

test('a server that lets nothing be deleted gets the branch, and says so', async (t) => {
  const place = site(t);
  const one = await waiting(t, place, 'one');
  hook(place, 'update', 'case "$3" in 0000*) exit 1;; esac');
  const context = inClone(t, clone(place, 'sealer'));
  const { delivery, error, findings } = await sealPush(context);
  assert.deepEqual([error, delivery.route], [undefined, 'direct']);
  assert.ok(findings.some(({ check, verdict }) => check === 'inbox' && verdict === 'warn'));
  assert.deepEqual(refsOf(place), ['refs/heads/main', one.ref]);
  assert.deepEqual(await holds(t, place), []);
});

test('a branch that takes nothing is a matter of permission, exit 4, and the inbox stays', async (t) => {
  const place = site(t);
  const one = await waiting(t, place, 'one');
  hook(place, 'pre-receive', 'exit 1');
  const { error } = await sealPush(inClone(t, clone(place, 'sealer')));
  assert.deepEqual([error?.code, error?.exitCode], ['PUBLISH_DENIED', 4]);
  assert.deepEqual(refsOf(place), ['refs/heads/main', one.ref]);
});

test('a README of the branch is not replaced by the one that a seal writes', async (t) => {
  const place = site(t);
  const rival = clone(place, 'rival');
  write(rival, 'proofs/README.md', '# ours\n');
  git(rival, 'add', '-A');
  git(rival, 'commit', '-q', '-m', 'readme');
  git(rival, 'push', '-q', 'origin', 'HEAD:refs/heads/main');
  await waiting(t, place, 'one');
  await sealPush(inClone(t, clone(place, 'sealer')));
  assert.equal(git(place.server, 'show', 'main:proofs/README.md'), '# ours');
});

test('a single writer publishes the ledger with the proofs, sealed here or on the way', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  const seal = async (where: { proofs: string; name: string }) =>
    await sealProofs(context, { place: where, origin: undefined, run: RUN, key: null });
  await record(context, 'one');
  await seal({ proofs: path.join(root, 'proofs'), name: 'proofs' });
  const { data } = await publish(context);
  assert.ok(data.files.includes('proofs/ledger/checkpoint'));
  await record(context, 'two');
  assert.equal((await publish(context, { seal })).data.route, 'direct');
  assert.equal(git(root, 'status', '--porcelain'), '');
  assert.deepEqual(await holds(t, place), []);
  assert.match(git(place.server, 'show', 'main:proofs/ledger/checkpoint'), /\n4\n/);
});

test('a ledger that grew elsewhere is neither sealed upon here, nor overwritten by a fork', async (t) => {
  const place = site(t);
  const root = clone(place, 'a');
  const context = inClone(t, root);
  const seal = async (where: { proofs: string; name: string }) =>
    await sealProofs(context, { place: where, origin: undefined, run: RUN, key: null });
  await record(context, 'one');
  await publish(context, { seal });
  await waiting(t, place, 'elsewhere');
  await sealPush(inClone(t, clone(place, 'sealer')));
  const tip = git(place.server, 'rev-parse', 'main');
  await record(context, 'two');
  const behind = await publish(context, { seal });
  assert.deepEqual([behind.error?.code, behind.error?.exitCode], ['LEDGER_BEHIND', 3]);
  await seal({ proofs: path.join(root, 'proofs'), name: 'proofs' });
  for (const outcome of [await publish(context), await sealPush(context)]) {
    assert.deepEqual([outcome.error?.code, outcome.error?.exitCode], ['LEDGER_FORKED', 5]);
  }
  assert.equal(git(place.server, 'rev-parse', 'main'), tip);
});

for (const way of ['publish', 'seal --push'] as const) {
  test(`what was archived here is archived on the branch by ${way}, and nothing else goes`, async (t) => {
    const place = site(t);
    const aged = new AgedProofs(t);
    const root = fs.realpathSync(aged.directory);
    git(root, 'init', '-q');
    git(root, 'remote', 'add', 'origin', place.server);
    git(root, 'pull', '-q', 'origin', 'main');
    const context = inClone(t, root);
    const old = await aged.record('2026-07-03', 'smoke');
    const young = await aged.record('2026-11-03', 'smoke');
    await aged.seal('2026-11-06');
    await publish(context);
    const { store } = aged;
    await compactProofs(aged.at('2026-11-08'), { store, olderThanMs: 90 * 86_400_000, isDryRun: false, run: RUN });
    const { data } = way === 'publish' ? await publish(context) : { data: (await sealPush(context)).delivery };
    assert.equal(data.route, 'direct');
    assert.ok(data.files.includes(`proofs/${old}`));
    const there = filesOn(place);
    assert.equal(there.includes(`proofs/${old}`), false);
    assert.ok(there.includes(`proofs/${young}`));
    assert.ok(there.includes('proofs/archive/smoke/2026-07.jsonl.gz'));
    assert.deepEqual(await holds(t, place), []);
    if (way === 'publish') assert.equal(git(root, 'status', '--porcelain', '--', 'proofs'), '');
  });
}
