// From what was measured to the figures with their goals. Pure.
import { spreadOf, type Cost, type Spread } from '../report/measure.ts';

export interface Measured {
  readonly cold: Readonly<Record<string, readonly Cost[]>>;
  readonly again: Readonly<Record<string, readonly Cost[]>>;
  readonly oneChanged: Readonly<Record<string, readonly Cost[]>>;
  readonly literal: Readonly<Record<string, readonly Cost[]>>;
  readonly words: Readonly<Record<string, readonly Cost[]>>;
  readonly inProcess: {
    readonly words: readonly number[];
    readonly symbols: readonly number[];
    readonly literal: string;
    readonly phrase: string;
  };
  readonly files: number;
  readonly textBytes: number;
  readonly indexBytes: number;
  readonly symbols: number;
  /** Files that were read although nothing had changed. */
  readonly readAgain: number;
}

export interface Figure {
  readonly name: string;
  readonly ours: string;
  readonly peers: string;
  readonly goal: string;
  /** Null where what it is compared with could not be had. */
  readonly isMet: boolean | null;
}

const MEGABYTE = 1e6;

export function figuresOf(measured: Measured): readonly Figure[] {
  const { cold, again, oneChanged, literal, words, inProcess, textBytes, indexBytes } = measured;
  const cpu = spreadOf(cold['ours']!.map(({ cpuSeconds }) => cpuSeconds));
  const speed = spreadOf(cold['ours']!.map(({ cpuSeconds }) => textBytes / MEGABYTE / cpuSeconds));
  const peaks = cold['ours']!.flatMap(({ peakBytes }) => (peakBytes === null ? [] : [peakBytes / MEGABYTE]));
  return [
    figure('cold full index, text MB per CPU second', speed, { goal: '≥ 20', isMet: speed.median >= 20, peers: speedsOf(cold, textBytes) }),
    ratio('cold full index ÷ read + SHA-1, CPU', cold, { peer: 'floor', most: 20 }),
    ...[
      ['@colbymchenry/codegraph', 0.2],
      ['ctags', 2],
    ].map(([peer, most]) => ratio(`cold full index ÷ ${peer}, CPU`, cold, { peer: String(peer), most: Number(most) })),
    figure('cold full index, CPU s', cpu, { goal: '', isMet: null, peers: peersOf(cold, 'cpuSeconds', 's') }),
    figure('nothing changed, whole process, wall s', wallOf(again), {
      goal: '≤ 0.35',
      isMet: wallOf(again).median <= 0.35,
      peers: peersOf(again, 'wallSeconds', 's'),
    }),
    ratio('nothing changed ÷ git status, CPU', again, { peer: 'git status', most: 3 }),
    figure('one file changed, whole process, wall s', wallOf(oneChanged), {
      goal: '≤ 0.5',
      isMet: wallOf(oneChanged).median <= 0.5,
      peers: '',
    }),
    figure('index ÷ text', spreadOf([indexBytes / textBytes]), { goal: '≤ 0.6', isMet: indexBytes / textBytes <= 0.6, peers: '' }),
    peaks.length === 0
      ? { name: 'peak RSS, MB', ours: 'not measured: this system does not tell', peers: '', goal: '≤ 600', isMet: null }
      : figure('peak RSS, MB', spreadOf(peaks), { goal: '≤ 600', isMet: spreadOf(peaks).median <= 600, peers: peaksOf(cold) }),
    percentile('words query in process, snippets included, p95 ms', inProcess.words, 40),
    percentile('exact symbol in process, p95 ms', inProcess.symbols, 2),
    ratio(`cold process, literal \`${inProcess.literal}\` ÷ rg, CPU`, literal, { peer: 'rg', most: 2.5 }),
    figure('cold process, literal, CPU ms', scaled(cpuOf(literal['ours']!), 1000), {
      goal: '',
      isMet: null,
      peers: peersOf(literal, 'cpuSeconds', 'ms'),
    }),
    figure('cold process, words, CPU ms', scaled(cpuOf(words['ours']!), 1000), {
      goal: '≤ 150',
      isMet: cpuOf(words['ours']!).median <= 0.15,
      peers: '',
    }),
  ];
}

function figure(name: string, spread: Spread, rest: Pick<Figure, 'goal' | 'isMet' | 'peers'>): Figure {
  return { name, ours: show(spread), ...rest };
}

/** Of medians; how far the runs of each lie apart is told with their own figures. */
function ratio(name: string, costs: Readonly<Record<string, readonly Cost[]>>, { peer, most }: { peer: string; most: number }): Figure {
  const found = Object.keys(costs).find((each) => each.startsWith(peer));
  if (found === undefined) return { name, ours: 'not measured', peers: '', goal: `≤ ${most}`, isMet: null };
  const value = cpuOf(costs['ours']!).median / cpuOf(costs[found]!).median;
  return { name, ours: digits(value), peers: '', goal: `≤ ${most}`, isMet: value <= most };
}

function percentile(name: string, elapsedMs: readonly number[], most: number): Figure {
  const sorted = [...elapsedMs].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return {
    name,
    ours: `${digits(at(0.95))} (median ${digits(at(0.5))}, most ${digits(at(1))})`,
    peers: '',
    goal: `≤ ${most}`,
    isMet: at(0.95) <= most,
  };
}

function cpuOf(costs: readonly Cost[]): Spread {
  return spreadOf(costs.map(({ cpuSeconds }) => cpuSeconds));
}

function wallOf(costs: Readonly<Record<string, readonly Cost[]>>): Spread {
  return spreadOf(costs['ours']!.map(({ wallSeconds }) => wallSeconds));
}

function peersOf(costs: Readonly<Record<string, readonly Cost[]>>, key: 'cpuSeconds' | 'wallSeconds', unit: 's' | 'ms'): string {
  return join(costs, (runs) => show(scaled(spreadOf(runs.map((run) => run[key])), unit === 'ms' ? 1000 : 1)));
}

function speedsOf(costs: Readonly<Record<string, readonly Cost[]>>, textBytes: number): string {
  return join(costs, (runs) => show(spreadOf(runs.map(({ cpuSeconds }) => textBytes / MEGABYTE / cpuSeconds))));
}

function peaksOf(costs: Readonly<Record<string, readonly Cost[]>>): string {
  return join(costs, (runs) => show(spreadOf(runs.map(({ peakBytes }) => (peakBytes ?? NaN) / MEGABYTE))));
}

function join(costs: Readonly<Record<string, readonly Cost[]>>, tell: (runs: readonly Cost[]) => string): string {
  return Object.entries(costs)
    .filter(([name]) => name !== 'ours')
    .map(([name, runs]) => `${name === 'floor' ? 'read + SHA-1' : name} ${tell(runs)}`)
    .join(' · ');
}

function scaled({ median, least, most }: Spread, by: number): Spread {
  return { median: median * by, least: least * by, most: most * by };
}

function show({ median, least, most }: Spread): string {
  return least === most ? digits(median) : `${digits(median)} (${digits(least)}–${digits(most)})`;
}

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
