// git's own `http-backend` over loopback HTTP: a server that takes pushes, and says yes or no by the repository's hooks.
// It runs in a thread of its own, because tests wait for git without letting their own thread turn.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

export interface GitServerOptions {
  /** The folder of the bare repositories. */
  readonly root: string;
  /** What `user:password` must be; everybody may do everything when it is left out. */
  readonly credentials?: string;
  /** To addresses with this in them the answer is 403. */
  readonly forbidden?: string;
}

/** `http://127.0.0.1:<port>`; a repository is the path below it. */
export async function startGitServer(t: TestContext, options: GitServerOptions): Promise<string> {
  const worker = new Worker(new URL(import.meta.url), { workerData: options });
  t.after(() => worker.terminate());
  const [port] = (await once(worker, 'message')) as [number];
  return `http://127.0.0.1:${port}`;
}

if (!isMainThread && parentPort !== null) await serve(workerData as GitServerOptions, parentPort);

async function serve(options: GitServerOptions, port: NonNullable<typeof parentPort>): Promise<void> {
  const server = http.createServer((request, response) => {
    void answer(options, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port.postMessage((server.address() as AddressInfo).port);
}

async function answer(options: GitServerOptions, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const { credentials, forbidden } = options;
  const expected = `Basic ${Buffer.from(credentials ?? '').toString('base64')}`;
  if (credentials !== undefined && request.headers.authorization?.toLowerCase() !== expected.toLowerCase()) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
  } else if (forbidden !== undefined && request.url?.includes(forbidden) === true) {
    response.writeHead(403).end();
  } else {
    await callBackend(options.root, request, response);
  }
}

/** CGI (RFC 3875): the request in variables and on stdin, headers and body on stdout. */
async function callBackend(root: string, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const {
    'content-type': type = '',
    'content-length': length,
    'content-encoding': encoding = '',
    'git-protocol': protocol,
  } = request.headers;
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'http.receivepack',
      GIT_CONFIG_VALUE_0: 'true',
      REQUEST_METHOD: request.method,
      PATH_INFO: decodeURIComponent(path),
      QUERY_STRING: query,
      CONTENT_TYPE: type,
      ...(length === undefined ? {} : { CONTENT_LENGTH: length }),
      HTTP_CONTENT_ENCODING: encoding,
      ...(typeof protocol === 'string' ? { GIT_PROTOCOL: protocol } : {}),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => {}); // it answered without reading everything
  request.pipe(child.stdin);
  const output = await buffer(child.stdout);
  const end = output.indexOf('\r\n\r\n');
  let status = 200;
  for (const line of output.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n')) {
    const [name = '', value = ''] = line.split(/: (.*)/s);
    if (name === 'Status') status = Number.parseInt(value, 10);
    else if (name !== '') response.setHeader(name, value);
  }
  response.writeHead(end < 0 ? 500 : status).end(output.subarray(end + 4));
}
