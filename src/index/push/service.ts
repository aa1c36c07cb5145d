// A context service, seen from outside: requests that may be repeated, and answers sorted into what they mean.
// The contract is docs/context-service.md.
import type { Context, HttpAnswer, HttpRequest } from '../../context.ts';
import { SophiaError, toProblem } from '../../errors.ts';
import type { Json } from '../../outcome.ts';
import type { Address } from './address.ts';

export interface ServiceOptions {
  readonly address: Address;
  readonly token: string | null;
  /** Where the token comes from, for the hint of a refusal. */
  readonly variable: string;
  readonly refusal: 'PUSH_REFUSED' | 'SERVICE_REFUSED';
  /** How often a request is made before "later" is the answer. */
  readonly attempts: number;
}

export interface PostRequest {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Statuses whose body is an answer, beside 200. */
  readonly answers: readonly number[];
}

/** A wrong address must not fill the memory. */
const MAX_ANSWER_BYTES = 8 << 20;
const TIMEOUT_MS = 30_000;
const FIRST_WAIT_MS = 500;
/** A service that asks for more than this is not waited for. */
const MAX_WAIT_MS = 30_000;
const MAX_FOREIGN_TEXT = 200;

export class ContextService {
  readonly #context: Context;
  readonly #options: ServiceOptions;
  /** Requests that had to be made again. */
  retries = 0;

  constructor(context: Context, options: ServiceOptions) {
    this.#context = context;
    this.#options = options;
  }

  get url(): string {
    return this.#options.address.base;
  }

  /** Throws `NET_*`, `HTTP_TOO_LARGE`, `SERVICE_*` and the code of a refusal. The body is whatever JSON came. */
  async get(path: string, query: Readonly<Record<string, string>>): Promise<Json> {
    return await this.#ask({ method: 'GET', url: `${this.url}${path}?${new URLSearchParams(query).toString()}` }, [200]);
  }

  async post(path: string, { body, headers, answers }: PostRequest): Promise<Json> {
    return await this.#ask({ method: 'POST', url: `${this.url}${path}`, headers, body }, [200, ...answers]);
  }

  async #ask(request: HttpRequest, answers: readonly number[]): Promise<Json> {
    const { clock, log, signal } = this.#context;
    for (let attempt = 1; ; attempt += 1) {
      const { failure, body } = await this.#try(request, answers);
      if (failure === null) return body;
      const waitMs = failure.waitMs ?? FIRST_WAIT_MS * 2 ** (attempt - 1);
      if (!toProblem(failure.error).retryable || attempt >= this.#options.attempts || waitMs > MAX_WAIT_MS) throw failure.error;
      log.debug(`${failure.error.message}; again in ${waitMs} ms`);
      await clock.sleep(waitMs, signal).catch(() => {});
      signal.throwIfAborted();
      this.retries += 1;
    }
  }

  async #try(request: HttpRequest, answers: readonly number[]): Promise<Tried> {
    const { http, signal } = this.#context;
    const { token } = this.#options;
    const headers = { accept: 'application/json', ...request.headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
    try {
      const answer = await http.request({ ...request, headers, signal, timeoutMs: TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES });
      if (answers.includes(answer.status)) return { failure: null, body: this.#parse(answer) };
      return { failure: { error: this.#toError(answer), waitMs: readWait(answer, this.#context.clock.now()) }, body: null };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof SophiaError)) throw error;
      return { failure: { error: error as SophiaError, waitMs: null }, body: null }; // instanceof forgets which codes there are
    }
  }

  #parse(answer: HttpAnswer): Json {
    const body = readJson(answer);
    if (body !== undefined) return body;
    throw new SophiaError('SERVICE_BAD_ANSWER', { url: this.url, reason: `HTTP ${answer.status} with a body that is not JSON` });
  }

  #toError(answer: HttpAnswer): SophiaError {
    const { url } = this;
    const { status } = answer;
    const said = describeProblem(answer);
    const { variable, refusal } = this.#options;
    if (status === 401 || status === 403) return new SophiaError(refusal, { url, said: said ?? `HTTP ${status}`, variable });
    if (status === 408 || status === 429 || status >= 500)
      return new SophiaError('SERVICE_UNAVAILABLE', { url, said: said ?? `HTTP ${status}` });
    if (status >= 400 && said !== null) return new SophiaError('SERVICE_REJECTED', { url, said });
    const reason = status >= 300 && status < 400 ? `HTTP ${status}, a redirect; a token is not carried to another place` : `HTTP ${status}`;
    return new SophiaError('SERVICE_BAD_ANSWER', { url, reason });
  }
}

interface Tried {
  readonly failure: { readonly error: SophiaError; readonly waitMs: number | null } | null;
  readonly body: Json;
}

/** Undefined for what is not JSON; its text goes nowhere. */
function readJson({ body }: HttpAnswer): Json | undefined {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as Json;
  } catch {
    return undefined;
  }
}

/** The code and title of an RFC 9457 problem, or null: anything else is not a context service talking. */
function describeProblem(answer: HttpAnswer): string | null {
  const body = readJson(answer);
  if (typeof body !== 'object' || body === null || !('code' in body)) return null;
  const { code, title } = body;
  if (typeof code !== 'string' || !/^[A-Z][A-Z0-9_]{1,63}$/.test(code)) return null;
  const words = typeof title === 'string' ? `: ${title.slice(0, MAX_FOREIGN_TEXT).toWellFormed()}` : '';
  return `HTTP ${answer.status} ${code}${words}`;
}

/** `Retry-After` in seconds or as a date, in ms; null where there is none. */
function readWait({ headers }: HttpAnswer, nowMs: number): number | null {
  const given = headers['retry-after'];
  if (given === undefined) return null;
  const untilMs = /^\d+$/.test(given) ? nowMs + Number(given) * 1000 : Date.parse(given);
  return Number.isNaN(untilMs) ? null : Math.max(0, untilMs - nowMs);
}
