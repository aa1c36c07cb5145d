// git as the catalogue: its index knows the content id of every file, and what changed since without reading it.
import path from 'node:path';
import type { Context, ExecResult } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import type { ObjectFormat } from '../blob-id.ts';
import { isOurs, type Catalogue, type LooseFile } from './catalogue.ts';
import { digestOfGitIndex } from './git-index.ts';
import type { Entry, Skipped } from '../inventory.ts';
import { below, Records, type Name } from '../names.ts';
import { lacksObjects } from './partial-clone.ts';
import { digestOf, type Listing } from './stamp.ts';

/** Null where no git repository is. `known` is of an earlier look. Throws `GIT_UNTRUSTED`, `TOOL_MISSING`, `TOOL_FAILED`. */
export async function readGitCatalogue(context: Context, root: string, known: Listing | null): Promise<Catalogue | null> {
  const git: Ask = (...args) => context.git.run(root, args, { signal: context.signal });
  const index = digestOfGitIndex(context, root);
  // All at once: waiting for one another costs more than asking.
  const [listed, { place, status, remote }] = await Promise.all([
    known?.index === index ? null : list(git),
    context.git.workTree(root, { signal: context.signal }),
  ]);
  context.signal.throwIfAborted();
  const repository = toPlace(root, place, remote ?? '');
  if (repository === null) return null;
  if (repository.isBare) return await readBare(repository, git);
  refuseFailure('status', status);
  if (listed === null) return toCatalogue({ place: repository, listing: known!, listed: () => list(git), status });
  refuseFailure('ls-files', listed);
  const digest = digestOf([listed.stdout]);
  // It may have been written while it was listed: what was listed from which, nobody knows then.
  const isSettled = index !== null && index === digestOfGitIndex(context, root);
  return toCatalogue({
    place: repository,
    listing: isSettled ? { index, digest } : { index: null, digest },
    listed: async () => listed,
    status,
  });
}

type Ask = (...args: string[]) => Promise<ExecResult>;

function list(git: Ask): Promise<ExecResult> {
  return git('ls-files', '-s', '-v', '-z');
}

function refuseFailure(command: string, result: ExecResult): void {
  if (result.exitCode !== 0) throw toFailure(command, result);
}

interface Place {
  readonly isBare: boolean;
  readonly format: ObjectFormat;
  readonly repository: string;
  readonly prefix: string;
  readonly commit: string | null;
  readonly tree: string | null;
}

