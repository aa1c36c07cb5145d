// The ledger against the proofs that are here, and against what they say of it.
import { CHECKPOINT_FILE, toRoot, type Checkpoint } from '../ledger/checkpoint.ts';
import type { Entry } from '../ledger/entries.ts';
import { rootOfEntries } from '../ledger/ledger.ts';
import { GrowingTree } from '../ledger/merkle.ts';
import { plural } from '../../markdown.ts';
import type { FileFlaw } from '../verification/flaw.ts';
import type { History, Memory, Seal } from './history.ts';
import type { Leaves } from './leaves.ts';
import { entryFileWith, findMisplaced, type OpenedLedger, type Segment } from './reordering.ts';

export interface LedgerCase {
  readonly ledger: OpenedLedger;
  readonly leaves: Leaves;
  readonly history: History;
}

export interface LedgerJudgement {
  readonly flaws: readonly FileFlaw[];
  /** The entries are those that the checkpoint stands for: what is sealed is sealed. */
  readonly isSound: boolean;
}

export function judgeLedger({ ledger, leaves, history }: LedgerCase): LedgerJudgement {
  const { checkpoint, entries, flaws, reordered } = ledger;
  if (checkpoint === null) return { flaws: ledger.isPresent ? flaws : [...findLedgerMissing(history)], isSound: false };
  const isSound = ledger.root === checkpoint.root && reordered.length === 0;
  const { memories, strangers } = findStrangers(checkpoint, history);
  const prefixes = rootsAt(
    entries,
    memories.map(({ size }) => size),
  );
  const roots =
    ledger.root === null || ledger.root === checkpoint.root
      ? compareLeaves(leaves, entries)
      : explainWrongRoot({ checkpoint, entries, leaves, segments: segmentsOf(history, leaves), rootAt: (size) => prefixes.get(size) });
  return {
    flaws: [
      ...flaws,
      ...reordered,
      ...findTail(ledger),
      ...(leaves.hasDoubles ? findDoubles(entries) : []),
      ...roots,
      ...strangers,
      ...findRollback(checkpoint, memories, history),
      ...(isSound ? findFork(memories, prefixes) : []),
    ],
    isSound,
  };
}

/** Roots over the first so many entries, for each of these sizes that there is. */
export function rootsAt(entries: readonly Entry[], sizes: readonly number[]): ReadonlyMap<number, string> {
  const roots = new Map<number, string>();
  const wanted = [...new Set(sizes)].filter((size) => size <= entries.length).sort((a, b) => a - b);
  const tree = new GrowingTree();
  for (const size of wanted) {
    while (tree.size < size) tree.appendHex(entries[tree.size]!.leaf);
    roots.set(size, toRoot(tree.root));
  }
  return roots;
}

/** Seals that stand right behind what they say they took in. One that was left behind by a seal cut off is an ordinary proof. */
export function segmentsOf({ seals }: History, leaves: Leaves): readonly (Segment & { readonly seal: Seal })[] {
  const segments = [...seals.values()].flatMap((seal) => {
    const index = leaves.entryOf(seal.path)?.index;
    return index === seal.from + seal.sealed ? [{ from: seal.from, root: seal.root, index, seal }] : [];
  });
  return segments.sort((a, b) => a.index - b.index);
}

function* findLedgerMissing({ memories, seals }: History): Generator<FileFlaw> {
  const [first] = memories;
  if (first === undefined) return;
  const what = seals.has(first.saidBy) ? 'is a seal' : 'cites a checkpoint';
  const others = memories.length > 1 ? `, and others speak of ${plural(memories.length - 1, 'more checkpoint')}` : '';
  yield { check: 'ledger-missing', path: CHECKPOINT_FILE, reason: `there is no ledger, but ${first.saidBy} ${what}${others}` };
}

function* findTail({ tail }: OpenedLedger): Generator<FileFlaw> {
  const [first] = tail;
  if (first === undefined) return;
  const reason = `${plural(tail.length, 'entry', 'entries')} that the checkpoint does not cover, from ${first.index} on: left by a seal that was cut off ("sophia proofs seal" finishes it), or slipped in`;
  yield { check: 'ledger-tampered', path: entryFileWith(first.index), reason };
}

function* findDoubles(entries: readonly Entry[]): Generator<FileFlaw> {
  const leaves = new Map<string, Entry>();
  const paths = new Map<string, Entry>();
  for (const entry of entries) {
    const { leaf, path, index } = entry;
    const twin = leaves.get(leaf) ?? paths.get(path);
    if (twin !== undefined)
      yield {
        check: 'replayed',
        path,
        reason: `entry ${index} of the ledger has the ${twin.leaf === leaf ? 'leaf' : 'path'} of entry ${twin.index} again`,
      };
    leaves.set(leaf, entry);
    paths.set(path, entry);
  }
}

/** The entries are right: where a proof differs, the proof was changed. */
function* compareLeaves(leaves: Leaves, entries: readonly Entry[]): Generator<FileFlaw> {
  for (const { path, index } of leaves.changed.keys())
    yield { check: 'tampered', path, reason: `not what was sealed: entry ${index} of the ledger has another leaf` };
  yield* findMissing(leaves, entries);
}

