// A directory of proofs as a reader sees it: which there are, newest first, and what one says. Archived proofs are as if they were files.
import type { Context, Files } from '../context.ts';
import { SophiaError } from '../errors.ts';
import { findArchived, listArchives, readArchive } from './archive/listing.ts';
import { monthOf, type ArchivePlace } from './archive/place.ts';
import { placeOf, type ProofPlace } from './path-law.ts';
import { MAX_PROOF_BYTES } from './statement.ts';

/** Where to look; `proofs` is absolute. */
export interface Store {
  readonly files: Files;
  readonly proofs: string;
  /** The directory's name in what a user reads: `proofs`. */
  readonly name: string;
}

export interface ProofEntry extends ProofPlace {
  /** Relative to proofs/. */
  readonly path: string;
  /** What was read out of an archive; null for a proof that is a file of its own. */
  readonly archived: Uint8Array | null;
}

/** `asked` as typed, from the working directory. Throws `NOT_A_DIRECTORY` for a file; a directory that is not there holds no proofs. */
export function locateStore({ files, directory }: Pick<Context, 'files' | 'directory'>, asked = 'proofs'): Store {
  const name = asked.replace(/^\.\//, '').replace(/\/+$/, '') || '/';
  const proofs = name.startsWith('/') ? name : `${directory}/${name}`;
  const kind = files.stat(proofs)?.kind ?? 'directory';
  if (kind === 'file' || kind === 'other') throw new SophiaError('NOT_A_DIRECTORY', { path: asked, reason: '' });
  return { files, proofs, name };
}

/** Newest first. Files are known by the form of their paths; an archive is opened when its month is reached. */
export function* listProofs(store: Store, kind?: string): Generator<ProofEntry, void> {
  const files = listFiles(store, kind);
  const archives = Map.groupBy(listArchives(store, kind), ({ month }) => month);
  const byMonth = Map.groupBy(files, ({ id }) => monthOf(id));
  const months = new Set([...byMonth.keys(), ...archives.keys()]);
  for (const month of [...months].sort().toReversed())
    yield* newestFirst([...(byMonth.get(month) ?? []), ...(archives.get(month) ?? []).flatMap((each) => entriesOf(store, each))]);
}

/** Null where the file is gone, is no plain file, far too large to be a proof, or cannot be read. */
export function readBytes({ files, proofs }: Store, { path, archived }: Pick<ProofEntry, 'path' | 'archived'>): Uint8Array | null {
  if (archived !== null) return archived;
  const file = `${proofs}/${path}`;
  const stat = files.stat(file);
  if (stat?.kind !== 'file' || stat.sizeBytes > MAX_PROOF_BYTES) return null;
  try {
    return files.read(file);
  } catch {
    return null;
  }
}

/** `latest`, `latest:KIND`, a path (from proofs/ or the project root) or the first letters of an id. Throws `PROOF_NOT_FOUND`, `PROOF_AMBIGUOUS`. */
export function resolveProof(store: Store, reference: string): ProofEntry {
  const matches = matching(store, reference);
  const [first, second] = matches;
  if (first === undefined) throw new SophiaError('PROOF_NOT_FOUND', { reference, directory: store.name });
  if (second === undefined) return first;
  const ids = matches
    .slice(0, 3)
    .map(({ id }) => id)
    .join(', ');
  throw new SophiaError('PROOF_AMBIGUOUS', { reference, count: matches.length, ids: matches.length > 3 ? `${ids}, …` : ids });
}

function matching(store: Store, reference: string): readonly ProofEntry[] {
  const [word, kind] = reference.split(':');
  if (word === 'latest') return [...listProofs(store, kind).take(1)];
  const path = reference.replace(/^\.\//, '').replace(`${store.name}/`, '');
  const place = placeOf(path);
  if (place !== null) return find(store, path, place);
  const prefix = reference.toUpperCase();
  return prefix === '' ? [] : Array.from(listProofs(store)).filter(({ id }) => id.startsWith(prefix));
}

function find(store: Store, path: string, place: ProofPlace): readonly ProofEntry[] {
  if (store.files.exists(`${store.proofs}/${path}`)) return [{ ...place, path, archived: null }];
  const archived = findArchived(store, path);
  return archived === null ? [] : [{ ...place, path, archived: archived.bytes }];
}

function entriesOf(store: Store, archive: ArchivePlace): readonly ProofEntry[] {
  return readArchive(store, archive).flatMap(({ path, bytes }) => {
    const place = placeOf(path);
    // Between writing an archive and removing the files a compaction may have been cut off.
    return place === null || store.files.exists(`${store.proofs}/${path}`) ? [] : [{ ...place, path, archived: bytes }];
  });
}

function listFiles({ files, proofs }: Store, kind?: string): readonly ProofEntry[] {
  const kinds = kind === undefined ? subfolders(files, proofs) : [kind];
  const days = kinds.flatMap((folder) => daysOf(files, proofs, folder));
  const paths = days.flatMap((day) => namesIn(files, `${proofs}/${day}`).map((name) => `${day}/${name}`));
  return newestFirst(
    paths.flatMap((path) => {
      const place = placeOf(path);
      return place === null ? [] : [{ ...place, path, archived: null }];
    }),
  );
}

function newestFirst(entries: readonly ProofEntry[]): readonly ProofEntry[] {
  return entries.toSorted((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
}

/** `smoke/2026/11/22`, for every day there is. */
function daysOf(files: Files, proofs: string, kind: string): readonly string[] {
  let folders = [kind];
  for (let level = 0; level < 3; level += 1) {
    folders = folders.flatMap((folder) =>
      subfolders(files, `${proofs}/${folder}`)
        .filter((name) => /^\d+$/.test(name))
        .map((name) => `${folder}/${name}`),
    );
  }
  return folders;
}

function subfolders(files: Files, folder: string): readonly string[] {
  if (files.stat(folder)?.kind !== 'directory') return [];
  return namesIn(files, folder).filter((name) => files.stat(`${folder}/${name}`)?.kind === 'directory');
}

/** A folder that may not be read holds nothing for a reader; verify names it. */
function namesIn(files: Files, folder: string): readonly string[] {
  try {
    return files.list(folder);
  } catch {
    return [];
  }
}
