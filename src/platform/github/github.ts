import type { Env, GitHub, GitHubAnswer } from '../../context.ts';
import { SophiaError, systemCodeOf } from '../../errors.ts';
import type { Json } from '../../outcome.ts';
import { clock } from '../clock.ts';
import { exchange, type Reply } from './exchange.ts';

const PUBLIC_URL = 'https://api.github.com';
const TIMEOUT_MS = 30_000;

/** GitHub as a run's environment names it. Throws also what is wrong with that: `GITHUB_API_URL_INVALID`, `GITHUB_TOKEN_INVALID`. */
export function createGitHub(env: Env, timeoutMs = TIMEOUT_MS): GitHub {
  return {
    request: async (route, parameters, signal) => {
      const baseUrl = parseBase(env['GITHUB_API_URL']);
      const token = readToken(env);
      signal?.throwIfAborted();
      const deadline = AbortSignal.timeout(timeoutMs);
      const signals = signal === undefined ? [deadline] : [deadline, signal];
      const came = await exchange({ baseUrl, token, route, parameters, signal: AbortSignal.any(signals) });
      if (!('thrown' in came)) return toAnswer(came);
      signal?.throwIfAborted();
      // Without the cause: it may hold the request, and that the token.
      throw new SophiaError('GITHUB_UNREACHABLE', { url: baseUrl, reason: reasonOf(came.thrown, timeoutMs) });
    },
  };
}

/** Throws `GITHUB_API_URL_INVALID`. What was given is not repeated: it may hold a password. */
function parseBase(given: string | undefined): string {
  if (given === undefined || given === '') return PUBLIC_URL;
  const refuse = (problem: string): SophiaError => new SophiaError('GITHUB_API_URL_INVALID', { problem });
  const url = URL.parse(given);
  if (url === null) throw refuse('it is not a URL');
  if (url.username !== '' || url.password !== '') throw refuse('it holds a user name or a password');
  if (url.search !== '' || url.hash !== '') throw refuse('it has a part after "?" or "#"');
  const isLoopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) throw refuse('a token would travel in clear');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Null where there is none. What no header can carry would be quoted in the error of whoever tried. */
function readToken(env: Env): string | null {
  const token = env['GITHUB_TOKEN']?.trim() ?? '';
  if (token === '') return null;
  if (/^[\u0021-\u007E]+$/.test(token)) return token;
  throw new SophiaError('GITHUB_TOKEN_INVALID', {});
}

function toAnswer({ status, headers, body }: Reply): GitHubAnswer {
  const hasNext = /<[^<>]*>\s*;[^,<]*\brel="?next\b/.test(headers.get('link') ?? '');
  const isRefused = status === 403 || status === 429;
  return { status, data: parseJson(body), hasNext, retryAfterMs: isRefused ? retryAfterOf(headers) : null };
}

function parseJson(body: Uint8Array): Json {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as Json;
  } catch {
    return null;
  }
}

/** A 403 is either a limit, which says when it ends, or a refusal, which says nothing of the kind. */
function retryAfterOf(headers: Headers): number | null {
  const seconds = wholeOf(headers, 'retry-after');
  if (seconds !== null) return seconds * 1000;
  const resetSeconds = wholeOf(headers, 'x-ratelimit-reset');
  if (resetSeconds === null || wholeOf(headers, 'x-ratelimit-remaining') !== 0) return null;
  return Math.max(0, resetSeconds * 1000 - clock.now());
}

function wholeOf(headers: Headers, name: string): number | null {
  const text = headers.get(name) ?? '';
  return /^\d{1,12}$/.test(text) ? Number(text) : null;
}

/** In a word, where there is one: the system's code lies below what fetch says, which is always the same. */
function reasonOf(thrown: unknown, timeoutMs: number): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.name === 'TimeoutError') return `no whole answer within ${timeoutMs / 1000} s`;
  const inner = thrown.cause instanceof Error ? thrown.cause : thrown;
  return systemCodeOf(inner) ?? inner.message;
}
