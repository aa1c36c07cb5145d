import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import proofsVerify from '../../../src/commands/proofs-verify/command.ts';
import type { Context } from '../../../src/context.ts';
import { exitCodeOf, resultOf } from '../../../src/outcome.ts';
import { recordRun } from '../../../src/proof/recording/record.ts';
import { configOf } from '../../../src/section.ts';
import { SophiaError } from '../../../src/errors.ts';
import { seal } from '../../../bench/proofs/ledgers.ts';
import { contextFor, git, temporaryFolder } from '../../fakes/context.ts';

const ALL = {
  path: [],
  dir: 'proofs',
  ref: undefined,
  require: undefined,
  kind: [],
  commit: undefined,
  result: undefined,
  maxAge: undefined,
  contract: undefined,
  since: undefined,
  witness: undefined,
  origin: undefined,
  vkey: [],
  trustedRoot: undefined,
  strict: false,
  hashOnly: false,
  online: false,
};

async function withProofs(t: TestContext, ...kinds: readonly string[]): Promise<{ context: Context; paths: readonly string[] }> {
  const context = contextFor(t);
  const paths: string[] = [];
  for (const kind of kinds) {
    const { proof } = await recordRun(context, { kind, command: kind, argv: [] }, ({ record }) => {
      record.find({ check: 'c', target: 't', verdict: 'fail', reason: 'r' });
      record.attach('a.txt', Buffer.from('x'), 'text/plain');
    });
    paths.push(proof!.path);
  }
  return { context, paths };
}

async function verify(context: Context, options: Partial<Parameters<typeof proofsVerify.run>[1]> = {}) {
  const outcome = await proofsVerify.run(context, { ...ALL, ...options });
  return { ...outcome, exitCode: outcome.error?.exitCode ?? exitCodeOf(resultOf(outcome.findings)), view: proofsVerify.view(outcome) };
}

test('proofs that hold exit 0 whatever they say, and their level is told', async (t) => {
  const { context } = await withProofs(t, 'smoke', 'demo');
  const { exitCode, findings, data, view } = await verify(context);
  assert.equal(exitCode, 0);
  assert.deepEqual(data, {
    proofs: 2,
    entries: 0,
    unsealed: 2,
    views: 0,
    attachments: 2,
    archived: 0,
    pruned: 0,
    ignored: 0,
    levels: { L0: 2, L1: 0, L2: 0, L3: 0, L4: 0 },
    level: 'L0',
    origin: null,
    root: null,
    trust: { source: 'none', signers: [] },
  });
  assert.deepEqual(
    findings.map(({ check, verdict }) => [check, verdict]),
    [
      ['holds', 'pass'],
      ['unsealed', 'warn'],
    ],
  );
  assert.match(view, /2 proofs hold/);
  assert.match(view, /L0/);
});

test('a proof that does not hold exits 5 and is named from the project root', async (t) => {
  const { context, paths } = await withProofs(t, 'smoke', 'demo');
  writeFileSync(`${context.directory}/${paths[0]}`, '{}\n');
  const { exitCode, findings, error, data, view } = await verify(context);
  assert.equal(exitCode, 5);
  assert.equal(error?.code, 'PROOF_DOES_NOT_HOLD');
  assert.equal(data.proofs, 1);
  assert.ok(findings.some(({ check, verdict, target }) => check === 'schema' && verdict === 'fail' && target === paths[0]));
  assert.ok(view.includes(paths[0]!));
});

test('an empty folder, no folder and a filter without match verify nothing and exit 3', async (t) => {
  const { context } = await withProofs(t, 'smoke');
  mkdirSync(`${context.directory}/empty`);
  for (const options of [{ dir: 'empty' }, { dir: 'nowhere' }, { kind: ['nothing'] }, { path: ['proofs/demo'] }]) {
    const { exitCode, findings, data } = await verify(context, options);
    assert.equal(exitCode, 3, JSON.stringify(options));
    assert.equal(findings[0]?.check, 'nothing-verified');
    assert.equal(data.level, null);
  }
});

