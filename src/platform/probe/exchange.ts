// One request and its answer over a connection that is open already. Node's parser does the reading, and the rest is here, because an
// agent would connect, reuse and send before a certificate was judged.
import { request as requestOver, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpQuestion } from '../../answer.ts';
import { systemCodeOf } from '../../errors.ts';
import { Body } from './body.ts';
import type { Course, Draft } from './draft.ts';
import { codingsOf, decode } from './encoding.ts';
import { Troubled, troubledBy } from './trouble.ts';
import { isOfTls, troubledByTls } from './tls-trouble.ts';

export interface Exchange extends Course {
  readonly socket: Socket;
  readonly question: HttpQuestion;
  readonly url: URL;
}

/** Said here, so that no option of Node's environment makes a server right that breaks the rules. */
const STRICT = { maxHeaderSize: 16_384, insecureHTTPParser: false } as const;

type Headers = Record<string, string[]>;

interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** What came is in the draft, also where trouble is thrown. */
export async function exchange(course: Exchange): Promise<void> {
  const { draft, deadline, question } = course;
  const so: { far: Received | null } = { far: null };
  try {
    await deadline.run<void>({
      limitMs: null,
      late: (ms) => troubledByTime(so.far, ms),
      begin: (done, fail) => converse(course, { done, fail, begun: (received) => (so.far = received) }),
    });
    draft.mark('bodyMs');
  } finally {
    draft.stopClock();
    // A body that is not whole cannot be decoded, and as it came nobody could find a secret in it.
    if (so.far !== null) keep(draft, so.far, isPlain(so.far) ? so.far.body.bytes() : new Uint8Array());
  }
  if (so.far !== null && !isPlain(so.far)) keep(draft, so.far, await decode(so.far, question.maxBodyBytes, deadline));
}

function troubledByTime(received: Received | null, ms: number): Troubled {
  return received === null
    ? new Troubled('NET_TIMEOUT_HEADERS', `no answer began within ${ms} ms`)
    : new Troubled('NET_TIMEOUT_BODY', `the answer did not end within ${ms} ms: ${received.body.sizeBytes} bytes of its body had come`);
}

interface Turns {
  readonly done: () => void;
  readonly fail: (error: Error) => void;
  readonly begun: (received: Received) => void;
}

function converse({ socket, question, url, draft }: Exchange, { done, fail, begun }: Turns): () => void {
  let hasBegun = false;
  const request = send(question, url, socket);
  request.on('response', (response) => {
    draft.mark('ttfbMs');
    hasBegun = true;
    const received = { status: response.statusCode ?? 0, headers: headersOf(response.rawHeaders), body: new Body(question.maxBodyBytes) };
    begun(received);
    read(response, received.body, { done, fail });
  });
  request.on('upgrade', (_response, socket) => {
    socket.destroy();
    fail(new Troubled('HTTP_PROTOCOL', 'the server changed to another protocol unasked'));
  });
  // Bytes after the end of the answer come as an error before its end is told, so the answer is not taken for whole.
  request.on('error', (error) => fail(troubledInExchange(error, url.host, hasBegun)));
  return () => request.destroy();
}

function read(response: IncomingMessage, body: Body, { done, fail }: Pick<Turns, 'done' | 'fail'>): void {
  const cut = (): void => fail(new Troubled('HTTP_TRUNCATED', `the answer broke off after ${body.sizeBytes} bytes of its body`));
  response.on('data', (chunk: Buffer) => {
    if (body.add(chunk)) return;
    fail(new Troubled('HTTP_TOO_LARGE', `the body is larger than ${body.maxBytes} bytes`));
    response.destroy();
  });
  // First of all listeners, and in the turn in which the last byte came: nobody else has closed the connection yet.
  response.prependListener('end', () => {
    if (saysWhereItEnds(response) && response.socket.destroyed)
      fail(new Troubled('HTTP_PROTOCOL', 'after the answer came another one that nobody had asked for'));
  });
  response.on('end', () => (response.complete ? done() : cut()));
  response.on('aborted', cut);
  response.on('error', cut);
}

/** Then more may follow. Where it is a second answer, Node closes the connection and says nothing. */
function saysWhereItEnds({ headers, statusCode }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined || statusCode === 204 || statusCode === 304;
}

/** May throw for what cannot be written as HTTP. */
function send(question: HttpQuestion, url: URL, socket: Socket): ClientRequest {
  try {
    const request = requestOver({
      ...STRICT,
      method: question.method,
      path: `${url.pathname}${url.search}`,
      headers: headerList(question, url),
      createConnection: () => socket,
    });
    // No limit but that of the bytes: of more than 2,000 Node would keep the first, and nobody would know.
    request.maxHeadersCount = 0;
    request.end(question.body ?? undefined);
    return request;
  } catch (error) {
    // Node names the header and not its value, which may be a secret.
    throw new Troubled('HTTP_PROTOCOL', `the request cannot be sent: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** As a flat list: to that Node adds nothing. */
function headerList({ headers, body, method }: HttpQuestion, url: URL): string[] {
  const list = 'host' in headers ? [] : ['host', url.host];
  for (const [name, value] of Object.entries(headers)) if (!FRAMING.has(name)) list.push(name, value);
  if (!('accept-encoding' in headers)) list.push('accept-encoding', 'identity');
  if (!('authorization' in headers) && url.username + url.password !== '') list.push('authorization', basic(url));
  if (body !== null || METHODS_WITH_A_BODY.has(method)) list.push('content-length', String(body?.length ?? 0));
  list.push('connection', 'close');
  return list;
}

const METHODS_WITH_A_BODY: ReadonlySet<HttpQuestion['method']> = new Set(['POST', 'PUT', 'PATCH']);

/** Where a message ends is for whoever sends it to say. */
const FRAMING: ReadonlySet<string> = new Set(['connection', 'content-length', 'transfer-encoding']);

function basic({ username, password }: URL): string {
  return `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
}

/** Without a prototype: `__proto__` and `constructor` are headers like any other. */
function headersOf(raw: readonly string[]): Headers {
  const headers = Object.create(null) as Headers;
  for (let at = 0; at + 1 < raw.length; at += 2) (headers[raw[at]!.toLowerCase()] ??= []).push(raw[at + 1]!);
  return headers;
}

function troubledInExchange(error: Error, host: string, hasBegun: boolean): Troubled {
  if (error instanceof Troubled) return error;
  const code = systemCodeOf(error) ?? '';
  if (code.startsWith('HPE_')) return new Troubled('HTTP_PROTOCOL', `what ${host} sent is not HTTP: ${reasonOf(error)} (${code})`);
  if (isOfTls(error)) return troubledByTls(error, { host, isCertificateShown: true });
  if (hasBegun) return new Troubled('HTTP_TRUNCATED', `the answer broke off: ${code}`);
  return code === 'ECONNRESET' ? new Troubled('NET_RESET', `${host} closed the connection before it answered`) : troubledBy(error, host);
}

function reasonOf(error: Error): string {
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
}

function isPlain({ headers, body }: Received): boolean {
  return body.sizeBytes === 0 || codingsOf(headers).length === 0;
}

function keep(draft: Draft, { status, headers }: Received, body: Uint8Array): void {
  draft.http = { status, headers, body };
}
