// The start mark of a run: what is left when nothing else could be written, after SIGKILL or a power cut.
// The next publish, seal or freshness turns it into a proof with the ending "vanished".
import type { Context } from '../../context.ts';
import type { JsonObject } from '../../outcome.ts';
import { serialize } from '../canonical.ts';

const RUNS_FOLDER = '.sophia/runs';

/** Returns what removes the mark. A folder that cannot be written costs the mark, not the run. */
export function markStart(context: Context, mark: JsonObject & { readonly id: string }): () => void {
  const { files, log, directory, machine } = context;
  const path = `${directory}/${RUNS_FOLDER}/${mark.id}.json`;
  // A repository may bring a link of this name, to a place where nothing of ours belongs.
  if (files.stat(`${directory}/.sophia`)?.kind === 'symlink') return () => {};
  try {
    files.makeDirectory(`${directory}/${RUNS_FOLDER}`);
    ignoreOurselves(context);
    files.create(path, serialize({ ...mark, pid: machine.pid, bootId: machine.bootId }));
    return () => removeQuietly(context, path);
  } catch (thrown) {
    log.debug(`no start mark: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return () => {};
  }
}

function removeQuietly({ files, log }: Context, path: string): void {
  try {
    files.remove(path);
  } catch (thrown) {
    log.debug(`the start mark ${path} stays: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

/** The folder keeps itself out of git, whatever the repository's own .gitignore says. */
function ignoreOurselves({ files, directory }: Context): void {
  const path = `${directory}/.sophia/.gitignore`;
  if (!files.exists(path)) files.replace(path, '*\n');
}
