// One entry of `checks:`. What kind it is of, one key says: `get:`, `tcp:`. Which keys there are, the kinds say.
import type { JsonObject } from '../../outcome.ts';
import { described, escapePointer, listOf, object, reason, type Flaw, type Shape } from '../../shape.ts';
import { suggest } from '../../suggest.ts';
import { kinds } from '../kinds/registry.generated.ts';
import type { CheckKind, Entry } from '../kinds/kind.ts';
import { id } from './words.ts';

export type EntryFile = Entry & { readonly id: string };

const OWN = {
  id: described(id, 'What the check is called in findings; unique in the service'),
  needs: described(listOf(id), 'Ids of checks of the same service that must pass first; without that it is blocked and not asked'),
  skip: described(reason(), 'Why it is left out: the only way to `skipped`'),
};

const SHAPES: ReadonlyMap<CheckKind, Shape<EntryFile>> = new Map(kinds.map((kind) => [kind, shapeOf(kind)]));
const KIND_KEYS = kinds.flatMap(({ keys }) => keys);

export const entryShape: Shape<EntryFile> = {
  schema: { anyOf: [...SHAPES].map(([{ keys, summary }, { schema }]) => ({ ...schema, title: summary, oneOf: keys.map(requireKey) })) },
  accepts: (value): value is EntryFile => SHAPES.get(kindOf(value)!)?.accepts(value) ?? false,
  check: (value, pointer, flaws): value is EntryFile => {
    const kind = kindOf(value);
    if (kind !== null) return SHAPES.get(kind)!.check(value, pointer, flaws);
    flaws.push(...whyNoKind(value, pointer));
    return false;
  },
};

/** Of an entry that asks in exactly one way; null for any other value. */
export function kindOf(value: unknown): CheckKind | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const [key, ...more] = Object.keys(value).filter((each) => KIND_KEYS.includes(each));
  return key === undefined || more.length > 0 ? null : kinds.find(({ keys }) => keys.includes(key))!;
}

function shapeOf({ fields, keys, summary }: CheckKind): Shape<EntryFile> {
  const { id: own, needs, skip } = OWN;
  const named = Object.entries(fields).map(([name, field]) => {
    const isSilent = keys.includes(name) && field.schema['description'] === undefined;
    return [name, isSilent ? described(field, summary) : field] as const;
  });
  return object({ id: own }, { ...Object.fromEntries(named), needs, skip });
}

function requireKey(key: string): JsonObject {
  return { required: [key] };
}

function whyNoKind(value: unknown, pointer: string): readonly Flaw[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ pointer, message: `must be an object that says what to ask, by one of ${KIND_KEYS.join(', ')}` }];
  const found = Object.keys(value).filter((each) => KIND_KEYS.includes(each));
  if (found.length > 1)
    return [
      {
        pointer: `${pointer}/${escapePointer(found[1]!)}`,
        message: `is one question too many beside "${found[0]!}": an entry asks one`,
        isOfKey: true,
      },
    ];
  const known = [...Object.keys(OWN), ...KIND_KEYS];
  const typos = Object.keys(value).filter((each) => !isKnown(each) && suggest(each, known) !== '');
  if (typos.length > 0) return typos.map((key) => unknownKey(`${pointer}/${escapePointer(key)}`, known));
  return [{ pointer, message: `does not say what to ask: it needs one of ${KIND_KEYS.join(', ')}` }];
}

function isKnown(key: string): boolean {
  return Object.hasOwn(OWN, key) || kinds.some(({ fields }) => Object.hasOwn(fields, key));
}

function unknownKey(pointer: string, known: readonly string[]): Flaw {
  return { pointer, message: 'is not a field of this version', isOfKey: true, known };
}
