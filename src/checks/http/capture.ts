// Values of an answer that later checks of the service use. What is promised to them must be there: it is judged here, where it is missing.
import type { HttpReply } from '../../answer.ts';
import type { Json } from '../../outcome.ts';
import { mapOf, type ValueOf } from '../../shape.ts';
import { parseJson } from '../body/json.ts';
import { toObserved } from '../body/excerpt.ts';
import { wrongType } from '../body/miss.ts';
import { find, pathShape } from '../body/path.ts';
import type { Judgement } from '../inquiry.ts';

export const captureShape = mapOf({ pattern: '[A-Za-z_][A-Za-z0-9_-]*', what: 'with letters, digits, _ and -' }, pathShape);

export type CaptureRules = ValueOf<typeof captureShape>;

/** Empty where all of them can be captured. */
export function judgeCaptured(value: Json, rules: CaptureRules): readonly Judgement[] {
  return Object.entries(rules).flatMap(([name, path]): readonly Judgement[] => {
    const found = find(path, value);
    const expected = { [path]: `something to capture as ${name}` };
    if ('missing' in found)
      return [
        {
          verdict: 'fail',
          code: 'BODY_FIELD_MISSING',
          reason: `${path} is not there, to be captured as ${name}`,
          expected,
          observed: null,
        },
      ];
    if (toText(found.found) !== null) return [];
    const { words } = wrongType(found.found, 'string', 'integer');
    return [
      {
        verdict: 'fail',
        code: 'BODY_TYPE',
        reason: `${path} ${words}, and cannot be captured`,
        expected,
        observed: toObserved(found.found),
      },
    ];
  });
}

/** Those that are there. */
export function captureFrom(http: HttpReply | null, rules: CaptureRules): Readonly<Record<string, string>> {
  const read = http === null ? null : parseJson(http.body);
  if (read === null || 'problem' in read) return {};
  return Object.fromEntries(
    Object.entries(rules).flatMap(([name, path]) => {
      const found = find(path, read.value);
      const text = 'found' in found ? toText(found.found) : null;
      return text === null ? [] : [[name, text] as const];
    }),
  );
}

/** Text, and numbers and truth values that have one spelling. */
function toText(value: Json): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || Number.isSafeInteger(value) ? JSON.stringify(value) : null;
}
