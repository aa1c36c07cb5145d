import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { Context } from '../../../src/context.ts';
import { SophiaError } from '../../../src/errors.ts';
import type { Finding } from '../../../src/outcome.ts';
import { inspectProofs } from '../../../src/proof/inspection/inspect.ts';
import { recordRun, type Recorded } from '../../../src/proof/recording/record.ts';
import type { Statement } from '../../../src/proof/statement.ts';
import { openProofs } from '../../../src/proof/tree.ts';
import { clockAt, contextFor, temporaryFolder } from '../../fakes/context.ts';

const RUN = { kind: 'demo', command: 'demo', argv: ['demo', '--fast'] };
const PASS: Finding = { check: 'c', target: 't', verdict: 'pass', reason: 'r' };
const FAIL: Finding = { ...PASS, verdict: 'fail' };

function statementOf({ directory }: Context, { proof }: Recorded): Statement {
  assert.ok(proof !== null);
  return JSON.parse(readFileSync(`${directory}/${proof.path}`, 'utf8')) as Statement;
}

async function assertAllHold(context: Context, count: number): Promise<void> {
  const { flaws, holding } = await inspectProofs(openProofs(context, { proofs: `${context.directory}/proofs`, name: 'proofs' }));
  assert.deepEqual(flaws, []);
  assert.equal(holding.length, count);
}

function marksIn(directory: string): readonly string[] {
  return readdirSync(`${directory}/.sophia/runs`);
}

test('a run leaves one proof, at the place that follows from its kind and time', async (t) => {
  const context = contextFor(t, { clock: clockAt(Date.UTC(2026, 10, 22, 3, 0, 4, 123)) });
  const recorded = await recordRun(context, RUN, ({ record }) => {
    record.find(PASS);
    record.data({ files: 3 });
    record.input('in.txt', Buffer.from('abc'));
  });
  const { id, path, sha256 } = recorded.proof!;
  assert.equal(path, `proofs/demo/2026/11/22/${id}.json`);
  assert.equal(
    sha256,
    createHash('sha256')
      .update(readFileSync(`${context.directory}/${path}`))
      .digest('hex'),
  );
  assert.deepEqual(
    { ...recorded, proof: null },
    {
      findings: [PASS],
      data: { files: 3 },
      result: 'PASSED',
      exitCode: 0,
      ending: 'completed',
      error: null,
      proof: null,
      proofProblem: null,
      stack: null,
    },
  );
  const { subject, predicate } = statementOf(context, recorded);
  assert.deepEqual(
    subject.map(({ name }) => name),
    ['findings'],
  );
  assert.equal(predicate.startedAt, '2026-11-22T03:00:04.123Z');
  assert.deepEqual(predicate.argv, RUN.argv);
  assert.deepEqual(predicate.inputs, [
    { name: 'in.txt', digest: { sha256: createHash('sha256').update('abc').digest('hex') }, sizeBytes: 3 },
  ]);
  assert.equal(predicate.source, null);
  assert.equal(readFileSync(`${context.directory}/proofs/.gitattributes`, 'utf8'), '* -text linguist-generated export-ignore\n');
  assert.deepEqual(marksIn(context.directory), []);
  await assertAllHold(context, 1);
});

test('the result is folded from the findings, whatever else is recorded', async (t) => {
  const context = contextFor(t);
  const vectors = [
    [[], 'UNKNOWN', 3],
    [['skipped'], 'UNKNOWN', 3],
    [['pass', 'skipped'], 'PASSED', 0],
    [['pass', 'flaky'], 'WARNED', 0],
    [['warn', 'blocked'], 'UNKNOWN', 3],
    [['unknown', 'fail', 'pass'], 'FAILED', 1],
  ] as const;
  for (const [verdicts, result, exitCode] of vectors) {
    const recorded = await recordRun(context, RUN, ({ record }) => {
      for (const verdict of verdicts) record.find({ ...PASS, verdict });
      record.data({ result: 'PASSED', exitCode: 0 });
    });
    assert.deepEqual([recorded.result, recorded.exitCode], [result, exitCode], verdicts.join());
  }
  await assertAllHold(context, vectors.length);
});

