// A commit that waits in the inbox: which files it brings. Whoever may push may put anything there, so nothing is believed.
import type { Context } from '../../context.ts';
import { visible } from '../../markdown.ts';
import { placeOf } from '../path-law.ts';
import { readBlobs } from '../plumbing/blobs.ts';
import { changesBetween } from '../plumbing/changes.ts';
import type { Remote } from '../plumbing/remote.ts';
import { askGit, pathIn, resolve, type Where } from '../plumbing/repository.ts';
import { judgeProof } from '../verification/judge.ts';
import { BRANCH_TRAILER } from './message.ts';
import { isOfLedger, sortOf } from './plan.ts';

export interface Inbox {
  /** `refs/sophia/inbox/<ULID>` */
  readonly ref: string;
  readonly commit: string;
  /** Path relative to proofs/ → bytes and their id. */
  readonly files: ReadonlyMap<string, InboxFile>;
  readonly sizeBytes: number;
}

export interface InboxFile {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** The branch that a waiting commit is for; null where it does not say. */
export async function branchOf(context: Context, commit: string): Promise<string | null> {
  const format = `--format=%(trailers:key=${BRANCH_TRAILER},valueonly)`;
  const [first = ''] = (await askGit(context, ['log', '-1', '--no-notes', format, commit])).split('\n');
  return first === '' ? null : first;
}

/** The commit is here. A text says what is wrong with it. */
export async function readInbox(
  context: Context,
  { where, remote }: Reading,
  waiting: Pick<Inbox, 'ref' | 'commit'>,
): Promise<Inbox | string> {
  const brought = new Map<string, string>();
  const root = pathIn(where, '');
  // What it builds upon was the branch once: all that is new since then is what it brings.
  const base = await resolve(context, `${waiting.commit}^1`);
  for (const { path, before, after } of await changesBetween(context, base, waiting.commit)) {
    const below = path.startsWith(root) ? path.slice(root.length) : '';
    const problem = refuse(below, { isNew: before === null, isPlain: after !== null });
    if (problem !== null || after === null) return `${visible(path)} ${problem ?? ''}`;
    brought.set(below, after);
  }
  const blobs = await readBlobs(context, remote, brought.values());
  const files = new Map<string, InboxFile>();
  for (const [path, id] of brought) {
    const bytes = blobs.get(id);
    if (bytes === undefined) return `${pathIn(where, path)} cannot be read, or is far too large`;
    files.set(path, { id, bytes });
  }
  const sizeBytes = [...blobs.values()].reduce((sum, { length }) => sum + length, 0);
  const stranger = findStranger(files);
  return stranger === null ? { ...waiting, files, sizeBytes } : `no proof that came with it vouches for ${pathIn(where, stranger)}`;
}

interface Reading {
  readonly where: Where;
  readonly remote: Remote;
}

function refuse(path: string, { isNew, isPlain }: { readonly isNew: boolean; readonly isPlain: boolean }): string | null {
  const sort = sortOf(path);
  if (sort === null) return 'is no file of a proof';
  if (!isPlain) return 'is taken away by it, or made something else than a plain file';
  if (isOfLedger(path)) return 'is for whoever keeps the ledger to write';
  return sort === 'immutable' && !isNew ? 'is written once, and would be changed by it' : null;
}

/** Attachments and views come with the proof that lists them. */
function findStranger(files: Inbox['files']): string | null {
  const claimed = new Set<string>();
  for (const [path, { bytes }] of files) {
    const predicate = placeOf(path) === null ? undefined : judgeProof(path, bytes).statement?.predicate;
    for (const each of [...(predicate?.attachments ?? []), ...(predicate?.views ?? [])]) claimed.add(each.path);
  }
  const stranger = [...files.keys()].find((path) => placeOf(path) === null && sortOf(path) !== 'furnishing' && !claimed.has(path));
  return stranger ?? null;
}
