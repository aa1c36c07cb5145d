// Which statuses are right, and where a 3xx may lead. Nothing is followed: what stands behind a redirect was not looked at.
import type { HttpReply } from '../../answer.ts';
import { listOf, type Shape } from '../../shape.ts';
import { describe, toObserved } from '../body/excerpt.ts';
import type { Judgement } from '../inquiry.ts';
import { toldShape } from '../told-shape.ts';

type One = number | string;
export type StatusRule = One | readonly One[];

const ANY_SUCCESS = '2xx';
const ANY_REDIRECT = '3xx';
const PARTIAL = 206;
const NOT_MODIFIED = 304;
/** What a class does not stand for: a part of what was asked for, and redirects that no client follows. Each is right where it is named. */
const NAMED_ONLY: ReadonlySet<number> = new Set([PARTIAL, 300, NOT_MODIFIED, 305, 306]);

const CLASSES = ['2xx', '3xx', '4xx', '5xx'] as const;
const WHAT = 'must be a status like 200, a class of them like 2xx, or a list of these';

const one: Shape<One> = toldShape({ anyOf: [{ type: 'integer', minimum: 200, maximum: 599 }, { enum: CLASSES }] }, (value) =>
  isStatus(value) || isClass(value) ? null : WHAT,
);
const several = listOf(one, { min: 1 });

export const statusShape: Shape<StatusRule> = {
  schema: { anyOf: [one.schema, several.schema] },
  accepts: (value): value is StatusRule => one.accepts(value) || several.accepts(value),
  check: (value, pointer, flaws): value is StatusRule => (Array.isArray(value) ? several : one).check(value, pointer, flaws),
};

function isStatus(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599;
}

function isClass(value: unknown): boolean {
  return CLASSES.some((each) => each === value);
}

export interface StatusExpectation {
  /** Absent: any success; with `redirect`, any redirect. */
  readonly status: StatusRule | undefined;
  readonly redirect: string | undefined;
}

/** What an exchange in good order must have: the probe would have told of trouble otherwise. */
export const NO_REPLY: Judgement = { verdict: 'unknown', code: 'HTTP_PROTOCOL', reason: 'no answer over HTTP came' };

/** What contradicts itself; null where nothing does. */
export function contradictionOf({ status, redirect }: StatusExpectation): string | null {
  if (status === undefined) return null;
  const leading = toList(status).filter((each) => each !== NOT_MODIFIED && isRedirect(each));
  if (redirect === undefined) return leading.length === 0 ? null : 'a 3xx is expected with `redirect:` only, which says where to';
  return leading.length === toList(status).length ? null : 'with `redirect:` only a 3xx is right';
}

function isRedirect(status: One): boolean {
  return status === ANY_REDIRECT || (typeof status === 'number' && status >= 300 && status < 400);
}

/** Null where it is as it should be. `url` is the one that was asked. */
export function judgeStatus(http: HttpReply, { status: given, redirect }: StatusExpectation, url: string): Judgement | null {
  const { status } = http;
  const expected = given ?? (redirect === undefined ? ANY_SUCCESS : ANY_REDIRECT);
  const isExpected = isNamed(expected, status) || (!NAMED_ONLY.has(status) && toList(expected).includes(classOf(status)));
  if (isRedirect(status) && !(isExpected && status === NOT_MODIFIED)) return judgeRedirect(http, { expected, redirect, isExpected, url });
  if (isExpected) return null;
  return {
    verdict: 'fail',
    code: 'HTTP_STATUS',
    reason: `HTTP ${status}${status === PARTIAL ? ', a part of what was asked for' : ''}, not ${spell(expected)}`,
    expected: { status: expected },
    observed: { status },
  };
}

/** By its number. */
export function isNamed(rule: StatusRule, status: number): boolean {
  return toList(rule).includes(status);
}

function classOf(status: number): string {
  return `${Math.floor(status / 100)}xx`;
}

interface Redirecting {
  readonly expected: StatusRule;
  readonly redirect: string | undefined;
  readonly isExpected: boolean;
  readonly url: string;
}

function judgeRedirect({ status, headers }: HttpReply, { expected, redirect, isExpected, url }: Redirecting): Judgement | null {
  const locations = headers['location'] ?? [];
  const [location] = locations;
  const isTheOne = location !== undefined && locations.length === 1 && redirect !== undefined && leadsTo(location, redirect, url);
  if (isTheOne && isExpected) return null;
  const target = location === undefined ? null : withoutQuery(location);
  const where = target === null ? 'without saying where to' : `to ${describe(target)}`;
  return {
    verdict: 'fail',
    code: 'HTTP_REDIRECT',
    reason: `HTTP ${status} sends the client elsewhere, ${where}`,
    expected: redirect === undefined ? { status: expected } : { status: expected, location: redirect },
    observed: { status, location: toObserved(target) },
  };
}

/** To the same place of the same host. The query decides only where it is expected: `/login?next=…` is `/login`. */
function leadsTo(location: string, expected: string, url: string): boolean {
  const [there, wanted] = [toUrl(location, url), toUrl(expected, url)];
  if (there === null || wanted === null || there.origin !== wanted.origin) return false;
  return there.pathname === wanted.pathname && (wanted.search === '' || wanted.search === there.search);
}

function toUrl(text: string, base: string): URL | null {
  return URL.canParse(text, base) ? new URL(text, base) : null;
}

/** It may carry what was asked in confidence. */
function withoutQuery(location: string): string {
  return location.replace(/[?#].*$/s, '');
}

function spell(rule: StatusRule): string {
  return toList(rule).join(' or ');
}

function toList(rule: StatusRule): readonly One[] {
  return typeof rule === 'object' ? rule : [rule];
}
