import { Resolver, type CaaRecord, type MxRecord, type SrvRecord } from 'node:dns';
import type { DnsQuestion, RecordType } from '../../answer.ts';
import { systemCodeOf } from '../../errors.ts';
import { isName } from './addresses.ts';
import type { Course } from './draft.ts';
import { Troubled } from './trouble.ts';

/** Asks a name server itself; the hosts file has no say. A name that has other records, and none of this type, has an empty list of them. */
export async function askDns(question: DnsQuestion, { draft, deadline }: Course): Promise<void> {
  const { name, type } = question;
  if (!isName(name)) throw new Troubled('DNS_NOT_FOUND', 'this is no name that could be asked for');
  const resolver = resolverFor(question);
  const found = await deadline.run<readonly unknown[]>({
    limitMs: null,
    late: (ms) => new Troubled('DNS_FAILED', `${name}: no answer within ${ms} ms`),
    begin: (done, fail) => {
      resolver.resolve(name, type, (error, records) => {
        if (error === null) done(Array.isArray(records) ? records : [records]);
        else if (systemCodeOf(error) === 'ENODATA') done([]);
        else fail(troubledByServer(name, systemCodeOf(error) ?? 'unknown'));
      });
      return () => resolver.cancel();
    },
  });
  draft.mark('dnsMs');
  draft.records = found.map((record) => textOf(type, record)).toSorted();
}

function resolverFor({ server, timeoutMs }: DnsQuestion): Resolver {
  // Asking once is the question; asking again is for whoever asked it. A moment longer than the deadline, which has the last word.
  const resolver = new Resolver({ timeout: Math.min(timeoutMs + 1000, 2 ** 31 - 1), tries: 1 });
  try {
    if (server !== null) resolver.setServers([server]);
  } catch {
    throw new Troubled('DNS_FAILED', `${server} is no address of a name server`);
  }
  return resolver;
}

function troubledByServer(name: string, code: string): Troubled {
  return code === 'ENOTFOUND' ? new Troubled('DNS_NOT_FOUND', `there is no ${name}`) : new Troubled('DNS_FAILED', `${name}: ${code}`);
}

/** As a zone file has it, names without the dot at their end. */
function textOf(type: RecordType, record: unknown): string {
  switch (type) {
    case 'MX': {
      const { priority, exchange } = record as MxRecord;
      return `${priority} ${exchange}`;
    }
    case 'SRV': {
      const { priority, weight, port, name } = record as SrvRecord;
      return `${priority} ${weight} ${port} ${name}`;
    }
    case 'CAA': {
      const { critical, ...property } = record as CaaRecord;
      const [tag, value] = Object.entries(property).find(([key]) => key !== 'type') ?? ['', ''];
      return `${critical} ${tag} "${String(value)}"`;
    }
    // A text of more than 255 bytes is sent in pieces.
    case 'TXT':
      return (record as readonly string[]).join('');
    default:
      return record as string;
  }
}
