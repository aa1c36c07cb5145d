// A rule that a value does not keep, in words.
import type { Json } from '../../outcome.ts';
import { describe } from './excerpt.ts';
import { compilePattern, MAX_MATCHED_LENGTH } from './pattern.ts';
import { typeOf, type TypeName } from './types.ts';

export interface Miss {
  /** `fail` where it is not said. */
  readonly verdict?: 'unknown';
  readonly isOfType?: true;
  /** After the name of the value: `is 3, more than 2`. */
  readonly words: string;
}

export function wrongType(value: Json, ...expected: readonly TypeName[]): Miss {
  return { isOfType: true, words: `is of type ${typeOf(value)}, not ${expected.join(' or ')}` };
}

/** Null where the pattern holds somewhere in the text. */
export function missOfPattern(text: string, source: string): Miss | null {
  const pattern = compilePattern(source);
  if ('problem' in pattern) return { verdict: 'unknown', words: `was not compared with /${source}/: ${pattern.problem}` };
  const isMatch = pattern.test(text);
  if (isMatch === null)
    return { verdict: 'unknown', words: `was not compared with /${source}/: it has more than ${MAX_MATCHED_LENGTH} characters` };
  return isMatch ? null : { words: `is ${describe(text)}, which does not match /${source}/` };
}
