// What a new ledger calls itself. Once there is one, its name is law: a fork, a clone or a moved folder keeps it.
import { basename, dirname } from 'node:path';
import type { Context } from '../../context.ts';
import { toRepositoryUrl } from '../recording/source.ts';
import { isOrigin } from './checkpoint.ts';

/** `host/owner/repository/proofs` of the remote `origin`, else `localhost/<folder>/proofs`. `proofs` is absolute. */
export async function chooseOrigin(context: Context, proofs: string): Promise<string> {
  const project = dirname(proofs);
  const remote = await askForRemote(context, project);
  const [, host, path] = /^https?:\/\/([^/?#\s]+)\/([^?#\s]+)$/.exec(remote) ?? [];
  const origin = host === undefined || path === undefined ? '' : `${host.toLowerCase()}/${path}/proofs`;
  return isOrigin(origin) ? origin : `localhost/${toWord(basename(project))}/proofs`;
}

async function askForRemote({ git, signal }: Context, project: string): Promise<string> {
  try {
    const { remote } = await git.workTree(project, { signal });
    return remote === null ? '' : (toRepositoryUrl(remote) ?? '');
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return ''; // git is not installed
  }
}

function toWord(folder: string): string {
  return folder.replaceAll(/[^A-Za-z0-9._~-]+/g, '-').slice(0, 100) || 'project';
}
