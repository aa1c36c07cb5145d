// The syntax of .gitignore (git-scm.com/docs/gitignore), for .sophiaignore everywhere and for trees outside git.
import { SophiaError } from '../errors.ts';
import { expandBraces } from './braces.ts';

interface Rule {
  readonly pattern: RegExp;
  readonly isNegated: boolean;
  readonly isDirectoryOnly: boolean;
  /** Compared with the name alone, at any depth. */
  readonly isName: boolean;
}

interface Level {
  readonly parent: Level | null;
  /** Length of the directory's path with its slash. */
  readonly prefix: number;
  readonly rules: readonly Rule[];
  readonly isIgnored: boolean;
}

/** The ignore files of one kind in a tree. They must be added before anything in their directory is asked for. */
export class IgnoreFiles {
  readonly #rules = new Map<string, readonly Rule[]>();
  readonly #levels = new Map<string, Level>();

  get isEmpty(): boolean {
    return this.#rules.size === 0;
  }

  /** `directory` is relative to the root, '' for the root itself. */
  add(directory: string, text: string): void {
    const rules = text
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .map(parseLine)
      .filter((rule) => rule !== null);
    if (rules.length > 0) this.#rules.set(toBytes(directory), rules.reverse());
  }

  /** Ignored itself, or because a directory above is: what is in an ignored directory cannot be taken back. */
  isIgnored(path: string, isDirectory: boolean): boolean {
    if (this.isEmpty) return false;
    const bytes = toBytes(path);
    const level = this.#levelOf(parentOf(bytes));
    return level.isIgnored || isMatched(level, bytes, isDirectory);
  }

  #levelOf(directory: string): Level {
    const known = this.#levels.get(directory);
    if (known !== undefined) return known;
    const parent = directory === '' ? null : this.#levelOf(parentOf(directory));
    const isIgnored = parent !== null && (parent.isIgnored || isMatched(parent, directory, true));
    const prefix = directory === '' ? 0 : directory.length + 1;
    const level: Level = { parent, prefix, rules: this.#rules.get(directory) ?? [], isIgnored };
    this.#levels.set(directory, level);
    return level;
  }
}

/**
 * A glob of the command line: a name at any depth, or with a slash a path from the root; a directory stands for all
 * that is in it. `{a,b}` means either. Without globs nothing matches. Throws `GLOB_INVALID`.
 */
export function matcherOf(globs: readonly string[]): (path: string) => boolean {
  const rules = globs.flatMap((glob) =>
    expandBraces(glob)
      .filter((each) => each !== '')
      .map((each) => parseGlob(glob, each)),
  );
  const isMatch = (path: string, isDirectory: boolean): boolean => rules.some((rule) => isMatchedBy(rule, path, isDirectory));
  return (path) => {
    const bytes = toBytes(path);
    return rules.length > 0 && (isMatch(bytes, false) || directoriesOf(bytes).some((directory) => isMatch(directory, true)));
  };
}

/** What means something only in a file of rules is an error here: it would match nothing, or the opposite of what was meant. */
function parseGlob(given: string, glob: string): Rule {
  if (glob.startsWith('!')) throw new SophiaError('GLOB_INVALID', { glob: given, problem: 'begins with !, which only ignore files know' });
  const rule = parseLine(glob.startsWith('#') ? `\\${glob}` : glob);
  if (rule === null)
    throw new SophiaError('GLOB_INVALID', { glob: given, problem: 'matches nothing: a bracket is open, or it ends too early' });
  return rule;
}

/** git compares bytes: `?` is one of them. Here each is a character; of ASCII, which is nearly every path, it already is. */
function toBytes(text: string): string {
  return /^[\0-\x7F]*$/.test(text) ? text : Buffer.from(text).toString('latin1');
}

/** The last rule that fits decides, and the deepest file comes last. */
function isMatched(from: Level, path: string, isDirectory: boolean): boolean {
  for (let level: Level | null = from; level !== null; level = level.parent) {
    const { prefix, rules } = level;
    const rule = rules.find((each) => isMatchedBy(each, path.slice(prefix), isDirectory));
    if (rule !== undefined) return !rule.isNegated;
  }
  return false;
}

function isMatchedBy(rule: Rule, path: string, isDirectory: boolean): boolean {
  if (rule.isDirectoryOnly && !isDirectory) return false;
  return rule.pattern.test(rule.isName ? path.slice(path.lastIndexOf('/') + 1) : path);
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function directoriesOf(path: string): string[] {
  const directories: string[] = [];
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) directories.push(path.slice(0, end));
  return directories;
}

function parseLine(line: string): Rule | null {
  if (line.startsWith('#')) return null;
  let pattern = withoutTrailingSpaces(toBytes(line));
  const isNegated = pattern.startsWith('!');
  if (isNegated) pattern = pattern.slice(1);
  const isDirectoryOnly = pattern.endsWith('/');
  if (isDirectoryOnly) pattern = pattern.slice(0, -1);
  const isName = !pattern.includes('/');
  if (pattern.startsWith('/')) pattern = pattern.slice(1);
  if (pattern === '') return null;
  const source = toSource(pattern, isName);
  return source === null ? null : { pattern: new RegExp(`^${source}$`, 's'), isNegated, isDirectoryOnly, isName };
}

