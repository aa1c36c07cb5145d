// Objectives in OpenSLO v1, one document each, with the queries that the rules for Prometheus have.
// Source: github.com/OpenSLO/OpenSLO, README.md, "SLO" and "Service".
import { stringify } from 'yaml';
import type { Objective, Operations } from '../../checks/service.ts';
import { visible } from '../../markdown.ts';
import { promDuration, queriesOf } from './queries.ts';

const API_VERSION = 'openslo/v1';

export function toOpenSlo(operations: Pick<Operations, 'services'>, objectives: readonly Objective[]): string {
  const ids = new Set(objectives.map(({ service }) => service));
  const documents = [
    ...operations.services
      .filter(({ id }) => ids.has(id))
      .map(({ id, title }) => ({ apiVersion: API_VERSION, kind: 'Service', metadata: named(id, title), spec: {} })),
    ...objectives.map((objective) => toSlo(operations, objective)),
  ];
  return documents
    .map((document) => `---\n${stringify(document, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })}`)
    .join('');
}

function toSlo(operations: Pick<Operations, 'services'>, objective: Objective): object {
  const { id, service, check, indicator, underMs, target, windowMs } = objective;
  const { total, bad, good } = queriesOf(operations, objective);
  const measured = bad === null ? { good: source(good ?? total) } : { bad: source(bad) };
  const what = underMs === null ? indicator : `${indicator} under ${underMs} ms`;
  return {
    apiVersion: API_VERSION,
    kind: 'SLO',
    metadata: named(id, null),
    spec: {
      description: `${what} of ${service}, check ${check}`,
      service,
      indicator: { metadata: named(id, null), spec: { ratioMetric: { counter: true, ...measured, total: source(total) } } },
      timeWindow: [{ duration: promDuration(windowMs), isRolling: true }],
      budgetingMethod: 'Occurrences',
      objectives: [{ displayName: id, target: Number(target) }],
    },
  };
}

function named(name: string, displayName: string | null): object {
  return displayName === null ? { name } : { name, displayName: visible(displayName) };
}

function source(query: string): object {
  return { metricSource: { type: 'Prometheus', spec: { query } } };
}
