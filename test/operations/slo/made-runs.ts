// Objectives, and runs as their proofs would tell them, without the cost of writing proofs.
import type { Objective, Operations } from '../../../src/checks/service.ts';
import type { PastRun } from '../../../src/operations/history.ts';
import type { SampleData } from '../../../src/operations/run-data.ts';
import { pathOf } from '../../../src/proof/path-law.ts';

export const DAY_MS = 86_400_000;

export function objective(asked: Partial<Objective> = {}): Objective {
  return {
    id: 'repo-avail',
    service: 'mcp-repo',
    check: 'tree',
    indicator: 'availability',
    underMs: null,
    target: '0.95',
    windowMs: 30 * DAY_MS,
    samples: { perRun: 60, rate: 10 },
    missing: 'bad',
    since: null,
    ...asked,
  };
}

export function operationsOf(objectives: readonly Objective[], smoke: Operations['schedule']['smoke'] = NIGHTLY): Operations {
  return {
    services: [],
    defaults: {
      timeoutMs: 10_000,
      connectTimeoutMs: 3000,
      retries: { network: 2, backoffMs: [500, 5000] },
      maxBodyBytes: 2 ** 20,
      family: 'any',
      userAgent: 'sophia',
    },
    origins: {},
    control: [],
    objectives,
    schedule: { smoke },
    incidents: { after: 2, labels: ['incident'] },
  };
}

export const NIGHTLY = { everyMs: DAY_MS, graceMs: DAY_MS / 2 };

/** A run in which so many of the samples of an objective were good, bad, and planned. */
export function sample(good: number, bad: number, planned = 60, of: Partial<SampleData> = {}): SampleData {
  return { slo: 'repo-avail', service: 'mcp-repo', check: 'tree', planned, n: good + bad, good, bad, tainted: 0, histogram: null, ...of };
}

export function pastRun(startedMs: number, samples: readonly SampleData[], services: readonly string[] = ['mcp-repo']): PastRun {
  const id = idAt(startedMs);
  const startedAt = new Date(startedMs).toISOString();
  const data = { services: services.map((service) => ({ id: service })), samples: samples.map((each) => ({ ...each, histogram: null })) };
  return { id, path: pathOf({ kind: 'smoke', id }), sha256: '', startedAt, finishedAt: startedAt, result: 'PASSED', findings: [], data };
}

let made = 0;

/** Another one each time. */
function idAt(ms: number): string {
  let [time, rest] = ['', Math.floor(ms)];
  for (let letter = 0; letter < 10; letter += 1) {
    time = `${'0123456789ABCDEFGHJKMNPQRSTVWXYZ'.charAt(rest % 32)}${time}`;
    rest = Math.floor(rest / 32);
  }
  made += 1;
  return `${time}${String(made).padStart(16, '0')}`;
}
