// What a JSON value is, in the words that sophia.yaml uses.
import type { Json, JsonObject } from '../../outcome.ts';

export const TYPES = ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'] as const;

export type TypeName = (typeof TYPES)[number];

/** `integer` is said only where it is asked for: a JSON number has one type. */
export function typeOf(value: Json): Exclude<TypeName, 'integer'> {
  if (value === null) return 'null';
  if (isList(value)) return 'array';
  return typeof value as 'string' | 'number' | 'boolean' | 'object';
}

export function isOfType(value: Json, type: TypeName): boolean {
  return type === 'integer' ? Number.isInteger(value) : typeOf(value) === type;
}

/** Equal and of the same type, all the way down; the order of keys does not matter. */
export function isSame(one: Json, other: Json): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  if (isList(one)) return isList(other) && one.length === other.length && one.every((item, index) => isSame(item, other[index] ?? null));
  return !isList(other) && hasSameMembers(one, other);
}

function hasSameMembers(one: JsonObject, other: JsonObject): boolean {
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key] ?? null, other[key] ?? null))
  );
}

/** `Array.isArray` does not narrow a readonly array away. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
