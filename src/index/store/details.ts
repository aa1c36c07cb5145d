// What is kept of a document as text, beside the columns that SQL asks for. Symbols are most of an index, and all of one
// kind: by columns they take half the room of a list of objects, and half the time.
import { SYMBOL_KINDS, type CodeSymbol } from '../languages/language.ts';
import type { ContextDocument } from './store.ts';

/** Names, kinds with exported or not (a letter each), containers (each once), which container, lines, lines below, signatures. */
type SymbolColumns = readonly [
  names: readonly string[],
  kinds: string,
  containers: readonly string[],
  within: readonly number[],
  lines: readonly number[],
  spans: readonly number[],
  signatures: readonly string[],
];

const FIRST_LETTER = 97;

/** The same symbols give the same text: its digest stands for them. */
export function packSymbols(symbols: readonly CodeSymbol[]): string {
  if (symbols.length === 0) return '';
  const containers = new Map<string | null, number>([[null, 0]]);
  let kinds = '';
  const within: number[] = [];
  for (const { kind, exported, container } of symbols) {
    kinds += String.fromCharCode(FIRST_LETTER + SYMBOL_KINDS.indexOf(kind) * 2 + (exported ? 1 : 0));
    let place = containers.get(container);
    if (place === undefined) containers.set(container, (place = containers.size));
    within.push(place);
  }
  const columns: SymbolColumns = [
    symbols.map(({ name }) => name),
    kinds,
    [...containers.keys()].filter((container) => container !== null),
    within,
    symbols.map(({ line }) => line),
    symbols.map(({ line, endLine }) => endLine - line),
    symbols.map(({ signature }) => signature),
  ];
  return JSON.stringify(columns);
}

export function unpackSymbols(text: string): readonly CodeSymbol[] {
  if (text === '') return [];
  const columns = JSON.parse(text) as SymbolColumns;
  return columns[0].map((_, index) => symbolAt(columns, index));
}

/** Only those of one name. */
export function unpackNamed(text: string, name: string): readonly CodeSymbol[] {
  if (text === '') return [];
  const columns = JSON.parse(text) as SymbolColumns;
  const found: CodeSymbol[] = [];
  for (let index = columns[0].indexOf(name); index !== -1; index = columns[0].indexOf(name, index + 1))
    found.push(symbolAt(columns, index));
  return found;
}

function symbolAt([names, kinds, containers, within, lines, spans, signatures]: SymbolColumns, index: number): CodeSymbol {
  const letter = kinds.charCodeAt(index) - FIRST_LETTER;
  return {
    name: names[index]!,
    kind: SYMBOL_KINDS[letter >> 1]!,
    container: containers[within[index]! - 1] ?? null,
    line: lines[index]!,
    endLine: lines[index]! + spans[index]!,
    signature: signatures[index]!,
    exported: (letter & 1) === 1,
  };
}

type Rest = Pick<ContextDocument, 'type' | 'title' | 'imports' | 'tags' | 'metadata'>;
type RestColumns = readonly [
  imports: Rest['imports'],
  type: Rest['type'],
  title: string | null,
  tags: Rest['tags'],
  metadata: Rest['metadata'],
];

/** Everything else. A title that is the id, as it is of every file, is not told twice. */
export function packRest({ id, type, title, imports, tags, metadata }: ContextDocument): string {
  const columns: RestColumns = [imports, type, title === id ? null : title, tags, metadata];
  return JSON.stringify(columns);
}

export function unpackRest(text: string, id: string): Rest {
  const [imports, type, title, tags, metadata] = JSON.parse(text) as RestColumns;
  return { type, title: title ?? id, imports, tags, metadata };
}
