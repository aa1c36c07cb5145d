// The one ranking: BM25 over each field with that field's own length norm, summed with fixed weights.
// Every store ranks with this file; weights are fixed before they are measured (npm run eval:index).
import type { Field } from './store/segment.ts';
import type { DocumentKind } from './store/store.ts';

/** Grows with every change of a number below. */
export const RANKING_VERSION = 2;

export const RANKED_FIELDS = ['body', 'path', 'symbols', 'history'] as const satisfies readonly Field[];
export type RankedField = (typeof RANKED_FIELDS)[number];

interface FieldParameters {
  readonly weight: number;
  /** How soon repetition stops counting. */
  readonly k1: number;
  /** How much length counts against a document: 0 not at all, 1 fully. */
  readonly b: number;
}

export const FIELD_PARAMETERS: Readonly<Record<RankedField, FieldParameters>> = {
  body: { weight: 1, k1: 1.2, b: 0.75 },
  path: { weight: 1.5, k1: 0.6, b: 0.5 },
  symbols: { weight: 0.45, k1: 0.9, b: 0.6 },
  history: { weight: 1.1, k1: 1.2, b: 0.6 },
};

/** Whoever searches wants the thing itself before its tests and copies. */
export const KIND_FACTORS: Readonly<Record<DocumentKind, number>> = { source: 1, test: 0.5, generated: 0.3, vendored: 0.2 };

/** log(1 + (N - n + 0.5) / (n + 0.5)): never negative (Lucene's form of Robertson and Sparck Jones). */
export function inverseFrequency(documents: number, holding: number): number {
  return Math.log(1 + (documents - holding + 0.5) / (holding + 0.5));
}

/** BM25's term frequency part, 0 … k1 + 1; `relativeLength` is length ÷ average length of the field. */
export function saturate(frequency: number, relativeLength: number, { k1, b }: FieldParameters): number {
  return (frequency * (k1 + 1)) / (frequency + k1 * (1 - b + b * relativeLength));
}
