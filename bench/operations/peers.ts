// The programs that the checks are measured beside, each asking the same server the same thing.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { measure } from '../report/measure.ts';

export interface Served {
  readonly url: string;
  stop(): Promise<void>;
}

/** The server of server.ts. */
export async function serve(): Promise<Served> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'server.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [first] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    url: `http://127.0.0.1:${first.toString().trim()}`,
    stop: async () => {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}

/** CPU milliseconds of one curl process that fetches the address, of `count` one after another. Null where there is no curl. */
export async function costOfCurl(urls: readonly string[], folder: string): Promise<number | null> {
  const script = 'for url in "$@"; do curl -fsS -o /dev/null "$url" || exit 1; done';
  try {
    const { cpuSeconds } = await measure(['bash', '-c', script, 'bash', ...urls], { directory: folder });
    return (cpuSeconds * 1000) / urls.length;
  } catch {
    return null;
  }
}

const BLACKBOX = ['/usr/bin/prometheus-blackbox-exporter', '/usr/local/bin/blackbox_exporter'];

export interface Blackbox {
  readonly pid: number;
  /** True where its module of this name calls the address well. */
  probe(module: string, target: string): Promise<boolean>;
  stop(): Promise<void>;
}

/** With these modules, as its configuration file has them. Null where it is not installed. */
export async function startBlackbox(folder: string, modules: string): Promise<Blackbox | null> {
  const program = BLACKBOX.find((file) => existsSync(file));
  if (program === undefined) return null;
  const config = path.join(folder, 'blackbox.yml');
  writeFileSync(config, modules);
  const port = await freePort();
  const child = spawn(program, [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'], {
    stdio: 'ignore',
  });
  const base = `http://127.0.0.1:${port}`;
  await untilItAnswers(`${base}/-/healthy`, child);
  return {
    pid: child.pid!,
    probe: async (module, target) =>
      /^probe_success 1$/m.test(await get(`${base}/probe?module=${module}&target=${encodeURIComponent(target)}`)),
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

const MODULES = `modules:
  json:
    prober: http
    timeout: 5s
    http:
      valid_status_codes: [200]
      fail_if_body_not_matches_regexp: ['"commit":"[0-9a-f]{40}"', '"entries":\\[', '"path":"src/file-0.ts"']
      fail_if_header_not_matches: [{header: Content-Type, regexp: 'application/json'}, {header: Cache-Control, regexp: 'no-store'}]
`;

interface Load {
  readonly folder: string;
  readonly count: number;
  readonly concurrency: number;
}

/** CPU milliseconds of blackbox_exporter for one probe of five assertions. Null where it is not installed. */
export async function costOfBlackbox(url: string, { folder, count, concurrency }: Load): Promise<number | null> {
  const blackbox = await startBlackbox(folder, MODULES);
  if (blackbox === null) return null;
  try {
    const before = cpuMsOf(blackbox.pid);
    let left = count;
    const askOn = async (): Promise<void> => {
      while (left-- > 0) if (!(await blackbox.probe('json', url))) throw new Error('blackbox_exporter saw a failure');
    };
    await Promise.all(Array.from({ length: concurrency }, askOn));
    return (cpuMsOf(blackbox.pid) - before) / count;
  } finally {
    await blackbox.stop();
  }
}

async function untilItAnswers(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200 && child.exitCode === null; attempt += 1) {
    try {
      await get(url);
      return;
    } catch {
      // not listening yet
    }
    await wait(50);
  }
  throw new Error('blackbox_exporter did not come up');
}

async function get(url: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  http
    .get(url, { agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part)).on('end', () => resolve(Buffer.concat(parts).toString('utf8')));
    })
    .on('error', reject);
  return await promise;
}

/** User and system time of a process that runs, from /proc: a hundredth of a second is its finest. */
function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
