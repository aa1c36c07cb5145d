// What there is to index, each file with the id of its content. Nothing is read that git knows already.
import type { Context } from '../context.ts';
import { SophiaError, systemCodeOf } from '../errors.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import { readGitCatalogue } from './catalogue/git.ts';
import { walkTree } from './catalogue/walk.ts';
import { IgnoreFiles, matcherOf } from './ignore.ts';
import type { Name } from './names.ts';
import { digestOf, fromText, toText, type Listing } from './catalogue/stamp.ts';
import { evidenceOf, lookAt, settleLoose } from './catalogue/work-tree.ts';

export type SkipReason =
  | 'binary'
  | 'too_large'
  | 'generated'
  | 'minified'
  | 'ignored'
  | 'unreadable'
  | 'not_utf8'
  | 'submodule'
  | 'symlink'
  | 'special'; // FIFO, socket, device

export interface Entry extends Name {
  /** git's id of the content, in hex: of 40 digits, or 64 in a SHA-256 repository. */
  readonly blob: string;
  /** Where content with this id surely is: the object database, or only the file on disk. */
  readonly from: 'object' | 'worktree';
  /** The file on disk is unchanged too and quicker to read; filters and line ends may make its bytes differ from the id. */
  readonly isInWorkTree: boolean;
  /** For `known` of the next run; null where git itself keeps watch, or the file is too young. */
  readonly hint: string | null;
  /** Null where nobody had to look. */
  readonly sizeBytes: number | null;
}

export interface Skipped {
  /** Ends with a slash where a whole directory was skipped. */
  readonly path: string;
  readonly reason: SkipReason;
}

interface Identity {
  readonly root: string;
  /** `owner/name` of the remote, else the name of the folder; a subdirectory adds its path. */
  readonly repository: string;
  readonly commit: string | null;
  readonly tree: string | null;
  /** Something differs from the commit, proofs aside. */
  readonly isDirty: boolean;
  /** Equal stamps mean equal entries. */
  readonly stamp: string;
}

export interface Inventory extends Identity {
  readonly unchanged: false;
  /** Sorted by path, each path once. */
  readonly entries: readonly Entry[];
  readonly skipped: readonly Skipped[];
  /** Paths of which only the disk tells what they hold, for `knownLoose` of the next run; null where that is of no use. */
  readonly loose: readonly string[] | null;
  /** Entries and skipped tell of these paths only: all others are as they were. Null: they tell of everything. */
  readonly only: ReadonlySet<string> | null;
}

export interface UnchangedInventory extends Identity {
  readonly unchanged: true;
}

export interface InventoryOptions {
  /** Absolute. */
  readonly root: string;
  /** Globs; when there are any, only what matches one is indexed. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Larger files are skipped where their size is known without reading; see `Entry.sizeBytes`. */
  readonly maxFileBytes?: number;
  /** Of an earlier inventory. When it still holds, nothing else is worked out. */
  readonly knownStamp?: string | undefined;
  /** Of an earlier inventory: a loose file whose hint is the same is not read again. */
  readonly known?: (path: string) => { readonly blob: string; readonly hint: string | null } | undefined;
  /** `loose` of the inventory whose stamp is known. With it, the answer may be about a few paths only: see `Inventory.only`. */
  readonly knownLoose?: readonly string[] | null;
}

const STAMP_VERSION = 2;
const MAX_FILE_BYTES = 1 << 20;
const IGNORE_FILE = '.sophiaignore';

/** Throws `NOT_A_DIRECTORY`, `GIT_UNTRUSTED`, `TOOL_MISSING` (a repository, but no git) and `TOOL_FAILED`. */
export async function takeInventory(context: Context, options: InventoryOptions & { readonly knownStamp?: undefined }): Promise<Inventory>;
export async function takeInventory(context: Context, options: InventoryOptions): Promise<Inventory | UnchangedInventory>;
export async function takeInventory(context: Context, options: InventoryOptions): Promise<Inventory | UnchangedInventory> {
  const root = openRoot(context, options.root);
  const known = fromText(options.knownStamp ?? '');
  const catalogue = (await readGit(context, root, known.listing)) ?? (await walkTree(context, root));
  const look = { root, format: catalogue.format, maxFileBytes: options.maxFileBytes ?? MAX_FILE_BYTES };
  const sights = await lookAt(context, catalogue.loose, look);
  const rules = readText(context, `${root}/${IGNORE_FILE}`);
  const wishes = JSON.stringify([STAMP_VERSION, options.include, options.exclude, look.maxFileBytes, catalogue.format, rules]);
  const whole = digestOf([wishes, ...catalogue.evidence, ...sights.map(evidenceOf)]);
  const grounds = catalogue.grounds === null ? null : digestOf([wishes, ...catalogue.grounds]);
  const { repository, commit, tree, isDirty } = catalogue;
  const identity: Identity = { root, repository, commit, tree, isDirty, stamp: toText({ whole, grounds, listing: catalogue.listing }) };
  if (whole === known.whole) return { ...identity, unchanged: true };

  const loose = grounds === null ? null : plainPathsOf(catalogue.loose);
  const isSameGround = grounds !== null && grounds === known.grounds;
  const only = isSameGround ? onlyAmong(context, root, { loose, knownLoose: options.knownLoose ?? null }) : null;
  const settled = only === null ? await catalogue.settle() : { entries: [], skipped: [] };
  const seen = await settleLoose(context, sights, { ...look, known: options.known ?? (() => undefined) });
  const all = [...settled.entries, ...seen.entries];
  const isLeftOut = filterOf(context, root, all, options);
  const leftOut: Skipped[] = [];
  const entries = all.filter((entry) => {
    const isIn = isLeftOut === null || !isLeftOut(entry.path);
    if (!isIn) leftOut.push({ path: entry.path, reason: 'ignored' });
    return isIn;
  });
  return {
    ...identity,
    unchanged: false,
    entries: distinct(entries.sort(byPath)),
    skipped: [...settled.skipped, ...seen.skipped, ...leftOut].sort(byPath),
    loose,
    only,
  };
}