function toPlace(root: string, { exitCode, stdout, stderr }: ExecResult, remote: string): Place | null {
  const lines = textOf(stdout).split('\n').slice(0, -1);
  const [isBare, isInside, format, ...rest] = lines;
  const message = textOf(stderr);
  if (format === undefined) {
    if (/not a git repository \(or any/.test(message)) return null;
    throw message.includes('safe.') ? toDistrust(root, message) : toFailure('rev-parse', { exitCode, stderr });
  }
  if (isBare === 'false' && isInside === 'false') return null; // in .git itself
  const hasCommit = exitCode === 0;
  // Without a commit, rev-parse echoes HEAD and stops. The prefix in between may hold line breaks of its own.
  const prefix = rest.slice(0, hasCommit ? -2 : -1).join('\n');
  const [commit = null, tree = null] = hasCommit ? rest.slice(-2) : [];
  const name = nameOf(remote) ?? path.basename(prefix === '' ? root : root.slice(0, -prefix.length));
  const repository = prefix === '' ? name : `${name}/${prefix.slice(0, -1)}`;
  return { isBare: isBare === 'true', format: format === 'sha256' ? 'sha256' : 'sha1', repository, prefix, commit, tree };
}

/** `owner/name` of a remote on some host; null for one that is a directory. */
function nameOf(remote: string): string | null {
  const found = /^(?:(?!file:)\w[\w+.-]*:\/\/[^/]+\/|(?:[^/@:]+@)?[^/:.][^/:]+:(?!\/\/))(.+?)(?:\.git)?\/*$/.exec(remote);
  return found === null ? null : found[1]!.replace(/^\/+/, '');
}

interface Asked {
  readonly place: Place;
  readonly status: ExecResult;
  readonly listing: { readonly index: string | null; readonly digest: string };
  /** Asked for when it is needed. */
  readonly listed: () => Promise<ExecResult>;
}

function toCatalogue({ place, status, listing, listed }: Asked): Catalogue {
  const { touched, strangers, repositories, ignored, hasStaged } = parseStatus(place.prefix, status.stdout);
  const unreadable = parseWarnings(place.prefix, status.stderr);
  const { index, digest } = listing;
  return {
    ...identityOf(place),
    isDirty: hasStaged || touched.length > 0 || strangers.length > 0,
    evidence: [
      digest,
      JSON.stringify([touched, repositories, unreadable], (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
      ),
    ],
    grounds: [digest, JSON.stringify([repositories, unreadable, ignored])],
    listing: index === null ? null : { index, digest },
    loose: [...touched, ...strangers],
    settle: async () => {
      const result = await listed();
      refuseFailure('ls-files', result);
      const tracked = parseListed(result.stdout, new Set(touched.map(keyOf)));
      return { entries: tracked.entries, skipped: [...tracked.skipped, ...repositories, ...unreadable, ...ignored] };
    },
  };
}

function identityOf({ repository, commit, tree, format }: Place): Pick<Catalogue, 'repository' | 'commit' | 'tree' | 'format'> {
  return { repository, commit, tree, format };
}

/** Two names that differ only in bytes that are not UTF-8 have the same text. */
function keyOf({ path: text, pathBytes }: Name): string {
  return pathBytes === null ? text : `\0${Buffer.from(pathBytes).toString('latin1')}`;
}

/** `H 100644 <id> 0\t<path>`. Lower case tags are assumed unchanged, S is left out of a sparse checkout. */
function parseListed(output: Uint8Array, touched: ReadonlySet<string>): { entries: Entry[]; skipped: Skipped[] } {
  const records = new Records(output);
  const entries: Entry[] = [];
  const skipped: Skipped[] = [];
  for (const line of records.lines) {
    const tab = line.indexOf('\t');
    const name = records.nameOf(line.slice(tab + 1));
    if (isOurs(name.path)) continue;
    const reason = skipReasonOf(line.slice(2, 8));
    if (reason !== null) {
      if (reason === 'submodule' || !touched.has(keyOf(name))) skipped.push({ path: name.path, reason });
    } else if (line[tab - 1] === '0' && !(touched.size > 0 && touched.has(keyOf(name)))) {
      entries.push({ ...name, blob: line.slice(9, tab - 2), from: 'object', isInWorkTree: line[0] === 'H', hint: null, sizeBytes: null });
    }
  }
  return { entries, skipped };
}

function skipReasonOf(mode: string): 'submodule' | 'symlink' | null {
  if (mode === '160000') return 'submodule';
  return mode === '120000' ? 'symlink' : null;
}

interface Status {
  /** Files that may differ from git's index, each once. */
  readonly touched: LooseFile[];
  /** Files that git neither knows nor ignores. */
  readonly strangers: LooseFile[];
  /** Repositories of their own, which git does not enter. */
  readonly repositories: Skipped[];
  readonly ignored: Skipped[];
  /** git's index differs from the commit. */
  readonly hasStaged: boolean;
}

/** `# …` · `1 XY sub mH mI mW hH hI path` · `u XY sub m1 m2 m3 mW h1 h2 h3 path` (in conflict) · `? path` · `! path` (ignored). */
function parseStatus(prefix: string, output: Uint8Array): Status {
  const records = new Records(output);
  const status: Status = { touched: [], strangers: [], repositories: [], ignored: [], hasStaged: false };
  let hasStaged = false;
  for (const line of records.lines) {
    const kind = line[0];
    const fields = FIELDS_BEFORE_PATH[kind ?? ''];
    if (fields === undefined) continue;
    const name = below(prefix, records.nameOf(line.slice(offsetAfter(line, fields))));
    if (isOurs(name.path)) continue;
    if (kind === '!') {
      status.ignored.push({ path: name.path, reason: 'ignored' });
      continue;
    }
    if (kind === '?') {
      if (name.path.endsWith('/')) status.repositories.push({ path: name.path, reason: 'submodule' });
      else status.strangers.push({ ...name, indexed: null });
      continue;
    }
    if (kind === 'u' || line[2] !== '.') hasStaged = true;
    const indexed = kind === 'u' ? null : line.split(' ', 8)[7]!;
    if (kind === 'u' || line[3] !== '.') status.touched.push({ ...name, indexed });
  }
  return { ...status, hasStaged };
}

const FIELDS_BEFORE_PATH: Readonly<Record<string, number>> = { '1': 8, u: 10, '?': 1, '!': 1 };

/** Where a record goes on behind so many fields, each ended by a space. */
function offsetAfter(line: string, fields: number): number {
  let at = 0;
  for (let count = 0; count < fields; count += 1) at = line.indexOf(' ', at) + 1;
  return at;
}

/** git goes on without a directory that it may not read, and only warns. */
function parseWarnings(prefix: string, stderr: Uint8Array): Skipped[] {
  const found = textOf(stderr).matchAll(/^warning: could not open directory '(.*)': /gm);
  return [...found].map(([, directory]) => ({
    path: directory!.slice(directory!.startsWith(prefix) ? prefix.length : 0),
    reason: 'unreadable',
  }));
}

/** No work tree: the files of the last commit, from the object database. */
async function readBare(place: Place, git: Ask): Promise<Catalogue> {
  const identity = { ...identityOf(place), isDirty: false, loose: [], grounds: null, listing: null };
  if (place.commit === null) return { ...identity, evidence: [], settle: async () => ({ entries: [], skipped: [] }) };
  const listed = await git('ls-tree', '-r', '-z', '--full-tree', place.commit);
  if (listed.exitCode !== 0) throw toFailure('ls-tree', listed);
  return { ...identity, evidence: [listed.stdout], settle: async () => parseTree(listed.stdout) };
}

/** `100644 blob <id>\t<path>`. */
function parseTree(output: Uint8Array): { entries: Entry[]; skipped: Skipped[] } {
  const records = new Records(output);
  const entries: Entry[] = [];
  const skipped: Skipped[] = [];
  for (const line of records.lines) {
    const tab = line.indexOf('\t');
    const [mode = '', , blob = ''] = line.slice(0, tab).split(' ');
    const name = records.nameOf(line.slice(tab + 1));
    const reason = skipReasonOf(mode);
    if (isOurs(name.path)) continue;
    if (reason === null) entries.push({ ...name, blob, from: 'object', isInWorkTree: false, hint: null, sizeBytes: null });
    else skipped.push({ path: name.path, reason });
  }
  return { entries, skipped };
}

function toDistrust(root: string, message: string): SophiaError {
  const reason = /^fatal: (.*)$/m.exec(message)?.[1] ?? message.trim();
  const command = /^\s*(git config .*)$/m.exec(message)?.[1];
  const mend = command === undefined ? 'See safe.directory and safe.bareRepository in "git help config".' : `If you trust it: ${command}`;
  return new SophiaError('GIT_UNTRUSTED', { path: root, reason, mend });
}

function toFailure(command: string, { exitCode, stderr }: Pick<ExecResult, 'exitCode' | 'stderr'>): SophiaError {
  const words = textOf(stderr)
    .trim()
    .split('\n')
    .at(-1)!
    .replace(/^(?:fatal|error): /, '');
  const reason = lacksObjects(stderr) ? `this clone lacks objects, which the same command fetches by hand (${words})` : words;
  return new SophiaError('TOOL_FAILED', { tool: 'git', reason: reason || `exit code ${exitCode}`, command: `git ${command}` });
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
