// From an entry of the inventory to a document: the bytes that its content id names, their language, their symbols.
import type { Context, FileStat, Path } from '../context.ts';
import { blobIdOf } from './blob-id.ts';
import { classify, decode, kindOf } from './classify.ts';
import type { Entry, SkipReason } from './inventory.ts';
import { locate } from './names.ts';
import type { Language } from './languages/language.ts';
import type { ContextDocument, StoredDocument } from './store/store.ts';

export interface ReadRequest {
  readonly root: string;
  readonly maxFileBytes: number;
}

export type Read =
  | { readonly entry: Entry; readonly document: ContextDocument; readonly isLossy: boolean }
  | { readonly entry: Entry; readonly skipped: SkipReason };

/** Reads in the order given; what only the object database has comes through one `git cat-file`. */
export async function* readDocuments(context: Context, entries: readonly Entry[], request: ReadRequest): AsyncGenerator<Read> {
  if (entries.length === 0) return;
  const { selectLanguage } = await import('./languages/selection.ts');
  const reading: Reading = {
    ...request,
    selectLanguage: (path, body) => selectLanguage(path, body, () => context.machine.compileQuickly()),
  };
  const fromObjects: Entry[] = [];
  for (const entry of entries) {
    const read = await readFile(context, entry, reading);
    if (read === 'elsewhere') fromObjects.push(entry);
    else yield read;
  }
  yield* readObjects(context, fromObjects, reading);
}

/** The scanners are half of the program, and most runs read nothing: they are loaded by those that do. */
interface Reading extends ReadRequest {
  readonly selectLanguage: (path: string, body: Uint8Array) => Promise<Language | null>;
}

/** A document whose bytes are looked for; `metadata` has the name on disk where that is not UTF-8. */
export interface Indexed {
  readonly id: string;
  readonly contentId: string;
  readonly metadata?: StoredDocument['metadata'];
}

/** The text of a document as it was indexed, or null when those bytes are nowhere any more. */
export async function readBody(context: Context, root: string, document: Indexed): Promise<Uint8Array | null> {
  for await (const { body } of readBodies(context, root, [document])) return body;
  return null;
}

/** Of many documents, each once; what is not in the work tree comes last, through one `git cat-file`. */
export async function* readBodies<Document extends Indexed>(
  context: Context,
  root: string,
  documents: readonly Document[],
): AsyncGenerator<{ readonly document: Document; readonly body: Uint8Array | null }> {
  const elsewhere = new Set<Document>();
  for (const document of documents) {
    const bytes = readUnchanged(context, root, document);
    if (bytes === null) elsewhere.add(document);
    else yield { document, body: decode(bytes).bytes };
  }
  const asked = [...elsewhere];
  let index = 0;
  for await (const { bytes } of context.git.blobs(
    root,
    asked.map(({ contentId }) => contentId),
  )) {
    const document = asked[index]!;
    index += 1;
    elsewhere.delete(document);
    yield { document, body: bytes === null ? null : decode(bytes).bytes };
  }
  // Outside git nobody answers.
  for (const document of elsewhere) yield { document, body: null };
}

/** The file of a document while it holds what was indexed. */
function readUnchanged(context: Context, root: string, { id, contentId, metadata }: Indexed): Uint8Array | null {
  const inBase64 = metadata?.['path_base64'];
  const file = locate(root, { path: id, pathBytes: typeof inBase64 === 'string' ? Buffer.from(inBase64, 'base64') : null });
  if (context.files.stat(file)?.kind !== 'file') return null;
  try {
    const bytes = context.files.read(file);
    return idOf(bytes, contentId) === contentId ? bytes : null;
  } catch {
    return null; // not readable: git may have it
  }
}

async function* readObjects(context: Context, entries: readonly Entry[], reading: Reading): AsyncGenerator<Read> {
  let index = 0;
  for await (const { bytes } of context.git.blobs(
    reading.root,
    entries.map(({ blob }) => blob),
  )) {
    const entry = entries[index]!;
    index += 1;
    yield bytes === null ? { entry, skipped: 'unreadable' } : await toDocument(entry, entry.blob, bytes, reading);
  }
}

/**
 * Reading a file is cheaper than asking git for the blob, but it may not be there (sparse checkout), git may keep
 * other bytes than the work tree (line endings, filters), and it may have changed since the inventory.
 */
async function readFile(context: Context, entry: Entry, reading: Reading): Promise<Read | 'elsewhere'> {
  const missing = entry.from === 'object' ? 'elsewhere' : ({ entry, skipped: 'unreadable' } as const);
  const bytes = readPlain(context, locate(reading.root, entry), reading.maxFileBytes);
  if (bytes === null) return missing;
  if (bytes === 'too_large') return { entry, skipped: bytes };
  const actual = idOf(bytes, entry.blob);
  if (actual === entry.blob) return await toDocument(entry, actual, bytes, reading);
  return entry.from === 'object' ? 'elsewhere' : await toDocument(entry, actual, bytes, reading);
}

/** Null where no file of bytes is, or none that may be read. */
function readPlain({ files }: Context, file: Path, maxBytes: number): Uint8Array | 'too_large' | null {
  try {
    const found = typeof file === 'string' ? files.readPlain(file, maxBytes) : readPlainBytes(files, file, maxBytes);
    if (found === null || found instanceof Uint8Array) return found;
    return found.kind === 'file' ? 'too_large' : null;
  } catch {
    return null;
  }
}

function readPlainBytes(files: Context['files'], file: Path, maxBytes: number): Uint8Array | FileStat | null {
  const stat = files.stat(file);
  return stat?.kind === 'file' && stat.sizeBytes <= maxBytes ? files.read(file) : stat;
}

function idOf(bytes: Uint8Array, like: string): string {
  return blobIdOf(bytes, like.length === 64 ? 'sha256' : 'sha1');
}

async function toDocument(entry: Entry, contentId: string, bytes: Uint8Array, reading: Reading): Promise<Read> {
  if (bytes.length > reading.maxFileBytes) return { entry, skipped: 'too_large' };
  const reason = classify(entry.path, bytes);
  if (reason !== null) return { entry, skipped: reason };
  const { bytes: body, isUtf8 } = decode(bytes);
  const language = await reading.selectLanguage(entry.path, body);
  const { symbols, imports } = language?.scan(body) ?? { symbols: [], imports: [] };
  const document: ContextDocument = {
    id: entry.path,
    type: 'code',
    title: entry.path,
    kind: kindOf(entry.path),
    language: language?.name ?? null,
    body,
    symbols,
    imports,
    history: [],
    tags: [],
    metadata: entry.pathBytes === null ? {} : { path_base64: Buffer.from(entry.pathBytes).toString('base64') },
    contentId,
  };
  return { entry, document, isLossy: !isUtf8 };
}
