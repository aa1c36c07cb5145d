// A conversation with a remote: which refs it has, getting commits from it, and offering it some.
import type { Context, ExecResult } from '../../context.ts';
import { classifyFailure, readPush, tell, type PushAnswer } from './answer.ts';
import { credentialsOf } from './credentials.ts';
import { resolve, textOf } from './repository.ts';

export interface Remote {
  /** As it may be shown: an address can hold a password. */
  readonly name: string;
  /** Full names (or ending in `*`) → ids of those that there are. */
  refs(patterns: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** `refs/heads/main`: what its HEAD is, or null where that leads nowhere. */
  firstBranch(): Promise<string | null>;
  /** Brings commits here without giving them a name. What is here already is not asked for. Throws `PUBLISH_OVERTAKEN` where one is gone. */
  fetch(refs: ReadonlyMap<string, string>): Promise<void>;
  /** Brings contents here that a partial clone has left with its remote. */
  complete(ids: readonly string[]): Promise<void>;
  push(request: PushRequest): Promise<PushAnswer>;
}

export interface PushRequest {
  /** Never forced: it must follow from what the remote has. */
  readonly branch?: { readonly commit: string; readonly ref: string };
  /** Deleted only where they still are what was read. */
  readonly deletions?: ReadonlyMap<string, string>;
}

const ASK_TIMEOUT_MS = 120_000;
const TRANSFER_TIMEOUT_MS = 600_000;

/** Everything throws `PUBLISH_DENIED` and `PUBLISH_UNREACHABLE`. `name` has been checked. */
export function openRemote(context: Context, name: string): Remote {
  const { directory, git, signal } = context;
  const credentials = credentialsOf(context.env);
  const shown = tell(name);
  const run = async (args: readonly string[], timeoutMs: number, input?: string): Promise<ExecResult> => {
    const options = { env: credentials.env, timeoutMs, signal, ...(input === undefined ? {} : { input }) };
    const result = await git.remote(directory, [...credentials.args, ...args], options);
    signal.throwIfAborted();
    return result;
  };
  const list = async (...args: readonly string[]): Promise<string> => {
    const result = await run(['ls-remote', ...args], ASK_TIMEOUT_MS);
    if (result.exitCode !== 0) throw classifyFailure(shown, result);
    return textOf(result.stdout);
  };
  return {
    name: shown,
    refs: async (patterns) => parseRefs(await list('--', name, ...patterns), patterns),
    firstBranch: async () => {
      const [, ref] = /^ref: (refs\/heads\/\S+)\tHEAD$/m.exec(await list('--symref', '--', name, 'HEAD')) ?? [];
      return ref ?? null;
    },
    fetch: async (refs) => {
      const missing: string[] = [];
      for (const [ref, id] of refs) if ((await resolve(context, `${id}^{tree}`)) === null) missing.push(ref);
      if (missing.length === 0) return;
      const quietly = ['--quiet', '--no-tags', '--no-prune', '--no-recurse-submodules', '--no-write-fetch-head', '--refmap='];
      const result = await run(['fetch', ...quietly, '--stdin', '--', name], TRANSFER_TIMEOUT_MS, `${missing.join('\n')}\n`);
      if (result.exitCode !== 0) throw classifyFailure(shown, result);
    },
    complete: async (ids) => {
      await run(['cat-file', '--batch-check'], TRANSFER_TIMEOUT_MS, `${ids.join('\n')}\n`);
    },
    push: async ({ branch, deletions = new Map() }) => {
      const specs = [...(branch === undefined ? [] : [`${branch.commit}:${branch.ref}`]), ...[...deletions.keys()].map((ref) => `:${ref}`)];
      const leases = [...deletions].map(([ref, id]) => `--force-with-lease=${ref}:${id}`);
      const together = specs.length > 1 ? ['--atomic'] : [];
      const args = ['push', '--porcelain', '--no-verify', '--no-follow-tags', ...together, ...leases, '--', name, ...specs];
      return readPush(shown, await run(args, TRANSFER_TIMEOUT_MS));
    },
  };
}

/** Of what was asked for by a beginning, only names that mean nothing to git but themselves. */
const PLAIN_REST = /^[\w-]+(?:[./][\w-]+)*$/;

/** Patterns match the ends of names: `refs/heads/main` also finds `refs/x/refs/heads/main`. */
function parseRefs(output: string, patterns: readonly string[]): ReadonlyMap<string, string> {
  const refs = new Map<string, string>();
  for (const line of output.split('\n')) {
    const [id = '', ref = ''] = line.split('\t');
    if (patterns.some((pattern) => isMatch(ref, pattern))) refs.set(ref, id);
  }
  return refs;
}

function isMatch(ref: string, pattern: string): boolean {
  if (!pattern.endsWith('*')) return ref === pattern;
  const start = pattern.slice(0, -1);
  return ref.startsWith(start) && PLAIN_REST.test(ref.slice(start.length));
}
