import type { HttpQuestion } from '../../answer.ts';
import { visitAddresses, withoutBrackets } from './addresses.ts';
import { connect } from './connection.ts';
import type { Course } from './draft.ts';
import { exchange } from './exchange.ts';
import type { handshake } from './tls.ts';
import { Troubled } from './trouble.ts';

interface Request {
  readonly question: HttpQuestion;
  readonly url: URL | null;
  /** Of https, loaded only there. */
  readonly handshake: typeof handshake | null;
}

/**
 * The first address that can be talked to gets the request, because a request may change something. The others are connected to, with
 * their certificates judged, and told nothing.
 */
export async function askHttp({ question, url, handshake }: Request, course: Course): Promise<void> {
  const { draft, deadline } = course;
  if (url === null || !/^https?:$/.test(url.protocol)) throw new Troubled('HTTP_PROTOCOL', 'this is no URL of http or https');
  const { connectTimeoutMs: limitMs, ca } = question;
  const host = withoutBrackets(url.hostname);
  let isCarried = false;
  await visitAddresses({ host, port: portOf(url), limits: question, ...course }, async (place) => {
    const socket = await connect(place, limitMs, deadline);
    try {
      draft.mark('connectMs');
      const open = (await handshake?.({ socket, host, ca, protocols: ['http/1.1'], limitMs, ...course })) ?? socket;
      if (isCarried) return;
      isCarried = true;
      await exchange({ socket: open, question, url, ...course });
    } finally {
      // After an answer that is whole Node is ending it already, and to interrupt that costs more than to let it.
      if (!socket.writableEnded) socket.destroy();
    }
  });
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}
