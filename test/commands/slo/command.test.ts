import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { suite, test, type TestContext } from 'node:test';
import { registry, sections } from '../../../src/commands/registry.generated.ts';
import slo from '../../../src/commands/slo/command.ts';
import type { Context } from '../../../src/context.ts';
import { readConfig } from '../../../src/faces/config.ts';
import { perform, type Performed } from '../../../src/faces/perform.ts';
import { histogramOf } from '../../../src/metrics/histogram.ts';
import type { SloData } from '../../../src/operations/slo/slo-data.ts';
import { isJsonObject, parseJson } from '../../../src/proof/canonical.ts';
import { AgedProofs } from '../../fakes/aged-proofs.ts';
import { clockAt, contextFor } from '../../fakes/context.ts';
import { matchGolden } from '../../golden.ts';

const CONFIG = `version: 1
schedule: {smoke: {every: 1d, grace: 12h}}
services:
  mcp-repo:
    title: 'Repository MCP'
    url: http://127.0.0.1:9
    checks:
      - {id: tree, get: /repo/tree}
slos:
  - {id: repo-avail, service: mcp-repo, check: tree, indicator: availability, target: '0.95', window: 30d, since: 2026-11-01}
  - {id: repo-p95, service: mcp-repo, check: tree, indicator: latency, under: 800ms, target: '0.95', window: 30d, since: 2026-11-01}
`;

