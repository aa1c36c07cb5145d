// A name server on UDP that knows one answer (RFC 1035 §4): addresses, a refusal, or nothing at all.
import dgram from 'node:dgram';
import { once } from 'node:events';
import type { Listening, Seen } from './listening.ts';

/** IPv4 addresses for a name. */
export type Zone = (name: string) => readonly string[] | 'SERVFAIL' | 'NXDOMAIN' | 'SILENCE';

export async function startDns(zone: Zone): Promise<Listening> {
  const requests: Seen[] = [];
  const socket = dgram.createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const name = nameIn(query);
    requests.push({ method: 'QUERY', path: name, headers: {} });
    const records = zone(name);
    if (records !== 'SILENCE') socket.send(reply(query, records), port, address);
  });
  await once(socket.bind(0, '127.0.0.1'), 'listening');
  return {
    port: socket.address().port,
    requests,
    close: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

const HEADER_BYTES = 12;
const CODES = { SERVFAIL: 2, NXDOMAIN: 3 } as const;

function nameIn(query: Buffer): string {
  const labels: string[] = [];
  for (let at = HEADER_BYTES; (query[at] ?? 0) > 0; at += 1 + query[at]!)
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]!));
  return labels.join('.');
}

/** The question again, without what else the query brought, and an answer of type A for each address. */
function reply(query: Buffer, records: readonly string[] | keyof typeof CODES): Buffer {
  const question = query.subarray(HEADER_BYTES, HEADER_BYTES + nameIn(query).length + 2 + 4);
  const addresses = typeof records === 'string' ? [] : records;
  const header = Buffer.alloc(HEADER_BYTES);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x81_80 | (typeof records === 'string' ? CODES[records] : 0), 2); // an answer; recursion wanted and available
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  return Buffer.concat([header, question, ...addresses.map(toRecord)]);
}

function toRecord(address: string): Buffer {
  // The name where the question has it, type A, class IN, a minute, four bytes.
  const head = [0xc0, HEADER_BYTES, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4];
  return Buffer.from([...head, ...address.split('.').map(Number)]);
}
