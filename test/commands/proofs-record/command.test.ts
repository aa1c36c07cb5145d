import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { test, type TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import proofsRecord from '../../../src/commands/proofs-record/command.ts';
import type { Context } from '../../../src/context.ts';
import { perform, type Performed } from '../../../src/faces/perform.ts';
import type { Statement } from '../../../src/proof/statement.ts';
import { openProofs } from '../../../src/proof/tree.ts';
import { inspectProofs } from '../../../src/proof/inspection/inspect.ts';
import { contextFor } from '../../fakes/context.ts';

type Options = Parameters<typeof proofsRecord.run>[1];
const NODE = process.execPath;

async function record(context: Context, command: readonly string[], options: Partial<Options> = {}): Promise<Performed> {
  const all = { kind: 'demo', check: 'exit-code', attach: [], view: [], command, ...options };
  return await perform(context, { command: proofsRecord, options: all, argv: ['proofs', 'record', '--', ...command] });
}

function statementOf({ directory }: Context, { document }: Performed): Statement {
  assert.ok(document.proof !== null);
  return JSON.parse(readFileSync(`${directory}/${document.proof.path}`, 'utf8')) as Statement;
}

function besides({ directory }: Context, { document }: Performed, name: string): Buffer {
  return readFileSync(`${directory}/${document.proof?.path.slice(0, -'json'.length)}${name}`);
}

async function assertAllHold(context: Context, count: number): Promise<void> {
  const { flaws, holding } = await inspectProofs(openProofs(context, { proofs: `${context.directory}/proofs`, name: 'proofs' }));
  assert.deepEqual([flaws, holding.length], [[], count]);
}

/** What goes to stderr while the program runs. */
function listening(t: TestContext, env: Record<string, string> = {}): { readonly context: Context; readonly heard: () => Buffer } {
  const parts: Buffer[] = [];
  const context = contextFor(t, { env });
  return {
    context: { ...context, log: { ...context.log, relay: (bytes) => void parts.push(Buffer.from(bytes)) } },
    heard: () => Buffer.concat(parts),
  };
}

function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

test('exit 0 passes, another fails, and what did not end by itself is unknown', async (t) => {
  const context = contextFor(t);
  const vectors = [
    [['-e', ''], 'PASSED', 0, 'pass', 0, null],
    [['-e', 'process.exitCode = 7'], 'FAILED', 1, 'fail', 7, null],
    [['-e', 'process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000)'], 'UNKNOWN', 3, 'unknown', null, 'SIGKILL'],
  ] as const;
  for (const [args, result, exitCode, verdict, childExit, signal] of vectors) {
    const performed = await record(context, [NODE, ...args]);
    const [finding] = performed.document.findings;
    assert.deepEqual([performed.document.result, performed.exitCode, finding?.verdict], [result, exitCode, verdict]);
    assert.deepEqual(finding?.observed, {
      exitCode: childExit,
      signal,
      stdoutSha256: sha256(''),
      stderrSha256: sha256(''),
      stdoutBytes: 0,
      stderrBytes: 0,
    });
    const { attachments, ending } = statementOf(context, performed).predicate;
    assert.deepEqual([attachments, ending], [[], 'completed'], 'empty outputs are not kept');
  }
  const missing = await record(context, ['no-such-program-anywhere']);
  assert.deepEqual([missing.document.result, missing.exitCode], ['UNKNOWN', 3]);
  assert.match(missing.document.findings[0]?.reason ?? '', /there is no such program/);
  const nameless = await record(context, ['']);
  assert.match(nameless.document.findings[0]?.reason ?? '', /no program has this name/);
  await assertAllHold(context, 5);
});

test('a program that takes too long ends the run with a timeout, and what it said is kept', async (t) => {
  const { context } = listening(t);
  const performed = await record(context, [NODE, '-e', 'process.stdout.write("begun"); setInterval(() => {}, 1000)'], { timeout: 1500 });
  const { predicate } = statementOf(context, performed);
  assert.deepEqual([performed.exitCode, predicate.ending, predicate.error?.code, predicate.result], [3, 'timeout', 'TIMEOUT', 'UNKNOWN']);
  assert.equal(gunzipSync(besides(context, performed, 'stdout.log.gz')).toString(), 'begun');
  await assertAllHold(context, 1);
});

test('both outputs are passed on and kept with their digests', async (t) => {
  const { context, heard } = listening(t);
  const bytes = 'Buffer.from([0, 255, 10, 27, 91, 49, 109])';
  const performed = await record(context, [NODE, '-e', `process.stdout.write(${bytes}); process.stderr.write("told")`]);
  const stdout = Buffer.from([0, 255, 10, 27, 91, 49, 109]);
  assert.deepEqual(gunzipSync(besides(context, performed, 'stdout.log.gz')), stdout);
  const [finding] = performed.document.findings;
  assert.deepEqual(finding?.observed, {
    exitCode: 0,
    signal: null,
    stdoutSha256: sha256(stdout),
    stderrSha256: sha256('told'),
    stdoutBytes: stdout.length,
    stderrBytes: 4,
  });
  assert.ok(heard().includes(stdout.subarray(0, 3)) && heard().includes('told') && heard().at(-1) === 0x0a);
  await assertAllHold(context, 1);
});

test('of a long output beginning and end are kept, and the digest of all of it', async (t) => {
  const { context, heard } = listening(t);
  const script = 'for (let i = 0; i < 40000; i += 1) process.stdout.write(`line ${i}\\n`)';
  const performed = await record(context, [NODE, '-e', script]);
  const whole = Array.from({ length: 40_000 }, (_, index) => `line ${index}\n`).join('');
  assert.equal(heard().toString(), whole);
  const kept = gunzipSync(besides(context, performed, 'stdout.log.gz')).toString();
  assert.ok(kept.length <= 65_536 && kept.startsWith('line 0\n') && kept.endsWith('line 39999\n'));
  const [truncated] = statementOf(context, performed).predicate.truncated;
  assert.deepEqual([truncated?.sizeBytes, truncated?.sha256], [whole.length, sha256(whole)]);
  await assertAllHold(context, 1);
});

test('a secret is neither shown nor kept, in whatever pieces it comes, and its digest is of what stands in its place', async (t) => {
  const { context, heard } = listening(t, { APP_TOKEN: 'canary-0123456789' });
  const script =
    'process.stdout.write("a cana"); setTimeout(() => process.stdout.write("ry-0123456789 b\\n"), 50); process.stderr.write(process.argv[1])';
  const performed = await record(context, [NODE, '-e', script, 'canary-0123456789']);
  const clean = 'a [redacted:env:APP_TOKEN] b\n';
  const [finding] = performed.document.findings;
  const { stdoutSha256, stdoutBytes } = (finding?.observed ?? {}) as { stdoutSha256: string; stdoutBytes: number };
  assert.deepEqual([stdoutSha256, stdoutBytes], [sha256(clean), clean.length]);
  const places = statementOf(context, performed).predicate.redactions.map(({ path }) => path);
  assert.deepEqual(places, ['/predicate/argv/6', '/predicate/attachments/0', '/predicate/attachments/1']);
  for (const bytes of [heard(), gunzipSync(besides(context, performed, 'stdout.log.gz')), Buffer.from(JSON.stringify(performed.document))])
    assert.ok(!bytes.includes('canary'));
  await assertAllHold(context, 1);
});

test('files are read when the program has ended, and views say whose they are', async (t) => {
  const context = contextFor(t);
  const script = `
    const fs = require('node:fs');
    fs.writeFileSync('Report.XML', '<ok/>');
    fs.writeFileSync('out.txt', 'fine\\n');
    fs.writeFileSync('out.json', '{ "big": 12345678901234567890, "b": [1] }');
    fs.writeFileSync('old.json', '{"proof": "someone else", "b": 2}');
    fs.writeFileSync('empty.json', '{}');
  `;
  const performed = await record(context, [NODE, '-e', script], {
    attach: ['./Report.XML'],
    view: ['healthz/api.txt=out.txt', 'proofs/slo/latest.json=out.json', 'business/a.json=old.json', 'business/b.json=empty.json'],
  });
  assert.deepEqual([performed.exitCode, performed.document.error], [0, null]);
  const proof = performed.document.proof!.path.slice('proofs/'.length);
  const view = (path: string): string => readFileSync(`${context.directory}/proofs/${path}`, 'utf8');
  assert.equal(view('healthz/api.txt'), `proof: ${proof}\nfine\n`);
  assert.equal(view('slo/latest.json'), `{"proof": "${proof}", "big": 12345678901234567890, "b": [1] }`);
  assert.deepEqual([JSON.parse(view('business/a.json')), JSON.parse(view('business/b.json'))], [{ proof, b: 2 }, { proof }]);
  assert.equal(besides(context, performed, 'report.xml').toString(), '<ok/>');
  await assertAllHold(context, 1);
});

test('a file that was asked for and is not there is an error of the question, unless the program failed', async (t) => {
  const context = contextFor(t);
  const passed = await record(context, [NODE, '-e', ''], { attach: ['missing.txt'] });
  assert.deepEqual(
    [passed.exitCode, passed.document.error?.code, passed.document.findings[0]?.verdict],
    [2, 'PROOF_FILE_UNUSABLE', 'pass'],
  );
  const failed = await record(context, [NODE, '-e', 'process.exitCode = 1'], { attach: ['missing.txt'] });
  assert.deepEqual([failed.exitCode, failed.document.findings.map(({ verdict }) => verdict)], [1, ['fail', 'blocked']]);
  writeFileSync(`${context.directory}/list.json`, '[1]');
  const list = await record(context, [NODE, '-e', ''], { view: ['slo/latest.json=list.json'] });
  assert.deepEqual([list.exitCode, list.document.error?.code], [2, 'PROOF_FILE_UNUSABLE']);
  await assertAllHold(context, 3);
});

test('what cannot be asked for is refused before anything is run', async (t) => {
  const context = contextFor(t);
  mkdirSync(`${context.directory}/folder`);
  symlinkSync('/dev/zero', `${context.directory}/zero`);
  const refused: readonly (readonly [Partial<Options>, string])[] = [
    [{ kind: '../x' }, 'PROOF_KIND_INVALID'],
    [{ kind: 'seal' }, 'PROOF_KIND_INVALID'],
    [{ kind: 'Über' }, 'PROOF_KIND_INVALID'],
    [{ attach: ['a b.txt'] }, 'PROOF_NAME_INVALID'],
    [{ attach: ['report.json'] }, 'PROOF_NAME_INVALID'],
    [{ attach: ['..'] }, 'PROOF_NAME_INVALID'],
    [{ attach: ['x/stdout.log'] }, 'PROOF_NAME_INVALID'],
    [{ attach: ['a/x.log', 'b/X.log'] }, 'USAGE'],
    [{ attach: Array.from({ length: 19 }, (_, index) => `${index}.txt`) }, 'USAGE'],
    [{ attach: ['folder'] }, 'PROOF_FILE_UNUSABLE'],
    [{ attach: ['zero'] }, 'PROOF_FILE_UNUSABLE'],
    [{ view: ['healthz/api.txt'] }, 'USAGE'],
    [{ view: ['../x.txt=a'] }, 'PROOF_NAME_INVALID'],
    [{ view: ['ledger/checkpoint=a'] }, 'PROOF_NAME_INVALID'],
    [{ view: ['a/b=x', 'a/b=y'] }, 'USAGE'],
    [{ view: ['slo/2026=a'] }, 'PROOF_NAME_INVALID'],
    [{ check: ' ' }, 'USAGE'],
    [{ check: 'run-completed' }, 'USAGE'],
    [{ follows: 'latest:nothing' }, 'PROOF_NOT_FOUND'],
    [{ follows: '../../etc/passwd' }, 'PROOF_NOT_FOUND'],
  ];
  const script = 'require("node:fs").writeFileSync("RAN", "")';
  for (const [options, code] of refused) {
    const { exitCode, code: found } = await record(context, [NODE, '-e', script], options).then(
      (performed) => ({ exitCode: performed.exitCode, code: performed.document.error?.code }),
      (thrown: unknown) => thrown as { code: string; exitCode: number },
    );
    assert.deepEqual([exitCode, found], [2, code], JSON.stringify(options));
  }
  assert.equal(existsSync(`${context.directory}/RAN`), false);
  assert.ok(!readdirSync(`${context.directory}/proofs`).some((name) => ['seal', 'ledger', 'x'].includes(name)));
});

test('a run names the one that it comes after', async (t) => {
  const context = contextFor(t);
  const first = await record(context, [NODE, '-e', ''], { kind: 'build' });
  const { path, sha256: digest, id } = first.document.proof!;
  for (const follows of ['latest:build', path, id, id.toLowerCase()]) {
    const { links } = statementOf(context, await record(context, [NODE, '-e', ''], { follows })).predicate;
    assert.deepEqual(links, [{ rel: 'follows', proof: path.slice('proofs/'.length), sha256: digest }]);
  }
});