suite('sophia slo', () => {
  test('prints budgets, leaves a proof that names what it read, and a view', async (t) => {
    const month = await nights(t, { days: 30, bad: { 10: 7, 20: 5 } });
    const { document, markdown, exitCode } = await month.ask({ now: '2026-11-30T18:00:00Z' });
    assert.equal(exitCode, 0);
    matchGolden('slo/view.md', `${markdown}\n`);
    const [avail] = slosIn(document.data);
    assert.deepEqual(
      [avail?.planned, avail?.good, avail?.bad, avail?.missing, avail?.allowed, avail?.remaining, avail?.state],
      [1800, 1788, 12, 0, 90, 78, 'met'],
    );
    const file = `${month.directory}/${document.proof?.path}`;
    const { predicate } = parsed(file);
    const inputs = (predicate as { inputs: { name: string; digest: { sha256: string } }[] }).inputs;
    assert.deepEqual(
      inputs.map(({ name, digest }) => [name, digest.sha256]),
      month.proofs.map((path) => [`proofs/${path}`, sha256(readFileSync(`${month.directory}/proofs/${path}`))]),
    );
    const view = parsed(`${month.directory}/proofs/slo/latest.json`);
    assert.equal(`proofs/${String(view['proof'])}`, document.proof?.path);
    assert.equal(view['at'], '2026-11-30T18:00:00.000Z');
    assert.deepEqual(view['slos'], slosIn(document.data));
  });

  test('of three nights with a missing one cannot tell, and is no better than with it', async (t) => {
    const three = await nights(t, { days: 3 });
    const now = '2026-11-03T18:00:00Z';
    const whole = await three.ask({ now, slo: ['repo-avail'], window: 3 * 86_400_000 });
    assert.equal(whole.document.result, 'PASSED');
    three.hold(three.proofs[1]!);
    const { document, exitCode } = await three.ask({ now, slo: ['repo-avail'], window: 3 * 86_400_000 });
    assert.deepEqual([document.result, exitCode], ['UNKNOWN', 3]);
    const [avail] = slosIn(document.data);
    assert.deepEqual(avail?.coverage, { planned_runs: 3, present_runs: 2, missing: ['2026-11-02'] });
    assert.equal(avail?.arithmetic, '(1 − 0.95) × 180 = 9 allowed; 0 bad + 60 missing; 51 too many if all missing were bad');
    assert.equal(document.findings[0]?.location?.line, 10);
  });

  test('exits 1 where a budget is spent', async (t) => {
    const { document, exitCode } = await (await nights(t, { days: 30, bad: { 1: 60, 2: 31 } })).ask({ now: '2026-11-30T18:00:00Z' });
    assert.deepEqual([document.result, exitCode], ['FAILED', 1]);
    assert.equal(document.findings[0]?.code, 'SLO_BREACHED');
    assert.match(document.findings[0]?.reason ?? '', /^breached: \(1 − 0\.95\) × 1800 = 90 allowed; 91 bad \+ 0 missing; 1 too many/);
  });

  test('counts a sealed proof that was deleted as missing, and names it', async (t) => {
    const month = await nights(t, { days: 30, bad: { 5: 60, 6: 31 } });
    await month.seal();
    assert.equal((await month.ask({ now: '2026-11-30T18:00:00Z' })).document.result, 'FAILED');
    const gone = month.proofs[4]!;
    month.hold(gone);
    const { document } = await month.ask({ now: '2026-11-30T18:00:00Z' });
    assert.deepEqual(brokenIn(document.data), [{ path: gone, reason: 'the ledger has it, and it is gone' }]);
    assert.deepEqual(slosIn(document.data)[0]?.coverage.missing, ['2026-11-05']);
    assert.equal(document.result, 'UNKNOWN');
  });

  test('counts a proof that was altered as missing, and names it', async (t) => {
    const month = await nights(t, { days: 30 });
    const file = `${month.directory}/proofs/${month.proofs[7]}`;
    writeFileSync(file, readFileSync(file, 'utf8').replace('"bad": 0', '"bad": 1'));
    const { document } = await month.ask({ now: '2026-11-30T18:00:00Z' });
    assert.match(brokenIn(document.data)[0]?.reason ?? '', /counts 60 good and 1 bad, and 60 in all/);
    assert.equal(slosIn(document.data)[0]?.missing, 60);
  });

  test('without proofs, and without objectives, exits 3', async (t) => {
    const empty = await nights(t, { days: 0 });
    assert.equal((await empty.ask({})).exitCode, 3);
    const { document, exitCode } = await perform(await contextWith(t, empty.directory, 'version: 1\n'), {
      command: slo,
      options: OPTIONS,
      argv: ['slo'],
    });
    assert.deepEqual([document.findings[0]?.code, exitCode], ['NOTHING_TO_CHECK', 3]);
  });

  test('names the nearest objective for one that there is none of', async (t) => {
    const { document, exitCode } = await (await nights(t, { days: 0 })).ask({ slo: ['repo-aval'] });
    assert.equal(exitCode, 2);
    assert.match(document.error?.title ?? '', /no objective "repo-aval" in sophia\.yaml, did you mean "repo-avail"\?/);
  });

  test('takes a day or a time with a zone as now, and nothing that another machine would understand otherwise', async (t) => {
    const empty = await nights(t, { days: 0 });
    for (const now of ['2026-11-30', '2026-11-30T18:00Z', '2026-11-30T18:00:00+02:00'])
      assert.equal((await empty.ask({ now })).exitCode, 3, now);
    for (const now of ['yesterday', '2026-11-30T18:00:00', '2026-02-31T25:00:00Z', '2026-02-30', '30.11.2026', '', '1969-01-01'])
      assert.equal((await empty.ask({ now })).exitCode, 2, now);
  });

  test('refuses a window of more runs than anybody plans', async (t) => {
    assert.equal((await (await nights(t, { days: 0 })).ask({ window: 1e6 * 86_400_000 + 86_400_000 })).exitCode, 2);
  });

  test('a part is no view', async (t) => {
    const month = await nights(t, { days: 3 });
    await month.ask({ slo: ['repo-avail'] });
    assert.equal(month.has('proofs/slo/latest.json'), false);
  });

  test('lists many proofs in one file', async (t) => {
    const month = await nights(t, { days: 1 });
    for (let number = 1; number <= 450; number += 1) month.copy(month.proofs[0]!, number);
    const { document } = await month.ask({ now: '2026-11-01T18:00:00Z' });
    const list = readFileSync(`${month.directory}/${document.proof?.path.replace(/json$/, 'proofs.sha256')}`, 'utf8');
    assert.equal(list.trimEnd().split('\n').length, 451);
    assert.match(list, /^[0-9a-f]{64} {2}smoke\/2026\/11\/01\/[0-9A-Z]{26}\.json$/m);
  });

  for (const format of ['prometheus', 'openslo'] as const)
    test(`exports ${format} to the byte, and leaves no proof of having judged anything`, async (t) => {
      const month = await nights(t, { days: 0 });
      const { document, markdown, exitCode } = await month.ask({ export: format });
      matchGolden(`slo/${format}.yaml`, markdown);
      assert.deepEqual([document.proof, exitCode], [null, 0]);
      assert.equal(month.has('proofs'), false);
    });

  test('exports nothing where there are no objectives, or where a moment is given that would not matter', async (t) => {
    const month = await nights(t, { days: 0 });
    assert.equal((await month.ask({ export: 'prometheus', now: '2026-11-30' })).exitCode, 2);
    const context = await contextWith(t, month.directory, 'version: 1\n');
    const { exitCode } = await perform(context, { command: slo, options: { ...OPTIONS, export: 'openslo' }, argv: ['slo'] });
    assert.equal(exitCode, 3);
  });
});

