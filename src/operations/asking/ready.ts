// After a deploy: ask again and again until the service answers, is healthy and is the expected version, some times running.
import type { Answer } from '../../answer.ts';
import type { Inquiry } from '../../checks/inquiry.ts';
import { judgePlace, type Asked } from '../../checks/judge.ts';
import { keyOf, type Place, type Plan } from '../../checks/plan.ts';
import type { Service } from '../../checks/service.ts';
import { duration } from '../../markdown.ts';
import type { Finding, Verdict } from '../../outcome.ts';
import type { Learnt } from './asking.ts';
import type { Session } from './session.ts';

export const READY = 'ready';

export interface ReadyRequest {
  readonly service: Pick<Service, 'id' | 'ready' | 'needs'>;
  readonly plan: Plan;
  readonly learnt: Learnt;
  readonly location: Finding['location'] | null;
}

export interface Readiness {
  readonly isReady: boolean;
  /** What was seen last, to be judged when the control rule is settled. Null where there is nothing to wait for. */
  readonly judge: (() => Finding) | null;
}

/** In the order in which they are asked; the first that is not well ends a round. */
const WATCHED = ['health', 'version'];

/** What was answered last becomes the answer of its place when time is up; all other places of the service are blocked. */
export async function waitUntilReady(session: Session, request: ReadyRequest): Promise<Readiness> {
  const watched = await watchedOf(request);
  if (watched.length === 0) return { isReady: true, judge: null };
  const waited = await wait(session, request, watched);
  if (!waited.isReady) giveUp(request, waited);
  return { isReady: waited.isReady, judge: () => toFinding(session, request, waited) };
}

/** A service whose needs are not ready is not asked at all. */
export function blockAll({ service, plan, learnt }: ReadyRequest, by: string): void {
  for (const place of plan.places) {
    const key = keyOf(place);
    if (place.target === service.id && place.skip === null && !learnt.has(key)) learnt.set(key, { kind: 'blocked', by });
  }
}

interface Watched {
  readonly place: Place;
  readonly inquiry: Inquiry;
}

/** What cannot be asked says so in its own place; waiting would not mend it. */
async function watchedOf({ service, plan }: ReadyRequest): Promise<readonly Watched[]> {
  const watched: Watched[] = [];
  for (const check of WATCHED) {
    const place = plan.places.find((each) => each.target === service.id && each.check === check && each.skip === null);
    const inquiry = await place?.inquire({});
    if (place !== undefined && inquiry !== undefined && 'asks' in inquiry && inquiry.asks.length > 0) watched.push({ place, inquiry });
  }
  return watched;
}

interface Seen {
  readonly place: Place;
  readonly asked: Asked;
}

interface Waited {
  readonly isReady: boolean;
  readonly waitedMs: number;
  readonly rounds: number;
  /** Running, at the end. */
  readonly passes: number;
  /** The last round. */
  readonly seen: readonly Seen[];
}

async function wait(session: Session, { service: { id, ready } }: ReadyRequest, watched: readonly Watched[]): Promise<Waited> {
  const { clock, log, signal } = session.context;
  const startMs = clock.monotonicMs();
  const deadlineMs = startMs + ready.withinMs;
  let passes = 0;
  for (let rounds = 1; ; rounds += 1) {
    const seen = await askRound(session, watched, deadlineMs);
    const worst = worstOf(session, seen);
    passes = worst === 'pass' ? passes + 1 : 0;
    const leftMs = deadlineMs - clock.monotonicMs();
    const isLate = leftMs <= 0;
    // A degraded service is waited for as well; when it stays so, that is for its own findings to say.
    const isReady = passes >= ready.passes || (isLate && worst === 'warn');
    // A row of passes that has begun is seen to its end.
    if (isReady || (isLate && passes === 0)) return { isReady, waitedMs: clock.monotonicMs() - startMs, rounds, passes, seen };
    if (rounds === 1 && passes === 0) log.info(`waiting until ${id} is ready, at most ${duration(ready.withinMs)}`);
    await clock.sleep(passes === 0 ? Math.min(ready.everyMs, leftMs) : ready.everyMs, signal);
  }
}

/** Shorter than this no server can be expected to answer, however near the deadline is. */
const SHORTEST_MS = 1000;

/** A round that has begun is finished also when time is up, so that it says something; but nobody waits twice for what does not answer. */
async function askRound(session: Session, watched: readonly Watched[], deadlineMs: number): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for (const { place, inquiry } of watched) {
    const attempts: Answer[][] = inquiry.asks.map(() => []);
    for (const [index, { question }] of inquiry.asks.entries()) {
      const leftMs = deadlineMs - session.context.clock.monotonicMs();
      const timeoutMs = Math.min(question.timeoutMs, Math.max(SHORTEST_MS, Math.ceil(leftMs)));
      const answer = await session.ask({ ...question, timeoutMs });
      attempts[index]!.push(answer);
      if (answer.trouble !== null) break;
    }
    seen.push({ place, asked: { kind: 'asked', inquiry, attempts } });
    if (!['pass', 'warn'].includes(verdictOf(session, seen.at(-1)!))) break;
  }
  return seen;
}

function worstOf(session: Session, seen: readonly Seen[]): Verdict {
  const verdicts = seen.map((each) => verdictOf(session, each));
  return verdicts.find((verdict) => verdict !== 'pass' && verdict !== 'warn') ?? verdicts.find((verdict) => verdict === 'warn') ?? 'pass';
}

/** Where nobody said which version should answer, any one will do to go on; that none was compared is said in its own place. */
function verdictOf({ control }: Session, { place, asked }: Seen): Verdict {
  const { verdict, code } = judgePlace(place, asked, control.isHeld);
  return code === 'VERSION_NO_EXPECTATION' ? 'pass' : verdict;
}

function giveUp(request: ReadyRequest, { seen }: Waited): void {
  for (const { place, asked } of seen) request.learnt.set(keyOf(place), asked);
  blockAll(request, keyOf({ target: request.service.id, check: READY }));
}

function toFinding(session: Session, { service, location }: ReadyRequest, waited: Waited): Finding {
  const { isReady, waitedMs, rounds, passes, seen } = waited;
  const expected = { passes: service.ready.passes, within: duration(service.ready.withinMs) };
  const about = {
    check: READY,
    target: service.id,
    attempts: rounds,
    durationMs: Math.round(waitedMs),
    observed: { passes },
    expected,
    ...(location === undefined || location === null ? {} : { location }),
  };
  const last = seen
    .filter((each) => verdictOf(session, each) !== 'pass')
    .map(({ place, asked }) => judgePlace(place, asked, session.control.isHeld))
    .at(-1);
  const time = duration(waitedMs);
  const said = last === undefined ? '' : `${last.code ?? last.check}: ${last.reason}`;
  if (isReady && last === undefined) return { ...about, verdict: 'pass', reason: `ready after ${time}` };
  if (isReady)
    return {
      ...about,
      verdict: 'warn',
      reason: `answers after ${time}; ${said}`,
      ...(last?.code === undefined ? {} : { code: last.code }),
    };
  const verdict = last?.verdict === 'fail' ? 'fail' : 'unknown';
  return { ...about, verdict, code: 'READY_TIMEOUT', reason: `not ready within ${time}; seen last: ${said}` };
}
