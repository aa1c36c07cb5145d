// Objectives that can hardly say anything, however the runs go. They change no verdict: the verdict shows it soon enough.
import type { Objective, Operations } from '../../checks/service.ts';
import { allowedOf } from '../../metrics/slo/objective.ts';
import { plannedRuns } from './evaluation.ts';

/** From so many the chance is at least 95 % that one lies above the 95th percentile. */
const ENOUGH_FOR_LATENCY = 59;

export function warnOfObjectives({ objectives, schedule }: Pick<Operations, 'objectives' | 'schedule'>): readonly string[] {
  const { everyMs } = plannedRuns(schedule);
  return objectives.flatMap((objective) => warnOf(objective, objective.samples.perRun * Math.floor(objective.windowMs / everyMs)));
}

function warnOf({ id, indicator, target }: Objective, planned: number): readonly string[] {
  const allowed = allowedOf(target, planned);
  return [
    ...(indicator === 'latency' && planned < ENOUGH_FOR_LATENCY
      ? [
          `${id}: ${planned} planned samples are too few to judge latency by; from ${ENOUGH_FOR_LATENCY} on one is likely to be among the slowest 5 %`,
        ]
      : []),
    ...(allowed < 1 ? [`${id}: of ${planned} planned samples ${allowed} may be bad: the first bad one breaches it`] : []),
  ];
}
