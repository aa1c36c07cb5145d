// Text search by the rg binary of @vscode/ripgrep. Types are ripgrep-js's; its code is not used: it passes a shell string.
// Message format: https://docs.rs/grep-printer/latest/grep_printer/struct.JSON.html
import type { Exec, Ripgrep, RipgrepMatch, RipgrepOptions } from '../context.ts';
import { SophiaError } from '../errors.ts';

/** ripgrep's time grows with the square of the pattern: at this length a second, ten times longer minutes. */
const MAX_PATTERN_BYTES = 32_768;

/** Our names of languages where ripgrep has another. */
const TYPES: Readonly<Record<string, string>> = { javascript: 'js', shell: 'sh', dockerfile: 'docker', makefile: 'make' };

export function createRipgrep(exec: Exec): Ripgrep {
  let binary: Promise<string> | null = null;
  return {
    search: async function* (directory, options) {
      binary ??= findBinary();
      yield* search(exec, await binary, directory, options);
    },
  };
}

/** The packaged binary, or `rg` from the PATH where the platform has no package. */
async function findBinary(): Promise<string> {
  try {
    return (await import('@vscode/ripgrep')).rgPath;
  } catch {
    return 'rg';
  }
}

async function* search(exec: Exec, binary: string, directory: string, options: RipgrepOptions): AsyncGenerator<RipgrepMatch> {
  const limit = options.limit ?? Infinity;
  if (limit <= 0 || isHopeless(options)) return;
  const program = exec.stream(binary, argumentsOf(options), {
    cwd: directory,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  let count = 0;
  let isComplete = false;
  const surroundings = new Surroundings(options.contextLines ?? 0);
  for await (const line of linesOf(program.stdout)) {
    isComplete = isMessage(line, SUMMARY);
    for (const match of surroundings.take(line)) {
      yield match;
      count += 1;
      if (count >= limit) return;
    }
  }
  options.signal?.throwIfAborted();
  if (!isComplete) throw toRefusal(options, binary, await program.done);
}

/** Text lines hold no NUL, and no argument can. */
function isHopeless(options: RipgrepOptions): boolean {
  return 'string' in options && options.string.includes('\0');
}

function argumentsOf(options: RipgrepOptions): string[] {
  const { pattern, isLiteral, isMultiline } = patternOf(options);
  const types = [options.fileType ?? []].flat();
  return [
    '--no-config', // RIPGREP_CONFIG_PATH could name a program to run
    '--json',
    '--hidden',
    '--no-require-git',
    '--no-ignore-dot', // .ignore and .rgignore are ripgrep's alone: the index does not know them
    ...(options.isSorted === true ? ['--sort=path'] : []),
    ...(options.ignoreCase === true ? ['--ignore-case'] : []),
    ...(isMultiline ? ['--multiline'] : []),
    ...(options.contextLines === undefined ? [] : [`--context=${options.contextLines}`]),
    ...(options.maxFileSizeBytes === undefined ? [] : [`--max-filesize=${options.maxFileSizeBytes}`]),
    ...types.map((type) => `--type=${TYPES[type] ?? type}`),
    ...(options.globs ?? []).map((glob) => `--glob=${glob}`),
    '--glob=!.git',
    ...(isLiteral ? ['-F'] : []),
    '-e',
    pattern,
    '--',
    ...(options.paths === undefined ? ['./'] : options.paths.map((path) => `./${path}`)),
  ];
}

function patternOf(options: RipgrepOptions): { pattern: string; isLiteral: boolean; isMultiline: boolean } {
  const bytes = Buffer.byteLength('regex' in options ? options.regex : options.string);
  if (bytes > MAX_PATTERN_BYTES) {
    throw new SophiaError('SEARCH_REFUSED', { reason: `the pattern has ${bytes} bytes, more than ${MAX_PATTERN_BYTES}` });
  }
  if ('regex' in options) {
    const pattern = options.regex.replaceAll('\0', String.raw`\x00`);
    return { pattern, isLiteral: false, isMultiline: options.multiline === true };
  }
  const hasBreak = options.string.includes('\n');
  if (!hasBreak) return { pattern: options.string, isLiteral: true, isMultiline: false };
  // ripgrep takes no line break in a literal.
  const escaped = options.string.replaceAll(/[\\^$.*+?()[\]{}|#&~-]/g, String.raw`\$&`).replaceAll('\n', String.raw`\r?\n`);
  return { pattern: escaped, isLiteral: false, isMultiline: true };
}

/** Complete lines, without their ends; each byte is copied at most once. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const tail = chunk.subarray(start, end);
      yield parts.length === 0 ? Buffer.from(tail.buffer, tail.byteOffset, tail.length) : Buffer.concat([...parts, tail]);
      parts = [];
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  }
}

const MATCH = '{"type":"match"';
const CONTEXT = '{"type":"context"';
const END = '{"type":"end"';
/** The last line; its keys come in another order. Without it, ripgrep ended before it could search. */
const SUMMARY = '{"data":{"elapsed_total"';

function isMessage(line: Buffer, start: string): boolean {
  return line.length > start.length && line.toString('latin1', 0, start.length) === start;
}

interface Text {
  readonly text?: string;
  /** Base64, where it is not UTF-8. */
  readonly bytes?: string;
}

interface Message {
  readonly data: {
    readonly path: Text;
    readonly lines: Text;
    readonly line_number: number;
    readonly absolute_offset: number;
    readonly submatches: readonly { readonly match: Text; readonly start: number; readonly end: number }[];
  };
}

interface Pending extends RipgrepMatch {
  readonly after: string[];
  /** The last line that belongs to it. */
  readonly until: number;
}

/** Gives each match the lines around it: it waits until those after it have come. */
class Surroundings {
  readonly #lines: number;
  readonly #pending: Pending[] = [];
  #seen: { readonly line: number; readonly text: string }[] = [];

  constructor(lines: number) {
    this.#lines = lines;
  }

  /** The matches that this line of output completes, in order. */
  take(line: Buffer): RipgrepMatch[] {
    const isMatch = isMessage(line, MATCH);
    if (isMatch || isMessage(line, CONTEXT)) return this.#add(JSON.parse(line.toString()) as Message, isMatch);
    if (!isMessage(line, END)) return [];
    this.#seen = [];
    return this.#complete(Infinity);
  }

  #add({ data }: Message, isMatch: boolean): RipgrepMatch[] {
    if (isMatch && this.#lines === 0) return [toMatch(data, [])];
    const first = data.line_number;
    const text = toText(data.lines);
    const complete = this.#complete(first);
    for (const match of this.#pending) match.after.push(text);
    const before = this.#seen.filter((each) => each.line >= first - this.#lines).map((each) => each.text);
    if (isMatch) this.#pending.push({ ...toMatch(data, before), after: [], until: first + lineBreaksIn(text) - 1 + this.#lines });
    this.#seen = [...this.#seen, { line: first, text }].slice(-this.#lines);
    return complete;
  }

  #complete(nextLine: number): RipgrepMatch[] {
    const isOpen = this.#pending.findIndex((match) => match.until >= nextLine);
    const complete = this.#pending.splice(0, isOpen === -1 ? this.#pending.length : isOpen);
    return complete.map(({ until: _, ...match }) => match);
  }
}

function toMatch(data: Message['data'], before: readonly string[]): RipgrepMatch {
  const bytes = data.path.bytes === undefined ? null : Buffer.from(data.path.bytes, 'base64').subarray('./'.length);
  return {
    path: { text: bytes === null ? data.path.text!.slice('./'.length) : bytes.toString() },
    pathBytes: bytes,
    lines: { text: toText(data.lines) },
    line_number: data.line_number,
    absolute_offset: data.absolute_offset,
    submatches: data.submatches.map(({ match, start, end }) => ({ match: { text: toText(match) }, ...spanOf(data.lines, start, end) })),
    before,
    after: [],
  };
}

function toText(text: Text): string {
  return text.text ?? Buffer.from(text.bytes ?? '', 'base64').toString();
}

/** ripgrep counts bytes of the line as it is; a byte that is not UTF-8 became three in its text. */
function spanOf(lines: Text, start: number, end: number): { start: number; end: number } {
  if (lines.bytes === undefined) return { start, end };
  const bytes = Buffer.from(lines.bytes, 'base64');
  const lossyLength = (to: number): number => Buffer.byteLength(bytes.toString('utf8', 0, to));
  return { start: lossyLength(start), end: lossyLength(end) };
}

function lineBreaksIn(text: string): number {
  return Math.max(1, text.split('\n').length - 1);
}

function toRefusal(
  options: RipgrepOptions,
  binary: string,
  { exitCode, signal, stderr }: { exitCode: number | null; signal: string | null; stderr: Uint8Array },
) {
  const reason = Buffer.from(stderr).toString().trim().replace(/^rg: /, '') || `ended by ${signal ?? `exit code ${exitCode}`}`;
  if (exitCode !== 2) return new SophiaError('TOOL_FAILED', { tool: 'ripgrep', reason, command: `${binary} --json` });
  const isAboutFiles = /^(unrecognized file type|error parsing glob)/.test(reason);
  return new SophiaError('regex' in options && !isAboutFiles ? 'REGEX_INVALID' : 'SEARCH_REFUSED', { reason });
}
