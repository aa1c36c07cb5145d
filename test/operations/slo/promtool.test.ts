// Whether Prometheus understands the exported rules, and raises an alert exactly where our own evaluator does.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import type { Objective } from '../../../src/checks/service.ts';
import { judgeObjective, type Budget } from '../../../src/metrics/slo/objective.ts';
import { toPrometheusRules } from '../../../src/operations/slo/prometheus.ts';
import { temporaryFolder } from '../../fakes/context.ts';
import { BINARY } from '../../journeys/sophia.ts';
import { DAY_MS, objective, operationsOf } from './made-runs.ts';

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;
const skip = hasPromtool ? false : 'NOT TESTED: promtool is not installed (apt-get install prometheus)';

const STEP_MS = 300_000;
const WINDOW_MS = 3 * DAY_MS;
const STEPS = WINDOW_MS / STEP_MS;
/** Requests in a step; a sample of the series each minute. */
const PER_STEP = 300;
const SERIES = 120;

interface Traffic {
  readonly objective: Objective;
  /** Bad ones of each step, oldest first; a multiple of five. */
  readonly bad: readonly number[];
  /** The service does not serve its errors. */
  readonly isSilent: boolean;
}

suite('rules for Prometheus', () => {
  test('are accepted, whatever services and metrics are called', { skip }, (t) => {
    const named = operationsOf([]);
    const title = `{{ $labels }} "quoted" 'single' \\ : # - | > & * ! % @ \` yes\u{85}\u{7f} ${'{'.repeat(5)}`;
    const hostile = {
      ...named,
      services: [{ id: 'mcp-repo', title, metrics: { names: { requests: 'a:b', errors: '_', latency: 'sum' } } }],
    };
    const objectives = [
      objective(),
      objective({ id: 'p95', indicator: 'latency', underMs: 1000 }),
      objective({ id: 'yes', windowMs: 3_600_000, target: '0.5' }),
    ];
    const rules = toPrometheusRules(hostile as never, objectives);
    const folder = temporaryFolder(t);
    fs.writeFileSync(path.join(folder, 'rules.yaml'), rules);
    const ended = promtool(folder, 'check', 'rules', 'rules.yaml');
    assert.equal(ended.status, 0, ended.output);
    assert.match(ended.output, /SUCCESS/);
  });

  test('come out of a pipe as they are', { skip }, (t) => {
    const folder = temporaryFolder(t);
    const service = 'url: http://127.0.0.1:9, checks: [{id: tree, get: /}]';
    const asked = 'id: tree, service: api, check: tree, indicator: latency, under: 800ms, target: 0.99';
    fs.writeFileSync(path.join(folder, 'sophia.yaml'), `version: 1\nservices: {api: {${service}}}\nslos: [{${asked}}]\n`);
    // A pipe of the shell's: what node gives a child as its input is a socket, which has no name to be opened by.
    const line = '"$0" "$1" slo --export prometheus | promtool check rules /dev/stdin';
    const ended = spawnSync('sh', ['-c', line, process.execPath, BINARY], { cwd: folder, encoding: 'utf8' });
    assert.deepEqual([ended.status, ended.stderr], [0, '']);
    assert.match(ended.stdout, /SUCCESS: 14 rules found/);
  });

  test(`raise an alert where our evaluator does, on ${SERIES} series of traffic`, { skip }, (t) => {
    const all = fc
      .sample(traffics, { seed: 20_261_123, numRuns: SERIES * 2 })
      .map(numbered)
      .filter(isClear)
      .slice(0, SERIES);
    assert.equal(all.length, SERIES);
    const objectives = all.map((each) => each.objective);
    const rules = toPrometheusRules(operationsOf(objectives), objectives);
    const expected = all.map((each) => alertsOf(each));
    const fired = expected.flat().filter(({ name }) => name !== 'SloDataAbsent').length;
    assert(fired > SERIES && fired < 4 * SERIES, `${fired} alerts are too few or too many to tell right from wrong`);
    const folder = temporaryFolder(t);
    fs.writeFileSync(path.join(folder, 'rules.yaml'), rules);
    fs.writeFileSync(path.join(folder, 'test.yaml'), stringify(testOf(all, expected.flat(), summariesIn(rules))));
    const ended = promtool(folder, 'test', 'rules', 'test.yaml');
    assert.equal(ended.status, 0, ended.output.slice(0, 4000));
  });

  test('are told apart from wrong ones by that test', { skip }, (t) => {
    const all = fc.sample(traffics, { seed: 7, numRuns: 6 }).map(numbered).filter(isClear).slice(0, 2);
    const objectives = all.map((each) => each.objective);
    const rules = toPrometheusRules(operationsOf(objectives), objectives);
    const folder = temporaryFolder(t);
    fs.writeFileSync(path.join(folder, 'rules.yaml'), rules.replaceAll(/ > [\d.]+/g, ' > -1'));
    fs.writeFileSync(path.join(folder, 'test.yaml'), stringify(testOf(all, [], summariesIn(rules))));
    assert.notEqual(promtool(folder, 'test', 'rules', 'test.yaml').status, 0);
  });
});

interface Draft extends Omit<Traffic, 'objective'> {
  readonly target: string;
}

