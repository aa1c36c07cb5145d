// Trees to index: of packages named here, laid out once in a cache folder as a repository of one commit, or given by path.
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

export interface Corpus {
  readonly name: string;
  readonly directory: string;
  /** What it was made of. */
  readonly source: string;
}

export interface Missing {
  readonly name: string;
  readonly reason: string;
}

/** Published with their sources. Versions are exact: another version is another corpus. */
const NPM_PACKAGES = [
  'three@0.187.0',
  'rxjs@7.8.2',
  'effect@4.1.0',
  'viem@2.57.20',
  'date-fns@4.4.0',
  '@tensorflow/tfjs-core@4.22.0',
  'ethers@6.17.0',
  'typescript@5.9.3',
  'monaco-editor@0.57.0',
];
/** A package that stands for the newest of its kind: what it depends on is taken. */
const DEBIAN_PACKAGE = 'golang-src';

/** Files that such packages are not written in. */
const BUILT = /\.(?:map|min\.\w+|wasm|node|bundle\.js|tsbuildinfo)$/;

/** Outside of every repository, and kept: packages are fetched once. */
export const CACHE = path.join(
  process.env['SOPHIA_BENCH_CACHE'] ?? path.join(process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'), 'sophia-bench'),
);

/** The corpora given by path, else those that can be assembled here; what cannot be is told with the reason. */
export function assemble(paths: readonly string[]): { corpora: readonly Corpus[]; missing: readonly Missing[] } {
  if (paths.length > 0) return { corpora: paths.map(toGiven), missing: [] };
  const corpora: Corpus[] = [];
  const missing: Missing[] = [];
  for (const [name, make, source] of [
    ['npm', fetchFromNpm, NPM_PACKAGES.join(', ')],
    ['debian', fetchFromDebian, DEBIAN_PACKAGE],
  ] as const) {
    try {
      corpora.push({ name, directory: once(path.join(CACHE, 'corpora', `${name}-${keyOf(source)}`), make), source });
    } catch (error) {
      missing.push({ name, reason: (error as Error).message.split('\n')[0]! });
    }
  }
  return { corpora, missing };
}

function toGiven(given: string): Corpus {
  const directory = path.resolve(given);
  git(directory, 'rev-parse', 'HEAD');
  return { name: path.basename(directory), directory, source: 'given by path' };
}

/** Short, and another one for other packages. */
function keyOf(source: string): string {
  return [...source].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7).toString(36);
}

/** Makes a folder completely, or not at all. */
function once(directory: string, make: (folder: string) => void): string {
  if (existsSync(directory)) return directory;
  const half = `${directory}.half`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true });
  make(half);
  commit(half);
  renameSync(half, directory);
  return directory;
}

function fetchFromNpm(folder: string): void {
  const modules = path.join(folder, 'node_modules');
  writeFileSync(path.join(folder, 'package.json'), '{"private": true}');
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--silent', ...NPM_PACKAGES], {
    cwd: folder,
    stdio: 'ignore',
  });
  for (const name of readdirSync(modules).filter((each) => !each.startsWith('.'))) {
    // Under its own name: a folder called node_modules is one that nobody indexes.
    cpSync(path.join(modules, name), path.join(folder, name), {
      recursive: true,
      filter: (file) => !BUILT.test(file) && path.basename(file) !== 'node_modules',
    });
  }
  rmSync(modules, { recursive: true });
}

/** Downloaded and unpacked, not installed. */
function fetchFromDebian(folder: string): void {
  const depends = execFileSync('apt-cache', ['depends', DEBIAN_PACKAGE], { encoding: 'utf8' });
  const names = [...depends.matchAll(/Depends: ([\w.+-]+)/g)].map(([, name]) => name!);
  if (names.length === 0) throw new Error(`apt knows no ${DEBIAN_PACKAGE}`);
  execFileSync('apt-get', ['download', ...names], { cwd: folder, stdio: 'ignore' });
  for (const file of readdirSync(folder).filter((each) => each.endsWith('.deb'))) {
    execFileSync('dpkg-deb', ['-x', file, folder], { cwd: folder });
    rmSync(path.join(folder, file));
  }
  if (!statSync(path.join(folder, 'usr')).isDirectory()) throw new Error(`${names.join(', ')} hold no files`);
}

function commit(directory: string): void {
  git(directory, 'init', '--quiet', '--initial-branch=main');
  appendFileSync(path.join(directory, '.git/info/exclude'), '/proofs/\n/.codegraph/\n');
  git(directory, 'add', '--all', '--force', '.');
  git(
    directory,
    '-c',
    'user.name=bench',
    '-c',
    'user.email=bench@localhost',
    'commit',
    '--quiet',
    '--no-gpg-sign',
    '--message',
    'The corpus',
  );
}

export function git(directory: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: directory, encoding: 'utf8', maxBuffer: 1 << 28 });
}
