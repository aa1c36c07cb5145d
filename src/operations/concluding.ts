// What a run has to say: findings, their sum, and what is left for people to read.
import { judgePlan } from '../checks/judge.ts';
import { foldService } from '../checks/summary.ts';
import type { Context } from '../context.ts';
import { outcome, type Finding, type Json, type Outcome } from '../outcome.ts';
import { createRedactor } from '../proof/redaction/redaction.ts';
import { rulesOf } from '../proof/redaction/rules.ts';
import { boundTimes, judgeLoad, type Loaded } from './asking/load.ts';
import { judgeSamples } from './asking/objectives.ts';
import type { RunFacts } from './data.ts';
import { failingOf, keepBodies, tellFailing } from './failing.ts';
import { plannedTimeOf } from './planned-time.ts';
import type { Run } from './run.ts';
import type { ServiceData } from './run-data.ts';
import { writeViews } from './views/views.ts';

export async function conclude(run: Run): Promise<Outcome<RunFacts>> {
  const { context, session, plan, learnt, options } = run;
  const judged = judge(run);
  const failing = failingOf({ plan, learnt, findings: judged.findings, isControlHeld: session.control.isHeld });
  const redactor = createRedactor(rulesOf(context));
  tellFailing(context, failing, redactor);
  tellLogs(run, judged);
  keepBodies(context, failing);
  writeViews(context, { ...run, ...judged, chosen: run.services, redactor });
  const strict = options.strict ? judgeStrictly(judged.findings) : [];
  const incidents = options.issues ? await tellIncidents(run, judged) : [];
  return outcome([...judged.findings, ...strict, ...incidents], factsOf(run, judged));
}

/** Of a run that was stopped: what was learnt so far is kept, and a place that was not reached is unknown. */
export function leaveWhatIsKnown(run: Run): void {
  const judged = judge(run);
  for (const finding of judged.findings) run.context.record.find(finding);
  run.context.record.data(factsOf(run, judged));
}

interface Judged {
  readonly findings: readonly Finding[];
  readonly services: readonly ServiceData[];
  readonly samples: RunFacts['samples'];
  readonly load: readonly Loaded[];
}

/** Of all that is known by now. */
function judge(run: Run): Judged {
  const { session, plan, learnt, services, evidence, readiness } = run;
  const { isHeld } = session.control;
  const samples = judgeSamples(run.samples, isHeld);
  const chance = chanceOf(run.context);
  const load = run.load.map((each) => judgeLoad(each, { isControlHeld: isHeld, history: run.history, chance }));
  const all = [
    ...judgePlan(plan, learnt, isHeld),
    // Behind the checks: when the service is not ready, their codes say why.
    ...[...readiness.values()].flatMap(({ judge: judgeReady }) => (judgeReady === null ? [] : [judgeReady()])),
    ...[...evidence.values()].map(({ finding }) => finding),
    ...samples.map(({ finding }) => finding),
    ...load.map(({ finding }) => finding),
  ];
  const byService = services.map(({ id }) => ({ id, own: all.filter(({ target }) => target === id) }));
  return {
    findings: byService.flatMap(({ own }) => own),
    services: byService.map(({ id, own }) => ({ id, ...foldService(own) })),
    samples: samples.map(({ data }) => data),
    load,
  };
}

async function tellIncidents(
  { context, command, operations, startedMs }: Run,
  { services, findings }: Judged,
): Promise<readonly Finding[]> {
  const { writeIncidents } = await import('./incidents/incidents.ts');
  const kind = command === 'verify' ? 'deployment' : 'smoke';
  return await writeIncidents(context, { kind, startedAt: new Date(startedMs).toISOString(), services, findings, ...operations.incidents });
}

function factsOf(
  { context, startedMs, expectedCommit, options }: Run,
  { services, samples, load }: Judged,
): RunFacts & { readonly [key: string]: Json } {
  const facts: RunFacts = {
    services,
    samples,
    expected_commit: expectedCommit,
    schedule: plannedTimeOf(context, startedMs),
    ...(options.load ? { load: boundTimes(load.map(({ data }) => data)) } : {}),
  };
  return facts as RunFacts & { readonly [key: string]: Json };
}

/** Result and exit code follow from findings alone: a run in which nothing may be doubtful says so by one. */
function judgeStrictly(findings: readonly Finding[]): readonly Finding[] {
  const doubtful = findings.filter(({ verdict }) => verdict === 'warn' || verdict === 'flaky');
  if (doubtful.length === 0) return [];
  const names = doubtful.map(({ target, check, verdict }) => `${target} ${check} (${verdict})`).join(', ');
  return [{ check: 'strict', target: 'run', verdict: 'fail', reason: `--strict lets nothing doubtful pass: ${names}` }];
}

/** The last lines of the log of each service that is not well. */
function tellLogs({ context, evidence }: Run, { services }: Judged): void {
  for (const { id, verdict } of services) {
    const lines = evidence.get(id)?.lastLines ?? [];
    if (lines.length === 0 || !['fail', 'unknown', 'blocked'].includes(verdict)) continue;
    context.log.info([`the last lines of the log of ${id}:`, ...lines.map((line) => `  ${line}`)].join('\n'));
  }
}

/** From 0 to below 1, from the machine's own chance. */
function chanceOf({ machine }: Context): () => number {
  let bytes = new Uint8Array();
  let at = 0;
  return () => {
    if (at + 4 > bytes.length) {
      bytes = new Uint8Array(machine.randomBytes(4096));
      at = 0;
    }
    at += 4;
    return new DataView(bytes.buffer).getUint32(at - 4) / 2 ** 32;
  };
}
