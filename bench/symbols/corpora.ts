// Source files to be found on this machine, or under the directories that were asked for.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { extname, join } from 'node:path';
import type { Language } from '../../src/index/languages/language.ts';

const LARGEST_BYTES = 1_000_000;

/** Where programs and packages leave sources: whatever of it exists here. */
export function defaultRoots(): string[] {
  const python = answerOf('python3', ['-c', 'import sysconfig; print(sysconfig.get_paths()["stdlib"])']);
  const rust = answerOf('rustc', ['--print', 'sysroot']);
  const ruby = answerOf('ruby', ['-e', 'puts RbConfig::CONFIG["rubylibdir"]']);
  const go = answerOf('go', ['env', 'GOROOT']) ?? '/usr/local/go';
  const candidates = [
    join(import.meta.dirname, '../../node_modules'),
    python,
    join(go, 'src'),
    '/usr/include',
    '/usr/share',
    '/usr/lib/git-core',
    '/etc',
    join(homedir(), '.cargo/registry/src'),
    rust && join(rust, 'lib/rustlib/src'),
    ruby,
  ];
  return candidates.filter((path) => path !== undefined && existsSync(path)) as string[];
}

/** Every `count`th part of a sorted list, so that a sample is spread over packages and the same in each run. */
export function sample(paths: readonly string[], count: number): string[] {
  const step = paths.length / count;
  return step <= 1 ? [...paths] : Array.from({ length: count }, (_, index) => paths[Math.floor(index * step)]!);
}

/** By language name, sorted; each file once, however many links lead to it. */
export function filesByLanguage(roots: readonly string[], languages: readonly Language[]): Map<string, string[]> {
  const found = new Map<string, string[]>(languages.map(({ name }) => [name, []]));
  const byExtension = new Map(languages.flatMap(({ name, extensions }) => extensions.map((extension) => [extension, name])));
  for (const path of new Set(roots.flatMap((root) => [...filesUnder(realpathSync(root))]))) {
    const name = byExtension.get(extname(path).toLowerCase());
    if (name !== undefined && isReadable(path)) found.get(name)!.push(path);
  }
  for (const paths of found.values()) paths.sort();
  return found;
}

/** Without recursion and without following links. */
function* filesUnder(root: string): Iterable<string> {
  const waiting = [root];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile()) yield path;
    }
  }
}

function entriesOf(folder: string): { name: string; isDirectory(): boolean; isFile(): boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function isReadable(path: string): boolean {
  try {
    const { size } = statSync(path);
    return size > 0 && size <= LARGEST_BYTES;
  } catch {
    return false;
  }
}

function answerOf(command: string, parameters: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, parameters, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
