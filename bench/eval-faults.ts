// npm run eval:faults
//
// Every fault of the fault server, asked for by `sophia smoke`, by `curl -f` and by blackbox_exporter's usual module: who calls it well?
// Prints a row for each and the counts of false passes. Exits 1 where sophia passed a fault or gave it another code than its own.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { judgeFaults, type Judged } from './operations/matrix.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sophia-eval-faults-'));
try {
  process.exitCode = report(await judgeFaults(folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function report(faults: readonly Judged[]): number {
  for (const { name, expected, found, curl, blackbox } of faults) {
    const told = found === expected ? found : `${found}, NOT ${expected}`;
    process.stdout.write(`${name.padEnd(28)} ${told.padEnd(34)} curl ${word(curl)}  blackbox ${word(blackbox)}\n`);
  }
  const falsePasses = faults.filter(({ isPassed }) => isPassed).length;
  const wrong = faults.filter(({ found, expected }) => found !== expected).length;
  process.stdout.write(`\n${faults.length} faults, ${falsePasses} false passes, ${wrong} with another code than expected\n`);
  process.stdout.write(`curl -f: ${count(faults.map(({ curl }) => curl))}\n`);
  process.stdout.write(`blackbox_exporter: ${count(faults.map(({ blackbox }) => blackbox))}\n`);
  return faults.length > 0 && falsePasses === 0 && wrong === 0 ? 0 : 1;
}

function word(isPassed: boolean | null): string {
  return isPassed === null ? '  - ' : isPassed ? 'PASS' : 'fail';
}

function count(verdicts: readonly (boolean | null)[]): string {
  const asked = verdicts.filter((each) => each !== null);
  return asked.length === 0
    ? 'skipped: not installed'
    : `${asked.filter(Boolean).length} false passes of ${asked.length} that it can be asked`;
}
