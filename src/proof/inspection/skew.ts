// Clocks: a run that ended after the seal that covers it, or before the checkpoint it cites, was not when it says.
import type { FileFlaw } from '../verification/flaw.ts';
import type { History } from './history.ts';
import type { Leaves } from './leaves.ts';
import { segmentsOf } from './ledger-judgement.ts';

/** Two machines need not agree to the second. */
export const TOLERANCE_MS = 5 * 60_000;

export interface Dated {
  readonly path: string;
  /** Of its entry in the ledger; null while it is not sealed. */
  readonly index: number | null;
  readonly finishedMs: number;
}

export function* findSkew(history: History, leaves: Leaves, proofs: Iterable<Dated>): Generator<FileFlaw> {
  const segments = segmentsOf(history, leaves);
  for (const { path, index, finishedMs } of proofs) {
    const seal = index === null ? undefined : firstFrom(segments, index)?.seal;
    if (seal !== undefined && seal.path !== path && finishedMs > seal.startedMs + TOLERANCE_MS)
      yield { check: 'skew', path, reason: `it says it ended at ${toTime(finishedMs)}, after it was sealed at ${toTime(seal.startedMs)}` };
  }
  for (const { size, saidBy, seenMs } of history.memories) {
    const maker = firstFrom(segments, size - 1);
    if (maker?.index === size - 1 && seenMs < maker.seal.startedMs - TOLERANCE_MS)
      yield {
        check: 'skew',
        path: saidBy,
        reason: `it ended at ${toTime(seenMs)}, before there was the checkpoint of ${size} that it cites`,
      };
  }
}

/** The first whose seal stands at this index or behind it. */
function firstFrom<Each extends { readonly index: number }>(segments: readonly Each[], index: number): Each | undefined {
  let from = 0;
  let to = segments.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (segments[middle]!.index < index) from = middle + 1;
    else to = middle;
  }
  return segments[from];
}

function toTime(ms: number): string {
  return new Date(ms).toISOString();
}
