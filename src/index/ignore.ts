// The syntax of .gitignore (git-scm.com/docs/gitignore), for .sophiaignore everywhere and for trees outside git.

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
 * that is in it. `{a,b}` means either. Without globs nothing matches.
 */
export function matcherOf(globs: readonly string[]): (path: string) => boolean {
  const rules = globs
    .flatMap(expandBraces)
    .map(parseLine)
    .filter((rule) => rule !== null);
  const isMatch = (path: string, isDirectory: boolean): boolean => rules.some((rule) => isMatchedBy(rule, path, isDirectory));
  return (path) => {
    const bytes = toBytes(path);
    return rules.length > 0 && (isMatch(bytes, false) || directoriesOf(bytes).some((directory) => isMatch(directory, true)));
  };
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
  const source = toSource(pattern);
  return source === null ? null : { pattern: new RegExp(`^${source}$`, 's'), isNegated, isDirectoryOnly, isName };
}

/** A space before the end counts only behind a backslash. */
function withoutTrailingSpaces(line: string): string {
  const trimmed = line.replace(/ +$/, '');
  return trimmed.length < line.length && /(?<!\\)(?:\\\\)*\\$/.test(trimmed) ? `${trimmed} ` : trimmed;
}

/** git's wildmatch as a regular expression; null for a pattern that matches nothing (an open bracket, a last backslash). */
function toSource(pattern: string): string | null {
  let source = '';
  let at = 0;
  while (at < pattern.length) {
    const stars = /^\*+/.exec(pattern.slice(at))?.[0].length ?? 0;
    if (stars > 0) {
      const isWhole = stars === 2 && (at === 0 || pattern[at - 1] === '/');
      const after = pattern[at + stars];
      if (isWhole && after === '/') source += '(?:.*/)?';
      else source += isWhole && after === undefined && pattern.includes('/') ? '.*' : '[^/]*';
      at += stars + (isWhole && after === '/' ? 1 : 0);
    } else if (pattern[at] === '?') {
      source += '[^/]';
      at += 1;
    } else if (pattern[at] === '[') {
      const found = toClass(pattern, at);
      if (found === null) return null;
      source += found.source;
      at = found.end;
    } else {
      if (pattern[at] === '\\') at += 1;
      if (at >= pattern.length) return null;
      source += escape(pattern[at]!);
      at += 1;
    }
  }
  return source;
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

/** `a.{ts,tsx}` → `a.ts`, `a.tsx`; nested ones too. Braces without a comma are text. */
function expandBraces(glob: string): string[] {
  const match = /^((?:[^\\{]|\\.)*)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(glob) ?? /^(.*)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(glob);
  if (match === null) return [glob];
  const [, before, choices, after] = match;
  return choices!.split(',').flatMap((choice) => expandBraces(`${before}${choice}${after}`));
}
