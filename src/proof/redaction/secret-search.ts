// Where in bytes a secret stands: values that are known, shapes of credentials, and what a URL must not tell.
import type { Env } from '../../context.ts';
import { compilePattern } from './configured-pattern.ts';
import { disjoint, type Hit } from './hit.ts';
import { PrefixSearch, type Needle } from './prefix-search.ts';
import { SECRET_PATTERNS, type SecretPattern } from './secret-patterns.ts';
import { secretsOf } from './secrets.ts';
import { findInUrls } from './url-secrets.ts';

export interface SecretRules {
  readonly env: Env;
  /** Variables that are secret whatever their name. */
  readonly names?: readonly string[];
  /** Regular expressions of the configuration. */
  readonly patterns?: readonly string[];
}

/** What a needle stands for when it is met. */
type Meaning =
  | { readonly is: 'value'; readonly label: string }
  | { readonly is: 'anchor'; readonly pattern: SecretPattern }
  | { readonly is: 'url' | 'replacement' };

export class SecretSearch {
  readonly #search: PrefixSearch<Meaning>;
  readonly #values: PrefixSearch<Meaning>;
  readonly #configured: readonly SecretPattern[];
  readonly #labels: ReadonlySet<string>;

  constructor({ env, names, patterns = [] }: SecretRules) {
    const secrets = secretsOf(env, names);
    const values = secrets.flatMap(({ label, spellings }) => spellings.map((each) => toNeedle(each, { is: 'value', label })));
    const fixed = SECRET_PATTERNS.filter(({ id }) => id !== URL_USERINFO);
    const anchors = fixed.flatMap((pattern) => pattern.anchors.map((each) => toNeedle(each, { is: 'anchor', pattern })));
    this.#values = new PrefixSearch(values);
    this.#search = new PrefixSearch([...values, ...anchors, toNeedle('://', { is: 'url' }), toNeedle(REPLACEMENT, { is: 'replacement' })]);
    this.#configured = patterns.map((source, index) => ({
      id: `configured-${index + 1}`,
      anchors: [],
      expression: compilePattern(source),
    }));
    this.#labels = new Set([
      ...secrets.map(({ label }) => label),
      ...[...SECRET_PATTERNS, ...this.#configured].map(({ id }) => `pattern:${id}`),
      'pattern:url-query',
    ]);
  }

  /** With `isStrict` also the values of a URL's query that are not on an allowlist. */
  find(given: Uint8Array, { isStrict = false } = {}): readonly Hit[] {
    const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
    const hits: Hit[] = [];
    const patterns = new Set(this.#configured);
    const urls: number[] = [];
    let hasReplacement = false;
    this.#search.each(bytes, ({ value, bytes: { length } }, start) => {
      if (value.is === 'value') addValue(hits, { start, end: start + length, label: value.label });
      else if (value.is === 'anchor') patterns.add(value.pattern);
      else if (value.is === 'url') urls.push(start);
      else hasReplacement = true;
    });
    if (patterns.size > 0 || urls.length > 0) {
      const text = bytes.toString('latin1'); // patterns are ASCII: one letter a byte makes their offsets those of the bytes
      for (const hit of findInUrls(text, urls, isStrict)) hits.push(hit);
      for (const pattern of patterns) for (const hit of findPattern(pattern, text)) hits.push(hit);
    }
    const found = disjoint(hits);
    return hasReplacement && found.length > 0 ? this.#withoutReplacements(bytes, found) : found;
  }

  /** Where the bytes end with what could be the beginning of a known value; their length where they do not. */
  openFrom(bytes: Buffer): number {
    return this.#values.openFrom(bytes);
  }

  /** What stands in place of a secret is none, whatever a pattern of the configuration makes of it. */
  #withoutReplacements(bytes: Buffer, hits: readonly Hit[]): readonly Hit[] {
    const places = [...bytes.toString('latin1').matchAll(/\[redacted:((?:env|pattern):[^\]\s]+)\]/g)].filter(([, label = '']) =>
      this.#labels.has(label),
    );
    return hits.filter(({ start, end }) => !places.some(({ 0: { length }, index }) => index <= start && end <= index + length));
  }
}

const URL_USERINFO = 'url-userinfo';
const REPLACEMENT = '[redacted:';

function toNeedle(text: string, value: Meaning): Needle<Meaning> {
  return { bytes: Buffer.from(text), value };
}

/** A value that overlaps itself is one hit, not one a byte. */
function addValue(hits: Hit[], hit: Hit): void {
  const last = hits.at(-1);
  if (last?.label === hit.label && hit.start <= last.end) hits[hits.length - 1] = { ...last, end: Math.max(last.end, hit.end) };
  else hits.push(hit);
}

function findPattern({ id, expression }: SecretPattern, text: string): Hit[] {
  return [...text.matchAll(expression)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    label: `pattern:${id}`,
  }));
}
