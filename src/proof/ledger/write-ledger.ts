// The only writer of the ledger. Entries first, the checkpoint last: until it has its name, the ledger is what it was before.
import type { Context, Files } from '../../context.ts';
import { findObstacle } from '../recording/write.ts';
import { CHECKPOINT_FILE, writeCheckpoint } from './checkpoint.ts';
import { ENTRIES_A_FILE, entryFileOf, writeEntries, type Entry } from './entries.ts';
import { toLedgerError } from './lock.ts';
import type { Signed } from './signing.ts';
import { SSHSIG_FILE } from './sshsig.ts';

export interface LedgerWriting extends Pick<Signed, 'checkpoint'> {
  /** Null where there shall be none; undefined to leave it as it is. */
  readonly sshsig: Signed['sshsig'] | undefined;
  /** Absolute path of proofs/, and what a user calls it. */
  readonly proofs: string;
  readonly name: string;
  /** All that there will be, by index. */
  readonly entries: readonly Entry[];
  /** How many of them are there already, for good. */
  readonly from: number;
  /** Files of killed runs to be removed, relative to proofs/. */
  readonly leftovers: readonly string[];
}

/** Finishes what a seal that was cut off has begun, and throws `LEDGER_NOT_WRITTEN` or `LEDGER_FORBIDDEN` where that cannot be done. */
export function writeLedger({ files }: Pick<Context, 'files'>, writing: LedgerWriting): void {
  const { proofs, name, entries, from, checkpoint, sshsig, leftovers } = writing;
  try {
    makeFolder(files, proofs, entryFileOf(0));
    removeLeftovers(files, proofs);
    for (const path of leftovers) files.remove(`${proofs}/${path}`);
    removeBeyond(files, proofs, Math.ceil(entries.length / ENTRIES_A_FILE));
    for (let number = Math.floor(from / ENTRIES_A_FILE); number * ENTRIES_A_FILE < entries.length; number += 1) {
      const path = entryFileOf(number);
      makeFolder(files, proofs, path);
      files.replace(`${proofs}/${path}`, writeEntries(entries.slice(number * ENTRIES_A_FILE, (number + 1) * ENTRIES_A_FILE)));
    }
    if (typeof sshsig === 'string') files.replace(`${proofs}/${SSHSIG_FILE}`, sshsig);
    files.replace(`${proofs}/${CHECKPOINT_FILE}`, writeCheckpoint(checkpoint));
    if (sshsig === null && files.exists(`${proofs}/${SSHSIG_FILE}`)) files.remove(`${proofs}/${SSHSIG_FILE}`);
  } catch (thrown) {
    throw toLedgerError(name, thrown);
  }
}

/** Nothing of ours may get, through a link that a repository brings, to a place where it does not belong. */
function makeFolder(files: Files, proofs: string, path: string): void {
  const obstacle = findObstacle(files, proofs, path);
  if (obstacle !== null) throw new Error(obstacle);
  files.makeDirectory(`${proofs}/${path.slice(0, path.lastIndexOf('/'))}`);
}

/** Temporary files of a run that was killed while it wrote: only who holds the lock writes here, so they are nobody's. */
function removeLeftovers(files: Files, proofs: string): void {
  for (const folder of foldersBelow(files, `${proofs}/ledger`)) {
    for (const name of files.list(folder)) {
      if (/^\..+\.[0-9a-f]{12}\.tmp$/.test(name)) files.remove(`${folder}/${name}`);
    }
  }
}

function foldersBelow(files: Files, folder: string): readonly string[] {
  const inner = files.list(folder).map((name) => `${folder}/${name}`);
  return [folder, ...inner.filter((path) => files.stat(path)?.kind === 'directory').flatMap((path) => foldersBelow(files, path))];
}

/** Files of entries that a longer seal, cut off before its checkpoint, has left. */
function removeBeyond(files: Files, proofs: string, first: number): void {
  for (let number = first; files.exists(`${proofs}/${entryFileOf(number)}`); number += 1) files.remove(`${proofs}/${entryFileOf(number)}`);
}
