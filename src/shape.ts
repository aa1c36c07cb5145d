// One table, two uses: a shape checks a value that a stranger wrote, and prints itself as JSON Schema.
// Own code because verify reads twenty thousand proofs in a second and must say where, in which words, one is wrong.
import type { Json, JsonObject } from './outcome.ts';
import { DURATION_PATTERN, SIZE_PATTERN } from './units.ts';

export interface Flaw {
  /** JSON pointer (RFC 6901); empty for the whole. */
  readonly pointer: string;
  readonly message: string;
  /** It is the key that is wrong, not what stands under it. */
  readonly isOfKey?: true;
  /** Of a key that should not be there: those that may be. */
  readonly known?: readonly string[];
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

export function integer(minimum = 0, maximum: number = Number.MAX_SAFE_INTEGER): Shape<number> {
  const accepts = (value: unknown): value is number =>
    Number.isSafeInteger(value) && typeof value === 'number' && value >= minimum && value <= maximum;
  const upTo = maximum === Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum}`;
  return shape({ type: 'integer', minimum, maximum }, `a whole number from ${minimum}${upTo}`, accepts);
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

export function literal<const Value extends string | number | boolean>(only: Value): Shape<Value> {
  return shape({ const: only }, String(only), (value): value is Value => value === only);
}

export function oneOf<const Word extends string | number>(words: readonly Word[]): Shape<Word> {
  const known: ReadonlySet<unknown> = new Set(words);
  return shape({ enum: words }, `one of ${words.join(', ')}`, (value): value is Word => known.has(value));
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

/** To YAML 1.2 these are texts: `skip: no` would leave something out because "no". */
const NO_REASON = '(?:[yYnN~-]|[yY][eE][sS]|[nN][oO]|[oO][nN]|[oO][fF][fF]|[tT][rR][uU][eE]|[fF][aA][lL][sS][eE]|[nN][uU][lL][lL])';

/** Why something is left out. Without one it would look as if nobody had thought of it. */
export function reason(): Shape<string> {
  return text({ pattern: `(?!\\s*(?:${NO_REASON}\\s*)?$)[\\s\\S]+`, what: 'the reason, in words' });
}

/** A size as in options, more than zero: `64KiB`, or a number of bytes. */
export function size(): Shape<string | number> {
  return either(
    text({ pattern: `(?=[\\d.]*[1-9])${SIZE_PATTERN}`, what: 'a size like 64KiB or 1MiB' }),
    integer(1),
    'a size like 64KiB or 1MiB, or a number of bytes',
  );
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
        if (!expression.test(name)) flaws.push({ pointer: at, message: `must be called ${key.what}`, isOfKey: true });
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

/** Where only one of the two is an object, or a list, and the value is one, what is wrong is told of its parts. */
export function either<One, Other>(one: Shape<One>, other: Shape<Other>, what: string): Shape<One | Other> {
  const accepts = (value: unknown): value is One | Other => one.accepts(value) || other.accepts(value);
  return {
    schema: { anyOf: [one.schema, other.schema] },
    accepts,
    check: (value, pointer, flaws): value is One | Other => {
      if (accepts(value)) return true;
      const type = Array.isArray(value) ? 'array' : isRecord(value) ? 'object' : null;
      const alike = [one, other].filter(({ schema }) => type !== null && schema['type'] === type);
      return alike.length === 1 ? alike[0]!.check(value, pointer, flaws) : refuse(flaws, pointer, what, value);
    },
  };
}

/** Objects of several forms, told apart by the word under one key. */
export function variants<const Forms extends { readonly [word: string]: Shape<object> }>(
  key: string,
  forms: Forms,
): Shape<ValueOf<Forms[keyof Forms]>> {
  type Value = ValueOf<Forms[keyof Forms]>;
  const formOf = (value: { readonly [key: string]: unknown }): Shape<object> | null => {
    const word = value[key];
    return typeof word === 'string' && Object.hasOwn(forms, word) ? forms[word]! : null;
  };
  return {
    schema: { anyOf: Object.values(forms).map(({ schema }) => schema) },
    accepts: (value): value is Value => isRecord(value) && (formOf(value)?.accepts(value) ?? false),
    check: (value, pointer, flaws): value is Value => {
      if (!isRecord(value)) return refuse(flaws, pointer, 'an object', value);
      const form = formOf(value);
      if (form !== null) return form.check(value, pointer, flaws);
      const at = `${pointer}/${escapePointer(key)}`;
      const words = Object.keys(forms).join(', ');
      if (Object.hasOwn(value, key)) return refuse(flaws, at, `one of ${words}`, value[key]);
      flaws.push({ pointer: at, message: `is missing: one of ${words}` });
      return false;
    },
  };
}

/** An object that says something in one way or in another, and not in both. */
export function notBoth<Value extends object>([one, other]: readonly [string, string], inner: Shape<Value>): Shape<Value> {
  const hasBoth = (value: unknown): boolean => isRecord(value) && Object.hasOwn(value, one) && Object.hasOwn(value, other);
  return {
    schema: { ...inner.schema, not: { required: [one, other] } },
    accepts: (value): value is Value => inner.accepts(value) && !hasBoth(value),
    check: (value, pointer, flaws): value is Value => {
      const isRight = inner.check(value, pointer, flaws);
      if (!hasBoth(value)) return isRight;
      flaws.push({ pointer: `${pointer}/${escapePointer(other)}`, message: `cannot be beside "${one}": one of them says it` });
      return false;
    },
  };
}

/** The same shape, with a word for whoever reads its schema: what it is for, and what holds where it is left out. */
export function described<Value>(inner: Shape<Value>, what: string, standard?: Json): Shape<Value> {
  return { ...inner, schema: { ...inner.schema, description: what, ...(standard === undefined ? {} : { default: standard }) } };
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
        if (field === undefined)
          flaws.push({ pointer: at, message: 'is not a field of this version', isOfKey: true, known: [...known.keys()] });
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
  if (typeof value === 'number') return String(value);
  const shown = typeof value === 'string' || typeof value === 'boolean' ? JSON.stringify(value) : typeof value;
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
