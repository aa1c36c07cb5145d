// A body against a JSON Schema (2020-12). The validator is large, and loaded only where a check names a schema.
import type { Json } from '../../outcome.ts';
import { describe } from '../body/excerpt.ts';
import { parseJson } from '../body/json.ts';
import { compilePattern, MAX_MATCHED_LENGTH } from '../body/pattern.ts';
import { isList } from '../body/types.ts';
import type { Judgement, Unaskable } from '../inquiry.ts';

/** Null where the value keeps to the schema. */
export type JudgeSchema = (value: Json) => Judgement | null;

/** `file` is how sophia.yaml names it. */
export async function compileSchema(file: string, text: string): Promise<JudgeSchema | Unaskable> {
  const parsed = parseJson(new TextEncoder().encode(text));
  if ('problem' in parsed) return refuse(file, `line ${parsed.line}, column ${parsed.column}: ${parsed.problem}`);
  const schema = parsed.value;
  if (typeof schema !== 'boolean' && (typeof schema !== 'object' || schema === null || isList(schema)))
    return refuse(file, 'it is neither an object nor true or false');
  // An asynchronous schema answers with a promise, which would count as true.
  if (typeof schema === 'object' && '$async' in schema) return refuse(file, 'it has the keyword "$async"');
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  // Inherited properties are none of the body; `format` is an annotation in 2020-12; one mistake is enough to know.
  const ajv = new Ajv2020({
    ownProperties: true,
    validateFormats: false,
    allErrors: false,
    strictTypes: false,
    strictTuples: false,
    logger: false,
    code: { regExp: Object.assign(toExpression, { code: 'new RegExp' }) },
  });
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({ ...UNIQUE_ITEMS });
  try {
    const validate = ajv.compile(schema);
    return (value) => {
      try {
        if (validate(value)) return null;
      } catch (thrown) {
        // A schema can refer to itself without an end, and a text be too long for a pattern: that says nothing about the body.
        return { verdict: 'unknown', code: 'BODY_SCHEMA', reason: `the body was not compared with ${file}: ${messageOf(thrown)}` };
      }
      const [error] = validate.errors ?? [];
      const where = error === undefined || error.instancePath === '' ? 'the body' : describe(error.instancePath);
      const reason = `${where} ${error?.message ?? 'is not right'}`;
      return { verdict: 'fail', code: 'BODY_SCHEMA', reason, expected: { schema: file, keyword: error?.schemaPath ?? null } };
    };
  } catch (thrown) {
    return refuse(file, messageOf(thrown));
  }
}

interface Expression {
  readonly test: (text: string) => boolean;
  /** By which the validator tells one from another. */
  readonly toString: () => string;
}

/** In time that grows with the text, as all patterns here: the text is a stranger's. */
function toExpression(source: string): Expression {
  const pattern = compilePattern(source);
  if ('problem' in pattern) throw new Error(`the pattern ${describe(source)} cannot be taken: ${pattern.problem}`);
  const test = (text: string): boolean => {
    const isMatch = pattern.test(text);
    if (isMatch === null) throw new RangeError(`a text has more than ${MAX_MATCHED_LENGTH} characters`);
    return isMatch;
  };
  return { test, toString: () => source };
}

/** The validator's own compares each item with every other: a list as long as a body may be would keep it for minutes. */
const UNIQUE_ITEMS = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  validate: (isWanted: boolean, items: readonly Json[]): boolean => !isWanted || new Set(items.map(spell)).size === items.length,
  error: { message: 'must not have two items that are the same' },
} as const;

/** The same for what is the same, whatever the order of its keys. */
function spell(value: Json): string {
  return JSON.stringify(value, (_key, item: Json) =>
    typeof item !== 'object' || item === null || isList(item)
      ? item
      : Object.fromEntries(Object.entries(item).toSorted(([one], [other]) => (one < other ? -1 : 1))),
  );
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function refuse(file: string, problem: string): Unaskable {
  return { code: 'BODY_SCHEMA', reason: `${file} is no JSON Schema: ${problem}` };
}
