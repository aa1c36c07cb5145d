// Exact names: where is this defined?
import { KIND_FACTORS } from '../ranking.ts';
import { LOCAL_REPOSITORY } from '../home.ts';
import type { CodeSymbol, SymbolKind } from '../languages/language.ts';
import type { ContextStore, DocumentKind, Live } from '../store/store.ts';
import { compareHits, NO_WHY, type Hit } from './hit.ts';

/** A definition in code comes before a heading or a key of the same name. */
const SYMBOL_WEIGHTS: Readonly<Record<SymbolKind, number>> = {
  class: 1,
  interface: 0.98,
  type: 0.96,
  enum: 0.96,
  function: 0.95,
  method: 0.8,
  namespace: 0.75,
  constant: 0.7,
  heading: 0.3,
  key: 0.2,
};

/** Exact names stand above every word score. */
const SYMBOL_SCORE = 1000;

/** Documents to open for one name; common names have thousands. */
const MAX_DOCUMENTS = 60;

export interface SymbolRequest {
  readonly name: string;
  readonly kind: SymbolKind | null;
  readonly limit: number;
  readonly live: Live;
  readonly accepts: (file: { readonly id: string; readonly language: string | null }) => boolean;
}

/** `Outer.inner` asks for an inner one inside Outer. */
export function findDefinitions(store: ContextStore, request: SymbolRequest): readonly Hit[] {
  const [container, name] = splitName(request.name);
  const stored = store.define(LOCAL_REPOSITORY, name, MAX_DOCUMENTS).filter(({ id }) => !request.live.hidden.has(id));
  const live = request.live.documents.filter(({ symbols }) => symbols.some((symbol) => symbol.name === name));
  const hits: Hit[] = [];
  for (const document of [...stored, ...live]) {
    if (!request.accepts(document)) continue;
    for (const symbol of document.symbols) {
      const isAsked =
        symbol.name === name &&
        (container === null || endsWithContainer(symbol, container)) &&
        (request.kind === null || symbol.kind === request.kind);
      if (isAsked) hits.push(toHit(symbol, { ...document, isLive: !('repository' in document) }));
    }
  }
  return hits.sort(compareHits).slice(0, request.limit);
}

function splitName(name: string): [string | null, string] {
  const match = /^(.+)(?:\.|::|#)([^.:#]+)$/.exec(name);
  return match === null ? [null, name] : [match[1]!.replaceAll('::', '.'), match[2]!];
}

function endsWithContainer(symbol: CodeSymbol, container: string): boolean {
  return symbol.container === container || (symbol.container?.endsWith(`.${container}`) ?? false);
}

function toHit(symbol: CodeSymbol, file: { id: string; kind: DocumentKind; contentId: string; isLive: boolean }): Hit {
  const depth = file.id.split('/').length;
  const score =
    SYMBOL_SCORE *
      SYMBOL_WEIGHTS[symbol.kind] *
      KIND_FACTORS[file.kind] *
      (symbol.exported ? 1 : 0.9) *
      (symbol.container === null ? 1 : 0.97) -
    depth;
  return {
    path: file.id,
    line: symbol.line,
    end_line: symbol.endLine,
    snippet: symbol.signature,
    symbol: { name: symbol.name, kind: symbol.kind, container: symbol.container, signature: symbol.signature },
    score: Math.max(score, 1),
    why: { ...NO_WHY, symbols: Math.max(score, 1) },
    blob: file.contentId,
    ...(file.isLive ? { live: true } : {}),
  };
}
