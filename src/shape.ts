// One table, two uses: a shape checks a value that a stranger wrote, and prints itself as JSON Schema.
// Own code because verify reads twenty thousand proofs in a second and must say where, in which words, one is wrong.
import type { Json, JsonObject } from './outcome.ts';
import { DURATION_PATTERN } from './units.ts';

export interface Flaw {
  /** JSON pointer (RFC 6901); empty for the whole. */
  readonly pointer: string;
  readonly message: string;
}

export interface Shape<Value> {
  readonly schema: JsonObject;
  /** What `check` would say, without saying why: in half the time, and nearly everything is right. */
  accepts(value: unknown): value is Value;
  /** Adds what is wrong to `flaws`, and never throws. */
  check(value: unknown, pointer: string, flaws: Flaw[]): value is Value;
}

type Fields = { readonly [name: string]: Shape<unknown> };
type Merged<Required extends Fields, Optional extends Fields> = { readonly [Name in keyof Required]: ValueOf<Required[Name]> } & {
  readonly [Name in keyof Optional]?: ValueOf<Optional[Name]>;
};
export type ValueOf<Each> = Each extends Shape<infer Value> ? Value : never;

/** Text; `pattern` must hold for the whole of it and `what` says it in words. */
export function text(rule?: { readonly pattern: string; readonly what: string }): Shape<string> {
  const expression = rule === undefined ? null : new RegExp(`^(?:${rule.pattern})$`, 'u');
  const expected = rule === undefined ? 'text' : rule.what;
  return shape(
    rule === undefined ? { type: 'string' } : { type: 'string', pattern: `^(?:${rule.pattern})$`, description: rule.what },
    expected,
    (value): value is string => typeof value === 'string' && (expression === null || expression.test(value)),
  );
}

export function integer(minimum = 0): Shape<number> {
  const accepts = (value: unknown): value is number => Number.isSafeInteger(value) && typeof value === 'number' && value >= minimum;
  return shape({ type: 'integer', minimum, maximum: Number.MAX_SAFE_INTEGER }, `a whole number from ${minimum}`, accepts);
}

export function amount(): Shape<number> {
  return shape(
    { type: 'number', minimum: 0 },
    'a number from 0',
    (value): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0,
  );
}

export function flag(): Shape<boolean> {
  return shape({ type: 'boolean' }, 'true or false', (value): value is boolean => typeof value === 'boolean');
}

export function oneOf<const Word extends string>(words: readonly Word[]): Shape<Word> {
  const known: ReadonlySet<unknown> = new Set(words);
  return shape({ enum: words }, words.join(', '), (value): value is Word => known.has(value));
}

/** Any JSON: the facts of a command, what was observed. */
export function anything(): Shape<Json> {
  return shape({}, 'JSON', isJson);
}

/** A JSON object with any keys. */
export function anyObject(): Shape<JsonObject> {
  return shape({ type: 'object' }, 'an object', (value): value is JsonObject => isRecord(value) && isJson(value));
}

/** A duration as in options: `500ms`, `24h`. */
export function duration(): Shape<string> {
  return text({ pattern: DURATION_PATTERN, what: 'a duration like 500ms, 10s, 5m, 24h or 90d' });
}

/** The source of a regular expression. */
export function regex(): Shape<string> {
  return shape({ type: 'string', format: 'regex' }, 'a regular expression', isRegex);
}

/** An object whose keys are anything that `key` allows and whose values are alike. */
export function mapOf<Value>(
  key: { readonly pattern: string; readonly what: string },
  item: Shape<Value>,
): Shape<Readonly<Record<string, Value>>> {
  const expression = new RegExp(`^(?:${key.pattern})$`, 'u');
  return {
    schema: { type: 'object', propertyNames: { pattern: `^(?:${key.pattern})$` }, additionalProperties: item.schema },
    accepts: (value): value is Readonly<Record<string, Value>> =>
      isRecord(value) && Object.keys(value).every((name) => expression.test(name) && item.accepts(value[name])),
    check: (value, pointer, flaws): value is Readonly<Record<string, Value>> => {
      if (!isRecord(value)) return refuse(flaws, pointer, 'an object', value);
      const before = flaws.length;
      for (const name of Object.keys(value)) {
        const at = `${pointer}/${escapePointer(name)}`;
        if (!expression.test(name)) flaws.push({ pointer: at, message: `must be called ${key.what}` });
        item.check(value[name], at, flaws);
      }
      return flaws.length === before;
    },
  };
}