test('a coded error stops the run with its own exit code, and what was found before is kept', async (t) => {
  const context = contextFor(t);
  const recorded = await recordRun(context, RUN, ({ record }) => {
    record.find(PASS);
    throw new SophiaError('TOOL_MISSING', { tool: 'rg', mend: 'Install it.' }, { cause: new Error('ENOENT') });
  });
  assert.deepEqual([recorded.ending, recorded.result, recorded.exitCode, recorded.error?.code], ['stopped', 'UNKNOWN', 2, 'TOOL_MISSING']);
  assert.deepEqual(
    recorded.findings.map(({ check, verdict }) => [check, verdict]),
    [
      ['c', 'pass'],
      ['run-completed', 'unknown'],
    ],
  );
  assert.equal(statementOf(context, recorded).predicate.error?.detail, 'ENOENT');
  await assertAllHold(context, 1);
});

test('anything else that is thrown is a crash, and a fail that was seen stays a fail', async (t) => {
  const context = contextFor(t);
  const recorded = await recordRun(context, RUN, ({ record }) => {
    record.find(FAIL);
    throw new TypeError('x is not a function');
  });
  assert.deepEqual([recorded.ending, recorded.result, recorded.exitCode, recorded.error?.code], ['crashed', 'FAILED', 1, 'INTERNAL']);
  await assertAllHold(context, 1);
});

test('a signal and a timeout end the run though its body goes on', async (t) => {
  const reasons = [
    [new SophiaError('INTERRUPTED', { signal: 'SIGINT' }), 'interrupted', 130],
    [new SophiaError('INTERRUPTED', { signal: 'SIGTERM' }), 'interrupted', 143],
    [new SophiaError('TIMEOUT', { seconds: 1 }), 'timeout', 3],
  ] as const;
  for (const [reason, ending, exitCode] of reasons) {
    const stop = new AbortController();
    const context = contextFor(t, { signal: stop.signal, clock: { sleep: () => Promise.resolve() } });
    const late = Promise.withResolvers<void>();
    const recorded = await recordRun(context, RUN, async ({ record }) => {
      record.find(PASS);
      stop.abort(reason);
      await late.promise;
      record.find(FAIL);
    });
    late.resolve();
    assert.deepEqual([recorded.ending, recorded.exitCode, recorded.result], [ending, exitCode, 'UNKNOWN']);
    assert.equal(recorded.findings.length, 2);
    await assertAllHold(context, 1);
  }
});

test('a body that puts its things away after a signal is waited for', async (t) => {
  const stop = new AbortController();
  const context = contextFor(t, { signal: stop.signal });
  const recorded = await recordRun(context, RUN, async (inner) => {
    stop.abort(new SophiaError('INTERRUPTED', { signal: 'SIGINT' }));
    await inner.clock.breathe();
    inner.record.find(FAIL);
  });
  assert.deepEqual([recorded.ending, recorded.result, recorded.exitCode], ['interrupted', 'FAILED', 130]);
});

test('a run that was stopped before it began does nothing and says so', async (t) => {
  const context = contextFor(t, { signal: AbortSignal.abort(new SophiaError('TIMEOUT', { seconds: 0 })) });
  let hasRun = false;
  const recorded = await recordRun(context, RUN, () => {
    hasRun = true;
  });
  assert.equal(hasRun, false);
  assert.equal(recorded.ending, 'timeout');
  await assertAllHold(context, 1);
});

