// Questions with known answers, from a history: what people wrote about a change, and the files that they changed for it.
import { execFileSync } from 'node:child_process';
import type { Context } from '../../src/context.ts';
import { readHistory } from '../../src/index/history.ts';

export interface Question {
  readonly subject: string;
  /** The files that the commit touched and that were there before. */
  readonly truth: ReadonlySet<string>;
}

export interface Exam {
  /** The commit to index: nothing of what is asked for had happened yet. */
  readonly commit: string;
  readonly questions: readonly Question[];
}

/** A commit that touches more is about too much to be one question. */
const MAX_FILES = 10;

/** The last `count` commits of people before HEAD that touch a few files; throws where the history is too short. */
export async function setExam(context: Context, repository: string, count: number): Promise<Exam> {
  const { commits } = await readHistory(context, repository, { limit: count * 8 + 100 });
  const few = commits.filter(({ paths }) => paths.length <= MAX_FILES).slice(0, count);
  const oldest = few.at(-1);
  if (oldest === undefined) throw new Error(`${repository} has no commit of a few files`);
  const commit = git(repository, 'rev-list', '--parents', '-n', '1', oldest.id).trim().split(' ')[1];
  if (commit === undefined) throw new Error(`${repository} has too short a history for ${count} questions: nothing comes before the first`);
  const there = new Set(git(repository, 'ls-tree', '-r', '-z', '--name-only', commit).split('\0'));
  const questions = few
    .map(({ subject, paths }) => ({ subject, truth: new Set(paths.filter((path) => there.has(path))) }))
    .filter(({ truth }) => truth.size > 0);
  return { commit, questions };
}

/** A tree of that commit, apart from the repository, with the history up to it. */
export function checkOut(repository: string, commit: string, directory: string): void {
  execFileSync('git', ['clone', '--quiet', '--shared', '--no-checkout', '--', repository, directory], { stdio: 'ignore' });
  git(directory, 'checkout', '--quiet', '--detach', commit);
}

function git(directory: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: directory, encoding: 'utf8', maxBuffer: 1 << 28 });
}
