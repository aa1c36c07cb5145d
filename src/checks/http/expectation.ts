// What a check expects of an answer over HTTP, in the order in which it is judged: each fault has one code, because what stands behind
// a wrong status or a wrong type is not looked at.
import type { Answer, HttpReply } from '../../answer.ts';
import { duration } from '../../markdown.ts';
import type { Json } from '../../outcome.ts';
import { described, object, text, type ValueOf } from '../../shape.ts';
import { readBody } from '../body/json.ts';
import { judgeMatch, matcherShape } from '../body/matcher.ts';
import { byPath, find } from '../body/path.ts';
import type { Judgement } from '../inquiry.ts';
import { consistent } from '../told-shape.ts';
import { judgeCaptured, type CaptureRules } from './capture.ts';
import { headersShape, judgeHeaders } from './headers.ts';
import { ANY_JSON, judgeType } from './media-type.ts';
import type { JudgeSchema } from './schema.ts';
import { contradictionOf, isNamed, judgeStatus, NO_REPLY, statusShape } from './status.ts';
import { allowsNothing, judgeText, textShape } from './text.ts';
import { judgeTime, timeShape } from './timing.ts';

const parts = object(
  {},
  {
    status: described(
      statusShape,
      'A status like 200, a class like 2xx, or a list of these. No class stands for 206, 300, 304, 305 and 306: they are named.',
      '2xx',
    ),
    type: described(
      text({ pattern: String.raw`[^\s/;]+/[^\s/;]+`, what: 'a media type without parameters' }),
      'The media type; application/json where `json`, `schema` or `capture` is used.',
    ),
    headers: described(headersShape, 'Headers of the answer, each with what is expected of every value it has.'),
    json: described(byPath(matcherShape), 'Paths into the body, each with what is expected there.'),
    text: described(textShape, 'What the body must hold, or must not.'),
    schema: described(
      text({ pattern: String.raw`[^\0]+`, what: 'the path of a file' }),
      'A file with a JSON Schema (2020-12), relative to sophia.yaml.',
    ),
    time: described(timeShape, 'How long this one answer may take.'),
    redirect: described(
      text({ pattern: String.raw`\S+`, what: 'a path or a URL' }),
      'Where a 3xx must lead to; without it every 3xx is wrong. A query in it must be the same.',
    ),
  },
);

export type Expect = ValueOf<typeof parts>;

export const expectShape = consistent(
  parts,
  ({ status, redirect, ...rest }) => contradictionOf({ status, redirect }) ?? behindRedirect(redirect, rest),
);

function behindRedirect(redirect: string | undefined, rest: Pick<Expect, 'type' | 'json' | 'text' | 'schema'>): string | null {
  const first = (['type', 'json', 'text', 'schema'] as const).find((key) => rest[key] !== undefined);
  return redirect === undefined || first === undefined
    ? null
    : `cannot have "${first}" beside "redirect": the body of a redirect is not looked at`;
}

export interface Expectation {
  readonly method: string;
  readonly url: string;
  readonly expect: Expect;
  readonly capture: CaptureRules;
  /** Of `expect.schema`; null without one. */
  readonly schema: JudgeSchema | null;
  readonly nowMs: number;
}

export function judgeAnswer({ http, phases }: Pick<Answer, 'http' | 'phases'>, expectation: Expectation): readonly Judgement[] {
  if (http === null) return [NO_REPLY];
  const { expect, url } = expectation;
  const ofStatus = judgeStatus(http, { status: expect.status, redirect: expect.redirect }, url);
  if (ofStatus !== null) return [ofStatus];
  const told: Judgement = {
    verdict: 'pass',
    reason: `HTTP ${http.status} in ${duration(phases.totalMs)}`,
    observed: { status: http.status },
  };
  const ofBody = expect.redirect === undefined ? judgeBody(http, expectation) : [];
  return [told, ...ofBody, ...judgeHeaders(http, expect.headers ?? {}), ...judgeTime(phases, expect.time ?? {})];
}

/** Whether the body is looked at as JSON. */
export function wantsJson({ expect, capture }: Pick<Expectation, 'expect' | 'capture'>): boolean {
  return expect.json !== undefined || expect.schema !== undefined || Object.keys(capture).length > 0;
}

/** Whether anything is expected of the body, beyond that there is one. */
export function looksAtBody(expectation: Pick<Expectation, 'expect' | 'capture'>): boolean {
  return wantsJson(expectation) || expectation.expect.text !== undefined || expectation.expect.type !== undefined;
}

function judgeBody(http: HttpReply, expectation: Expectation): readonly Judgement[] {
  const { expect } = expectation;
  if (http.body.length === 0) return isBodyExpected(http, expectation) ? [judgeEmpty(http)] : [];
  const type = expect.type ?? (wantsJson(expectation) ? ANY_JSON : null);
  const ofType = type === null ? null : judgeType(http, type);
  if (ofType !== null) return [ofType];
  return [...judgeJson(http, expectation), ...(expect.text === undefined ? [] : judgeText(http, expect.text))];
}

/** Statuses that mean that there is nothing, and no success at all. */
const BODILESS: ReadonlySet<number> = new Set([204, 205]);

/**
 * Whoever asks for something wants to see it. A status that means that there is nothing is right where it is named; any other success
 * without a body where a pattern for the body says so.
 */
function isBodyExpected({ status }: HttpReply, expectation: Expectation): boolean {
  const { expect, method } = expectation;
  if (looksAtBody(expectation)) return wantsJson(expectation) || expect.type !== undefined || !allowsNothing(expect.text ?? {});
  const isMeant = BODILESS.has(status) && isNamed(expect.status ?? [], status);
  return method === 'GET' && status < 300 && !isMeant;
}

function judgeEmpty({ status }: HttpReply): Judgement {
  const means = BODILESS.has(status) ? `status: ${status}\` and expect nothing of it` : "text: {matches: ['^$']}`";
  const reason = `HTTP ${status} without a body (where that is right, say \`${means})`;
  return { verdict: 'fail', code: 'HTTP_EMPTY', reason, expected: 'a body', observed: { status, bytes: 0 } };
}

function judgeJson({ body }: HttpReply, expectation: Expectation): readonly Judgement[] {
  if (!wantsJson(expectation)) return [];
  const read = readBody(body);
  if ('flaw' in read) return [read.flaw];
  const { capture, schema } = expectation;
  const ofSchema = schema === null ? null : schema(read.value);
  return [...judgePaths(read.value, expectation), ...judgeCaptured(read.value, capture), ...(ofSchema === null ? [] : [ofSchema])];
}

function judgePaths(value: Json, { expect, nowMs }: Expectation): readonly Judgement[] {
  return Object.entries(expect.json ?? {}).flatMap(([path, matcher]) => judgeMatch(find(path, value), { name: path, matcher, nowMs }));
}
