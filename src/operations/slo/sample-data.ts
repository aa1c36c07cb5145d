// Samples read back from the proof of a run. Whoever may write proofs may have written them: what contradicts itself says nothing at all.
import { toHistogram } from '../../metrics/histogram.ts';
import type { Json, JsonObject } from '../../outcome.ts';
import type { PastRun } from '../history.ts';
import type { SampleData } from '../run-data.ts';

/** What a run says of the objectives: `problem` where it contradicts itself. */
export type SampleReading =
  | {
      readonly ok: true;
      readonly samples: readonly SampleData[];
      readonly asked: (service: string) => boolean;
      /** When a schedule should have started it; null where none did. */
      readonly plannedMs: number | null;
    }
  | { readonly ok: false; readonly problem: string };

export function readSamples({ data }: Pick<PastRun, 'data'>): SampleReading {
  const { samples = [], services = null, schedule = null } = data;
  if (!Array.isArray(samples)) return refuse('its samples are no list');
  const read: SampleData[] = [];
  for (const [index, each] of (samples as readonly Json[]).entries()) {
    const sample = toSample(each);
    if (typeof sample === 'string') return refuse(`/samples/${index} ${sample}`);
    if (read.some(({ slo }) => slo === sample.slo)) return refuse(`/samples/${index} is of an objective that there is one of already`);
    read.push(sample);
  }
  const ids = idsIn(services);
  // A run that does not say whom it asked was cut off before it could: it may have been anyone.
  return { ok: true, samples: read, asked: (service) => ids === null || ids.has(service), plannedMs: plannedIn(schedule) };
}

/** The sample, or what is wrong with it. */
function toSample(json: Json): SampleData | string {
  if (!isObject(json)) return 'is no object';
  const { slo, service, check, planned, n, good, bad, tainted, histogram = null } = json;
  if (!isText(slo) || !isText(service) || !isText(check)) return 'does not say what it is of';
  if (!isCount(planned) || !isCount(n) || !isCount(good) || !isCount(bad) || !isCount(tainted))
    return 'has a number that is none, or not whole, or below zero';
  if (good + bad !== n) return `counts ${good} good and ${bad} bad, and ${n} in all`;
  if (n > planned || tainted > planned) return `has more samples than the ${planned} that were planned`;
  const facts = { slo, service, check, planned, n, good, bad, tainted };
  if (histogram === null) return { ...facts, histogram };
  const times = toHistogram(histogram);
  if (!times.ok) return `has a histogram that ${times.problem}`;
  if (times.histogram.negative !== undefined) return 'has a histogram of times below zero';
  if (times.histogram.n > planned) return `has a histogram of more than the ${planned} samples that were planned`;
  return { ...facts, histogram: times.histogram };
}

function idsIn(services: Json): ReadonlySet<Json | undefined> | null {
  if (!Array.isArray(services)) return null;
  return new Set((services as readonly Json[]).map((each) => (isObject(each) ? each['id'] : undefined)));
}

function plannedIn(schedule: Json): number | null {
  const planned = isObject(schedule) ? schedule['planned_at'] : null;
  const plannedMs = isText(planned) ? Date.parse(planned) : Number.NaN;
  return Number.isNaN(plannedMs) ? null : plannedMs;
}

function refuse(problem: string): SampleReading {
  return { ok: false, problem };
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function isText(json: Json | undefined): json is string {
  return typeof json === 'string' && json !== '';
}

function isCount(json: Json | undefined): json is number {
  return typeof json === 'number' && Number.isSafeInteger(json) && json >= 0;
}
