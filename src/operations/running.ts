// verify and smoke: the steps of a run.
import { keyOf } from '../checks/plan.ts';
import type { Context } from '../context.ts';
import { outcome, type Finding, type Outcome } from '../outcome.ts';
import { askPlan } from './asking/asking.ts';
import { planLoad } from './asking/load.ts';
import { planSamples } from './asking/objectives.ts';
import { blockAll, READY, waitUntilReady } from './asking/ready.ts';
import { takeSamples } from './asking/samples.ts';
import { createSlots } from './asking/slots.ts';
import { conclude, leaveWhatIsKnown } from './concluding.ts';
import type { RunFacts } from './data.ts';
import { showPlan } from './dry-run.ts';
import { prepareRun, type RunRequest } from './preparation.ts';
import { begin, type Run } from './run.ts';

export async function carryOut(context: Context, request: RunRequest): Promise<Outcome<RunFacts>> {
  const startedMs = context.clock.now();
  const prepared = await prepareRun(context, request);
  if (prepared === null) return nothingToCheck(context);
  if (request.options.dryRun) return await showPlan(context, prepared);
  const run = begin(context, { ...request, ...prepared, startedMs });
  try {
    await work(run);
    await run.session.control.settle();
    return await conclude(run);
  } catch (thrown) {
    leaveWhatIsKnown(run);
    throw thrown;
  }
}

function nothingToCheck({ config }: Context): Outcome<RunFacts> {
  const reason = config.file === null ? 'there is no sophia.yaml here' : `${config.file} names no services`;
  const finding: Finding = { check: 'services', target: 'run', verdict: 'unknown', code: 'NOTHING_TO_CHECK', reason };
  return outcome([finding], { services: [], samples: [], expected_commit: null, schedule: null });
}

async function work(run: Run): Promise<void> {
  const { session, plan, learnt, operations, command, options } = run;
  if (command === 'verify') {
    await gatherEvidence(run);
    await waitForAll(run);
  }
  await askPlan(session, plan, learnt);
  if (command === 'smoke') {
    run.samples = planSamples(plan, operations.objectives, learnt);
    await takeSamples(session, run.samples);
  }
  if (options.load) {
    const { readHistory } = await import('./history.ts');
    run.history = await readHistory(run.context, 'deployment', run.startedMs - HISTORY_MS);
    run.load = planLoad(plan, learnt);
    await takeSamples(session, run.load);
  }
}

/** What was measured before that was on another system. */
const HISTORY_MS = 90 * 86_400_000;

/** First and always: also where the service itself cannot be asked any more. */
async function gatherEvidence({ context, services, evidence }: Run): Promise<void> {
  const { collectEvidence, uncollected } = await import('./evidence/collecting.ts');
  const slots = createSlots({ total: PLATFORMS_AT_ONCE, perHost: PLATFORMS_AT_ONCE });
  await Promise.all(
    services.map(async ({ id, deploy, skip }) => {
      if (deploy === null || skip !== null) return;
      const location = context.config.locate({ name: 'services' }, `/${id}/deploy`);
      evidence.set(id, uncollected({ target: id, location }));
      evidence.set(id, await slots.run(deploy.kind, async () => await collectEvidence(context, { target: id, deploy, location })));
    }),
  );
}

/** Each is two programs, and platforms count requests. */
const PLATFORMS_AT_ONCE = 4;

/** Each as soon as those that it needs are ready; without them it is not asked. */
async function waitForAll(run: Run): Promise<void> {
  const { session, services, plan, learnt, readiness, context } = run;
  const waiting = new Map<string, Promise<boolean>>();
  const wait = (id: string): Promise<boolean> => {
    const already = waiting.get(id);
    if (already !== undefined) return already;
    const begun = waitFor(id);
    waiting.set(id, begun);
    return begun;
  };
  const waitFor = async (id: string): Promise<boolean> => {
    const service = services.find((each) => each.id === id);
    if (service === undefined || service.skip !== null) return true;
    const request = { service, plan, learnt, location: context.config.locate({ name: 'services' }, `/${id}/ready`) };
    for (const need of service.needs) {
      if (await wait(need)) continue;
      blockAll(request, keyOf({ target: need, check: READY }));
      return false;
    }
    const ready = await waitUntilReady(session, request);
    readiness.set(id, ready);
    return ready.isReady;
  };
  await Promise.all(services.map(async ({ id }) => await wait(id)));
}
