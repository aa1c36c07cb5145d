// The bytes of any proof, file or archived, where many are wanted in the order of the ledger: archives that were opened stay open a while.
import { listArchives, readArchive } from '../archive/listing.ts';
import { archivePathOf, monthOf, type ArchivePlace } from '../archive/place.ts';
import { placeOf } from '../path-law.ts';
import { readBytes, type Store } from '../store.ts';

/** An archive is at most 32 MiB packed out. */
const OPEN_ARCHIVES = 4;

export class ProofBytes {
  readonly #store: Store;
  /** By kind and month. */
  readonly #archives: ReadonlyMap<string, readonly ArchivePlace[]>;
  /** Path of an archive → paths of proofs → bytes; the one used last is last. */
  readonly #open = new Map<string, ReadonlyMap<string, Uint8Array>>();

  constructor(store: Store) {
    this.#store = store;
    this.#archives = Map.groupBy(listArchives(store), ({ kind, month }) => `${kind} ${month}`);
  }

  /** Null where there is none. */
  read(path: string): Uint8Array | null {
    return readBytes(this.#store, { path, archived: null }) ?? this.#readArchived(path);
  }

  #readArchived(path: string): Uint8Array | null {
    const place = placeOf(path);
    const archives = place === null ? undefined : this.#archives.get(`${place.kind} ${monthOf(place.id)}`);
    for (const archive of archives ?? []) {
      const bytes = this.#membersOf(archive).get(path);
      if (bytes !== undefined) return bytes;
    }
    return null;
  }

  #membersOf(archive: ArchivePlace): ReadonlyMap<string, Uint8Array> {
    const key = archivePathOf(archive);
    const members = this.#open.get(key) ?? new Map(readArchive(this.#store, archive).map(({ path, bytes }) => [path, bytes]));
    this.#open.delete(key);
    this.#open.set(key, members);
    const [oldest] = this.#open.keys();
    if (this.#open.size > OPEN_ARCHIVES && oldest !== undefined) this.#open.delete(oldest);
    return members;
  }
}
