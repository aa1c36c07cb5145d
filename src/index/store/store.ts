// The port of the context store: a file of code and a page of Notion are the same thing, a document.
import type { JsonObject } from '../../outcome.ts';
import type { CodeSymbol } from '../languages/language.ts';

/** How a document is ranked besides its words. */
export type DocumentKind = 'source' | 'test' | 'generated' | 'vendored';

export interface ContextDocument {
  /** Unique in its repository: the path of a file, the id of a page. */
  readonly id: string;
  readonly type: 'code' | 'page';
  /** Path of a file or title of a page; searched as a field of its own. */
  readonly title: string;
  readonly kind: DocumentKind;
  /** Language of a file ('typescript'), or null. */
  readonly language: string | null;
  /** UTF-8. */
  readonly body: Uint8Array;
  readonly symbols: readonly CodeSymbol[];
  readonly imports: readonly string[];
  readonly history: readonly string[];
  readonly tags: readonly string[];
  readonly metadata: JsonObject;
  /** Git's blob id, or any hash of the content. */
  readonly contentId: string;
}

/** A document as the store gives it back: everything but the body, which lives where it came from. */
export interface StoredDocument extends Omit<ContextDocument, 'body'> {
  readonly repository: string;
  readonly sizeBytes: number;
}

export interface Batch {
  put(documents: readonly ContextDocument[]): void;
  remove(ids: Iterable<string>): void;
  /** Forgets every document of the repository. */
  clear(): void;
  /** Replaces the history field of the whole repository: id → subjects. */
  setHistory(history: ReadonlyMap<string, readonly string[]>): void;
  /** Facts about the repository that belong to this state: the indexed commit, the stamp of the tree. */
  setFacts(facts: Readonly<Record<string, string>>): void;
  /** Makes the batch visible, whole, to every reader; returns the generation. */
  commit(): number;
  /** Leaves the store as it was. */
  abandon(): void;
}

export interface SearchRequest {
  readonly repository?: string;
  readonly query: string;
  readonly limit: number;
  readonly languages?: readonly string[];
  readonly kinds?: readonly DocumentKind[];
  /** Only documents whose id passes. */
  readonly accepts?: (id: string) => boolean;
  /** What differs from the stored state right now: ranked as if it were stored. Needs `repository`. */
  readonly live?: Live;
}

export interface Live {
  /** New and changed documents. */
  readonly documents: readonly ContextDocument[];
  /** Ids of stored documents that are gone or changed. */
  readonly hidden: ReadonlySet<string>;
}

/** Score by field: what `--explain` shows. */
export interface Why {
  readonly body: number;
  readonly path: number;
  readonly symbols: number;
  readonly history: number;
}

export interface Ranked {
  readonly id: string;
  readonly score: number;
  readonly why: Why;
  /** At most this share of the query's words is in the body, 0 … 1. */
  readonly share: number;
  readonly contentId: string;
  /** True for a document of `live`. */
  readonly isLive: boolean;
}

export interface StoreStats {
  readonly repository: string;
  readonly documents: number;
  readonly bytes: number;
  readonly symbols: number;
  /** Documents by language; files of no known language under 'text'. */
  readonly languages: Readonly<Record<string, number>>;
  readonly generation: number;
  /** SHA-256 over the sorted lines `id NUL content id NUL symbols digest LF`. */
  readonly digest: string;
  readonly facts: Readonly<Record<string, string>>;
}

export interface ContextStore {
  begin(repository: string): Batch;
  /** The best documents for a query, by descending score, then by id. Any text is a query. */
  search(request: SearchRequest): readonly Ranked[];
  /** Documents that define exactly this name, each with the symbols of that name alone. */
  define(repository: string, name: string, limit: number): readonly StoredDocument[];
  get(repository: string, id: string): StoredDocument | null;
  /** Every document with its symbols and imports, by ascending id; its history is left empty, see `history`. */
  documents(repository: string): Iterable<StoredDocument>;
  /** id → subjects, as they were set: one reading for all, where `get` makes one for each. */
  history(repository: string): ReadonlyMap<string, readonly string[]>;
  /**
   * Where names occur: `visit(name, document id, times)` for each of the names that a document's words hold. Names are
   * matched as the tokeniser sees them, so case and underscores do not matter. One pass over everything.
   */
  occurrences(repository: string, names: Iterable<string>, visit: (name: string, id: string, times: number) => void): void;
  /** id → content id, of everything there is. */
  catalogue(repository: string): ReadonlyMap<string, string>;
  /** Null when the store knows no such repository. */
  stats(repository: string): StoreStats | null;
  close(): void;
}
