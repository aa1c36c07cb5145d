// Which file needs which: by what it imports, and by the names it uses that another file defines.
import type { CodeSymbol } from '../languages/language.ts';
import type { ContextStore, DocumentKind } from '../store/store.ts';
import { tokenise } from '../tokens.ts';
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
  for (const { id, kind, language, symbols, imports } of store.documents(repository)) files.push({ path: id, kind, language, symbols, imports });
  const numberOf = new Map(files.map(({ path }, number) => [path, number]));
  const edges = files.map(() => new Map<number, number>());
  const uses = files.map(() => new Map<string, number>());
  const importers = addImports(files, numberOf, edges);
  addUses(store.occurrences(repository, new Set(definersOf(files).keys())), { files, numberOf, edges, uses });
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

function addUses(occurrences: ReadonlyMap<string, ReadonlyMap<string, number>>, { files, numberOf, edges, uses }: Building): void {
  const definers = definersOf(files);
  for (const [path, names] of occurrences) {
    const from = numberOf.get(path)!;
    for (const [name, times] of names) {
      const targets = definers.get(name)!;
      for (const to of targets) {
        if (to === from || files[to]!.language !== files[from]!.language) continue;
        const weight = (weightOf(name) * Math.sqrt(times)) / targets.length;
        add(edges[from]!, to, weight);
        uses[to]!.set(name, (uses[to]!.get(name) ?? 0) + weight);
      }
    }
  }
}

/** Name → files that define it; only names that can be told apart in running text. */
function definersOf(files: readonly MapFile[]): Map<string, number[]> {
  const definers = new Map<string, number[]>();
  files.forEach(({ symbols, kind }, number) => {
    if (kind === 'vendored' || kind === 'generated') return;
    const names = new Set(symbols.filter(isLinkable).map(({ name }) => name));
    for (const name of names) {
      const known = definers.get(name);
      if (known === undefined) definers.set(name, [number]);
      else known.push(number);
    }
  });
  for (const [name, numbers] of definers) if (numbers.length > MAX_DEFINERS) definers.delete(name);
  return definers;
}

function isLinkable({ name, kind, exported, container }: CodeSymbol): boolean {
  if (kind === 'heading' || kind === 'key' || name.length < MIN_NAME_LENGTH) return false;
  return exported || (container !== null && kind === 'method');
}

/** `parseConfig` can hardly be prose; `run` nearly always is. */
function weightOf(name: string): number {
  const parts = tokenise(name).length;
  if (parts <= 1) return /^[A-Z]/.test(name) ? 0.4 : 0.1;
  return name.startsWith('_') ? 0.3 : 1;
}

function add(row: Map<number, number>, to: number, weight: number): void {
  row.set(to, (row.get(to) ?? 0) + weight);
}
