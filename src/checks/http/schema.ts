// A body against a JSON Schema (2020-12). The validator is large, and loaded only where a check names a schema.
import type { Json } from '../../outcome.ts';
import { describe } from '../body/excerpt.ts';
import { parseJson } from '../body/json.ts';
import type { Judgement, Unaskable } from '../inquiry.ts';

/** Null where the value keeps to the schema. */
export type JudgeSchema = (value: Json) => Judgement | null;

/** `file` is how sophia.yaml names it. */
export async function compileSchema(file: string, text: string): Promise<JudgeSchema | Unaskable> {
  const parsed = parseJson(new TextEncoder().encode(text));
  if ('problem' in parsed) return refuse(file, `line ${parsed.line}, column ${parsed.column}: ${parsed.problem}`);
  const schema = parsed.value;
  if (typeof schema !== 'boolean' && (typeof schema !== 'object' || schema === null || Array.isArray(schema)))
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
  });
  try {
    const validate = ajv.compile(schema);
    return (value) => {
      if (validate(value)) return null;
      const [error] = validate.errors ?? [];
      const where = error === undefined || error.instancePath === '' ? 'the body' : describe(error.instancePath);
      const reason = `${where} ${error?.message ?? 'is not right'}`;
      return { verdict: 'fail', code: 'BODY_SCHEMA', reason, expected: { schema: file, keyword: error?.schemaPath ?? null } };
    };
  } catch (thrown) {
    return refuse(file, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function refuse(file: string, problem: string): Unaskable {
  return { code: 'BODY_SCHEMA', reason: `${file} is no JSON Schema: ${problem}` };
}
