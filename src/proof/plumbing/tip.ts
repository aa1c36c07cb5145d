// What a branch has below proofs/: paths and ids, out of its tree. Nothing is checked out.
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { askGit, resolve, type Where } from './repository.ts';

export interface Tip {
  /** Null where there is no such branch yet. */
  readonly commit: string | null;
  /** Paths relative to proofs/. */
  readonly files: ReadonlyMap<string, TipFile>;
}

interface TipFile {
  readonly mode: string;
  readonly id: string;
}

/** Of a commit that is here. Throws `PROOF_IMMUTABLE` where something else than a folder is in the place of the proofs. */
export async function readTip(context: Context, { prefix, folder }: Where, commit: string | null): Promise<Tip> {
  const id = commit === null ? null : await resolve(context, `${commit}:${prefix}${folder}`);
  if (id === null) return { commit, files: new Map() };
  if ((await askGit(context, ['cat-file', '-t', id])).trim() !== 'tree')
    throw new SophiaError('PROOF_IMMUTABLE', { path: folder, reason: 'the branch has something there that is no folder' });
  return { commit, files: parseTree(await askGit(context, ['ls-tree', '-r', '-z', '--full-tree', id])) };
}

/** `100644 blob <id>\t<path>`, each ended by NUL. */
export function parseTree(output: string): ReadonlyMap<string, TipFile> {
  const files = new Map<string, TipFile>();
  for (const record of output.split('\0')) {
    const tab = record.indexOf('\t');
    const [mode = '', , id = ''] = record.slice(0, tab).split(' ');
    if (tab > 0) files.set(record.slice(tab + 1), { mode, id });
  }
  return files;
}
