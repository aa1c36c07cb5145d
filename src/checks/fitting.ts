// An entry of sophia.yaml as its kind knows it. Once its variables are filled in it may be another than the one that was read.
import type { Fields } from '../section.ts';
import { object, type Flaw, type Shape, type ValueOf } from '../shape.ts';
import type { Unaskable } from './inquiry.ts';

type Fitted<Table extends Fields> = { readonly [Key in keyof Table]?: ValueOf<Table[Key]> };
type Given = Readonly<Record<string, unknown>>;

export interface Form<Table extends Fields> {
  /** Null for what does not have the shape of these fields. What else stands in the entry (`id`, `needs`) is not looked at. */
  readonly fit: (entry: Given) => Fitted<Table> | null;
  /** Of an entry that does not fit. */
  readonly misfit: (entry: Given) => Unaskable;
}

export function formOf<const Table extends Fields>(fields: Table): Form<Table> {
  const shape: Shape<Fitted<Table>> = object({}, fields);
  const ownOf = (entry: Given): unknown => Object.fromEntries(Object.entries(entry).filter(([key]) => Object.hasOwn(fields, key)));
  return {
    fit: (entry) => {
      const own = ownOf(entry);
      return shape.accepts(own) ? own : null;
    },
    misfit: (entry) => {
      const flaws: Flaw[] = [];
      shape.check(ownOf(entry), '', flaws);
      return misfit(`${flaws[0]?.pointer ?? 'the entry'} is not right any more`);
    },
  };
}

/** Without a value: what a variable holds may be a secret. */
export function misfit(what: string): Unaskable {
  return { code: 'ENV_MISSING', reason: `with its variables filled in, ${what}` };
}
