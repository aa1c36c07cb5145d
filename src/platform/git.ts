import { isUtf8 } from 'node:buffer';
import type { Exec, ExecResult, Git, WorkTreeFacts } from '../context.ts';
import { SophiaError } from '../errors.ts';

/** Nothing of a user's or a repository's configuration may start a program, page, colour or quote. */
const NEUTRAL = [
  '--no-pager',
  '-c',
  'core.quotepath=off',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'color.ui=false',
  '-c',
  'log.showSignature=false',
];

const ENVIRONMENT = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  // A missing object is missing: to fetch it would ask the network, with programs that the repository names.
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  SOPHIA_NOTHING: '',
  LC_ALL: 'C',
};

/** What `git push` by hand would do as well, it may do here; `ext::` and remote helpers are programs by another name. */
const REMOTE_ENVIRONMENT = { ...ENVIRONMENT, GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh', GIT_NO_LAZY_FETCH: '0' };
const REMOTE_NEUTRAL = [
  ...NEUTRAL,
  ...['gc.auto=0', 'maintenance.auto=false', 'submodule.recurse=false', 'push.recurseSubmodules=no', 'push.gpgSign=false'].flatMap(
    (setting) => ['-c', setting],
  ),
];

/** These compare contents, and a file passes through the filters of its attributes first: programs, again. */
const FILTERING: ReadonlySet<string> = new Set(['status', 'diff', 'diff-files', 'diff-index']);
const MAX_FILTERS = 1000;

/** A run asks for its proof what the index asks too: a second look at tens of thousands of files is dear. */
export function createGit(exec: Exec): Git {
  const plain: Git['run'] = (directory, args, options) =>
    exec.run('git', [...NEUTRAL, ...args], { ...options, cwd: directory, env: { ...ENVIRONMENT, ...options?.env } });
  const configurations = new Map<string, Promise<Configuration>>();
  const configurationOf = (directory: string): Promise<Configuration> => {
    const asked =
      configurations.get(directory) ?? plain(directory, ASK_CONFIGURATION).then((answer) => readConfiguration(directory, answer));
    configurations.set(directory, asked);
    return asked;
  };
  const run: Git['run'] = async (directory, args, options) =>
    FILTERING.has(args[0] ?? '')
      ? await plain(directory, [...(await configurationOf(directory)).withoutFilters, ...args], options)
      : await plain(directory, args, options);
  const underWay = new Map<string, Promise<WorkTreeFacts>>();
  return {
    run,
    remote: (directory, args, options) =>
      exec.run('git', [...REMOTE_NEUTRAL, ...args], { ...options, cwd: directory, env: { ...REMOTE_ENVIRONMENT, ...options?.env } }),
    workTree: (directory, options) => {
      const ask = async (): Promise<WorkTreeFacts> => {
        const git = (args: readonly string[]): ReturnType<Git['run']> => run(directory, args, options);
        const [place, status, { remote }] = await Promise.all([git(PLACE), git(STATUS), configurationOf(directory)]);
        return { place, status, remote };
      };
      const asked = underWay.get(directory) ?? ask().finally(() => underWay.delete(directory));
      underWay.set(directory, asked);
      return asked;
    },
    blobs: (directory, ids) => readBlobs(exec, directory, ids),
  };
}

/** What has to be known of a repository's configuration, and of the user's and the machine's. */
interface Configuration {
  /** Options that set every filter which any configuration names to nothing. */
  readonly withoutFilters: readonly string[];
  readonly remote: string | null;
}

const ASK_CONFIGURATION = ['config', '--null', '--get-regexp', String.raw`^(filter[.]|remote[.]origin[.]url$)`];

/** `<key>\n<value>\0`, or only the key; the last of a name counts. */
function readConfiguration(directory: string, { stdout }: ExecResult): Configuration {
  const entries = Buffer.from(stdout).toString().split('\0').slice(0, -1);
  const pairs = entries.map((entry) => entry.split('\n', 2));
  const names = new Set(pairs.map(([key]) => key!).filter((key) => key.startsWith('filter.')));
  if (!isUtf8(stdout) || names.size > MAX_FILTERS) {
    const reason = 'its filters cannot be switched off: they are too many, or not named in UTF-8';
    throw new SophiaError('GIT_UNTRUSTED', { path: directory, reason, mend: 'See what "git config --get-regexp ^filter" lists.' });
  }
  const remote = pairs.findLast(([key]) => key === 'remote.origin.url')?.[1]?.trim() ?? '';
  return { withoutFilters: [...names].map((name) => `--config-env=${name}=SOPHIA_NOTHING`), remote: remote === '' ? null : remote };
}

const PLACE = [
  'rev-parse',
  '--is-bare-repository',
  '--is-inside-work-tree',
  '--show-object-format',
  '--show-prefix',
  'HEAD',
  'HEAD^{tree}',
];
const STATUS = [
  'status',
  '--porcelain=v2',
  '--branch',
  '-z',
  '--untracked-files=all',
  '--ignored=matching',
  '--no-renames',
  '--no-ahead-behind',
  '--ignore-submodules=all',
  '--',
  '.',
];

/** `git cat-file --batch` answers `<id> blob <size>\n<bytes>\n`, or `<id> missing\n`. */
async function* readBlobs(exec: Exec, directory: string, ids: Iterable<string>): ReturnType<Git['blobs']> {
  const asked = [...ids];
  if (asked.length === 0) return;
  const output = exec.stream('git', [...NEUTRAL, 'cat-file', '--batch'], {
    cwd: directory,
    env: ENVIRONMENT,
    input: `${asked.join('\n')}\n`,
  });
  const reader = new Reader(output.stdout);
  let hasAnswered = false;
  for (const id of asked) {
    const header = await reader.line();
    if (header === null && !hasAnswered) return; // no repository, where nobody answers
    if (header === null) {
      yield { id, bytes: null };
      continue;
    }
    hasAnswered = true;
    const [, type, size] = header.split(' ');
    if (size === undefined) {
      yield { id, bytes: null };
      continue;
    }
    const bytes = await reader.bytes(Number(size));
    await reader.bytes(1);
    yield { id, bytes: type === 'blob' ? bytes : null };
  }
}

class Reader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #buffer: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async line(): Promise<string | null> {
    let end = this.#buffer.indexOf(10, this.#at);
    while (end === -1) {
      if (!(await this.#more())) return null;
      end = this.#buffer.indexOf(10, this.#at);
    }
    const line = Buffer.from(this.#buffer.subarray(this.#at, end)).toString('latin1');
    this.#at = end + 1;
    return line;
  }

  async bytes(size: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = size;
    for (;;) {
      const part = this.#buffer.subarray(this.#at, this.#at + missing);
      this.#at += part.length;
      missing -= part.length;
      if (part.length > 0) parts.push(part);
      if (missing === 0 || !(await this.#more())) break;
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done === true) return false;
    const rest = this.#buffer.subarray(this.#at);
    this.#buffer = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
    this.#at = 0;
    return true;
  }
}
