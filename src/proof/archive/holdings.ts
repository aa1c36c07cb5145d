// What whoever puts proofs away must know first: which are sealed, which archives there are, and that all of that holds.
import type { Context } from '../../context.ts';
import { sha256Of } from '../digest.ts';
import type { Entry } from '../ledger/entries.ts';
import { readLedger, type Ledger } from '../ledger/ledger.ts';
import { leafHash } from '../ledger/merkle.ts';
import type { Statement } from '../statement.ts';
import { listProofs, readBytes, type Store } from '../store.ts';
import { openProofs } from '../tree.ts';
import { judgeProof } from '../verification/judge.ts';
import { archivesClaimedBy, archivesPrunedBy, leavesPrunedBy, type ArchiveClaim, type PrunedArchive, type PrunedLeaf } from './claims.ts';

/** Why nothing may be put away. */
export interface Flaw {
  readonly check: string;
  /** Relative to proofs/. */
  readonly path: string;
  readonly reason: string;
}

export interface Holdings {
  readonly ledger: Ledger;
  /** By path; none where there is no ledger. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Archives that `compact` proofs vouch for, by path; those that were pruned are among them. */
  readonly claims: ReadonlyMap<string, ArchiveClaim>;
  /** What `prune` proofs say is gone, sealed or not yet. */
  readonly prunedLeaves: readonly PrunedLeaf[];
  readonly prunedArchives: readonly PrunedArchive[];
  readonly flaws: readonly Flaw[];
}

export async function readHoldings(context: Context, store: Store): Promise<Holdings> {
  const ledger = await readLedger(openProofs(context, store));
  const entries = new Map(ledger.entries.map((entry) => [entry.path, entry]));
  const flaws: Flaw[] = [...ledger.flaws];
  if (ledger.checkpoint !== null && ledger.root !== null && ledger.root !== ledger.checkpoint.root)
    flaws.push({ check: 'ledger-tampered', path: 'ledger/checkpoint', reason: 'its root is not that of the entries' });
  const compactProofs = readKind(store, { kind: 'compact', entries, flaws });
  const pruneProofs = readKind(store, { kind: 'prune', entries, flaws });
  const claims = compactProofs.flatMap(({ entry, statement }) => archivesClaimedBy(statement, entry.path));
  return {
    ledger,
    entries,
    claims: new Map(claims.map((claim) => [claim.path, claim])),
    prunedLeaves: pruneProofs.flatMap(({ entry, statement }) => leavesPrunedBy(statement, entry.path)),
    prunedArchives: pruneProofs.flatMap(({ entry, statement }) => archivesPrunedBy(statement, entry.path)),
    flaws,
  };
}

export interface Sealed {
  readonly entry: Entry;
  readonly bytes: Uint8Array;
  readonly statement: Statement;
}

/** A proof that is what was sealed and does not contradict itself; else why not. */
export function readSealed(store: Store, entry: Entry): Sealed | Flaw {
  const bytes = readBytes(store, { path: entry.path, archived: null });
  return bytes === null ? unreadable(entry) : judgeSealed(entry, bytes);
}

export function judgeSealed(entry: Entry, bytes: Uint8Array): Sealed | Flaw {
  const { path } = entry;
  if (!isSealedAs(entry, bytes)) return { check: 'tampered', path, reason: 'not the bytes that were sealed' };
  const { statement, flaws } = judgeProof(path, bytes);
  if (statement !== null && flaws.length === 0) return { entry, bytes, statement };
  return { check: flaws[0]?.check ?? 'schema', path, reason: flaws[0]?.reason ?? 'it is no statement' };
}

export function isSealedAs({ leaf }: Pick<Entry, 'leaf'>, bytes: Uint8Array): boolean {
  return leafHash(bytes).toString('hex') === leaf;
}

/** The packed bytes of an archive that is what its claim says, or why it is not. */
export function readClaimed({ files, proofs }: Store, { path, sha256, sizeBytes, claimedBy }: ArchiveClaim): Uint8Array | Flaw {
  const stat = files.stat(`${proofs}/${path}`);
  if (stat?.kind !== 'file') return { check: 'missing', path, reason: `the archive is gone; ${claimedBy} vouches for it` };
  const packed = stat.sizeBytes === sizeBytes ? files.read(`${proofs}/${path}`) : null;
  if (packed !== null && sha256Of(packed) === sha256) return packed;
  return { check: 'archive-tampered', path, reason: `not the bytes whose SHA-256 ${claimedBy} has` };
}

interface Reading {
  readonly kind: 'compact' | 'prune';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly flaws: Flaw[];
}

/** A proof that was recorded and not sealed yet counts as well: a run that was cut off is carried on. */
function readKind(store: Store, { kind, entries, flaws }: Reading): readonly Sealed[] {
  const found: Sealed[] = [];
  for (const proof of listProofs(store, kind)) {
    const { path } = proof;
    const bytes = readBytes(store, proof);
    const entry = entries.get(path) ?? { index: -1, path, leaf: bytes === null ? '' : leafHash(bytes).toString('hex') };
    const read = bytes === null ? unreadable(entry) : judgeSealed(entry, bytes);
    if ('statement' in read) found.push(read);
    else flaws.push(read);
  }
  return found;
}

function unreadable({ path }: Pick<Entry, 'path'>): Flaw {
  return { check: 'tampered', path, reason: 'no plain file that could be a proof' };
}