test('while it runs a mark stands in a folder that ignores itself', async (t) => {
  const context = contextFor(t, { env: { A_TOKEN: 'abcdef-1' } });
  await recordRun(context, { ...RUN, argv: ['demo', 'abcdef-1'] }, ({ directory, machine }) => {
    const [name = ''] = marksIn(directory);
    const mark: unknown = JSON.parse(readFileSync(`${directory}/.sophia/runs/${name}`, 'utf8'));
    const { id, startedAt } = mark as { id: string; startedAt: string };
    assert.equal(name, `${id}.json`);
    const argv = ['demo', '[redacted:env:A_TOKEN]'];
    const { pid, bootId, os, node } = machine;
    const environment = { kind: 'local', os, node };
    assert.deepEqual(mark, { id, kind: 'demo', command: 'demo', argv, startedAt, environment, pid, bootId, birth: machine.birthOf(pid) });
    assert.equal(readFileSync(`${directory}/.sophia/.gitignore`, 'utf8'), '*\n');
  });
});

test('attachments lie beside the proof, and the statement binds their bytes', async (t) => {
  const context = contextFor(t);
  const long = Buffer.alloc(200_000, 'a line\n');
  const recorded = await recordRun(context, RUN, ({ record }) => {
    record.find(PASS);
    record.attach('answer.body', Buffer.from('{}'), 'application/json');
    record.attach('stdout.log', Buffer.from('hello'), 'text/plain');
    record.attach('big.body', long, 'text/plain');
  });
  const { subject, predicate } = statementOf(context, recorded);
  const base = recorded.proof!.path.slice(0, -'json'.length);
  assert.equal(readFileSync(`${context.directory}/${base}answer.body`, 'utf8'), '{}');
  const packed = readFileSync(`${context.directory}/${base}stdout.log.gz`);
  assert.equal(gunzipSync(packed).toString(), 'hello');
  assert.equal(packed.readUInt32LE(4), 0, 'no time in the gzip header');
  const cut = readFileSync(`${context.directory}/${base}big.body`, 'utf8');
  assert.ok(cut.length <= 65_536 && cut.startsWith('a line') && /\[… \d+ bytes left out …\]/.test(cut));
  assert.deepEqual(predicate.truncated, [
    { path: `${base}big.body`.slice('proofs/'.length), sizeBytes: 200_000, sha256: createHash('sha256').update(long).digest('hex') },
  ]);
  assert.equal(subject.length, 3);
  await assertAllHold(context, 1);
});

test('an attachment too many is left out, and said to be', async (t) => {
  const context = contextFor(t);
  const recorded = await recordRun(context, RUN, ({ record }) => {
    record.find(PASS);
    for (let number = 0; number < 22; number += 1) record.attach(`a${number}.txt`, Buffer.from('x'), 'text/plain');
  });
  const { predicate } = statementOf(context, recorded);
  assert.equal(predicate.attachments.length, 20);
  assert.deepEqual(
    predicate.truncated.map(({ path }) => path.slice(-7)),
    ['a20.txt', 'a21.txt'],
  );
  await assertAllHold(context, 1);
});

test('a name that cannot be an attachment or a view is refused, and so is a view that does not name its proof', async (t) => {
  const context = contextFor(t);
  const attempts: readonly ((context: Context) => void)[] = [
    ({ record }) => record.attach('A B', Buffer.from(''), 'text/plain'),
    ({ record }) => record.attach('a.json', Buffer.from(''), 'text/plain'),
    ({ record }) => record.view('deep/er/x.txt', (path) => `proof: ${path}\n`),
    ({ record }) => record.view('../x.txt', (path) => `proof: ${path}\n`),
    ({ record }) => record.view('healthz/x.txt', () => 'fine\n'),
    ({ record }) => record.view('healthz/x.json', () => '{"proof":"other"}'),
  ];
  for (const attempt of attempts) {
    const recorded = await recordRun(context, RUN, (inner) => attempt(inner));
    assert.equal(recorded.error?.code, 'PROOF_NAME_INVALID');
  }
  await assertAllHold(context, attempts.length);
});

