// How long questions take in a process that has the index open. A program of its own: prints `{words: [ms], symbols: [ms], …}`.
import process from 'node:process';
import { openForReading, LOCAL_REPOSITORY } from '../../src/index/home.ts';
import { findDefinitions } from '../../src/index/search/symbols.ts';
import { searchWords } from '../../src/index/search/words.ts';
import type { ContextStore } from '../../src/index/store/store.ts';
import { createContext } from '../../src/platform/context.ts';

const QUERIES = 200;
const WARM_UP = 20;
const LIVE = { documents: [], hidden: new Set<string>() };

const root = process.argv[2]!;
const log = { write: () => {}, isTerminal: false, columns: 80, level: 'quiet' } as const;
const context = createContext({ directory: root, env: process.env, signal: new AbortController().signal, commands: async () => [], log });
const reading = await openForReading(context, root);
if (reading === null) throw new Error(`${root} is not indexed`);
const names = namesIn(reading.store);
const words = names.map((name, index) => `${spaced(name)} ${spaced(names[(index + 1) % names.length]!)}`);
const request = { root, limit: 10, contextLines: 2, languages: [], accepts: null, live: LIVE };
process.stdout.write(
  JSON.stringify({
    words: await time(words, (text) => searchWords(context, reading.store, { ...request, text })),
    symbols: await time(names, (name) => findDefinitions(reading.store, { name, kind: null, limit: 10, live: LIVE, accepts: () => true })),
    literal: names.find((name) => name.length >= 10) ?? names[0],
    phrase: words[0],
  }),
);
reading.store.close();

/** Spread over the whole repository, and the same in each run. */
function namesIn(store: ContextStore): string[] {
  const all = [...store.documents(LOCAL_REPOSITORY)]
    .filter(({ kind }) => kind === 'source')
    .flatMap(({ symbols }) => symbols.filter(({ name, kind }) => kind !== 'heading' && name.length > 3).map(({ name }) => name));
  if (all.length === 0) throw new Error('the index has no symbols to ask for');
  return Array.from({ length: QUERIES }, (_, index) => all[Math.floor((index * all.length) / QUERIES)]!);
}

function spaced(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])|_/g, ' ').toLowerCase();
}

async function time(questions: readonly string[], ask: (question: string) => unknown): Promise<number[]> {
  for (const question of questions.slice(0, WARM_UP)) await ask(question);
  const elapsedMs: number[] = [];
  for (const question of questions) {
    const startedMs = performance.now();
    await ask(question);
    elapsedMs.push(performance.now() - startedMs);
  }
  return elapsedMs;
}