/** Calm, and then spells of errors, the last of which may be over. */
const traffics: fc.Arbitrary<Draft> = fc
  .record({
    target: fc.constantFrom('0.9', '0.95', '0.99', '0.999'),
    spells: fc.array(
      fc.record({ length: fc.constantFrom(1, 2, 6, 12, 24, 72, 288, 500), bad: fc.constantFrom(0, 0, 5, 10, 20, 40, 150, 300) }),
      {
        minLength: 1,
        maxLength: 6,
      },
    ),
    calm: fc.constantFrom(0, 0, 5),
    isSilent: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
  })
  .map(({ target, spells, calm, isSilent }) => {
    const late = spells.flatMap(({ length, bad }) => Array.from({ length }, () => bad)).slice(-STEPS);
    return { target, isSilent, bad: [...Array.from({ length: STEPS - late.length }, () => calm), ...late] };
  });

function numbered({ target, bad, isSilent }: Draft, index: number): Traffic {
  const id = `slo-${index}`;
  return { objective: objective({ id, service: `service-${index}`, target, windowMs: WINDOW_MS }), bad, isSilent };
}

function judge({ objective: { target }, bad }: Traffic): Budget {
  return judgeObjective({
    target,
    windowMs: WINDOW_MS,
    everyMs: STEP_MS,
    nowMs: WINDOW_MS,
    perRun: PER_STEP,
    excludesMissingRuns: false,
    periods: bad.map((count, index) => ({
      startMs: index * STEP_MS,
      runs: [{ atMs: index * STEP_MS, tally: { good: PER_STEP - count, bad: count } }],
    })),
  });
}

/** Prometheus counts in floats, and a window may begin a sample later: at the very border the two may differ. */
function isClear(traffic: Traffic): boolean {
  const { burn, bad, allowed } = judge(traffic);
  const isFar = (value: number, limit: number): boolean => Math.abs(value - limit) > limit * 0.02;
  return isFar(bad, allowed) && burn.every(({ windows, factor }) => windows.every(({ rate }) => isFar(rate ?? 0, factor)));
}

interface Alert {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

function alertsOf(traffic: Traffic): readonly Alert[] {
  const { objective: asked, isSilent } = traffic;
  const labels = { service: asked.service, slo: asked.id };
  if (isSilent) return [{ name: 'SloDataAbsent', labels: { ...labels, severity: 'ticket' } }];
  const { burn, state } = judge(traffic);
  assert.equal(burn.length, 4);
  const WINDOWS: Readonly<Record<string, string>> = { 'last 1 h': '1h', 'last 6 h': '6h', 'last 1 d': '1d', 'last 3 d': '3d' };
  return [
    ...burn
      .filter(({ fires }) => fires === true)
      .map(({ severity, windows }) => ({
        name: 'SloErrorBudgetBurn',
        labels: { ...labels, severity, window: WINDOWS[windows[0]!.name]! },
      })),
    ...(state === 'breached' ? [{ name: 'SloErrorBudgetSpent', labels: { ...labels, severity: 'page' } }] : []),
  ];
}

/** By alert and labels. */
function summariesIn(rules: string): ReadonlyMap<string, string> {
  interface Group {
    readonly rules: readonly { readonly alert?: string; readonly labels: object; readonly annotations?: { readonly summary: string } }[];
  }
  const { groups } = parse(rules) as { readonly groups: readonly Group[] };
  const alerts = groups.flatMap((group) => group.rules).filter(({ alert }) => alert !== undefined);
  return new Map(alerts.map(({ alert = '', labels, annotations }) => [keyOf(alert, labels), annotations?.summary ?? '']));
}

function keyOf(name: string, labels: object): string {
  return JSON.stringify([name, Object.entries(labels).sort()]);
}

function testOf(all: readonly Traffic[], alerts: readonly Alert[], summaries: ReadonlyMap<string, string>): object {
  const evalTime = `${WINDOW_MS / 60_000}m`;
  return {
    rule_files: ['rules.yaml'],
    evaluation_interval: evalTime,
    tests: [
      {
        interval: '1m',
        input_series: all.flatMap(({ objective: { service }, bad, isSilent }) => [
          { series: `requests_total{service="${service}"}`, values: `0+${PER_STEP / 5}x${STEPS * 5}` },
          ...(isSilent ? [] : [{ series: `errors_total{service="${service}"}`, values: countUp(bad) }]),
        ]),
        alert_rule_test: ['SloErrorBudgetBurn', 'SloErrorBudgetSpent', 'SloDataAbsent'].map((alertname) => ({
          eval_time: evalTime,
          alertname,
          exp_alerts: alerts
            .filter(({ name }) => name === alertname)
            .map(({ name, labels }) => ({ exp_labels: labels, exp_annotations: { summary: summaries.get(keyOf(name, labels)) ?? '' } })),
        })),
      },
    ],
  };
}

/** A counter, minute by minute, in promtool's notation: `0+2x4` is 0 2 4 6 8. */
function countUp(bad: readonly number[]): string {
  const parts = ['0'];
  let total = 0;
  for (let index = 0; index < bad.length;) {
    const share = bad[index]!;
    let end = index;
    while (end < bad.length && bad[end] === share) end += 1;
    const [step, minutes] = [share / 5, (end - index) * 5];
    parts.push(`${total + step}+${step}x${minutes - 1}`);
    total += step * minutes;
    index = end;
  }
  return parts.join(' ');
}

function promtool(folder: string, ...args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
  return { status, output: `${stdout}${stderr}` };
}
