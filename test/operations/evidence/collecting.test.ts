import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { Deploy } from '../../../src/checks/service.ts';
import type { Context } from '../../../src/context.ts';
import { collectEvidence, type Evidence } from '../../../src/operations/evidence/collecting.ts';
import { recordRun } from '../../../src/proof/recording/record.ts';
import { contextFor, temporaryFolder } from '../../fakes/context.ts';
import { fakeTools, saying, type FakeTools } from '../../fakes/tools.ts';

const HEALTHY = JSON.stringify({
  Machines: [{ id: 'm1', state: 'started', checks: [], config: {}, image_ref: { repository: 'shop', digest: 'sha256:aa' } }],
});
const SECRET = 'hunter2-hunter2&more';

interface Collected {
  readonly evidence: Evidence;
  readonly context: Context;
  readonly tools: FakeTools;
  readonly proofs: string;
}

async function collect(t: TestContext, scripts: Readonly<Record<string, string>>, asked: Partial<Asked> = {}): Promise<Collected> {
  const tools = fakeTools(temporaryFolder(t), scripts);
  const PATH = asked.isAlone === true ? tools.PATH.split(path.delimiter, 1)[0]! : tools.PATH;
  const context = contextFor(t, { env: { PATH, SHOP_TOKEN: SECRET } });
  const deploy = asked.deploy ?? { kind: 'fly', app: 'shop', optional: null };
  const request = { target: 'api', deploy, location: null, timeoutMs: asked.timeoutMs ?? 20_000 };
  let evidence: Evidence | null = null;
  await recordRun(context, { kind: 'deployment', command: 'verify', argv: [] }, async (inner) => {
    evidence = await collectEvidence(inner, request);
    inner.record.find(evidence.finding);
  });
  ok(evidence);
  return { evidence, context, tools, proofs: path.join(context.directory, 'proofs') };
}

interface Asked {
  readonly deploy: Deploy;
  readonly timeoutMs: number;
  /** Nothing but the fake programs is on the PATH. */
  readonly isAlone: boolean;
}

/** Everything below a folder, unpacked. */
function everythingIn(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => `${file}\n${(file.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file)).toString('utf8')}`)
    .join('\n');
}

