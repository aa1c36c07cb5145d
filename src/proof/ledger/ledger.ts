// Reading the ledger of a directory of proofs: the checkpoint, and every entry it covers. Nothing is believed that is not spelled exactly.
import { readFileOf, type ProofTree } from '../tree.ts';
import { CHECKPOINT_FILE, parseCheckpoint, textOfCheckpoint, toRoot, type Checkpoint } from './checkpoint.ts';
import { ENTRIES_A_FILE, entryFileOf, MAX_ENTRY_FILE_BYTES, parseEntries, type Entry } from './entries.ts';
import { GrowingTree } from './merkle.ts';
import { MAX_NOTE_BYTES } from './note.ts';
import { holdsSshsig, MAX_SSHSIG_BYTES, parseSshsig, SSHSIG_FILE } from './sshsig.ts';

export interface LedgerFlaw {
  readonly check: 'ledger-tampered' | 'ledger-missing' | 'bad-signature';
  /** Relative to proofs/. */
  readonly path: string;
  readonly reason: string;
}

export interface Ledger {
  /** Whether there is anything of a ledger at all; without a checkpoint that can be read everything else is empty. */
  readonly isPresent: boolean;
  readonly checkpoint: Checkpoint | null;
  /** What the checkpoint covers, by index. There are fewer than its size only where a flaw says why. */
  readonly entries: readonly Entry[];
  /** Root over the entries, base64; null where entries are missing. Whether it is the checkpoint's is for the reader to judge. */
  readonly root: string | null;
  /** The same, to go on from; of what is there. */
  readonly grown: GrowingTree;
  /** Ed25519 key whose signature in `ledger/checkpoint.sshsig` is right, 32 bytes; null where there is none. */
  readonly sshSigner: Uint8Array | null;
  /** Entries beyond the checkpoint: left by a seal that was cut off, to be finished by the next, or slipped in. */
  readonly tail: readonly Entry[];
  /** The ledger's files that were read, relative to proofs/: `ledger/checkpoint`, `ledger/entries/000`. */
  readonly files: ReadonlySet<string>;
  readonly flaws: readonly LedgerFlaw[];
}

const ABSENT: Ledger = {
  isPresent: false,
  checkpoint: null,
  entries: [],
  root: null,
  grown: new GrowingTree(),
  sshSigner: null,
  tail: [],
  files: new Set(),
  flaws: [],
};

export async function readLedger(tree: ProofTree): Promise<Ledger> {
  const flaws: LedgerFlaw[] = [];
  const files = new Set<string>();
  const checkpoint = await readCheckpoint(tree, flaws);
  if (checkpoint === null) return await readHeadless(tree, { files, flaws });
  files.add(CHECKPOINT_FILE);
  const all = await readEntries(tree, checkpoint.size, { files, flaws });
  const tail = all.filter(({ index }) => index >= checkpoint.size);
  const entries = tail.length === 0 ? all : all.filter(({ index }) => index < checkpoint.size);
  const grown = grow(entries);
  const root = grown.size === checkpoint.size ? toRoot(grown.root) : null;
  const sshSigner = await readSshSigner(tree, { checkpoint, all, files, flaws });
  return { isPresent: true, checkpoint, entries, root, grown, sshSigner, tail, files, flaws };
}

/** Without a checkpoint entries cover nothing: a first seal was cut off, or somebody took the checkpoint away. */
async function readHeadless(tree: ProofTree, { files, flaws }: Notes): Promise<Ledger> {
  const isMissing = flaws.length === 0;
  const tail = await readEntries(tree, 0, { files, flaws });
  if (isMissing && files.size > 0)
    flaws.push({ check: 'ledger-missing', path: CHECKPOINT_FILE, reason: 'there are entries, but no checkpoint' });
  return { ...ABSENT, isPresent: files.size > 0 || flaws.length > 0, tail, files, flaws };
}

export function rootOfEntries(entries: Iterable<Entry>): string {
  return toRoot(grow(entries).root);
}

function grow(entries: Iterable<Entry>): GrowingTree {
  const tree = new GrowingTree();
  for (const { leaf } of entries) tree.appendHex(leaf);
  return tree;
}

