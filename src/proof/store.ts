// A directory of proofs as a reader sees it: which there are, newest first, and what one says.
import type { Context, Files } from '../context.ts';
import { SophiaError } from '../errors.ts';
import { placeOf, type ProofPlace } from './path-law.ts';
import { MAX_PROOF_BYTES } from './statement.ts';
import { judgeProof, type Judged } from './verification/judge.ts';

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
}

/** `asked` as typed, from the working directory. Throws `NOT_A_DIRECTORY` for a file; a directory that is not there holds no proofs. */
export function locateStore({ files, directory }: Context, asked = 'proofs'): Store {
  const name = asked.replace(/^\.\//, '').replace(/\/+$/, '') || '/';
  const proofs = name.startsWith('/') ? name : `${directory}/${name}`;
  const kind = files.stat(proofs)?.kind ?? 'directory';
  if (kind === 'file' || kind === 'other') throw new SophiaError('NOT_A_DIRECTORY', { path: asked, reason: '' });
  return { files, proofs, name };
}

/** By the form of their path alone; nothing is opened. Newest first. */
export function listProofs({ files, proofs }: Store, kind?: string): readonly ProofEntry[] {
  const found: ProofEntry[] = [];
  const kinds = kind === undefined ? subfolders(files, proofs) : [kind];
  for (const folder of kinds) {
    for (const path of daysOf(files, proofs, folder).flatMap((day) => files.list(`${proofs}/${day}`).map((name) => `${day}/${name}`))) {
      const place = placeOf(path);
      if (place !== null) found.push({ ...place, path });
    }
  }
  return found.sort((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
}

/** Null where the file is gone, is no plain file, or cannot be read. What is far too large is not read to its end. */
export function readProof({ files, proofs }: Store, path: string): (Judged & { readonly path: string }) | null {
  const file = `${proofs}/${path}`;
  const stat = files.stat(file);
  if (stat?.kind !== 'file' || stat.sizeBytes > MAX_PROOF_BYTES) return null;
  try {
    return { path, ...judgeProof(path, files.read(file)) };
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
  if (word === 'latest') return listProofs(store, kind).slice(0, 1);
  const path = reference.replace(/^\.\//, '').replace(`${store.name}/`, '');
  const place = placeOf(path);
  if (place !== null) return store.files.exists(`${store.proofs}/${path}`) ? [{ ...place, path }] : [];
  const prefix = reference.toUpperCase();
  return prefix === '' ? [] : listProofs(store).filter(({ id }) => id.startsWith(prefix));
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
  return files.list(folder).filter((name) => files.stat(`${folder}/${name}`)?.kind === 'directory');
}
