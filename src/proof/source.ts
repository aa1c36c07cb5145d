// Which code a run worked on, in git's own words. Without git, or outside of it, null: a proof never guesses.
import { createHash, type Hash } from 'node:crypto';
import path from 'node:path';
import type { Context, ExecResult } from '../context.ts';
import type { Source } from './statement.ts';

/** Asking must not hold up a run for ever: a huge or sick repository gives fewer facts. */
const TIMEOUT_MS = 15_000;
const MAX_UNTRACKED_FILES = 10_000;
const MAX_UNTRACKED_BYTES = 64 * 1024 * 1024;
/** Everything of the work tree but the proofs below the current directory. */
const PATHS = ['--', ':/', ':(exclude)proofs', ':(exclude).sophia'];

export async function describeSource(context: Context): Promise<Source | null> {
  try {
    return isInsideGit(context) ? await askGit(context) : null;
  } catch (thrown) {
    context.log.debug(`no git facts: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return null; // git is not installed, or the run was stopped while git was asked
  }
}

/** `git@host:a/b.git`, `https://user:token@host/a/b` → `https://host/a/b`; what has no host stays as it is, without userinfo. */
export function toRepositoryUrl(remote: string): string {
  const [, host, hostPath] = /^(?:[^@/\s]+@)?([A-Za-z0-9.-]+):(?!\/\/)([^\s]+)$/.exec(remote) ?? [];
  const url =
    host === undefined || host.length === 1 || hostPath === undefined ? remote : `https://${host}/${hostPath.replace(/^\/+/, '')}`;
  return withoutUserinfo(url)
    .replace(/^(?:ssh|git):\/\/([^/:]+)\//, 'https://$1/')
    .replace(/\/*(?:\.git)?\/*$/, '');
}

/** Three processes that only say "not a repository" are spared where no folder above has a `.git`. */
function isInsideGit({ directory, files, env }: Context): boolean {
  if (env['GIT_DIR'] !== undefined) return true;
  for (let folder = directory; ; folder = path.dirname(folder)) {
    if (files.exists(path.join(folder, '.git'))) return true;
    if (folder === path.dirname(folder)) return false;
  }
}

async function askGit(context: Context): Promise<Source | null> {
  const { directory } = context;
  const ask = (args: readonly string[]): Promise<ExecResult> =>
    context.git.run(directory, args, { timeoutMs: TIMEOUT_MS, signal: context.signal });
  const [status, names, remote] = await Promise.all([
    ask(['status', '--porcelain=v2', '--branch', '--untracked-files=all', '--ignore-submodules=dirty', '-z', ...PATHS]),
    ask(['rev-parse', '--show-toplevel', 'HEAD^{tree}']),
    ask(['config', '--get', 'remote.origin.url']),
  ]);
  if (status.exitCode !== 0) return null;
  const { commit, ref, changes, untracked } = readStatus(Buffer.from(status.stdout));
  const [top = '', tree = ''] = textOf(names).split('\n');
  const url = textOf(remote).trim();
  const dirty = changes > 0 || untracked.length > 0;
  return {
    repository: remote.exitCode === 0 && url !== '' ? toRepositoryUrl(url) : null,
    commit,
    tree: commit === null ? null : tree,
    ref,
    dirty,
    diffSha256: dirty ? await hashDifferences({ context, ask, top, commit, untracked }) : null,
  };
}

interface Status {
  readonly commit: string | null;
  readonly ref: string | null;
  readonly changes: number;
  /** Bytes: a file name need not be UTF-8. */
  readonly untracked: readonly Buffer[];
}

function readStatus(output: Buffer): Status {
  let commit: string | null = null;
  let ref: string | null = null;
  let changes = 0;
  const untracked: Buffer[] = [];
  for (const line of splitAtNul(output)) {
    const head = line.subarray(0, 80).toString('latin1');
    if (head.startsWith('# branch.oid ')) commit = /^[0-9a-f]{40,64}$/.exec(head.slice('# branch.oid '.length))?.[0] ?? null;
    else if (head.startsWith('# branch.head ')) ref = toRef(line.subarray('# branch.head '.length).toString('utf8'));
    else if (head.startsWith('? ')) untracked.push(line.subarray(2));
    else if (/^[12u] /.test(head)) changes += 1;
  }
  return { commit, ref, changes, untracked };
}

function toRef(branch: string): string | null {
  return branch === '(detached)' ? null : `refs/heads/${branch}`;
}

interface Differences {
  readonly context: Context;
  readonly ask: (args: readonly string[]) => Promise<ExecResult>;
  readonly top: string;
  readonly commit: string | null;
  readonly untracked: readonly Buffer[];
}

/** SHA-256 of `git diff HEAD --binary`, then of each untracked file a line `<sha256>  <path>`, in git's order. */
async function hashDifferences({ context, ask, top, commit, untracked }: Differences): Promise<string | null> {
  const base = commit ?? textOf(await ask(['hash-object', '-t', 'tree', '/dev/null'])).trim();
  const diff = await ask(['diff', '--binary', '--no-ext-diff', '--no-textconv', '--ignore-submodules=dirty', base, ...PATHS]);
  if (diff.exitCode !== 0 || untracked.length > MAX_UNTRACKED_FILES) return null;
  const hash = createHash('sha256').update(diff.stdout);
  let left = MAX_UNTRACKED_BYTES;
  for (const file of untracked) {
    left -= addUntracked(context, hash, { top, file });
    if (left < 0) return null;
  }
  return hash.digest('hex');
}

function addUntracked(context: Context, hash: Hash, { top, file }: { top: string; file: Buffer }): number {
  const whole = Buffer.concat([Buffer.from(`${top}${path.sep}`), file]);
  const stat = context.files.stat(whole);
  if (stat?.kind === 'file' && stat.sizeBytes > MAX_UNTRACKED_BYTES) return stat.sizeBytes;
  // Links and sockets are named, not followed.
  const bytes = stat?.kind === 'file' ? context.files.read(whole) : new Uint8Array();
  hash
    .update(`${createHash('sha256').update(bytes).digest('hex')}  `)
    .update(file)
    .update('\n');
  return bytes.length;
}

function splitAtNul(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(0, from);
    parts.push(bytes.subarray(from, end === -1 ? bytes.length : end));
    from = end === -1 ? bytes.length : end + 1;
  }
  return parts;
}

function withoutUserinfo(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1').replace(/[?#].*$/s, '');
}

function textOf({ stdout }: ExecResult): string {
  return Buffer.from(stdout).toString('utf8');
}
