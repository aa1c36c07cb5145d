// Exact text and regular expressions: ripgrep's work over the work tree. Here its matches are ranked.
import type { Context, RipgrepMatch } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { enclosing } from '../languages/enclosing.ts';
import { kindOf } from '../classify.ts';
import { KIND_FACTORS } from '../ranking.ts';
import { LOCAL_REPOSITORY } from '../home.ts';
import type { CodeSymbol } from '../languages/language.ts';
import type { ContextStore, Live } from '../store/store.ts';
import { compareHits, NO_WHY, type Hit } from './hit.ts';
import { scanFiles, type ScanRequest } from './scan.ts';

export interface TextRequest {
  readonly root: string;
  readonly text: string;
  readonly isRegex: boolean;
  readonly limit: number;
  readonly contextLines: number;
  readonly accepts: (file: { readonly id: string; readonly language: string | null }) => boolean;
  readonly live: Live;
  /** Null outside git. */
  readonly head: string | null;
}

export interface TextHits {
  readonly hits: readonly Hit[];
  /** More matches than anyone can rank: only the first ones, by path, were looked at. */
  readonly isCut: boolean;
}

const MAX_MATCHES = 10_000;
const MAX_PER_FILE = 3;

export async function searchText(context: Context, store: ContextStore, request: TextRequest): Promise<TextHits> {
  let matches = await findMatches(context, store, request, false);
  const isCut = matches.length >= MAX_MATCHES;
  // As they come they are the fastest ones; a part of them must be the same part each time.
  if (isCut) matches = await findMatches(context, store, request, true);
  const hits: Hit[] = [];
  for (const [path, inFile] of byPath(matches)) hits.push(...rankFile(path, inFile, { store, request }));
  return { hits: hits.sort(compareHits).slice(0, request.limit), isCut };
}

async function findMatches(
  context: Context,
  store: ContextStore,
  request: TextRequest,
  isSorted: boolean,
): Promise<readonly RipgrepMatch[]> {
  if (isBare(context, request.root)) return await collect(scanFiles(context, store, request));
  const pattern = request.isRegex ? { regex: request.text } : { string: request.text };
  const options = {
    ...pattern,
    contextLines: request.contextLines,
    globs: ['!/proofs/', '!.sophia/'],
    limit: MAX_MATCHES,
    isSorted,
    signal: context.signal,
  };
  try {
    const [found, only] = await Promise.all([collect(context.ripgrep.search(request.root, options)), findAbsent(context, request)]);
    return only.size === 0 ? found : [...found, ...(await scanAbsent(context, store, { ...request, only }))].slice(0, MAX_MATCHES);
  } catch (error) {
    if (!(error instanceof SophiaError) || error.code !== 'TOOL_MISSING') throw error;
    context.log.debug('ripgrep is not installed here; the indexed files are read one by one');
    return await collect(scanFiles(context, store, request));
  }
}

/** The files that a sparse checkout leaves out: the index knows them, the disk does not. */
async function findAbsent(context: Context, { root, head }: TextRequest): Promise<ReadonlySet<string>> {
  const ask = (...args: string[]): ReturnType<Context['git']['run']> => context.git.run(root, args, { signal: context.signal });
  if (head === null) return new Set();
  const { stdout: isSparse } = await ask('config', '--type=bool', '--get', 'core.sparseCheckout');
  if (Buffer.from(isSparse).toString().trim() !== 'true') return new Set();
  const { stdout } = await ask('ls-files', '-t', '-z');
  const lines = Buffer.from(stdout).toString().split('\0');
  const skipped = lines.filter((line) => line.startsWith('S ')).map((line) => line.slice(2));
  return new Set(skipped.filter((path) => !context.files.exists(`${root}/${path}`)));
}

async function scanAbsent(context: Context, store: ContextStore, request: ScanRequest): Promise<readonly RipgrepMatch[]> {
  try {
    return await collect(scanFiles(context, store, request));
  } catch (error) {
    if (!(error instanceof SophiaError) || error.code !== 'REGEX_INVALID') throw error;
    context.log.warn('files that the sparse checkout leaves out were not searched: only ripgrep knows this expression');
    return [];
  }
}

/** git's own folder, and nothing of a work tree. */
function isBare({ files }: Context, root: string): boolean {
  return files.exists(`${root}/HEAD`) && files.exists(`${root}/objects`) && !files.exists(`${root}/.git`);
}

async function collect(matches: AsyncIterable<RipgrepMatch>): Promise<readonly RipgrepMatch[]> {
  const collected: RipgrepMatch[] = [];
  for await (const match of matches) {
    collected.push(match);
    if (collected.length >= MAX_MATCHES) break;
  }
  return collected;
}

function byPath(matches: readonly RipgrepMatch[]): ReadonlyMap<string, readonly RipgrepMatch[]> {
  const grouped = new Map<string, RipgrepMatch[]>();
  for (const match of matches) {
    const path = match.path.text.replace(/^\.\//, '');
    const inFile = grouped.get(path);
    if (inFile === undefined) grouped.set(path, [match]);
    else inFile.push(match);
  }
  return grouped;
}

/** A definition's own line before a use of it, source before tests, the top of a file before its end. */
function rankFile(
  path: string,
  matches: readonly RipgrepMatch[],
  { store, request }: { store: ContextStore; request: TextRequest },
): Hit[] {
  const live = request.live.documents.find(({ id }) => id === path);
  const known = live ?? store.get(LOCAL_REPOSITORY, path);
  if (!request.accepts({ id: path, language: known?.language ?? null })) return [];
  const symbols = known?.symbols ?? [];
  const hits = matches.map((match) => toHit(path, match, { symbols, blob: known?.contentId ?? null, isLive: live !== undefined }));
  return hits.sort(compareHits).slice(0, Math.max(MAX_PER_FILE, Math.ceil(request.limit / 2)));
}

function toHit(path: string, match: RipgrepMatch, file: { symbols: readonly CodeSymbol[]; blob: string | null; isLive: boolean }): Hit {
  const line = match.line_number;
  const symbol = enclosing(file.symbols, line);
  const isDefinition =
    symbol?.line === line &&
    match.submatches.some((submatch) => submatch.match.text.includes(symbol.name) || symbol.name.includes(submatch.match.text));
  const score = KIND_FACTORS[kindOf(path)] * (isDefinition ? 2 : 1) + 1 / (1 + line);
  return {
    path,
    line,
    end_line: line + match.lines.text.replace(/\n$/, '').split('\n').length - 1,
    snippet: [...match.before, match.lines.text, ...match.after].map((text) => text.replace(/\r?\n$/, '')).join('\n'),
    ...(symbol === null
      ? {}
      : { symbol: { name: symbol.name, kind: symbol.kind, container: symbol.container, signature: symbol.signature } }),
    score,
    why: { ...NO_WHY, body: score },
    blob: file.blob,
    ...(file.isLive ? { live: true } : {}),
  };
}
