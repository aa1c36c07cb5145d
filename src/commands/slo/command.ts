import { readOperations } from '../../checks/reading.ts';
import type { Objective, Operations } from '../../checks/service.ts';
import { defineCommand } from '../../command.ts';
import type { Context, Recorder } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { blocks, bold, count, table } from '../../markdown.ts';
import { MAX_PERIODS } from '../../metrics/slo/window.ts';
import { outcome, type Finding, type Outcome } from '../../outcome.ts';
import { readHistory, type ReadHistory } from '../../operations/history.ts';
import { evaluateObjectives, plannedRuns, startOfHistory, type Evaluated } from '../../operations/slo/evaluation.ts';
import { tellBroken, tellObjectives } from '../../operations/slo/findings.ts';
import { SLO_SCHEMA, toSloData, type SloData } from '../../operations/slo/slo-data.ts';
import { warnOfObjectives } from '../../operations/slo/warnings.ts';
import { suggest } from '../../suggest.ts';
import { parseMoment } from '../../units.ts';

const FORMATS = ['openslo', 'prometheus'] as const;

interface Data {
  readonly slos: readonly SloData[];
  readonly broken: Evaluated['broken'];
  /** What was exported, to the byte; null where nothing was. */
  readonly text: string | null;
}

export default defineCommand({
  name: 'slo',
  group: 'main',
  summary: 'Compute error budgets and burn rates from the proofs of smoke runs',
  kind: 'slo',
  proofless: 'export',
  options: {
    slo: { type: 'list', value: 'ID', help: 'Only these objectives (default: all in sophia.yaml)' },
    window: { type: 'duration', value: 'TIME', min: 60_000, help: 'Look back this far instead of as each objective says' },
    now: { type: 'string', value: 'TIME', help: 'Judge as of this day or moment, like 2026-11-23 or 2026-11-23T06:00:00Z' },
    export: {
      type: 'string',
      value: 'FORMAT',
      choices: FORMATS,
      help: 'Print the objectives for another tool; nothing is judged, and no proof left',
    },
  },
  examples: [
    { command: 'sophia slo', does: 'How much of each error budget is left; exit 1 when one is spent, 3 when too little is known' },
    { command: 'sophia slo --slo repo-avail --window 7d', does: 'One objective, by the last week' },
    { command: 'sophia slo --export prometheus > rules.yaml', does: 'Recording rules and burn-rate alerts for Prometheus' },
  ],
  dataSchema: {
    type: 'object',
    required: ['slos', 'broken', 'text'],
    additionalProperties: false,
    properties: {
      slos: { type: 'array', items: SLO_SCHEMA },
      broken: {
        type: 'array',
        description: 'Proofs that do not hold, or contradict themselves: what they say counts as missing',
        items: {
          type: 'object',
          required: ['path', 'reason'],
          additionalProperties: false,
          properties: { path: { type: 'string', description: 'Relative to proofs/' }, reason: { type: 'string' } },
        },
      },
      text: { type: ['string', 'null'], description: 'What was exported, to the byte; null where nothing was' },
    },
  },
  run: async (context, options) => {
    const operations = readOperations(context.config);
    const objectives = chooseObjectives(operations, options);
    if (options.export !== undefined)
      return await exportObjectives(context, { operations, objectives, format: options.export, now: options.now });
    const nowMs = options.now === undefined ? context.clock.now() : parseTime(options.now);
    for (const warning of warnOfObjectives({ ...operations, objectives })) context.log.warn(warning);
    const history = await readHistory(context, 'smoke', startOfHistory(objectives, nowMs));
    const evaluated = evaluateObjectives({ operations, objectives, history, nowMs });
    for (const line of tellBroken(evaluated.broken)) context.log.warn(line);
    const isEmpty = history.runs.length === 0 && history.broken.length === 0;
    const data: Data = { slos: evaluated.evaluations.map(toSloData), broken: evaluated.broken, text: null };
    recordInputs(context.record, usedOf({ history, evaluated, nowMs }), history);
    // A view of a part would look like the whole.
    if (options.slo.length === 0 && options.window === undefined) recordView(context.record, { at: toTime(nowMs), slos: data.slos });
    return outcome(tellObjectives({ evaluated, operations, config: context.config, isEmpty }), data);
  },
  view: ({ findings, data }) =>
    data.text ??
    blocks(
      table(
        ['slo', 'service', 'target', 'state', 'bad', 'missing', 'planned', 'left', 'p95 (ms)'],
        data.slos.map(({ id, service, target, state, bad, missing, planned, remaining, allowed, percentiles }) => [
          id,
          service,
          String(target),
          state,
          bad,
          missing,
          planned,
          `${remaining} of ${allowed}`,
          percentiles.p95 === null ? '–' : String(percentiles.p95),
        ]),
      ),
      ...findings.map(({ check, reason }) => `${bold(check)} ${reason}`),
    ),
  isVerbatim: ({ text }) => text !== null,
});

