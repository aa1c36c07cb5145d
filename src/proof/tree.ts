// The files of one directory of proofs, wherever they are: on disk, or in a commit. Links, pipes and devices are never opened.
import type { Context, DirectoryEntry, Files, FileStat, Path } from '../context.ts';

/** Paths are relative to proofs/. */
export interface ProofTree {
  /** What a user reads: `proofs`. */
  readonly name: string;
  /** Everything but folders, folder by folder, names in order of their code units. */
  walk(): Iterable<TreeEntry>;
  /** Of one path, without a walk. Null where there is nothing, or where the way there leads through a link. */
  stat(path: string): TreeEntry['stat'];
  /** The bytes of these files, in the order asked for, a batch at a time: between batches signals are heard. */
  read(paths: Iterable<string>, limits?: ReadLimits): AsyncIterable<readonly TreeFile[]>;
}

export interface ReadLimits {
  /** Of one file; a larger one comes without its bytes. */
  readonly maxBytes?: number;
}

export interface TreeEntry {
  /** Empty for the directory itself, where it is none. Of a name that is not UTF-8, what can be shown. */
  readonly path: string;
  /** Null where there is no way to look. */
  readonly kind: FileStat['kind'] | null;
  /** Null where there is no way to look. On disk it is looked at only when it is asked for. */
  readonly stat: Pick<FileStat, 'kind' | 'sizeBytes'> | null;
  readonly problem?: string;
}

export type TreeFile =
  | { readonly path: string; readonly bytes: Uint8Array }
  /** Gone, or not to be read, or larger than asked for. */
  | { readonly path: string; readonly bytes: null; readonly problem: string };

const BATCH = 256;
const BATCH_BYTES = 8 * 1024 * 1024;
export const MAX_READ_BYTES = 64 * 1024 * 1024;

/** One file. */
export async function readFileOf(tree: ProofTree, path: string, limits?: ReadLimits): Promise<TreeFile> {
  for await (const [file] of tree.read([path], limits)) if (file !== undefined) return file;
  return { path, bytes: null, problem: 'cannot be read' };
}

/** `proofs` is the absolute path of the directory; where there is none, it holds nothing. */
export function openProofs(
  context: Pick<Context, 'files' | 'clock' | 'signal'>,
  { proofs, name }: { readonly proofs: string; readonly name: string },
): ProofTree {
  const { files } = context;
  return {
    name,
    walk: () => walkFrom(files, proofs),
    stat: (path) => statWithin(context, proofs, path),
    read: (paths, limits) => read(context, paths, (path) => readOne(files, { proofs, path, maxBytes: limits?.maxBytes ?? MAX_READ_BYTES })),
  };
}

function statWithin({ files }: Pick<Context, 'files'>, proofs: string, path: string): TreeEntry['stat'] {
  if (files.stat(proofs)?.kind !== 'directory') return null;
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    if (files.stat(`${proofs}/${path.slice(0, slash)}`)?.kind !== 'directory') return null;
  }
  return files.stat(`${proofs}/${path}`);
}

async function* read(
  { clock, signal }: Pick<Context, 'clock' | 'signal'>,
  paths: Iterable<string>,
  readFile: (path: string) => TreeFile,
): AsyncGenerator<readonly TreeFile[]> {
  let batch: TreeFile[] = [];
  let batchBytes = 0;
  for (const path of paths) {
    const file = readFile(path);
    batch.push(file);
    batchBytes += file.bytes?.length ?? 0;
    if (batch.length < BATCH && batchBytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    batchBytes = 0;
    await clock.breathe(signal);
  }
  if (batch.length > 0) yield batch;
}

function readOne(files: Files, { proofs, path, maxBytes }: { proofs: string; path: string; maxBytes: number }): TreeFile {
  try {
    const read = files.readPlain(`${proofs}/${path}`, maxBytes);
    if (read instanceof Uint8Array) return { path, bytes: read };
    const problem = read.kind === 'file' ? `${read.sizeBytes} bytes; at most ${maxBytes} are read` : 'not a plain file';
    return { path, bytes: null, problem };
  } catch (thrown) {
    return { path, bytes: null, problem: `cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
}

function walkFrom(files: Files, proofs: string): Iterable<TreeEntry> {
  const stat = files.stat(proofs);
  if (stat === null) return [];
  return stat.kind === 'directory' ? walk(files, proofs, '') : [{ path: '', kind: stat.kind, stat }];
}

function* walk(files: Files, proofs: string, folder: string): Generator<TreeEntry> {
  const absolute = folder === '' ? proofs : `${proofs}/${folder}`;
  let entries: readonly DirectoryEntry[];
  try {
    entries = sorted(files.scan(absolute));
  } catch (thrown) {
    const problem = `cannot be listed: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    yield { path: folder, kind: 'directory', stat: files.stat(absolute), problem };
    return;
  }
  for (const { name, kind } of entries) {
    const path = folder === '' ? toText(name) : `${folder}/${toText(name)}`;
    if (typeof name !== 'string') yield { path, kind: null, stat: null, problem: 'its name is not UTF-8' };
    else if (kind === 'directory') yield* walk(files, proofs, path);
    else yield new DiskEntry({ files, proofs }, path, kind);
  }
}

/** A look at a file costs as much as reading it: only those that need it have theirs. */
class DiskEntry implements TreeEntry {
  readonly path: string;
  readonly kind: FileStat['kind'];
  readonly #files: Files;
  readonly #proofs: string;

  constructor({ files, proofs }: { readonly files: Files; readonly proofs: string }, path: string, kind: FileStat['kind']) {
    this.#files = files;
    this.#proofs = proofs;
    this.path = path;
    this.kind = kind;
  }

  get stat(): TreeEntry['stat'] {
    return this.#files.stat(`${this.#proofs}/${this.path}`);
  }
}

function sorted(entries: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  return entries.toSorted((a, b) => (toText(a.name) < toText(b.name) ? -1 : 1));
}

function toText(name: Path): string {
  return typeof name === 'string' ? name : Buffer.from(name).toString('utf8');
}
