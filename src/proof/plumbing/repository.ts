// Where a directory of proofs lies in its repository, and which branch is checked out. Everything is asked of git itself.
import type { Context, ExecResult } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { visible } from '../../markdown.ts';

export interface Repository {
  readonly format: 'sha1' | 'sha256';
  /** Of the working directory, from the top of the repository: empty, or with a slash at its end. */
  readonly prefix: string;
  readonly head: Head;
}

export interface Where extends Pick<Repository, 'prefix' | 'format'> {
  /** Of the directory of proofs, below the working directory. */
  readonly folder: string;
}

export interface Head {
  /** `refs/heads/main`; null where HEAD is detached. */
  readonly ref: string | null;
  /** Null before the first commit. */
  readonly commit: string | null;
}

/** Throws `PUBLISH_NO_REPOSITORY`. */
export async function findRepository(context: Context): Promise<Repository> {
  const place = await runGit(context, ['rev-parse', '--is-inside-work-tree', '--show-object-format', '--show-prefix']);
  const [isInside, format, ...rest] = textOf(place.stdout).split('\n').slice(0, -1);
  if (place.exitCode !== 0 || isInside !== 'true') {
    const reason = place.exitCode === 0 ? 'it has no work tree' : firstLineOf(place.stderr);
    throw new SophiaError('PUBLISH_NO_REPOSITORY', { path: context.directory, reason });
  }
  return { format: format === 'sha256' ? 'sha256' : 'sha1', prefix: rest.join('\n'), head: await readHead(context) };
}

/** From the top of the repository. */
export function pathIn({ prefix, folder }: Pick<Where, 'prefix' | 'folder'>, path: string): string {
  return `${prefix}${folder}/${path}`;
}

export async function readHead(context: Context): Promise<Head> {
  const ref = await runGit(context, ['symbolic-ref', '--quiet', 'HEAD']);
  return { ref: ref.exitCode === 0 ? textOf(ref.stdout).trim() : null, commit: await resolve(context, 'HEAD^{commit}') };
}

/** The id that git gives for a name, or null. */
export async function resolve(context: Context, name: string): Promise<string | null> {
  const { exitCode, stdout } = await runGit(context, ['rev-parse', '--quiet', '--verify', '--end-of-options', name]);
  return exitCode === 0 ? textOf(stdout).trim() : null;
}

/** As the port's `run`, in the working directory, until the run is stopped. */
export async function runGit(
  context: Context,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly input?: Uint8Array | string } = {},
): Promise<ExecResult> {
  const result = await context.git.run(context.directory, args, { ...options, signal: context.signal });
  context.signal.throwIfAborted();
  return result;
}

/** What git printed where it succeeded. Throws `TOOL_FAILED`. */
export async function askGit(...asked: Parameters<typeof runGit>): Promise<string> {
  const [, args] = asked;
  const { exitCode, stdout, stderr } = await runGit(...asked);
  if (exitCode === 0) return textOf(stdout);
  throw new SophiaError('TOOL_FAILED', { tool: 'git', reason: firstLineOf(stderr), command: `git ${args.slice(0, 4).join(' ')}` });
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function firstLineOf(stderr: Uint8Array): string {
  return visible(textOf(stderr).trim().split('\n')[0] ?? '');
}
