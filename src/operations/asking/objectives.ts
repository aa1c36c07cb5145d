// What the samples of one run say of the objectives. Whether a budget is spent is for slo to say, which sees all runs.
import { judgePlace, type Asked, type ControlHeld } from '../../checks/judge.ts';
import { keyOf, type Place, type Plan } from '../../checks/plan.ts';
import type { Objective } from '../../checks/service.ts';
import { histogramOf } from '../../metrics/histogram.ts';
import { compare, multiply, parseDecimal, subtract, toDecimal } from '../../metrics/slo/decimal.ts';
import { plural } from '../../markdown.ts';
import type { Finding, Verdict } from '../../outcome.ts';
import type { SampleData } from '../run-data.ts';
import type { Learnt } from './asking.ts';
import type { Sample, Series } from './samples.ts';

/** Objectives on the same check look at the same samples. */
export interface SampleSet extends Series {
  readonly asked: Asked | undefined;
  readonly objectives: readonly Objective[];
}

/** Of the objectives whose check is in the plan; a check that was not asked is not sampled either. */
export function planSamples(plan: Plan, objectives: readonly Objective[], learnt: Learnt): readonly SampleSet[] {
  const groups = Map.groupBy(objectives, ({ service, check }) => keyOf({ target: service, check }));
  return plan.places.flatMap((place) => {
    const group = groups.get(keyOf(place));
    if (group === undefined) return [];
    const asked = learnt.get(keyOf(place));
    const set: SampleSet = {
      place,
      asked,
      objectives: group,
      inquiry: asked?.kind === 'asked' ? asked.inquiry : null,
      planned: Math.max(...group.map(({ samples }) => samples.perRun)),
      rate: Math.min(...group.map(({ samples }) => samples.rate)),
      // One that measures time makes all of the set careful.
      indicator: group.some(({ indicator }) => indicator === 'latency') ? 'latency' : 'availability',
      taken: [],
    };
    return [set];
  });
}

export interface Judged {
  readonly finding: Finding;
  readonly data: SampleData;
}

export function judgeSamples(sets: readonly SampleSet[], isControlHeld: ControlHeld): readonly Judged[] {
  return sets.flatMap((set) => {
    const seen = set.taken.map((sample) => ({ ...sample, verdict: sample.judge(isControlHeld).verdict }));
    return set.objectives.map((objective) => judgeObjective(set, objective, seen));
  });
}

interface Seen extends Sample {
  readonly verdict: Verdict;
}

function judgeObjective(set: SampleSet, objective: Objective, seen: readonly Seen[]): Judged {
  const { place, inquiry, planned } = set;
  const counted = seen.map((each) => countFor(objective, each));
  const good = counted.filter((each) => each === 'good').length;
  const bad = counted.filter((each) => each === 'bad').length;
  const tainted = seen.filter(({ isTainted }) => isTainted).length;
  const times = seen.filter(({ isTainted, isWhole }) => isWhole && !isTainted).map(({ ms }) => ms);
  const histogram = times.length === 0 ? null : histogramOf(times);
  const n = good + bad;
  const { id: slo, service, check } = objective;
  return {
    finding: inquiry === null ? notSampled(set, objective) : toFinding(place, objective, { planned, n, good, bad, tainted }),
    data: { slo, service, check, planned, n, good, bad, tainted, histogram },
  };
}

/** What was refused or broke off was not quick either. What says nothing is in neither count. */
function countFor({ indicator, underMs }: Objective, { verdict, isTainted, isWhole, ms }: Seen): 'good' | 'bad' | null {
  if (indicator === 'latency' && isTainted) return null;
  if (verdict === 'fail') return 'bad';
  if (verdict !== 'pass' && verdict !== 'warn') return null;
  return indicator === 'latency' && (!isWhole || ms > (underMs ?? Infinity)) ? 'bad' : 'good';
}

type Counts = Pick<SampleData, 'planned' | 'n' | 'good' | 'bad' | 'tainted'>;

/** For the reason for which its check was not asked. */
function notSampled({ place, asked }: SampleSet, { id }: Objective): Finding {
  const { verdict, reason, code } = judgePlace(place, asked, () => true);
  const about = { check: `samples.${id}`, target: place.target, ...(place.location === null ? {} : { location: place.location }) };
  return { ...about, verdict, reason, ...(code === undefined ? {} : { code }) };
}

/** Missing ones count as bad: fewer samples never look better. */
function toFinding(place: Place, { id, target }: Objective, counts: Counts): Finding {
  const { planned, n, good, bad, tainted } = counts;
  const missing = planned - n;
  const about = {
    check: `samples.${id}`,
    target: place.target,
    observed: { ...counts },
    expected: { target },
    ...(place.location === null ? {} : { location: place.location }),
  };
  const reason = [
    `${good} of ${plural(planned, 'sample')} good`,
    ...(bad > 0 ? [`${bad} bad`] : []),
    ...(missing > 0 ? [`${missing} missing`] : []),
    ...(tainted > 0 ? [`${tainted} tainted`] : []),
  ].join(', ');
  if (n === 0) return { ...about, verdict: 'unknown', reason, code: 'SLO_INSUFFICIENT_DATA' };
  if (isWithin(target, planned, planned - good)) return { ...about, verdict: 'pass', reason };
  return { ...about, verdict: 'warn', reason, code: bad === 0 && tainted > 0 ? 'SAMPLE_TAINTED' : 'SLO_AT_RISK' };
}

/** Whether this run alone would keep to the target. */
function isWithin(target: string, planned: number, spent: number): boolean {
  const share = parseDecimal(target);
  if (share === null) return false;
  const allowed = multiply(subtract(toDecimal(1), share), toDecimal(planned));
  return compare(toDecimal(spent), allowed) <= 0;
}
