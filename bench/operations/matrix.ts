// The fault matrix: each fault is really served, and each judge is the program that people run.
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { FAULTS, startHealthyTls } from '../../test/fakes/faults/fault-server.ts';
import { toSophiaYaml, type Fault, type Faulty } from '../../test/fakes/faults/fault.ts';
import { startBlackbox, type Blackbox } from './peers.ts';

const SOPHIA = path.resolve(import.meta.dirname, '../../bin/sophia.js');
const GIVE_UP_S = 2;
/** As patient as the others: what a busy machine does late is not the fault that is looked for. */
const LIMITS = { timeoutMs: GIVE_UP_S * 1000, connectTimeoutMs: 1500, family: 'any' } as const;

/** What the program says of one fault. */
interface Told {
  readonly name: string;
  /** `fail HTTP_STATUS`. */
  readonly expected: string;
  /** Of all findings but those that pass, each word once: one fault has one name, wherever it is met. */
  readonly found: string;
  /** The run as a whole was called PASSED. */
  readonly isPassed: boolean;
}

export interface Judged extends Told {
  /** Whether the others are content; null where they are not there, or cannot be asked such a thing. */
  readonly curl: boolean | null;
  readonly blackbox: boolean | null;
}

/** All of them; the servers live in this process, so nothing here waits without turning its loop. */
export async function judgeFaults(folder: string): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  const ca = path.join(folder, 'ca.pem');
  // What the authority vouches for is well: whoever does not know it would be right for the wrong reason.
  const wellTrusted = await startHealthyTls();
  writeFileSync(ca, wellTrusted.ca ?? '');
  await wellTrusted.close();
  const blackbox = await startBlackbox(folder, modulesOf(ca));
  for (const fault of FAULTS) {
    const faulty = await fault.start();
    try {
      judged.push(await judge(fault, faulty, { folder, ca, blackbox }));
    } finally {
      await faulty.close();
    }
  }
  await blackbox?.stop();
  return judged;
}

interface Judges {
  readonly folder: string;
  readonly ca: string;
  readonly blackbox: Blackbox | null;
}

async function judge(fault: Fault, faulty: Faulty, { folder, ca, blackbox }: Judges): Promise<Judged> {
  const told = await askSophia(folder, fault, faulty);
  const { page } = faulty;
  if (page === null) return { ...told, curl: null, blackbox: null };
  return { ...told, curl: await askCurl(page, ca), blackbox: (await blackbox?.probe('http_2xx', page)) ?? null };
}

interface Document {
  readonly result: string;
  readonly findings: readonly { readonly verdict: string; readonly code?: string }[];
}

async function askSophia(folder: string, { name, expect }: Fault, faulty: Faulty): Promise<Told> {
  const directory = path.join(folder, 'project');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  writeFileSync(path.join(directory, 'sophia.yaml'), toSophiaYaml({ [name]: faulty.service }, LIMITS));
  if (faulty.ca !== null) writeFileSync(path.join(directory, 'ca.pem'), faulty.ca);
  const { stdout } = await run(process.execPath, [SOPHIA, 'smoke', '--json', '-C', directory]);
  const { result, findings } = JSON.parse(stdout) as Document;
  const unwell = findings.filter(({ verdict }) => verdict !== 'pass').map(({ verdict, code }) => `${verdict} ${code}`);
  const found = [...new Set(unwell)].join(', ');
  return { name, expected: `${expect.verdict} ${expect.code}`, found, isPassed: result === 'PASSED' };
}

async function askCurl(page: string, ca: string): Promise<boolean | null> {
  const { exitCode } = await run('curl', ['-fsS', '--max-time', String(GIVE_UP_S), '--cacert', ca, '-o', '/dev/null', page]);
  return exitCode === null ? null : exitCode === 0;
}

/** The module that its example configuration has, with the authority of the faults. */
function modulesOf(ca: string): string {
  return `modules:\n  http_2xx:\n    prober: http\n    timeout: ${GIVE_UP_S}s\n    http: {tls_config: {ca_file: ${JSON.stringify(ca)}}}\n`;
}

interface Ran {
  /** Null where there is no such program. */
  readonly exitCode: number | null;
  readonly stdout: string;
}

async function run(file: string, args: readonly string[]): Promise<Ran> {
  return await new Promise((resolve) => {
    execFile(file, args, { env: { ...process.env, NO_COLOR: '1' }, maxBuffer: 64 << 20 }, (error, stdout) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ exitCode, stdout });
    });
  });
}
