// The one place where a sealed proof's file goes away, after it was archived or its removal was put on record.
import type { Files } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import type { Store } from '../store.ts';

/**
 * Relative to proofs/. Folders that are empty then go as well, up to the kind's. Returns how many files there were.
 * Throws `PROOF_NOT_REMOVED` at the first that cannot be.
 */
export function removeFiles({ files, proofs, name }: Store, paths: Iterable<string>): number {
  let removed = 0;
  const folders = new Set<string>();
  for (const path of paths) {
    const file = `${proofs}/${path}`;
    if (files.stat(file)?.kind !== 'file') continue;
    remove(files, file, `${name}/${path}`);
    removed += 1;
    folders.add(folderOf(path));
  }
  for (const folder of [...folders].sort().toReversed()) removeEmpty(files, proofs, folder);
  return removed;
}

function remove(files: Files, file: string, path: string): void {
  try {
    files.remove(file);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new SophiaError('PROOF_NOT_REMOVED', { path, reason }, { cause: thrown });
  }
}

function removeEmpty(files: Files, proofs: string, folder: string): void {
  for (let empty = folder; empty !== ''; empty = folderOf(empty)) {
    if (files.stat(`${proofs}/${empty}`)?.kind !== 'directory') continue;
    if (files.list(`${proofs}/${empty}`).length > 0) return;
    remove(files, `${proofs}/${empty}`, empty);
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
