// What the rows of the tables mean, for the side that reads and the side that writes.
import type { Database, SqlValue } from '../../context.ts';
import { unpackRest, unpackSymbols } from './details.ts';
import { DocumentTable } from './documents.ts';
import type { DocumentKind, StoredDocument } from './store.ts';

/** 0 for a repository that is not there: no row has it. */
export function repositoryId(database: Pick<Database, 'prepare'>, name: string): number {
  return Number(database.prepare('SELECT id FROM repository WHERE name = ?').get(name)?.['id'] ?? 0);
}

export function readDocumentTable(database: Database): DocumentTable {
  const data = database.prepare('SELECT data FROM document_table').get()?.['data'];
  return data instanceof Uint8Array ? DocumentTable.fromBytes(data) : DocumentTable.empty();
}

/** The columns that `toStored` needs: `WHERE` and `ORDER BY` come behind. */
export const SELECT_STORED =
  'SELECT id, content_id, size, language, kind, details.symbols AS symbols, rest FROM document JOIN details ON details.number = document.number';

export function toStored(
  repository: string,
  row: Record<string, SqlValue>,
  { history = [], unpack = unpackSymbols }: { history?: readonly string[]; unpack?: typeof unpackSymbols } = {},
): StoredDocument {
  const id = String(row['id']);
  const language = row['language'];
  return {
    ...unpackRest(String(row['rest']), id),
    id,
    repository,
    kind: String(row['kind']) as DocumentKind,
    language: typeof language === 'string' ? language : null,
    symbols: unpack(String(row['symbols'])),
    contentId: String(row['content_id']),
    sizeBytes: Number(row['size']),
    history,
  };
}

export function packSubjects(subjects: readonly string[]): string {
  return JSON.stringify(subjects);
}

export function unpackSubjects(text: SqlValue | undefined): readonly string[] {
  return typeof text === 'string' ? (JSON.parse(text) as string[]) : [];
}
