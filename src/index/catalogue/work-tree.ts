// Files as they are on disk now: what kind of thing, how large, since when, and which content.
import type { Context, FileStat } from '../../context.ts';
import { blobIdOf, type ObjectFormat } from '../blob-id.ts';
import type { LooseFile } from './catalogue.ts';
import type { Entry, Skipped, SkipReason } from '../inventory.ts';
import { locate } from '../names.ts';

/** A file changed later than this before the look may change again without its times showing it (FAT counts in 2 s). */
const RACY_MS = 2500;
const BREATHE_EVERY = 256;

/** What a stat tells of a loose file, and the content where a stat cannot be trusted. */
export interface Sight {
  readonly file: LooseFile;
  readonly stat: FileStat | null;
  /** Equal hints mean equal content; null where the file is too young for that. */
  readonly hint: string | null;
  /** Looked up already, for a file without a hint. */
  readonly content: Content | null;
}

type Content = { readonly blob: string; readonly blobOfUnixLines: string | null } | 'unreadable';

export interface Look {
  readonly root: string;
  readonly format: ObjectFormat;
  readonly maxFileBytes: number;
}

export async function lookAt(context: Context, files: readonly LooseFile[], look: Look): Promise<Sight[]> {
  const sights: Sight[] = [];
  for (const file of files) {
    if (sights.length % BREATHE_EVERY === 0) await context.clock.breathe(context.signal);
    const stat = context.files.stat(locate(look.root, file));
    const isRacy = stat !== null && Math.max(stat.mtimeMs, stat.ctimeMs) > context.clock.now() - RACY_MS;
    const isReadable = stat?.kind === 'file' && stat.sizeBytes <= look.maxFileBytes;
    const content = isRacy && isReadable ? readContent(context, file, look) : null;
    sights.push({ file, stat, hint: stat === null || isRacy ? null : hintOf(stat), content });
  }
  return sights;
}

/** One line that changes whenever the file may have. */
export function evidenceOf({ file, stat, hint, content }: Sight): string {
  const seen = hint ?? (content === null ? null : content === 'unreadable' ? content : content.blob);
  return JSON.stringify([file.path, file.pathBytes && Buffer.from(file.pathBytes).toString('hex'), stat?.kind ?? null, seen ?? stat]);
}

/** Turns sights into entries; `known` saves reading a file whose hint is still the same. */
export async function settleLoose(
  context: Context,
  sights: readonly Sight[],
  options: Look & { readonly known: (path: string) => { readonly blob: string; readonly hint: string | null } | undefined },
): Promise<{ entries: Entry[]; skipped: Skipped[] }> {
  const entries: Entry[] = [];
  const skipped: Skipped[] = [];
  for (const [index, sight] of sights.entries()) {
    if (index % BREATHE_EVERY === 0) await context.clock.breathe(context.signal);
    const settled = settle(context, sight, options);
    if (settled === null) continue;
    if (typeof settled === 'string') skipped.push({ path: sight.file.path, reason: settled });
    else entries.push(settled);
  }
  return { entries, skipped };
}

function settle(context: Context, sight: Sight, options: Parameters<typeof settleLoose>[2]): Entry | SkipReason | null {
  const { file, stat, hint } = sight;
  const { path, pathBytes, indexed } = file;
  if (stat === null) return indexed === null ? 'unreadable' : null; // deleted, unless git has just listed it
  if (stat.kind === 'directory') return null; // took a file's place: what is in it is listed for itself
  if (stat.kind === 'symlink') return 'symlink';
  if (stat.kind === 'other') return 'special';
  if (stat.sizeBytes > options.maxFileBytes) return 'too_large';
  const found = hint === null ? undefined : options.known(path);
  const rest = { path, pathBytes, isInWorkTree: true, hint, sizeBytes: stat.sizeBytes };
  if (found?.hint === hint && found !== undefined)
    return { ...rest, blob: found.blob, from: found.blob === indexed ? 'object' : 'worktree' };
  const content = sight.content ?? readContent(context, file, options);
  if (content === 'unreadable') return content;
  // Touched, or checked out with other line ends, but not changed: the id stays git's.
  const isSame = indexed !== null && (content.blob === indexed || content.blobOfUnixLines === indexed);
  return { ...rest, blob: isSame ? indexed : content.blob, from: isSame ? 'object' : 'worktree' };
}

function hintOf({ sizeBytes, mtimeMs, ctimeMs, inode }: FileStat): string {
  return `${sizeBytes}-${mtimeMs}-${ctimeMs}-${inode}`;
}

function readContent(context: Context, file: LooseFile, { root, format }: Look): Content {
  let bytes: Uint8Array;
  try {
    bytes = context.files.read(locate(root, file));
  } catch {
    return 'unreadable';
  }
  const hasOtherEnds = file.indexed !== null && bytes.includes(13) && !bytes.includes(0);
  return { blob: blobIdOf(bytes, format), blobOfUnixLines: hasOtherEnds ? blobIdOf(withUnixLines(bytes), format) : null };
}

function withUnixLines(bytes: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}
