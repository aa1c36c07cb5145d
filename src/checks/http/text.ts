// What a body must hold, or must not, where it is not JSON.
import type { HttpReply } from '../../answer.ts';
import { described, listOf, object, text, type ValueOf } from '../../shape.ts';
import { describe, excerptOf } from '../body/excerpt.ts';
import { patternShape } from '../body/matcher.ts';
import { missOfPattern } from '../body/miss.ts';
import type { Judgement } from '../inquiry.ts';
import { decodeText } from './media-type.ts';

const texts = listOf(text({ pattern: '[^]+', what: 'some text' }), { min: 1 });

export const textShape = object(
  {},
  {
    contains: described(texts, 'Each must be somewhere in the body.'),
    lacks: described(texts, 'None may be anywhere in the body.'),
    matches: described(
      listOf(patternShape, { min: 1 }),
      'Regular expressions; each must hold somewhere in the body. Where all hold for no text, like `^$`, it may be empty.',
    ),
  },
);

export type TextRules = ValueOf<typeof textShape>;

/** A pattern that holds for no text at all says that none is right; what only must not be there does not. */
export function allowsNothing({ contains = [], matches = [] }: TextRules): boolean {
  return contains.length === 0 && matches.length > 0 && matches.every((source) => missOfPattern('', source) === null);
}

export function judgeText(http: HttpReply, { contains = [], lacks = [], matches = [] }: TextRules): readonly Judgement[] {
  const body = decodeText(http);
  const observed = excerptOf(http.body);
  if (body === null) return [{ verdict: 'fail', code: 'BODY_TEXT', reason: 'the body is not text in the encoding that it says', observed }];
  const missing = contains
    .filter((each) => !body.includes(each))
    .map((each) => fail({ contains: each }, `the body does not contain ${describe(each)}`));
  const present = lacks.filter((each) => body.includes(each)).map((each) => fail({ lacks: each }, `the body contains ${describe(each)}`));
  const unlike = matches.flatMap((source): readonly Judgement[] => {
    const miss = missOfPattern(body, source);
    if (miss === null) return [];
    if (miss.verdict === undefined) return [fail({ matches: source }, `the body does not match /${source}/`)];
    return [{ verdict: miss.verdict, code: 'BODY_TEXT', reason: `the body ${miss.words}`, expected: { matches: source } }];
  });
  return [...missing, ...present, ...unlike];

  function fail(expected: Readonly<Record<string, string>>, reason: string): Judgement {
    return { verdict: 'fail', code: 'BODY_TEXT', reason, expected, observed };
  }
}
