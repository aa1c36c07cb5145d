// Where an exported log may go: a place of its own.
import path from 'node:path';
import type { Context, Files } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import type { Store } from '../store.ts';

/** The absolute path of `given`, as typed from the working directory. Throws `EXPORT_TARGET_INVALID`. */
export function locateTarget({ files, directory }: Context, store: Store, given: string): string {
  const target = path.resolve(directory, given);
  const refuse = (problem: string): never => {
    throw new SophiaError('EXPORT_TARGET_INVALID', { path: given, problem });
  };
  if (isWithin(target, path.resolve(store.proofs))) refuse('it lies among the proofs');
  const kind = files.stat(target)?.kind ?? null;
  if (kind !== null && kind !== 'directory') refuse('it is no directory');
  if (kind === 'directory' && namesIn(files, target).length > 0) refuse('it is not empty');
  return target;
}

/** What the system said of a place that takes no file, or shows none. */
export function refuseTarget(target: string, thrown: unknown): SophiaError {
  const problem = thrown instanceof Error ? thrown.message : String(thrown);
  return new SophiaError('EXPORT_TARGET_INVALID', { path: target, problem }, { cause: thrown });
}

function namesIn(files: Files, target: string): readonly string[] {
  try {
    return files.list(target);
  } catch (thrown) {
    throw refuseTarget(target, thrown);
  }
}

function isWithin(target: string, folder: string): boolean {
  return target === folder || target.startsWith(`${folder}${path.sep}`);
}
