import type { Http, HttpAnswer, HttpRequest } from '../context.ts';
import { SophiaError, systemCodeOf } from '../errors.ts';

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 16 << 20;

/** One request per connection reuse pool of undici; redirects are answers, not followed. */
export const http: Http = {
  request: async (request) => {
    const { request: ask } = await import('undici');
    const timeoutMs = request.timeoutMs ?? TIMEOUT_MS;
    // Over all: undici's own limits count from byte to byte, and a server that drips would never meet them.
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await ask(request.url, {
        method: request.method,
        headers: { ...request.headers },
        body: request.body ?? null,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        signal: request.signal === undefined ? deadline : AbortSignal.any([request.signal, deadline]),
      });
      return { status: answer.statusCode, headers: toPlain(answer.headers), body: await readAll(request, answer.body) };
    } catch (error) {
      throw toNetworkError(request.url, error);
    }
  },
};

function toPlain(headers: Record<string, string | string[] | undefined>): HttpAnswer['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

async function readAll(request: HttpRequest, body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > (request.maxBytes ?? MAX_BYTES))
      throw new SophiaError('HTTP_TOO_LARGE', { url: withoutSecrets(request.url), limit: request.maxBytes ?? MAX_BYTES });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function toNetworkError(url: string, error: unknown): unknown {
  if (error instanceof SophiaError) return error;
  const code = systemCodeOf(error) ?? '';
  const details = { url: withoutSecrets(url), reason: code || (error instanceof Error ? error.message : String(error)) };
  if (error instanceof Error && error.name === 'TimeoutError')
    return new SophiaError('NET_TIMEOUT', { ...details, reason: 'the time was up' }, { cause: error });
  if (code === 'ECONNREFUSED') return new SophiaError('NET_REFUSED', details, { cause: error });
  if (code.includes('TIMEOUT')) return new SophiaError('NET_TIMEOUT', details, { cause: error });
  if (code === 'ABORT_ERR') return error;
  return new SophiaError('NET_UNREACHABLE', details, { cause: error });
}

function withoutSecrets(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? url : `${parsed.origin}${parsed.pathname}`;
}
