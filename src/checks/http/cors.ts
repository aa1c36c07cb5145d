// What a server grants to pages of other origins, as a browser understands it (Fetch standard, "CORS protocol").
// Where a browser is more lenient, a server that means it still says it: every method and every header is to be listed.
import type { Answer, HttpReply } from '../../answer.ts';
import type { FindingCode } from '../../codes.ts';
import type { Json } from '../../outcome.ts';
import { toObserved } from '../body/excerpt.ts';
import type { Judgement } from '../inquiry.ts';
import { valuesOf } from './headers.ts';
import { judgeStatus, NO_REPLY } from './status.ts';

export interface Wish {
  readonly origin: string;
  /** Upper case. */
  readonly method: string;
  readonly headers: readonly string[];
  readonly hasCredentials: boolean;
}

/** Of a preflight request in the name of the wanted origin. */
export function judgePreflight({ http }: Pick<Answer, 'http'>, wish: Wish): readonly Judgement[] {
  if (http === null) return [NO_REPLY];
  const { status } = http;
  if (status < 200 || status > 299)
    return [
      fault('CORS_PREFLIGHT_STATUS', `the preflight request was answered with HTTP ${status}`, { expected: '2xx', observed: status }),
    ];
  return [
    judgeOrigin(http, wish) ??
      judgeMethod(http, wish) ??
      judgeAskedHeaders(http, wish) ??
      pass(`${wish.method} is granted to ${wish.origin}`),
  ];
}

/**
 * Of the request that follows. A page may read a 401 as well, where it is granted; of a redirect it reads what stands behind, which was
 * not looked at, and nothing is right about a server that failed.
 */
export function judgeGranted({ http }: Pick<Answer, 'http'>, wish: Wish): readonly Judgement[] {
  if (http === null) return [NO_REPLY];
  const ofStatus = judgeStatus(http, { status: READABLE, redirect: undefined }, '');
  if (ofStatus !== null) return [ofStatus];
  return [judgeOrigin(http, wish) ?? pass(`the answer is granted to ${wish.origin}`)];
}

const READABLE = ['2xx', '4xx'] as const;

export interface Foreigner {
  readonly origin: string;
  /** `*` grants everyone; where it is not said that someone is denied, that may be meant. */
  readonly mayBeEveryone: boolean;
}

/** Of either request in the name of an origin that must not be granted. */
export function judgeDenied({ http }: Pick<Answer, 'http'>, { origin, mayBeEveryone }: Foreigner): readonly Judgement[] {
  if (http === null) return [NO_REPLY];
  const granted = listed(http, ALLOW_ORIGIN);
  const isGranted = granted.includes(origin.toLowerCase()) || (!mayBeEveryone && granted.includes('*'));
  if (!isGranted) return [pass(`nothing is granted to ${origin}`)];
  const observed = { [ALLOW_ORIGIN]: granted };
  return [fault('CORS_FOREIGN_ALLOWED', `the answer is granted to ${origin} too`, { expected: `not ${origin}`, observed })];
}

/**
 * A cache that does not know that an answer depends on the origin gives one page what is meant for another. It depends where a foreign
 * origin is answered otherwise; nothing is said where that is not known.
 */
export function judgeVary(granted: HttpReply | null, denied: readonly (HttpReply | null)[]): readonly Judgement[] {
  if (granted === null) return [];
  const others = denied.filter((other) => other !== null && other.status >= 200 && other.status < 300) as readonly HttpReply[];
  const differing = others.filter(
    (other) => String(valuesOf(other.headers, ALLOW_ORIGIN)) !== String(valuesOf(granted.headers, ALLOW_ORIGIN)),
  );
  if (differing.length === 0) return [];
  const silent = [granted, ...differing].find((reply) => !listed(reply, 'vary').some((each) => each === 'origin' || each === '*'));
  if (silent === undefined) return [];
  const observed = toObserved({ vary: listed(silent, 'vary') });
  const reason = `the answer depends on the origin, and ${silent === granted ? 'it' : 'the one to a foreign origin'} does not say so: Vary: Origin is missing`;
  return [{ verdict: 'warn', code: 'CORS_NO_VARY', reason, expected: { vary: ['origin'] }, observed }];
}

const ALLOW_ORIGIN = 'access-control-allow-origin';
const ALLOW_CREDENTIALS = 'access-control-allow-credentials';
const ALLOW_METHODS = 'access-control-allow-methods';
const ALLOW_HEADERS = 'access-control-allow-headers';

function judgeOrigin({ headers }: HttpReply, { origin, hasCredentials }: Wish): Judgement | null {
  const values = valuesOf(headers, ALLOW_ORIGIN);
  const facts = { expected: { [ALLOW_ORIGIN]: origin }, observed: { [ALLOW_ORIGIN]: values } };
  if (values.length === 0) return fault('CORS_NO_ORIGIN', `the answer grants nothing to ${origin}`, facts);
  const isEveryone = values.length === 1 && values[0] === '*';
  if (isEveryone && hasCredentials)
    return fault('CORS_WILDCARD_CREDENTIALS', 'the answer grants everyone by *, which is void with credentials', facts);
  if (!isEveryone && (values.length > 1 || values[0] !== origin))
    return fault('CORS_WRONG_ORIGIN', `the answer is granted to another origin than ${origin}`, facts);
  const credentials = valuesOf(headers, ALLOW_CREDENTIALS);
  if (!hasCredentials || (credentials.length === 1 && credentials[0] === 'true')) return null;
  const observed = { [ALLOW_CREDENTIALS]: credentials };
  return fault('CORS_CREDENTIALS', 'credentials are not granted', { expected: { [ALLOW_CREDENTIALS]: ['true'] }, observed });
}

function judgeMethod(http: HttpReply, { method, hasCredentials }: Wish): Judgement | null {
  const methods = listed(http, ALLOW_METHODS);
  if (methods.includes(method.toLowerCase()) || (methods.includes('*') && !hasCredentials)) return null;
  return fault('CORS_METHOD', `the method ${method} is not granted`, {
    expected: { [ALLOW_METHODS]: [method] },
    observed: { [ALLOW_METHODS]: methods },
  });
}

function judgeAskedHeaders(http: HttpReply, { headers, hasCredentials }: Wish): Judgement | null {
  const granted = listed(http, ALLOW_HEADERS);
  // `*` never means authorization: that one is to be named.
  const isGranted = (name: string): boolean =>
    granted.includes(name) || (granted.includes('*') && !hasCredentials && name !== 'authorization');
  const missing = headers.map((name) => name.toLowerCase()).filter((name) => !isGranted(name));
  if (missing.length === 0) return null;
  const facts = { expected: { [ALLOW_HEADERS]: headers }, observed: { [ALLOW_HEADERS]: granted } };
  return fault('CORS_HEADERS', `the header ${missing.join(', ')} is not granted`, facts);
}

/** All that a header lists, in lower case, over all times it was sent. */
function listed({ headers }: HttpReply, name: string): readonly string[] {
  const items = valuesOf(headers, name).flatMap((value) => value.split(','));
  return items.map((item) => item.trim().toLowerCase()).filter((item) => item !== '');
}

function fault(code: FindingCode, reason: string, facts: { readonly expected: Json; readonly observed: Json }): Judgement {
  return { verdict: 'fail', code, reason, expected: facts.expected, observed: toObserved(facts.observed) };
}

function pass(reason: string): Judgement {
  return { verdict: 'pass', reason };
}