/** A space before the end counts only behind a backslash. */
function withoutTrailingSpaces(line: string): string {
  const trimmed = line.replace(/ +$/, '');
  return trimmed.length < line.length && /(?<!\\)(?:\\\\)*\\$/.test(trimmed) ? `${trimmed} ` : trimmed;
}

type Star = 'segment' | 'directories' | 'rest';

/** A star and the plain characters after it; the first piece of a pattern may have no star. */
interface Piece {
  readonly star: Star | null;
  text: string;
}

/** git's wildmatch as a regular expression; null for a pattern that matches nothing (an open bracket, a last backslash). */
function toSource(pattern: string, isName: boolean): string | null {
  const pieces = toPieces(pattern, isName);
  if (pieces === null) return null;
  const parts: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece.star === 'directories' || piece.star === 'rest') parts.push([]);
    parts.at(-1)!.push(piece);
  }
  let groups = 0;
  const once = (source: string): string => `(?=(?<_${groups}>${source}))\\k<_${groups++}>`;
  return parts.map((part, index) => joinPart(part, { once, isLast: index === parts.length - 1 })).join('');
}

/**
 * The first place that fits is as good as any later one, as long as another star follows: it is taken once, without
 * coming back (`once`), so that no pattern takes longer than its length times that of the path. Only the last star
 * has to try, since the end must fit as well.
 */
function joinPart(part: readonly Piece[], { once, isLast }: { once: (source: string) => string; isLast: boolean }): string {
  let source = '';
  part.forEach(({ star, text }, index) => {
    const mustEnd = isLast && index === part.length - 1;
    if (star === 'segment') source += mustEnd ? `[^/]*${text}` : once(`[^/]*?${text}`);
    else source += text;
  });
  const star = part[0]?.star;
  if (star === 'rest') return `.*${source}`;
  if (star !== 'directories') return source;
  return isLast ? `(?:.*/)?${source}` : once(`(?:.*?/)??${source}`);
}

function toPieces(pattern: string, isName: boolean): Piece[] | null {
  const pieces: Piece[] = [{ star: null, text: '' }];
  const plain = pattern.search(/[*?[\\]/);
  let at = 0;
  while (at < pattern.length) {
    const last = pieces.at(-1)!;
    const stars = /^\*+/.exec(pattern.slice(at))?.[0].length ?? 0;
    if (stars > 0) {
      // git compares what comes before the first special character by itself, and begins anew behind it: a**/c is like **/c.
      const isWhole = stars >= 2 && (at === plain || pattern[at - 1] === '/');
      const after = pattern[at + stars];
      const star: Star = isWhole && after === '/' ? 'directories' : isWhole && after === undefined && !isName ? 'rest' : 'segment';
      const isRepeated = star === 'directories' && last.star === 'directories' && last.text === '';
      if (!isRepeated) pieces.push({ star, text: '' });
      at += stars + (star === 'directories' ? 1 : 0);
    } else if (pattern[at] === '?') {
      last.text += '[^/]';
      at += 1;
    } else if (pattern[at] === '[') {
      const found = toClass(pattern, at);
      if (found === null) return null;
      last.text += found.source;
      at = found.end;
    } else {
      if (pattern[at] === '\\') at += 1;
      if (at >= pattern.length) return null;
      last.text += escape(pattern[at]!);
      at += 1;
    }
  }
  return pieces;
}

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '\\x21-\\x7E',
  lower: 'a-z',
  print: '\\x20-\\x7E',
  punct: '\\x21-\\x2F\\x3A-\\x40\\x5B-\\x60\\x7B-\\x7E',
  space: '\\s',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
};

/** `[a-z]`, `[!x]`, `[[:digit:]_]`: `]` is an ordinary character in first place. */
function toClass(pattern: string, start: number): { source: string; end: number } | null {
  let at = start + 1;
  const isNegated = pattern[at] === '!' || pattern[at] === '^';
  if (isNegated) at += 1;
  const first = at;
  let members = '';
  while (at < pattern.length && (pattern[at] !== ']' || at === first)) {
    const named = /^\[:(\w+):\]/.exec(pattern.slice(at));
    if (named !== null) {
      const set = POSIX_CLASSES[named[1]!];
      if (set === undefined) return null;
      members += set;
      at += named[0].length;
      continue;
    }
    const low = memberAt(pattern, at);
    if (low === null) return null;
    at += low.length;
    const isRange = pattern[at] === '-' && at + 1 < pattern.length && pattern[at + 1] !== ']';
    const high = isRange ? memberAt(pattern, at + 1) : low;
    if (high === null) return null;
    if (isRange) at += 1 + high.length;
    members += low.code <= high.code ? `${toUnit(low.code)}-${toUnit(high.code)}` : toUnit(low.code);
  }
  if (at >= pattern.length) return null;
  // Never the slash, whatever the class says; an empty class matches nothing.
  const source = members === '' ? (isNegated ? '[^/]' : '(?!)') : `(?!/)[${isNegated ? '^' : ''}${members}]`;
  return { source, end: at + 1 };
}

function memberAt(pattern: string, at: number): { code: number; length: number } | null {
  const isEscaped = pattern[at] === '\\';
  const code = pattern.charCodeAt(at + (isEscaped ? 1 : 0));
  return Number.isNaN(code) ? null : { code, length: isEscaped ? 2 : 1 };
}

function toUnit(code: number): string {
  return `\\x${code.toString(16).padStart(2, '0')}`;
}

function escape(character: string): string {
  return /[\^$\\.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}