test('a view is replaced by the next run, and stays when a newer one is there', async (t) => {
  const directory = temporaryFolder(t);
  const runAt = async (ms: number): Promise<Recorded> =>
    await recordRun(contextFor(t, { directory, clock: clockAt(ms) }), RUN, ({ record }) => {
      record.find(PASS);
      record.view('healthz/api.txt', (path) => `# proof: ${path}\nat ${ms}\n`);
      record.view('business/api.json', (path) => JSON.stringify({ proof: path, at: ms }));
    });
  await runAt(1_700_000_000_000);
  await runAt(1_700_000_900_000);
  await runAt(1_700_000_500_000);
  assert.match(readFileSync(`${directory}/proofs/healthz/api.txt`, 'utf8'), /at 1700000900000/);
  assert.match(readFileSync(`${directory}/proofs/business/api.json`, 'utf8'), /1700000900000/);
  await assertAllHold(contextFor(t, { directory }), 3);
});

test('whose view is newer is asked and answered while no other run can write one', async (t) => {
  const context = contextFor(t);
  const calls: string[] = [];
  const { files } = context;
  const note = <Args extends readonly [string, ...unknown[]], Value>(name: string, call: (...args: Args) => Value) => {
    return (...args: Args): Value => {
      if (/api\.txt$|views\.lock$|[0-9A-Z]{26}\.json\.new$/.test(args[0])) calls.push(name);
      return call(...args);
    };
  };
  const lock = note('lock', (path: string) => {
    const held = files.lock(path);
    assert.ok('release' in held);
    return { release: note('release', () => held.release()).bind(null, path) };
  });
  const watched = {
    ...files,
    lock,
    exists: note('look', (path: string) => files.exists(path)),
    replace: note('replace', (path: string, bytes: Uint8Array | string) => files.replace(path, bytes)),
    link: note('name', (from: string, to: string) => files.link(from, to)),
  };
  const view = async (inner: Context): Promise<Recorded> =>
    await recordRun(inner, RUN, ({ record }) => {
      record.find(PASS);
      record.view('healthz/api.txt', (path) => `proof: ${path}\n`);
    });
  await view({ ...context, files: watched });
  assert.deepEqual(calls, ['lock', 'look', 'replace', 'name', 'release']);
  await recordRun({ ...context, files: watched }, RUN, ({ record }) => record.find(PASS));
  assert.equal(calls.filter((call) => call === 'lock').length, 1, 'without a view there is nothing to wait for');
  const busy = { ...files, lock: () => ({ heldBy: 1 }) };
  let elapsedMs = 0;
  const clock = { ...context.clock, monotonicMs: () => (elapsedMs += 100) };
  assert.notEqual((await view({ ...context, files: busy, clock })).proof, null, 'nobody waits for ever');
});

test('a link binds the digest of the proof it leads to', async (t) => {
  const context = contextFor(t);
  const first = await recordRun(context, RUN, ({ record }) => record.find(PASS));
  const second = await recordRun(context, RUN, ({ record }) => {
    record.find(PASS);
    record.link('follows', first.proof!.path);
  });
  assert.deepEqual(statementOf(context, second).predicate.links, [
    { rel: 'follows', proof: first.proof!.path.slice('proofs/'.length), sha256: first.proof!.sha256 },
  ]);
  const third = await recordRun(context, RUN, ({ record }) => record.link('follows', first.proof!.path.replace('demo', 'other')));
  assert.equal(third.error?.code, 'PROOF_NOT_FOUND');
});

