// What a language is to the index: names that select it, and one scanner that reads bytes in a single pass.

/** Grows when a scanner finds other symbols than before: every file is then scanned anew. */
export const SCANNERS_VERSION = 1;

/** The store keeps a kind by its place here: new ones come last. */
export const SYMBOL_KINDS = [
  'class',
  'interface',
  'type',
  'enum',
  'function',
  'method',
  'constant',
  'namespace',
  'heading',
  'key',
] as const;
export type SymbolKind = (typeof SYMBOL_KINDS)[number];

/** A definition found in a file. Lines count from 1; `endLine` is the last line of the definition's body. */
export interface CodeSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  /** Name of the enclosing definition(s), joined by '.', or null at the top. */
  readonly container: string | null;
  readonly line: number;
  readonly endLine: number;
  /** The first line of the definition, trimmed, at most 200 characters. */
  readonly signature: string;
  readonly exported: boolean;
}

export interface Scan {
  readonly symbols: readonly CodeSymbol[];
  /** Modules as written: './store.ts', 'node:fs', 'os.path', '<stdio.h>', 'crate::x'. Each once, in order of appearance. */
  readonly imports: readonly string[];
}

export interface Language {
  /** Lower case: 'typescript', 'csharp', 'cpp'. */
  readonly name: string;
  /** With the dot, lower case: '.ts'. */
  readonly extensions: readonly string[];
  /** Whole file names: 'Makefile', 'Gemfile'. */
  readonly filenames?: readonly string[];
  /** Interpreters of a `#!` line: 'bash', 'python3'. */
  readonly interpreters?: readonly string[];
  /** Never throws, whatever the bytes; linear time; bounded depth. */
  scan(source: Uint8Array): Scan;
}
