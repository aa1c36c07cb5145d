// The keys of sophia.yaml as tables, read from the schemas that check them.
import type { Json, JsonObject } from '../outcome.ts';
import { blocks, code, table } from '../markdown.ts';
import type { Section } from '../section.ts';

/** A heading, what it is for, and a row for each key below it. */
export function sectionManualOf({ name, summary, fields, shape }: Section): string {
  const rows = new Map<string, Key>();
  const schema = fields === null ? shape.schema : { properties: mapValues(fields, (field) => field.schema) };
  collect(schema, '', rows);
  if (rows.size === 0) rows.set('', keyOf(schema));
  return blocks(
    `### ${code(`${name}:`)}`,
    `${summary}.`,
    table(
      ['key', 'what', 'without it'],
      [...rows].map(([path, key]) => [code(path === '' ? name : path), whatOf(key), key.isNeeded ? 'needed' : toText(key.standard)]),
    ),
  );
}

/** Of all forms that a key can have. */
interface Key {
  readonly descriptions: readonly string[];
  readonly words: readonly Json[];
  readonly standard: Json | undefined;
  readonly isNeeded: boolean;
}

function keyOf(schema: JsonObject, isNeeded = false): Key {
  const { description, enum: words, const: word, default: standard } = schema;
  return {
    descriptions: typeof description === 'string' ? [description.replace(/\.$/, '')] : [],
    words: Array.isArray(words) ? (words as readonly Json[]) : word === undefined ? [] : [word],
    standard,
    isNeeded,
  };
}

function collect(schema: JsonObject, path: string, rows: Map<string, Key>): void {
  const { properties, additionalProperties: others, items, anyOf, required } = schema;
  for (const [name, field] of Object.entries(asObject(properties))) {
    const at = path === '' ? name : `${path}.${name}`;
    enter(asObject(field), at, { rows, isNeeded: Array.isArray(required) && required.includes(name) });
  }
  if (isObject(others)) enter(others, path === '' ? '<name>' : `${path}.<name>`, { rows, isNeeded: false });
  if (isObject(items)) enter(items, `${path}[]`, { rows, isNeeded: false });
  for (const form of Array.isArray(anyOf) ? anyOf : []) collect(asObject(form as Json), path, rows);
}

function enter(
  schema: JsonObject,
  path: string,
  { rows, isNeeded }: { readonly rows: Map<string, Key>; readonly isNeeded: boolean },
): void {
  const key = keyOf(schema, isNeeded);
  const before = rows.get(path);
  if (before !== undefined) rows.set(path, merge(before, key));
  else if (isWorthARow(path, key)) rows.set(path, key);
  collect(schema, path, rows);
}

/** Of what a list holds, the key of the list says enough; of what a mapping holds, something must be said. */
function isWorthARow(path: string, { descriptions }: Key): boolean {
  return path === '[]' || path.endsWith('<name>') ? descriptions.length > 0 : !path.endsWith('[]');
}

function merge(one: Key, other: Key): Key {
  return {
    descriptions: [...new Set([...one.descriptions, ...other.descriptions])],
    words: [...new Set([...one.words, ...other.words])],
    standard: one.standard ?? other.standard,
    isNeeded: one.isNeeded && other.isNeeded,
  };
}

function whatOf({ descriptions, words }: Key): string {
  const choices = words.map((word) => code(spell(word))).join(', ');
  return [descriptions.join('; '), choices].filter((part) => part !== '').join(': ');
}

/** As it would be written in the file. */
function toText(value: Json | undefined): string {
  if (value === undefined) return '';
  return code(Array.isArray(value) ? `[${(value as readonly Json[]).map(spell).join(', ')}]` : spell(value));
}

function spell(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
