// One run of the indexer: what is there, what changed since, read only that, write it in one transaction.
import type { Context } from '../context.ts';
import { SophiaError } from '../errors.ts';
import { readHistory, type History } from './history.ts';
import { indexBytes, LOCAL_REPOSITORY, openForWriting, openToCompare } from './home.ts';
import { takeInventory, type Inventory, type Skipped } from './inventory.ts';
import { SCANNERS_VERSION } from './languages/language.ts';
import { hintsOf, looseOf, parseOmissions, planRun, type LeftOut, type Omissions, type Plan, type Remembered } from './plan.ts';
import { readWith } from './read-in-threads.ts';
import type { ReadRequest } from './reading.ts';
import { recall } from './recall.ts';
import type { Batch, ContextDocument, ContextStore, StoreStats } from './store/store.ts';

export interface IndexRequest {
  /** Absolute path of the directory to index. */
  readonly root: string;
  readonly isFull: boolean;
  readonly historyLimit: number;
  readonly maxFileBytes: number;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly shouldWait: boolean;
  /** How many threads read and scan; the result does not depend on it. */
  readonly threads: number;
  readonly isDryRun: boolean;
}

export interface Changes {
  added: number;
  modified: number;
  removed: number;
  unchanged: number;
}

export interface IndexReport {
  readonly inventory: Pick<Inventory, 'repository' | 'commit' | 'tree'>;
  /** As the store answers after the commit; of a dry run, as it was; null where there is none. */
  readonly stats: StoreStats | null;
  /** What the store should hold now, counted without it. */
  readonly expectedDocuments: number;
  readonly changed: Readonly<Changes>;
  readonly skipped: readonly Skipped[];
  readonly indexBytes: number;
  /** Files whose bytes were read in this run. */
  readonly filesRead: number;
  /** Why the index was built anew although nobody asked for it, or null. */
  readonly rebuilt: string | null;
}

/** Brings the index of a directory up to date. Stopped at any moment, it leaves the former index as it was. */
export async function buildIndex(context: Context, request: IndexRequest): Promise<IndexReport> {
  try {
    return await runOnce(context, request, null);
  } catch (error) {
    // Damage in the middle of the file shows only where it is read.
    const isDamaged = error instanceof SophiaError && error.code === 'STORE_CORRUPT' && !request.isDryRun;
    if (!isDamaged) throw error;
    return await runOnce(context, request, error.message);
  }
}

async function runOnce(context: Context, request: IndexRequest, damage: string | null): Promise<IndexReport> {
  const { root, shouldWait } = request;
  const writing = request.isDryRun ? await openToCompare(context, root) : await openForWriting(context, root, { shouldWait, damage });
  try {
    return await new Run(context, request, writing.store).finish(writing.rebuilt);
  } finally {
    writing.close();
  }
}

/** Documents are written, and the event loop turns, after this many bytes. */
const CHUNK_BYTES = 1 << 20;

class Run {
  readonly #context: Context;
  readonly #request: IndexRequest;
  readonly #store: ContextStore;
  readonly #before: StoreStats | null;
  readonly #settings: string;
  readonly #changed: Changes = { added: 0, modified: 0, removed: 0, unchanged: 0 };
  readonly #leftOut: LeftOut[] = [];
  readonly #lossy: Skipped[] = [];
  #filesRead = 0;

  constructor(context: Context, request: IndexRequest, store: ContextStore) {
    this.#context = context;
    this.#request = request;
    this.#store = store;
    this.#before = store.stats(LOCAL_REPOSITORY);
    this.#settings = settingsOf(request);
  }

