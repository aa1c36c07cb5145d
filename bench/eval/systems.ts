// Who answers: each turns the words of a subject into paths, the best first.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Context } from '../../src/context.ts';
import { LOCAL_REPOSITORY } from '../../src/index/home.ts';
import { RANKED_FIELDS, type RankedField } from '../../src/index/ranking.ts';
import { searchWords } from '../../src/index/search/words.ts';
import type { ContextStore, Ranked } from '../../src/index/store/store.ts';
import { TOP } from './score.ts';

export interface System {
  readonly name: string;
  answer(subject: string): Promise<readonly string[]> | readonly string[];
}

interface Indexed {
  readonly context: Context;
  readonly root: string;
  readonly store: ContextStore;
}

/** Files by how often the words of the query stand in them: what one does without an index. */
export function countWords({ context, root, store }: Indexed): System {
  const known = idsOf(store);
  return {
    name: 'rg, word count',
    answer: async (subject) => {
      const words = wordsOf(subject);
      if (words.length === 0) return [];
      const { rgPath } = await import('@vscode/ripgrep');
      const patterns = words.flatMap((word) => ['-e', word]);
      const { stdout } = await context.exec.run(
        rgPath,
        ['--count-matches', '--null', '--ignore-case', '--word-regexp', '--fixed-strings', '--hidden', ...patterns, '--', './'],
        { cwd: root },
      );
      const counts = [
        ...Buffer.from(stdout)
          .toString()
          .matchAll(/\.\/([^\0]*)\0(\d+)\n/g),
      ].map(([, file, count]) => ({ file: file!, count: Number(count) }));
      return counts
        .filter(({ file }) => known.has(file))
        .sort((a, b) => b.count - a.count || (a.file < b.file ? -1 : 1))
        .map(({ file }) => file);
    },
  };
}

/** Path and body in one FTS5 table with its own stemming tokeniser and bm25: what most would build. */
export async function oneTable({ root, store }: Indexed): Promise<System> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(':memory:');
  database.exec("CREATE VIRTUAL TABLE file USING fts5(path, body, tokenize = 'porter unicode61')");
  const insert = database.prepare('INSERT INTO file (path, body) VALUES (?, ?)');
  database.exec('BEGIN');
  for (const id of idsOf(store)) insert.run(id, readFileSync(path.join(root, id), 'utf8').replaceAll('\0', ' '));
  database.exec('COMMIT');
  const select = database.prepare(`SELECT path FROM file WHERE file MATCH ? ORDER BY bm25(file), path LIMIT ${TOP}`);
  return {
    name: 'one FTS5 table',
    answer: (subject) => {
      const words = wordsOf(subject);
      return words.length === 0 ? [] : select.all(words.map((word) => `"${word}"`).join(' OR ')).map((row) => String(row['path']));
    },
  };
}

/** What `sophia search` answers in its words lane. */
export function ours({ context, root, store }: Indexed): System {
  const request = { root, limit: TOP, contextLines: 0, languages: [], accepts: null, live: { documents: [], hidden: new Set<string>() } };
  return { name: 'sophia', answer: async (text) => (await searchWords(context, store, { ...request, text })).map((hit) => hit.path) };
}

/** The ranking alone, whole and with one part taken away: what each part is worth. */
export function ablations({ store }: Indexed): readonly System[] {
  const all = idsOf(store).size;
  const rankBy = (name: string, score: (ranked: Ranked) => number): System => ({
    name,
    answer: (query) =>
      store
        .search({ repository: LOCAL_REPOSITORY, query, limit: all })
        .map((ranked) => ({ id: ranked.id, score: score(ranked) }))
        .filter(({ score: value }) => value > 0)
        .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
        .map(({ id }) => id),
  });
  const without = (field: RankedField): System => rankBy(`… without ${field}`, ({ score, why }) => score - why[field]);
  return [rankBy('… without closeness', ({ score }) => score), ...RANKED_FIELDS.map(without)];
}

function idsOf(store: ContextStore): ReadonlySet<string> {
  return new Set(store.catalogue(LOCAL_REPOSITORY).keys());
}

function wordsOf(subject: string): string[] {
  return [...new Set(subject.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [])];
}
