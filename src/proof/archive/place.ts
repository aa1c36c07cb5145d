// Where archives lie: `archive/<kind>/<yyyy-mm>.jsonl.gz`. What was sealed late goes to `<yyyy-mm>.2.jsonl.gz` and on; none is rewritten.
import { KIND_PATTERN, placeOf } from '../path-law.ts';
import { timeOfUlid } from '../ulid.ts';

export const ARCHIVE_FOLDER = 'archive';

export interface ArchivePlace {
  readonly kind: string;
  /** `2026-08`, UTC. */
  readonly month: string;
  /** 1 is the archive without a number. */
  readonly part: number;
}

/** What says which archives there are, and what is gone, must be readable without them. */
const NEVER_ARCHIVED = new Set(['compact', 'prune']);

const ARCHIVE_PATH = new RegExp(
  `^${ARCHIVE_FOLDER}/(${KIND_PATTERN})/(\\d{4}-(?:0[1-9]|1[0-2]))(?:\\.([2-9]|[1-9]\\d{1,5}))?\\.jsonl\\.gz$`,
);

/** Relative to proofs/. */
export function archivePathOf({ kind, month, part }: ArchivePlace): string {
  return `${ARCHIVE_FOLDER}/${kind}/${month}${part === 1 ? '' : `.${part}`}.jsonl.gz`;
}

/** Null for a path that is not one of an archive. */
export function archivePlaceOf(path: string): ArchivePlace | null {
  const [, kind, month, part = '1'] = ARCHIVE_PATH.exec(path) ?? [];
  return kind === undefined || month === undefined || !isArchivable(kind) ? null : { kind, month, part: Number(part) };
}

export function isArchivable(kind: string): boolean {
  return placeOf(`${kind}/1970/01/01/${'0'.repeat(26)}.json`) !== null && !NEVER_ARCHIVED.has(kind);
}

/** `2026-08`: the month that the time in an id lies in. */
export function monthOf(id: string): string {
  return new Date(timeOfUlid(id)).toISOString().slice(0, -'-01T00:00:00.000Z'.length);
}
