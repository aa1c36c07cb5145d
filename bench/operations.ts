// npm run bench:operations [-- --runs N]
//
// What checks cost beside curl and blackbox_exporter, a whole smoke run beside its curls, its memory, and how exact merged histograms
// are. Ours is the bundle, built first. Writes docs/benchmarks-operations.md; exits 1 where a goal is not met or nothing was measured.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { measureAccuracy } from './operations/accuracy.ts';
import { measureChecks, measureSmoke } from './operations/ratios.ts';
import { isMissed, toMarkdown } from './report/figures.ts';
import { machine, stageOurs } from './report/machine.ts';

const REPORT = path.resolve(import.meta.dirname, '../docs/benchmarks-operations.md');

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const runs = Number(values.runs);

const folder = mkdtempSync(path.join(os.tmpdir(), 'sophia-bench-operations-'));
try {
  process.exitCode = await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<number> {
  const ours = { program: stageOurs(folder), runs };
  const sections = [
    { title: 'Checks', figures: await measureChecks(folder, runs) },
    { title: 'A smoke run', figures: await measureSmoke(folder, ours) },
    { title: 'Histograms', figures: measureAccuracy() },
  ];
  const markdown = toMarkdown(sections, {
    title: 'Benchmarks of operations',
    script: 'bench:operations',
    machine: machine(),
    preamble: [
      `The cheapest of ${runs} runs, all programs in turns, against one server on loopback in a process of its own. CPU is user and system`,
      'time, that of children included: its ratios compare on a busy machine too, wall times do not.',
    ],
  });
  process.stdout.write(markdown);
  writeFileSync(REPORT, markdown);
  const figures = sections.flatMap((section) => section.figures);
  return figures.length === 0 || figures.some(isMissed) ? 1 : 0;
}
