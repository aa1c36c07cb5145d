// npm run bench:proofs [-- --large] [--runs N] [--only NAME,…]
//
// The figures of proofs, each with its goal: verify beside sha256sum over the same files, memory, one more seal, what a run pays for its
// proof, publishers at once, and the size in git. Ours is the bundle, built first. --large adds a ledger of a hundred thousand.
// Writes docs/benchmarks-proofs.md, and exits 1 where a goal is not met.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { measureGitSize } from './proofs/git-size.ts';
import { measurePublishers } from './proofs/publishers.ts';
import { buildLedger, measureRecord, measureSeal, measureVerify, type Ours } from './proofs/ratios.ts';
import { isMissed, toMarkdown, type Figure, type Section } from './proofs/report.ts';

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
  const ours: Ours = { program: stageOurs(), runs };
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
  const markdown = toMarkdown(sections, { machine: machine(), runs });
  process.stdout.write(markdown);
  if (only.length === 0) writeFileSync(REPORT, markdown);
  return sections.length === 0 || sections.some(({ figures }) => figures.some(isMissed)) ? 1 : 0;
}

/** A copy of the bundle: another build while this runs must not pull it away. */
function stageOurs(): readonly string[] {
  execFileSync(process.execPath, ['bin/build.js'], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  cpSync(path.join(ROOT, 'dist'), path.join(folder, 'dist'), { recursive: true });
  cpSync(path.join(ROOT, 'package.json'), path.join(folder, 'package.json'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  return [process.execPath, path.join(folder, 'dist/sophia.js')];
}

function machine(): string {
  const [cpu] = os.cpus();
  return `${os.type()} ${os.machine()}, ${os.availableParallelism()} × ${cpu?.model.trim() ?? 'unknown processor'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.version}, load ${os.loadavg()[0]!.toFixed(1)} at the end`;
}
