// The local branch after a publication: its files are here already, only git does not know. Where nothing else differs the branch
// moves along and the index learns of those paths, so that "git status" is clean and the next pull works. Files are never touched.
import type { Context } from '../../context.ts';
import { changesBetween, type Changed } from '../plumbing/changes.ts';
import { toIndexInfo, type Change } from '../plumbing/commit.ts';
import { askGit, pathIn, readHead, runGit, textOf, type Where } from '../plumbing/repository.ts';

/** `free`: nothing here is in the way of the next pull. Otherwise a pull would meet files that git does not know. */
export type Adoption = 'moved' | 'free' | 'behind' | 'diverged';

export interface Adopted extends Where {
  /** `refs/heads/main` */
  readonly ref: string;
  /** What that branch of the remote is now. */
  readonly commit: string;
}

/** `subject` is for the reflog. */
export async function adopt(context: Context, published: Adopted & { readonly subject: string }): Promise<Adoption> {
  const { ref, commit, subject, format } = published;
  const head = await readHead(context);
  if (head.ref !== ref || head.commit === commit) return 'free';
  const changes = await changesBetween(context, head.commit, commit);
  const isAhead = head.commit === null || (await isAncestor(context, head.commit, commit));
  if (isAhead) {
    const steps = await findSteps(context, published, changes);
    if (steps !== null && (await updateIndex(context, steps.after, format))) {
      const moved = await runGit(context, ['update-ref', '-m', subject, ref, commit, head.commit ?? '']);
      // Another run may have published the same, and moved the branch there in this moment.
      if (moved.exitCode === 0 || (await isAt(context, commit))) return 'moved';
      await updateIndex(context, steps.before, format);
    }
  }
  if (await isAt(context, commit)) return 'moved';
  return (await isInTheWay(context, published, changes)) ? (isAhead ? 'behind' : 'diverged') : 'free';
}

async function isAt(context: Context, commit: string): Promise<boolean> {
  return (await readHead(context)).commit === commit;
}

/** As `adopt` would say, without moving anything. */
export async function foresee(context: Context, published: Adopted): Promise<Adoption> {
  const head = await readHead(context);
  if (head.ref !== published.ref || head.commit === published.commit) return 'free';
  if (!(await isInTheWay(context, published, await changesBetween(context, head.commit, published.commit)))) return 'free';
  return head.commit === null || (await isAncestor(context, head.commit, published.commit)) ? 'behind' : 'diverged';
}

/** What to do by hand, where the branch could not be moved. */
export function mendOf(
  adoption: Adoption,
  { folder, commit, remote, ref }: Pick<Adopted, 'folder' | 'commit' | 'ref'> & { readonly remote: string },
): string | null {
  // Also a view that a newer run elsewhere has replaced is then the one of the branch.
  const take = `git checkout ${commit.slice(0, 16)} -- ${folder}`;
  const from = [remote, ref.replace('refs/heads/', '')].map(quote).join(' ');
  switch (adoption) {
    case 'behind':
      return `${take} && git pull --ff-only ${from}`;
    case 'diverged':
      return `${take} && git commit -m "[proof] as published" -- ${folder} && git pull --rebase --autostash ${from}`;
    default:
      return null;
  }
}

/** For a shell: a branch may have any name. */
function quote(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

interface Steps {
  readonly before: readonly Change[];
  readonly after: readonly Change[];
}

/** How the index gets from one commit to the other; null where anything but files of ours differs, or they are not here as they are there. */
async function findSteps(context: Context, where: Where, changes: readonly Changed[]): Promise<Steps | null> {
  const { prefix } = where;
  const root = pathIn(where, '');
  const ours = changes.filter(({ path, after, isRemoved }) => path.startsWith(root) && (after !== null || isRemoved));
  if (ours.length < changes.length) return null;
  const staged = parseIndex(await askGit(context, ['ls-files', '--stage', '-z', '--full-name', '--', `:(top,literal)${root}`]));
  const isUntouched = ours.every(({ path, before, after }) => {
    const entry = staged.get(path) ?? null;
    return entry === before || entry === after; // null where the index has none
  });
  if (!isUntouched || !(await areHere(context, ours, prefix))) return null;
  return {
    before: ours.map(({ path }) => ({ path, id: staged.get(path) ?? null })),
    after: ours.map(({ path, after }) => ({ path, id: after })),
  };
}

/** `<mode> <id> <stage>\t<path>\0`; a path in conflict has no stage 0, and is nothing of ours. */
function parseIndex(output: string): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const record of output.split('\0')) {
    const tab = record.indexOf('\t');
    const [mode, id = '', stage] = record.slice(0, tab).split(' ');
    if (tab > 0) entries.set(record.slice(tab + 1), mode === '100644' && stage === '0' ? id : 'in conflict');
  }
  return entries;
}

async function areHere(context: Context, changes: readonly Changed[], prefix: string): Promise<boolean> {
  const ids = await hashFiles(context, changes, prefix);
  return changes.every(({ path, after }) => (ids.get(path) ?? null) === after);
}

/** A pull overwrites no file that git does not know, nor one that is not as it was committed: not even by the same bytes. */
async function isInTheWay(context: Context, where: Where, changes: readonly Changed[]): Promise<boolean> {
  const ours = changes.filter(({ path }) => path.startsWith(pathIn(where, '')));
  const ids = await hashFiles(context, ours, where.prefix);
  return ours.some(({ path, before }) => ids.has(path) && ids.get(path) !== before);
}

/** Of the plain files among them that are here. */
async function hashFiles(context: Context, changes: readonly Changed[], prefix: string): Promise<ReadonlyMap<string, string>> {
  const { files, directory } = context;
  const fileOf = (path: string): string => `${directory}/${path.slice(prefix.length)}`;
  const here = changes.filter(({ path }) => !path.includes('\n') && files.stat(fileOf(path))?.kind === 'file');
  if (here.length === 0) return new Map();
  const input = here.map(({ path }) => `${fileOf(path)}\n`).join('');
  const ids = textOf((await runGit(context, ['hash-object', '--no-filters', '--stdin-paths'], { input })).stdout).split('\n');
  return new Map(here.map(({ path }, index) => [path, ids[index] ?? '']));
}

async function updateIndex(context: Context, changes: readonly Change[], format: Where['format']): Promise<boolean> {
  const { exitCode } = await runGit(context, ['update-index', '--add', '-z', '--index-info'], { input: toIndexInfo(changes, format) });
  return exitCode === 0;
}

async function isAncestor(context: Context, older: string, newer: string): Promise<boolean> {
  return (await runGit(context, ['merge-base', '--is-ancestor', older, newer])).exitCode === 0;
}
