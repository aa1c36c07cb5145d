// A bare repository, clones of it, and proofs in them.
import fs from 'node:fs';
import path from 'node:path';
import { after, type TestContext } from 'node:test';
import type { Context } from '../../../src/context.ts';
import { publishProofs, type PublishRequest } from '../../../src/proof/publishing/publish.ts';
import { recordRun } from '../../../src/proof/recording/record.ts';
import { contextFor, git, temporaryFolder, type Overrides } from '../../fakes/context.ts';

export interface Site {
  /** Holds everything of one test. */
  readonly home: string;
  /** The bare repository. */
  readonly server: string;
}

/** With one commit on main. */
export function site(t: TestContext, ...initArgs: readonly string[]): Site {
  const home = fs.realpathSync(temporaryFolder(t));
  const server = path.join(home, 'server.git');
  fs.cpSync(beginning(initArgs), server, { recursive: true });
  return { home, server };
}

/** Made once for all tests of a file: a copy costs less than a dozen runs of git. */
function beginning(initArgs: readonly string[]): string {
  const key = initArgs.join(' ');
  const made = beginnings.get(key);
  if (made !== undefined) return made;
  const home = path.join(BEGINNINGS, String(beginnings.size));
  fs.mkdirSync(home);
  const server = path.join(home, 'server.git');
  git(home, 'init', '-q', '--bare', ...initArgs, server);
  const first = clone({ home, server }, 'first');
  fs.writeFileSync(path.join(first, 'code.txt'), 'code\n');
  git(first, 'add', 'code.txt');
  git(first, 'commit', '-q', '-m', 'the beginning');
  git(first, 'push', '-q', 'origin', 'HEAD:refs/heads/main');
  beginnings.set(key, server);
  return server;
}

const BEGINNINGS = fs.realpathSync(temporaryFolder({ after }));
const beginnings = new Map<string, string>();

/** Without git's samples of hooks: nobody reads them, and they are more files than the rest of a clone. */
export function clone({ home, server }: Site, name: string, ...args: readonly string[]): string {
  git(home, 'clone', '-q', '--template=', ...args, server.includes('://') ? server : `file://${server}`, name);
  return path.join(home, name);
}

export function inClone(t: TestContext, directory: string, overrides: Overrides = {}): Context {
  return contextFor(t, { directory, env: { GIT_CONFIG_NOSYSTEM: '1', HOME: path.dirname(directory) }, ...overrides });
}

/** Paths from the project root. */
export async function record(context: Context, text = 'x', kind = 'demo'): Promise<string> {
  const { proof, proofProblem } = await recordRun(context, { kind, command: kind, argv: [kind] }, ({ record: run }) => {
    run.find({ check: 'c', target: 't', verdict: 'pass', reason: text });
    run.attach('note.txt', Buffer.from(text), 'text/plain');
    run.view('healthz/api.txt', (name) => `proof: ${name}\n${text}\n`);
  });
  if (proof === null) throw new Error(proofProblem?.title);
  return proof.path;
}

export async function publish(context: Context, request: Partial<PublishRequest> = {}) {
  return await publishProofs(context, { branch: undefined, remote: 'origin', attempts: 3, isTrial: false, ...request });
}

/** Paths below proofs/ on a ref of the server. */
export function filesOn({ server }: Site, ref = 'main'): readonly string[] {
  return git(server, 'ls-tree', '-r', '--name-only', ref)
    .split('\n')
    .filter((name) => name.startsWith('proofs/'));
}

export function refsOf({ server }: Site): readonly string[] {
  return git(server, 'for-each-ref', '--format=%(refname)').split('\n');
}

/** A hook of the server; `body` is a shell script. */
export function hook({ server }: Site, name: string, body: string): void {
  fs.writeFileSync(path.join(server, 'hooks', name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

/** The context of a clone in which something happens before each push. */
export function beforePush(context: Context, happen: (count: number) => Promise<void> | void): Context {
  let count = 0;
  return {
    ...context,
    git: {
      ...context.git,
      remote: async (directory, args, options) => {
        if (args.includes('push')) await happen((count += 1));
        return await context.git.remote(directory, args, options);
      },
    },
  };
}

/** Another clone pushes a commit of its own. */
export function overtake(place: Site, name = 'rival'): void {
  const rival = path.join(place.home, name);
  if (!fs.existsSync(rival)) clone(place, name);
  git(rival, 'pull', '-q', 'origin', 'main');
  fs.appendFileSync(path.join(rival, 'rival.txt'), 'faster\n');
  git(rival, 'add', 'rival.txt');
  git(rival, 'commit', '-q', '-m', 'rival');
  git(rival, 'push', '-q', 'origin', 'HEAD:refs/heads/main');
}
