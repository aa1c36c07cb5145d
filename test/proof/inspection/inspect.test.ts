import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test, type TestContext } from 'node:test';
import type { Context } from '../../../src/context.ts';
import { openProofs, type ProofTree } from '../../../src/proof/tree.ts';
import { inspectProofs } from '../../../src/proof/inspection/inspect.ts';
import { recordRun } from '../../../src/proof/recording/record.ts';
import { clockAt, contextFor, temporaryFolder } from '../../fakes/context.ts';

const START_MS = Date.UTC(2026, 10, 22, 3, 0, 0);

/** Two runs, each with an attachment; both wrote the same view, the second is newer. */
async function recorded(
  t: TestContext,
): Promise<{ context: Context; proofs: string; first: string; second: string; at: (file: string) => string }> {
  const context = contextFor(t, { clock: clockAt(START_MS, 60_000) });
  const paths: string[] = [];
  for (const body of ['one', 'two']) {
    const { proof } = await recordRun(context, { kind: 'demo', command: 'demo', argv: ['demo'] }, ({ record }) => {
      record.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' });
      record.attach('answer.body', Buffer.from(body), 'text/plain');
      record.view('healthz/api.txt', (name) => `proof: ${name}\n${body}\n`);
    });
    paths.push(proof!.path.slice('proofs/'.length));
  }
  const proofs = `${context.directory}/proofs`;
  return { context, proofs, first: paths[0]!, second: paths[1]!, at: (file) => path.join(proofs, file) };
}

function treeOf(context: Context): ProofTree {
  return openProofs(context, { proofs: `${context.directory}/proofs`, name: 'proofs' });
}

async function flawsIn(context: Context): Promise<readonly (readonly [string, string])[]> {
  const { flaws } = await inspectProofs(treeOf(context));
  return flaws.map((flaw) => [flaw.check, flaw.path] as const);
}

const bodyOf = (proof: string): string => proof.replace('.json', '.answer.body');

test('an untouched directory holds, and its files are counted', async (t) => {
  const { context, first, second } = await recorded(t);
  const { flaws, holding, attachments, views, ignored } = await inspectProofs(treeOf(context));
  assert.deepEqual(flaws, []);
  assert.deepEqual(
    holding.map((each) => each.path),
    [first, second],
  );
  assert.deepEqual([attachments, views, ignored], [2, 1, 0]);
});

test('every one-byte change of an attachment and of a view is found and named', async (t) => {
  const { context, at, first } = await recorded(t);
  for (const file of [bodyOf(first), 'healthz/api.txt']) {
    const whole = readFileSync(at(file));
    for (let place = 0; place < whole.length; place += 1) {
      const flipped = Buffer.from(whole);
      flipped[place] = (flipped[place] ?? 0) ^ (1 << (place % 8));
      writeFileSync(at(file), flipped);
      const flaws = await flawsIn(context);
      assert.deepEqual(flaws, [[file === 'healthz/api.txt' ? 'view-tampered' : 'attachment-tampered', file]]);
    }
    writeFileSync(at(file), whole);
  }
  assert.deepEqual(await flawsIn(context), []);
});