test('no canary of the environment reaches any file of a run, nor what is shown of it', async (t) => {
  const canary = 'cAnary/+9f-"x"-7d';
  const context = contextFor(t, { env: { CANARY_TOKEN: canary } });
  const base64 = Buffer.from(canary).toString('base64');
  const recorded = await recordRun(context, { ...RUN, argv: ['demo', `--token=${canary}`] }, ({ record }) => {
    record.find({
      check: canary,
      target: `https://u:${encodeURIComponent(canary)}@h/`,
      verdict: 'fail',
      reason: canary,
      observed: { [canary]: [base64] },
      tries: [canary],
    });
    record.data({ [canary]: canary, header: `Basic ${base64}` });
    record.input(`${canary}.txt`, Buffer.from('x'));
    record.subject(`https://h/?t=${canary}`, 'a'.repeat(64));
    record.attach('x.body', Buffer.from(`\u0000${canary}`), 'text/plain');
    record.attach('y.log', Buffer.from(base64), 'text/plain');
    record.view('healthz/x.txt', (path) => `proof: ${path}\n${canary}\n`);
    throw new SophiaError(
      'TOOL_FAILED',
      { tool: 'x', reason: canary, command: canary },
      { cause: new Error(canary), errors: [{ [canary]: canary }] },
    );
  });
  assert.equal(recorded.proofProblem, null);
  const shown = JSON.stringify(recorded);
  const files = [recorded.proof!.path, ...filesBelow(`${context.directory}/proofs`), ...filesBelow(`${context.directory}/.sophia`)];
  const texts = filesBelow(context.directory).map((file) =>
    (file.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file)).toString('latin1'),
  );
  for (const spelling of [canary, JSON.stringify(canary).slice(1, -1), base64.slice(0, 20), encodeURIComponent(canary)]) {
    assert.ok(![shown, ...files, ...texts].some((text) => text.includes(spelling)), spelling);
  }
  const { predicate } = statementOf(context, recorded);
  assert.ok(predicate.redactions.some(({ path, reason }) => path === '/predicate/argv/1' && reason === 'env:CANARY_TOKEN'));
  assert.ok(predicate.redactions.some(({ path }) => path === '/predicate/attachments/1'));
  await assertAllHold(context, 1);
});

test('what redaction did not see is stopped at the last gate: a stub, and nothing of the run', async (t) => {
  const context = contextFor(t, { env: { ODD_TOKEN: '": 123456,' } });
  const recorded = await recordRun(context, RUN, ({ record }) => {
    record.find(PASS);
    record.data({ count: 123456, more: 1 });
    record.attach('a.txt', Buffer.from('x'), 'text/plain');
  });
  assert.deepEqual([recorded.result, recorded.exitCode, recorded.proofProblem?.code], ['PASSED', 0, 'PROOF_SECRET_REFUSED']);
  const { predicate } = statementOf(context, recorded);
  assert.deepEqual(
    [predicate.result, predicate.error?.code, predicate.data, predicate.attachments],
    ['UNKNOWN', 'PROOF_SECRET_REFUSED', {}, []],
  );
  await assertAllHold(context, 1);
});

test('a secret that is a word of the format itself does not cost the proof', async (t) => {
  const context = contextFor(t, { env: { A_KEY: 'unknown', B_KEY: 'findings', C_KEY: 'sophia' } });
  const recorded = await recordRun(context, RUN, ({ record }) => record.find({ ...PASS, verdict: 'unknown', reason: 'unknown' }));
  assert.equal(recorded.proofProblem, null);
  const { findings } = statementOf(context, recorded).predicate;
  assert.deepEqual([findings[0]?.verdict, findings[0]?.reason], ['unknown', '[redacted:env:A_KEY]']);
});

test('a digest of what a run depended on is of its bytes without their secrets', async (t) => {
  const context = contextFor(t, { env: { A_TOKEN: 'abcdef-1' } });
  const recorded = await recordRun(context, RUN, ({ record }) => {
    record.find(PASS);
    record.input('.token', Buffer.from('abcdef-1'));
  });
  const { inputs, redactions } = statementOf(context, recorded).predicate;
  const clean = createHash('sha256').update('[redacted:env:A_TOKEN]').digest('hex');
  assert.deepEqual([inputs[0]?.digest.sha256, redactions[0]?.path], [clean, '/predicate/inputs/0']);
});

