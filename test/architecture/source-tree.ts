// The repository's own TypeScript, as git sees it: what is tracked, and what is new and not ignored.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Tree } from './inspect.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/** Repository-relative paths of every file that a commit of the work tree would hold. */
export function listFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return [...new Set(listed.split('\0'))].filter((name) => name !== '' && existsSync(path.join(ROOT, name))).sort();
}

export function readTree(): Tree {
  const modules = listFiles().filter(
    (name) => /^(src|test|bench)\/.*\.ts$/.test(name) && !name.includes('/fixtures/') && !name.startsWith('test/golden/'),
  );
  return new Map(modules.map((name) => [name, readFileSync(path.join(ROOT, name), 'utf8')]));
}
