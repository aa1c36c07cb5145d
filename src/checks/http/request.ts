// From an entry of sophia.yaml to the request it asks for.
import type { HttpQuestion } from '../../answer.ts';
import { anything, described, mapOf, object, text, type ValueOf } from '../../shape.ts';
import { addressOf } from '../address.ts';
import { limitsOf } from '../builtin/ground.ts';
import { misfit } from '../fitting.ts';
import type { Unaskable } from '../inquiry.ts';
import type { Place } from '../kinds/kind.ts';
import { consistent } from '../told-shape.ts';
import { byHeader } from './headers.ts';

export const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'] as const;
export type Method = (typeof METHODS)[number];

/** A path that begins with `/`, or a variable that does. */
export const requestPathShape = text({ pattern: String.raw`(?:/|\$\{)[^\s#]*`, what: 'a path that begins with /, without spaces and #' });

const values = byHeader(text({ pattern: String.raw`[^\r\n\0]*`, what: 'text on one line' }));

export type RequestHeaders = ValueOf<typeof values>;

export const requestHeadersShape = consistent(values, headersProblem);

const bodies = object(
  {},
  {
    json: described(anything(), 'Sent as JSON.'),
    text: described(text(), 'Sent as it is.'),
    form: described(mapOf({ pattern: '[^]+', what: 'something' }, text()), 'Sent as a form of the web: key=value&…'),
  },
);

export type RequestBody = ValueOf<typeof bodies>;

export const requestBodyShape = consistent(bodies, (body) =>
  Object.keys(body).length === 1 ? null : 'must be one of {json: …}, {text: …} and {form: …}',
);

/** What asks sets these itself; another value would make two messages of one. */
const OWN_HEADERS = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function headersProblem(headers: RequestHeaders): string | null {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const own = names.find((name) => OWN_HEADERS.has(name));
  if (own !== undefined) return `must leave ${own} to the one who asks`;
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? null : `must name ${twice} once`;
}

export interface Request {
  readonly method: HttpQuestion['method'];
  readonly path: string;
  readonly headers?: RequestHeaders | undefined;
  readonly body?: RequestBody | undefined;
  readonly accept: string;
}

/** Unaskable where a variable has put in what no request can carry. */
export function toQuestion(request: Request, { service, defaults, fileText }: Place): HttpQuestion | Unaskable {
  if (service.url === null || !URL.canParse(service.url)) return misfit('the address is none');
  const body = request.body === undefined ? null : encode(request.body);
  const given = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value.trim()] as const);
  const unsendable = given.find(([, value]) => UNSENDABLE.test(value));
  if (unsendable !== undefined) return misfit(`the header ${unsendable[0]} has a character that no header may have`);
  return {
    kind: 'http',
    method: request.method,
    url: addressOf(service.url, request.path),
    headers: {
      accept: request.accept,
      'user-agent': defaults.userAgent,
      ...(body === null ? {} : { 'content-type': body.type }),
      ...Object.fromEntries(given),
    },
    body: body === null ? null : body.bytes,
    maxBodyBytes: defaults.maxBodyBytes,
    ca: service.tls.ca === null ? null : fileText(service.tls.ca),
    ...limitsOf(defaults),
  };
}

/** Anything but tab and what is visible in Latin-1. */
const UNSENDABLE = /[^\t\u0020-\u007E\u0080-\u00FF]/;

interface Encoded {
  readonly bytes: Uint8Array;
  readonly type: string;
}

function encode({ json, text: plain = '', form }: RequestBody): Encoded {
  const encoder = new TextEncoder();
  if (json !== undefined) return { bytes: encoder.encode(JSON.stringify(json)), type: 'application/json' };
  if (form !== undefined) return { bytes: encoder.encode(new URLSearchParams(form).toString()), type: 'application/x-www-form-urlencoded' };
  return { bytes: encoder.encode(plain), type: 'text/plain; charset=utf-8' };
}