function* findMissing(leaves: Leaves, entries: readonly Entry[]): Generator<FileFlaw> {
  for (const { path, index, leaf } of leaves.missing()) {
    const moved = leaves.unsealed.get(leaf);
    if (moved === undefined) yield { check: 'missing', path, reason: `it was sealed as entry ${index} of ${entries.length}, and is gone` };
    else
      yield {
        check: 'ledger-tampered',
        path: entryFileWith(index),
        reason: `entry ${index} says ${path}, but its leaf is that of ${moved}`,
      };
  }
}

interface WrongRoot {
  readonly checkpoint: Checkpoint;
  readonly entries: readonly Entry[];
  readonly leaves: Leaves;
  readonly segments: readonly Segment[];
  readonly rootAt: (size: number) => string | undefined;
}

/** Either lines were changed, or their order, or the root in the checkpoint itself. */
function* explainWrongRoot({ checkpoint, entries, leaves, segments, rootAt }: WrongRoot): Generator<FileFlaw> {
  const { changed } = leaves;
  const restored = entries.map((entry) => ({ ...entry, leaf: changed.get(entry) ?? entry.leaf }));
  if (changed.size > 0 && rootOfEntries(restored) === checkpoint.root) {
    for (const { index, path } of changed.keys())
      yield {
        check: 'ledger-tampered',
        path: entryFileWith(index),
        reason: `entry ${index} does not have the leaf of ${path}, which is what was sealed`,
      };
    yield* findMissing(leaves, entries);
    return;
  }
  const missing = [...findMissing(leaves, entries)];
  const misplaced = changed.size === 0 && missing.length === 0 ? findMisplaced(entries, segments, rootAt) : null;
  if (misplaced === null) {
    const reason = `its root is not that of the ${plural(entries.length, 'entry', 'entries')} it covers`;
    yield { check: 'ledger-tampered', path: CHECKPOINT_FILE, reason };
  } else {
    const reason = `the entries are those of proofs that are here, but not in the order that was sealed: the first out of place is ${misplaced}`;
    yield { check: 'reordered', path: entryFileWith(misplaced), reason };
  }
  yield* compareLeaves(leaves, entries);
}

/** Memories of this ledger, and flaws for those of another. */
function findStrangers(
  { origin }: Checkpoint,
  history: History,
): { readonly memories: readonly Memory[]; readonly strangers: readonly FileFlaw[] } {
  const memories = history.memories.filter((memory) => memory.origin === origin);
  const others = history.memories.filter((memory) => memory.origin !== origin);
  const [first] = others;
  if (first === undefined) return { memories, strangers: [] };
  if (memories.length === 0) {
    const reason = `it is the checkpoint of ${origin}; ${first.saidBy} speaks of ${first.origin}`;
    return { memories, strangers: [{ check: 'wrong-origin', path: CHECKPOINT_FILE, reason }] };
  }
  const strangers = others.map(
    (memory) =>
      ({ check: 'wrong-origin', path: memory.saidBy, reason: `it speaks of the ledger ${memory.origin}, not of ${origin}` }) as const,
  );
  return { memories, strangers };
}

/** A seal says twice how large the ledger was: what it continued, and what it made of that. */
function* findRollback({ size }: Checkpoint, memories: readonly Memory[], { seals }: History): Generator<FileFlaw> {
  const [first] = memories.filter((memory) => memory.size > size).toSorted((a, b) => b.size - a.size);
  const [seal] = [...seals.values()].filter((each) => endOf(each) > size).toSorted((a, b) => endOf(b) - endOf(a));
  const covers = `it covers ${plural(size, 'entry', 'entries')}`;
  if (first !== undefined) {
    yield { check: 'rollback', path: CHECKPOINT_FILE, reason: `${covers}, but ${first.saidBy} saw ${first.size}` };
  } else if (seal !== undefined) {
    const reason = `${covers}, but ${seal.path} sealed up to ${endOf(seal)}: it was rolled back, or that seal was cut off ("sophia proofs seal" finishes it)`;
    yield { check: 'rollback', path: CHECKPOINT_FILE, reason };
  }
}

/** The size of the ledger with what the seal took in, and with itself. */
function endOf({ from, sealed }: Seal): number {
  return from + sealed + 1;
}

function* findFork(memories: readonly Memory[], prefixes: ReadonlyMap<number, string>): Generator<FileFlaw> {
  const strays = memories.filter(({ size, root }) => (prefixes.get(size) ?? root) !== root).toSorted((a, b) => a.size - b.size);
  const [first] = strays;
  if (first === undefined) return;
  const others = strays.length > 1 ? `, and so do ${plural(strays.length - 1, 'other checkpoint')}` : '';
  const reason = `its first ${plural(first.size, 'entry', 'entries')} do not have the root that ${first.saidBy} saw${others}`;
  yield { check: 'fork', path: CHECKPOINT_FILE, reason };
}