  async finish(rebuilt: string | null): Promise<IndexReport> {
    const shouldReadAll = this.#request.isFull || this.#before?.facts['settings'] !== this.#settings;
    const isSameCommit = (commit: string | null): boolean => this.#before?.facts['commit'] === (commit ?? '');
    const inventory = await takeInventory(this.#context, {
      ...this.#request,
      knownStamp: shouldReadAll ? undefined : this.#before?.facts['stamp'],
      known: hintsOf(this.#before?.facts['hints']),
      knownLoose: looseOf(this.#before?.facts['loose']),
    });
    if (inventory.unchanged && isSameCommit(inventory.commit))
      return this.#report(inventory, { rebuilt, skipped: this.#stayAsItIs(), stats: this.#before });
    const whole = inventory.unchanged
      ? await takeInventory(this.#context, { ...this.#request, knownStamp: undefined, known: hintsOf(this.#before?.facts['hints']) })
      : inventory;
    const skipped = await this.#update(whole, { shouldReadAll, shouldReadHistory: shouldReadAll || !isSameCommit(whole.commit) });
    return this.#report(whole, { rebuilt, skipped, stats: this.#store.stats(LOCAL_REPOSITORY) });
  }

  async #update(
    inventory: Inventory,
    { shouldReadAll, shouldReadHistory }: { shouldReadAll: boolean; shouldReadHistory: boolean },
  ): Promise<readonly Skipped[]> {
    const remembered = recall(this.#store, { only: inventory.only, before: this.#before });
    const unread = [...remembered.elsewhere.unread, ...inventory.skipped];
    const plan = planRun(inventory, remembered, shouldReadAll);
    this.#changed.unchanged = plan.kept;
    this.#changed.removed = plan.remove.length;
    this.#leftOut.push(...plan.leftOut);
    const isRead = new Set(plan.read.map(({ path }) => path));
    const isGone = new Set(plan.remove);
    this.#lossy.push(...this.#omissions().lossy.filter(({ path }) => !isRead.has(path) && !isGone.has(path)));
    if (this.#request.isDryRun) await this.#read(plan, remembered, () => {});
    else await this.#write(inventory, { plan, remembered, unread, shouldReadAll, shouldReadHistory });
    return [...unread, ...this.#leftOut, ...this.#lossy];
  }

  async #write(
    inventory: Inventory,
    {
      plan,
      remembered,
      unread,
      shouldReadAll,
      shouldReadHistory,
    }: { plan: Plan; remembered: Remembered; unread: readonly Skipped[]; shouldReadAll: boolean; shouldReadHistory: boolean },
  ): Promise<void> {
    const batch = this.#store.begin(LOCAL_REPOSITORY);
    try {
      if (shouldReadAll) batch.clear();
      else batch.remove(plan.remove);
      await this.#read(plan, remembered, (documents) => batch.put(documents));
      batch.remove(this.#leftOut.map((file) => file.path).filter((id) => remembered.documents.has(id)));
      if (shouldReadHistory)
        batch.setHistory(subjectsByPath(await readHistory(this.#context, this.#request.root, { limit: this.#request.historyLimit })));
      batch.setFacts({ ...factsOf(inventory), settings: this.#settings, skipped: JSON.stringify(this.#omissionsOf(unread)) });
      this.#context.signal.throwIfAborted();
      batch.commit();
    } catch (error) {
      abandon(batch);
      throw error;
    }
  }

  async #read(plan: Plan, remembered: Remembered, put: (documents: readonly ContextDocument[]) => void): Promise<void> {
    const { clock, log, signal } = this.#context;
    const progress = log.progress('indexing');
    let chunk: ContextDocument[] = [];
    let bytes = 0;
    for await (const read of readWith(this.#context, this.#request.threads, {
      entries: plan.read,
      request: readRequestOf(this.#request),
    })) {
      this.#filesRead += 1;
      if ('skipped' in read) {
        this.#leftOut.push({ path: read.entry.path, blob: read.entry.blob, reason: read.skipped });
        if (remembered.documents.has(read.entry.path)) this.#changed.removed += 1;
      } else {
        if (read.isLossy) this.#lossy.push({ path: read.entry.path, reason: 'not_utf8' });
        this.#changed[changeOf(read.document, remembered)] += 1;
        chunk.push(read.document);
        bytes += read.document.body.length;
      }
      if (bytes >= CHUNK_BYTES) {
        put(chunk);
        chunk = [];
        bytes = 0;
        progress.update(this.#filesRead, plan.read.length);
        await clock.breathe(signal);
      }
    }
    put(chunk);
    progress.end();
  }

  #omissions(): Omissions {
    return parseOmissions(this.#before?.facts['skipped']);
  }

  #omissionsOf(unread: readonly Skipped[]): Omissions {
    return { unread, leftOut: this.#leftOut, lossy: this.#lossy };
  }

  #stayAsItIs(): readonly Skipped[] {
    this.#changed.unchanged = this.#before?.documents ?? 0;
    const { unread, leftOut, lossy } = this.#omissions();
    return [...unread, ...leftOut, ...lossy];
  }

  #report(inventory: IndexReport['inventory'], answered: Pick<IndexReport, 'rebuilt' | 'skipped' | 'stats'>): IndexReport {
    const { added, modified, unchanged } = this.#changed;
    return {
      ...answered,
      inventory,
      expectedDocuments: added + modified + unchanged,
      changed: this.#changed,
      indexBytes: indexBytes(this.#context, this.#request.root),
      filesRead: this.#filesRead,
    };
  }
}

/** After some failures, a full disk for one, SQLite has already rolled back: the first failure is the one to tell. */
function abandon(batch: Batch): void {
  try {
    batch.abandon();
  } catch {
    // nothing is left to take back
  }
}

function changeOf(document: ContextDocument, remembered: Remembered): 'added' | 'modified' | 'unchanged' {
  const before = remembered.documents.get(document.id);
  if (before === undefined) return 'added';
  return before === document.contentId ? 'unchanged' : 'modified';
}

/** Other settings give other documents: then everything is read again. */
function settingsOf({ historyLimit, maxFileBytes, include, exclude }: IndexRequest): string {
  return JSON.stringify({ version: SCANNERS_VERSION, historyLimit, maxFileBytes, include, exclude });
}

function factsOf({ repository, commit, tree, stamp, loose, entries }: Inventory): Readonly<Record<string, string>> {
  const hints = Object.fromEntries(entries.flatMap(({ path, blob, hint }) => (hint === null ? [] : [[path, { blob, hint }]])));
  return { repository, commit: commit ?? '', tree: tree ?? '', stamp, loose: JSON.stringify(loose), hints: JSON.stringify(hints) };
}

function subjectsByPath({ commits }: History): Map<string, string[]> {
  const subjects = new Map<string, string[]>();
  for (const { subject, paths } of commits) {
    for (const path of paths) {
      const known = subjects.get(path);
      if (known === undefined) subjects.set(path, [subject]);
      else known.push(subject);
    }
  }
  return subjects;
}

/** What a thread can be given: no more than it needs. */
function readRequestOf({ root, maxFileBytes }: IndexRequest): ReadRequest {
  return { root, maxFileBytes };
}
