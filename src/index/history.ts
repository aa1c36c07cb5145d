// Subjects of commits, attached to the files they touched: the words of people who knew what a file is for.
import type { Context, ExecResult } from '../context.ts';
import { SophiaError } from '../errors.ts';
import { isOurs } from './catalogue/catalogue.ts';
import { Records } from './names.ts';
import { lacksObjects } from './catalogue/partial-clone.ts';

export interface Commit {
  readonly id: string;
  readonly subject: string;
  /** Relative to the root; those that are not UTF-8 are left out. */
  readonly paths: readonly string[];
}

export interface History {
  /** The newest first. */
  readonly commits: readonly Commit[];
  /** Null in a repository without commits, and outside git. */
  readonly head: string | null;
  /** The commit these follow; null when they are the whole history, because none was given or it is no ancestor. */
  readonly since: string | null;
}

/** Of a commit that touches more, the subject says little about each. */
const MAX_PATHS = 30;

/** The last `limit` commits of people, merges left out; after `since` only when that is an ancestor of HEAD. */
export async function readHistory(
  context: Context,
  root: string,
  { limit, since }: { readonly limit: number; readonly since?: string | undefined },
): Promise<History> {
  const git = (...args: string[]): Promise<ExecResult> => context.git.run(root, args, { signal: context.signal });
  const [place, ancestry] = await Promise.all([
    git('rev-parse', '--is-shallow-repository', 'HEAD', '--show-prefix'),
    since === undefined ? null : git('merge-base', '--is-ancestor', '--end-of-options', since, 'HEAD'),
  ]);
  if (place.exitCode !== 0) return { commits: [], head: null, since: null };
  const [isShallow, head = '', ...prefix] = Buffer.from(place.stdout).toString().split('\n');
  const base = ancestry?.exitCode === 0 ? since! : null;
  if (base === head || limit <= 0) return { commits: [], head, since: base };
  const log = await git(...logArguments({ head, base, limit, isShallow: isShallow === 'true', isWhole: prefix.join('') === '' }));
  if (log.exitCode !== 0 && lacksObjects(log.stderr)) {
    context.log.warn(
      'this clone lacks the history that ranking uses; "git log --name-only" by hand fetches it, and "sophia index --full" then takes it in',
    );
    return { commits: [], head, since: base };
  }
  if (log.exitCode !== 0) throw toFailure(log);
  return { commits: parseLog(log.stdout), head, since: base };
}

interface LogRange {
  readonly head: string;
  readonly base: string | null;
  readonly limit: number;
  readonly isShallow: boolean;
  readonly isWhole: boolean;
}

function logArguments({ head, base, limit, isShallow, isWhole }: LogRange): string[] {
  return [
    // The last commit of a shallow clone has lost its parents and would seem to touch every file.
    ...(isShallow ? ['-c', 'log.showRoot=false'] : []),
    '-c',
    'diff.ignoreSubmodules=all',
    'log',
    '-z',
    '--no-merges',
    '--no-renames',
    '--no-ext-diff',
    '--no-mailmap',
    '--no-show-signature',
    '--no-notes',
    '--encoding=UTF-8',
    '--name-only',
    '--format=%x1e%H%x00%an%x00%ae%x00%s',
    `--max-count=${limit}`,
    ...(isWhole ? [] : ['--relative']),
    ...(base === null ? [head] : [`${base}..${head}`]),
    '--',
    ...(isWhole ? [] : ['.']), // a pathspec makes git compare more
  ];
}

const MARK = '\u001E';
const START = new RegExp(`^${MARK}[0-9a-f]{40,64}$`);

/** `\x1e<id>`, name, e-mail, subject, then a line break before the first path, and paths. */
function parseLog(output: Uint8Array): Commit[] {
  const records = new Records(output);
  const commits: Commit[] = [];
  let at = 0;
  while (at + 3 < records.lines.length) {
    const [id, name, email, subject] = records.lines.slice(at, at + 4) as [string, string, string, string];
    at += 4;
    const paths: string[] = [];
    for (let isFirst = true; at < records.lines.length && !START.test(records.lines[at]!); at += 1, isFirst = false) {
      const line = records.lines[at]!;
      const { path, pathBytes } = records.nameOf(isFirst ? line.replace(/^\n/, '') : line);
      if (path !== '' && pathBytes === null && !isOurs(path)) paths.push(path);
    }
    const isUseful = paths.length > 0 && paths.length <= MAX_PATHS && !isBot(records.nameOf(name).path, email);
    if (isUseful) commits.push({ id: id.slice(MARK.length), subject: records.nameOf(subject).path, paths });
  }
  return commits;
}

const BOT_NAME =
  /\[bot\]|(?:^|[\s_-])bot$|^(?:dependabot|renovate|greenkeeper|github[ -]actions?|snyk|mergify|codecov|weblate|allcontributors)\b/i;
const BOT_EMAIL = /\[bot\]@|(?:^|[+._-])bot@|@(?:dependabot|renovateapp|greenkeeper|snyk)\.|^action@github\.com$/i;

function isBot(name: string, email: string): boolean {
  return BOT_NAME.test(name) || BOT_EMAIL.test(email);
}

function toFailure({ exitCode, stderr }: ExecResult): SophiaError {
  const words = Buffer.from(stderr).toString().trim().split('\n').at(-1)!;
  return new SophiaError('TOOL_FAILED', { tool: 'git', reason: words === '' ? `exit code ${exitCode}` : words, command: 'git log' });
}
