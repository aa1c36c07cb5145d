// What is expected of a value: a literal, which means equal and of the same type, or rules. No operand is ever coerced.
import type { Json } from '../../outcome.ts';
import { anything, described, duration, flag, integer, listOf, object, oneOf, type Shape, type ValueOf } from '../../shape.ts';
import { parseDuration } from '../../units.ts';
import type { Judgement } from '../inquiry.ts';
import { consistent, toldShape } from '../told-shape.ts';
import { judgeAge } from './age.ts';
import { describe, toObserved } from './excerpt.ts';
import { missOfPattern, wrongType, type Miss } from './miss.ts';
import type { Found } from './path.ts';
import { compilePattern } from './pattern.ts';
import { isList, isOfType, isSame, typeOf, TYPES } from './types.ts';

export const patternShape: Shape<string> = toldShape({ type: 'string', format: 'regex' }, (value) => {
  if (typeof value !== 'string') return 'must be a regular expression';
  const pattern = compilePattern(value);
  return 'problem' in pattern ? `must be a regular expression that takes no more time than its text is long: ${pattern.problem}` : null;
});

const number: Shape<number> = toldShape({ type: 'number' }, (value) =>
  typeof value === 'number' && Number.isFinite(value) ? null : 'must be a number, without quotes',
);

const parts = object(
  {},
  {
    type: described(oneOf(TYPES), 'The type of the value.'),
    equals: described(anything(), 'Equal and of the same type, all the way down.'),
    in: described(listOf(anything(), { min: 1 }), 'Equal to one of these.'),
    matches: described(patternShape, 'Text in which this regular expression holds somewhere.'),
    min: described(number, 'A number, at least this.'),
    max: described(number, 'A number, at most this.'),
    min_items: described(integer(), 'A list of at least so many.'),
    max_items: described(integer(), 'A list of at most so many.'),
    exists: described(flag(), 'Whether there is such a field at all; null is a value.'),
    newer_than: described(duration(), 'A date with its zone (RFC 3339), no longer ago than this.'),
    older_than: described(duration(), 'A date with its zone (RFC 3339), at least as long ago as this.'),
  },
);

export type Rules = ValueOf<typeof parts>;
export type Matcher = null | boolean | number | string | readonly Json[] | Rules;

const rules = consistent(parts, contradictionOf);
const literal = anything();

export const matcherShape: Shape<Matcher> = {
  schema: { anyOf: [{ type: ['string', 'number', 'boolean', 'null', 'array'] }, rules.schema] },
  accepts: (value): value is Matcher => (isMapping(value) ? rules : literal).accepts(value),
  check: (value, pointer, flaws): value is Matcher => (isMapping(value) ? rules : literal).check(value, pointer, flaws),
};

export interface Matching {
  /** What the value is called in a reason: `$.status`. */
  readonly name: string;
  readonly matcher: Matcher;
  readonly nowMs: number;
}

/** BODY_FIELD_MISSING, BODY_TYPE or BODY_VALUE for each rule that does not hold; a type that is wrong is all that is told. */
export function judgeMatch(found: Found, { name, matcher, nowMs }: Matching): readonly Judgement[] {
  const mayBeMissing = isRules(matcher) && matcher.exists === false;
  const expected = toJson(matcher);
  if ('missing' in found) {
    if (mayBeMissing) return [{ verdict: 'pass', reason: `${name} is not there, as expected` }];
    const reason = found.at === name ? `${name} is not there` : `${name} is not there: ${found.at} leads nowhere`;
    return [{ verdict: 'fail', code: 'BODY_FIELD_MISSING', reason, expected, observed: null }];
  }
  const misses = missesOf(found.found, matcher, nowMs);
  if (misses.length === 0) return [{ verdict: 'pass', reason: `${name} is as expected` }];
  const observed = toObserved(found.found);
  return misses.map((miss) => ({
    verdict: miss.verdict ?? 'fail',
    code: miss.isOfType ? 'BODY_TYPE' : 'BODY_VALUE',
    reason: `${name} ${miss.words}`,
    expected,
    observed,
  }));
}

/** Empty where the value is as expected. */
function missesOf(value: Json, matcher: Matcher, nowMs: number): readonly Miss[] {
  if (!isRules(matcher)) return missesOfEqual(value, [matcher]);
  if (matcher.exists === false) return [{ words: `is there: ${describe(value)}` }];
  const misses = RULES.flatMap((rule) => rule(value, matcher, nowMs));
  const ofType = misses.filter((miss) => miss.isOfType);
  return ofType.length > 0 ? ofType.slice(0, 1) : misses;
}

