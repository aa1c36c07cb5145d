// Which lines of a document answer a query: the chunk with the most of its words, and the best line in it.
import { inverseFrequency } from '../ranking.ts';
import type { CodeSymbol } from '../languages/language.ts';
import { expand, tokenise, wordsOf } from '../tokens.ts';

export interface Place {
  readonly line: number;
  readonly endLine: number;
  readonly snippet: string;
}

const CHUNK_LINES = 50;
const STRIDE = 25;
const MAX_SNIPPET_CHARACTERS = 2000;
const NOT_ASCII = /[\u0080-\uFFFF]/;

/** Lines of a text as editors count them. */
export function linesOf(body: Uint8Array): readonly string[] {
  const lines = textOf(body).split('\n');
  if (lines.at(-1) === '' && lines.length > 1) lines.pop();
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

/** The terms of a query, and which of them a line holds: what one word gives is worked out once for all documents. */
export class Terms {
  readonly terms: ReadonlySet<string>;
  readonly #beginnings: readonly string[];
  readonly #found = new Map<string, readonly string[]>();

  constructor(query: string) {
    this.terms = new Set(tokenise(query));
    // A stem begins as its words do, but for its last letter.
    this.#beginnings = Array.from(this.terms, (term) => term.slice(0, Math.max(1, term.length - 1)));
  }

  /** In the order of the line. */
  in(line: string): ReadonlySet<string> {
    const found = new Set<string>();
    for (const word of wordsOf(line)) for (const term of this.#inWord(word)) found.add(term);
    return found;
  }

  #inWord(word: string): readonly string[] {
    let found = this.#found.get(word);
    if (found === undefined)
      this.#found.set(word, (found = this.#mayHold(word) ? expand(word).filter((token) => this.terms.has(token)) : []));
    return found;
  }

  /** Most words hold nothing, which is cheaper to see than to expand them. What is not ASCII can look otherwise and be the same. */
  #mayHold(word: string): boolean {
    const plain = word.replaceAll('_', '').toLowerCase();
    return this.#beginnings.some((beginning) => plain.includes(beginning)) || NOT_ASCII.test(word);
  }
}

/** Where a document answers. Which line of it is best depends on what is defined there, and is asked for the few that become hits. */
export class Passage {
  /** Weight of the query's words that the best chunk holds together, 0 … 1. */
  readonly coverage: number;
  readonly #lines: Lines;
  readonly #terms: Terms;
  readonly #matches: ReadonlyMap<number, ReadonlySet<string>>;
  readonly #weights: ReadonlyMap<string, number>;
  readonly #chunk: Chunk;

  constructor(body: Uint8Array, terms: Terms) {
    this.#lines = new Lines(textOf(body));
    this.#terms = terms;
    this.#matches = matchLines(this.#lines, terms);
    this.#weights = weigh(this.#matches, this.#lines.count, terms.terms);
    this.#chunk = bestChunk(this.#matches, this.#weights, this.#lines.count);
    this.coverage = this.#chunk.coverage;
  }

