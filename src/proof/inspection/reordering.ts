// A ledger whose lines stand in another order than their indexes say. Put in order they may be the very ledger that the checkpoint
// stands for: then nothing was changed but the order, and everything else can still be judged.
import { ENTRIES_A_FILE, entryFileOf, isEntryFile, MAX_ENTRY_FILE_BYTES, type Entry } from '../ledger/entries.ts';
import { readLedger, rootOfEntries, type Ledger } from '../ledger/ledger.ts';
import { placeOf } from '../path-law.ts';
import type { ProofTree } from '../tree.ts';
import type { FileFlaw } from '../verification/flaw.ts';

export interface OpenedLedger extends Ledger {
  readonly reordered: readonly FileFlaw[];
}

export async function openLedger(tree: ProofTree): Promise<OpenedLedger> {
  const ledger = await readLedger(tree);
  const { checkpoint, flaws } = ledger;
  if (checkpoint === null || flaws.length === 0 || !flaws.every(({ path }) => isEntryFile(path))) return { ...ledger, reordered: [] };
  const entries = (await readLines(tree, ledger)).toSorted((a, b) => a.index - b.index);
  const isWhole = entries.length === checkpoint.size && entries.every(({ index }, place) => index === place);
  if (!isWhole || rootOfEntries(entries) !== checkpoint.root) return { ...ledger, reordered: [] };
  const reordered = [...new Set(flaws.map(({ path }) => path))].map(
    (path) => ({ check: 'reordered', path, reason: 'its lines are those of the ledger, but not in their order' }) as const,
  );
  return { ...ledger, entries, root: checkpoint.root, tail: [], flaws: [], reordered };
}

/**
 * The order that a seal gives: by id, its own proof last, on top of the root it says it continued. Gives the index of the first
 * entry that does not stand where it belongs, or null.
 */
export function findMisplaced(
  entries: readonly Entry[],
  seals: readonly Segment[],
  rootAt: (size: number) => string | undefined,
): number | null {
  for (const { from, root, index } of seals) {
    if (rootAt(from) !== root) return from;
    for (let at = from + 1; at < index; at += 1) {
      if (idOf(entries[at - 1]) > idOf(entries[at])) return at;
    }
  }
  return null;
}

/** What one seal took in: the entries from `from` up to its own at `index`. */
export interface Segment {
  readonly from: number;
  readonly root: string;
  readonly index: number;
}

const LINE = /^(0|[1-9][0-9]{0,15}) ([0-9a-f]{64}) ([^ ]+)$/;

/** None where there is any line that is no entry: then more than the order was changed. */
async function readLines(tree: ProofTree, { files }: Ledger): Promise<readonly Entry[]> {
  const lines: Entry[] = [];
  const paths = [...files].filter(isEntryFile);
  for await (const batch of tree.read(paths, { maxBytes: MAX_ENTRY_FILE_BYTES })) {
    for (const { bytes } of batch) {
      const text = Buffer.from(bytes ?? []).toString('latin1');
      if (!text.endsWith('\n')) return [];
      for (const line of text.slice(0, -1).split('\n')) {
        const [, index = '', leaf = '', path = ''] = LINE.exec(line) ?? [];
        if (placeOf(path) === null) return [];
        lines.push({ index: Number(index), leaf, path });
      }
    }
  }
  return lines;
}

/** Relative to proofs/: where the line of an entry stands. */
export function entryFileWith(index: number): string {
  return entryFileOf(Math.floor(index / ENTRIES_A_FILE));
}

function idOf(entry: Entry | undefined): string {
  return entry === undefined ? '' : (placeOf(entry.path)?.id ?? '');
}
