// A document of the index as an entry of a context service: the text that is sent is the text that is hashed.
import { createHash, hash } from 'node:crypto';
import type { Json, JsonObject } from '../../outcome.ts';
import type { StoredDocument } from '../store/store.ts';

export interface Entry {
  /** UUIDv5 of repository and path: the same file has the same id on every machine. */
  readonly id: string;
  readonly path: string;
  /** RFC 8785 JSON. */
  readonly text: string;
  /** Of `text` as UTF-8, in hex. */
  readonly sha256: string;
}

export function toEntry(repository: string, document: StoredDocument, body: Uint8Array): Entry {
  const { id: path } = document;
  const id = idOf(repository, path);
  const text = canonical({
    id,
    type: document.type,
    title: document.title,
    content: Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8'),
    metadata: {
      ...document.metadata,
      path,
      language: document.language,
      blob: document.contentId,
      kind: document.kind,
      symbols: document.symbols.map(toSymbol),
      history: document.history,
      imports: document.imports,
    },
    source: { type: 'github', reference_id: `${repository}:${path}` },
  });
  return { id, path, text, sha256: hash('sha256', text) };
}

/** RFC 9562 §5.5. `namespace` is a UUID. */
export function uuidv5(namespace: string, name: string): string {
  const digest = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  return digest.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Of everything in one repository. */
export function namespaceOf(repository: string): string {
  return uuidv5(URL_NAMESPACE, `urn:sophia:context:${repository}`);
}

/** Equal sets of entries have equal digests: SHA-256 over the sorted lines `id NUL sha256 LF`. */
export function digestOf(digests: ReadonlyMap<string, string>): string {
  const sum = createHash('sha256');
  for (const id of [...digests.keys()].sort()) sum.update(`${id}\0${digests.get(id)!}\n`);
  return sum.digest('hex');
}

// https://www.rfc-editor.org/rfc/rfc9562#section-6.6
const URL_NAMESPACE = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

function idOf(repository: string, path: string): string {
  return uuidv5(namespaceOf(repository), path);
}

function toSymbol({ name, kind, container, line, endLine, signature, exported }: StoredDocument['symbols'][number]): JsonObject {
  return { name, kind, container, line, end_line: endLine, signature, exported };
}

/** Keys by UTF-16 code unit, no whitespace. The numbers of an entry are line numbers, so their spelling is plain. */
function canonical(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(storable(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key]!)}`).join(',')}}`;
}

/** No store takes U+0000 (PostgreSQL: 22021), and half a surrogate pair is not UTF-8: both become U+FFFD. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** `Array.isArray` does not narrow a readonly array away. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
