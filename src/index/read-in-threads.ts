// Reading and scanning on several threads: the same documents in the same order, sooner on a machine with cores to spare.
import type { Context } from '../context.ts';
import type { Entry } from './inventory.ts';
import { readDocuments, type Read, type ReadRequest } from './reading.ts';

export interface ReadTask {
  readonly entries: readonly Entry[];
  readonly request: ReadRequest;
}

const ENTRIES_PER_TASK = 64;
/** So many tasks a thread lie ready: the next is there when one ends, and memory stays bounded. */
const TASKS_AHEAD = 2;
/** A thread has to load the scanners first: below this one is faster. */
const MIN_ENTRIES_PER_THREAD = 500;

export async function* readWith(context: Context, threads: number, { entries, request }: ReadTask): AsyncGenerator<Read> {
  const count = Math.min(threads, Math.floor(entries.length / MIN_ENTRIES_PER_THREAD));
  if (count <= 1) {
    yield* readDocuments(context, entries, request);
    return;
  }
  const pool = context.workers.start<ReadTask, readonly Read[]>('read-documents', count);
  try {
    const running: Promise<readonly Read[]>[] = [];
    for (let at = 0; at < entries.length || running.length > 0;) {
      while (at < entries.length && running.length < count * TASKS_AHEAD) {
        running.push(pool.run({ entries: entries.slice(at, at + ENTRIES_PER_TASK), request }));
        at += ENTRIES_PER_TASK;
      }
      yield* await running.shift()!;
      context.signal.throwIfAborted();
    }
  } finally {
    await pool.close();
  }
}
