// Where reports may be written: a plain file, in a folder that is there, and nothing that the run itself lives on.
import path from 'node:path';
import type { Context } from '../context.ts';
import type { RunOptions } from './options.ts';

type Where = Pick<Context, 'config' | 'directory' | 'files'>;

/** What is wrong with them, as a sentence; null where nothing is. */
export function problemOfReports(where: Where, { junit, tap, dryRun }: Pick<RunOptions, 'junit' | 'tap' | 'dryRun'>): string | null {
  const asked = Object.entries({ junit, tap }).flatMap(([option, file]) => (file === undefined ? [] : [{ option, file }]));
  const [first] = asked;
  if (first === undefined) return null;
  if (dryRun) return `--${first.option}: nothing is found with --dry-run, so there is nothing to report`;
  const resolved = asked.map(({ file }) => path.resolve(where.directory, file));
  if (resolved.length === 2 && resolved[0] === resolved[1]) return `--junit and --tap are the same file, ${first.file}`;
  for (const { option, file } of asked) {
    const problem = problemOfFile(where, file);
    if (problem !== null) return `--${option}: ${problem}`;
  }
  return null;
}

/** A file is replaced by renaming over it, which would put a plain file in the place of a device or a link. */
function problemOfFile({ config, directory, files }: Where, file: string): string | null {
  const resolved = path.resolve(directory, file);
  const { kind } = files.stat(resolved) ?? { kind: 'file' };
  if (kind === 'directory') return `${file} is a directory`;
  if (kind !== 'file') return `${file} is no plain file`;
  if (!files.exists(path.dirname(resolved))) return `there is no directory ${path.dirname(file)}`;
  if (resolved.startsWith(path.resolve(directory, 'proofs') + path.sep)) return `${file} is among the proofs, where nothing else may lie`;
  if (config.file !== null && resolved === path.resolve(directory, config.file)) return `${file} is the configuration`;
  return null;
}
