// A Deployment of Kubernetes: rolled out means that the controller has seen the newest generation and nothing of an older one is left.
import type { Judgement } from '../../checks/inquiry.ts';
import type { Deploy } from '../../checks/service.ts';
import { asObject, defineCollector, parseStatus, unhealthy, UnreadableStatus } from './collector.ts';

const LOG_LINES = 2000;

export default defineCollector({
  kind: 'kube',
  tools: () => ['kubectl'],
  statusArgs: (deploy) => [...namespaceOf(deploy), 'get', `deployment/${deploy.deployment}`, '-o', 'json'],
  logArgs: (deploy) => [...namespaceOf(deploy), 'logs', `deployment/${deploy.deployment}`, '--all-containers', `--tail=${LOG_LINES}`],
  logView: ({ deployment }) => `kube/${deployment}_logs.txt`,
  judge: (stdout) => judgeDeployment(parseStatus(stdout)),
});

function namespaceOf({ namespace }: Extract<Deploy, { kind: 'kube' }>): readonly string[] {
  return namespace === null ? [] : ['-n', namespace];
}

function judgeDeployment(document: unknown): readonly Judgement[] {
  const deployment = asObject(document);
  const [metadata, spec, status] = ['metadata', 'spec', 'status'].map((key) => asObject(deployment?.[key]));
  if (!metadata || !spec || !status) throw new UnreadableStatus('it is no Deployment');
  const wanted = numberOf(spec['replicas'] ?? 1, 'spec.replicas');
  const generation = numberOf(metadata['generation'], 'metadata.generation');
  const seen = numberOf(status['observedGeneration'], 'status.observedGeneration');
  // The server leaves these out where they are zero.
  const [all, updated, ready] = ['replicas', 'updatedReplicas', 'readyReplicas'].map((key) => numberOf(status[key] ?? 0, `status.${key}`));
  const observed = { wanted, all: all!, updated: updated!, ready: ready!, generation, observedGeneration: seen };
  if (seen < generation) return [unhealthy('the newest generation has not been taken up yet', observed)];
  if (wanted === 0) return [unhealthy('it is scaled to no replica', observed)];
  if (all! > updated!) {
    const reason = `${all! - updated!} of ${all} replicas are of an older generation`;
    return [{ verdict: 'fail', code: 'EVIDENCE_MIXED_IMAGES', reason, observed }];
  }
  if (updated !== wanted || ready !== wanted) return [unhealthy(`${ready} of ${wanted} replicas are ready, ${updated} are new`, observed)];
  return [{ verdict: 'pass', reason: `${ready} of ${wanted} replicas are new and ready`, observed }];
}

function numberOf(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new UnreadableStatus(`${name} is no whole number`);
}
