// A part of sophia.yaml that belongs to a domain room and not to one command: `proofs:`, beside `index:` with a command's options.
import type { Finding } from './outcome.ts';
import { object, type Shape, type ValueOf } from './shape.ts';

export type Fields = { readonly [key: string]: Shape<unknown> };
export type Location = NonNullable<Finding['location']>;

export interface Section<Value = unknown> {
  /** The key at the top of sophia.yaml. */
  readonly name: string;
  readonly summary: string;
  /** Of a mapping, its keys as they are written, in snake_case; each may be left out. Null where the value is no such mapping. */
  readonly fields: Fields | null;
  /** Of the whole value. */
  readonly shape: Shape<Value>;
  /** What a file says that does not have the section. */
  readonly absent: Value;
  readonly meaning?: Meaning;
  /** Variables whose values reach a server because this part says so, and must not be seen elsewhere. */
  secretNames?(value: Value): readonly string[];
}

/**
 * What a shape cannot see: whether names lead somewhere, within the section and into others. Everything else that is wrong with the file
 * is told beside it, so it gets the values as they stand there, right or not, and passes over what is not as it should be.
 */
export type Meaning = (value: unknown, file: Readonly<Record<string, unknown>>, report: (pointer: string, problem: string) => void) => void;

/** In the generated registry, beside the commands. */
export interface SectionEntry {
  readonly name: string;
  readonly load: () => Promise<Section>;
}

export type Sections = readonly SectionEntry[];

/** What sophia.yaml says, read and checked before a command starts. */
export interface Config {
  /** Null where there is no file. As typed: relative to the directory of the run, or absolute. */
  readonly file: string | null;
  /** Of what the file says or, without the section, `absent`. */
  read<Value>(section: Section<Value>): Value;
  /** Where the file says what the JSON pointer leads to within the section, or the last thing on the way there; null without file or section. */
  locate(section: Pick<Section, 'name'>, pointer: string): Location | null;
  /** Variables that the sections call secret. */
  readonly secretNames: readonly string[];
}

type Extras<Value> = Pick<Section<Value>, 'meaning' | 'secretNames'>;

type Mapping<Table extends Fields> = { readonly [Key in keyof Table]?: ValueOf<Table[Key]> };

/** Exported from `src/<room>/section.ts` as `<name>Section`; the generated registry finds it there. */
export function defineSection<const Table extends Fields>(
  definition: { readonly name: string; readonly summary: string; readonly fields: Table } & Extras<Mapping<Table>>,
): Section<Mapping<Table>> {
  return { ...definition, shape: object({}, definition.fields), absent: {} };
}

/** A section whose value is a list, a scalar or a mapping with keys of the user's own. */
export function defineValue<Value>(
  definition: { readonly name: string; readonly summary: string; readonly shape: Shape<Value>; readonly absent: Value } & Extras<Value>,
): Section<Value> {
  return { ...definition, fields: null };
}

/** Of values that the sections' own shapes have accepted, by name. Without a reader's `places`, nothing has a place. */
export function configOf(values: ReadonlyMap<string, unknown>, places: Partial<Omit<Config, 'read'>> = {}): Config {
  return {
    file: null,
    locate: () => null,
    secretNames: [],
    ...places,
    read: ({ name, shape, absent }) => {
      if (!values.has(name)) return absent;
      const value = values.get(name);
      if (shape.check(value, '', [])) return value;
      throw new TypeError(`the section ${name} was not checked when it was read`);
    },
  };
}