interface Choice {
  readonly slo: readonly string[];
  readonly window: number | undefined;
}

/** Throws USAGE for an objective that there is none of, and for a window of more runs than anybody plans. */
function chooseObjectives({ objectives, schedule }: Operations, { slo, window }: Choice): readonly Objective[] {
  const ids = objectives.map(({ id }) => id);
  const unknown = slo.find((id) => !ids.includes(id));
  if (unknown !== undefined) throw usage(`there is no objective "${unknown}" in sophia.yaml${suggest(unknown, ids)}`);
  const chosen = objectives
    .filter(({ id }) => slo.length === 0 || slo.includes(id))
    .map((each) => ({ ...each, windowMs: window ?? each.windowMs }));
  const { everyMs } = plannedRuns(schedule);
  const endless = chosen.find(({ windowMs }) => windowMs / everyMs > MAX_PERIODS);
  if (endless !== undefined) throw usage(`the window of ${endless.id} has more than ${count(MAX_PERIODS)} planned runs`);
  return chosen;
}

/** A day is its first moment; a time has a zone, else it would be another one on each machine. */
function parseTime(text: string): number {
  const timeMs = parseMoment(text.includes('T') ? text : `${text}T00:00:00Z`);
  if (timeMs === null || timeMs < 0) throw usage(`--now is a day like 2026-11-23 or a time like 2026-11-23T06:00:00Z, not "${text}"`);
  return timeMs;
}

function usage(problem: string): SophiaError {
  return new SophiaError('USAGE', { problem, command: 'slo' });
}

interface Export {
  readonly operations: Operations;
  readonly objectives: readonly Objective[];
  readonly format: (typeof FORMATS)[number];
  readonly now: string | undefined;
}

async function exportObjectives({ config }: Context, { operations, objectives, format, now }: Export): Promise<Outcome<Data>> {
  if (now !== undefined) throw usage('--export judges nothing, so --now does not go with it');
  const evaluated: Evaluated = { evaluations: [], broken: [] };
  if (objectives.length === 0)
    return outcome<Data>(tellObjectives({ evaluated, operations, config, isEmpty: false }), { slos: [], broken: [], text: null });
  const text =
    format === 'openslo'
      ? (await import('../../operations/slo/openslo.ts')).toOpenSlo(operations, objectives)
      : (await import('../../operations/slo/prometheus.ts')).toPrometheusRules(operations, objectives);
  const findings = objectives.map(({ id, service }): Finding => ({
    check: id,
    target: service,
    verdict: 'pass',
    reason: `exported for ${format}; nothing was judged`,
  }));
  return outcome<Data>(findings, { slos: [], broken: [], text });
}

interface Reading {
  readonly history: ReadHistory;
  readonly evaluated: Evaluated;
  readonly nowMs: number;
}

/** Without `since` all proofs are read to find the first; those before every window say no more than that. */
function usedOf({ history, evaluated, nowMs }: Reading): ReadHistory['runs'] {
  const from = evaluated.evaluations.map(({ window }) => window.from).toSorted()[0] ?? '';
  return history.runs.filter(({ startedAt }) => startedAt >= from && startedAt <= toTime(nowMs));
}

/** A proof has room for so many names. */
const MAX_INPUTS = 400;

/** What the sums are made of, by digest: as inputs or, where they are many, in one file that `sha256sum -c` reads from within proofs/. */
function recordInputs(record: Recorder, used: ReadHistory['runs'], { bytes }: ReadHistory): void {
  if (used.length > MAX_INPUTS) {
    const lines = used.map(({ path, sha256 }) => `${sha256}  ${path}\n`);
    record.attach('proofs.sha256', Buffer.from(lines.join('')), 'text/plain');
    return;
  }
  for (const { path } of used) record.input(`proofs/${path}`, bytes.get(path) ?? new Uint8Array());
}

function recordView(record: Recorder, facts: { readonly at: string; readonly slos: readonly SloData[] }): void {
  record.view('slo/latest.json', (proof) => `${JSON.stringify({ proof, ...facts }, null, 2)}\n`);
}

function toTime(ms: number): string {
  return new Date(ms).toISOString();
}
