import type { Context } from '../../context.ts';
import type { PushAnswer } from '../plumbing/answer.ts';
import type { PushRequest, Remote } from '../plumbing/remote.ts';

/** What it took, told also where it failed. */
export interface Tally {
  /** Tries for the branch. */
  attempts: number;
  /** Everything that was offered. */
  pushes: number;
}

/** A connection that breaks after the remote has taken the commit is no failure: it is asked what it has. */
export async function offer(remote: Remote, request: PushRequest, tally: Tally): Promise<PushAnswer> {
  tally.pushes += 1;
  try {
    return await remote.push(request);
  } catch (thrown) {
    if (await isAsWished(remote, request)) return { kind: 'taken' };
    throw thrown;
  }
}

async function isAsWished(remote: Remote, { branch, deletions = new Map<string, string>() }: PushRequest): Promise<boolean> {
  const wanted = new Map(branch === undefined ? [] : [[branch.ref, branch.commit]]);
  try {
    const refs = await remote.refs([...wanted.keys(), ...deletions.keys()]);
    return refs.size === wanted.size && [...wanted].every(([ref, commit]) => refs.get(ref) === commit);
  } catch {
    return false; // it cannot be asked either
  }
}

/** Each waits for another time, and longer each time: those who met once do not meet again. */
export async function pause({ clock, machine, signal }: Pick<Context, 'clock' | 'machine' | 'signal'>, attempt: number): Promise<void> {
  const [high = 0, low = 0] = machine.randomBytes(2);
  await clock.sleep(100 * 2 ** Math.min(attempt, 5) * ((high * 256 + low) / 65_536), signal);
}
