// Other programs that do a part of the same work, each with its command lines; or why it could not be had here.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CACHE } from './corpus.ts';

export interface Peer {
  readonly name: string;
  /** Makes its index, or its answer, from nothing. */
  readonly cold: readonly string[];
  /** Looks for changes where there are none. */
  readonly again?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Removes what it left in the tree. */
  readonly clean?: (directory: string) => void;
  /** Takes minutes where others take seconds: one run must do. */
  readonly isSlow?: boolean;
}

export type Found = Peer | { readonly name: string; readonly reason: string };

const CODEGRAPH = '@colbymchenry/codegraph@1.6.1';
const REPOMIX = 'repomix@1.18.1';

/** Installed into the cache folder where they are not there; never dependencies of ours. */
export function findPeers(): readonly Found[] {
  return [find('codegraph', findCodegraph), find('ctags', findCtags), find('repomix', findRepomix)];
}

function find(name: string, make: () => Peer): Found {
  try {
    return make();
  } catch (error) {
    return { name, reason: (error as Error).message.split('\n')[0]! };
  }
}

function findCodegraph(): Peer {
  const program = fromNpm(CODEGRAPH, 'codegraph');
  return {
    name: CODEGRAPH,
    cold: [program, 'init', '--yes', '.'],
    again: [program, 'sync', '.'],
    env: { CODEGRAPH_NO_DAEMON: '1', CODEGRAPH_NO_WATCH: '1', CODEGRAPH_TELEMETRY: '0', DO_NOT_TRACK: '1' },
    clean: (directory) => rmSync(path.join(directory, '.codegraph'), { recursive: true, force: true }),
    isSlow: true,
  };
}

function findCtags(): Peer {
  const features = (): string => execFileSync('ctags', ['--list-features'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    features();
  } catch {
    execFileSync('apt-get', ['install', '-y', 'universal-ctags'], { stdio: 'ignore' });
  }
  if (!/^json\b/m.test(features())) throw new Error('this ctags writes no JSON');
  return { name: 'ctags --output-format=json', cold: ['bash', '-c', 'git ls-files | ctags --output-format=json --fields=+neK -L - -f -'] };
}

function findRepomix(): Peer {
  return { name: REPOMIX, cold: [fromNpm(REPOMIX, 'repomix'), '--quiet', '--stdout', '--no-security-check', '.'] };
}

function fromNpm(specifier: string, program: string): string {
  const folder = path.join(CACHE, 'peers', specifier.replaceAll(/[@/]/g, '-'));
  const file = path.join(folder, 'node_modules/.bin', program);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{"private": true}');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent', specifier], { cwd: folder, stdio: 'ignore' });
  if (!existsSync(file)) throw new Error(`${specifier} has no program ${program}`);
  return file;
}
