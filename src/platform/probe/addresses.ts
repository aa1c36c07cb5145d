// From a host to the addresses that stand for it, and to each of them in turn.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Limits } from '../../answer.ts';
import { systemCodeOf } from '../../errors.ts';
import type { Course, LookUp } from './draft.ts';
import { Troubled } from './trouble.ts';

export interface Place {
  readonly address: string;
  readonly port: number;
}

export interface Journey extends Course {
  readonly host: string;
  readonly port: number;
  readonly limits: Limits;
}

/**
 * Visits every address, none at the same time as another. Half up is not up: the first that fails gives the answer its trouble.
 * An address that this machine has no way to (IPv6 on a machine without) says nothing about the service: it is only reported, unless
 * there is no other.
 */
export async function visitAddresses(journey: Journey, visit: (place: Place) => Promise<void>): Promise<void> {
  const { port, draft, deadline } = journey;
  const addresses = await addressesOf(journey);
  const failures: Troubled[] = [];
  const unrouted: Troubled[] = [];
  for (const address of addresses) {
    draft.restart();
    const failure = await troubleOf(() => visit({ address, port }));
    draft.addresses.push({ address, port, trouble: failure?.trouble ?? null });
    if (failure !== null) ((await isOurOwn(failure, address, addresses)) ? unrouted : failures).push(failure);
    if (deadline.isOver) break;
  }
  const failure = failures[0] ?? (unrouted.length === draft.addresses.length ? unrouted[0] : undefined);
  if (failure !== undefined) throw failure;
}

async function troubleOf(visit: () => Promise<void>): Promise<Troubled | null> {
  try {
    await visit();
    return null;
  } catch (error) {
    if (error instanceof Troubled) return error;
    throw error;
  }
}

async function addressesOf({ host, limits, draft, deadline, lookUp }: Journey): Promise<readonly string[]> {
  const family = isIP(host);
  if (family !== 0) {
    if (limits.family !== 'any' && limits.family !== family)
      throw new Troubled('DNS_NOT_FOUND', `${host} is no IPv${limits.family} address`);
    return [host];
  }
  if (!isName(host)) throw new Troubled('DNS_NOT_FOUND', 'this is no name of a host');
  const found = await deadline.wait(() => tellAddresses(host, limits, lookUp), {
    limitMs: limits.connectTimeoutMs,
    late: (ms) => new Troubled('DNS_FAILED', `${host} was not looked up within ${ms} ms`),
  });
  draft.mark('dnsMs');
  if (found.length === 0) throw new Troubled('DNS_NOT_FOUND', `${host} has no address`);
  return [...new Set(found)];
}

async function tellAddresses(host: string, { family }: Limits, lookUp: LookUp): Promise<readonly string[]> {
  try {
    return await lookUp(host, family);
  } catch (error) {
    const code = systemCodeOf(error) ?? 'unknown';
    throw new Troubled(code === 'ENOTFOUND' ? 'DNS_NOT_FOUND' : 'DNS_FAILED', `${host}: ${code}`);
  }
}

/** Its hosts file included, in its order. */
export const askSystem: LookUp = async (host, family) => {
  const found = await lookup(host, { all: true, family: family === 'any' ? 0 : family, order: 'verbatim' });
  return found.map(({ address }) => address);
};

/** IPv6 has brackets in a URL, and nowhere else. */
export function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

/** What else Node would throw at, and no name server be asked for. */
export function isName(text: string): boolean {
  return /^[^\s\0]{1,255}$/.test(text);
}

async function isOurOwn({ trouble }: Troubled, address: string, among: readonly string[]): Promise<boolean> {
  return trouble.code === 'NET_UNREACHABLE' && among.length > 1 && !(await hasRoute(address));
}

/** Connecting a datagram socket looks into this machine's routing table, and sends nothing. */
async function hasRoute(address: string): Promise<boolean> {
  const { createSocket } = await import('node:dgram');
  const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
  try {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    socket.on('error', () => resolve(false));
    socket.connect(9, address, (error?: Error) => resolve(error === undefined));
    return await promise;
  } finally {
    socket.close();
  }
}
