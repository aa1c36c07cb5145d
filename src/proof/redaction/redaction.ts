// Redaction happens before there are bytes of a proof. What was taken out is listed, never hashed: a hash of a short secret is the secret.
import type { Json } from '../../outcome.ts';
import { isJsonObject, isList } from '../canonical.ts';
import { replaceHits, type Hit } from './hit.ts';
import { SecretSearch, type SecretRules } from './secret-search.ts';
import { RedactionStream } from './stream.ts';
import { escapePointer } from '../../shape.ts';
import type { Redaction } from '../statement.ts';

/** What a run and its configuration call secret. */
export type RedactionRules = SecretRules;

export interface Redactor {
  text(text: string, pointer: string): string;
  /** Keys as well as values. */
  json(value: Json, pointer: string): Json;
  bytes(bytes: Uint8Array, pointer: string): Uint8Array;
  /** Bytes that come bit by bit. */
  stream(): RedactionStream;
  /** For names of files: a secret in one becomes the word `redacted`. */
  name(name: string, pointer: string): string;
  /** Everything secret in finished bytes. */
  find(bytes: Uint8Array): readonly Hit[];
  /** What was taken out so far, by place. */
  readonly redactions: readonly Redaction[];
}

export function createRedactor(rules: RedactionRules): Redactor {
  const search = new SecretSearch(rules);
  const taken = new Map<string, Redaction>();

  const count = (label: string, pointer: string, times: number): void => {
    const key = `${label} ${pointer}`;
    taken.set(key, { path: pointer, reason: label, count: (taken.get(key)?.count ?? 0) + times });
  };
  const note = (hits: readonly Hit[], pointer: string): void => {
    for (const { label } of hits) count(label, pointer, 1);
  };
  const replace = (whole: Uint8Array, hits: readonly Hit[], pointer: string): Uint8Array => {
    note(hits, pointer);
    return replaceHits(whole, hits);
  };
  const text = (whole: string, pointer: string): string => {
    const before = Buffer.from(whole);
    const hits = search.find(before, { isStrict: true });
    return hits.length === 0 ? whole : Buffer.from(replace(before, hits, pointer)).toString('utf8');
  };
  const json = (value: Json, pointer: string): Json => {
    if (typeof value === 'string') return text(value, pointer);
    if (typeof value !== 'object' || value === null) return value;
    if (isList(value)) return value.map((item, index) => json(item, `${pointer}/${index}`));
    if (!isJsonObject(value)) return value;
    const entries = new Map<string, Json>();
    for (const [key, member] of Object.entries(value)) {
      const safe = unused(text(key, pointer), entries);
      entries.set(safe, json(member, `${pointer}/${escapePointer(safe)}`));
    }
    return Object.fromEntries(entries); // unlike assignment, keeps a key `__proto__`
  };
  const name = (whole: string, pointer: string): string => {
    const before = Buffer.from(whole);
    const hits = search.find(before);
    note(hits, pointer);
    return hits.length === 0 ? whole : Buffer.from(replaceHits(before, hits, () => 'redacted')).toString('utf8');
  };
  return {
    text,
    json,
    bytes: (whole, pointer) => replace(whole, search.find(whole), pointer),
    stream: () =>
      new RedactionStream(search, (labels, pointer) => {
        for (const [label, times] of labels) count(label, pointer, times);
      }),
    name,
    find: (bytes) => search.find(bytes),
    get redactions() {
      return [...taken.values()];
    },
  };
}

function unused(key: string, taken: ReadonlyMap<string, Json>): string {
  let candidate = key;
  for (let number = 2; taken.has(candidate); number += 1) candidate = `${key} (${number})`;
  return candidate;
}