test('a bug shows where it is, and no secret', async (t) => {
  const context = contextFor(t, { env: { A_TOKEN: 'abcdef-1' } });
  const { stack } = await recordRun(context, RUN, () => fail('no way with abcdef-1'));
  assert.match(stack ?? '', /no way with \[redacted:env:A_TOKEN\]\n {4}at fail/);
});

test('what an output says bit by bit is cleaned and kept when it ends, and not when it is empty', async (t) => {
  const context = contextFor(t, { env: { A_TOKEN: 'abcdef-1' } });
  const shown: string[] = [];
  const recorded = await recordRun(context, RUN, ({ record }) => {
    record.find(PASS);
    record.capture('nothing').end();
    const capture = record.capture('said');
    for (const chunk of ['x abc', 'def-1\ny', ' z']) shown.push(Buffer.from(capture.write(Buffer.from(chunk))).toString());
    shown.push(Buffer.from(capture.end().rest).toString());
  });
  assert.deepEqual(shown, ['', 'x [redacted:env:A_TOKEN]\n', '', 'y z']);
  const { attachments, redactions } = statementOf(context, recorded).predicate;
  assert.deepEqual([attachments.length, redactions], [1, [{ path: '/predicate/attachments/0', reason: 'env:A_TOKEN', count: 1 }]]);
  const kept = gunzipSync(readFileSync(`${context.directory}/proofs/${attachments[0]?.path}`)).toString();
  assert.equal(kept, 'x [redacted:env:A_TOKEN]\ny z');
  await assertAllHold(context, 1);
});

test('a proof is never written over what has its name', async (t) => {
  const context = contextFor(t);
  let taken = '';
  const recorded = await recordRun(context, RUN, ({ record, directory }) => {
    record.find(PASS);
    record.attach('a.txt', Buffer.from('x'), 'text/plain');
    record.view('healthz/x.txt', (path) => {
      taken = `${directory}/proofs/${path}`;
      mkdirSync(taken.slice(0, taken.lastIndexOf('/')), { recursive: true });
      writeFileSync(taken, 'another');
      return `proof: ${path}\n`;
    });
  });
  assert.deepEqual([recorded.exitCode, recorded.proof, recorded.proofProblem?.code], [0, null, 'PROOF_NOT_WRITTEN']);
  assert.equal(readFileSync(taken, 'utf8'), 'another');
  const left = filesBelow(`${context.directory}/proofs`).map((file) => file.slice(context.directory.length + 1));
  assert.deepEqual(left.sort(), ['proofs/.gitattributes', 'proofs/README.md', taken.slice(context.directory.length + 1)]);
});

test('a link on the way to a proof or a view is not followed', async (t) => {
  const elsewhere = temporaryFolder(t);
  for (const link of ['proofs', 'proofs/demo', 'proofs/healthz']) {
    const context = contextFor(t);
    if (link !== 'proofs') mkdirSync(`${context.directory}/proofs`);
    symlinkSync(elsewhere, `${context.directory}/${link}`);
    const { exitCode, proof, proofProblem } = await recordRun(context, RUN, ({ record }) => {
      record.find(PASS);
      record.view('healthz/x.txt', (path) => `proof: ${path}\n`);
    });
    assert.deepEqual([exitCode, proof, proofProblem?.code], [0, null, 'PROOF_NOT_WRITTEN'], link);
    assert.match(proofProblem?.title ?? '', new RegExp(`${link} is a symbolic link`));
  }
  assert.deepEqual(readdirSync(elsewhere), []);
});

