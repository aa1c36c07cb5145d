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
  readonly share: number;
}

/** More words than this make a query slower, not better: the rarest are kept. */
const MAX_TERMS = 32;

/** At least the best `limit` documents, all that tie with the last of them included; not in order. */
export function rank(request: RankRequest): readonly RankedDocument[] {
  const { documents } = request;
  const isHere = whatIsHere(request);
  const corpus = measure(documents, isHere);
  const terms = [...new Set(tokenise(request.query))];
  const found = new Found(documents.size);
  const byField = RANKED_FIELDS.map((field) => scoreField(request, { field, terms, isHere, corpus, found }));
  const total = new Float64Array(documents.size);
  for (const document of found.documents) {
    let sum = 0;
    for (let field = 0; field < byField.length; field += 1) sum += byField[field]![document]!;
    total[document] = sum * KIND_FACTORS[documents.kindOf(document)];
  }
  return Array.from(takeBest(total, found.documents, request.limit), (document) => {
    const factor = KIND_FACTORS[documents.kindOf(document)];
    const [body, path, symbols, history] = byField.map((scores) => scores[document]! * factor);
    const share = terms.length > MAX_TERMS ? 1 : found.inBody(document) / terms.length;
    return { document, score: total[document]!, why: { body: body!, path: path!, symbols: symbols!, history: history! }, share };
  });
}

/** The documents that hold any of the words, each once. */
class Found {
  readonly #isIn: Uint8Array;
  readonly #documents: Uint32Array;
  readonly #inBody: Uint8Array;
  #count = 0;

  constructor(size: number) {
    this.#isIn = new Uint8Array(size);
    this.#documents = new Uint32Array(size);
    this.#inBody = new Uint8Array(size);
  }

  get documents(): Uint32Array {
    return this.#documents.subarray(0, this.#count);
  }

  /** How many of the words are in its body; of the rarest MAX_TERMS. */
  inBody(document: number): number {
    return this.#inBody[document]!;
  }

  add(field: Field, documents: Uint32Array): void {
    const isBody = field === 'body';
    for (let index = 0; index < documents.length; index += 1) {
      const document = documents[index]!;
      if (isBody) this.#inBody[document]! += 1;
      if (this.#isIn[document] === 1) continue;
      this.#isIn[document] = 1;
      this.#documents[this.#count] = document;
      this.#count += 1;
    }
  }
}

interface Corpus {
  readonly documents: number;
  /** By position in LENGTH_FIELDS. */
  readonly averageLengths: readonly number[];
}

/** 1 for each document that may be an answer: looked at once for every posting of every word. */
function whatIsHere({ documents, repository, isAllowed }: RankRequest): Uint8Array {
  const isHere = documents.alive(repository);
  if (isAllowed !== null) for (let document = 1; document < isHere.length; document += 1) if (!isAllowed(document)) isHere[document] = 0;
  return isHere;
}

function measure(table: DocumentTable, isHere: Uint8Array): Corpus {
  const { documents, lengths } = table.measure(isHere);
  return { documents, averageLengths: lengths.map((sum) => (sum === 0 ? 1 : sum / documents)) };
}

interface FieldRequest {
  readonly field: (typeof RANKED_FIELDS)[number];
  readonly terms: readonly string[];
  readonly isHere: Uint8Array;
  readonly corpus: Corpus;
  readonly found: Found;
}

function scoreField({ postings, documents }: RankRequest, { field, terms, isHere, corpus, found }: FieldRequest): Float64Array {
  const scores = new Float64Array(documents.size);
  const parameters = FIELD_PARAMETERS[field];
  const fieldIndex = LENGTH_FIELDS.indexOf(field);
  const average = corpus.averageLengths[fieldIndex]!;
  const lists = terms
    .map((term) => keepHere(postings.find(field, term), isHere))
    .filter(({ documents: holding }) => holding.length > 0)
    .sort((a, b) => a.documents.length - b.documents.length)
    .slice(0, MAX_TERMS);
  for (const { documents: holding, frequencies } of lists) {
    found.add(field, holding);
    const weight = parameters.weight * inverseFrequency(corpus.documents, holding.length);
    for (let index = 0; index < holding.length; index += 1) {
      const document = holding[index]!;
      scores[document]! += weight * saturate(frequencies[index]!, documents.lengthOf(document, fieldIndex) / average, parameters);
    }
  }
  return scores;
}

function keepHere(lists: readonly Postings[], isHere: Uint8Array): Postings {
  const length = lists.reduce((sum, { documents }) => sum + documents.length, 0);
  const kept = { documents: new Uint32Array(length), frequencies: new Uint32Array(length) };
  let count = 0;
  for (const { documents, frequencies } of lists) {
    for (let index = 0; index < documents.length; index += 1) {
      if (isHere[documents[index]!] !== 1) continue;
      kept.documents[count] = documents[index]!;
      kept.frequencies[count] = frequencies[index]!;
      count += 1;
    }
  }
  return { documents: kept.documents.subarray(0, count), frequencies: kept.frequencies.subarray(0, count) };
}

/** All whose score is at least the last one that is in. */
function takeBest(total: Float64Array, candidates: Uint32Array, limit: number): Uint32Array {
  const room = Math.min(limit, candidates.length);
  if (room === 0) return new Uint32Array();
  const last = lastOfBest(total, candidates, room);
  return candidates.filter((document) => total[document]! >= last);
}

/** The smallest of the `room` largest scores: they pass through a heap whose root is the smallest. */
function lastOfBest(total: Float64Array, candidates: Uint32Array, room: number): number {
  const heap = new Float64Array(room);
  for (const document of candidates) {
    const score = total[document]!;
    if (score <= heap[0]!) continue;
    let at = 0;
    for (let child = 1; child < room; child = at * 2 + 1) {
      if (child + 1 < room && heap[child + 1]! < heap[child]!) child += 1;
      if (heap[child]! >= score) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = score;
  }
  return heap[0]!;
}
