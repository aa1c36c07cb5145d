// The start mark of a run: what is left when nothing else could be written, after SIGKILL or a power cut.
// The next publish, seal or freshness turns it into a proof with the ending "vanished".
import type { Context, Machine } from '../../context.ts';
import { serialize } from '../canonical.ts';
import { toJson } from '../plain.ts';
import type { Predicate } from '../statement.ts';

/** From the working directory. */
export const RUNS_FOLDER = '.sophia/runs';
/** Arguments that are longer than this altogether are left out: a mark is written before every run. */
const MAX_ARGV_CHARACTERS = 64 * 1024;

/** Redacted, like everything that is written. */
export interface Mark extends Pick<Predicate, 'id' | 'kind' | 'command' | 'argv' | 'startedAt' | 'environment'> {
  readonly pid: number;
  readonly bootId: string | null;
  readonly birth: string | null;
}

/** Returns what removes the mark. A folder that cannot be written costs the mark, not the run. */
export function markStart(context: Context, opening: Omit<Mark, 'pid' | 'bootId' | 'birth'>): () => void {
  const { files, log, directory, machine } = context;
  const path = `${directory}/${RUNS_FOLDER}/${opening.id}.json`;
  // A repository may bring a link of this name, to a place where nothing of ours belongs.
  if (hasLink(context)) return () => {};
  try {
    files.makeDirectory(`${directory}/${RUNS_FOLDER}`);
    ignoreOurselves(context);
    const { pid, bootId } = machine;
    const mark: Mark = { ...opening, argv: shorten(opening.argv), pid, bootId, birth: machine.birthOf(pid) };
    files.create(path, serialize(toJson(mark)));
    return () => removeQuietly(context, path);
  } catch (thrown) {
    log.debug(`no start mark: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return () => {};
  }
}

/** The process that made the mark still runs: not one of another boot, nor another one that got its number. */
export function isRunning(machine: Machine, { pid, bootId, birth }: Pick<Mark, 'pid' | 'bootId' | 'birth'>): boolean {
  const isOtherBoot = bootId !== null && machine.bootId !== null && bootId !== machine.bootId;
  if (isOtherBoot || !machine.isAlive(pid)) return false;
  const birthNow = machine.birthOf(pid);
  return birth === null || birthNow === null || birth === birthNow;
}

export function hasLink({ files, directory }: Context): boolean {
  return ['.sophia', RUNS_FOLDER].some((folder) => files.stat(`${directory}/${folder}`)?.kind === 'symlink');
}

function shorten(argv: readonly string[]): readonly string[] {
  return argv.reduce((sum, { length }) => sum + length, 0) > MAX_ARGV_CHARACTERS ? [] : argv;
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
