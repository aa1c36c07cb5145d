// Languages without a scanner of their own, read by a tree-sitter grammar and a query of ours.
// Slower than a scanner by a factor of ten, so nothing of it is loaded before a file needs it.
import type { Node, Parser, Query, QueryCapture, Tree } from 'web-tree-sitter';
import type { CodeSymbol, Language, Scan, SymbolKind } from './language.ts';
import { endOfLine } from '../scanning/outline.ts';

interface Grammar {
  readonly name: string;
  readonly extensions: readonly string[];
  /** In @vscode/tree-sitter-wasm. */
  readonly wasm: string;
  /** `@scope` is a definition's extent; `@class`, `@function`, … its name inside it; `@import` a module. */
  readonly query: string;
  /** Puts blanks in place of what the grammar does not know; offsets and lines stay. */
  readonly prepare?: (text: string) => string;
}

const GRAMMARS: readonly Grammar[] = [
  {
    name: 'powershell',
    extensions: ['.ps1', '.psm1'],
    wasm: 'tree-sitter-powershell.wasm',
    query: `
      (function_statement) @scope
      (class_statement) @scope
      (class_method_definition) @scope
      (enum_statement) @scope
      (function_statement (function_name) @function)
      (class_statement . (simple_name) @class)
      (class_method_definition (simple_name) @method)
      (enum_statement . (simple_name) @enum)
      (command command_name: (command_name) @_name command_elements: (command_elements . (command_argument_sep) . (generic_token) @import)
        (#match? @_name "^([Ii]mport-[Mm]odule)$"))
      (command command_name: (command_name) @_name command_elements: (command_elements (generic_token) @import .)
        (#match? @_name "^[Uu]sing$"))
      (command (command_invokation_operator) @_name command_name: (_) @import (#eq? @_name "."))`,
    prepare: maskPowershell,
  },
];

const loaded = new Map<string, Promise<Language>>();

export const grammars: readonly Pick<Grammar, 'name' | 'extensions'>[] = GRAMMARS;

/** The extensions, with the dot, that `loadGrammar` knows. */
export const grammarExtensions: readonly string[] = GRAMMARS.flatMap((grammar) => grammar.extensions);

/** What there is to do before the first grammar is loaded, on a machine whose compiler should not take too much trouble with it. */
export type Prepare = () => Promise<void>;

const nothing: Prepare = async () => {};

/** A language whose `scan` is synchronous, or null when no grammar reads `extension` ('.ps1'). Loaded once. */
export async function loadGrammar(extension: string, prepare = nothing): Promise<Language | null> {
  const grammar = GRAMMARS.find(({ extensions }) => extensions.includes(extension));
  if (grammar === undefined) return null;
  let language = loaded.get(grammar.name);
  if (language === undefined) {
    language = load(grammar, prepare);
    loaded.set(grammar.name, language);
  }
  return language;
}

async function load(grammar: Grammar, prepare: Prepare): Promise<Language> {
  await prepare();
  const treeSitter = await import('web-tree-sitter');
  await treeSitter.Parser.init({ locateFile: () => locateWasm('web-tree-sitter', 'web-tree-sitter.wasm').href });
  const language = await treeSitter.Language.load(locateWasm('@vscode/tree-sitter-wasm', `wasm/${grammar.wasm}`));
  const parser = new treeSitter.Parser();
  parser.setLanguage(language);
  const query = new treeSitter.Query(language, grammar.query);
  return { name: grammar.name, extensions: grammar.extensions, scan: (source) => scanTree(source, { grammar, parser, query }) };
}

/** In a checkout and an installation the packages hold the files; a bundle has copies beside itself. */
function locateWasm(packageName: string, path: string): URL {
  try {
    return new URL(import.meta.resolve(`${packageName}/${path}`));
  } catch {
    return new URL(path.slice(path.lastIndexOf('/') + 1), import.meta.url);
  }
}

interface Reader {
  readonly grammar: Grammar;
  readonly parser: Parser;
  readonly query: Query;
}

const NOTHING: Scan = { symbols: [], imports: [] };

/**
 * tree-sitter is not linear on what it cannot parse, nor its query on a node with very many children, and no bound on
 * time can be set for them. So their input is bounded: what is larger, or is one endless line, stays text.
 */
