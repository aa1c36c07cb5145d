// Whether pages of an origin may ask the service, and no others: `- {id: cors, cors: {path: /repo/tree, origin: dashboard}}`.
import type { Answer, HttpReply } from '../../answer.ts';
import { described, flag, listOf, object, oneOf, text, type Shape, type ValueOf } from '../../shape.ts';
import { suggest } from '../../suggest.ts';
import { formOf, misfit } from '../fitting.ts';
import { judgeDenied, judgeGranted, judgePreflight, judgeVary, type Foreigner, type Wish } from '../http/cors.ts';
import { requestPathShape, toQuestion } from '../http/request.ts';
import type { Ask, Inquiry, Judgement, Unaskable } from '../inquiry.ts';
import { toldShape } from '../told-shape.ts';
import { defineKind, type Entry, type Place } from './kind.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const ORIGIN = 'an origin, like https://dashboard.example';

const foreignOrigin: Shape<string> = toldShape({ type: 'string', description: ORIGIN }, (value) =>
  typeof value === 'string' && (value.includes('${') || toOrigin(value) !== null) ? null : `must be ${ORIGIN}`,
);

const fields = {
  cors: object(
    {
      path: described(requestPathShape, 'What the page asks for.'),
      origin: described(
        text({ pattern: String.raw`\S+`, what: 'a name of `origins:` or an origin' }),
        'The page: a name of `origins:`, or an origin.',
      ),
    },
    {
      method: described(oneOf(METHODS), 'How the page asks.', 'GET'),
      headers: described(
        listOf(text({ pattern: "[!#$%&'*+.^_`|~0-9A-Za-z-]+", what: 'the name of a header' }), { min: 1 }),
        'Headers that the page sends.',
      ),
      credentials: described(flag(), 'Whether the page sends cookies or authorization.', false),
      denies: described(foreignOrigin, 'An origin that must not be granted anything; then `*` is wrong as well.'),
    },
  ),
};
type Cors = ValueOf<(typeof fields)['cors']>;
const form = formOf(fields);

export default defineKind({
  name: 'cors',
  summary: 'Whether pages of one origin may ask the service, and no others',
  keys: ['cors'],
  fields,
  meaning: (written, { origins, hasUrl }, report) => {
    if (!hasUrl) report('/cors', 'needs the url of its service, and there is none');
    const origin = form.fit(written)?.cors?.origin;
    if (origin === undefined || origins.includes(origin) || origin.includes('${') || toOrigin(origin) !== null) return;
    report('/cors/origin', `must be ${ORIGIN}, or a name of \`origins:\`${suggest(origin, origins)}`);
  },
  inquire,
});

function inquire(entry: Entry, place: Place): Inquiry | Unaskable {
  const { cors } = form.fit(entry) ?? {};
  if (cors === undefined) return form.misfit(entry);
  const isNamed = Object.hasOwn(place.origins, cors.origin);
  const given = isNamed ? place.origins[cors.origin] : cors.origin;
  if (given === null || given === undefined)
    return {
      code: 'ENV_MISSING',
      reason: `the variable of the origin ${cors.origin} is not set (on GitHub: Settings → Secrets → Actions)`,
    };
  const origin = toOrigin(given);
  const denied = cors.denies === undefined ? null : toOrigin(cors.denies);
  if (origin === null || (denied === null && cors.denies !== undefined)) return misfit('an origin is none');
  const wish: Wish = { origin, method: cors.method ?? 'GET', headers: cors.headers ?? [], hasCredentials: cors.credentials ?? false };
  return toInquiry(cors, { wish, denied, place });
}

interface Asking {
  readonly wish: Wish;
  readonly denied: string | null;
  readonly place: Place;
}

/** `Origin: null` is what a sandboxed frame of anyone sends: nobody means it. */
const NOBODY = 'null';

function toInquiry({ path }: Cors, { wish, denied, place }: Asking): Inquiry | Unaskable {
  const foreigners: readonly Foreigner[] = [
    ...(denied === null ? [] : [{ origin: denied, mayBeEveryone: false }]),
    { origin: NOBODY, mayBeEveryone: denied === null },
  ];
  const base = toQuestion({ method: wish.method === 'HEAD' ? 'HEAD' : 'GET', path, accept: '*/*' }, place);
  if ('reason' in base) return base;
  const pairOf = (origin: string, judges: Readonly<Record<'preflight' | 'simple', Ask['judge']>>): readonly Ask[] => {
    const headers = { ...base.headers, origin };
    const preflight = { ...base, method: 'OPTIONS', headers: { ...headers, ...announce(wish) } } as const;
    return [
      { question: preflight, judge: judges.preflight },
      { question: { ...base, headers }, judge: judges.simple },
    ];
  };
  const wanted = pairOf(wish.origin, {
    preflight: (answer) => judgePreflight(answer, wish),
    simple: (answer) => judgeGranted(answer, wish),
  });
  const unwanted = foreigners.flatMap((foreigner) => {
    const judge = (answer: Answer): readonly Judgement[] => judgeDenied(answer, foreigner);
    return pairOf(foreigner.origin, { preflight: judge, simple: judge });
  });
  return { asks: [...wanted, ...unwanted], together: (answers) => judgeVary(...simpleReplies(answers)) };
}

function announce({ method, headers }: Wish): Readonly<Record<string, string>> {
  const names = headers.map((name) => name.toLowerCase()).toSorted();
  return { 'access-control-request-method': method, ...(names.length === 0 ? {} : { 'access-control-request-headers': names.join(',') }) };
}

/** Those of the requests that followed a preflight request: every second one; the first of them is the wanted origin's. */
function simpleReplies(answers: readonly (Answer | null)[]): [granted: HttpReply | null, denied: readonly (HttpReply | null)[]] {
  const [granted = null, ...denied] = answers.filter((_, index) => index % 2 === 1).map((answer) => answer?.http ?? null);
  return [granted, denied];
}

/** As a browser spells it: without a path, and without the port that goes without saying. */
function toOrigin(given: string): string | null {
  if (!/^https?:\/\//i.test(given) || !URL.canParse(given)) return null;
  const { origin, pathname, search, hash, username } = new URL(given);
  return pathname === '/' && search === '' && hash === '' && username === '' ? origin : null;
}
