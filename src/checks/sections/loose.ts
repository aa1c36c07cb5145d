// Values as they stand in the file, right or not: what is not of the form that is looked for is empty here, and told by its shape.
import { escapePointer } from '../../shape.ts';

export type Mapping = Readonly<Record<string, unknown>>;

export interface Told {
  readonly pointer: string;
  readonly text: string;
}

export function mapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** All texts in a value, keys apart. */
export function* textsIn(value: unknown, pointer: string): Iterable<Told> {
  if (typeof value === 'string') yield { pointer, text: value };
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) yield* textsIn(item, `${pointer}/${escapePointer(key)}`);
}
