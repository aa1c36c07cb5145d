// What earlier runs said, by their proofs: the only memory there is.
import type { Context } from '../context.ts';
import type { Finding, Json, Result } from '../outcome.ts';
import { readLedger, type Ledger } from '../proof/ledger/ledger.ts';
import { placeOf } from '../proof/path-law.ts';
import { Reader, type Reading } from '../proof/reader.ts';
import type { Statement } from '../proof/statement.ts';
import { listProofs, locateStore, readBytes, type ProofEntry, type Store } from '../proof/store.ts';
import { openProofs } from '../proof/tree.ts';
import { timeOfUlid } from '../proof/ulid.ts';
import { proofNamedBy } from '../proof/view.ts';

export interface PastRun {
  readonly id: string;
  /** Relative to proofs/. */
  readonly path: string;
  readonly sha256: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly result: Result;
  readonly findings: readonly Finding[];
  readonly data: { readonly [key: string]: Json };
}

export interface History {
  /** Oldest first; revoked and superseded ones are left out. */
  readonly runs: readonly PastRun[];
  /**
   * That are there or should be, and do not hold: `proofs verify` says why. Beside runs, files of the ledger: who can read no whole
   * ledger cannot know that no run was taken away.
   */
  readonly broken: readonly { readonly path: string; readonly reason: string }[];
}

/** As read, for whoever has to say what it read. */
export interface ReadHistory extends History {
  /** The files of `runs`, by path. */
  readonly bytes: ReadonlyMap<string, Uint8Array>;
}

const LATEST_VIEWS = 'healthz';
/** Between so many proofs signals are heard. */
const BATCH = 256;

/** Runs of a kind that began at `fromMs` or later. */
export async function readHistory(context: Context, kind: string, fromMs: number): Promise<ReadHistory> {
  const store = locateStore(context);
  const ledger = await readLedger(openProofs(context, store));
  const known = [...ledger.entries, ...ledger.tail];
  const reader = new Reader(store, new Map(known.map(({ path, leaf }) => [path, leaf])));
  const shelf = new Shelf(store);
  let count = 0;
  // From the newest on: who revokes a proof is newer than it, and what is too old is never opened.
  for (const entry of listProofs(store)) {
    if (timeOfUlid(entry.id) < fromMs) break;
    if (entry.kind === kind) shelf.take(entry, reader.read(entry), isOut(reader, entry));
    else reader.skim(entry);
    count += 1;
    if (count % BATCH === 0) await context.clock.breathe(context.signal);
  }
  const missing = (path: string, reason: string): void => {
    if (isWanted(path, kind, fromMs)) shelf.miss(path, reason);
  };
  for (const { path } of known) missing(path, 'the ledger has it, and it is gone');
  for (const path of namedByViews(store)) missing(path, 'a view names it, and it is gone');
  return shelf.close(ledger);
}

/** Asked of a proof after everything that is newer. */
function isOut(reader: Reader, entry: ProofEntry): boolean {
  const { revokedBy, supersededBy } = reader.standingOf(entry);
  return revokedBy !== null || supersededBy !== null;
}

/** What was seen last of each service names its run, also where nothing was sealed yet. */
function namedByViews({ files, proofs, name }: Store): readonly string[] {
  const folder = `${proofs}/${LATEST_VIEWS}`;
  if (files.stat(folder)?.kind !== 'directory') return [];
  const paths = namesIn(files, folder).map((view) => `${LATEST_VIEWS}/${view}`);
  return paths.flatMap((path) => {
    const bytes = readBytes({ files, proofs, name }, { path, archived: null });
    return (bytes === null ? null : proofNamedBy(path, bytes)) ?? [];
  });
}

/** A folder that may not be read tells nothing; verify names it. */
function namesIn(files: Store['files'], folder: string): readonly string[] {
  try {
    return files.list(folder);
  } catch {
    return [];
  }
}

function isWanted(path: string, kind: string, fromMs: number): boolean {
  const place = placeOf(path);
  return place?.kind === kind && timeOfUlid(place.id) >= fromMs;
}

class Shelf {
  readonly #store: Store;
  readonly #seen = new Set<string>();
  readonly #runs: PastRun[] = [];
  readonly #bytes = new Map<string, Uint8Array>();
  readonly #broken: { readonly path: string; readonly reason: string }[] = [];
  /** How many entries the ledger had by the last checkpoint that a run saw. */
  #entries = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  take(entry: ProofEntry, { statement, sha256, flaws }: Reading, isLeftOut: boolean): void {
    const { path } = entry;
    this.#seen.add(path);
    const bytes = readBytes(this.#store, entry);
    if (statement === null || sha256 === null || bytes === null || flaws.length > 0) {
      this.#broken.push({ path, reason: flaws[0]?.reason ?? 'it cannot be read' });
      return;
    }
    this.#entries = Math.max(this.#entries, statement.predicate.ledger?.size ?? 0);
    if (isLeftOut) return;
    this.#runs.push(toRun(path, sha256, statement));
    this.#bytes.set(path, bytes);
  }

  /** Deleted, or pruned: what it said is gone either way. */
  miss(path: string, reason: string): void {
    if (this.#seen.has(path)) return;
    this.#seen.add(path);
    this.#broken.push({ path, reason });
  }

  close({ checkpoint, entries, root, flaws }: Ledger): ReadHistory {
    const broken = [...this.#broken, ...flaws.map(({ path, reason }) => ({ path, reason }))];
    const refuse = (reason: string): void => void broken.push({ path: 'ledger/checkpoint', reason });
    if (this.#entries > entries.length) refuse(`a run saw ${this.#entries} entries, and there are ${entries.length}`);
    else if (root !== null && root !== checkpoint?.root) refuse('its root is not that of the entries');
    return { runs: this.#runs.toReversed(), broken: broken.toSorted(byPath), bytes: this.#bytes };
  }
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

function toRun(path: string, sha256: string, { predicate }: Statement): PastRun {
  const { id, startedAt, finishedAt, result, findings, data } = predicate;
  return { id, path, sha256, startedAt, finishedAt, result, findings, data };
}
