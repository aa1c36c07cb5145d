// npm run eval:index -- --repo DIRECTORY [--queries 500] [--ablations]
//
// How well the words lane finds what people went on to change: the index of an earlier commit is asked with the subjects of
// the commits that followed, and the truth is the files that each touched. Recall@10 and MRR, with a 95 % bootstrap interval
// over the same questions for all. Exits with 1 where another way to search is better.
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { createContext } from '../src/platform/context.ts';
import { evaluate, type Evaluation } from './eval/evaluate.ts';
import type { Estimate } from './eval/score.ts';

const { values } = parseArgs({
  options: {
    repo: { type: 'string', multiple: true },
    queries: { type: 'string', default: '500' },
    ablations: { type: 'boolean', default: false },
  },
});

if (values.repo === undefined) {
  process.stderr.write('which repository? npm run eval:index -- --repo DIRECTORY\n');
  process.exitCode = 2;
}
for (const given of values.repo ?? []) {
  const repository = path.resolve(given);
  const context = createContext({
    directory: repository,
    env: process.env,
    signal: new AbortController().signal,
    commands: async () => [],
    log: { write: () => {}, isTerminal: false, columns: 80, level: 'quiet' },
  });
  const evaluation = await evaluate(context, { repository, queries: Number(values.queries), withAblations: values.ablations });
  process.stdout.write(show(path.basename(repository), evaluation));
  if (isBeaten(evaluation)) process.exitCode = 1;
}

function show(name: string, { commit, files, questions, systems }: Evaluation): string {
  return [
    `## ${name}: ${questions} questions on ${files} files at ${commit.slice(0, 12)}`,
    '',
    '| | recall@10 | MRR |',
    '|---|---|---|',
    ...systems.map((system) => `| ${system.name} | ${toText(system.recall)} | ${toText(system.meanReciprocalRank)} |`),
    '',
    '',
  ].join('\n');
}

function toText({ mean, low, high }: Estimate): string {
  return `${mean.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;
}

/** Ablations are parts of ours, not rivals. */
function isBeaten({ systems }: Evaluation): boolean {
  const own = systems.find(({ name }) => name === 'sophia')!;
  return systems.some(({ name, recall }) => !name.startsWith('…') && recall.mean > own.recall.mean);
}
