// Headers of an answer: each that is named, and every value of one that came several times.
import type { HttpReply } from '../../answer.ts';
import type { Json } from '../../outcome.ts';
import { described, either, listOf, literal, mapOf, object, text, type Shape, type ValueOf } from '../../shape.ts';
import { describe, toObserved } from '../body/excerpt.ts';
import { missOfPattern, type Miss } from '../body/miss.ts';
import { patternShape } from '../body/matcher.ts';
import type { Judgement } from '../inquiry.ts';
import { consistent } from '../told-shape.ts';

const NAME = { pattern: "[!#$%&'*+.^_`|~0-9A-Za-z-]+", what: 'as a header is' };

/** A mapping from names of headers. */
export function byHeader<Value>(item: Shape<Value>): Shape<Readonly<Record<string, Value>>> {
  return mapOf(NAME, item);
}

const rules = object(
  {},
  {
    absent: described(literal(true), 'There must be no such header.'),
    equals: described(text(), 'The value, letter by letter.'),
    in: described(listOf(text(), { min: 1 }), 'One of these values.'),
    matches: described(patternShape, 'A regular expression that holds somewhere in the value.'),
  },
);

type HeaderRule = string | ValueOf<typeof rules>;
export type HeaderRules = Readonly<Record<string, HeaderRule>>;

export const headersShape: Shape<HeaderRules> = byHeader(
  either(text(), consistent(rules, contradictionOf), 'text in quotes, or {absent, equals, in, matches}'),
);

function contradictionOf(given: object): string | null {
  const keys = Object.keys(given);
  if (keys.length === 0) return 'must say what is expected';
  return keys.includes('absent') && keys.length > 1 ? 'must say nothing beside {absent: true}: nothing has a value' : null;
}

export function judgeHeaders({ headers }: HttpReply, expected: HeaderRules): readonly Judgement[] {
  return Object.entries(expected).flatMap(([name, rule]) => judgeHeader(name.toLowerCase(), valuesOf(headers, name), rule));
}

/** Whatever a server calls its headers, only its own are seen. */
export function valuesOf(headers: HttpReply['headers'], name: string): readonly string[] {
  const key = name.toLowerCase();
  return Object.hasOwn(headers, key) ? (headers[key] ?? []) : [];
}

function judgeHeader(name: string, values: readonly string[], rule: HeaderRule): readonly Judgement[] {
  const isAbsent = typeof rule === 'object' && rule.absent === true;
  const facts = { code: 'HTTP_HEADER', expected: { [name]: toJson(rule) }, observed: { [name]: show(name, values) } } as const;
  if (isAbsent) return values.length === 0 ? [] : [{ ...facts, verdict: 'fail', reason: `there is a header ${name}, and should be none` }];
  if (values.length === 0) return [{ ...facts, verdict: 'fail', reason: `there is no header ${name}` }];
  return values
    .flatMap((value) => missesOf(value, rule))
    .map(({ verdict, words }) => {
      const reason = isConfidential(name) ? `the header ${name} is not as expected` : `the header ${name} ${words}`;
      return { ...facts, verdict: verdict ?? 'fail', reason };
    });
}

function missesOf(value: string, rule: HeaderRule): readonly Miss[] {
  if (typeof rule === 'string') return missesOf(value, { equals: rule });
  const { equals, in: candidates = equals === undefined ? undefined : [equals], matches } = rule;
  const isCandidate = (candidates?.includes(value) ?? true) && (equals === undefined || equals === value);
  const wanted = equals === undefined ? 'one of those expected' : describe(equals);
  const ofPattern = matches === undefined ? null : missOfPattern(value, matches);
  return [...(isCandidate ? [] : [{ words: `is ${describe(value)}, not ${wanted}` }]), ...(ofPattern === null ? [] : [ofPattern])];
}

function toJson(rule: HeaderRule): Json {
  return typeof rule === 'string' ? rule : Object.fromEntries(Object.entries(rule));
}

/** Never in a finding. */
function isConfidential(name: string): boolean {
  return /^(set-)?cookie$|authorization|token|secret|api-key/.test(name);
}

function show(name: string, values: readonly string[]): Json {
  if (values.length === 0) return null;
  if (isConfidential(name)) return '[not shown]';
  return toObserved(values.length === 1 ? (values[0] ?? null) : values);
}
