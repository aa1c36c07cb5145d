// The file that git calls its index: while its bytes are the same, git lists the same from it.
import path from 'node:path';
import type { Context } from '../../context.ts';
import { digestOf } from './stamp.ts';

/** Null where it is not in one of its usual places: git then has to be asked. */
export function digestOfGitIndex(context: Context, root: string): string | null {
  const repository = findRepository(context, root);
  const file = repository === null ? '' : path.join(repository, 'index');
  if (repository === null || context.files.stat(file)?.kind !== 'file') return null;
  try {
    return digestOf([context.files.read(file)]);
  } catch {
    return null;
  }
}

/** As git looks for it: `.git` here or in a folder above, a directory, or a file that names one. */
function findRepository(context: Context, root: string): string | null {
  for (let directory = root; ; directory = path.dirname(directory)) {
    const place = path.join(directory, '.git');
    const kind = context.files.stat(place)?.kind;
    if (kind === 'directory') return isRepository(context, place) ? place : null;
    if (kind === 'file') {
      const named = /^gitdir: (.+?)\n*$/s.exec(context.files.readText(place))?.[1];
      return named === undefined ? null : path.resolve(directory, named);
    }
    if (kind !== undefined || directory === path.dirname(directory)) return null;
  }
}

/** git passes by what is not one, and takes the next above: then its index is another. */
function isRepository({ files }: Context, place: string): boolean {
  const head = path.join(place, 'HEAD');
  const isWhole = ['objects', 'refs'].every((name) => files.stat(path.join(place, name))?.kind === 'directory');
  return isWhole && files.stat(head)?.kind === 'file' && /^(?:ref: refs\/|[0-9a-f]{40})/.test(files.readText(head));
}
