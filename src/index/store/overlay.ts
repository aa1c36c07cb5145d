// Documents that differ from what is stored, ranked as if they were stored: same arithmetic, nothing written.
import type { DocumentTable } from './documents.ts';
import { keyOf } from './hash.ts';
import { findPostings, type Block, type Postings } from './postings.ts';
import { SegmentBuilder, type Field, type Segment } from './segment.ts';
import type { ContextDocument } from './store.ts';

interface PostingsSource {
  find(field: Field, term: string): readonly Postings[];
}

/** Adds documents to a table (a copy of the stored one) and answers for the stored postings and theirs together. */
export class Overlay implements PostingsSource {
  readonly #stored: PostingsSource;
  readonly #segment: Segment | null;
  readonly #added = new Map<number, ContextDocument>();

  constructor(stored: PostingsSource, table: DocumentTable, additions: { repository: number; documents: readonly ContextDocument[] }) {
    const builder = new SegmentBuilder();
    for (const document of additions.documents) {
      const number = table.add(additions.repository, document.kind);
      builder.addDocument(number, document).forEach((length, field) => table.setLength(number, field, length));
      this.#added.set(number, document);
    }
    this.#stored = stored;
    this.#segment = additions.documents.length === 0 ? null : builder.take();
  }

  /** The document of a number that this overlay gave, or undefined for a stored one. */
  documentOf(number: number): ContextDocument | undefined {
    return this.#added.get(number);
  }

  find(field: Field, term: string): readonly Postings[] {
    if (this.#segment === null) return this.#stored.find(field, term);
    const key = keyOf(term);
    const block = blockOf(this.#segment.blocks[field], key);
    const added = block === undefined ? [] : [findPostings(block, key)];
    return [...this.#stored.find(field, term), ...added];
  }
}

/** The last block that begins at or before the key. */
function blockOf(blocks: readonly Block[], key: number): Block | undefined {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (blocks[middle]!.first <= key) low = middle + 1;
    else high = middle;
  }
  return blocks[low - 1];
}
