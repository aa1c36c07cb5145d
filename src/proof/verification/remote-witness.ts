// The checkpoint as other remotes of the repository have it: who can write here cannot take back what was pushed there.
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { CHECKPOINT_FILE, parseCheckpoint } from '../ledger/checkpoint.ts';
import { MAX_NOTE_BYTES } from '../ledger/note.ts';
import { openRemote } from '../plumbing/remote.ts';
import { runGit, textOf } from '../plumbing/repository.ts';
import { readFileOf } from '../tree.ts';
import { openCommit } from './commit-tree.ts';
import type { Pin } from './pins.ts';

/** The remote that one's own pushes go to witnesses nothing. */
const OWN_REMOTE = 'origin';

export interface RemoteRequest {
  /** Of proofs; null for the first branch of each remote. */
  readonly branch: string | null;
  /** The directory of proofs, from the working directory. */
  readonly name: string;
}

export interface RemoteAnswers {
  readonly pins: readonly Pin[];
  readonly silent: readonly { readonly name: string; readonly reason: string }[];
}

/** Null where there is no other remote. */
export async function askRemotes(context: Context, request: RemoteRequest): Promise<RemoteAnswers | null> {
  const { exitCode, stdout } = await runGit(context, ['remote']);
  const names =
    exitCode === 0
      ? textOf(stdout)
          .split('\n')
          .filter((name) => name !== '' && name !== OWN_REMOTE && !name.startsWith('-'))
      : [];
  if (names.length === 0) return null;
  const pins: Pin[] = [];
  const silent: { name: string; reason: string }[] = [];
  for (const name of names) {
    const answer = await askRemote(context, name, request);
    if (typeof answer === 'string') silent.push({ name, reason: answer });
    else pins.push(answer);
  }
  return { pins, silent };
}

/** The pin, or why there is none. */
async function askRemote(context: Context, name: string, { branch, name: proofs }: RemoteRequest): Promise<Pin | string> {
  try {
    const remote = openRemote(context, name);
    const ref = branch === null ? await remote.firstBranch() : `refs/heads/${branch}`;
    const refs = ref === null ? new Map<string, string>() : await remote.refs([ref]);
    const [commit] = refs.values();
    if (commit === undefined) return `it has no branch ${ref ?? 'at all'}`;
    await remote.fetch(refs);
    const tree = await openCommit(context, { ref: commit, name: proofs });
    const { bytes } = await readFileOf(tree, CHECKPOINT_FILE, { maxBytes: MAX_NOTE_BYTES });
    const read = bytes === null ? null : parseCheckpoint(bytes);
    if (read === null) return `its ${ref} has no checkpoint below ${proofs}/`;
    return read.ok ? { name: `the remote ${name}`, checkpoint: read.value } : `its checkpoint is none: ${read.reason}`;
  } catch (thrown) {
    context.signal.throwIfAborted();
    if (thrown instanceof SophiaError) return thrown.message;
    throw thrown;
  }
}
