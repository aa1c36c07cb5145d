// An entry of sophia.yaml as its kind knows it. Once its variables are filled in it may be another than the one that was read.
import type { Fields } from '../section.ts';
import { object, type Shape, type ValueOf } from '../shape.ts';
import type { Unaskable } from './inquiry.ts';

type Fitted<Table extends Fields> = { readonly [Key in keyof Table]?: ValueOf<Table[Key]> };

/** Null for what does not have the shape of these fields. What else stands in the entry (`id`, `needs`) is not looked at. */
export function fit<const Table extends Fields>(fields: Table, entry: Readonly<Record<string, unknown>>): Fitted<Table> | null {
  const own = Object.fromEntries(Object.entries(entry).filter(([key]) => Object.hasOwn(fields, key)));
  const shape: Shape<Fitted<Table>> = object({}, fields);
  return shape.accepts(own) ? own : null;
}

/** Without a value: what a variable holds may be a secret. */
export function misfit(what: string): Unaskable {
  return { code: 'ENV_MISSING', reason: `with its variables filled in, ${what}` };
}
