// A part of sophia.yaml that belongs to a domain room and not to one command: `proofs:`, beside `index:` with a command's options.
import { object, type Shape, type ValueOf } from './shape.ts';

type Fields = { readonly [key: string]: Shape<unknown> };

export interface Section<Value extends object = object> {
  /** The key at the top of sophia.yaml. */
  readonly name: string;
  readonly summary: string;
  /** Keys as they are written there, in snake_case; each may be left out. */
  readonly fields: Fields;
  readonly shape: Shape<Value>;
}

/** What sophia.yaml says, read and checked before a command starts. */
export interface Config {
  /** An empty object where the file has no such section. */
  read<Value extends object>(section: Section<Value>): Value;
}

/** Exported from `src/<room>/section.ts` as `<name>Section`; the generated registry finds it there. */
export function defineSection<const Table extends Fields>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly fields: Table;
}): Section<{ readonly [Key in keyof Table]?: ValueOf<Table[Key]> }> {
  return { ...definition, shape: object({}, definition.fields) };
}

/** Of values that the sections' own shapes have accepted, by name. */
export function configOf(values: ReadonlyMap<string, unknown>): Config {
  return {
    read: (section) => {
      const value = values.get(section.name) ?? {};
      if (section.shape.check(value, '', [])) return value;
      throw new TypeError(`the section ${section.name} was not checked when it was read`);
    },
  };
}
