// npm run bench:index [-- DIRECTORY…] [--runs N]
//
// The figures of the index on corpora that it assembles itself (or on repositories given by path), each beside its peers in
// the same run, with the goal and whether it is met. Ours is the bundle, built first. Writes docs/benchmarks.md.
// CPU seconds are those of whole processes with their children: on a busy machine they still compare, wall time does not.
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { assemble, CACHE, git, type Corpus } from './index/corpus.ts';
import { measure, spreadOf, type Cost, type MeasureOptions } from './report/measure.ts';
import { findPeers, type Found, type Peer } from './index/peers.ts';
import { figuresOf, type Measured } from './index/figures.ts';
import { toMarkdown } from './index/report.ts';
import { machine, stageOurs } from './report/machine.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const STAGE = path.join(CACHE, `stage-${process.pid}`);
const REPORT = path.join(ROOT, 'docs/benchmarks.md');

const { values, positionals } = parseArgs({ allowPositionals: true, options: { runs: { type: 'string', default: '3' } } });
const runs = Number(values.runs);

try {
  process.exitCode = await main();
} finally {
  rmSync(STAGE, { recursive: true, force: true });
}

async function main(): Promise<number> {
  mkdirSync(STAGE, { recursive: true });
  stageOurs(STAGE);
  const peers = findPeers();
  const { corpora, missing } = assemble(positionals);
  const sections = [];
  for (const corpus of corpora) {
    const measured = await measureCorpus(corpus, peers);
    sections.push({ corpus, measured, figures: figuresOf(measured) });
  }
  const absent = [...missing, ...peers.filter((peer) => 'reason' in peer)];
  const markdown = toMarkdown({ sections, absent, machine: machine(), runs });
  process.stdout.write(markdown);
  writeFileSync(REPORT, markdown);
  const isBelow = sections.some(({ figures }) => figures.some(({ isMet }) => isMet === false));
  return isBelow || sections.length === 0 ? 1 : 0;
}

function sophia(...args: string[]): string[] {
  return [process.execPath, path.join(STAGE, 'dist/sophia.js'), ...args];
}

async function measureCorpus({ name, directory }: Corpus, found: readonly Found[]): Promise<Measured> {
  const run = (command: readonly string[], options: Partial<MeasureOptions> = {}): Promise<Cost> =>
    measure(command, { directory, ...options });
  const peers = found.filter((peer) => 'cold' in peer);
  const { rgPath } = await import('@vscode/ripgrep');
  peers.forEach((peer) => peer.clean?.(directory));
  const scratch = (): void => ['.sophia', 'proofs'].forEach((each) => rmSync(path.join(directory, each), { recursive: true, force: true }));
  const say = (what: string): void => void process.stderr.write(`${name}: ${what}\n`);
  try {
    say('cold index and its peers');
    const runPeer = (peer: Peer, command: readonly string[]): Promise<Cost> =>
      run(command, peer.env === undefined ? {} : { env: peer.env });
    const cold = await inTurns({
      ours: () => (scratch(), run(sophia('index', '.', '--json'), { keepsOutput: true })),
      floor: () => run([process.execPath, path.join(import.meta.dirname, 'index/floor.ts')]),
      ...Object.fromEntries(peers.filter(({ isSlow }) => isSlow !== true).map((peer) => [peer.name, () => runPeer(peer, peer.cold)])),
    });
    for (const peer of peers.filter(({ isSlow }) => isSlow)) cold[peer.name] = [await runPeer(peer, peer.cold)];
    say('nothing changed, one file changed');
    const again = await inTurns({
      ours: () => run(sophia('index', '.', '--json'), { keepsOutput: true }),
      'git status': () => run(['git', 'status']),
      ...Object.fromEntries(peers.flatMap((peer) => (peer.again === undefined ? [] : [[peer.name, () => runPeer(peer, peer.again!)]]))),
    });
    const edited = fileToEdit(directory);
    const oneChanged = await inTurns({
      ours: () => (appendFileSync(edited, '\n'), run(sophia('index', '.', '--json'), { keepsOutput: true })),
    });
    git(directory, 'checkout', '--quiet', '--', edited);
    await run(sophia('index', '.'));
    say('queries');
    const inProcess = JSON.parse(
      (await run([process.execPath, path.join(import.meta.dirname, 'index/queries.ts'), directory], { keepsOutput: true })).stdout,
    ) as Measured['inProcess'];
    const literal = await inTurns({
      ours: () => run(sophia('search', `"${inProcess.literal}"`), { accepts: [0, 1] }),
      rg: () => run([rgPath, '--fixed-strings', '--line-number', '--hidden', '--regexp', inProcess.literal, './'], { accepts: [0, 1] }),
      'git grep': () => run(['git', 'grep', '--fixed-strings', '--line-number', '-e', inProcess.literal], { accepts: [0, 1] }),
    });
    const words = await inTurns({ ours: () => run(sophia('search', inProcess.phrase, '--mode', 'words'), { accepts: [0, 1] }) });
    return { cold, again, oneChanged, literal, words, inProcess, ...factsOf(cold['ours']!, again['ours']!) };
  } finally {
    scratch();
    peers.forEach((peer) => peer.clean?.(directory));
  }
}

/** Each in each round: what else the machine does falls on all alike. */
async function inTurns(cases: Readonly<Record<string, () => Promise<Cost>>>): Promise<Record<string, Cost[]>> {
  const costs: Record<string, Cost[]> = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round < runs; round += 1) {
    for (const [name, run] of Object.entries(cases)) costs[name]!.push(await run());
  }
  return costs;
}

interface IndexData {
  readonly files: number;
  readonly bytes: number;
  readonly index_bytes: number;
  readonly files_read: number;
  readonly symbols: number;
}

function factsOf(
  cold: readonly Cost[],
  again: readonly Cost[],
): Pick<Measured, 'files' | 'textBytes' | 'indexBytes' | 'symbols' | 'readAgain'> {
  const dataOf = (cost: Cost): IndexData => (JSON.parse(cost.stdout) as { data: IndexData }).data;
  const { files, bytes, index_bytes: indexBytes, symbols } = dataOf(cold[0]!);
  return { files, textBytes: bytes, indexBytes, symbols, readAgain: spreadOf(again.map((cost) => dataOf(cost).files_read)).most };
}

function fileToEdit(directory: string): string {
  const sources = git(directory, 'ls-files', '-z')
    .split('\0')
    .filter((file) => /\.(?:ts|js|go|py|rs|c|java)$/.test(file));
  return path.join(directory, sources[Math.floor(sources.length / 2)]!);
}
