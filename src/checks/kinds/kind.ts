// What a kind of check is: a file in this folder with `export default defineKind({…})`. Nothing else has to know it.
import type { Fields } from '../../section.ts';
import type { Json } from '../../outcome.ts';
import type { Inquiry, Unaskable } from '../inquiry.ts';
import type { Defaults, Service } from '../service.ts';

export interface CheckKind {
  /** `http`, `tcp`. */
  readonly name: string;
  readonly summary: string;
  /** The keys that make an entry of `checks:` one of this kind: an entry has exactly one such key of exactly one kind. */
  readonly keys: readonly string[];
  /** All keys it may have beyond `id`, `needs` and `skip`, those of `keys` included. */
  readonly fields: Fields;
  /** What a shape cannot see: names of origins, files. The entry as it stands in the file, right or not. */
  readonly meaning?: (entry: Readonly<Record<string, unknown>>, scope: Scope, report: (pointer: string, problem: string) => void) => void;
  /** Files the entry names, relative to sophia.yaml. */
  readonly files?: (entry: Entry) => readonly string[];
  /** Variables that the entry sends somewhere as a secret. */
  readonly secretNames?: (entry: Entry) => readonly string[];
  /** The entry with `${…}` filled in. */
  readonly inquire: (entry: Entry, place: Place) => Promise<Inquiry | Unaskable> | Inquiry | Unaskable;
}

export type Entry = Readonly<Record<string, Json>>;

/** What names may lead to, as the file has it. */
export interface Scope {
  readonly origins: readonly string[];
  readonly hasUrl: boolean;
}

export interface Place {
  /** With its url filled in. */
  readonly service: Pick<Service, 'id' | 'tls'> & { readonly url: string | null };
  readonly defaults: Defaults;
  /** Filled in; null for one whose variable is not set. */
  readonly origins: Readonly<Record<string, string | null>>;
  /** What a file of `files` holds. */
  readonly fileText: (path: string) => string;
  /** When the run began: for `newer_than`. */
  readonly nowMs: number;
}

export function defineKind(kind: CheckKind): CheckKind {
  return kind;
}
