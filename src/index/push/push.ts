// Brings a context service to what the index holds: asks, sends what differs, and asks again before it believes it.
import { gzipSync } from 'node:zlib';
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { openForReading } from '../home.ts';
import { INDEXED, readAnswer, type Indexed, type Stats } from './answers.ts';
import { MAX_ENTRY_BYTES, toBatches, type Batch, type Item } from './batches.ts';
import { digestOf } from './entry.ts';
import { readListing, readStats } from './holdings.ts';
import { makeEntries, type Local } from './local.ts';
import type { ContextService } from './service.ts';

export interface PushRequest {
  /** Absolute path of the indexed directory. */
  readonly root: string;
  readonly repository: string;
  readonly commit: string | null;
}

export interface RefusedEntry {
  readonly id: string;
  readonly path: string;
  readonly code: string;
}

export interface PushReport {
  readonly url: string;
  readonly repository: string;
  /** What the service should hold now. */
  readonly entries: number;
  readonly digest: string;
  readonly sent: number;
  readonly sentBytes: number;
  readonly batches: number;
  /** As the service counted them. */
  readonly indexed: number;
  readonly skipped: number;
  readonly removed: number;
  readonly refused: readonly RefusedEntry[];
  /** Too large for an entry. */
  readonly leftOut: readonly string[];
  /** Edited after they were indexed: their bytes are nowhere any more. */
  readonly missing: readonly string[];
  /** What the service says it holds after the push; null when it did not come to that. */
  readonly held: Stats | null;
  readonly retries: number;
  /** What ended the push early. */
  readonly stopped: SophiaError | null;
}

/** Whatever the service does is in the report; throws only what is wrong on this side. */
export async function push(context: Context, service: ContextService, request: PushRequest): Promise<PushReport> {
  const reading = await openForReading(context, request.root);
  if (reading === null) throw new SophiaError('NOT_INDEXED', { path: request.root });
  try {
    return await new Push(context, service, { ...request, store: reading.store }).finish();
  } finally {
    reading.store.close();
  }
}

interface Known {
  readonly path: string;
  readonly sha256: string;
}

class Push {
  readonly #context: Context;
  readonly #service: ContextService;
  readonly #local: Local & { readonly commit: string | null };
  readonly #own = new Map<string, Known>();
  readonly #leftOut: string[] = [];
  readonly #missing: string[] = [];
  readonly #refused: RefusedEntry[] = [];
  readonly #counts = { sent: 0, sentBytes: 0, batches: 0, indexed: 0, skipped: 0, removed: 0 };

  constructor(context: Context, service: ContextService, local: Local & { readonly commit: string | null }) {
    this.#context = context;
    this.#service = service;
    this.#local = local;
  }

  async finish(): Promise<PushReport> {
    await this.#readOwn();
    const digest = digestOf(new Map([...this.#own].map(([id, { sha256 }]) => [id, sha256])));
    let held: Stats | null = null;
    let stopped: SophiaError | null = null;
    try {
      if (this.#missing.length === 0) held = await this.#bringUp(digest);
    } catch (error) {
      if (!(error instanceof SophiaError) || this.#context.signal.aborted) throw error;
      stopped = error;
    }
    return {
      url: this.#service.url,
      repository: this.#local.repository,
      entries: this.#own.size,
      digest,
      ...this.#counts,
      refused: this.#refused,
      leftOut: this.#leftOut,
      missing: this.#missing,
      held,
      retries: this.#service.retries,
      stopped,
    };
  }

  /** Before anything is sent: what there is, and what of it cannot be sent. */
  async #readOwn(): Promise<void> {
    for await (const { path, entry } of makeEntries(this.#context, this.#local)) {
      if (entry === null) this.#missing.push(path);
      else if (Buffer.byteLength(entry.text) > MAX_ENTRY_BYTES) this.#leftOut.push(path);
      else this.#own.set(entry.id, { path, sha256: entry.sha256 });
    }
  }

  async #bringUp(digest: string): Promise<Stats> {
    const before = await readStats(this.#service, this.#local.repository);
    if (isSame(before, { digest, entries: this.#own.size })) return before;
    const listing = await readListing(this.#service, this.#local.repository);
    const changed = [...this.#own].filter(([id, { sha256 }]) => listing.get(id) !== sha256).map(([, { path }]) => path);
    const gone = [...listing.keys()].filter((id) => !this.#own.has(id));
    const progress = this.#context.log.progress('pushing');
    for await (const batch of toBatches(this.#items(new Set(changed), gone), { ...this.#local, generation: before.generation })) {
      this.#count(batch, await this.#send(batch));
      progress.update(this.#counts.sent, changed.length);
    }
    progress.end();
    return await readStats(this.#service, this.#local.repository);
  }

  /** Removals last: a push that is cut off leaves too much behind rather than too little. */
  async *#items(changed: ReadonlySet<string>, gone: readonly string[]): AsyncGenerator<Item> {
    if (changed.size > 0) {
      for await (const { path, entry } of makeEntries(this.#context, this.#local, changed)) {
        if (entry === null) this.#missing.push(path);
        else yield { put: entry };
      }
    }
    for (const id of gone) yield { remove: id };
  }

  async #send(batch: Batch): Promise<Indexed> {
    const body = gzipSync(batch.body);
    this.#counts.sentBytes += body.length;
    const answer = await this.#service.post('/context/index', {
      body,
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', 'idempotency-key': batch.id },
      answers: [207, 422],
    });
    return readAnswer(INDEXED, this.#service.url, answer);
  }

  #count(batch: Batch, answer: Indexed): void {
    const paths = new Map(batch.entries.map(({ id, path }) => [id, path]));
    const answered = answer.indexed_count + answer.skipped_count + answer.failed.length;
    if (answered !== batch.entries.length) {
      throw new SophiaError('SERVICE_BAD_ANSWER', {
        url: this.#service.url,
        reason: `it was sent ${batch.entries.length} entries and answered for ${answered}`,
      });
    }
    this.#counts.batches += 1;
    this.#counts.sent += batch.entries.length;
    this.#counts.indexed += answer.indexed_count;
    this.#counts.skipped += answer.skipped_count;
    this.#counts.removed += answer.removed_count;
    for (const { id, code } of answer.failed) this.#refused.push({ id, path: paths.get(id) ?? id, code });
  }
}

/** The service counts and hashes what it can read back; nothing else makes a push true. */
export function isSame(held: Pick<Stats, 'entries' | 'digest'>, own: Pick<Stats, 'entries' | 'digest'>): boolean {
  return held.entries === own.entries && held.digest === own.digest;
}
