// How the index stands to the tree right now. What differs is read and handed on, so that no answer is stale.
import type { Context } from '../../context.ts';
import { LOCAL_REPOSITORY } from '../home.ts';
import { takeInventory } from '../inventory.ts';
import { hintsOf, looseOf, parseFact, planRun } from '../plan.ts';
import { readDocuments } from '../reading.ts';
import { recall } from '../recall.ts';
import type { ContextDocument, ContextStore, Live } from '../store/store.ts';
import type { Freshness } from './hit.ts';

export interface Now {
  readonly freshness: Freshness;
  readonly live: Live;
}

/** Reading more changed files than this for one answer would take longer than indexing them. */
const MAX_LIVE_FILES = 2000;

export async function lookNow(context: Context, root: string, store: ContextStore): Promise<Now> {
  const stats = store.stats(LOCAL_REPOSITORY);
  const facts = stats?.facts ?? {};
  const settings = parseFact('settings', facts['settings'] ?? '{}') as { maxFileBytes?: number; include?: string[]; exclude?: string[] };
  const maxFileBytes = settings.maxFileBytes ?? 1 << 20;
  const inventory = await takeInventory(context, {
    root,
    include: settings.include ?? [],
    exclude: settings.exclude ?? [],
    maxFileBytes,
    knownStamp: facts['stamp'],
    known: hintsOf(facts['hints']),
    knownLoose: looseOf(facts['loose']),
  });
  const base = {
    indexed_commit: facts['commit'] === '' ? null : (facts['commit'] ?? null),
    head: inventory.commit,
    dirty: inventory.isDirty,
  };
  if (inventory.unchanged) return { freshness: { ...base, stale: false, live_files: 0 }, live: { documents: [], hidden: new Set() } };
  const plan = planRun(inventory, recall(store, { only: inventory.only, before: stats }), false);
  if (plan.read.length > MAX_LIVE_FILES) {
    context.log.warn(
      `${plan.read.length} files changed since the index was made; only ${MAX_LIVE_FILES} of them are searched as they are now. Run "sophia index".`,
    );
  }
  const documents: ContextDocument[] = [];
  for await (const read of readDocuments(context, plan.read.slice(0, MAX_LIVE_FILES), { root, maxFileBytes })) {
    if ('document' in read) documents.push(withHistory(store, read.document));
  }
  const hidden = new Set([...plan.remove, ...plan.read.map(({ path }) => path)]);
  const isStale = plan.read.length + plan.remove.length > 0;
  return { freshness: { ...base, stale: isStale, live_files: documents.length }, live: { documents, hidden } };
}

/** What a file was changed for before says what it is about, whatever it says now. */
function withHistory(store: ContextStore, document: ContextDocument): ContextDocument {
  return { ...document, history: store.get(LOCAL_REPOSITORY, document.id)?.history ?? [] };
}
