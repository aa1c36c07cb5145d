// What checks cost beside one curl for each of them and beside blackbox_exporter, and what a whole smoke run costs beside its curls.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { measure, type Cost } from '../report/measure.ts';
import { figure, type Figure } from '../report/figures.ts';
import { costOfBlackbox, costOfCurl, serve } from './peers.ts';

export interface Ours {
  readonly program: readonly string[];
  readonly runs: number;
}

interface Checked {
  readonly cpuMs: number;
  readonly passed: number;
}

const CHECKS = 2000;
const CURLS = 100;
const CONCURRENCY = 8;

/** Throws where a check did not pass: then nothing was measured. */
export async function measureChecks(folder: string, runs: number): Promise<readonly Figure[]> {
  const served = await serve();
  try {
    const url = `${served.url}/tree`;
    const ours: number[] = [];
    const curl: number[] = [];
    const blackbox: number[] = [];
    const bare: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      ours.push(await costOfOurs(served.url, folder));
      bare.push(await costOfBare(served.url, folder));
      curl.push(
        (await costOfCurl(
          Array.from({ length: CURLS }, () => url),
          folder,
        )) ?? NaN,
      );
      blackbox.push((await costOfBlackbox(url, { folder, count: CHECKS, concurrency: CONCURRENCY })) ?? NaN);
    }
    const [own, one, exporter, least] = [ours, curl, blackbox, bare].map((costs) => Math.min(...costs)) as [number, number, number, number];
    const detail = `${own.toFixed(3)} ms`;
    return [
      figure('one check ÷ one bare request of node:http, CPU', own / least, { detail: `${detail}, bare ${least.toFixed(3)} ms` }),
      figure('one check ÷ one curl, CPU', own / one, { detail: `${detail}, curl ${one.toFixed(2)} ms`, most: 0.033 }),
      Number.isNaN(exporter)
        ? figure('one check ÷ blackbox_exporter, CPU', NaN, { detail: 'not measured: blackbox_exporter is not installed' })
        : figure('one check ÷ blackbox_exporter, CPU', own / exporter, {
            detail: `${detail}, blackbox_exporter ${exporter.toFixed(2)} ms`,
            most: 0.5,
          }),
    ];
  } finally {
    await served.stop();
  }
}

async function costOfOurs(url: string, directory: string): Promise<number> {
  const script = path.join(import.meta.dirname, 'checking.ts');
  const { stdout } = await measure([process.execPath, script, url, String(CHECKS)], { directory, keepsOutput: true });
  const { cpuMs, passed } = JSON.parse(stdout) as Checked;
  if (passed !== CHECKS) throw new Error(`${passed} of ${CHECKS} checks passed`);
  return cpuMs;
}

async function costOfBare(url: string, directory: string): Promise<number> {
  const script = path.join(import.meta.dirname, 'bare.ts');
  const { stdout } = await measure([process.execPath, script, url, String(CHECKS)], { directory, keepsOutput: true });
  return (JSON.parse(stdout) as Pick<Checked, 'cpuMs'>).cpuMs;
}

const SERVICES = 10;
const PATHS = ['/healthz', '/metrics', '/tree', '/tree', '/tree'];

/** A cold run with its proof, and the memory of one that takes samples as well. */
export async function measureSmoke(folder: string, { program, runs }: Ours): Promise<readonly Figure[]> {
  const served = await serve();
  const directory = path.join(folder, 'smoke');
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, 'sophia.yaml'), configOf(served.url));
  const urls = Array.from({ length: SERVICES }, () => PATHS.map((each) => `${served.url}${each}`)).flat();
  try {
    const ours: Cost[] = [];
    const curls: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      ours.push(await measure([...program, 'smoke'], { directory }));
      curls.push(((await costOfCurl(urls, folder)) ?? NaN) * urls.length);
    }
    const own = Math.min(...ours.map(({ cpuSeconds }) => cpuSeconds * 1000));
    const all = Math.min(...curls);
    const peak = Math.max(...ours.map(({ peakBytes }) => peakBytes ?? NaN)) / 1e6;
    return [
      figure(`sophia smoke, ${SERVICES} services × ${PATHS.length} checks, with proof ÷ ${urls.length} curls, CPU`, own / all, {
        detail: `${own.toFixed(0)} ms, curls ${all.toFixed(0)} ms`,
        most: 1,
      }),
      figure('peak resident set of it, MB', peak, { most: 120 }),
    ];
  } finally {
    await served.stop();
  }
}

/** Health, metrics and three checks for each service. */
function configOf(url: string): string {
  const services = Array.from({ length: SERVICES }, (_, index) => {
    const checks = [0, 1, 2].map(
      (each) => `      - {id: tree-${each}, get: '/tree', expect: {json: {$.entries: {type: array, min_items: 1}}}}`,
    );
    return [`  svc-${index}:`, `    url: ${url}`, '    metrics: {path: /metrics}', '    checks:', ...checks].join('\n');
  });
  return `version: 1\nservices:\n${services.join('\n')}\n`;
}