/** Names that are no text, and names that such a one may look like, are told apart only among all others. */
function plainPathsOf(files: readonly Name[]): readonly string[] | null {
  return files.every(({ path, pathBytes }) => pathBytes === null && !path.includes('\uFFFD')) ? files.map(({ path }) => path) : null;
}

/** Each path costs a question to the store: of more than these it is asked for everything at once. */
const MAX_ONLY = 1000;

/**
 * The loose paths, where they alone decide what differs from the known inventory; else null. A file that was loose and is not
 * any more has git's content now, or none, and an ignore file speaks of other files than itself.
 */
function onlyAmong(
  context: Context,
  root: string,
  { loose, knownLoose }: { readonly loose: readonly string[] | null; readonly knownLoose: readonly string[] | null },
): ReadonlySet<string> | null {
  if (loose === null || knownLoose === null || loose.length > MAX_ONLY) return null;
  const only = new Set(loose);
  return knownLoose.every((path) => only.has(path)) && !isRuledBelow(context, root, only) ? only : null;
}

/** An ignore file stands among the paths, or in a folder between one of them and the root. */
function isRuledBelow(context: Context, root: string, paths: Iterable<string>): boolean {
  const folders = new Set<string>();
  for (const path of paths) {
    if (path.endsWith(`/${IGNORE_FILE}`)) return true;
    for (let at = path.lastIndexOf('/'); at > 0 && !folders.has(path.slice(0, at)); at = path.lastIndexOf('/', at - 1))
      folders.add(path.slice(0, at));
  }
  return [...folders].some((folder) => context.files.exists(`${root}/${folder}/${IGNORE_FILE}`));
}

function openRoot(context: Context, directory: string): string {
  try {
    const root = context.files.realPath(directory);
    context.files.scan(root);
    return root;
  } catch (error) {
    throw new SophiaError('NOT_A_DIRECTORY', { path: directory, reason: ` (${systemCodeOf(error) ?? 'unknown'})` }, { cause: error });
  }
}

/** Without git installed, a tree that is no repository can still be walked. */
async function readGit(context: Context, root: string, known: Listing | null): Promise<Catalogue | null> {
  try {
    const catalogue = await readGitCatalogue(context, root, known);
    if (catalogue === null && context.files.exists(`${root}/.git`))
      context.log.warn(`there is a .git in ${root}, but git sees no repository in it: commits are not known`);
    return catalogue;
  } catch (error) {
    const isMissing = error instanceof SophiaError && error.code === 'TOOL_MISSING';
    if (isMissing && !isInRepository(context, root)) return null;
    throw error;
  }
}

function isInRepository(context: Context, directory: string): boolean {
  const parent = directory.slice(0, Math.max(0, directory.lastIndexOf('/')));
  return context.files.exists(`${directory}/.git`) || (directory !== '' && isInRepository(context, parent));
}

/** Tells what the ignore files and the globs leave out; null when there are none. */
function filterOf(context: Context, root: string, entries: readonly Name[], options: InventoryOptions): ((path: string) => boolean) | null {
  const ignore = readIgnoreFiles(context, root, entries);
  const { include, exclude } = options;
  if (ignore.isEmpty && include.length === 0 && exclude.length === 0) return null;
  const isIncluded = matcherOf(include);
  const isExcluded = matcherOf(exclude);
  return (path) => ignore.isIgnored(path, false) || isExcluded(path) || (include.length > 0 && !isIncluded(path));
}

function readIgnoreFiles(context: Context, root: string, entries: readonly Name[]): IgnoreFiles {
  const ignore = new IgnoreFiles();
  ignore.add('', readText(context, `${root}/${IGNORE_FILE}`));
  const ending = `/${IGNORE_FILE}`;
  for (const { path } of entries) {
    if (path.endsWith(ending)) ignore.add(path.slice(0, -IGNORE_FILE.length - 1), readText(context, `${root}/${path}`));
  }
  return ignore;
}

/** Of a regular file, as git does it: what a link of this name leads to may have no end. */
function readText(context: Context, path: string): string {
  if (context.files.stat(path)?.kind !== 'file') return '';
  try {
    return context.files.readText(path);
  } catch {
    return '';
  }
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** Names that are not UTF-8 can become the same text; later ones get a mark more. */
function distinct(entries: readonly Entry[]): readonly Entry[] {
  if (entries.every(({ pathBytes }) => pathBytes === null)) return entries;
  const taken = new Set<string>(entries.filter(({ pathBytes }) => pathBytes === null).map(({ path }) => path));
  const strange = entries.filter(({ pathBytes }) => pathBytes !== null).sort((a, b) => Buffer.compare(a.pathBytes!, b.pathBytes!));
  const renamed = strange.map((entry) => {
    let { path } = entry;
    while (taken.has(path)) path += '\uFFFD';
    taken.add(path);
    return { ...entry, path };
  });
  return [...entries.filter(({ pathBytes }) => pathBytes === null), ...renamed].sort(byPath);
}
