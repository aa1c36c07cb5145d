import { connect as connectSocket, type Socket } from 'node:net';
import type { TcpQuestion } from '../../answer.ts';
import { visitAddresses, withoutBrackets, type Place } from './addresses.ts';
import type { Course } from './draft.ts';
import type { Deadline } from './deadline.ts';
import { Troubled, troubledBy } from './trouble.ts';

export async function askTcp(question: TcpQuestion, course: Course): Promise<void> {
  const { draft, deadline } = course;
  const { port, connectTimeoutMs } = question;
  await visitAddresses({ host: withoutBrackets(question.host), port, limits: question, ...course }, async (place) => {
    const socket = await connect(place, connectTimeoutMs, deadline);
    draft.mark('connectMs');
    draft.stopClock();
    socket.destroy();
  });
}

/** A connection to one address; whoever gets it destroys it. Its errors are listened to for as long as it lives. */
export async function connect(place: Place, limitMs: number, deadline: Deadline): Promise<Socket> {
  const where = nameOf(place);
  if (!Number.isInteger(place.port) || place.port < 0 || place.port > 65_535)
    throw new Troubled('NET_UNREACHABLE', `${where}: there is no such port`);
  return deadline.run<Socket>({
    limitMs,
    late: (ms) => new Troubled('NET_TIMEOUT_CONNECT', `no connection to ${where} within ${ms} ms`),
    begin: (done, fail) => {
      const socket = connectSocket({ host: place.address, port: place.port, autoSelectFamily: false });
      socket.on('error', (error) => fail(troubledBy(error, where)));
      socket.once('connect', () => done(socket));
      return () => socket.destroy();
    },
  });
}

/** As in a URL. */
function nameOf({ address, port }: Place): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