export function nullOr<Value>(inner: Shape<Value>): Shape<Value | null> {
  return {
    schema: { anyOf: [inner.schema, { type: 'null' }] },
    accepts: (value): value is Value | null => value === null || inner.accepts(value),
    check: (value, pointer, flaws): value is Value | null => value === null || inner.check(value, pointer, flaws),
  };
}

export function either<One, Other>(one: Shape<One>, other: Shape<Other>, what: string): Shape<One | Other> {
  const accepts = (value: unknown): value is One | Other => one.accepts(value) || other.accepts(value);
  return shape({ anyOf: [one.schema, other.schema] }, what, accepts);
}

export function listOf<Value>(item: Shape<Value>, limits: { readonly min?: number; readonly max?: number } = {}): Shape<readonly Value[]> {
  const { min = 0, max = Infinity } = limits;
  return {
    schema: {
      type: 'array',
      items: item.schema,
      ...(limits.min === undefined ? {} : { minItems: limits.min }),
      ...(limits.max === undefined ? {} : { maxItems: limits.max }),
    },
    accepts: (value): value is readonly Value[] => {
      if (!Array.isArray(value) || value.length < min || value.length > max) return false;
      for (let index = 0; index < value.length; index += 1) if (!item.accepts(value[index])) return false;
      return true;
    },
    check: (value, pointer, flaws): value is readonly Value[] => {
      if (!Array.isArray(value)) return refuse(flaws, pointer, 'a list', value);
      const before = flaws.length;
      if (value.length < min) flaws.push({ pointer, message: `must have at least ${min} of what it lists` });
      if (value.length > max) flaws.push({ pointer, message: `must have at most ${max} of what it lists, not ${value.length}` });
      for (let index = 0; index < value.length; index += 1) item.check(value[index], `${pointer}/${index}`, flaws);
      return flaws.length === before;
    },
  };
}

/** An object with these fields and no others. */
export function object<const Required extends Fields, const Optional extends Fields = {}>(
  required: Required,
  optional?: Optional,
): Shape<Merged<Required, Optional>> {
  const known = new Map<string, Shape<unknown>>(Object.entries({ ...required, ...optional }));
  const names = Object.keys(required);
  const optionalNames = new Set(Object.keys(optional ?? {}));
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries([...known].map(([name, each]) => [name, each.schema])),
      required: names,
      additionalProperties: false,
    },
    accepts: (value): value is Merged<Required, Optional> => {
      if (!isRecord(value)) return false;
      let missing = names.length;
      for (const name of Object.keys(value)) {
        const field = known.get(name);
        if (field === undefined || !field.accepts(value[name])) return false;
        if (!optionalNames.has(name)) missing -= 1;
      }
      return missing === 0;
    },
    check: (value, pointer, flaws): value is Merged<Required, Optional> => {
      if (!isRecord(value)) return refuse(flaws, pointer, 'an object', value);
      const before = flaws.length;
      for (const name of names) {
        if (!Object.hasOwn(value, name)) flaws.push({ pointer: `${pointer}/${escapePointer(name)}`, message: 'is missing' });
      }
      for (const name of Object.keys(value)) {
        const field = known.get(name);
        const at = `${pointer}/${escapePointer(name)}`;
        if (field === undefined) flaws.push({ pointer: at, message: 'is not a field of this version' });
        else field.check(value[name], at, flaws);
      }
      return flaws.length === before;
    },
  };
}

/** RFC 6901: `~` and `/` in a key. */
export function escapePointer(key: string): string {
  return key.includes('~') || key.includes('/') ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
}

function shape<Value>(schema: JsonObject, expected: string, accepts: (value: unknown) => value is Value): Shape<Value> {
  return {
    schema,
    accepts,
    check: (value, pointer, flaws): value is Value => accepts(value) || refuse(flaws, pointer, expected, value),
  };
}

function refuse(flaws: Flaw[], pointer: string, expected: string, value: unknown): false {
  flaws.push({ pointer, message: `must be ${expected}, not ${nameOf(value)}` });
  return false;
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  const shown = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? JSON.stringify(value) : typeof value;
  return shown.length > 80 ? `${shown.slice(0, 80).toWellFormed()}…` : shown;
}

function isRegex(value: unknown): value is string {
  try {
    return typeof value === 'string' && new RegExp(value, 'g') instanceof RegExp;
  } catch {
    return false;
  }
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isJson(value: unknown): value is Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      return value === null || (Array.isArray(value) ? value : Object.values(value)).every(isJson);
    default:
      return false;
  }
}
