// What a repository amounts to, counted from its rows when they change, and kept: counting reads every one of them.
import type { Database } from '../../context.ts';
import type { StoreStats } from './store.ts';

export type Counts = Pick<StoreStats, 'documents' | 'bytes' | 'symbols' | 'languages'>;

/** Kept among the facts, under a name that none of them has. */
export const COUNTS_KEY = '.counts';

/** Inside the transaction that gives the rows this generation. */
export function keepCounts(database: Database, repository: number, generation: number): void {
  database
    .prepare('INSERT INTO fact (repository, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
    .run(repository, COUNTS_KEY, JSON.stringify({ generation, ...countRows(database, repository) }));
}

/** `kept` is the fact; rows of another generation, as a program that keeps no counts leaves them, are counted again. */
export function readCounts(
  database: Database,
  repository: number,
  { kept, generation }: { kept: string | undefined; generation: number },
): Counts {
  const counts = kept === undefined ? null : parse(kept);
  return counts?.generation === generation ? counts : countRows(database, repository);
}

function parse(kept: string): (Counts & { readonly generation: number }) | null {
  try {
    return JSON.parse(kept) as Counts & { readonly generation: number };
  } catch {
    return null;
  }
}

function countRows(database: Database, repository: number): Counts {
  const byLanguage = database
    .prepare(
      "SELECT coalesce(language, 'text') AS language, count(*) AS documents, sum(size) AS bytes, sum(symbols) AS symbols FROM document WHERE repository = ? GROUP BY 1 ORDER BY 1",
    )
    .all(repository);
  const sum = (key: string): number => byLanguage.reduce((total, each) => total + Number(each[key]), 0);
  return {
    documents: sum('documents'),
    bytes: sum('bytes'),
    symbols: sum('symbols'),
    languages: Object.fromEntries(byLanguage.map((each) => [String(each['language']), Number(each['documents'])])),
  };
}