test('a filter narrows what is counted, never what is judged', async (t) => {
  const { context, paths } = await withProofs(t, 'smoke', 'demo');
  assert.equal((await verify(context, { kind: ['smoke'] })).data.proofs, 1);
  assert.equal((await verify(context, { path: ['./proofs/demo/'] })).data.proofs, 1);
  assert.equal((await verify(context, { path: [paths[0]!] })).data.proofs, 1);
  assert.equal((await verify(context, { path: ['proofs'] })).data.proofs, 2);
  rmSync(`${context.directory}/${paths[1]!.replace('.json', '.a.txt')}`);
  const { exitCode, data } = await verify(context, { kind: ['smoke'] });
  assert.deepEqual([exitCode, data.proofs], [5, 1]);
});

test('another directory may be named, absolute or from the working directory', async (t) => {
  const { context } = await withProofs(t, 'smoke');
  assert.equal((await verify(context, { dir: `${context.directory}/proofs` })).exitCode, 0);
  assert.equal((await verify({ ...context, directory: `${context.directory}/proofs` }, { dir: '.' })).exitCode, 0);
});

test('what a contract misses is named to a person as well', async (t) => {
  const context = contextFor(t);
  const contracts = { release: { kinds: ['smoke', 'deployment'] } };
  const configured: Context = { ...context, config: configOf(new Map([['proofs', { contracts }]])) };
  const { exitCode, view } = await verify(configured, { contract: 'release' });
  assert.equal(exitCode, 3);
  assert.match(view, /nothing-verified\S* \S*smoke: the contract release wants/);
  assert.match(view, /nothing-verified\S* \S*deployment: /);
});

test('what cannot be asked exits 2 and says what to write instead', async (t) => {
  const context = contextFor(t);
  const contracts = { release: { kinds: ['smoke'] } };
  const configured: Context = { ...context, config: configOf(new Map([['proofs', { contracts }]])) };
  writeFileSync(`${context.directory}/notes.txt`, 'all is well\n');
  const vectors: readonly (readonly [Partial<Parameters<typeof proofsVerify.run>[1]>, RegExp])[] = [
    [{ vkey: ['nonsense'] }, /nonsense/],
    [{ since: 'nowhere' }, /nowhere/],
    [{ since: 'notes.txt' }, /is no checkpoint/],
    [{ witness: 'notes.txt' }, /is no checkpoint/],
    [{ trustedRoot: 'notes.txt' }, /notes\.txt/],
    [{ kind: ['No Kind'] }, /is not a kind/],
    [{ contract: 'relaese' }, /there is release/],
    [{ contract: 'release', kind: ['smoke'] }, /not both/],
    [{ origin: 'two words' }, /is not an origin/],
    [{ ref: 'nowhere' }, /nowhere/],
    [{ commit: 'HEAD' }, /HEAD/],
    [{ strict: true }, /--commit/],
    [{ online: true }, /remote/],
  ];
  for (const [options, expected] of vectors) {
    const asked = proofsVerify.run(configured, { ...ALL, ...options });
    await assert.rejects(
      asked,
      (error) => error instanceof SophiaError && error.exitCode === 2 && expected.test(error.message),
      JSON.stringify(options),
    );
  }
});

test('with --online another remote is a witness, and one that does not answer leaves it unknown', async (t) => {
  const { context } = await withProofs(t, 'smoke');
  const { directory } = context;
  const elsewhere = temporaryFolder(t);
  git(directory, 'init', '-q');
  await seal(context);
  git(directory, 'add', '-A');
  git(directory, 'commit', '-q', '-m', 'proofs');
  git(elsewhere, 'init', '-q', '--bare');
  git(directory, 'remote', 'add', 'witness', elsewhere);
  git(directory, 'push', '-q', 'witness', 'HEAD:refs/heads/main');
  const { exitCode, data } = await verify(context, { online: true, require: 'L4' });
  assert.deepEqual([exitCode, data.level], [0, 'L4']);
  git(directory, 'remote', 'add', 'gone', `${elsewhere}/nowhere`);
  const partly = await verify(context, { online: true });
  assert.deepEqual([partly.exitCode, partly.findings.find(({ check }) => check === 'witness')?.target], [3, 'gone']);
});
