// The repository map: the signatures that matter most, within a budget of tokens.
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { LOCAL_REPOSITORY, openForReading, type Reading } from '../home.ts';
import { matcherOf } from '../ignore.ts';
import { KIND_FACTORS } from '../ranking.ts';
import { readBody } from '../reading.ts';
import { lookNow } from '../search/freshness.ts';
import type { Freshness } from '../search/hit.ts';
import { findEntryPoints, type EntryPoint } from './entry-points.ts';
import { estimateTokens, fit, type Fitted, type RankedSymbol } from './fit.ts';
import { pageRank } from './page-rank.ts';
import { relate, type Relations } from './relations.ts';

export interface MapRequest {
  readonly tokens: number;
  /** Paths or globs around which the map is drawn. */
  readonly focus: readonly string[];
  /** Words around which the map is drawn, or null. */
  readonly query: string | null;
}

export interface RepositoryMap extends Fitted {
  readonly entryPoints: readonly EntryPoint[];
  readonly files: number;
  readonly freshness: Freshness;
}

/** Throws `NOT_INDEXED`. Deterministic: the same index and request give the same text. */
export async function drawMap(context: Context, request: MapRequest): Promise<RepositoryMap> {
  const reading = await openForReading(context, context.directory);
  if (reading === null) throw new SophiaError('NOT_INDEXED', { path: context.directory });
  try {
    const { freshness } = await lookNow(context, reading.root, reading.store);
    const relations = relate(reading.store, LOCAL_REPOSITORY);
    const ranks = pageRank(relations.graph, startOf(relations, request, reading));
    const all = await findEntryPoints(relations, (path) => readText(context, reading, path));
    const entryPoints = withinShare(all, request.tokens);
    return { ...fit(rankSymbols(relations, ranks), entryPoints, request.tokens), entryPoints, files: relations.files.length, freshness };
  } finally {
    reading.store.close();
  }
}

/** Entry points may take a quarter of the budget. */
function withinShare(entryPoints: readonly EntryPoint[], tokens: number): readonly EntryPoint[] {
  const kept: EntryPoint[] = [];
  let used = 0;
  for (const entry of entryPoints) {
    used += estimateTokens(`- ${entry.path} (${entry.why})\n`);
    if (used > tokens / 4) break;
    kept.push(entry);
  }
  return kept;
}

const FOCUS = 50;

/** Where the walk begins: everywhere, more in sources than in tests; with a focus or a query mostly there. */
function startOf({ files }: Relations, request: MapRequest, { store }: Reading): Float64Array {
  const start = Float64Array.from(files, ({ kind }) => KIND_FACTORS[kind] / files.length);
  if (request.focus.length > 0) {
    const isFocus = matcherOf(request.focus);
    files.forEach(({ path }, number) => {
      if (isFocus(path)) start[number]! += FOCUS;
    });
  }
  if (request.query !== null) {
    const numberOf = new Map(files.map(({ path }, number) => [path, number]));
    for (const { id, score } of store.search({ repository: LOCAL_REPOSITORY, query: request.query, limit: 20 }))
      start[numberOf.get(id)!]! += score;
  }
  return start;
}

/** A file's rank goes to its definitions, by how much others use each, and a little to all of them. */
function rankSymbols({ files, uses }: Relations, ranks: Float64Array): readonly RankedSymbol[] {
  const ranked: RankedSymbol[] = [];
  files.forEach((file, number) => {
    const symbols = file.symbols.filter(({ kind }) => kind !== 'key' && kind !== 'heading');
    const weights = symbols.map(
      ({ name, exported, container }) => (uses[number]!.get(name) ?? 0) + (exported ? 0.2 : 0.02) * (container === null ? 1 : 0.3),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    symbols.forEach((symbol, index) => {
      ranked.push({ path: file.path, symbol, score: (ranks[number]! * KIND_FACTORS[file.kind] * weights[index]!) / total });
    });
  });
  return ranked.sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.symbol.line - b.symbol.line));
}

async function readText(context: Context, { root, store }: Reading, path: string): Promise<string | null> {
  const document = store.get(LOCAL_REPOSITORY, path);
  const body = document === null ? null : await readBody(context, root, document);
  return body === null ? null : Buffer.from(body).toString('utf8');
}
