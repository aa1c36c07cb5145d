// The token of a workflow run, for pushing to the server that runs it. A checkout that keeps no credentials behind (as it should)
// leaves git without any. The token goes to git through a variable: arguments are for everybody on the machine to read.
import type { Env } from '../../context.ts';

export interface Credentials {
  /** Before the subcommand. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const VARIABLE = 'SOPHIA_GIT_AUTHORIZATION';

/** Nothing outside a workflow: there the user's own credentials are the right ones. */
export function credentialsOf(env: Env): Credentials {
  const token = env['GITHUB_TOKEN'] ?? '';
  const server = (env['GITHUB_SERVER_URL'] ?? 'https://github.com').replace(/\/+$/, '');
  if (env['GITHUB_ACTIONS'] !== 'true' || token === '' || !/^https?:\/\/[A-Za-z0-9.:[\]-]+$/.test(server)) return { args: [], env: {} };
  const key = `http.${server}/.extraheader`;
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  // The empty one takes back what a checkout may have set: two such headers are refused.
  return { args: ['-c', `${key}=`, `--config-env=${key}=${VARIABLE}`], env: { [VARIABLE]: `AUTHORIZATION: basic ${basic}` } };
}
