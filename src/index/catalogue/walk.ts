// A tree without git: every file is found by looking, with the same rules about what is left out.
import path from 'node:path';
import type { Context, DirectoryEntry } from '../../context.ts';
import { isOurs, type Catalogue, type LooseFile } from './catalogue.ts';
import { IgnoreFiles } from '../ignore.ts';
import type { Skipped } from '../inventory.ts';
import { childOf, locate, type Name } from '../names.ts';

const BREATHE_EVERY = 64;
/** What the kernel makes up: without end, and nobody's source. */
const MADE_UP: ReadonlySet<string> = new Set(['/proc', '/sys', '/dev']);

export async function walkTree(context: Context, root: string): Promise<Catalogue> {
  const walk: Walk = { context, root, ignore: new IgnoreFiles(), files: [], skipped: [], directories: [{ path: '', pathBytes: null }] };
  for (let count = 0; walk.directories.length > 0; count += 1) {
    if (count % BREATHE_EVERY === 0) await context.clock.breathe(context.signal);
    enter(walk, walk.directories.pop()!);
  }
  return {
    repository: path.basename(root) || root,
    commit: null,
    tree: null,
    format: 'sha1', // what git would give to the same files
    isDirty: false,
    evidence: [JSON.stringify(walk.skipped)],
    grounds: null,
    listing: null,
    loose: walk.files,
    settle: async () => ({ entries: [], skipped: walk.skipped }),
  };
}

interface Walk {
  readonly context: Context;
  readonly root: string;
  readonly ignore: IgnoreFiles;
  readonly files: LooseFile[];
  readonly skipped: Skipped[];
  readonly directories: Name[];
}

function enter(walk: Walk, directory: Name): void {
  const { context, root, skipped } = walk;
  let entries: readonly DirectoryEntry[];
  try {
    entries = context.files.scan(locate(root, directory));
  } catch {
    skipped.push({ path: `${directory.path}/`, reason: 'unreadable' });
    return;
  }
  const isRepository = directory.path !== '' && entries.some(({ name }) => name === '.git');
  if (isRepository) {
    skipped.push({ path: `${directory.path}/`, reason: 'submodule' });
    return;
  }
  const rules = entries.find(({ name, kind }) => name === '.gitignore' && kind === 'file');
  if (rules !== undefined) addRules(walk, directory);
  for (const entry of entries) if (entry.name !== '.git') take(walk, childOf(directory, entry.name), entry.kind);
}

function addRules({ context, root, ignore }: Walk, directory: Name): void {
  try {
    ignore.add(directory.path, context.files.readText(locate(root, childOf(directory, '.gitignore'))));
  } catch {
    // Not readable: it is reported as a file, and rules nothing out.
  }
}

function take({ root, ignore, files, skipped, directories }: Walk, name: Name, kind: DirectoryEntry['kind']): void {
  const isDirectory = kind === 'directory';
  const label = isDirectory ? `${name.path}/` : name.path;
  if (isOurs(label)) return;
  if (isDirectory && MADE_UP.has(`${root === '/' ? '' : root}/${name.path}`)) {
    skipped.push({ path: label, reason: 'special' });
    return;
  }
  if (ignore.isIgnored(name.path, isDirectory)) skipped.push({ path: label, reason: 'ignored' });
  else if (isDirectory) directories.push(name);
  else if (kind === 'file') files.push({ ...name, indexed: null });
  else skipped.push({ path: label, reason: kind === 'symlink' ? 'symlink' : 'special' });
}
