import type { CodeSymbol } from './language.ts';

/** The innermost definition that a line stands in, or null. */
export function enclosing(symbols: readonly CodeSymbol[], line: number): CodeSymbol | null {
  let best: CodeSymbol | null = null;
  for (const symbol of symbols) {
    if (symbol.line > line || symbol.endLine < line) continue;
    if (best === null || symbol.line > best.line || (symbol.line === best.line && symbol.endLine < best.endLine)) best = symbol;
  }
  return best;
}
