// A query against postings: the arithmetic of ranking.ts over every document that holds a word of it.
import { FIELD_PARAMETERS, inverseFrequency, KIND_FACTORS, RANKED_FIELDS, saturate } from '../ranking.ts';
import { tokenise } from '../tokens.ts';
import { LENGTH_FIELDS, type DocumentTable } from './documents.ts';
import type { Postings } from './postings.ts';
import type { Field } from './segment.ts';
import type { Why } from './store.ts';

export interface RankRequest {
  readonly query: string;
  readonly limit: number;
  readonly documents: DocumentTable;
  /** Number of the only repository to look at, or null for all. */
  readonly repository: number | null;
  readonly postings: { find(field: Field, term: string): readonly Postings[] };
  readonly isAllowed: ((document: number) => boolean) | null;
}

export interface RankedDocument {
  readonly document: number;
  readonly score: number;
  readonly why: Why;
}

/** More words than this make a query slower, not better: the rarest are kept. */
const MAX_TERMS = 32;

/** At least the best `limit` documents, all that tie with the last of them included; not in order. */
export function rank(request: RankRequest): readonly RankedDocument[] {
  const isHere = toFilter(request);
  const corpus = measure(request.documents, isHere);
  const terms = [...new Set(tokenise(request.query))];
  const byField = RANKED_FIELDS.map((field) => scoreField(request, { field, terms, isHere, corpus }));
  const total = new Float64Array(request.documents.size);
  for (let document = 1; document < total.length; document += 1) {
    let sum = 0;
    for (const scores of byField) sum += scores[document]!;
    if (sum > 0) total[document] = sum * KIND_FACTORS[request.documents.kindOf(document)];
  }
  return takeBest(total, request.limit, (document) => {
    const factor = KIND_FACTORS[request.documents.kindOf(document)];
    const [body, path, symbols, history] = byField.map((scores) => scores[document]! * factor);
    return { body: body!, path: path!, symbols: symbols!, history: history! };
  });
}

interface Corpus {
  readonly documents: number;
  /** By position in LENGTH_FIELDS. */
  readonly averageLengths: readonly number[];
}

type Filter = (document: number) => boolean;

function toFilter({ documents, repository, isAllowed }: RankRequest): Filter {
  return (document) =>
    documents.isAlive(document) &&
    (repository === null || documents.repositoryOf(document) === repository) &&
    (isAllowed === null || isAllowed(document));
}

function measure(documents: DocumentTable, isHere: Filter): Corpus {
  let count = 0;
  const sums = LENGTH_FIELDS.map(() => 0);
  for (let document = 1; document < documents.size; document += 1) {
    if (!isHere(document)) continue;
    count += 1;
    for (let field = 0; field < sums.length; field += 1) sums[field]! += documents.lengthOf(document, field);
  }
  return { documents: count, averageLengths: sums.map((sum) => (sum === 0 ? 1 : sum / count)) };
}

interface FieldRequest {
  readonly field: (typeof RANKED_FIELDS)[number];
  readonly terms: readonly string[];
  readonly isHere: Filter;
  readonly corpus: Corpus;
}

function scoreField({ postings, documents }: RankRequest, { field, terms, isHere, corpus }: FieldRequest): Float64Array {
  const scores = new Float64Array(documents.size);
  const parameters = FIELD_PARAMETERS[field];
  const fieldIndex = LENGTH_FIELDS.indexOf(field);
  const average = corpus.averageLengths[fieldIndex]!;
  const found = terms
    .map((term) => keepHere(postings.find(field, term), isHere))
    .filter(({ documents: holding }) => holding.length > 0)
    .sort((a, b) => a.documents.length - b.documents.length)
    .slice(0, MAX_TERMS);
  for (const { documents: holding, frequencies } of found) {
    const weight = parameters.weight * inverseFrequency(corpus.documents, holding.length);
    for (let index = 0; index < holding.length; index += 1) {
      const document = holding[index]!;
      scores[document]! += weight * saturate(frequencies[index]!, documents.lengthOf(document, fieldIndex) / average, parameters);
    }
  }
  return scores;
}

function keepHere(lists: readonly Postings[], isHere: Filter): Postings {
  const documents: number[] = [];
  const frequencies: number[] = [];
  for (const list of lists) {
    for (let index = 0; index < list.documents.length; index += 1) {
      if (!isHere(list.documents[index]!)) continue;
      documents.push(list.documents[index]!);
      frequencies.push(list.frequencies[index]!);
    }
  }
  return { documents: Uint32Array.from(documents), frequencies: Uint32Array.from(frequencies) };
}

function takeBest(total: Float64Array, limit: number, explain: (document: number) => Why): readonly RankedDocument[] {
  const positive = total.filter((score) => score > 0).sort();
  const threshold = positive[Math.max(0, positive.length - limit)] ?? Infinity;
  const best: RankedDocument[] = [];
  for (let document = 1; document < total.length; document += 1) {
    const score = total[document]!;
    if (score > 0 && score >= threshold) best.push({ document, score, why: explain(document) });
  }
  return best;
}
