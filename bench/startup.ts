// `npm run bench:startup`: what a start costs in CPU time, beside an empty program on the same Node, best of the runs.
// Exit 1 where `--help` costs more than the budget: then something is loaded before it is needed.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

const ROOT = path.resolve(import.meta.dirname, '..');
const BUDGET = 2.2;
const RUNS = 15;

const folder = mkdtempSync(path.join(os.tmpdir(), 'sophia-startup-'));
try {
  process.exitCode = main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function main(): number {
  if (!existsSync(path.join(ROOT, 'dist', 'sophia.js'))) {
    process.stderr.write('there is no dist/: run npm run build\n');
    return 2;
  }
  const binary = stage();
  const empty = path.join(folder, 'empty.mjs');
  writeFileSync(empty, '');
  const cases = [[empty], [binary, '--version'], [binary, '--help'], [binary, 'index', '--help']];
  const costs = measure(cases);
  const ratios = costs.map((cost) => cost / costs[0]!);
  cases.forEach((args, index) => {
    const name = index === 0 ? 'an empty program' : `sophia ${args.slice(1).join(' ')}`;
    process.stdout.write(`${name.padEnd(20)} ${costs[index]!.toFixed(0).padStart(4)} ms CPU  ${ratios[index]!.toFixed(2)} ×\n`);
  });
  const isWithin = ratios.every((ratio) => ratio <= BUDGET);
  process.stdout.write(`budget ${BUDGET} ×: ${isWithin ? 'kept' : 'exceeded'}\n`);
  return isWithin ? 0 : 1;
}

/** The program as it is installed: in a checkout it looks first whether a source file is newer than the bundle. */
function stage(): string {
  for (const each of ['bin/sophia.js', 'dist', 'package.json']) cpSync(path.join(ROOT, each), path.join(folder, each), { recursive: true });
  return path.join(folder, 'bin', 'sophia.js');
}

/** The cheapest run of each, taken in turns: another program's noise only ever adds. */
function measure(cases: readonly (readonly string[])[]): number[] {
  const best = cases.map(() => Infinity);
  for (let run = 0; run < RUNS; run += 1) {
    cases.forEach((args, index) => {
      best[index] = Math.min(best[index]!, cpuMsOf(args));
    });
  }
  return best;
}

/** User and system time as bash's `time` tells it: Node knows its own, not a child's. */
function cpuMsOf(args: readonly string[]): number {
  const script = 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null';
  const { stderr, status } = spawnSync('bash', ['-c', script, 'bash', process.execPath, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  const [user, system] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  return (user! + system!) * 1000;
}
