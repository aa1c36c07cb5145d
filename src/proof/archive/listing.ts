// Archives on disk for those who list and show: found by their paths, and opened only when one is asked for.
import type { Files } from '../../context.ts';
import { placeOf } from '../path-law.ts';
import { openArchive, type ArchivedProof } from './opening.ts';
import { MAX_PACKED_BYTES } from './packing.ts';
import { ARCHIVE_FOLDER, archivePathOf, archivePlaceOf, monthOf, type ArchivePlace } from './place.ts';

/** A directory of proofs on disk; `proofs` is absolute. */
interface Where {
  readonly files: Files;
  readonly proofs: string;
}

/** The archives there are, newest month first, by the form of their paths alone; nothing is opened. */
export function listArchives({ files, proofs }: Where, kind?: string): readonly ArchivePlace[] {
  const root = `${proofs}/${ARCHIVE_FOLDER}`;
  const kinds = kind === undefined ? namesIn(files, root) : [kind];
  const paths = kinds.flatMap((folder) => namesIn(files, `${root}/${folder}`).map((name) => `${ARCHIVE_FOLDER}/${folder}/${name}`));
  return paths
    .map(archivePlaceOf)
    .filter((place) => place !== null)
    .sort((a, b) => (a.month < b.month ? 1 : a.month > b.month ? -1 : a.part - b.part));
}

/** What can be read out of one archive, oldest first; nothing where it cannot be read at all. Whether it holds is for verify to say. */
export function readArchive({ files, proofs }: Where, place: ArchivePlace): readonly ArchivedProof[] {
  const archive = archivePathOf(place);
  const stat = files.stat(`${proofs}/${archive}`);
  if (stat?.kind !== 'file' || stat.sizeBytes > MAX_PACKED_BYTES) return [];
  try {
    const items = [...openArchive(archive, place, files.read(`${proofs}/${archive}`))];
    return items.filter((item) => 'bytes' in item);
  } catch {
    return []; // gone, or not ours to read
  }
}

/** The bytes of a proof that lies in an archive of its kind and month, or null. */
export function findArchived(where: Where, path: string): ArchivedProof | null {
  const place = placeOf(path);
  if (place === null) return null;
  const month = monthOf(place.id);
  for (const archive of listArchives(where, place.kind)) {
    const found = archive.month === month ? readArchive(where, archive).find((proof) => proof.path === path) : undefined;
    if (found !== undefined) return found;
  }
  return null;
}

/** Nothing for what is no folder, or not to be read. */
function namesIn(files: Files, folder: string): readonly string[] {
  if (files.stat(folder)?.kind !== 'directory') return [];
  try {
    return files.list(folder);
  } catch {
    return [];
  }
}
