// What git knows of the files of a directory: when each was added, and what happened to it since.
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';

export interface Change {
  readonly commit: string;
  readonly ms: number;
}

export interface FileHistory {
  readonly added: Change;
  /** Changes of its bytes after that, oldest first. */
  readonly modified: readonly Change[];
  /** Null where it was not deleted, or came back. */
  readonly deleted: Change | null;
}

/** By path relative to the directory, which is absolute. Throws AUDIT_NO_HISTORY. */
export async function readHistory({ git }: Pick<Context, 'git'>, directory: string): Promise<ReadonlyMap<string, FileHistory>> {
  const asked = await git.run(directory, [
    'log',
    '--reverse',
    '--no-renames',
    '--relative',
    '--name-status',
    '-z',
    '--format=%x01%H %ct',
    '-m',
    '--first-parent',
    '--',
    '.',
  ]);
  if (asked.exitCode !== 0) throw new SophiaError('AUDIT_NO_HISTORY', { path: directory });
  return parseLog(Buffer.from(asked.stdout).toString('utf8'));
}

/** `\x01<id> <seconds>\0`, then `\n<letter>\0<path>\0` for each file. */
function parseLog(log: string): ReadonlyMap<string, FileHistory> {
  const histories = new Map<string, FileHistory>();
  for (const entry of log.split('\x01').slice(1)) {
    const [head = '', ...rest] = entry.split('\0');
    const [commit = '', seconds = ''] = head.trim().split(' ');
    const change: Change = { commit, ms: Number(seconds) * 1000 };
    const words = rest.filter((word) => word !== '' && word !== '\n').map((word) => word.replace(/^\n/, ''));
    for (let at = 0; at + 1 < words.length; at += 2) note(histories, { letter: words[at]!, path: words[at + 1]!, change });
  }
  return histories;
}

interface Event {
  readonly letter: string;
  readonly path: string;
  readonly change: Change;
}

function note(histories: Map<string, FileHistory>, { letter, path, change }: Event): void {
  const known = histories.get(path);
  if (known === undefined) histories.set(path, { added: change, modified: [], deleted: letter === 'D' ? change : null });
  else if (letter === 'D') histories.set(path, { ...known, deleted: change });
  else histories.set(path, { ...known, modified: [...known.modified, change], deleted: null });
}
