// What the proofs say of one service: when it stopped being well, and when it was well again. GitHub's issues remember nothing of that.
import type { Json } from '../../outcome.ts';

/** How a service was in one run. */
export interface Sighting {
  /** ISO 8601, UTC: when the run began. */
  readonly startedAt: string;
  readonly verdict: string;
  readonly code: string | null;
  /** Of the proof, relative to proofs/; null for the run that is about to end. */
  readonly proof: string | null;
}

export interface Episode {
  /** Runs in a row in none of which the service was well, oldest first; never empty. */
  readonly sightings: readonly Sighting[];
  /** The first one after them in which it was; null while it goes on. */
  readonly recovery: Sighting | null;
}

interface Run {
  readonly startedAt: string;
  readonly path: string;
  readonly data: { readonly [key: string]: Json };
}

/** Oldest first. Runs that did not ask for the service say nothing of it. */
export function sightingsOf(service: string, runs: readonly Run[]): readonly Sighting[] {
  return runs.flatMap(({ startedAt, path, data }) => {
    const own = asList(data['services'])
      .map(asFields)
      .find((fields) => fields['id'] === service);
    const verdict = own?.['verdict'];
    if (typeof verdict !== 'string' || verdict === 'skipped') return [];
    const code = own?.['code'];
    return [{ startedAt, verdict, code: typeof code === 'string' ? code : null, proof: path }];
  });
}

/**
 * The one that goes on, if the last run saw one; else the last one that was long enough for an incident, or the last one at all. Null
 * where the service was always well.
 */
export function episodeOf(sightings: readonly Sighting[], after: number): Episode | null {
  const episodes = split(sightings);
  const last = episodes.at(-1) ?? null;
  return last?.recovery === null ? last : (episodes.findLast((each) => each.sightings.length >= after) ?? last);
}

/** Nobody knows more of an unknown service than that it may be down. */
export function isWell(verdict: string): boolean {
  return verdict === 'pass' || verdict === 'flaky' || verdict === 'warn';
}

/** From the first run that saw it unwell to the first that saw it well again; null while it goes on. */
export function durationMsOf({ sightings: [first], recovery }: Episode): number | null {
  return first === undefined || recovery === null ? null : Math.max(0, Date.parse(recovery.startedAt) - Date.parse(first.startedAt));
}

function split(sightings: readonly Sighting[]): readonly Episode[] {
  const episodes: Episode[] = [];
  let open: Sighting[] = [];
  for (const sighting of sightings) {
    if (!isWell(sighting.verdict)) open.push(sighting);
    else if (open.length > 0) {
      episodes.push({ sightings: open, recovery: sighting });
      open = [];
    }
  }
  return open.length === 0 ? episodes : [...episodes, { sightings: open, recovery: null }];
}

function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function asFields(value: Json): { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { readonly [key: string]: Json }) : {};
}
