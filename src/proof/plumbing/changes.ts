// What differs between two commits, by path and id.
import type { Context } from '../../context.ts';
import { askGit } from './repository.ts';
import { parseTree } from './tip.ts';

export interface Changed {
  /** From the top of the repository. */
  readonly path: string;
  /** Null where it is new. */
  readonly before: string | null;
  /** Null where it is removed, or is no plain file. */
  readonly after: string | null;
  readonly isRemoved: boolean;
}

/** From nothing at all where there is no earlier commit. */
export async function changesBetween(context: Context, from: string | null, to: string): Promise<readonly Changed[]> {
  if (from === null) {
    const files = parseTree(await askGit(context, ['ls-tree', '-r', '-z', '--full-tree', to]));
    return [...files].map(([path, { id, mode }]) => ({ path, before: null, after: mode === '100644' ? id : null, isRemoved: false }));
  }
  const output = await askGit(context, ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', from, to]);
  return parseRaw(output.split('\0'));
}

/** `:<mode> <mode> <id> <id> <status>`, then the path, in turns. */
function parseRaw(fields: readonly string[]): readonly Changed[] {
  const changes: Changed[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, modeAfter, before = '', after = '', status] = (fields[at] ?? '').split(' ');
    changes.push({
      path: fields[at + 1] ?? '',
      before: /^0+$/.test(before) ? null : before,
      after: modeAfter === '100644' ? after : null,
      isRemoved: status === 'D',
    });
  }
  return changes;
}
