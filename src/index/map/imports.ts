// From a module as it is written to the files of this repository that it means.

const EXTENSIONS = [
  '',
  '.ts',
  '.tsx',
  '.mts',
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
  '.py',
  '.rb',
  '.php',
  '.sh',
  '.rs',
  '.h',
  '.hpp',
  '.java',
  '.kt',
  '.swift',
  '.d.ts',
];
const INDEXES = ['/index.ts', '/index.tsx', '/index.js', '/index.mjs', '/__init__.py', '/mod.rs', '/lib.rs'];

/** More files than this by the same ending name nobody in particular. */
const MAX_TARGETS = 8;
const MAX_FOLDER = 200;

/** Knows all paths of a repository. Ambiguous and foreign modules resolve to nothing. */
export class ImportResolver {
  readonly #paths: ReadonlySet<string>;
  readonly #byTail = new Map<string, string[]>();
  readonly #byDirectory = new Map<string, string[]>();

  constructor(paths: Iterable<string>) {
    this.#paths = new Set(paths);
    for (const path of this.#paths) {
      const parts = path.split('/');
      push(this.#byTail, parts.at(-1)!.replace(/\.[^.]+$/, ''), path);
      push(this.#byTail, parts.at(-1)!, path);
      if (parts.length > 1) push(this.#byDirectory, parts.at(-2)!, path);
    }
  }

  resolve(from: string, module: string): readonly string[] {
    if (module.startsWith('.') && module.includes('/')) return this.#atPath(join(directoryOf(from), module));
    if (/^[<"]?[\w./-]+\.(?:h|hpp|hh|inl|css|scss|sql|sh)[>"]?$/.test(module)) return this.#header(from, module.replaceAll(/[<>"]/g, ''));
    const parts = module
      .replace(/^(?:crate|self|super)::/, '')
      .split(/[./\\]|::/)
      .filter((part) => part !== '' && part !== '*');
    return this.#byParts(from, parts);
  }

  #atPath(path: string): readonly string[] {
    const stem = path.replace(/\.[cm]?js$/, '');
    const candidates = [path, ...[path, stem].flatMap((base) => [...EXTENSIONS, ...INDEXES].map((end) => base + end))];
    const found = candidates.find((candidate) => this.#paths.has(candidate));
    return found === undefined ? [] : [found];
  }

  #header(from: string, module: string): readonly string[] {
    const beside = this.#atPath(join(directoryOf(from), module));
    if (beside.length > 0) return beside;
    const matches = (this.#byTail.get(module.split('/').at(-1)!) ?? []).filter((path) => path === module || path.endsWith(`/${module}`));
    return matches.length > MAX_TARGETS ? [] : matches;
  }

  /** `a.b.C`: a file …/a/b/C.*, or …/a/b.* when C is a name in it; `example.com/x/pkg`: the files of a folder …/x/pkg. */
  #byParts(from: string, parts: readonly string[]): readonly string[] {
    for (const length of [parts.length, parts.length - 1]) {
      const wanted = parts.slice(0, length);
      if (wanted.length === 0 || (length < parts.length && wanted.length < 2)) continue;
      const files = (this.#byTail.get(wanted.at(-1)!) ?? []).filter((path) => endsWith(withoutExtension(path), wanted));
      const near = files.filter((path) => path.split('/')[0] === from.split('/')[0]);
      const found = near.length > 0 ? near : files;
      if (found.length > 0 && found.length <= MAX_TARGETS && wanted.length > 1) return found;
    }
    const exact = parts.join('/');
    const inFolder = (this.#byDirectory.get(parts.at(-1) ?? '') ?? []).map((path) => ({ path, directory: directoryOf(path) }));
    const folder = inFolder.filter(
      ({ directory }) => directory === exact || directory === `src/${exact}` || (parts.length > 1 && endsWith(directory, parts.slice(-2))),
    );
    return folder.length > MAX_FOLDER ? [] : folder.map(({ path }) => path);
  }
}

function endsWith(path: string, parts: readonly string[]): boolean {
  const tail = parts.join('/');
  return path === tail || path.endsWith(`/${tail}`);
}

function directoryOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

function withoutExtension(path: string): string {
  return path.replace(/\.[^./]+$/, '');
}

function join(directory: string, relative: string): string {
  const parts = directory === '' ? [] : directory.split('/');
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
