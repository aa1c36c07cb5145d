// A workflow that attests what its jobs made reads one list: each proof is offered there.
import { pathToFileURL } from 'node:url';
import type { Context } from '../../context.ts';

const LIST = 'GITHUB_ARTIFACTS';

/** One line for each file. The list is the runner's: where it cannot be written, nothing else changes. */
export function offerForAttestation({ env, files, log }: Context, file: string): void {
  const list = env[LIST];
  if (list === undefined || list === '') return;
  try {
    files.append(list, `${separatorOf(files, list)}${pathToFileURL(file).href}\n`);
  } catch (thrown) {
    log.warn(`${LIST}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

/** The same of proofs that an earlier step, or another tool's run, may have offered already. */
export function offerOthers(context: Context, proofs: readonly string[]): void {
  const { env, files } = context;
  const list = env[LIST] ?? '';
  const known = list !== '' && files.stat(list)?.kind === 'file' ? new Set(files.readText(list).split('\n')) : new Set();
  for (const file of proofs) if (!known.has(pathToFileURL(file).href)) offerForAttestation(context, file);
}

/** Another writer's last line may not have been ended. */
function separatorOf(files: Context['files'], list: string): string {
  return files.stat(list)?.kind !== 'file' || files.read(list).at(-1) === 0x0a || files.read(list).length === 0 ? '' : '\n';
}
