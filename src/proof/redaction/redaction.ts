// Redaction happens before there are bytes of a proof. What was taken out is listed, never hashed: a hash of a short secret is the secret.
import type { Env } from '../../context.ts';
import type { Json } from '../../outcome.ts';
import { isJsonObject, isList } from '../canonical.ts';
import { SECRET_PATTERNS, type SecretPattern } from './secret-patterns.ts';
import { secretsOf } from './secrets.ts';
import { escapePointer } from '../../shape.ts';
import type { Redaction } from '../statement.ts';

export interface RedactionRules {
  readonly env: Env;
  /** Variables that are secret whatever their name. */
  readonly names?: readonly string[];
  /** Regular expressions of the configuration. */
  readonly patterns?: readonly string[];
}

export interface Hit {
  readonly start: number;
  readonly end: number;
  /** `env:NAME` or `pattern:ID`. */
  readonly label: string;
}

export interface Redactor {
  text(text: string, pointer: string): string;
  /** Keys as well as values. */
  json(value: Json, pointer: string): Json;
  bytes(bytes: Uint8Array, pointer: string): Uint8Array;
  /** For names of files: a secret in one becomes the word `redacted`. */
  name(name: string, pointer: string): string;
  /** Everything secret in finished bytes. */
  find(bytes: Uint8Array): readonly Hit[];
  /** What was taken out so far, by place. */
  readonly redactions: readonly Redaction[];
}

export function createRedactor(rules: RedactionRules): Redactor {
  const values = new ValueSearch(rules);
  const patterns = [...SECRET_PATTERNS, ...(rules.patterns ?? []).map(toPattern)];
  const taken = new Map<string, Redaction>();
  const find = (bytes: Uint8Array): readonly Hit[] => disjoint([...values.find(bytes), ...findPatterns(patterns, toLatin1(bytes))]);

  const note = (hits: readonly Hit[], pointer: string): void => {
    for (const { label } of hits) {
      const key = `${label} ${pointer}`;
      taken.set(key, { path: pointer, reason: label, count: (taken.get(key)?.count ?? 0) + 1 });
    }
  };
  const bytes = (whole: Uint8Array, pointer: string): Uint8Array => {
    const hits = find(whole);
    note(hits, pointer);
    return replace(whole, hits, (label) => `[redacted:${label}]`);
  };
  const text = (whole: string, pointer: string): string => {
    if (values.isEmpty && !mayMatch(patterns, whole)) return whole;
    const before = Buffer.from(whole);
    const after = bytes(before, pointer);
    return after === before ? whole : Buffer.from(after).toString('utf8');
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
    const hits = find(before);
    note(hits, pointer);
    return hits.length === 0 ? whole : Buffer.from(replace(before, hits, () => 'redacted')).toString('utf8');
  };
  return {
    text,
    json,
    bytes,
    name,
    find,
    get redactions() {
      return [...taken.values()];
    },
  };
}

interface Needle {
  readonly bytes: Buffer;
  readonly label: string;
}

/**
 * All spellings of all secrets in one pass over the bytes: two bytes select a bit, four a short list.
 * A hundred spellings a secret make one search for each too slow on an attachment of a megabyte.
 */
class ValueSearch {
  readonly isEmpty: boolean;
  readonly #pairs = new Uint8Array(65_536);
  readonly #byPrefix = new Map<number, Needle[]>();

  constructor({ env, names }: RedactionRules) {
    const secrets = secretsOf(env, names);
    this.isEmpty = secrets.length === 0;
    for (const { label, spellings } of secrets) {
      for (const spelling of spellings) this.#add({ bytes: Buffer.from(spelling), label });
    }
    for (const needles of this.#byPrefix.values()) needles.sort((a, b) => b.bytes.length - a.bytes.length);
  }

  find(bytes: Uint8Array): Hit[] {
    const hits: Hit[] = [];
    if (this.isEmpty) return hits;
    const haystack = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at + 4 <= haystack.length; at += 1) {
      if (this.#pairs[((haystack[at] ?? 0) << 8) | (haystack[at + 1] ?? 0)] === 0) continue;
      const needle = this.#byPrefix.get(haystack.readUInt32BE(at))?.find((each) => isAt(haystack, at, each.bytes));
      if (needle === undefined) continue;
      hits.push({ start: at, end: at + needle.bytes.length, label: needle.label });
      at += needle.bytes.length - 1;
    }
    return hits;
  }

  #add(needle: Needle): void {
    this.#pairs[needle.bytes.readUInt16BE(0)] = 1;
    const prefix = needle.bytes.readUInt32BE(0);
    const others = this.#byPrefix.get(prefix);
    if (others === undefined) this.#byPrefix.set(prefix, [needle]);
    else others.push(needle);
  }
}

function isAt(haystack: Buffer, at: number, needle: Buffer): boolean {
  return at + needle.length <= haystack.length && haystack.compare(needle, 0, needle.length, at, at + needle.length) === 0;
}

/** Patterns are ASCII: one character a byte makes their offsets those of the bytes. */
function toLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function mayMatch(patterns: readonly SecretPattern[], text: string): boolean {
  return patterns.some(({ anchors }) => anchors.some((anchor) => text.includes(anchor)));
}

function findPatterns(patterns: readonly SecretPattern[], text: string): Hit[] {
  return patterns.flatMap(({ id, anchors, expression }) => {
    if (!anchors.some((anchor) => text.includes(anchor))) return [];
    return [...text.matchAll(expression)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      label: `pattern:${id}`,
    }));
  });
}

/** In order, and overlapping ones joined: what lies half in one secret and half in another is gone as a whole. */
function disjoint(hits: readonly Hit[]): readonly Hit[] {
  const joined: Hit[] = [];
  for (const hit of hits.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = joined.at(-1);
    if (last === undefined || hit.start >= last.end) joined.push(hit);
    else if (hit.end > last.end) joined[joined.length - 1] = { ...last, end: hit.end };
  }
  return joined;
}

function replace(bytes: Uint8Array, hits: readonly Hit[], toText: (label: string) => string): Uint8Array {
  if (hits.length === 0) return bytes;
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const { start, end, label } of hits) {
    parts.push(bytes.subarray(from, start), Buffer.from(toText(label)));
    from = end;
  }
  return Buffer.concat([...parts, bytes.subarray(from)]);
}

function toPattern(source: string, index: number): SecretPattern {
  return { id: `configured-${index + 1}`, anchors: [''], expression: new RegExp(source, 'g') };
}

function unused(key: string, taken: ReadonlyMap<string, Json>): string {
  let candidate = key;
  for (let number = 2; taken.has(candidate); number += 1) candidate = `${key} (${number})`;
  return candidate;
}
