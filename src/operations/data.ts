// `data` of verify and smoke, and its schema.
import type { Json, JsonObject } from '../outcome.ts';
import type { LoadData } from './asking/load.ts';
import type { PlannedTime } from './planned-time.ts';
import type { RunData } from './run-data.ts';

export interface RunFacts extends RunData {
  /** Null where nobody said which. */
  readonly expected_commit: string | null;
  /** When the run should have begun; null where no schedule started it. */
  readonly schedule: PlannedTime | null;
  /** With --load. */
  readonly load?: readonly LoadData[];
  /** With --dry-run. */
  readonly plan?: readonly PlannedPlace[];
}

export interface PlannedPlace {
  readonly service: string;
  readonly check: string;
  /** In words, in order: `GET https://api.example.com/healthz`. */
  readonly asks: readonly string[];
  /** Why it would not be asked; null where it would be. */
  readonly not: string | null;
  readonly needs: readonly string[];
}

const TEXT = { type: 'string' };
const MAYBE_TEXT = { type: ['string', 'null'] };
const COUNT = { type: 'integer', minimum: 0 };
const MAYBE_NUMBER = { type: ['number', 'null'] };

export const runDataSchema: JsonObject = exact({
  services: listOf({
    id: TEXT,
    verdict: { type: 'string', description: "The worst of the service's findings" },
    code: { ...MAYBE_TEXT, description: 'Of the worst finding; null where all is well' },
    commit: { ...MAYBE_TEXT, description: 'That it named; null where it named none, or several' },
    healthz: {
      type: ['object', 'null'],
      required: ['status', 'ms'],
      additionalProperties: false,
      properties: { status: { type: ['integer', 'null'] }, ms: { type: 'number' } },
    },
  }),
  samples: listOf({
    slo: TEXT,
    service: TEXT,
    check: TEXT,
    planned: COUNT,
    n: { ...COUNT, description: 'good + bad; the rest of planned is missing' },
    good: COUNT,
    bad: COUNT,
    tainted: { ...COUNT, description: 'Say nothing about latency, because this machine was busy' },
    histogram: { type: ['object', 'null'], description: 'Of the times (ms): a base-2 exponential histogram' },
  }),
  expected_commit: MAYBE_TEXT,
  schedule: {
    type: ['object', 'null'],
    description: 'When the run should have begun; null where no schedule started it',
    required: ['cron', 'planned_at', 'late_ms'],
    additionalProperties: false,
    properties: { cron: TEXT, planned_at: TEXT, late_ms: COUNT },
  },
  load: {
    ...listOf({ service: TEXT, planned: COUNT, times: { type: 'array', items: { type: 'number' } }, p95: MAYBE_NUMBER }),
    optional: true,
  },
  plan: {
    ...listOf({ service: TEXT, check: TEXT, asks: textList(), not: MAYBE_TEXT, needs: textList() }),
    description: 'Only with --dry-run',
    optional: true,
  },
});

/** All keys, and no others; those that say so may be absent. */
function exact(properties: Readonly<Record<string, JsonObject>>): JsonObject {
  const required = Object.entries(properties).flatMap(([name, { optional }]) => (optional === true ? [] : [name]));
  const schemas = Object.entries(properties).map(([name, { optional: _optional, ...schema }]) => [name, schema] as const);
  return { type: 'object', required, additionalProperties: false, properties: Object.fromEntries<Json>(schemas) };
}

function listOf(properties: Readonly<Record<string, JsonObject>>): JsonObject {
  return { type: 'array', items: exact(properties) };
}

function textList(): JsonObject {
  return { type: 'array', items: TEXT };
}
