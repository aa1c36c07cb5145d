// Text search without ripgrep: the indexed files, line by line. For machines without its binary, for repositories without a work
// tree, where ripgrep would find git's own files, and for what a sparse checkout leaves out. Slower, same answers for literals.
import type { Context, RipgrepMatch } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { LOCAL_REPOSITORY } from '../home.ts';
import { readBodies } from '../reading.ts';
import type { ContextStore, Live } from '../store/store.ts';
import { linesOf } from './snippet.ts';

export interface ScanRequest {
  readonly root: string;
  readonly text: string;
  readonly isRegex: boolean;
  readonly contextLines: number;
  readonly live: Live;
  /** Only these indexed files, where there are such. */
  readonly only?: ReadonlySet<string>;
}

/** Matches by path and line. Regular expressions are JavaScript's here. Throws `REGEX_INVALID`. */
export async function* scanFiles(context: Context, store: ContextStore, request: ScanRequest): AsyncGenerator<RipgrepMatch> {
  const find = toFinder(request);
  const stored = [...store.catalogue(LOCAL_REPOSITORY)]
    .map(([id, contentId]) => ({ id, contentId }))
    .filter(({ id }) => !request.live.hidden.has(id) && (request.only?.has(id) ?? true));
  for await (const { document, body } of readBodies(context, request.root, stored)) {
    if (body !== null) yield* scanBody(document.id, linesOf(body), { find, contextLines: request.contextLines });
    context.signal.throwIfAborted();
  }
  if (request.only !== undefined) return;
  for (const { id, body } of request.live.documents) yield* scanBody(id, linesOf(body), { find, contextLines: request.contextLines });
}

type Finder = (line: string) => { readonly start: number; readonly text: string } | null;

function toFinder({ text, isRegex }: ScanRequest): Finder {
  if (!isRegex) {
    return (line) => {
      const start = line.indexOf(text);
      return start === -1 ? null : { start, text };
    };
  }
  try {
    const regex = new RegExp(text, 'u');
    return (line) => {
      const match = regex.exec(line);
      return match === null ? null : { start: match.index, text: match[0] };
    };
  } catch (error) {
    throw new SophiaError('REGEX_INVALID', { reason: error instanceof Error ? error.message : String(error) }, { cause: error });
  }
}

function* scanBody(
  path: string,
  lines: readonly string[],
  { find, contextLines }: { find: Finder; contextLines: number },
): Generator<RipgrepMatch> {
  for (const [index, line] of lines.entries()) {
    const found = find(line);
    if (found === null) continue;
    yield {
      path: { text: path },
      pathBytes: null,
      lines: { text: line },
      line_number: index + 1,
      absolute_offset: 0,
      submatches: [{ match: { text: found.text }, start: found.start, end: found.start + found.text.length }],
      before: lines.slice(Math.max(0, index - contextLines), index),
      after: lines.slice(index + 1, index + 1 + contextLines),
    };
  }
}
