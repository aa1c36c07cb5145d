// The address of a context service, as a user gives it. A token goes there, so it must be a private road to one place.
import type { Env } from '../../context.ts';
import { SophiaError } from '../../errors.ts';

export interface Address {
  /** Scheme, host and path, without a slash at the end. */
  readonly base: string;
  /** This machine: the only place for plain http, and for a service that asks for no token. */
  readonly isLoopback: boolean;
}

/** Throws `SERVICE_URL_INVALID`. What was given is not repeated: it may hold a password. */
export function parseAddress(given: string): Address {
  const url = URL.parse(given);
  if (url === null) return refuse('it is not a URL like https://context.example.com');
  if (url.username !== '' || url.password !== '') return refuse('it holds a user name or a password, and those end up in logs');
  if (url.search !== '' || url.hash !== '') return refuse('it has a part after "?" or "#"; give only the scheme, the host and the path');
  const isLoopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    return refuse(`it begins with ${url.protocol}//; only https goes to another machine, plain http only to this one`);
  }
  return { base: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, isLoopback };
}

/** The token of a variable; null where there is none and the service is on this machine. Throws `SERVICE_TOKEN_INVALID`. */
export function readToken(env: Env, variable: string, address: Address): string | null {
  const token = env[variable]?.trim() ?? '';
  if (token === '' && address.isLoopback) return null;
  if (token === '') throw new SophiaError('SERVICE_TOKEN_INVALID', { variable, problem: 'is not set' });
  if (/^[\u0021-\u007E]+$/.test(token)) return token;
  throw new SophiaError('SERVICE_TOKEN_INVALID', {
    variable,
    problem: 'holds a space, a line break or a character that no header can carry',
  });
}

function refuse(problem: string): never {
  throw new SophiaError('SERVICE_URL_INVALID', { problem });
}
