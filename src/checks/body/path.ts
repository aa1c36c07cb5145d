// Paths into JSON: the singular queries of RFC 9535, which name at most one value.
import type { Json } from '../../outcome.ts';
import { escapePointer, mapOf, type Shape } from '../../shape.ts';
import { toldShape } from '../told-shape.ts';
import { isList } from './types.ts';

/** Keys, and positions; a negative position counts from the end. */
export type Segments = readonly (string | number)[];

/** `at` counts UTF-16 code units from 0. */
export type ParsedPath = { readonly segments: Segments } | { readonly problem: string; readonly at: number };

/** Every answer is asked for the same few paths. */
const known = new Map<string, ParsedPath>();
const MAX_KNOWN = 500;

export function parsePath(text: string): ParsedPath {
  const parsed = known.get(text) ?? read(text);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(text, parsed);
  return parsed;
}

function read(text: string): ParsedPath {
  try {
    return { segments: new Reader(text).read() };
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    return { problem: thrown.message, at: thrown.at };
  }
}

/** `at` is the path as far as it leads, with the first step that leads nowhere. */
export type Found = { readonly found: Json } | { readonly missing: true; readonly at: string };

/**
 * Own properties and elements only: of a list `$.length` does not exist, and of nothing `$.constructor`.
 * Throws a TypeError for what is no path; those of sophia.yaml have passed `pathShape`.
 */
export function find(path: string, value: Json): Found {
  const parsed = parsePath(path);
  if ('problem' in parsed) throw new TypeError(`${path}: ${parsed.problem}`);
  let here: Json = value;
  for (const [index, segment] of parsed.segments.entries()) {
    const next = step(here, segment);
    if (next === undefined) return { missing: true, at: spell(parsed.segments.slice(0, index + 1)) };
    here = next;
  }
  return { found: here };
}

const SHAPED = { pattern: String.raw`\$[^]*`, what: 'a path to one value, like $.status or $.entries[0].id' };

export const pathShape: Shape<string> = toldShape(
  { type: 'string', pattern: `^(?:${SHAPED.pattern})$`, description: SHAPED.what },
  (value) => {
    const problem = problemOf(value);
    return problem === null ? null : `must be ${problem}`;
  },
);

/** A mapping from paths to what is said of the value there. */
export function byPath<Value>(item: Shape<Value>): Shape<Readonly<Record<string, Value>>> {
  const mapping = mapOf({ pattern: '[^]*', what: 'anything' }, item);
  return {
    schema: mapOf(SHAPED, item).schema,
    accepts: (value): value is Readonly<Record<string, Value>> =>
      mapping.accepts(value) && Object.keys(value).every((path) => problemOf(path) === null),
    check: (value, pointer, flaws): value is Readonly<Record<string, Value>> => {
      const before = flaws.length;
      const isMapping = mapping.check(value, pointer, flaws) || (typeof value === 'object' && value !== null && !Array.isArray(value));
      for (const path of isMapping ? Object.keys(value ?? {}) : []) {
        const problem = problemOf(path);
        if (problem !== null)
          flaws.push({ pointer: `${pointer}/${escapePointer(path)}`, message: `must be called ${problem}`, isOfKey: true });
      }
      return flaws.length === before;
    },
  };
}

function problemOf(value: unknown): string | null {
  if (typeof value !== 'string') return SHAPED.what;
  const parsed = parsePath(value);
  return 'problem' in parsed ? `${SHAPED.what}: character ${parsed.at + 1} ${parsed.problem}` : null;
}

function step(here: Json, segment: string | number): Json | undefined {
  if (typeof here !== 'object' || here === null) return undefined;
  if (isList(here)) return typeof segment === 'number' ? here.at(segment) : undefined;
  return typeof segment === 'string' && Object.hasOwn(here, segment) ? here[segment] : undefined;
}

/** In the shortest spelling: `$.a[0]['b c']`. */
function spell(segments: Segments): string {
  return `$${segments.map((segment) => (typeof segment === 'number' ? `[${segment}]` : spellKey(segment))).join('')}`;
}

function spellKey(key: string): string {
  if (/^[A-Za-z_]\w*$/.test(key)) return `.${key}`;
  return `['${JSON.stringify(key)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`)}']`;
}

class Refusal extends Error {
  readonly at: number;

  constructor(problem: string, at: number) {
    super(problem);
    this.at = at;
  }
}

const SPACE = /[ \n\r\t]*/y;
const NAME = /[A-Za-z_\u0080-\uD7FF\uE000-\u{10FFFF}][\w\u0080-\uD7FF\uE000-\u{10FFFF}]*/uy;
const INDEX = /0|-?[1-9]\d*/y;
// oxlint-disable-next-line no-control-regex -- control characters are what must not stand there as they are
const UNESCAPED = /[^'"\\\u0000-\u001F\uD800-\uDFFF]+/uy;
const ESCAPE = /\\(?:[bfnrt/\\'"]|u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u(?![dD][89a-fA-F])[\da-fA-F]{4})/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Segments {
    this.#expect('$', 'must be "$", the whole body');
    const segments: (string | number)[] = [];
    while (this.#at < this.#text.length) {
      const start = this.#at;
      this.#match(SPACE);
      if (this.#at === this.#text.length) throw new Refusal('is a space at the end', start);
      segments.push(this.#segment());
    }
    return segments;
  }

  #segment(): string | number {
    if (this.#takes('.')) return this.#match(NAME) ?? this.#refuse("must begin a name; any other key is written as ['key']");
    this.#expect('[', 'must be "." or "["');
    this.#match(SPACE);
    const segment = this.#selector();
    this.#match(SPACE);
    this.#expect(']', 'must be "]": a path leads to one value');
    return segment;
  }

  #selector(): string | number {
    if (this.#text[this.#at] === "'" || this.#text[this.#at] === '"') return this.#quoted();
    const start = this.#at;
    const digits = this.#match(INDEX) ?? this.#refuse('must be a position or a key in quotes: a path leads to one value');
    const index = Number(digits);
    if (!Number.isSafeInteger(index)) throw new Refusal('begins a position beyond all lists', start);
    return index;
  }

  #quoted(): string {
    const quote = this.#text[this.#at] === '"' ? '"' : "'";
    const other = quote === '"' ? "'" : '"';
    this.#at += 1;
    let key = '';
    while (!this.#takes(quote)) {
      if (this.#takes(other)) key += other;
      else key += this.#match(UNESCAPED) ?? this.#escape(other);
    }
    return key;
  }

  #escape(other: string): string {
    const start = this.#at;
    const escape = this.#match(ESCAPE) ?? this.#refuse('must end the key with its quote, or be an escape that RFC 9535 has');
    if (escape[1] === other) throw new Refusal('is an escape that is not needed, and not allowed', start);
    return escape === String.raw`\'` ? "'" : unescape(escape);
  }

  #takes(letter: string): boolean {
    const isThere = this.#text[this.#at] === letter;
    if (isThere) this.#at += 1;
    return isThere;
  }

  #expect(letter: string, problem: string): void {
    if (!this.#takes(letter)) this.#refuse(problem);
  }

  /** Null where it does not stand here. */
  #match(expression: RegExp): string | null {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text)?.[0];
    if (found === undefined) return null;
    this.#at += found.length;
    return found;
  }

  #refuse(problem: string): never {
    throw new Refusal(problem, this.#at);
  }
}

/** All escapes but the one of the single quote are those of JSON. */
function unescape(escape: string): string {
  const value: unknown = JSON.parse(`"${escape}"`);
  return String(value);
}
