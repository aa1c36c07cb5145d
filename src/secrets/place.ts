// Whose secrets are listed, and where the API lists them.
import type { Context } from '../context.ts';
import { SophiaError } from '../errors.ts';
import { visible } from '../markdown.ts';
import type { JsonObject } from '../outcome.ts';

export interface Asked {
  readonly repo: string | undefined;
  readonly environment: string | undefined;
  readonly org: string | undefined;
}

export interface Place {
  readonly route: string;
  readonly parameters: JsonObject;
  /** In words. */
  readonly name: string;
  /** What neither this place nor `shared` lists, the workflows of this work tree lack as well. */
  readonly isOwnRepository: boolean;
  /** Where a repository's share of its organization's secrets is listed; null where there is no such thing. */
  readonly shared: Place | null;
}

/** Throws USAGE for names that GitHub cannot have, and REPOSITORY_UNKNOWN. */
export async function resolvePlace(context: Context, { repo, environment, org }: Asked): Promise<Place> {
  if (org !== undefined) {
    if (repo !== undefined || environment !== undefined)
      throw usage('--org stands alone: the secrets of an organization are in no repository');
    if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/.test(org)) throw usage('--org must be the name of an organization');
    return {
      route: 'GET /orgs/{org}/actions/secrets',
      parameters: { org },
      name: `the organization ${org}`,
      isOwnRepository: false,
      shared: null,
    };
  }
  const own = await findOwn(context);
  const full = repo ?? own;
  if (full === null) throw new SophiaError('REPOSITORY_UNKNOWN', { reason: 'there is no remote "origin" on a host of GitHub' });
  const parameters = splitRepository(full);
  if (environment === undefined) {
    const isOwnRepository = own === null || own.toLowerCase() === full.toLowerCase();
    const name = `the organization of ${full}`;
    const shared = {
      route: 'GET /repos/{owner}/{repo}/actions/organization-secrets',
      parameters,
      name,
      isOwnRepository: false,
      shared: null,
    };
    return { route: 'GET /repos/{owner}/{repo}/actions/secrets', parameters, name: full, isOwnRepository, shared };
  }
  // A path of such segments would be another one.
  if (/^\.{0,2}$/.test(environment) || visible(environment) !== environment || environment.length > 255)
    throw usage('--environment must be the name of one');
  return {
    route: 'GET /repos/{owner}/{repo}/environments/{environment}/secrets',
    parameters: { ...parameters, environment },
    name: `${full}, environment ${environment}`,
    isOwnRepository: false,
    shared: null,
  };
}

function splitRepository(full: string): { readonly owner: string; readonly repo: string } {
  const [, owner, repo] = /^([A-Za-z0-9][\w-]*)\/([\w.-]{1,100})$/.exec(full) ?? [];
  if (owner !== undefined && repo !== undefined && !/^\.{1,2}$/.test(repo)) return { owner, repo };
  throw usage('a repository is OWNER/REPO, as in the address of its page');
}

async function findOwn(context: Context): Promise<string | null> {
  const named = context.env['GITHUB_REPOSITORY'] ?? '';
  if (named !== '') return named;
  try {
    const { remote } = await context.git.workTree(context.directory, { signal: context.signal });
    return remote === null ? null : repositoryOf(remote, hostsOf(context.env));
  } catch (thrown) {
    if (thrown instanceof SophiaError && thrown.code === 'TOOL_MISSING') return null; // whoever names the repository needs no git
    throw thrown;
  }
}

/** `git@github.com:o/r.git`, `https://github.com/o/r`, `ssh://git@github.com/o/r.git` → `o/r`; null for what is nowhere on these hosts. */
export function repositoryOf(remote: string, hosts: ReadonlySet<string>): string | null {
  const scp = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)\/?(.+)$/.exec(remote);
  const url = scp === null ? URL.parse(remote) : null;
  const host = scp?.[1] ?? url?.hostname ?? '';
  const [, full] = /^\/?([^/]+\/[^/]+?)(?:\.git)?\/?$/.exec(scp?.[2] ?? url?.pathname ?? '') ?? [];
  return full !== undefined && hosts.has(host.toLowerCase()) ? full : null;
}

function hostsOf(env: Context['env']): ReadonlySet<string> {
  const own = [env['GITHUB_SERVER_URL'], env['GITHUB_API_URL']].map((given) => URL.parse(given ?? '')?.hostname ?? '');
  return new Set(['github.com', ...own, ...own.map((host) => host.replace(/^api\./, ''))]);
}

function usage(problem: string): SophiaError<'USAGE'> {
  return new SophiaError('USAGE', { problem, command: 'secrets audit' });
}
