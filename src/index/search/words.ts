// Words: the ranked lane. The store ranks documents; the documents themselves say which of their lines answer.
import type { Context } from '../../context.ts';
import { enclosing } from '../languages/enclosing.ts';
import { LOCAL_REPOSITORY } from '../home.ts';
import { readBody } from '../reading.ts';
import type { CodeSymbol } from '../languages/language.ts';
import type { ContextDocument, ContextStore, DocumentKind, Live, Ranked, SearchRequest } from '../store/store.ts';
import { compareHits, type Hit } from './hit.ts';
import { Passage, Terms } from './snippet.ts';

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
  const terms = new Terms(request.text);
  const found = store.search(search);
  const candidates: Candidate[] = [];
  for (const ranked of found) {
    const last = candidates[request.limit - 1];
    // Candidates come by falling score: from here on not even the closest words could lift one into the answer.
    if (last !== undefined && ranked.score * (1 + CLOSENESS_WEIGHT) < last.score) break;
    // Nor this one, with the few words that it has.
    if (last !== undefined && ranked.score * (1 + CLOSENESS_WEIGHT * ranked.share) < last.score) continue;
    candidates.push(await weigh(context, { ranked, terms, request }));
    candidates.sort(compareCandidates);
    candidates.length = Math.min(candidates.length, request.limit);
  }
  return candidates.map((candidate) => toHit(store, candidate, request)).sort(compareHits);
}

interface Candidate {
  readonly ranked: Ranked;
  readonly live: ContextDocument | undefined;
  /** Null where its bytes are nowhere any more. */
  readonly passage: Passage | null;
  readonly score: number;
}

async function weigh(
  context: Context,
  { ranked, terms, request }: { ranked: Ranked; terms: Terms; request: WordsRequest },
): Promise<Candidate> {
  const live = ranked.isLive ? request.live.documents.find(({ id }) => id === ranked.id) : undefined;
  const body = live?.body ?? (await readBody(context, request.root, ranked));
  const passage = body === null ? null : new Passage(body, terms);
  return { ranked, live, passage, score: ranked.score * gainOf(passage) };
}

function gainOf(passage: Passage | null): number {
  return 1 + CLOSENESS_WEIGHT * (passage?.coverage ?? 0);
}

/** The order of the hits that they would become: each is of another path. */
function compareCandidates(a: Candidate, b: Candidate): number {
  return b.score - a.score || (a.ranked.id < b.ranked.id ? -1 : 1);
}

function toHit(store: ContextStore, { ranked, live, passage, score }: Candidate, { contextLines }: WordsRequest): Hit {
  const symbols = (live ?? store.get(LOCAL_REPOSITORY, ranked.id))?.symbols ?? [];
  const place = passage === null ? null : passage.place(symbols, contextLines);
  const symbol = place === null ? null : enclosing(symbols, place.line);
  return {
    path: ranked.id,
    line: place?.line ?? 1,
    end_line: place?.endLine ?? 1,
    snippet: place?.snippet ?? '',
    ...(symbol === null ? {} : { symbol: toSymbol(symbol) }),
    score,
    why: { ...ranked.why, body: ranked.why.body + ranked.score * (gainOf(passage) - 1) },
    blob: ranked.contentId,
    ...(ranked.isLive ? { live: true } : {}),
  };
}

function toSymbol({ name, kind, container, signature }: CodeSymbol): NonNullable<Hit['symbol']> {
  return { name, kind, container, signature };
}
