// Words: the ranked lane. The store ranks documents; the documents themselves say which of their lines answer.
import type { Context } from '../../context.ts';
import { enclosing } from '../languages/enclosing.ts';
import { LOCAL_REPOSITORY } from '../home.ts';
import { readBody } from '../reading.ts';
import type { CodeSymbol } from '../languages/language.ts';
import type { ContextStore, DocumentKind, Live, Ranked, SearchRequest } from '../store/store.ts';
import { tokenise } from '../tokens.ts';
import { compareHits, type Hit } from './hit.ts';
import { findPlace, linesOf, type Place } from './snippet.ts';

export interface WordsRequest {
  readonly root: string;
  readonly text: string;
  readonly limit: number;
  readonly contextLines: number;
  readonly languages: readonly string[];
  readonly kinds?: readonly DocumentKind[];
  readonly accepts: ((id: string) => boolean) | null;
  readonly live: Live;
}

/** So many documents for each hit asked for have their lines looked at. */
const CANDIDATES_PER_HIT = 3;
/** How much a document gains whose words stand close together: the long file with the right page. */
const CLOSENESS_WEIGHT = 0.5;

export async function searchWords(context: Context, store: ContextStore, request: WordsRequest): Promise<readonly Hit[]> {
  const search: SearchRequest = {
    repository: LOCAL_REPOSITORY,
    query: request.text,
    limit: request.limit * CANDIDATES_PER_HIT,
    live: request.live,
    ...(request.languages.length === 0 ? {} : { languages: request.languages }),
    ...(request.kinds === undefined ? {} : { kinds: request.kinds }),
    ...(request.accepts === null ? {} : { accepts: request.accepts }),
  };
  const terms = new Set(tokenise(request.text));
  const hits: Hit[] = [];
  for (const ranked of store.search(search)) {
    const last = hits[request.limit - 1];
    // Candidates come by falling score: from here on not even the closest words could lift one into the answer.
    if (last !== undefined && ranked.score * (1 + CLOSENESS_WEIGHT) < last.score) break;
    hits.push(await toHit(context, store, { ranked, terms, request }));
    hits.sort(compareHits);
  }
  return hits.slice(0, request.limit);
}

async function toHit(
  context: Context,
  store: ContextStore,
  { ranked, terms, request }: { ranked: Ranked; terms: ReadonlySet<string>; request: WordsRequest },
): Promise<Hit> {
  const live = ranked.isLive ? request.live.documents.find(({ id }) => id === ranked.id) : undefined;
  const symbols = (live ?? store.get(LOCAL_REPOSITORY, ranked.id))?.symbols ?? [];
  const body = live?.body ?? (await readBody(context, request.root, ranked));
  const place: Place | null = body === null ? null : findPlace(linesOf(body), { terms, symbols, contextLines: request.contextLines });
  const symbol = place === null ? null : enclosing(symbols, place.line);
  const gain = 1 + CLOSENESS_WEIGHT * (place?.coverage ?? 0);
  return {
    path: ranked.id,
    line: place?.line ?? 1,
    end_line: place?.endLine ?? 1,
    snippet: place?.snippet ?? '',
    ...(symbol === null ? {} : { symbol: toSymbol(symbol) }),
    score: ranked.score * gain,
    why: { ...ranked.why, body: ranked.why.body + ranked.score * (gain - 1) },
    blob: ranked.contentId,
    ...(ranked.isLive ? { live: true } : {}),
  };
}

function toSymbol({ name, kind, container, signature }: CodeSymbol): NonNullable<Hit['symbol']> {
  return { name, kind, container, signature };
}
