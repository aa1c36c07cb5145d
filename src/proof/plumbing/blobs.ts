// Contents out of git's store. A partial clone gets what it lacks from its remote, when it is told to.
import type { Context } from '../../context.ts';
import { MAX_READ_BYTES } from '../tree.ts';
import { runGit, textOf } from './repository.ts';
import type { Remote } from './remote.ts';

/** One after the other, in no order. What is far too large for anything of ours is left out, like what is nowhere to be had. */
export async function* streamBlobs(
  context: Context,
  remote: Remote,
  ids: Iterable<string>,
): AsyncGenerator<{ readonly id: string; readonly bytes: Uint8Array }> {
  const asked = [...new Set(ids)];
  const sizes = await sizesOf(context, asked);
  const missing = asked.filter((id) => sizes.get(id) === undefined);
  if (missing.length > 0) await remote.complete(missing);
  const all = missing.length === 0 ? sizes : await sizesOf(context, asked);
  const readable = asked.filter((id) => (all.get(id) ?? Infinity) <= MAX_READ_BYTES);
  for await (const { id, bytes } of context.git.blobs(context.directory, readable)) if (bytes !== null) yield { id, bytes };
  context.signal.throwIfAborted();
}

/** All at once, as far as they fit: what comes after so many bytes is left out. */
export async function readBlobs(context: Context, remote: Remote, ids: Iterable<string>): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  let left = MAX_READ_BYTES;
  for await (const { id, bytes } of streamBlobs(context, remote, ids)) {
    left -= bytes.length;
    if (left < 0) break;
    found.set(id, bytes);
  }
  return found;
}

/** `<id> blob <size>`, or `<id> missing`; of a partial clone git may end at the first that is. */
async function sizesOf(context: Context, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const { stdout } = await runGit(context, ['cat-file', '--batch-check'], { input: `${ids.join('\n')}\n` });
  const answers = textOf(stdout)
    .split('\n')
    .map((line) => /^(\S+) blob (\d+)$/.exec(line));
  return new Map(answers.flatMap((answer) => (answer === null ? [] : [[answer[1] ?? '', Number(answer[2])] as const])));
}
