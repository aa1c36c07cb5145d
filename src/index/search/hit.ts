import type { SymbolKind } from '../languages/language.ts';
import type { Why } from '../store/store.ts';

export interface HitSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly container: string | null;
  readonly signature: string;
}

/** One answer: a place, why it is one, and the bytes it was found in. */
export interface Hit {
  readonly path: string;
  /** First and last line of what the hit is about, from 1. */
  readonly line: number;
  readonly end_line: number;
  readonly snippet: string;
  readonly symbol?: HitSymbol;
  readonly score: number;
  readonly why: Why;
  /** Git's id of the content the answer was taken from; null where ripgrep read the work tree. */
  readonly blob: string | null;
  /** True where the file changed after it was indexed and was searched as it is now. */
  readonly live?: true;
}

/** Is the index of now, and if not, what was done about it. */
export interface Freshness {
  readonly indexed_commit: string | null;
  readonly head: string | null;
  /** Tracked or new files differ from the commit. */
  readonly dirty: boolean;
  /** Files differ from the index; they were searched live. */
  readonly stale: boolean;
  readonly live_files: number;
}

const TEXT_OR_NULL = { anyOf: [{ type: 'string' }, { type: 'null' }] } as const;

/** JSON Schema of `Freshness`. */
export const freshnessSchema = {
  type: 'object',
  properties: {
    indexed_commit: TEXT_OR_NULL,
    head: TEXT_OR_NULL,
    dirty: { type: 'boolean' },
    stale: { type: 'boolean' },
    live_files: { type: 'integer', minimum: 0 },
  },
  required: ['indexed_commit', 'head', 'dirty', 'stale', 'live_files'],
  additionalProperties: false,
} as const;

export const NO_WHY: Why = { body: 0, path: 0, symbols: 0, history: 0 };

/** The order of hits: by score, then path, then line; the same each time. */
export function compareHits(a: Hit, b: Hit): number {
  return b.score - a.score || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line);
}