test('more findings than a proof holds give way to what was judged, and lie beside it', async (t) => {
  const context = contextFor(t);
  const log = t.mock.method(context.log, 'warn', () => {});
  const recorded = await recordRun(context, RUN, ({ record }) => {
    for (let index = 0; index < 3000; index += 1)
      record.find({ ...PASS, check: `c${index}`, reason: 'x'.repeat(100), tries: [{ at: null }] });
    for (let index = 0; index < 3; index += 1) record.find({ ...FAIL, check: `f${index}`, observed: { status: 500 }, code: 'HTTP_STATUS' });
  });
  assert.deepEqual([recorded.result, recorded.exitCode, recorded.proofProblem, recorded.findings.length], ['FAILED', 1, null, 3003]);
  const { predicate } = statementOf(context, recorded);
  assert.deepEqual(predicate.findings.map(({ check, verdict }) => `${check} ${verdict}`).toSorted(), [
    'f0 fail',
    'f1 fail',
    'f2 fail',
    'folded.pass pass',
  ]);
  assert.deepEqual(predicate.findings.find(({ check }) => check === 'f2')?.observed, { status: 500 });
  assert.match(
    predicate.findings.find(({ check }) => check === 'folded.pass')?.reason ?? '',
    /^3,000 findings in one; the first, c0 of t: x+$/,
  );
  const [beside] = predicate.attachments;
  const lines = gunzipSync(readFileSync(`${context.directory}/proofs/${beside?.path}`));
  assert.deepEqual(
    lines
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Finding),
    recorded.findings,
  );
  const sha256 = createHash('sha256').update(lines).digest('hex');
  assert.deepEqual(predicate.truncated, [{ path: '/predicate/findings', sizeBytes: lines.length, sha256 }]);
  assert.match(
    String(log.mock.calls[0]?.arguments[0]),
    /^more was found than a proof holds: it has not all of its findings; all findings are in /,
  );
  await assertAllHold(context, 1);
});

test('details give way before findings do, and those of what is well before the others', async (t) => {
  const context = contextFor(t);
  const details = { tries: [{ phases: 'x'.repeat(800) }], observed: 'y'.repeat(200), expected: 1 };
  const recorded = await recordRun(context, RUN, ({ record }) => {
    for (let index = 0; index < 300; index += 1) record.find({ ...PASS, ...details, check: `c${index}` });
    record.find({ ...FAIL, ...details });
  });
  const { findings } = statementOf(context, recorded).predicate;
  const { tries: _tries, ...rest } = { ...PASS, ...details, check: 'c0' };
  assert.deepEqual([findings.length, findings[0], findings.at(-1)], [301, rest, { ...FAIL, ...details }]);
  await assertAllHold(context, 1);
});

test('findings of thousands of targets, their views and their data leave a proof all the same', async (t) => {
  const context = contextFor(t);
  const recorded = await recordRun(context, RUN, ({ record }) => {
    for (let index = 0; index < 2000; index += 1) {
      record.find({ check: 'c', target: `target-${index}`, verdict: index % 2 === 0 ? 'pass' : 'unknown', reason: 'r' });
      record.view(`healthz/target-${index}.txt`, (path) => `proof: ${path}\n`);
    }
    record.data({ text: 'x'.repeat(140_000) });
  });
  assert.deepEqual([recorded.result, recorded.exitCode, recorded.proofProblem], ['UNKNOWN', 3, null]);
  const { predicate } = statementOf(context, recorded);
  assert.deepEqual(
    predicate.truncated.map(({ path }) => path),
    ['/predicate/findings', '/predicate/views', '/predicate/data'],
  );
  assert.deepEqual(
    [predicate.data, predicate.views.length, readdirSync(`${context.directory}/proofs/healthz`).length > 0],
    [{}, predicate.views.length, predicate.views.length > 0],
  );
  await assertAllHold(context, 1);
});

test('what was left out never betters a run of which nothing was looked at', async (t) => {
  const context = contextFor(t);
  const recorded = await recordRun(context, RUN, ({ record }) => {
    for (let index = 0; index < 3000; index += 1) record.find({ ...PASS, check: `c${index}`, verdict: 'skipped', reason: 'x'.repeat(100) });
  });
  const { result, findings } = statementOf(context, recorded).predicate;
  assert.deepEqual([result, recorded.result, findings.map(({ verdict }) => verdict)], ['UNKNOWN', 'UNKNOWN', ['skipped']]);
});

