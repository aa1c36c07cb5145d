// The latest views of a run, at the paths that people know.
import type { Answer } from '../../answer.ts';
import { keyOf } from '../../checks/plan.ts';
import type { Service } from '../../checks/service.ts';
import type { Context } from '../../context.ts';
import type { Finding } from '../../outcome.ts';
import type { Redactor } from '../../proof/redaction/redaction.ts';
import type { Learnt } from '../asking/asking.ts';
import type { ServiceData } from '../run-data.ts';
import { DEPLOYMENT_PATH, deploymentView } from './deployment.ts';
import { healthzPathOf, healthzView } from './healthz.ts';
import { metricsPathOf, metricsView } from './metrics.ts';

export interface ViewsRequest {
  readonly command: 'verify' | 'smoke';
  readonly startedMs: number;
  readonly expectedCommit: string | null;
  readonly operations: { readonly services: readonly Service[] };
  /** Of the run: of the others nothing is known that would be newer. */
  readonly chosen: readonly Service[];
  readonly services: readonly ServiceData[];
  readonly findings: readonly Finding[];
  readonly learnt: Learnt;
  readonly redactor: Redactor;
}

export function writeViews({ record }: Pick<Context, 'record'>, request: ViewsRequest): void {
  const { command, startedMs, expectedCommit, services } = request;
  const at = new Date(startedMs).toISOString();
  for (const service of request.chosen) {
    if (service.skip !== null) continue;
    viewHealth({ record }, request, service);
    viewMetrics({ record }, request, { service, at });
  }
  if (command === 'verify') record.view(DEPLOYMENT_PATH, (proofPath) => deploymentView({ services, expectedCommit, at, proofPath }));
}

function viewHealth({ record }: Pick<Context, 'record'>, request: ViewsRequest, service: Service): void {
  const finding = findingOf(request, service.id, 'health');
  if (service.health === null || finding === undefined) return;
  const { url, answer } = lastOf(request.learnt, service.id, 'health');
  const commit = request.services.find(({ id }) => id === service.id)?.commit ?? null;
  const body = request.redactor.bytes(answer?.http?.body ?? new Uint8Array(), '');
  record.view(healthzPathOf(service, request.operations.services), (proofPath) =>
    healthzView({ finding, url, answer, commit, body, proofPath }),
  );
}

function viewMetrics(
  { record }: Pick<Context, 'record'>,
  request: ViewsRequest,
  { service, at }: { readonly service: Service; readonly at: string },
): void {
  const finding = findingOf(request, service.id, 'metrics');
  const rule = service.metrics;
  if (rule === null || finding === undefined) return;
  const { answer } = lastOf(request.learnt, service.id, 'metrics');
  record.view(metricsPathOf(service.id, at), (proofPath) => metricsView({ finding, rule, answer, at, proofPath }));
}

function findingOf({ findings }: ViewsRequest, target: string, check: string): Finding | undefined {
  return findings.find((each) => each.target === target && each.check === check);
}

/** What it was asked last, and what came. */
function lastOf(learnt: Learnt, target: string, check: string): { readonly url: string | null; readonly answer: Answer | null } {
  const asked = learnt.get(keyOf({ target, check }));
  if (asked?.kind !== 'asked') return { url: null, answer: null };
  const question = asked.inquiry.asks.at(-1)?.question;
  return { url: question?.kind === 'http' ? question.url : null, answer: asked.attempts.at(-1)?.at(-1) ?? null };
}