const SIZE_LIMIT_BYTES = 384 * 1024;
const LINE_LIMIT_BYTES = 20_000;
const ERROR_LIMIT = 2_000;
/** How often tree-sitter may ask whether to go on: real files take 5 to 12, those of another language many more. */
const ASKS_PER_KILOBYTE = 40;
/** Nodes below this depth are not looked at: brackets nested by the thousand take its query quadratic time. */
const QUERY_DEPTH = 256;
/** A scope deeper than this does not name a container. */
const CONTAINER_DEPTH = 16;

function scanTree(source: Uint8Array, { grammar, parser, query }: Reader): Scan {
  if (source.length > SIZE_LIMIT_BYTES || hasEndlessLine(source)) return NOTHING;
  const text = Buffer.from(source.buffer, source.byteOffset, source.length).toString('utf8');
  let asksLeft = 500 + (source.length / 1_000) * ASKS_PER_KILOBYTE;
  try {
    parser.reset();
    const tree = parser.parse(grammar.prepare?.(text) ?? text, null, { progressCallback: () => (asksLeft -= 1) < 0 });
    if (tree === null) return NOTHING;
    const captures = isHopeless(tree) ? [] : query.captures(tree.rootNode, { maxStartDepth: QUERY_DEPTH });
    const scan = new TreeOutline(text).read(captures);
    tree.delete();
    return scan;
  } catch {
    // WebAssembly's own limits, of memory or of its stack: the file stays text.
    return NOTHING;
  }
}

function hasEndlessLine(source: Uint8Array): boolean {
  for (let at = 0; at < source.length;) {
    const end = endOfLine(source, at);
    if (end - at > LINE_LIMIT_BYTES) return true;
    at = end + 1;
  }
  return false;
}

/** Not this language at all: an error at the top holds thousands of pieces. */
function isHopeless(tree: Tree): boolean {
  if (!tree.rootNode.hasError) return false;
  if (tree.rootNode.isError) return tree.rootNode.childCount > ERROR_LIMIT;
  const cursor = tree.walk();
  let isFound = false;
  for (let more = cursor.gotoFirstChild(); more && !isFound; more = cursor.gotoNextSibling()) {
    isFound = cursor.nodeType === 'ERROR' && cursor.currentNode.childCount > ERROR_LIMIT;
  }
  cursor.delete();
  return isFound;
}

/** `${` that is not closed on its line makes this grammar read to the end of the file from every character. */
function maskPowershell(text: string): string {
  return text.replaceAll(/\$\{(?![^{}\n]{1,200}\})/g, '  ');
}

interface Scope {
  readonly node: Node;
  readonly end: number;
  /** Name of the definition, once it was read. */
  path: string | null;
}

class TreeOutline {
  readonly #lines: readonly string[];
  readonly #scopes: Scope[] = [];
  readonly #symbols: CodeSymbol[] = [];
  readonly #imports = new Set<string>();

  constructor(text: string) {
    this.#lines = text.split('\n');
  }

  /** Captures come in the order of the text, a scope before what it holds. */
  read(captures: readonly QueryCapture[]): Scan {
    for (const { name, node } of captures) {
      while (this.#scopes.length > 0 && this.#scopes.at(-1)!.end <= node.startIndex) this.#scopes.pop();
      if (name === 'scope') this.#scopes.push({ node, end: node.endIndex, path: null });
      else if (name === 'import') this.#imports.add(node.text.replaceAll(/^['"]|['"]$/g, ''));
      else if (!name.startsWith('_')) this.#define(name as SymbolKind, node);
    }
    this.#imports.delete('');
    this.#symbols.sort((a, b) => a.line - b.line);
    return { symbols: this.#symbols, imports: [...this.#imports] };
  }

  #define(kind: SymbolKind, node: Node): void {
    const scope = this.#scopes.at(-1);
    const name = node.text.replace(/^(?:global|script|local|private):/i, '');
    if (name === '') return;
    const container = this.#container();
    if (scope !== undefined && this.#scopes.length <= CONTAINER_DEPTH) scope.path = container === null ? name : `${container}.${name}`;
    this.#symbols.push({ name, kind, container, ...this.#extent(scope?.node ?? node), exported: container === null || kind === 'method' });
  }

  #container(): string | null {
    return this.#scopes.findLast(({ path }, index) => path !== null && index < this.#scopes.length - 1)?.path ?? null;
  }

  #extent(node: Node): Pick<CodeSymbol, 'line' | 'endLine' | 'signature'> {
    const line = node.startPosition.row + 1;
    const end = node.endPosition;
    const endLine = end.column === 0 && end.row >= line ? end.row : end.row + 1;
    return { line, endLine, signature: this.#lines[line - 1]!.trim().slice(0, 200).toWellFormed() };
  }
}
