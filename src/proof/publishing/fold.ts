// Taking in what waits in the inbox: into a copy of the branch's directory of proofs, where it is judged by the code that seals.
// One that does not hold is left where it is; it costs the others nothing.
import type { Context } from '../../context.ts';
import { findUnsealed, judgeUnsealed } from '../ledger/candidates.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Scratch } from '../plumbing/scratch.ts';
import { rulesOf } from '../redaction/rules.ts';
import { openProofs } from '../tree.ts';
import { ownerOf } from './contest.ts';
import type { Inbox } from './inbox.ts';
import { sortOf } from './plan.ts';
import type { Flaw } from './snapshot.ts';

export interface Folding {
  /** The copy; paths in it are those below proofs/. */
  readonly scratch: Scratch;
  readonly ledger: Ledger;
  /** Path relative to proofs/ → id, of everything that the branch will have. Grows. */
  readonly ids: Map<string, string>;
}

export interface Folded {
  readonly taken: readonly Inbox[];
  readonly refused: readonly Refusal[];
}

export interface Refusal {
  readonly ref: string;
  readonly reason: string;
}

/** The copy holds by itself. All at once first, which is right nearly always; one by one where something among them is not. */
export async function fold(context: Context, folding: Folding, inboxes: readonly Inbox[]): Promise<Folded> {
  const undo: (() => void)[] = [];
  const problems = inboxes.map((inbox) => put(folding, inbox, undo));
  if (problems.every((problem) => problem === null) && (await judge(context, folding)) === null) return { taken: inboxes, refused: [] };
  revert(undo);
  const taken: Inbox[] = [];
  const refused: Refusal[] = [];
  for (const inbox of inboxes) {
    const steps: (() => void)[] = [];
    const problem = put(folding, inbox, steps) ?? (await judge(context, folding));
    if (problem === null) {
      taken.push(inbox);
    } else {
      revert(steps);
      refused.push({ ref: inbox.ref, reason: problem });
    }
  }
  return { taken, refused };
}

/** Null, or why it cannot be. */
function put({ scratch, ids }: Folding, { files }: Inbox, undo: (() => void)[]): string | null {
  for (const [path, { id, bytes }] of files) {
    const there = ids.get(path);
    if (there === id) continue;
    const sort = sortOf(path);
    if (there !== undefined && sort === 'immutable') return `${path} is written once, and has other bytes on the branch`;
    if (there !== undefined && (sort === 'furnishing' || !isNewer(scratch, path, bytes))) continue;
    const restore = scratch.put(path, bytes);
    ids.set(path, id);
    undo.push(() => {
      restore();
      if (there === undefined) ids.delete(path);
      else ids.set(path, there);
    });
  }
  return null;
}

function isNewer(scratch: Scratch, path: string, bytes: Uint8Array): boolean {
  return ownerOf(path, bytes) > ownerOf(path, scratch.read(path));
}

/** What the seal would find in the copy: everything that is not sealed yet. */
export async function judgeCopy(context: Context, { scratch, ledger }: Pick<Folding, 'scratch' | 'ledger'>): Promise<readonly Flaw[]> {
  const tree = openProofs(context, { proofs: scratch.folder, name: 'proofs' });
  const { paths } = findUnsealed(tree, ledger);
  const secretPatterns = rulesOf(context).patterns ?? [];
  return (await judgeUnsealed(tree, { ledger, paths, secretPatterns, nowMs: context.clock.now() })).flaws;
}

async function judge(context: Context, folding: Folding): Promise<string | null> {
  const [first] = await judgeCopy(context, folding);
  return first === undefined ? null : `${first.path}: ${first.check}: ${first.reason}`;
}

function revert(undo: readonly (() => void)[]): void {
  for (const step of undo.toReversed()) step();
}
