// A process group: all that one program started, unless it left on purpose.
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { systemCodeOf } from '../errors.ts';

/** How long a group that has been killed may need to be gone. */
const GONE_AFTER_MS = 150;
const POLL_MS = 20;

/** Asked first, killed when it does not listen; over when no process of the group is left, or none that could be ended. */
export async function endGroup(group: number, signal: NodeJS.Signals, patienceMs: number): Promise<void> {
  signalGroup(group, signal);
  if (await isGoneWithin(group, patienceMs)) return;
  signalGroup(group, 'SIGKILL');
  await isGoneWithin(group, GONE_AFTER_MS);
}

export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // the whole group is gone already, or became another user's
  }
}

async function isGoneWithin(group: number, ms: number): Promise<boolean> {
  const untilMs = performance.now() + ms;
  while (isThere(group)) {
    if (performance.now() > untilMs) return false;
    await wait(POLL_MS);
  }
  return true;
}

function isThere(group: number): boolean {
  try {
    process.kill(-group, 0);
    return hasLivingMember(group);
  } catch (error) {
    return systemCodeOf(error) === 'EPERM';
  }
}

/** In a container whose first process fetches no orphans, the dead stay on the list for ever. Where there is no list, all count as living. */
function hasLivingMember(group: number): boolean {
  let processes: readonly string[];
  try {
    processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return true; // not Linux
  }
  return processes.length === 0 || processes.some((pid) => isLivingMember(pid, group));
}

function isLivingMember(pid: string, group: number): boolean {
  try {
    // The name, in parentheses, may hold spaces; then come the state, the parent and the group.
    const [state = '', , groupOf] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return Number(groupOf) === group && !['Z', 'X'].includes(state);
  } catch {
    return false; // it ended meanwhile
  }
}
