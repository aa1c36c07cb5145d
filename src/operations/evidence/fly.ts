// Machines of an app on Fly.io. flyctl exits 1 on healthy apps and 0 on dead ones: only what it prints counts.
import type { Judgement } from '../../checks/inquiry.ts';
import { asObject, asObjects, asText, defineCollector, judgeImages, parseStatus, unhealthy, UnreadableStatus } from './collector.ts';

type Machine = Readonly<Record<string, unknown>>;

export default defineCollector({
  kind: 'fly',
  tools: () => ['flyctl', 'fly'],
  statusArgs: ({ app }) => ['status', '--json', '--app', app],
  // Without --no-tail it never ends.
  logArgs: ({ app }) => ['logs', '--no-tail', '--json', '--app', app],
  logView: ({ app }) => `fly/${app}_logs.txt`,
  judge: (stdout) => {
    const machines = asObjects(asObject(parseStatus(stdout))?.['Machines']);
    if (machines === null) throw new UnreadableStatus('it tells of no machines');
    const serving = machines.filter((machine) => !isReleaseCommand(machine));
    if (serving.length === 0) return [unhealthy('there is no machine')];
    const judgements = [...serving.flatMap(judgeMachine), ...judgeImages(serving.map(imageOf))];
    if (judgements.length > 0) return judgements;
    const reason = `${serving.length} of ${serving.length} machines are as they should be, all on one image`;
    return [{ verdict: 'pass', reason, observed: { image: imageOf(serving[0]!), machines: serving.length } }];
  },
});

function judgeMachine(machine: Machine): readonly Judgement[] {
  const id = asText(machine['id']) ?? 'without an id';
  const state = asText(machine['state']);
  if (state === null) throw new UnreadableStatus(`the machine ${id} tells no state`);
  // A machine that sleeps until it is asked is as it should be, and so are checks that nobody makes meanwhile.
  if ((state === 'stopped' || state === 'suspended') && sleepsByItself(machine)) return [];
  if (state !== 'started') return [unhealthy(`the machine ${id} is ${state}`, { machine: id, state })];
  const checks = asObjects(machine['checks'] ?? []);
  if (checks === null) throw new UnreadableStatus(`the checks of the machine ${id} are no list`);
  const failing = checks.find(({ status }) => status !== 'passing');
  if (failing === undefined) return [];
  const [name, status] = [asText(failing['name']) ?? 'without a name', asText(failing['status']) ?? 'without a status'];
  return [unhealthy(`the check ${name} of the machine ${id} is ${status}`, { machine: id, check: name, status })];
}

function sleepsByItself({ config }: Machine): boolean {
  const services = asObjects(asObject(config)?.['services']) ?? [];
  return services.some(({ autostop }) => autostop === true || autostop === 'stop' || autostop === 'suspend');
}

/** It ran once before the deploy and is left behind, stopped, on whichever image. */
function isReleaseCommand({ config }: Machine): boolean {
  const group = asObject(asObject(config)?.['metadata'])?.['fly_process_group'];
  return group === 'fly_app_release_command';
}

function imageOf(machine: Machine): string | null {
  const image = asObject(machine['image_ref']);
  const repository = asText(image?.['repository']) ?? '';
  const digest = asText(image?.['digest']);
  const tag = asText(image?.['tag']);
  return digest === null ? (tag === null ? null : `${repository}:${tag}`) : `${repository}@${digest}`;
}
