// One seal at a time: a lock beside the directory of proofs. The second waits a little, and then says who is at work.
import { dirname } from 'node:path';
import type { Context, Files } from '../../context.ts';
import { SophiaError, systemCodeOf } from '../../errors.ts';

const PAUSE_MS = 100;
const PATIENCE_MS = 10_000;
const LOCK = 'seal.lock';

/** Whether a run is at work, or was killed there: what is read meanwhile may be half of what it writes. */
export function isLocked({ files }: Pick<Context, 'files'>, proofs: string): boolean {
  return files.exists(`${homeOf(proofs)}/${LOCK}`);
}

/** Throws `LEDGER_LOCKED`, `LEDGER_FORBIDDEN` and `LEDGER_NOT_WRITTEN`. A lock whose process has ended is taken over. */
export async function withSealLock<Value>(
  context: Context,
  { proofs, name }: { readonly proofs: string; readonly name: string },
  work: () => Promise<Value>,
): Promise<Value> {
  const home = homeOf(proofs);
  const path = `${home}/${LOCK}`;
  if ((context.files.stat(home)?.kind ?? 'directory') !== 'directory') throw toLedgerError(name, new Error(`${home} is no folder`));
  try {
    makeHome(context, home);
  } catch (thrown) {
    throw toLedgerError(name, thrown);
  }
  const lock = await take(context, { path, name });
  try {
    return await work();
  } finally {
    lock.release();
  }
}

function homeOf(proofs: string): string {
  return `${dirname(proofs)}/.sophia`;
}

async function take(
  { files, clock, log, signal }: Context,
  { path, name }: { readonly path: string; readonly name: string },
): Promise<{ release(): void }> {
  const until = clock.monotonicMs() + PATIENCE_MS;
  for (let attempt = 0; ; attempt += 1) {
    const lock = tryLock(files, path, name);
    if ('release' in lock) return lock;
    const holder = lock.heldBy === null ? 'another process' : `process ${lock.heldBy}`;
    if (clock.monotonicMs() >= until) throw new SophiaError('LEDGER_LOCKED', { directory: name, holder, path });
    if (attempt === 0) log.info(`waiting for ${holder}, which seals ${name}`);
    await clock.sleep(PAUSE_MS, signal);
  }
}

function tryLock(files: Files, path: string, name: string): ReturnType<Files['lock']> {
  try {
    return files.lock(path);
  } catch (thrown) {
    throw toLedgerError(name, thrown);
  }
}

/** What the system said of a file that could not be written. */
export function toLedgerError(directory: string, thrown: unknown): SophiaError {
  if (thrown instanceof SophiaError) return thrown as SophiaError; // instanceof forgets which codes there are
  const details = { directory, reason: thrown instanceof Error ? thrown.message : String(thrown) };
  const isForbidden = ['EACCES', 'EPERM', 'EROFS'].includes(systemCodeOf(thrown) ?? '');
  return isForbidden
    ? new SophiaError('LEDGER_FORBIDDEN', details, { cause: thrown })
    : new SophiaError('LEDGER_NOT_WRITTEN', details, { cause: thrown });
}

/** The folder keeps itself out of git, whatever the repository's own .gitignore says. */
function makeHome({ files }: Context, home: string): void {
  files.makeDirectory(home);
  if (files.exists(`${home}/.gitignore`)) return;
  try {
    files.create(`${home}/.gitignore`, '*\n');
  } catch (thrown) {
    if (systemCodeOf(thrown) !== 'EEXIST') throw thrown;
  }
}
