// The entries of an index, made one after the other: never all of them in memory.
import type { Context } from '../../context.ts';
import { LOCAL_REPOSITORY } from '../home.ts';
import { readBodies } from '../reading.ts';
import type { ContextStore, StoredDocument } from '../store/store.ts';
import { toEntry, type Entry } from './entry.ts';

export interface Local {
  readonly root: string;
  readonly store: ContextStore;
  /** As the service knows it: `acme/app`. */
  readonly repository: string;
}

/** `entry` is null for a file whose indexed bytes are nowhere any more: it was edited since. */
export interface Made {
  readonly path: string;
  readonly entry: Entry | null;
}

const CHUNK_DOCUMENTS = 256;

/** Of all documents, or only of those paths. In no particular order: what only git has comes later. */
export async function* makeEntries(context: Context, { root, store, repository }: Local, only?: ReadonlySet<string>): AsyncGenerator<Made> {
  const history = store.history(LOCAL_REPOSITORY);
  for (const chunk of chunksOf(store.documents(LOCAL_REPOSITORY), only)) {
    await context.clock.breathe(context.signal);
    for await (const { document, body } of readBodies(context, root, chunk)) {
      const whole = { ...document, history: history.get(document.id) ?? [] };
      yield { path: document.id, entry: body === null ? null : toEntry(repository, whole, body) };
    }
  }
}

function* chunksOf(documents: Iterable<StoredDocument>, only: ReadonlySet<string> | undefined): Generator<readonly StoredDocument[]> {
  let chunk: StoredDocument[] = [];
  for (const document of documents) {
    if (only !== undefined && !only.has(document.id)) continue;
    chunk.push(document);
    if (chunk.length < CHUNK_DOCUMENTS) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
