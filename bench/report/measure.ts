// What a whole process costs, everything it starts included: CPU seconds as bash's `time` tells them (GNU time may be absent),
// and the largest resident set of any of its processes, from /proc where there is one.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';

export interface Cost {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Null where the system does not tell. */
  readonly peakBytes: number | null;
  readonly stdout: string;
}

export interface MeasureOptions {
  readonly directory: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are no failure; grep's 1 says "nothing found". */
  readonly accepts?: readonly number[];
  /** Keep what it prints instead of throwing it away. */
  readonly keepsOutput?: boolean;
}

const POLL_MS = 10;
const TIMED = 'TIMEFORMAT="%3U %3S"; { time "$@" 2>/dev/null; } 2>&3';
const DISCARDED = 'TIMEFORMAT="%3U %3S"; { time "$@" >/dev/null 2>&1; } 2>&3';

/** Throws where the program cannot be started or ends with a code that is not accepted. */
export async function measure(
  command: readonly string[],
  { directory, env = {}, accepts = [0], keepsOutput = false }: MeasureOptions,
): Promise<Cost> {
  const startedMs = performance.now();
  const child = spawn('bash', ['-c', keepsOutput ? TIMED : DISCARDED, 'bash', ...command], {
    cwd: directory,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  let stdout = '';
  let times = '';
  child.stdout!.setEncoding('utf8').on('data', (part: string) => (stdout += part));
  child.stdio[3]!.on('data', (part: Buffer) => (times += part.toString()));
  let peakBytes = 0;
  const poll = setInterval(() => (peakBytes = Math.max(peakBytes, peakOf(child.pid!))), POLL_MS);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  clearInterval(poll);
  const wallSeconds = (performance.now() - startedMs) / 1000;
  if (!accepts.includes(exitCode ?? -1)) throw new Error(`${command.slice(0, 3).join(' ')} … ended with ${exitCode}`);
  const [user = NaN, system = NaN] = times.trim().split(' ').map(Number);
  return { cpuSeconds: user + system, wallSeconds, peakBytes: peakBytes || null, stdout };
}

/** The high-water mark of a process below this one: the kernel keeps it, so that looking now and then is enough. */
function peakOf(pid: number): number {
  return Math.max(0, ...childrenOf(pid).map((child) => Math.max(highWaterOf(child), peakOf(child))));
}

function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

function highWaterOf(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // ended meanwhile, or a system without /proc
  }
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return { median: (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2, least: sorted[0]!, most: sorted.at(-1)! };
}
