// Which lines of a document answer a query: the chunk with the most of its words, and the best line in it.
import { inverseFrequency } from '../ranking.ts';
import type { CodeSymbol } from '../languages/language.ts';
import { tokenise } from '../tokens.ts';

export interface Place {
  readonly line: number;
  readonly endLine: number;
  readonly snippet: string;
  /** Weight of the query's words that the chunk holds together, 0 … 1. */
  readonly coverage: number;
}

const CHUNK_LINES = 50;
const STRIDE = 25;
const MAX_SNIPPET_CHARACTERS = 2000;

export interface SnippetRequest {
  readonly terms: ReadonlySet<string>;
  readonly symbols: readonly CodeSymbol[];
  readonly contextLines: number;
}

/** Lines of a text as editors count them. */
export function linesOf(body: Uint8Array): readonly string[] {
  const lines = Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8').split('\n');
  if (lines.at(-1) === '' && lines.length > 1) lines.pop();
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

export function findPlace(lines: readonly string[], request: SnippetRequest): Place {
  const matches = matchLines(lines, request.terms);
  const weights = weigh(matches, lines.length, request.terms);
  const definitions = new Set(
    request.symbols
      .filter(({ line, name }) => matches.has(line) && tokenise(name).some((token) => request.terms.has(token)))
      .map(({ line }) => line),
  );
  const chunk = bestChunk(matches, weights, lines.length);
  const line = bestLine(matches, { weights, definitions, chunk }) ?? 1;
  return { ...cut(lines, line, request.contextLines), coverage: chunk.coverage };
}

/** `contextLines` before and after a line, as text. */
function cut(lines: readonly string[], line: number, contextLines: number): Omit<Place, 'coverage'> {
  const from = Math.max(1, line - contextLines);
  const to = Math.min(lines.length, line + contextLines);
  const text = lines.slice(from - 1, to).join('\n');
  return {
    line,
    endLine: line,
    snippet: text.length > MAX_SNIPPET_CHARACTERS ? `${text.slice(0, MAX_SNIPPET_CHARACTERS)}…`.toWellFormed() : text,
  };
}

/** Line → the query's terms on it. Only lines that hold the beginning of a term are tokenised. */
function matchLines(lines: readonly string[], terms: ReadonlySet<string>): Map<number, ReadonlySet<string>> {
  const matches = new Map<number, ReadonlySet<string>>();
  for (const line of candidates(lines, terms)) {
    const found = new Set(tokenise(lines[line - 1]!).filter((token) => terms.has(token)));
    if (found.size > 0) matches.set(line, found);
  }
  return matches;
}

/** Line numbers, ascending. A stem begins as its words do, but for its last letter; `_` is not part of a token. */
function candidates(lines: readonly string[], terms: ReadonlySet<string>): readonly number[] {
  const found = new Set<number>();
  const text = lines.join('\n').replaceAll('_', '').toLowerCase();
  const starts = startsOf(text);
  for (const term of terms) {
    const beginning = term.length > 3 ? term.slice(0, -1) : term;
    let line = 1;
    for (let at = text.indexOf(beginning); at !== -1; at = text.indexOf(beginning, starts[line] ?? text.length)) {
      while (line < starts.length && starts[line]! <= at) line += 1;
      found.add(line);
    }
  }
  return [...found].sort((a, b) => a - b);
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
  for (let from = 1; from <= lineCount; from += STRIDE) {
    const seen = new Set<string>();
    for (let line = from; line < from + CHUNK_LINES; line += 1) for (const term of matches.get(line) ?? []) seen.add(term);
    const coverage = [...seen].reduce((sum, term) => sum + weights.get(term)!, 0) / total;
    if (coverage > best.coverage + 1e-9) best = { from, to: from + CHUNK_LINES - 1, coverage };
  }
  return best;
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
