// Which branch of which remote the proofs go to. What a user or a configuration names is checked before git sees it.
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { runGit, textOf, type Head } from '../plumbing/repository.ts';
import type { Remote } from '../plumbing/remote.ts';

export const INBOX = 'refs/sophia/inbox/';
/** For servers that take nothing but branches and tags. */
export const INBOX_BRANCHES = 'refs/heads/sophia-inbox/';

const BRANCHES = 'refs/heads/';

/** A remote by its configured name, or a URL or path. Throws `USAGE` and `PUBLISH_NO_REMOTE`. */
export async function checkRemoteName(context: Context, name: string): Promise<void> {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (name === '' || name.startsWith('-') || /[\u0000-\u001f\u007f]/.test(name)) refuse(name, 'the name of a remote');
  const isAddress = /[:/]/.test(name);
  if (isAddress || (await isConfigured(context, `remote.${name}.url`)) || (await isConfigured(context, `remote.${name}.pushurl`))) return;
  throw new SophiaError('PUBLISH_NO_REMOTE', { remote: name });
}

/** The asked one, else the one that is checked out, else the one that the run is of, else the remote's own first branch. */
export async function chooseBranch(context: Context, { asked, head, remote }: Choice): Promise<string> {
  if (asked !== undefined) return await checkBranch(context, asked);
  if (head.ref !== null) return await checkBranch(context, head.ref);
  const ofRun = context.env['GITHUB_REF'];
  if (ofRun?.startsWith(BRANCHES) === true) return await checkBranch(context, ofRun);
  const first = await remote.firstBranch();
  if (first !== null) return await checkBranch(context, first);
  throw new SophiaError('PUBLISH_BRANCH_UNKNOWN', { remote: remote.name });
}

interface Choice {
  readonly asked: string | undefined;
  readonly head: Head;
  readonly remote: Remote;
}

/** `main` or `refs/heads/main` → `refs/heads/main`. */
async function checkBranch(context: Context, asked: string): Promise<string> {
  const name = asked.startsWith(BRANCHES) ? asked.slice(BRANCHES.length) : asked;
  const ref = `${BRANCHES}${name}`;
  const isOdd = name === '' || name === 'HEAD' || /^(?:-|refs\/)/.test(name) || ref.startsWith(INBOX_BRANCHES);
  if (isOdd || name.includes('\0') || (await runGit(context, ['check-ref-format', ref])).exitCode !== 0)
    refuse(asked, 'the name of a branch');
  return ref;
}

async function isConfigured(context: Context, key: string): Promise<boolean> {
  const { exitCode, stdout } = await runGit(context, ['config', '--get', key]);
  return exitCode === 0 && textOf(stdout).trim() !== '';
}

function refuse(given: string, what: string): never {
  throw new SophiaError('USAGE', { problem: `${JSON.stringify(given)} cannot be ${what}`, command: 'proofs publish' });
}
