// docs/benchmarks.md: what was measured, on what, and what was not. Pure.
import type { Corpus, Missing } from './corpus.ts';
import type { Figure, Measured } from './figures.ts';

export interface Report {
  readonly sections: readonly { readonly corpus: Corpus; readonly measured: Measured; readonly figures: readonly Figure[] }[];
  readonly absent: readonly Missing[];
  readonly machine: string;
  readonly runs: number;
}

export function toMarkdown({ sections, absent, machine, runs }: Report): string {
  return [
    '# Benchmarks',
    '',
    '<!-- Written by `npm run bench:index`; do not edit. -->',
    '',
    `${machine}.`,
    '',
    `Each figure is ${runs === 1 ? 'of one run' : `the median of ${runs} runs (least–most)`}, all programs in turns. CPU is user and system time of whole processes`,
    'with their children. Ratios of one run compare on a busy machine too; wall times and megabytes per second do not.',
    '',
    ...sections.flatMap(toSection),
    ...(absent.length === 0 ? [] : ['## Not measured', '', ...absent.map(({ name, reason }) => `- ${name}: ${reason}`), '']),
  ].join('\n');
}

function toSection({ corpus, measured, figures }: Report['sections'][number]): string[] {
  const { files, textBytes, symbols, readAgain } = measured;
  return [
    `## ${corpus.name}`,
    '',
    `${corpus.source}: ${files} files of text, ${(textBytes / 1e6).toFixed(1)} MB, ${symbols} symbols. A second run read ${readAgain} files.`,
    '',
    '| figure | ours | others in the same run | goal | |',
    '|---|--:|---|--:|---|',
    ...figures.map(
      ({ name, ours, peers, goal, isMet }) =>
        `| ${name} | ${ours} | ${peers} | ${goal} | ${isMet === null ? '' : isMet ? 'met' : '**not met**'} |`,
    ),
    '',
  ];
}
