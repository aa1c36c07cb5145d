// What a year of proofs weighs in git: as files, and compacted.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { compactProofs } from '../../src/proof/archive/compact.ts';
import { locateStore } from '../../src/proof/store.ts';
import { buildLedger } from './ratios.ts';
import { contextIn } from './ledgers.ts';
import { figure, type Figure } from '../report/figures.ts';

export async function measureGitSize(folder: string, count: number): Promise<readonly Figure[]> {
  const { directory } = await buildLedger(path.join(folder, 'git-size'), count);
  const asFiles = packedBytes(directory, 'files');
  const context = contextIn(directory);
  const run = { command: 'proofs compact', argv: ['compact'] };
  const { flaws, removed } = await compactProofs(context, { store: locateStore(context), olderThanMs: 0, isDryRun: false, run });
  if (flaws.length > 0) throw new Error(`not compacted: ${JSON.stringify(flaws.slice(0, 3))}`);
  const compacted = packedBytes(directory, 'archives');
  const name = `${count.toLocaleString('en')} proofs in a packed repository, MB`;
  return [figure(`${name}: as files`, asFiles / 1e6), figure(`${name}: compacted`, compacted / 1e6, { detail: `${removed} put into archives` })];
}

/** Of a repository that has nothing but the directory as it is now. */
function packedBytes(directory: string, name: string): number {
  const gitDirectory = path.join(directory, `${name}.git`);
  const git = (...args: readonly string[]): string => {
    const who = { GIT_AUTHOR_NAME: 'bench', GIT_AUTHOR_EMAIL: 'b@example.org', GIT_COMMITTER_NAME: 'bench', GIT_COMMITTER_EMAIL: 'b@example.org' };
    const env = { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', ...who };
    return execFileSync('git', ['-c', 'gc.auto=0', '-c', 'maintenance.auto=false', '--git-dir', gitDirectory, '--work-tree', directory, ...args], { cwd: directory, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  };
  git('init', '--quiet');
  git('add', 'proofs');
  git('commit', '--quiet', '--message', name);
  git('repack', '-a', '-d', '--quiet');
  return Number(/^size-pack: (\d+)$/m.exec(git('count-objects', '-v'))?.[1] ?? Number.NaN) * 1024;
}
