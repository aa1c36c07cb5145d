// Which secrets the workflows and actions of a work tree use, by name.
import type { Document } from 'yaml';
import type * as Yaml from 'yaml';
import type { Context } from '../context.ts';
import { systemCodeOf } from '../errors.ts';
import { namesInCondition, namesInText } from './expression.ts';

export interface Usage {
  /** Name in upper case → the files that use it. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** Of them, those that nothing but jobs with an environment uses: it has secrets of its own. */
  readonly ofEnvironments: ReadonlySet<string>;
  /** Files from which any secret may go anywhere: `secrets: inherit`, `toJSON(secrets)`. What nothing else uses may be used there. */
  readonly open: readonly string[];
  /** Files that say nothing, and why. */
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
  readonly files: number;
}

type Place = Pick<Context, 'files' | 'directory'>;

/** No workflow is as large, and one that is would only cost memory. */
const MAX_BYTES = 1 << 20;
const MAX_FILES = 1000;
const MAX_DEPTH = 6;

/** Every job has it without anybody's doing. */
const GIVEN = 'GITHUB_TOKEN';

export async function readUsage({ files, directory }: Place): Promise<Usage> {
  const yaml = await import('yaml');
  const names = new Map<string, string[]>();
  const elsewhere = new Set<string>();
  const open: string[] = [];
  const unreadable: { file: string; reason: string }[] = [];
  const found = findFiles({ files, directory });
  for (const file of found.slice(0, MAX_FILES)) {
    const text = readFile(files, `${directory}/${file}`);
    const used = typeof text === 'string' ? usesIn(yaml, text) : text;
    if ('reason' in used) unreadable.push({ file, reason: used.reason });
    else {
      if (used.isAny) open.push(file);
      for (const name of used.names) names.set(name, [...(names.get(name) ?? []), file]);
      for (const name of used.names.difference(used.ofEnvironments)) elsewhere.add(name);
    }
  }
  if (found.length > MAX_FILES) unreadable.push({ file: found[MAX_FILES]!, reason: `only ${MAX_FILES} files are read` });
  return { names, ofEnvironments: new Set(names.keys()).difference(elsewhere), open, unreadable, files: found.length };
}

interface Uses {
  readonly names: ReadonlySet<string>;
  /** Of them, those that nothing but jobs with an environment uses. */
  readonly ofEnvironments: ReadonlySet<string>;
  readonly isAny: boolean;
}

/** Of one workflow or action. What a comment says is not used. */
export function usesIn(yaml: typeof Yaml, text: string): Uses | { readonly reason: string } {
  const document = yaml.parseDocument(text, { version: '1.2', uniqueKeys: true, logLevel: 'error' });
  const problem = document.errors[0];
  if (problem?.code === 'MULTIPLE_DOCS') return { reason: 'it holds several documents' };
  if (problem !== undefined) return { reason: problem.message.split('\n')[0]!.replace(/:$/, '') };
  const names = new Set<string>();
  const elsewhere = new Set<string>();
  let isAny = false;
  yaml.visit(document, {
    Scalar: (key, node, path) => {
      if (key === 'key' || typeof node.value !== 'string') return;
      const pair = path.at(-1);
      const at = yaml.isPair(pair) && yaml.isScalar(pair.key) ? pair.key.value : null;
      if (at === 'secrets' && node.value === 'inherit') isAny = true;
      const found = at === 'if' ? namesInCondition(node.value) : namesInText(node.value);
      isAny ||= found.isAny;
      for (const name of found.names) names.add(name);
      if (!isOfEnvironment(yaml, path)) for (const name of found.names) elsewhere.add(name);
    },
  });
  for (const name of handedIn(yaml, document)) names.delete(name);
  names.delete(GIVEN);
  return { names, ofEnvironments: names.difference(elsewhere), isAny };
}

/** `path` from the document on: its map, `jobs`, all jobs, the name of one, the job itself. */
function isOfEnvironment(yaml: typeof Yaml, path: readonly unknown[]): boolean {
  const [, , jobs, , , job] = path;
  return yaml.isPair(jobs) && yaml.isScalar(jobs.key) && jobs.key.value === 'jobs' && yaml.isMap(job) && job.has('environment');
}

/** Names that a workflow gets from whoever calls it. Where nothing else starts it, they are no secrets of this repository. */
function handedIn(yaml: typeof Yaml, document: Document): readonly string[] {
  const events: unknown = document.get('on');
  if (!yaml.isMap(events) || events.items.length !== 1) return [];
  const declared: unknown = document.getIn(['on', 'workflow_call', 'secrets']);
  return yaml.isMap(declared) ? declared.items.map(({ key }) => String(key).toUpperCase()) : [];
}

/** Relative to the directory, sorted. Not all of .github: what Dependabot names are secrets of its own. */
function findFiles(context: Place): readonly string[] {
  const folders = ['.github/workflows', '.github/actions', 'actions'].flatMap((folder) => walk(context, folder, MAX_DEPTH));
  const here = ['action.yml', 'action.yaml'].filter((name) => context.files.exists(`${context.directory}/${name}`));
  return [...folders, ...here].toSorted();
}

/** Links are not followed: git keeps them as they are, and GitHub runs none. A folder that does not open is named itself. */
function walk(context: Place, folder: string, depth: number): readonly string[] {
  const place = `${context.directory}/${folder}`;
  if (depth === 0 || context.files.stat(place)?.kind !== 'directory') return [];
  try {
    return context.files.scan(place).flatMap(({ name, kind }) => {
      if (typeof name !== 'string') return [];
      const path = `${folder}/${name}`;
      if (kind === 'directory') return walk(context, path, depth - 1);
      return kind === 'file' && isWanted(path) ? [path] : [];
    });
  } catch {
    return [folder];
  }
}

/** Beside an action lie files of its own. */
function isWanted(path: string): boolean {
  return /\.ya?ml$/.test(path) && (path.startsWith('.github/workflows/') || /\/action\.ya?ml$/.test(path));
}

function readFile(files: Context['files'], file: string): string | { readonly reason: string } {
  try {
    const read = files.readPlain(file, MAX_BYTES);
    if (read instanceof Uint8Array) return Buffer.from(read).toString('utf8');
    return { reason: read.kind === 'file' ? `it is larger than ${MAX_BYTES} bytes` : 'it cannot be read' };
  } catch (error) {
    return { reason: systemCodeOf(error) ?? 'it cannot be read' };
  }
}