test('each way to meddle with the directory has its name', async (t) => {
  const vectors: readonly (readonly [string, (set: Awaited<ReturnType<typeof recorded>>) => string])[] = [
    ['attachment-missing', ({ at, first }) => (rmSync(at(bodyOf(first))), bodyOf(first))],
    ['attachment-tampered', ({ at, first }) => (truncateSync(at(bodyOf(first)), 1), bodyOf(first))],
    ['view-missing', ({ at }) => (rmSync(at('healthz/api.txt')), 'healthz/api.txt')],
    ['view-stale', ({ at, first }) => (writeFileSync(at('healthz/api.txt'), `proof: ${first}\none\n`), 'healthz/api.txt')],
    ['view-tampered', ({ at, second }) => (writeFileSync(at('healthz/api.txt'), `proof: ${second}\none\n`), 'healthz/api.txt')],
    ['foreign', ({ at }) => (writeFileSync(at('healthz/other.txt'), 'overall_health: healthy\n'), 'healthz/other.txt')],
    ['foreign', ({ at }) => (writeFileSync(at('smoke_$(date +%s).json'), '{"ok":true}'), 'smoke_$(date +%s).json')],
    ['foreign', ({ at, first }) => (writeFileSync(at(first.replace('.json', '.extra.txt')), ''), first.replace('.json', '.extra.txt'))],
    ['foreign', ({ at }) => (symlinkSync('/etc/passwd', at('healthz/link.txt')), 'healthz/link.txt')],
    ['foreign', ({ at, first }) => (rmSync(at(bodyOf(first))), symlinkSync('/etc/passwd', at(bodyOf(first))), bodyOf(first))],
    ['foreign', ({ at }) => (execFileSync('/usr/bin/mkfifo', [at('healthz/pipe')]), 'healthz/pipe')],
    ['path-law', ({ at, first }) => (copyFileSync(at(first), at('demo/copy.json')), 'demo/copy.json')],
    ['not-canonical', ({ at, first }) => (writeFileSync(at(first), readFileSync(at(first), 'utf8').replaceAll('\n', '\r\n')), first)],
    [
      'contradiction',
      ({ at, first }) => (
        writeFileSync(at(first), readFileSync(at(first), 'utf8').replace('"result": "PASSED"', '"result": "WARNED"')),
        first
      ),
    ],
    ['schema', ({ at, first }) => (writeFileSync(at(first), readFileSync(at(first), 'utf8').replace('"argv"', '"argw"')), first)],
    ['schema', ({ at, first }) => (truncateSync(at(first), 400 * 1024 * 1024), first)],
  ];
  const whole = await recorded(t);
  for (const [check, meddle] of vectors) {
    const directory = temporaryFolder(t);
    cpSync(whole.proofs, `${directory}/proofs`, { recursive: true });
    const touched = meddle({ ...whole, at: (file) => path.join(directory, 'proofs', file) });
    const flaws = await flawsIn({ ...whole.context, directory });
    assert.ok(
      flaws.some(([found, file]) => found === check && file === touched),
      `${check} of ${touched}: ${JSON.stringify(flaws)}`,
    );
  }
});

test('a proof moved to another day or kind breaks the path law, and a copy is a replay', async (t) => {
  const { context, at, first, second } = await recorded(t);
  const copy = first.replace('demo/', 'other/');
  mkdirSync(path.dirname(at(copy)), { recursive: true });
  copyFileSync(at(first), at(copy));
  assert.deepEqual(await flawsIn(context), [
    ['path-law', copy],
    ['replayed', copy],
  ]);
  rmSync(at('other'), { recursive: true });
  const moved = second.replace('/22/', '/23/');
  mkdirSync(path.dirname(at(moved)), { recursive: true });
  renameSync(at(second), at(moved));
  assert.ok((await flawsIn(context)).some(([check, file]) => check === 'path-law' && file === moved));
});

test('several flaws at once are all found', async (t) => {
  const { context, at, first, second } = await recorded(t);
  writeFileSync(at(first), '{}');
  rmSync(at(bodyOf(second)));
  writeFileSync(at('healthz/api.txt'), 'x');
  const checks = (await flawsIn(context)).map(([check]) => check);
  assert.deepEqual(checks.sort(), ['attachment-missing', 'foreign', 'not-canonical', 'view-tampered']);
});

test('a file that cannot be read is a flaw, not the end', async (t) => {
  if (process.getuid?.() === 0) return t.skip('root reads everything');
  const { context, at, first } = await recorded(t);
  chmodSync(at(first), 0o000);
  assert.ok((await flawsIn(context)).some(([check, file]) => check === 'schema' && file === first));
});

test('files that are ignored are counted and not judged', async (t) => {
  const { context, at } = await recorded(t);
  writeFileSync(at('healthz/old.txt'), 'x');
  const { flaws, ignored } = await inspectProofs(treeOf(context), { isIgnored: (file) => file === 'healthz/old.txt' });
  assert.deepEqual([flaws.length, ignored], [0, 1]);
});
