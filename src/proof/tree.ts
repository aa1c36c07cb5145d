// The files of one directory of proofs, wherever they are: on disk, or in a commit. Links, pipes and devices are never opened.
import type { Context, FileStat } from '../context.ts';

/** Paths are relative to proofs/. */
export interface ProofTree {
  /** What a user reads: `proofs`. */
  readonly name: string;
  /** Everything but folders, folder by folder, names in order of their code units. */
  walk(): Iterable<TreeEntry>;
  /** The bytes of these files, in the order asked for, a batch at a time: between batches signals are heard. */
  read(paths: Iterable<string>): AsyncIterable<readonly TreeFile[]>;
}

export interface TreeEntry {
  readonly path: string;
  /** Null where there is no way to look. */
  readonly stat: Pick<FileStat, 'kind' | 'sizeBytes'> | null;
  readonly problem?: string;
}

export type TreeFile =
  | { readonly path: string; readonly bytes: Uint8Array }
  /** Gone, or not to be read. */
  | { readonly path: string; readonly bytes: null; readonly problem: string };

const BATCH = 256;

/** `proofs` is the absolute path of the directory; where there is none, it holds nothing. */
export function openProofs(
  context: Pick<Context, 'files' | 'clock' | 'signal'>,
  { proofs, name }: { readonly proofs: string; readonly name: string },
): ProofTree {
  return {
    name,
    walk: () => walk(context, proofs, ''),
    read: (paths) => read(context, proofs, paths),
  };
}

async function* read(
  { files, clock, signal }: Pick<Context, 'files' | 'clock' | 'signal'>,
  proofs: string,
  paths: Iterable<string>,
): AsyncGenerator<readonly TreeFile[]> {
  let batch: TreeFile[] = [];
  for (const path of paths) {
    batch.push(readOne(() => files.read(`${proofs}/${path}`), path));
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
    await clock.breathe(signal);
  }
  if (batch.length > 0) yield batch;
}

function readOne(open: () => Uint8Array, path: string): TreeFile {
  try {
    return { path, bytes: open() };
  } catch (thrown) {
    return { path, bytes: null, problem: `cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
}

function* walk(context: Pick<Context, 'files'>, proofs: string, folder: string): Generator<TreeEntry> {
  const { files } = context;
  const absolute = folder === '' ? proofs : `${proofs}/${folder}`;
  let names: readonly string[];
  try {
    names = files.list(absolute);
  } catch (thrown) {
    const problem = `cannot be listed: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    yield { path: folder, stat: files.stat(absolute), problem };
    return;
  }
  for (const name of names) {
    const path = folder === '' ? name : `${folder}/${name}`;
    const stat = files.stat(`${proofs}/${path}`);
    if (stat?.kind === 'directory') yield* walk(context, proofs, path);
    else yield { path, stat };
  }
}
