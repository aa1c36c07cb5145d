// Where a repository begins: what its manifests name, and files that by name or content start something.
import type { MapFile, Relations } from './relations.ts';

export interface EntryPoint {
  readonly path: string;
  readonly why: string;
}

const MAX_ENTRY_POINTS = 8;

/** Manifests' bodies by path, as far as they are in the index. */
export type ManifestReader = (path: string) => Promise<string | null>;

export async function findEntryPoints({ files, importers }: Relations, readManifest: ManifestReader): Promise<readonly EntryPoint[]> {
  const named = await fromManifests(files, readManifest);
  const known = new Set(named.map(({ path }) => path));
  const guessed = files
    .map((file, number) => ({ file, why: reasonFor(file), importers: importers[number]! }))
    .filter(({ file, why }) => why !== null && !known.has(file.path))
    .sort((a, b) => depthOf(a.file) - depthOf(b.file) || a.importers - b.importers || (a.file.path < b.file.path ? -1 : 1))
    .map(({ file, why }) => ({ path: file.path, why: why! }));
  return [...named, ...guessed].slice(0, MAX_ENTRY_POINTS);
}

const START_NAME = /(?:^|\/)(?:main|__main__|cli|app|server|manage|wsgi|asgi|index|lib|Program|Main|Application)\.\w+$/;

function reasonFor({ path, kind, language, symbols }: MapFile): string | null {
  if (kind !== 'source' || language === null || language === 'markdown' || language === 'json') return null;
  const hasMain = symbols.some(
    ({ name, kind: symbolKind }) => /^[Mm]ain$/.test(name) && (symbolKind === 'function' || symbolKind === 'method'),
  );
  if (hasMain && (language !== 'go' || path.endsWith('main.go') || path.split('/').length === 1 || path.includes('cmd/')))
    return 'defines main';
  const isStart = START_NAME.test(path) && depthOf({ path }) <= 2;
  return isStart ? 'by its name' : null;
}

function depthOf({ path }: Pick<MapFile, 'path'>): number {
  return path.split('/').length;
}

async function fromManifests(files: readonly MapFile[], readManifest: ManifestReader): Promise<EntryPoint[]> {
  const paths = new Set(files.map(({ path }) => path));
  const found: EntryPoint[] = [];
  const manifests = files.filter(({ path, kind }) => kind === 'source' && /(?:^|\/)package\.json$/.test(path) && depthOf({ path }) <= 3);
  for (const { path } of manifests.slice(0, 20)) {
    for (const [key, target] of targetsOf(await readManifest(path))) {
      const resolved = resolveTarget(path, target, paths);
      if (resolved !== null && !found.some((entry) => entry.path === resolved)) found.push({ path: resolved, why: `${key} of ${path}` });
    }
  }
  return found;
}

function targetsOf(text: string | null): [string, string][] {
  let manifest: unknown = null;
  try {
    manifest = JSON.parse(text ?? 'null');
  } catch {
    return []; // a manifest that is no JSON names nothing
  }
  if (typeof manifest !== 'object' || manifest === null) return [];
  return ['bin', 'main', 'module', 'exports'].flatMap((key) =>
    leavesOf((manifest as Record<string, unknown>)[key], 0).map((leaf): [string, string] => [key, leaf]),
  );
}

function leavesOf(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > 4) return [];
  return Object.values(value).flatMap((inner) => leavesOf(inner, depth + 1));
}

/** A manifest often names what a build will write: then the source of the same name is meant. */
function resolveTarget(manifest: string, target: string, paths: ReadonlySet<string>): string | null {
  const directory = manifest.slice(0, -'package.json'.length);
  const plain = target.replace(/^\.\//, '');
  const source = plain.replace(/^(?:dist|build|lib|out)\//, 'src/').replace(/\.(?:d\.ts|[cm]?js)$/, '');
  const candidates = [plain, ...['.ts', '.tsx', '.mts', '.js', '.mjs'].map((extension) => source + extension)];
  return candidates.map((candidate) => directory + candidate).find((candidate) => paths.has(candidate)) ?? null;
}
