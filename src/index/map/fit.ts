// As many signatures as a token budget holds, the most important first, shown file by file.
import { visible } from '../../markdown.ts';
import type { CodeSymbol } from '../languages/language.ts';
import type { EntryPoint } from './entry-points.ts';

export interface RankedSymbol {
  readonly path: string;
  readonly symbol: CodeSymbol;
  readonly score: number;
}

export interface MapSection {
  readonly path: string;
  readonly symbols: readonly CodeSymbol[];
}

/** One token for four characters, rounded up: close to what models count for code, and the same for everyone. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

export interface Fitted {
  readonly sections: readonly MapSection[];
  readonly text: string;
  readonly tokens: number;
}

/** The largest number of symbols, by rank, whose text stays within the budget. */
export function fit(ranked: readonly RankedSymbol[], entryPoints: readonly EntryPoint[], budget: number): Fitted {
  let low = 0;
  let high = ranked.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (estimateTokens(render(ranked.slice(0, middle), entryPoints)) <= budget) low = middle;
    else high = middle - 1;
  }
  const chosen = fillUp(ranked, low, { entryPoints, budget });
  const text = render(chosen, entryPoints);
  return { sections: toSections(chosen), text, tokens: estimateTokens(text) };
}

/** What is next may be too long where something a little less important still fits. */
function fillUp(
  ranked: readonly RankedSymbol[],
  count: number,
  { entryPoints, budget }: { entryPoints: readonly EntryPoint[]; budget: number },
): readonly RankedSymbol[] {
  const chosen = ranked.slice(0, count);
  for (const candidate of ranked.slice(count, count + 40)) {
    if (estimateTokens(render([...chosen, candidate], entryPoints)) <= budget) chosen.push(candidate);
  }
  return chosen;
}

function toSections(chosen: readonly RankedSymbol[]): readonly MapSection[] {
  const byPath = new Map<string, CodeSymbol[]>();
  for (const { path, symbol } of chosen) {
    const symbols = byPath.get(path);
    if (symbols === undefined) byPath.set(path, [symbol]);
    else symbols.push(symbol);
  }
  return [...byPath].map(([path, symbols]) => ({ path, symbols: symbols.sort((a, b) => a.line - b.line) }));
}

function render(chosen: readonly RankedSymbol[], entryPoints: readonly EntryPoint[]): string {
  const entries = entryPoints.map(({ path, why }) => `- ${visible(path)} (${why})`);
  const sections = toSections(chosen).flatMap(({ path, symbols }) => [
    '',
    `## ${visible(path)}`,
    '',
    '```',
    ...symbols.map((symbol) => `${symbol.line}: ${indent(symbol)}${symbol.signature}`),
    '```',
  ]);
  return [...(entries.length === 0 ? [] : ['Entry points:', '', ...entries]), ...sections].join('\n').trim();
}

function indent({ container }: CodeSymbol): string {
  return container === null ? '' : '  '.repeat(Math.min(3, container.split('.').length));
}
