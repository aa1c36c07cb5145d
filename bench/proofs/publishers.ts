// Many jobs that publish at once into one bare repository, as workflows do: how many proofs get there, in how many pushes each.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { recordRun } from '../../src/proof/recording/record.ts';
import { contextIn } from './ledgers.ts';
import { figure, type Figure } from '../report/figures.ts';

interface Published {
  readonly route: string | null;
  readonly pushes: number;
}

export async function measurePublishers(folder: string, count: number, program: readonly string[]): Promise<readonly Figure[]> {
  const home = path.join(folder, `publishers-${count}`);
  const bare = path.join(home, 'origin.git');
  mkdirSync(home, { recursive: true });
  git(home, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  const first = clone(bare, path.join(home, 'first'));
  writeFileSync(path.join(first, 'README.md'), '# app\n');
  git(first, 'add', 'README.md');
  git(first, 'commit', '--quiet', '--message=begin');
  git(first, 'push', '--quiet', 'origin', 'HEAD:main');
  const jobs = Array.from({ length: count }, (_, index) => clone(bare, path.join(home, `job-${index}`)));
  for (const [index, directory] of jobs.entries()) {
    await recordRun(contextIn(directory), { kind: 'smoke', command: 'smoke', argv: [`job ${index}`] }, ({ record }) =>
      record.find({ check: 'health', target: `service-${index}`, verdict: 'pass', reason: 'healthy' }),
    );
  }
  const startedMs = performance.now();
  const published = await Promise.all(jobs.map((directory) => publish(directory, program)));
  const seconds = (performance.now() - startedMs) / 1000;
  git(first, 'pull', '--quiet', 'origin', 'main');
  execFileSync(program[0]!, [...program.slice(1), 'proofs', 'seal', '--push'], { cwd: first, env: environment(), stdio: 'ignore' });
  const onBranch = git(bare, 'ls-tree', '-r', '--name-only', 'main').split('\n').filter((file) => /^proofs\/smoke\/.*\.json$/.test(file)).length;
  const pushes = published.map((each) => each.pushes);
  const inbox = published.filter(({ route }) => route === 'inbox').length;
  return [
    figure(`${count} parallel publishers: lost`, count - onBranch, { detail: `${onBranch} on the branch after one seal --push; ${inbox} by the inbox; ${seconds.toFixed(1)} s`, most: 0 }),
    figure(`${count} parallel publishers: pushes, the most of any`, Math.max(...pushes), { detail: `${(pushes.reduce((sum, each) => sum + each, 0) / count).toFixed(1)} on average`, most: 4 }),
  ];
}

async function publish(directory: string, program: readonly string[]): Promise<Published> {
  const child = spawn(program[0]!, [...program.slice(1), 'proofs', 'publish', '--json'], { cwd: directory, env: environment(), stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part));
  await once(child, 'close');
  const { data } = JSON.parse(stdout || '{"data":{}}') as { data: Partial<Published> };
  return { route: data.route ?? null, pushes: data.pushes ?? 0 };
}

function clone(bare: string, directory: string): string {
  git(path.dirname(directory), 'clone', '--quiet', bare, directory);
  return directory;
}

function git(directory: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: directory, env: environment(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

function environment(): Record<string, string> {
  const who = { NAME: 'bench', EMAIL: 'bench@example.org' };
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    ...Object.fromEntries(['AUTHOR', 'COMMITTER'].flatMap((role) => Object.entries(who).map(([fact, value]) => [`GIT_${role}_${fact}`, value]))),
  };
}
