// What a commit of proofs builds upon: the branch as the remote has it. A branch that the remote does not have yet begins where
// the one here left what the remote knows: commits that nobody has pushed are not ours to push.
import type { Context } from '../../context.ts';
import type { Remote } from '../plumbing/remote.ts';
import { readHead, runGit, textOf } from '../plumbing/repository.ts';

/** So many branches of the remote are asked about; more would not fit a command line. */
const MAX_BRANCHES = 1000;

/** `refs` of the remote, among which the branch may be. Everything named is here afterwards. Null for a branch without a history. */
export async function basisOf(context: Context, remote: Remote, ref: string): Promise<string | null> {
  const refs = await remote.refs([ref]);
  await remote.fetch(refs);
  return refs.get(ref) ?? (await forkPoint(context, remote, ref));
}

export async function forkPoint(context: Context, remote: Remote, ref: string): Promise<string | null> {
  const head = await readHead(context);
  if (head.ref !== ref || head.commit === null) return null;
  const branches = await remote.refs(['refs/heads/*']);
  const known = await commitsHere(context, [...new Set(branches.values())].slice(0, MAX_BRANCHES));
  if (known.length === 0) return null;
  const { exitCode, stdout } = await runGit(context, ['merge-base', head.commit, ...known]);
  return exitCode === 0 ? textOf(stdout).trim() : null;
}

async function commitsHere(context: Context, ids: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await runGit(context, ['cat-file', '--batch-check'], { input: ids.map((id) => `${id}\n`).join('') });
  return [...textOf(stdout).matchAll(/^(\S+) commit \d+$/gm)].map(([, id = '']) => id);
}
