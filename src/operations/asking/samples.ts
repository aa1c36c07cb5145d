// Many samples of one question: at a steady rate, and never twice for one answer.
import type { Answer, Question } from '../../answer.ts';
import type { Inquiry } from '../../checks/inquiry.ts';
import { judgePlace, type ControlHeld } from '../../checks/judge.ts';
import type { Place } from '../../checks/plan.ts';
import type { LagWatch } from '../../context.ts';
import type { Finding } from '../../outcome.ts';
import type { Session } from './session.ts';

export interface Series {
  readonly place: Place;
  /** Null where there is nothing to ask: then nothing is taken. */
  readonly inquiry: Inquiry | null;
  readonly planned: number;
  /** A second. */
  readonly rate: number;
  readonly indicator: 'availability' | 'latency';
  /** In the order in which they came to their end; it fills while the run goes on. */
  readonly taken: Sample[];
}

/** What is left of one: there are many, and their bodies would fill the memory. */
export interface Sample {
  readonly judge: (isControlHeld: ControlHeld) => Said;
  /** Of all its answers together. */
  readonly ms: number;
  /** Every answer came to its end. */
  readonly isWhole: boolean;
  /** It says nothing about time: this process was late for a tenth of it. */
  readonly isTainted: boolean;
}

export type Said = Pick<Finding, 'verdict' | 'reason' | 'code'>;

/** More at once make the checker measure itself. */
const AT_ONCE = { availability: 32, latency: 4 };

/** All series at once, each at its own pace: while one waits, the others go on. */
export async function takeSamples(session: Session, all: readonly Series[]): Promise<void> {
  const series = all.filter(({ inquiry, planned }) => inquiry !== null && planned > 0);
  if (series.length === 0) return;
  const lanes = {
    availability: session.lane({ total: AT_ONCE.availability, perHost: AT_ONCE.availability }),
    latency: session.lane({ total: AT_ONCE.latency, perHost: AT_ONCE.latency }),
  };
  const { probe, log } = session.context;
  const lag = watchLag(probe.watchLag());
  const progress = log.progress('samples');
  const planned = sumOf(series.map((each) => each.planned));
  const onTaken = (): void => progress.update(sumOf(series.map(({ taken }) => taken.length)), planned);
  try {
    await Promise.all(series.map(async (each) => await takeSeries(session, { series: each, ask: lanes[each.indicator], lag, onTaken })));
  } finally {
    progress.end();
    lag.stop();
  }
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

interface Taking {
  readonly series: Series;
  readonly ask: (question: Question) => Promise<Answer>;
  readonly lag: Lag;
  readonly onTaken: () => void;
}

/** A sample begins when its time has come, however long the ones before it take. */
async function takeSeries({ context: { clock, signal } }: Session, taking: Taking): Promise<void> {
  const { series } = taking;
  const everyMs = 1000 / series.rate;
  const startMs = clock.monotonicMs();
  const running: Promise<void>[] = [];
  for (let index = 0; index < series.planned; index += 1) {
    const waitMs = startMs + index * everyMs - clock.monotonicMs();
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    signal.throwIfAborted();
    const one = takeOne(taking);
    one.catch(() => {}); // it is awaited below; until then a run that is stopped has nobody who hears it
    running.push(one);
  }
  await Promise.all(running);
}

async function takeOne({ series, ask, lag, onTaken }: Taking): Promise<void> {
  const answers: Answer[] = [];
  const ended = lag.begin();
  for (const { question } of series.inquiry!.asks) answers.push(await ask(question));
  series.taken.push(toSample(series, answers, ended()));
  onTaken();
}

/** Less than this is no matter, however short the sample was. */
const LATE_MS = 5;

function toSample(series: Series, answers: readonly Answer[], lagMs: number): Sample {
  const ms = sumOf(answers.map(({ phases }) => phases.totalMs));
  const isWhole = answers.every(({ trouble }) => trouble === null);
  return { judge: judgeOnce(series, answers), ms, isWhole, isTainted: lagMs > LATE_MS && lagMs > ms / 10 };
}

/** Only where the verdict depends on what else answers in the run, the answers are kept until that is known. */
function judgeOnce({ place, inquiry }: Series, answers: readonly Answer[]): Sample['judge'] {
  const asked = { kind: 'asked', inquiry: inquiry!, attempts: answers.map((answer) => [answer]) } as const;
  const judge = (isControlHeld: ControlHeld): Said => {
    const { verdict, reason, code } = judgePlace(place, asked, isControlHeld);
    return { verdict, reason, ...(code === undefined ? {} : { code }) };
  };
  const said = judge(() => true);
  return said.verdict === judge(() => false).verdict ? () => said : judge;
}

interface Lag {
  /** For one sample; what is returned ends it and says how late the loop was meanwhile. */
  begin(): () => number;
  stop(): void;
}

/** The watch forgets when it is read: what it says then is of all samples that are under way. */
function watchLag(watch: LagWatch): Lag {
  const running = new Set<{ worstMs: number }>();
  return {
    begin: () => {
      const one = { worstMs: 0 };
      running.add(one);
      return () => {
        const latestMs = watch.takeP99Ms();
        for (const each of running) each.worstMs = Math.max(each.worstMs, latestMs);
        running.delete(one);
        return one.worstMs;
      };
    },
    stop: () => watch.stop(),
  };
}
