// Containers of one service of Docker Compose. Before v2.21 it prints an array, since then one object a line.
import type { Judgement } from '../../checks/inquiry.ts';
import type { Deploy } from '../../checks/service.ts';
import { asObject, asObjects, asText, defineCollector, judgeImages, parseStatus, unhealthy, UnreadableStatus } from './collector.ts';

type Container = Readonly<Record<string, unknown>>;

const LOG_LINES = 2000;

export default defineCollector({
  kind: 'compose',
  tools: () => ['docker'],
  statusArgs: (deploy) => [...composeOf(deploy), 'ps', '--all', '--format', 'json'],
  logArgs: (deploy) => [...composeOf(deploy), 'logs', '--no-color', '--tail', String(LOG_LINES), '--', deploy.service],
  logView: ({ service }) => `compose/${service}_logs.txt`,
  judge: (stdout, { service }) => {
    const containers = containersOf(stdout).filter((container) => container['Service'] === service);
    if (containers.length === 0) return [unhealthy(`there is no container of the service ${service}`)];
    const judgements = [...containers.flatMap(judgeContainer), ...judgeImages(containers.map(({ Image }) => asText(Image)))];
    if (judgements.length > 0) return judgements;
    const reason = `${containers.length} of ${containers.length} containers run, all from one image`;
    return [{ verdict: 'pass', reason, observed: { image: asText(containers[0]!['Image']), containers: containers.length } }];
  },
});

function composeOf({ project }: Extract<Deploy, { kind: 'compose' }>): readonly string[] {
  return project === null ? ['compose'] : ['compose', '-p', project];
}

function containersOf(stdout: string): readonly Container[] {
  const text = stdout.trim();
  const parsed = text.startsWith('[') ? parseStatus(text) : text.split('\n').map((line) => asObject(parseStatus(line)));
  const containers = asObjects(parsed);
  if (containers === null) throw new UnreadableStatus('it tells of no containers');
  return containers;
}

function judgeContainer(container: Container): readonly Judgement[] {
  const name = asText(container['Name']) ?? 'without a name';
  const state = asText(container['State']);
  if (state === null) throw new UnreadableStatus(`the container ${name} tells no state`);
  if (state !== 'running') return [unhealthy(`the container ${name} is ${state}`, { container: name, state })];
  const health = asText(container['Health']);
  if (health === null || health === 'healthy') return [];
  const observed = { container: name, health };
  if (health === 'starting')
    return [{ verdict: 'unknown', code: 'EVIDENCE_UNHEALTHY', reason: `the container ${name} is not yet healthy`, observed }];
  return [unhealthy(`the container ${name} is ${health}`, observed)];
}
