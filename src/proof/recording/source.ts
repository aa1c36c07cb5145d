// Which code a run worked on, in git's own words. Without git, or outside of it, null: a proof never guesses.
import { createHash, type Hash } from 'node:crypto';
import path from 'node:path';
import type { Context, ExecResult } from '../../context.ts';
import type { Source } from '../statement.ts';

/** Asking must not hold up a run for ever: a huge or sick repository gives fewer facts. */
const TIMEOUT_MS = 15_000;
const MAX_UNTRACKED_FILES = 10_000;
const MAX_UNTRACKED_BYTES = 64 * 1024 * 1024;
export async function describeSource(context: Context): Promise<Source | null> {
  try {
    const top = topOf(context);
    return top === null ? null : await askGit(context, top);
  } catch (thrown) {
    context.log.debug(`no git facts: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return null; // git is not installed, or the run was stopped while git was asked
  }
}

/**
 * `git@host:a/b.git`, `https://user:token@host/a/b` → `https://host/a/b`.
 * Null for a folder of this machine: its path is nobody's business, and says nothing to anyone else.
 */
export function toRepositoryUrl(remote: string): string | null {
  const [, host, hostPath] = /^(?:[^@/\s]+@)?([A-Za-z0-9.-]+):(?!\/\/)([^\s]+)$/.exec(remote) ?? [];
  // One letter before a colon is a drive.
  const url =
    host === undefined || host.length === 1 || hostPath === undefined ? remote : `https://${host}/${hostPath.replace(/^\/+/, '')}`;
  if (!/^(?!file:)[a-z][a-z0-9+.-]*:\/\/[^/\s]/i.test(url)) return null;
  return withoutUserinfo(url)
    .replace(/^(?:ssh|git):\/\/([^/:]+)\//, 'https://$1/')
    .replace(/\/*(?:\.git)?\/*$/, '');
}

/** The folder with `.git`, this one or one above. */
function topOf({ directory, files }: Context): string | null {
  for (let folder = directory; ; folder = path.dirname(folder)) {
    if (files.exists(path.join(folder, '.git'))) return folder;
    if (folder === path.dirname(folder)) return null;
  }
}

async function askGit(context: Context, top: string): Promise<Source | null> {
  const ask = (...args: readonly string[]): Promise<ExecResult> =>
    context.git.run(top, args, { timeoutMs: TIMEOUT_MS, signal: context.signal });
  const { place, status, remote } = await context.git.workTree(top, { signal: context.signal });
  if (status.exitCode !== 0) return null;
  const [commit, tree] = place.exitCode === 0 ? textOf(place).trimEnd().split('\n').slice(-2) : [];
  const ours = oursIn(path.relative(top, context.directory));
  const { ref, mayDiffer, untracked } = readStatus(Buffer.from(status.stdout), ours);
  const difference = mayDiffer ? await diff(ask, commit, ours) : new Uint8Array();
  const dirty = difference === null || difference.length > 0 || untracked.length > 0;
  return {
    repository: remote === null ? null : toRepositoryUrl(remote),
    commit: commit ?? null,
    tree: tree ?? null,
    ref,
    dirty,
    diffSha256: dirty && difference !== null ? hashDifferences(context, { top, difference, untracked }) : null,
  };
}

interface Status {
  readonly ref: string | null;
  readonly mayDiffer: boolean;
  /** Bytes: a file name need not be UTF-8. */
  readonly untracked: readonly Buffer[];
}

function readStatus(output: Buffer, ours: readonly string[]): Status {
  let ref: string | null = null;
  let mayDiffer = false;
  const untracked: Buffer[] = [];
  for (const line of splitAtNul(output)) {
    const text = line.toString('utf8');
    if (text.startsWith('# branch.head ')) ref = toRef(text.slice('# branch.head '.length));
    else if (text.startsWith('? ')) untracked.push(line.subarray(2));
    else if (/^[1u] /.test(text)) mayDiffer = true;
  }
  return { ref, mayDiffer, untracked: untracked.filter((file) => !ours.some((folder) => file.indexOf(`${folder}/`) === 0)) };
}

function toRef(branch: string): string | null {
  return branch === '(detached)' ? null : `refs/heads/${branch}`;
}

/** Our own output is no change of the code. */
function oursIn(prefix: string): string[] {
  const folders = ['proofs', '.sophia'];
  return prefix === '' ? folders : [...folders, ...folders.map((folder) => `${prefix}/${folder}`)];
}

/** Of the commit and the files; null where git cannot tell. */
async function diff(
  ask: (...args: readonly string[]) => Promise<ExecResult>,
  commit: string | undefined,
  ours: readonly string[],
): Promise<Uint8Array | null> {
  const base = commit ?? textOf(await ask('hash-object', '-t', 'tree', '/dev/null')).trim();
  const excluded = ours.map((folder) => `:(exclude,literal)${folder}`);
  const { exitCode, stdout } = await ask(
    'diff',
    '--binary',
    '--no-ext-diff',
    '--no-textconv',
    '--ignore-submodules=dirty',
    base,
    '--',
    '.',
    ...excluded,
  );
  return exitCode === 0 ? stdout : null;
}

interface Differences {
  readonly top: string;
  readonly difference: Uint8Array;
  readonly untracked: readonly Buffer[];
}

/** SHA-256 of `git diff HEAD --binary`, then of each untracked file a line `<sha256>  <path>`, in git's order. */
function hashDifferences(context: Context, { top, difference, untracked }: Differences): string | null {
  if (untracked.length > MAX_UNTRACKED_FILES) return null;
  const hash = createHash('sha256').update(difference);
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
