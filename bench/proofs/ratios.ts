// What verify costs beside `sha256sum` over the same files, on ledgers of several sizes; and what one more seal costs on the largest.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { measure, spreadOf, type Cost } from '../report/measure.ts';
import { recordRun } from '../../src/proof/recording/record.ts';
import { contextIn, seal } from './ledgers.ts';
import { figure, type Figure } from '../report/figures.ts';
import { writeSamples } from './sample.ts';

export interface Ours {
  /** The command line of the built program, without its arguments. */
  readonly program: readonly string[];
  /** Each case so often; the cheapest run of each counts, since what else the machine does only ever adds. */
  readonly runs: number;
}

export interface Sized {
  readonly directory: string;
  readonly count: number;
}

/** A sealed directory of so many proofs. */
export async function buildLedger(folder: string, count: number): Promise<Sized> {
  const directory = path.join(folder, `ledger-${count}`);
  mkdirSync(directory, { recursive: true });
  writeSamples(path.join(directory, 'proofs'), count);
  await seal(contextIn(directory));
  return { directory, count };
}

const SUMS = ['sh', '-c', "find proofs -name '*.json' -print0 | xargs -0 sha256sum"];

export async function measureVerify({ directory, count }: Sized, { program, runs }: Ours): Promise<readonly Figure[]> {
  const verify = [...program, 'proofs', 'verify'];
  const costs = await inTurns(runs, {
    sums: () => measure(SUMS, { directory }),
    verify: () => measure(verify, { directory }),
    hashOnly: () => measure([...verify, '--hash-only'], { directory }),
  });
  const cpu = (name: keyof typeof costs): number => Math.min(...costs[name].map(({ cpuSeconds }) => cpuSeconds));
  const peakMb = spreadOf(costs.verify.map(({ peakBytes }) => (peakBytes ?? 0) / 1e6)).most;
  // Below that the start of a process is most of what is measured.
  const isLarge = count >= 20_000;
  const sums = `sha256sum ${cpu('sums').toFixed(2)} s`;
  const name = `${count.toLocaleString('en')} proofs`;
  return [
    figure(`${name}: verify ÷ sha256sum, CPU`, cpu('verify') / cpu('sums'), { detail: `${cpu('verify').toFixed(2)} s, ${sums}`, ...(isLarge ? { most: 6 } : {}) }),
    figure(`${name}: verify --hash-only ÷ sha256sum, CPU`, cpu('hashOnly') / cpu('sums'), { detail: `${cpu('hashOnly').toFixed(2)} s, ${sums}`, ...(isLarge ? { most: 2 } : {}) }),
    figure(`${name}: verify, peak resident set, MB`, peakMb, { detail: `${megabytesIn(directory).toFixed(0)} MB of proofs`, most: 300 }),
  ];
}

/** The goal is of a hundred thousand; fewer are only told. */
export async function measureSeal({ directory, count }: Sized, { program, runs }: Ours): Promise<readonly Figure[]> {
  const seconds: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    await recordRun(contextIn(directory), { kind: 'smoke', command: 'smoke', argv: [] }, ({ record }) =>
      record.find({ check: 'health', target: 'one more', verdict: 'pass', reason: `run ${run}` }),
    );
    const { wallSeconds } = await measure([...program, 'proofs', 'seal'], { directory });
    seconds.push(wallSeconds);
  }
  const goal = count >= 100_000 ? { most: 2 } : {};
  return [figure(`one more seal on ${count.toLocaleString('en')}, s`, Math.min(...seconds), { detail: `wall, whole process, most ${Math.max(...seconds).toFixed(2)}`, ...goal })];
}

async function inTurns<Name extends string>(runs: number, cases: Readonly<Record<Name, () => Promise<Cost>>>): Promise<Record<Name, Cost[]>> {
  const names = Object.keys(cases) as Name[];
  const costs = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Cost[]>;
  for (let run = 0; run < runs; run += 1) for (const name of names) costs[name].push(await cases[name]());
  return costs;
}

function megabytesIn(directory: string): number {
  const sample = readdirSync(path.join(directory, 'proofs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.name.endsWith('.json'));
  return (sample.length * 2740) / 1e6;
}

/** Nothing of a run but its proof. */
export async function measureRecord(folder: string, isRepository: boolean): Promise<readonly Figure[]> {
  const directory = path.join(folder, isRepository ? 'record-in-git' : 'record');
  mkdirSync(directory, { recursive: true });
  const context = contextIn(directory);
  if (isRepository) {
    await context.git.run(directory, ['init', '--quiet']);
    writeFileSync(path.join(directory, 'README.md'), '# app\n');
  }
  const costs: number[] = [];
  for (let run = 0; run < 60; run += 1) {
    const startedMs = performance.now();
    await recordRun(context, { kind: 'smoke', command: 'smoke', argv: [] }, ({ record }) =>
      record.find({ check: 'health', target: 'api', verdict: 'pass', reason: `run ${run}` }),
    );
    costs.push(performance.now() - startedMs);
  }
  const { median, least } = spreadOf(costs);
  const where = isRepository ? 'in a repository, git asked meanwhile' : 'outside git';
  return [figure(`recordRun adds, ms (${where})`, median, { detail: `least ${least.toFixed(1)}, an empty run`, most: 15 })];
}
