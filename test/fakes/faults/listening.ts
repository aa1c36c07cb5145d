// Servers on ports of loopback that the system chooses, and what they were asked.
import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface Listening {
  readonly port: number;
  /** In the order in which they came; filled while the server runs. */
  readonly requests: readonly Seen[];
  close(): Promise<void>;
}

/** HTTP as it should be, over TLS where there are options for it. */
export async function listenHttp(listener: RequestListener, tls: TlsOptions | null = null): Promise<Listening> {
  const requests: Seen[] = [];
  const answer: RequestListener = (request, response) => {
    requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers });
    listener(request, response);
  };
  return listen(tls === null ? http.createServer(answer) : https.createServer(tls, answer), requests);
}

/** What no HTTP server would send: `talk` gets the connection once the head of a request has come. */
export function listenRaw(talk: (socket: Socket) => void): Promise<Listening> {
  const requests: Seen[] = [];
  const server = net.createServer((socket) => {
    let head = '';
    const hear = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.off('data', hear);
      socket.resume();
      requests.push(toSeen(head));
      talk(socket);
    };
    socket.on('data', hear);
  });
  return listen(server, requests);
}

/** A connection, and not a word waited for. */
export function listenTcp(talk: (socket: Socket) => void): Promise<Listening> {
  return listen(net.createServer(talk), []);
}

/** A port at which nothing listens: it was ours until a moment ago. */
export async function closedPort(): Promise<Listening> {
  const server = await listenTcp(() => {});
  await server.close();
  return { ...server, close: () => Promise.resolve() };
}

async function listen(server: net.Server, requests: readonly Seen[]): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {}); // the other side may break off as it likes
  });
  server.on('tlsClientError', () => {});
  server.on('secureConnection', (socket: Socket) => socket.on('error', () => {}));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function toSeen(head: string): Seen {
  const [first = '', ...lines] = head.slice(0, head.indexOf('\r\n\r\n')).split('\r\n');
  const [method = '', path = ''] = first.split(' ');
  const headers = lines.map((line) => line.split(/:\s*(.*)/s)).map(([name = '', value = '']) => [name.toLowerCase(), value] as const);
  return { method, path, headers: Object.fromEntries(headers) };
}