suite('evidence', () => {
  test('a healthy deployment passes, whatever the tool exits with, and its log is kept', async (t) => {
    const fly = `${saying({ status: HEALTHY, logs: '{"message":"listening"}\n' })}\nif (args[0] === 'status') process.exitCode = 1;`;
    const { evidence, tools, proofs } = await collect(t, { flyctl: fly });
    equal(evidence.finding.verdict, 'pass');
    deepEqual(evidence.finding.observed, { image: 'shop@sha256:aa', machines: 1, exitCodes: { status: 1, logs: 0 } });
    deepEqual(tools.calls('flyctl').toSorted(), [
      ['logs', '--no-tail', '--json', '--app', 'shop'],
      ['status', '--json', '--app', 'shop'],
    ]);
    const view = readFileSync(path.join(proofs, 'fly/shop_logs.txt'), 'utf8');
    match(view, /^proof: deployment\/\d{4}\/\d\d\/\d\d\/\w{26}\.json\nservice: api\n/);
    match(view, /\n\n\{"message":"listening"\}\n$/);
    deepEqual(evidence.lastLines, ['{"message":"listening"}']);
  });

  test('the second name of a tool is tried where the first is not there', async (t) => {
    const { evidence, tools } = await collect(t, { fly: saying({ status: HEALTHY, logs: 'x\n' }) }, { isAlone: true });
    equal(evidence.finding.verdict, 'pass');
    equal(tools.calls('fly').length, 2);
  });

  test('a tool that is not there leaves it unknown, unless the configuration says why that is no matter', async (t) => {
    mkdirSync(path.join(temporaryFolder(t), 'bin'), { recursive: true });
    const missing = await collect(t, {}, { isAlone: true });
    const { verdict, code, reason } = missing.evidence.finding;
    deepEqual([verdict, code, reason], ['unknown', 'EVIDENCE_TOOL_MISSING', 'flyctl or fly cannot be started here']);
    const optional = await collect(t, {}, { isAlone: true, deploy: { kind: 'fly', app: 'shop', optional: 'deployed by hand' } });
    equal(optional.evidence.finding.verdict, 'skipped');
    match(optional.evidence.finding.reason, /^deployed by hand \(/);
  });

  test('bad news counts although the evidence is optional', async (t) => {
    const dead = JSON.stringify({ Machines: [{ id: 'm1', state: 'stopped' }] });
    const deploy: Deploy = { kind: 'fly', app: 'shop', optional: 'deployed by hand' };
    const { evidence } = await collect(t, { flyctl: saying({ status: dead, logs: 'x\n' }) }, { deploy });
    deepEqual([evidence.finding.verdict, evidence.finding.code], ['fail', 'EVIDENCE_UNHEALTHY']);
  });

  test('a tool that hangs is ended, and what it had said is kept', async (t) => {
    const hanging = `process.stdout.write('half a line'); if (args[0] === 'logs') setInterval(() => {}, 1000);\nelse { process.stdout.write(''); }`;
    const { evidence, proofs } = await collect(t, { flyctl: hanging }, { timeoutMs: 1500 });
    match(evidence.finding.reason, /did not end in time/);
    equal(evidence.finding.verdict, 'unknown');
    match(readFileSync(path.join(proofs, 'fly/shop_logs.txt'), 'utf8'), /ended: ended by us, out of time\n\nhalf a line\n/);
  });

  test('a secret of the environment is in nothing that is written, plain or encoded', async (t) => {
    const forms = [
      SECRET,
      Buffer.from(SECRET).toString('base64'),
      encodeURIComponent(SECRET),
      Buffer.from(`x${SECRET}`).toString('base64url'),
    ];
    const leaking = `${saying({ status: HEALTHY, logs: forms.map((form) => `token ${form} used\n`).join('') })}
process.stderr.write(process.env.SHOP_TOKEN + '\\n');`;
    const { evidence, proofs, context } = await collect(t, { flyctl: leaking });
    const written = everythingIn(proofs) + JSON.stringify(evidence);
    for (const form of forms) ok(!written.includes(form), form);
    match(written, /token \[redacted:env:SHOP_TOKEN\] used/);
    ok(context.env['SHOP_TOKEN'] === SECRET);
  });

  test('of a long log the last lines stay, and it is said that others are gone', async (t) => {
    const talkative = `if (args[0] === 'status') process.stdout.write(${JSON.stringify(HEALTHY)});
else for (let line = 1; line <= 5000; line += 1) process.stdout.write('line ' + line + '\\n');`;
    const { evidence, proofs } = await collect(t, { flyctl: talkative });
    equal(evidence.finding.verdict, 'pass');
    const view = readFileSync(path.join(proofs, 'fly/shop_logs.txt'), 'utf8');
    match(view, /\ntruncated: the last 2,000 lines of 48,893 bytes\n\nline 3001\n/);
    match(view, /\nline 5000\n$/);
    deepEqual(evidence.lastLines.slice(-1), ['line 5000']);
    equal(evidence.lastLines.length, 40);
  });

  test('what a program says is shown, not obeyed, by whoever prints the file', async (t) => {
    const { proofs } = await collect(t, { flyctl: saying({ status: HEALTHY, logs: '\u001b[31mred\n' }) });
    ok(!readFileSync(path.join(proofs, 'fly/shop_logs.txt'), 'utf8').includes('\u001b'));
  });

  test('a command of the user is believed when it exits with 0, and kept in any case', async (t) => {
    const deploy: Deploy = { kind: 'command', argv: ['evidence', 'a b', '$(touch x)'], optional: null };
    const good = await collect(t, { evidence: `process.stdout.write('all there\\n');` }, { deploy });
    equal(good.evidence.finding.verdict, 'pass');
    deepEqual(good.tools.calls('evidence'), [['a b', '$(touch x)']]);
    match(readFileSync(path.join(good.proofs, 'command/api_logs.txt'), 'utf8'), /all there/);
    const bad = await collect(t, { evidence: `process.stderr.write('no such app\\n'); process.exitCode = 7;` }, { deploy });
    deepEqual([bad.evidence.finding.verdict, bad.evidence.finding.code], ['unknown', 'EVIDENCE_FAILED']);
    match(bad.evidence.finding.reason, /it ended with 7 and 1 line of log: no such app/);
  });
});
