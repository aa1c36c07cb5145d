// npm run bench:proofs [-- --large] [--runs N] [--only NAME,…]
//
// The figures of proofs, each with its goal: verify beside sha256sum over the same files, memory, one more seal, what a run pays for its
// proof, publishers at once, and the size in git. Ours is the bundle, built first. --large adds a ledger of a hundred thousand.
// Writes docs/benchmarks-proofs.md, and exits 1 where a goal is not met.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { measureGitSize } from './proofs/git-size.ts';
import { measurePublishers } from './proofs/publishers.ts';
import { buildLedger, measureRecord, measureSeal, measureVerify, type Ours } from './proofs/ratios.ts';
import { isMissed, toMarkdown, type Figure, type Section } from './report/figures.ts';
import { machine, stageOurs } from './report/machine.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const REPORT = path.join(ROOT, 'docs/benchmarks-proofs.md');

const { values } = parseArgs({
  options: { large: { type: 'boolean', default: false }, runs: { type: 'string', default: '3' }, only: { type: 'string', default: '' } },
});
const runs = Number(values.runs);
const only = values.only.split(',').filter((name) => name !== '');

const folder = mkdtempSync(path.join(os.tmpdir(), 'sophia-bench-proofs-'));
try {
  process.exitCode = await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<number> {
  const ours: Ours = { program: stageOurs(folder), runs };
  const sizes = values.large ? [1000, 20_000, 100_000] : [1000, 20_000];
  const parts: Readonly<Record<string, () => Promise<Section>>> = {
    verify: async () => {
      const figures: Figure[] = [];
      for (const size of sizes) {
        const ledger = await buildLedger(folder, size);
        figures.push(...(await measureVerify(ledger, ours)));
        if (size === sizes.at(-1)) figures.push(...(await measureSeal(ledger, ours)));
        rmSync(ledger.directory, { recursive: true });
      }
      return { title: 'Verify and seal', figures };
    },
    record: async () => ({ title: 'Record', figures: [...(await measureRecord(folder, false)), ...(await measureRecord(folder, true))] }),
    publish: async () => ({
      title: 'Publish',
      figures: [...(await measurePublishers(folder, 20, ours.program)), ...(await measurePublishers(folder, 100, ours.program))],
    }),
    size: async () => ({ title: 'Size', figures: await measureGitSize(folder, 10_000) }),
  };
  const sections: Section[] = [];
  for (const [name, measurePart] of Object.entries(parts)) {
    if (only.length > 0 && !only.includes(name)) continue;
    process.stderr.write(`${name}\n`);
    sections.push(await measurePart());
  }
  const markdown = toMarkdown(sections, {
    title: 'Benchmarks of proofs',
    script: 'bench:proofs',
    machine: machine(),
    preamble: [
      `The cheapest of ${runs} runs, all programs in turns, on ledgers that the bench builds itself. CPU is user and system time of whole`,
      'processes with their children: its ratios compare on a busy machine too, wall times do not.',
    ],
  });
  process.stdout.write(markdown);
  if (only.length === 0) writeFileSync(REPORT, markdown);
  return sections.length === 0 || sections.some(({ figures }) => figures.some(isMissed)) ? 1 : 0;
}
