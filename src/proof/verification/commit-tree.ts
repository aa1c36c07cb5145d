// A directory of proofs as it is in a commit: what git has, without a checkout. The commit may be a stranger's: its tree may hold links,
// submodules, names with `..` or that are not UTF-8, the same name twice. None of that touches the disk, since all is read by id.
import { isUtf8 } from 'node:buffer';
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { MAX_READ_BYTES, type ProofTree, type ReadLimits, type TreeEntry, type TreeFile } from '../tree.ts';

export interface CommitPlace {
  /** Anything that git takes for a commit. */
  readonly ref: string;
  /** From the working directory: `proofs`. */
  readonly name: string;
}

interface Blob extends TreeEntry {
  readonly id: string;
}

const BATCH = 256;
const BATCH_BYTES = 8 * 1024 * 1024;

/** Throws `REF_NOT_FOUND` where there is no such commit, or no repository. */
export async function openCommit(context: Context, { ref, name }: CommitPlace): Promise<ProofTree> {
  const commit = await resolveCommit(context, ref);
  const { git, directory, signal } = context;
  const listing = await git.run(directory, ['ls-tree', '-r', '-z', '-l', commit, '--', name], { signal });
  if (listing.exitCode !== 0) throw notFound(ref, Buffer.from(listing.stderr).toString('utf8'));
  const entries = parseListing(listing.stdout, name);
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  return {
    name,
    walk: () => byPath.values(),
    stat: (path) => byPath.get(path)?.stat ?? null,
    read: (paths, limits) => read(context, byPath, { paths, limits }),
  };
}

/** The full id of a commit. Throws `REF_NOT_FOUND`. */
export async function resolveCommit({ git, directory, signal }: Context, ref: string): Promise<string> {
  const { exitCode, stdout, stderr } = await git.run(directory, ['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`], {
    signal,
  });
  if (exitCode !== 0) throw notFound(ref, Buffer.from(stderr).toString('utf8'));
  return Buffer.from(stdout).toString('latin1').trim();
}

function notFound(ref: string, said: string): SophiaError {
  const last = said.trim().split('\n').at(-1) ?? '';
  return new SophiaError('REF_NOT_FOUND', { ref, reason: last === '' ? 'git did not say why' : last.replace(/^fatal: /, '') });
}

const NUL = 0;
const TAB = 9;

/** `<mode> <type> <id> <size>\t<path>\0`, the size padded with spaces and `-` for what is no blob. */
function parseListing(stdout: Uint8Array, name: string): readonly Blob[] {
  const blobs = new Map<string, Blob>();
  for (let from = 0; from < stdout.length;) {
    const end = stdout.indexOf(NUL, from);
    const tab = stdout.indexOf(TAB, from);
    const blob = toBlob(Buffer.from(stdout.subarray(from, tab)).toString('latin1'), stdout.subarray(tab + 1, end), name);
    from = end + 1;
    // A tree of git's own making has each name once; one made by hand can have two, of which a checkout keeps one.
    blobs.set(
      blob.path,
      blobs.has(blob.path) ? { ...blob, kind: null, stat: null, problem: 'the commit has two files of this name' } : blob,
    );
  }
  return [...blobs.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function toBlob(facts: string, bytes: Uint8Array, name: string): Blob {
  const [mode = '', , id = '', size = ''] = facts.split(/ +/);
  const whole = Buffer.from(bytes).toString('utf8');
  const path = whole === name ? '' : whole.slice(name === '.' ? 0 : name.length + 1);
  if (!isUtf8(bytes)) return { path, id, kind: null, stat: null, problem: 'its name is not UTF-8' };
  const kind = kindOf(mode);
  const stat = { kind, sizeBytes: Number(size) || 0 };
  return mode === '160000'
    ? { path, id, kind, stat, problem: 'a submodule: what is in it is not in this commit' }
    : { path, id, kind, stat };
}

function kindOf(mode: string): 'file' | 'symlink' | 'other' {
  if (mode === '120000') return 'symlink';
  return mode.startsWith('100') ? 'file' : 'other';
}

interface Reading {
  readonly paths: Iterable<string>;
  readonly limits: ReadLimits | undefined;
}

async function* read(context: Context, byPath: ReadonlyMap<string, Blob>, { paths, limits }: Reading): AsyncGenerator<readonly TreeFile[]> {
  const maxBytes = limits?.maxBytes ?? MAX_READ_BYTES;
  const asked = [...paths];
  const problems = asked.map((path) => findProblem(byPath.get(path), maxBytes));
  const ids = asked.flatMap((path, index) => (problems[index] === null ? [byPath.get(path)!.id] : []));
  const blobs = context.git.blobs(context.directory, ids)[Symbol.asyncIterator]();
  let batch: TreeFile[] = [];
  let batchBytes = 0;
  for (const [index, path] of asked.entries()) {
    const problem = problems[index];
    const bytes = problem === null ? await nextBytes(blobs) : null;
    batch.push(
      bytes === null ? { path, bytes, problem: problem ?? 'git does not have it: a shallow or broken repository' } : { path, bytes },
    );
    batchBytes += bytes?.length ?? 0;
    if (batch.length < BATCH && batchBytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    batchBytes = 0;
    await context.clock.breathe(context.signal);
  }
  if (batch.length > 0) yield batch;
}

async function nextBytes(blobs: AsyncIterator<{ readonly bytes: Uint8Array | null }, unknown>): Promise<Uint8Array | null> {
  const next = await blobs.next();
  return next.done === true ? null : next.value.bytes;
}

function findProblem(blob: Blob | undefined, maxBytes: number): string | null {
  if (blob === undefined) return 'there is no such file';
  if (blob.kind !== 'file') return blob.problem ?? 'not a plain file';
  const { sizeBytes } = blob.stat ?? { sizeBytes: 0 };
  return sizeBytes > maxBytes ? `${sizeBytes} bytes; at most ${maxBytes} are read` : null;
}