/** Of rules that no value can keep, or that say nothing: a slip of the pen. */
function contradictionOf(given: Rules): string | null {
  const { exists, min = -Infinity, max = Infinity, min_items: fewest = 0, max_items: most = Infinity } = given;
  if (Object.keys(given).length === 0) return 'must say what is expected: {exists: true} at least';
  if (exists === false && Object.keys(given).length > 1) return 'must say nothing beside {exists: false}: nothing has a value';
  if (min > max) return 'must have a min that is not above its max';
  return fewest > most ? 'must have a min_items that is not above its max_items' : null;
}

type Rule = (value: Json, given: Rules, nowMs: number) => readonly Miss[];

const RULES: readonly Rule[] = [
  (value, { type }) => (type === undefined || isOfType(value, type) ? [] : [wrongType(value, type)]),
  (value, { equals }) => (equals === undefined ? [] : missesOfEqual(value, [equals])),
  (value, { in: candidates }) => (candidates === undefined ? [] : missesOfEqual(value, candidates)),
  (value, { matches }) => (matches === undefined ? [] : missesOfPattern(value, matches)),
  (value, { min }) => missesOfNumber(value, min, (number, bound) => (number < bound ? `less than ${bound}` : null)),
  (value, { max }) => missesOfNumber(value, max, (number, bound) => (number > bound ? `more than ${bound}` : null)),
  (value, { min_items: min }) => missesOfItems(value, min, (count, bound) => (count < bound ? `fewer than ${bound}` : null)),
  (value, { max_items: max }) => missesOfItems(value, max, (count, bound) => (count > bound ? `more than ${bound}` : null)),
  (value, { newer_than: newer, older_than: older }, nowMs) => {
    if (newer === undefined && older === undefined) return [];
    if (typeof value !== 'string') return [wrongType(value, 'string')];
    return judgeAge(value, { nowMs, newerMs: toMs(newer), olderMs: toMs(older) });
  },
];

/** Of several candidates one must do; the type is wrong where no candidate has it. */
function missesOfEqual(value: Json, candidates: readonly Json[]): readonly Miss[] {
  const alike = candidates.filter((candidate) => typeOf(candidate) === typeOf(value));
  if (alike.length === 0) return [wrongType(value, ...new Set(candidates.map(typeOf)))];
  if (!alike.some((candidate) => isSame(candidate, value))) {
    const [first] = candidates;
    return [
      { words: `is ${describe(value)}, not ${candidates.length === 1 && first !== undefined ? describe(first) : 'one of those expected'}` },
    ];
  }
  return isRounded(value) ? [unkept(value)] : [];
}

/** Whether it was this number that was sent, or one beside it. */
function unkept(value: Json): Miss {
  return { verdict: 'unknown', words: `is ${describe(value)}, an integer that a double does not keep exactly` };
}

/** Two different integers beyond 2^53 can become the same number: equal then says nothing. */
function isRounded(value: Json): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return false;
  return isList(value) ? value.some(isRounded) : Object.values(value).some(isRounded);
}

function missesOfPattern(value: Json, source: string): readonly Miss[] {
  if (typeof value !== 'string') return [wrongType(value, 'string')];
  const miss = missOfPattern(value, source);
  return miss === null ? [] : [miss];
}

function missesOfNumber(value: Json, bound: number | undefined, judge: (number: number, bound: number) => string | null): readonly Miss[] {
  if (bound === undefined) return [];
  if (typeof value !== 'number') return [wrongType(value, 'number')];
  const words = judge(value, bound);
  if (words !== null) return [{ words: `is ${value}, ${words}` }];
  return value === bound && isRounded(value) ? [unkept(value)] : [];
}

function missesOfItems(value: Json, bound: number | undefined, judge: (count: number, bound: number) => string | null): readonly Miss[] {
  if (bound === undefined) return [];
  if (typeof value !== 'object' || value === null || !isList(value)) return [wrongType(value, 'array')];
  const words = judge(value.length, bound);
  return words === null ? [] : [{ words: `has ${value.length} entries, ${words}` }];
}

function toMs(text: string | undefined): number | null {
  return text === undefined ? null : parseDuration(text);
}

/** All that a matcher can be is JSON. */
function toJson(matcher: Matcher): Json {
  return isRules(matcher) ? Object.fromEntries(Object.entries(matcher)) : matcher;
}

function isRules(matcher: Matcher): matcher is Rules {
  return isMapping(matcher);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
