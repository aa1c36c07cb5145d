// A commit without a work tree: an index of its own, a tree, a commit. The user's index, files and hooks are not touched.
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { askGit, runGit, type Where } from './repository.ts';
import { withScratch } from './scratch.ts';

export interface Change {
  /** From the top of the repository. */
  readonly path: string;
  /** Of a blob that is here; null removes the file. */
  readonly id: string | null;
}

export interface Basis {
  readonly format: Where['format'];
  /** Null for a branch that does not exist yet. */
  readonly parent: string | null;
  readonly changes: readonly Change[];
}

/** The id of a tree: that of the parent, with these changes and no others. Throws `PROOF_IMMUTABLE`. */
export async function buildTree(context: Context, { format, parent, changes }: Basis): Promise<string> {
  return await withScratch(context, async ({ folder }) => {
    const env = { GIT_INDEX_FILE: `${folder}/index` };
    await askGit(context, parent === null ? ['read-tree', '--empty'] : ['read-tree', `${parent}^{tree}`], { env });
    await askGit(context, ['update-index', '--add', '-z', '--index-info'], { env, input: toIndexInfo(changes, format) });
    const tree = (await askGit(context, ['write-tree', '--missing-ok'], { env })).trim();
    await refuseOthers(context, { parent, changes, tree });
    return tree;
  });
}

/** A mode of 0 removes. The id of a removal is ignored, but must have the length of one. */
export function toIndexInfo(changes: readonly Change[], format: Where['format']): string {
  const none = '0'.repeat(format === 'sha256' ? 64 : 40);
  return changes.map(({ path, id }) => (id === null ? `0 ${none}\t${path}\0` : `100644 ${id} 0\t${path}\0`)).join('');
}

/** Where a folder is a file on the branch, git would replace one by the other: nothing but our own paths may differ. */
async function refuseOthers(context: Context, { parent, changes, tree }: Omit<Basis, 'format'> & { readonly tree: string }): Promise<void> {
  if (parent === null) return;
  const asked = ['diff-tree', '-r', '-z', '--no-renames', '--name-status', `${parent}^{tree}`, tree];
  const fields = (await askGit(context, asked)).split('\0').slice(0, -1);
  const ours = new Map(changes.map(({ path, id }) => [path, id === null ? /^D$/ : /^[AMT]$/] as const));
  for (let at = 0; at < fields.length; at += 2) {
    const [status = '', path = ''] = fields.slice(at, at + 2);
    if (ours.get(path)?.test(status) !== true)
      throw new SophiaError('PROOF_IMMUTABLE', { path, reason: 'a file on the branch is in the way of a folder, or a folder of a file' });
  }
}

export interface CommitRequest {
  readonly tree: string;
  readonly parent: string | null;
  readonly message: string;
}

export async function commitTree(context: Context, { tree, parent, message }: CommitRequest): Promise<string> {
  const parents = parent === null ? [] : ['-p', parent];
  const args = ['-c', 'i18n.commitEncoding=UTF-8', 'commit-tree', ...parents, '-F', '-', tree];
  return (await askGit(context, args, { env: await identity(context), input: message })).trim();
}

/** Writes files into git's store. They must still be the ones that were verified: throws `PUBLISH_CHANGED`. */
export async function storeVerified(context: Context, folder: string, ids: ReadonlyMap<string, string>): Promise<void> {
  const stored = await storeFiles(context, folder, [...ids.keys()]);
  const changed = [...ids].find(([path, id]) => stored.get(path) !== id);
  if (changed !== undefined) throw new SophiaError('PUBLISH_CHANGED', { path: changed[0] });
}

/** Writes files into git's store; returns their ids. `folder` is absolute, for git would read other paths from the top of the repository. */
export async function storeFiles(context: Context, folder: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (paths.length === 0) return new Map();
  const input = paths.map((path) => `${folder}/${path}\n`).join('');
  const ids = (await askGit(context, ['hash-object', '-w', '--no-filters', '--stdin-paths'], { input })).split('\n');
  return new Map(paths.map((path, index) => [path, ids[index] ?? '']));
}

/** Nothing where git knows who commits. A runner often does not, and evidence must not be lost for that. */
async function identity(context: Context): Promise<Readonly<Record<string, string>>> {
  const asked = ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT'].map((name) => runGit(context, ['-c', 'user.useConfigOnly=true', 'var', name]));
  if ((await Promise.all(asked)).every(({ exitCode }) => exitCode === 0)) return {};
  const [name, email] =
    context.env['GITHUB_ACTIONS'] === 'true'
      ? ['github-actions[bot]', '41898282+github-actions[bot]@users.noreply.github.com']
      : ['sophia', 'sophia@localhost'];
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
}
