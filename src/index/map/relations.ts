// Which file needs which: by what it imports, and by the names it uses that another file defines.
import type { CodeSymbol } from '../languages/language.ts';
import type { ContextStore, DocumentKind } from '../store/store.ts';
import { ImportResolver } from './imports.ts';
import { toGraph, type Graph } from './page-rank.ts';

export interface MapFile {
  readonly path: string;
  readonly kind: DocumentKind;
  readonly language: string | null;
  readonly symbols: readonly CodeSymbol[];
  readonly imports: readonly string[];
}

export interface Relations {
  readonly files: readonly MapFile[];
  readonly graph: Graph;
  /** How much other files use each name of a file: weight by name, per file. */
  readonly uses: readonly ReadonlyMap<string, number>[];
  /** How many files import each file. */
  readonly importers: Uint32Array;
}

const IMPORT_WEIGHT = 3;
/** A name that so many files define says little about any of them. */
const MAX_DEFINERS = 5;
const MIN_NAME_LENGTH = 3;

export function relate(store: ContextStore, repository: string): Relations {
  const files: MapFile[] = [];
  for (const { id, kind, language, symbols, imports } of store.documents(repository))
    files.push({ path: id, kind, language, symbols, imports });
  const numberOf = new Map(files.map(({ path }, number) => [path, number]));
  const edges = files.map(() => new Map<number, number>());
  const uses = files.map(() => new Map<string, number>());
  const importers = addImports(files, numberOf, edges);
  addUses(store, repository, { files, numberOf, edges, uses });
  return { files, graph: toGraph(edges), uses, importers };
}

function addImports(files: readonly MapFile[], numberOf: ReadonlyMap<string, number>, edges: readonly Map<number, number>[]): Uint32Array {
  const resolver = new ImportResolver(numberOf.keys());
  const importers = new Uint32Array(files.length);
  files.forEach((file, from) => {
    const targets = new Set(file.imports.flatMap((module) => resolver.resolve(file.path, module)));
    for (const target of targets) {
      const to = numberOf.get(target)!;
      if (to === from) continue;
      add(edges[from]!, to, IMPORT_WEIGHT / Math.sqrt(targets.size));
      importers[to]! += 1;
    }
  });
  return importers;
}

interface Building {
  readonly files: readonly MapFile[];
  readonly numberOf: ReadonlyMap<string, number>;
  readonly edges: readonly Map<number, number>[];
  readonly uses: readonly Map<string, number>[];
}

function addUses(store: ContextStore, repository: string, { files, numberOf, edges, uses }: Building): void {
  const definers = definersOf(files);
  const imported = edges.map((row) => new Set(row.keys()));
  store.occurrences(repository, definers.keys(), (name, path, times) => {
    const from = numberOf.get(path)!;
    const { numbers, weight, isProse } = definers.get(name)!;
    for (const to of numbers) {
      const isRelated = to !== from && files[to]!.language === files[from]!.language && (!isProse || imported[from]!.has(to));
      if (!isRelated) continue;
      const share = (weight * Math.sqrt(times)) / numbers.length;
      add(edges[from]!, to, share);
      add(uses[to]!, name, share);
    }
  });
}

interface Definers {
  readonly numbers: number[];
  readonly weight: number;
  /** A plain word: its use counts only in files that import a definer. */
  readonly isProse: boolean;
}

/** Name → files that define it; only names that can be told apart in running text. */
function definersOf(files: readonly MapFile[]): ReadonlyMap<string, Definers> {
  const definers = new Map<string, Definers>();
  files.forEach(({ symbols, kind }, number) => {
    if (kind === 'vendored' || kind === 'generated') return;
    for (const name of new Set(symbols.filter(isLinkable).map((symbol) => symbol.name))) {
      const known = definers.get(name);
      if (known === undefined) definers.set(name, { numbers: [number], ...weigh(name) });
      else known.numbers.push(number);
    }
  });
  for (const [name, { numbers }] of definers) if (numbers.length > MAX_DEFINERS) definers.delete(name);
  return definers;
}

function isLinkable({ name, kind, exported }: CodeSymbol): boolean {
  return exported && kind !== 'heading' && kind !== 'key' && name.length >= MIN_NAME_LENGTH;
}

/** `fooBar`, `foo_bar`, `HTTPServer`: nobody writes these in a sentence. */
const COMPOUND = /[a-z\d]{2}[A-Z][a-z\d]|[A-Za-z\d]{2}_[A-Za-z\d]{2}|[A-Z]{2}[a-z]{2}/;

/** `parseConfig` can hardly be prose; `run` nearly always is. */
function weigh(name: string): { weight: number; isProse: boolean } {
  const isProse = !COMPOUND.test(name);
  return { weight: isProse ? 0.4 : name.startsWith('_') ? 0.3 : 1, isProse };
}

function add<Key>(row: Map<Key, number>, to: Key, weight: number): void {
  row.set(to, (row.get(to) ?? 0) + weight);
}
