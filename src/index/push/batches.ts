// From entries to request bodies of a bounded size, each with an id that a repeated request has again.
import { hash } from 'node:crypto';
import { namespaceOf, uuidv5, type Entry } from './entry.ts';

/** Before compression: the caps of a service apply to the inflated size. */
const MAX_BATCH_BYTES = 4 << 20;
/** For what stands around the items. */
const HEAD_BYTES = 4096;
/** A larger entry is not taken by a service. One larger than a batch travels alone. */
export const MAX_ENTRY_BYTES = 8 << 20;
/** What every service takes in one request: the largest entry, and a little. */
export const MAX_BODY_BYTES = 9 << 20;

export type Item = { readonly put: Entry } | { readonly remove: string };

export interface Head {
  readonly repository: string;
  readonly commit: string | null;
  /** Of the service before the push: the same change is a new batch when it is made again later. */
  readonly generation: number;
}

export interface Batch {
  readonly id: string;
  readonly body: string;
  readonly entries: readonly Pick<Entry, 'id' | 'path'>[];
  readonly removed: number;
}

export async function* toBatches(items: AsyncIterable<Item>, head: Head): AsyncGenerator<Batch> {
  let open: Item[] = [];
  let sizeBytes = 0;
  let index = 0;
  for await (const item of items) {
    const itemBytes = sizeOf(item);
    if (open.length > 0 && sizeBytes + itemBytes > MAX_BATCH_BYTES - HEAD_BYTES) {
      yield toBatch(open, head, index);
      index += 1;
      open = [];
      sizeBytes = 0;
    }
    open.push(item);
    sizeBytes += itemBytes;
  }
  if (open.length > 0) yield toBatch(open, head, index);
}

/** With the comma. */
function sizeOf(item: Item): number {
  return ('put' in item ? Buffer.byteLength(item.put.text) : item.remove.length + 2) + 1;
}

/** Sorted by id, so that two writers lock rows in the same order. */
function toBatch(items: readonly Item[], { repository, commit, generation }: Head, index: number): Batch {
  const entries = items.flatMap((item) => ('put' in item ? [item.put] : [])).sort((a, b) => (a.id < b.id ? -1 : 1));
  const removed = items.flatMap((item) => ('remove' in item ? [item.remove] : [])).sort();
  const content = `"commit":${JSON.stringify(commit)},"entries":[${entries.map(({ text }) => text).join(',')}],"overwrite_existing":true,"removed":${JSON.stringify(removed)},"repository":${JSON.stringify(repository)}`;
  const id = uuidv5(namespaceOf(repository), `batch ${generation} ${index} ${hash('sha256', content)}`);
  return {
    id,
    body: `{"batch_id":${JSON.stringify(id)},${content}}`,
    entries: entries.map(({ id: entryId, path }) => ({ id: entryId, path })),
    removed: removed.length,
  };
}
