// One repository, its own history as the exam: index the past, ask for what came next.
import path from 'node:path';
import type { Context } from '../../src/context.ts';
import { openForReading } from '../../src/index/home.ts';
import { buildIndex } from '../../src/index/indexer.ts';
import { checkOut, setExam, type Question } from './questions.ts';
import { estimate, judge, type Estimate } from './score.ts';
import { ablations, countWords, oneTable, ours, type System } from './systems.ts';

export interface EvaluationRequest {
  readonly repository: string;
  readonly queries: number;
  /** Also the ranking with one part taken away at a time. */
  readonly withAblations: boolean;
}

export interface Evaluation {
  readonly commit: string;
  readonly files: number;
  readonly questions: number;
  readonly systems: readonly { readonly name: string; readonly recall: Estimate; readonly meanReciprocalRank: Estimate }[];
}

const SETTINGS = {
  isFull: true,
  historyLimit: 5000,
  maxFileBytes: 1 << 20,
  include: [],
  exclude: [],
  shouldWait: false,
  threads: 1,
  isDryRun: false,
};

export async function evaluate(context: Context, { repository, queries, withAblations }: EvaluationRequest): Promise<Evaluation> {
  const { commit, questions } = await setExam(context, repository, queries);
  const folder = context.files.temporaryDirectory('sophia-eval-');
  const root = path.join(folder, 'tree');
  try {
    checkOut(repository, commit, root);
    await buildIndex(context, { root, ...SETTINGS });
    const reading = await openForReading(context, root);
    if (reading === null) throw new Error('the index was not written');
    const indexed = { context, root, store: reading.store };
    const systems = [countWords(indexed), await oneTable(indexed), ours(indexed), ...(withAblations ? ablations(indexed) : [])];
    const results = [];
    for (const system of systems) results.push(await examine(system, questions));
    const files = reading.store.catalogue('.').size;
    reading.store.close();
    return { commit, files, questions: questions.length, systems: results };
  } finally {
    context.files.remove(folder);
  }
}

async function examine(system: System, questions: readonly Question[]): Promise<Evaluation['systems'][number]> {
  const judged = [];
  for (const { subject, truth } of questions) judged.push(judge(await system.answer(subject), truth));
  return {
    name: system.name,
    recall: estimate(judged.map(({ recall }) => recall)),
    meanReciprocalRank: estimate(judged.map(({ reciprocalRank }) => reciprocalRank)),
  };
}