const OPTIONS = { slo: [] as readonly string[], window: undefined, now: undefined, export: undefined };

interface Nights extends Pick<AgedProofs, 'directory' | 'hold' | 'copy'> {
  /** Of the smoke runs, oldest first. */
  readonly proofs: readonly string[];
  readonly ask: (options: object) => Promise<Performed>;
  readonly seal: () => Promise<unknown>;
  readonly has: (path: string) => boolean;
}

/** A run at three in the morning of each day of November; on some of them so many samples were bad. */
async function nights(
  t: TestContext,
  { days, bad = {} }: { readonly days: number; readonly bad?: Readonly<Record<number, number>> },
): Promise<Nights> {
  const aged = new AgedProofs(t);
  const proofs: string[] = [];
  for (let day = 1; day <= days; day += 1) {
    const time = `2026-11-${String(day).padStart(2, '0')}T03:00:00Z`;
    proofs.push(await aged.record(time, 'smoke', ({ record }) => tellRun(record, bad[day] ?? 0)));
  }
  const context = await contextWith(t, aged.directory, CONFIG);
  return {
    directory: aged.directory,
    proofs,
    hold: (proof) => aged.hold(proof),
    copy: (proof, number) => aged.copy(proof, number),
    seal: () => aged.seal('2026-11-30T04:00:00Z'),
    has: (path) => context.files.exists(`${aged.directory}/${path}`),
    ask: (options) => perform(context, { command: slo, options: { ...OPTIONS, ...options }, argv: ['slo'] }),
  };
}

function tellRun(record: Context['record'], bad: number): void {
  record.find({ check: 'tree', target: 'mcp-repo', verdict: 'pass', reason: 'r' });
  const counts = { service: 'mcp-repo', check: 'tree', planned: 60, n: 60, good: 60 - bad, bad, tainted: 0 };
  const histogram = { ...histogramOf(Array.from({ length: 60 }, (_, index) => 20 + index)) };
  record.data({
    services: [{ id: 'mcp-repo', verdict: 'pass', code: null, commit: null, healthz: null }],
    samples: [
      { slo: 'repo-avail', ...counts, histogram: null },
      { slo: 'repo-p95', ...counts, histogram },
    ],
  });
}

async function contextWith(t: TestContext, directory: string, text: string): Promise<Context> {
  const context = contextFor(t, { directory, clock: clockAt(Date.parse('2026-11-30T18:30:00Z')) });
  writeFileSync(`${directory}/sophia.yaml`, text);
  const { config } = await readConfig(context, { path: undefined, command: slo, registry, sections });
  return { ...context, config };
}

function slosIn(data: object): readonly SloData[] {
  return (data as { readonly slos: readonly SloData[] }).slos;
}

function brokenIn(data: object): readonly { readonly path: string; readonly reason: string }[] {
  return (data as { readonly broken: readonly { readonly path: string; readonly reason: string }[] }).broken;
}

function parsed(file: string): { readonly [key: string]: unknown } {
  const value = parseJson(readFileSync(file, 'utf8'));
  assert(isJsonObject(value));
  return value;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
