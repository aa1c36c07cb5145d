// One question to the index of a directory: the right lane, hits that are never stale, and how fresh they are.
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { LOCAL_REPOSITORY, openForReading } from '../home.ts';
import { matcherOf } from '../ignore.ts';
import type { SymbolKind } from '../languages/language.ts';
import type { ContextStore } from '../store/store.ts';
import { lookNow, type Now } from './freshness.ts';
import type { Freshness, Hit } from './hit.ts';
import { parseQuery, type Lane, type Mode, type Query } from './query.ts';
import { findDefinitions } from './symbols.ts';
import { searchText } from './text.ts';
import { searchWords } from './words.ts';

export interface Question {
  readonly text: string;
  readonly mode: Mode;
  readonly paths: readonly string[];
  readonly languages: readonly string[];
  readonly kind: SymbolKind | null;
  readonly limit: number;
  readonly contextLines: number;
}

export interface Answer {
  readonly hits: readonly Hit[];
  readonly mode: Lane;
  readonly freshness: Freshness;
  readonly isCut: boolean;
}

/** Throws `NOT_INDEXED` where there is no index in the directory or above it, and `LANGUAGE_UNKNOWN`. */
export async function search(context: Context, question: Question): Promise<Answer> {
  const reading = await openForReading(context, context.directory);
  if (reading === null) throw new SophiaError('NOT_INDEXED', { path: context.directory });
  try {
    await refuseUnknownLanguages(reading.store, question.languages);
    const now = await lookNow(context, reading.root, reading.store);
    const query = parseQuery(question.text, question.mode);
    const answer = await ask(context, { ...reading, now, query, question });
    return { ...answer, mode: query.lane, freshness: now.freshness };
  } finally {
    reading.store.close();
  }
}

/** The names of all languages are with their scanners, which is much to load: what the index holds is known without. */
async function refuseUnknownLanguages(store: ContextStore, asked: readonly string[]): Promise<void> {
  const held = asked.length === 0 ? {} : (store.stats(LOCAL_REPOSITORY)?.languages ?? {});
  const others = asked.filter((name) => !Object.hasOwn(held, name));
  if (others.length > 0) (await import('./languages.ts')).refuseUnknown(others);
}

interface Asked {
  readonly root: string;
  readonly store: ContextStore;
  readonly now: Now;
  readonly query: Query;
  readonly question: Question;
}

async function ask(context: Context, asked: Asked): Promise<Pick<Answer, 'hits' | 'isCut'>> {
  const { query, question, root, now, store } = asked;
  const { limit, contextLines, languages } = question;
  const matches = question.paths.length === 0 ? null : matcherOf(question.paths);
  const accepts = (file: { id: string; language: string | null }): boolean =>
    (matches?.(file.id) ?? true) && (languages.length === 0 || languages.includes(file.language ?? 'text'));
  const definitions = (): readonly Hit[] =>
    findDefinitions(store, { name: query.text, kind: question.kind, limit, live: now.live, accepts });
  switch (query.lane) {
    case 'literal':
    case 'regex':
      return query.text === ''
        ? { hits: [], isCut: false }
        : await searchText(context, store, {
            root,
            text: query.text,
            isRegex: query.lane === 'regex',
            limit,
            contextLines,
            accepts,
            live: now.live,
            head: now.freshness.head,
          });
    case 'symbol':
      return { hits: definitions(), isCut: false };
    default: {
      const exact = query.mayBeSymbol ? definitions() : [];
      const words = await searchWords(context, store, {
        root,
        text: query.text,
        limit,
        contextLines,
        languages,
        accepts: matches,
        live: now.live,
      });
      return { hits: merge(exact, ofKind(words, question.kind), limit), isCut: false };
    }
  }
}

function ofKind(hits: readonly Hit[], kind: SymbolKind | null): readonly Hit[] {
  return kind === null ? hits : hits.filter(({ symbol }) => symbol?.kind === kind);
}

/** Definitions first; then the documents that they are not in. */
function merge(exact: readonly Hit[], words: readonly Hit[], limit: number): readonly Hit[] {
  const defined = new Set(exact.map(({ path }) => path));
  return [...exact, ...words.filter(({ path }) => !defined.has(path))].slice(0, limit);
}
