// What a run of slo says of each objective: in --json, in its proof and in the view.
import type { Interval } from '../../metrics/slo/wilson.ts';
import type { Evaluation } from './evaluation.ts';

export interface SloData extends Pick<Evaluation, 'window' | 'coverage' | 'percentiles'> {
  readonly id: string;
  readonly service: string;
  readonly indicator: string;
  readonly target: number;
  readonly planned: number;
  readonly n: number;
  readonly good: number;
  readonly bad: number;
  readonly missing: number;
  readonly allowed: number;
  readonly remaining: number;
  readonly interval: ({ readonly method: 'wilson'; readonly level: 0.95 } & Interval) | null;
  readonly burn: Evaluation['budget']['burn'];
  readonly state: string;
  readonly arithmetic: string;
}

export function toSloData({ objective, budget, window, coverage, percentiles }: Evaluation): SloData {
  const { id, service, indicator, target } = objective;
  const { planned, good, bad, missing, allowed, remaining, interval, burn, state, arithmetic } = budget;
  return {
    id,
    service,
    indicator,
    target: Number(target),
    window,
    planned,
    n: good + bad,
    good,
    bad,
    missing,
    allowed,
    remaining,
    interval:
      interval === null ? null : { method: 'wilson', level: 0.95, low: toMillionths(interval.low), high: toMillionths(interval.high) },
    coverage,
    percentiles,
    burn,
    state,
    arithmetic,
  };
}

/** Further digits of an estimate say nothing. */
function toMillionths(share: number): number {
  return Math.round(share * 1e6) / 1e6;
}

const COUNT = { type: 'integer', minimum: 0 };
const NUMBER_OR_NULL = { type: ['number', 'null'] };
const TIME = { type: 'string', format: 'date-time' };

function closed(properties: Readonly<Record<string, object>>, extras: object = {}): object {
  return { type: 'object', required: Object.keys(properties), additionalProperties: false, properties, ...extras };
}

/** JSON Schema of `SloData`. */
export const SLO_SCHEMA = closed({
  id: { type: 'string' },
  service: { type: 'string' },
  indicator: { enum: ['availability', 'latency'] },
  target: { type: 'number' },
  window: closed({ from: TIME, to: TIME, days: { type: 'number' } }),
  planned: COUNT,
  n: { ...COUNT, description: 'good + bad' },
  good: COUNT,
  bad: COUNT,
  missing: { ...COUNT, description: 'planned − n: nobody knows whether they were good' },
  allowed: { type: 'number', description: '(1 − target) × planned' },
  remaining: { type: 'number', description: 'allowed − bad − missing' },
  interval: closed(
    { method: { const: 'wilson' }, level: { const: 0.95 }, low: { type: 'number' }, high: { type: 'number' } },
    { type: ['object', 'null'], description: 'Of the share that was bad; null where nothing was seen' },
  ),
  coverage: closed({
    planned_runs: COUNT,
    present_runs: COUNT,
    missing: {
      type: 'array',
      items: { type: 'string' },
      description: 'Days (or times) whose run is missing or does not hold; the newest, where they are many',
    },
  }),
  percentiles: closed(
    { p50: NUMBER_OR_NULL, p95: NUMBER_OR_NULL, p99: NUMBER_OR_NULL },
    { description: 'Milliseconds; null with too few samples' },
  ),
  burn: {
    type: 'array',
    items: closed({
      basis: { enum: ['time', 'runs'] },
      severity: { enum: ['page', 'ticket'] },
      budget: { type: 'number', description: 'Share of the budget whose spending in the first window is too much' },
      factor: { type: 'number', description: 'The rate at which that is so; 1 spends the budget exactly by the end of the window' },
      windows: {
        type: 'array',
        items: closed({ name: { type: 'string' }, planned: COUNT, good: COUNT, bad: COUNT, missing: COUNT, rate: NUMBER_OR_NULL }),
      },
      fires: { type: ['boolean', 'null'], description: 'Every window is above the factor; null where that depends on what is missing' },
    }),
  },
  state: { enum: ['insufficient-data', 'breached', 'at-risk', 'met'] },
  arithmetic: { type: 'string', description: 'The sum in words' },
});
