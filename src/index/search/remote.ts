// The same question to a context service on another machine. What it answers is checked, then it is a hit like any other.
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { SYMBOL_KINDS } from '../languages/language.ts';
import { readAnswer } from '../push/answers.ts';
import type { ContextService } from '../push/service.ts';
import { compareHits, NO_WHY, type Freshness, type Hit } from './hit.ts';
import { parseQuery, type Lane } from './query.ts';
import type { Answer, Question } from './search.ts';

/** The largest page that a service gives. */
const MAX_PAGE = 200;

const LINE = z.int().min(1);
const SYMBOL = z.object({ name: z.string(), kind: z.enum(SYMBOL_KINDS), container: z.string().nullable(), signature: z.string() });
const WHY = z.object({ body: z.number(), path: z.number(), symbols: z.number(), history: z.number() });

const RECORD = z.object({
  id: z.string(),
  title: z.string(),
  path: z.string().nullish(),
  line: LINE.nullish(),
  end_line: LINE.nullish(),
  snippet: z.string(),
  symbol: SYMBOL.nullish(),
  score: z.number(),
  why: WHY.nullish(),
  blob: z.string().nullish(),
  live: z.literal(true).optional(),
});

const FRESHNESS = z.object({
  indexed_commit: z.string().nullable(),
  head: z.string().nullable(),
  dirty: z.boolean(),
  stale: z.boolean(),
  live_files: z.int().nonnegative(),
});

/** `GET /context/search` */
const PAGE = z.object({
  data: z.array(RECORD),
  next_cursor: z.string().nullable(),
  has_more: z.boolean(),
  stale: z.boolean().default(false),
  partial: z.boolean().default(false),
  mode: z.enum(['words', 'literal', 'regex', 'symbol']).optional(),
  freshness: FRESHNESS.optional(),
});

type Page = z.infer<typeof PAGE>;

/** `repository`: only of this one; null for all that the service holds. Throws `NET_*` and `SERVICE_*`. */
export async function searchRemote(
  context: Context,
  service: ContextService,
  question: Question & { readonly repository: string | null },
): Promise<Answer> {
  const hits: Hit[] = [];
  const cursors = new Set<string>();
  let isCut = false;
  for (let cursor = ''; ;) {
    context.signal.throwIfAborted();
    const query = {
      ...toQuery(question),
      limit: String(Math.min(MAX_PAGE, question.limit - hits.length)),
      ...(cursor === '' ? {} : { cursor }),
    };
    const page = readAnswer(PAGE, service.url, await service.get('/context/search', query));
    hits.push(...page.data.map(toHit));
    isCut ||= page.partial;
    if (!page.has_more || hits.length >= question.limit)
      return { hits: hits.sort(compareHits).slice(0, question.limit), ...tellOf(page, question), isCut };
    cursor = page.next_cursor ?? '';
    if (cursor === '' || cursors.has(cursor))
      throw new SophiaError('SERVICE_BAD_ANSWER', { url: service.url, reason: 'its pages never end' });
    cursors.add(cursor);
  }
}

/** What was not asked for is not sent: a service refuses an empty parameter, lest it widen a query. */
function toQuery(question: Question & { readonly repository: string | null }): Record<string, string> {
  const given = {
    q: question.text,
    mode: question.mode,
    path: question.paths.join(','),
    lang: question.languages.join(','),
    kind: question.kind ?? '',
    context_lines: String(question.contextLines),
    repository: question.repository ?? '',
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
}

function toHit({ title, path, line, end_line: endLine, snippet, symbol, score, why, blob, live }: Page['data'][number]): Hit {
  const first = line ?? 1;
  return {
    path: path ?? title,
    line: first,
    end_line: Math.max(first, endLine ?? first),
    snippet,
    ...(symbol === undefined || symbol === null ? {} : { symbol }),
    score,
    why: why ?? { ...NO_WHY, body: score },
    blob: blob ?? null,
    ...(live === undefined ? {} : { live }),
  };
}

/** A service that has no checkout knows no head. */
function tellOf({ mode, freshness, stale }: Page, question: Question): { mode: Lane; freshness: Freshness } {
  const unknown: Freshness = { indexed_commit: null, head: null, dirty: false, stale, live_files: 0 };
  return { mode: mode ?? parseQuery(question.text, question.mode).lane, freshness: freshness ?? unknown };
}
