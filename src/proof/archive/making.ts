// Making an archive: the proofs of a month, a line each, packed, written and read back.
import { SophiaError } from '../../errors.ts';
import { parseJson, serializeCompact } from '../canonical.ts';
import { sha256Of } from '../digest.ts';
import type { Entry } from '../ledger/entries.ts';
import { readBytes, type Store } from '../store.ts';
import { isSealedAs } from './holdings.ts';
import { openArchive, type ArchivedProof, type ArchiveFlaw } from './opening.ts';
import { MAX_ARCHIVE_BYTES, pack } from './packing.ts';
import { ARCHIVE_FOLDER, archivePathOf, type ArchivePlace } from './place.ts';
import type { Month } from './months.ts';

export interface MadeArchive {
  /** Relative to proofs/. */
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly proofs: number;
}

export interface Part {
  readonly place: ArchivePlace;
  readonly packed: Uint8Array;
  readonly entries: readonly Entry[];
}

/** As many archives as it takes. */
export function* packMonth(store: Store, { kind, month, entries, lastPart }: Month): Generator<Part, void> {
  let part = lastPart;
  let lines: Buffer[] = [];
  let members: Entry[] = [];
  let sizeBytes = 0;
  const close = (): Part => {
    part += 1;
    const made = { place: { kind, month, part }, packed: pack(Buffer.concat(lines)), entries: members };
    [lines, members, sizeBytes] = [[], [], 0];
    return made;
  };
  for (const entry of entries) {
    const line = toLine(store, entry);
    if (sizeBytes + line.length > MAX_ARCHIVE_BYTES) yield close();
    lines.push(line);
    members.push(entry);
    sizeBytes += line.length;
  }
  yield close();
}

/** Written, and read back as a stranger would. */
export function keepArchive({ files, proofs, name }: Store, { place, packed, entries }: Part): void {
  const archive = archivePathOf(place);
  const refuse = (reason: string, cause?: unknown): never => {
    throw new SophiaError('ARCHIVE_NOT_WRITTEN', { path: `${name}/${archive}`, reason }, { cause });
  };
  for (const folder of [ARCHIVE_FOLDER, `${ARCHIVE_FOLDER}/${place.kind}`]) {
    if ((files.stat(`${proofs}/${folder}`)?.kind ?? 'directory') !== 'directory') refuse(`${folder} is no folder`);
  }
  try {
    files.makeDirectory(`${proofs}/${ARCHIVE_FOLDER}/${place.kind}`);
    files.create(`${proofs}/${archive}`, packed);
  } catch (thrown) {
    refuse(thrown instanceof Error ? thrown.message : String(thrown), thrown);
  }
  const members = [...openArchive(archive, place, files.read(`${proofs}/${archive}`))];
  const isWhole = members.length === entries.length && entries.every((entry, index) => isCopyOf(entry, members[index]));
  if (!isWhole) refuse('the disk gave back other bytes than were written');
}

export function toMade({ place, packed, entries }: Part): MadeArchive {
  return { path: archivePathOf(place), sha256: sha256Of(packed), sizeBytes: packed.length, proofs: entries.length };
}

function toLine(store: Store, entry: Entry): Buffer {
  const bytes = readBytes(store, { path: entry.path, archived: null });
  // It was judged a moment ago; somebody is at work here.
  if (bytes === null || !isSealedAs(entry, bytes))
    throw new SophiaError('PROOF_DOES_NOT_HOLD', { directory: `${store.name}/${entry.path}`, count: 'it was changed meanwhile' });
  return Buffer.from(`${serializeCompact(parseJson(Buffer.from(bytes).toString('utf8')))}\n`);
}

function isCopyOf(entry: Entry, member: ArchivedProof | ArchiveFlaw | undefined): boolean {
  return member !== undefined && 'bytes' in member && member.path === entry.path && isSealedAs(entry, member.bytes);
}
