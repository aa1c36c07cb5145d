import { HEALTH, siteWith, type Expected, type Fault, type Faulty } from './fault.ts';
import { corsRoute, FOREIGN_ORIGIN, grant, ORIGIN, PREFLIGHT, type Grants } from './healthy-service.ts';

export const CORS_FAULTS: readonly Fault[] = [
  grants('no-cors-header', 'CORS_NO_ORIGIN', { preflight: () => ({ headers: PREFLIGHT }), simple: () => null }),
  grants('wrong-origin', 'CORS_WRONG_ORIGIN', always(grant('https://staging.example'))),
  grants('wildcard-with-credentials', 'CORS_WILDCARD_CREDENTIALS', always(grant('*'))),
  grants('reflects-anyone', 'CORS_FOREIGN_ALLOWED', { preflight: (origin) => ({ headers: grant(origin, PREFLIGHT) }), simple: grant }),
  grants('preflight-405', 'CORS_PREFLIGHT_STATUS', {
    preflight: () => ({ status: 405, headers: { allow: 'GET, POST' } }),
    simple: toOurs(grant(ORIGIN)),
  }),
  grants('header-not-allowed', 'CORS_HEADERS', {
    preflight: (origin) => ({ headers: toOurs(grant(ORIGIN, { ...PREFLIGHT, 'access-control-allow-headers': 'Accept' }))(origin) }),
    simple: toOurs(grant(ORIGIN)),
  }),
  grants('no-vary', { verdict: 'warn', code: 'CORS_NO_VARY' }, unvaried()),
];

function grants(name: string, said: Expected['code'] | Pick<Expected, 'verdict' | 'code'>, given: Grants): Fault {
  const check = `{path: /repo/tree, origin: dashboard, method: POST, headers: [content-type], credentials: true, denies: '${FOREIGN_ORIGIN}'}`;
  const start = (): Promise<Faulty> =>
    siteWith(
      { '/repo/tree': corsRoute(given) },
      { path: '/repo/tree', lines: [...HEALTH, 'checks:', `  - {id: cors, cors: ${check}}`], question: { headers: { origin: ORIGIN } } },
    );
  return { name, group: 'cors', start, expect: { check: 'cors', ...(typeof said === 'string' ? { code: said, verdict: 'fail' } : said) } };
}

type Headers = Readonly<Record<string, string>>;

function always(headers: Headers): Grants {
  return { preflight: () => ({ headers: { ...headers, ...PREFLIGHT } }), simple: () => headers };
}

function toOurs(headers: Headers): (origin: string) => Headers {
  return (origin) => (origin === ORIGIN ? headers : { vary: 'Origin' });
}

/** Right in all else: what a cache keeps for one origin it gives to the next. */
function unvaried(): Grants {
  const { vary: _, ...headers } = grant(ORIGIN);
  return {
    preflight: (origin) => ({ headers: origin === ORIGIN ? { ...headers, ...PREFLIGHT } : {} }),
    simple: (origin) => (origin === ORIGIN ? headers : {}),
  };
}