async function readCheckpoint(tree: ProofTree, flaws: LedgerFlaw[]): Promise<Checkpoint | null> {
  const refuse = (reason: string): null => {
    flaws.push({ check: 'ledger-tampered', path: CHECKPOINT_FILE, reason });
    return null;
  };
  const stat = tree.stat(CHECKPOINT_FILE);
  if (stat === null) return null;
  if (stat.kind !== 'file') return refuse('not a plain file');
  if (stat.sizeBytes > MAX_NOTE_BYTES) return refuse(`${stat.sizeBytes} bytes; a checkpoint has at most ${MAX_NOTE_BYTES}`);
  const file = await readFileOf(tree, CHECKPOINT_FILE, { maxBytes: MAX_NOTE_BYTES });
  if (file.bytes === null) return refuse(file.problem);
  const read = parseCheckpoint(file.bytes);
  return read.ok ? read.value : refuse(read.reason);
}

/** It is written just before its checkpoint: where a seal was cut off between the two, it is of the checkpoint that would have come. */
async function readSshSigner(
  tree: ProofTree,
  { checkpoint, all, files, flaws }: Notes & { readonly checkpoint: Checkpoint; readonly all: readonly Entry[] },
): Promise<Uint8Array | null> {
  if (tree.stat(SSHSIG_FILE) === null) return null;
  files.add(SSHSIG_FILE);
  const refuse = (reason: string): null => {
    flaws.push({ check: 'bad-signature', path: SSHSIG_FILE, reason });
    return null;
  };
  const file = await readFileOf(tree, SSHSIG_FILE, { maxBytes: MAX_SSHSIG_BYTES });
  if (file.bytes === null) return refuse(file.problem);
  const read = parseSshsig(file.bytes);
  if (!read.ok) return refuse(read.reason);
  if (holdsSshsig(read.value, textOfCheckpoint(checkpoint))) return read.value.publicKey;
  const next = { origin: checkpoint.origin, size: all.length, root: rootOfEntries(all) };
  const isOfNext = all.length > checkpoint.size && holdsSshsig(read.value, textOfCheckpoint(next));
  return isOfNext ? null : refuse('it is no signature of the checkpoint');
}

interface Notes {
  readonly files: Set<string>;
  readonly flaws: LedgerFlaw[];
}

/** The files that a ledger of this size has, and then those that follow without a gap. */
async function readEntries(tree: ProofTree, size: number, { files, flaws }: Notes): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  const refuse = (path: string, reason: string): void => void flaws.push({ check: 'ledger-tampered', path, reason });
  const wanted = [...wantedFiles(tree, size, refuse)];
  const firstOf = new Map(wanted);
  for await (const batch of tree.read(firstOf.keys(), { maxBytes: MAX_ENTRY_FILE_BYTES })) {
    for (const file of batch) {
      files.add(file.path);
      if (file.bytes === null) {
        refuse(file.path, file.problem);
        continue;
      }
      const first = firstOf.get(file.path) ?? 0;
      const parsed = parseEntries(file.bytes, first);
      for (const reason of parsed.flaws) refuse(file.path, reason);
      const missing = Math.min(ENTRIES_A_FILE, size - first) - parsed.lines;
      if (missing > 0) refuse(file.path, `${missing} of the entries that the checkpoint covers are not there`);
      entries.push(...parsed.entries);
    }
  }
  return entries;
}

/** A checkpoint may claim any size: of files that are not there only so many are looked for. */
const MAX_GAPS = 16;

/** Path and first index of each. */
function* wantedFiles(tree: ProofTree, size: number, refuse: (path: string, reason: string) => void): Generator<readonly [string, number]> {
  let gaps = 0;
  for (let number = 0; ; number += 1) {
    const first = number * ENTRIES_A_FILE;
    const path = entryFileOf(number);
    const stat = tree.stat(path);
    const isCovered = first < size;
    if (stat === null && !isCovered) return;
    if (stat === null) {
      gaps += 1;
      refuse(path, `there is no such file; the checkpoint covers ${size} entries`);
      if (gaps === MAX_GAPS) return;
    } else if (stat.kind !== 'file') refuse(path, 'not a plain file');
    else if (stat.sizeBytes > MAX_ENTRY_FILE_BYTES)
      refuse(path, `${stat.sizeBytes} bytes; a file of entries has at most ${MAX_ENTRY_FILE_BYTES}`);
    else yield [path, first];
  }
}