test('a proof that cannot be written never changes what the run says', async (t) => {
  const tooLarge = contextFor(t);
  const large = await recordRun(tooLarge, { ...RUN, argv: ['x'.repeat(300_000)] }, ({ record }) => record.find(FAIL));
  assert.deepEqual([large.result, large.exitCode, large.proof, large.proofProblem?.code], ['FAILED', 1, null, 'PROOF_TOO_LARGE']);
  assert.equal(existsSync(`${tooLarge.directory}/proofs/demo`), false);

  const blocked = contextFor(t);
  writeFileSync(`${blocked.directory}/proofs`, 'a file where the folder should be');
  const recorded = await recordRun(blocked, RUN, ({ record }) => record.find(PASS));
  assert.deepEqual(
    [recorded.result, recorded.exitCode, recorded.proof, recorded.proofProblem?.code],
    ['PASSED', 0, null, 'PROOF_NOT_WRITTEN'],
  );
});

test('a write that fails half-way leaves neither attachments nor views of its own', async (t) => {
  const context = contextFor(t);
  mkdirSync(`${context.directory}/proofs/healthz`, { recursive: true });
  const full = (path: unknown): boolean => String(path).endsWith('.json.new');
  const files = {
    ...context.files,
    create: (path: string, bytes: Uint8Array | string) =>
      full(path) ? fail('ENOSPC: no space left on device') : context.files.create(path, bytes),
  };
  const recorded = await recordRun({ ...context, files }, RUN, ({ record }) => {
    record.find(PASS);
    record.attach('a.txt', Buffer.from('x'), 'text/plain');
    record.view('healthz/x.txt', (path) => `proof: ${path}\n`);
  });
  assert.match(recorded.proofProblem?.title ?? '', /ENOSPC/);
  assert.deepEqual(
    filesBelow(`${context.directory}/proofs`)
      .map((file) => file.slice(context.directory.length))
      .sort(),
    ['/proofs/.gitattributes', '/proofs/README.md'],
  );
});

test('what the disk gives back is what is judged', async (t) => {
  const context = contextFor(t);
  const flip = (bytes: Uint8Array): Uint8Array => Buffer.from(Buffer.from(bytes).toString('utf8').replace('"PASSED"', '"FAILED"'));
  const files = {
    ...context.files,
    read: (path: string | Uint8Array) => (String(path).endsWith('.json.new') ? flip(context.files.read(path)) : context.files.read(path)),
  };
  const recorded = await recordRun({ ...context, files }, RUN, ({ record }) => record.find(PASS));
  assert.equal(recorded.proof, null);
  assert.match(recorded.proofProblem?.title ?? '', /contradiction/);
});

test('a kind that a run may not have is refused before anything happens', async (t) => {
  const context = contextFor(t);
  await assert.rejects(
    recordRun(context, { ...RUN, kind: 'seal' }, () => assert.fail('it ran')),
    { code: 'PROOF_KIND_INVALID' },
  );
  assert.deepEqual(readdirSync(context.directory), []);
});

test('in GitHub Actions the listed facts are recorded, and nothing else of the environment', async (t) => {
  const context = contextFor(t, { env: { GITHUB_ACTIONS: 'true', GITHUB_RUN_ID: '42', GITHUB_JOB: 'smoke', GITHUB_ACTOR: 'someone' } });
  const recorded = await recordRun(context, RUN, ({ record }) => record.find(PASS));
  const { machine } = context;
  assert.deepEqual(statementOf(context, recorded).predicate.environment, {
    kind: 'github',
    os: machine.os,
    node: machine.node,
    runId: '42',
    job: 'smoke',
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => `${each.parentPath}/${each.name}`);
}

function fail(message: string): never {
  throw new Error(message);
}