  place(symbols: readonly CodeSymbol[], contextLines: number): Place {
    const { terms } = this.#terms;
    const definitions = new Set(
      symbols
        .filter(({ line, name }) => this.#matches.has(line) && tokenise(name).some((token) => terms.has(token)))
        .map(({ line }) => line),
    );
    const line = bestLine(this.#matches, { weights: this.#weights, definitions, chunk: this.#chunk }) ?? 1;
    return cut(this.#lines, line, contextLines);
  }
}

function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8');
}

/** The lines of a text, cut out when they are asked for: a long file has thousands, and few answer. */
class Lines {
  readonly text: string;
  readonly count: number;
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.text = text;
    this.#starts = startsOf(text);
    this.count = this.#starts.length - (text.endsWith('\n') ? 1 : 0);
  }

  /** From 1. */
  at(line: number): string {
    const text = this.text.slice(this.#starts[line - 1], (this.#starts[line] ?? this.text.length + 1) - 1);
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  }
}

/** `contextLines` before and after a line, as text. */
function cut(lines: Lines, line: number, contextLines: number): Place {
  const from = Math.max(1, line - contextLines);
  const to = Math.min(lines.count, line + contextLines);
  const text = Array.from({ length: to - from + 1 }, (_, index) => lines.at(from + index)).join('\n');
  return {
    line,
    endLine: line,
    snippet: text.length > MAX_SNIPPET_CHARACTERS ? `${text.slice(0, MAX_SNIPPET_CHARACTERS)}…`.toWellFormed() : text,
  };
}

/** Line → the query's terms on it, by ascending line. Only lines that hold the beginning of a term are cut into words. */
function matchLines(lines: Lines, terms: Terms): ReadonlyMap<number, ReadonlySet<string>> {
  const matches = new Map<number, ReadonlySet<string>>();
  for (const line of candidates(lines.text, terms.terms)) {
    const found = terms.in(lines.at(line));
    if (found.size > 0) matches.set(line, found);
  }
  return matches;
}

/** Line numbers, ascending. `_` is not part of a token. */
function candidates(original: string, terms: ReadonlySet<string>): Uint32Array {
  const text = original.replaceAll('_', '').toLowerCase();
  const starts = startsOf(text);
  const found = new Set<number>();
  for (const term of terms) {
    const beginning = term.length > 3 ? term.slice(0, -1) : term;
    let line = 1;
    for (let at = text.indexOf(beginning); at !== -1; at = text.indexOf(beginning, starts[line] ?? text.length)) {
      while (line < starts.length && starts[line]! <= at) line += 1;
      found.add(line);
    }
  }
  return Uint32Array.from(found).sort();
}

/** Offset of the beginning of each line; line n begins at entry n - 1. */
function startsOf(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** A word on few lines says more about a place than one on many. */
function weigh(
  matches: ReadonlyMap<number, ReadonlySet<string>>,
  lineCount: number,
  terms: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const found of matches.values()) for (const term of found) counts.set(term, (counts.get(term) ?? 0) + 1);
  return new Map([...terms].map((term) => [term, inverseFrequency(lineCount, counts.get(term) ?? 0)]));
}

interface Chunk {
  readonly from: number;
  readonly to: number;
  readonly coverage: number;
}

function bestChunk(matches: ReadonlyMap<number, ReadonlySet<string>>, weights: ReadonlyMap<string, number>, lineCount: number): Chunk {
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0) || 1;
  let best: Chunk = { from: 1, to: CHUNK_LINES, coverage: 0 };
  for (const [from, seen] of termsOfChunks(matches, lineCount)) {
    const coverage = [...seen].reduce((sum, term) => sum + weights.get(term)!, 0) / total;
    if (coverage > best.coverage + 1e-9) best = { from, to: from + CHUNK_LINES - 1, coverage };
  }
  return best;
}

/** First line of each chunk that holds a match → the terms in it; by ascending line, as the matches come. */
function termsOfChunks(matches: ReadonlyMap<number, ReadonlySet<string>>, lineCount: number): ReadonlyMap<number, ReadonlySet<string>> {
  const chunks = new Map<number, Set<string>>();
  for (const [line, found] of matches) {
    const first = Math.max(0, Math.ceil((line - CHUNK_LINES) / STRIDE));
    for (let from = first * STRIDE + 1; from <= Math.min(line, lineCount); from += STRIDE) {
      let seen = chunks.get(from);
      if (seen === undefined) chunks.set(from, (seen = new Set()));
      for (const term of found) seen.add(term);
    }
  }
  return chunks;
}

function bestLine(
  matches: ReadonlyMap<number, ReadonlySet<string>>,
  { weights, definitions, chunk }: { weights: ReadonlyMap<string, number>; definitions: ReadonlySet<number>; chunk: Chunk },
): number | null {
  let best: { line: number; score: number } | null = null;
  for (const [line, found] of matches) {
    if (line < chunk.from || line > chunk.to) continue;
    const own = [...found].reduce((sum, term) => sum + weights.get(term)!, 0);
    const score = definitions.has(line) ? own * 1.5 : own;
    if (best === null || score > best.score) best = { line, score };
  }
  return best?.line ?? null;
}
