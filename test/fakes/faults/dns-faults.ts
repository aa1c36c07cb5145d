import { LIMITS, toSophiaYaml, type Expected, type Fault, type Faulty } from './fault.ts';
import { startDns, type Zone } from './dns-server.ts';

const NAME = 'service.example';
const RIGHT = '203.0.113.7';

export const DNS_FAULTS: readonly Fault[] = [
  named('servfail', 'DNS_FAILED', () => 'SERVFAIL'),
  named('nxdomain', 'DNS_NOT_FOUND', () => 'NXDOMAIN'),
  named('dns-timeout', 'DNS_FAILED', () => 'SILENCE'),
  named('wrong-record', 'DNS_RECORD', () => ['198.51.100.9']),
];

function named(name: string, code: Expected['code'], zone: Zone): Fault {
  return { name, group: 'dns', start: () => startName(zone), expect: { check: 'name', verdict: 'fail', code } };
}

/** No service behind it: only its name is asked for. */
export async function startName(zone: Zone): Promise<Faulty> {
  const listening = await startDns(zone);
  const { port, requests } = listening;
  const server = `127.0.0.1:${port}`;
  const service = ['checks:', `  - {id: name, dns: {name: ${NAME}, type: A, server: '${server}', includes: ['${RIGHT}']}}`];
  return {
    url: null,
    page: null,
    host: '127.0.0.1',
    port,
    ca: null,
    sophiaYaml: toSophiaYaml({ faulty: service }),
    service,
    question: { kind: 'dns', name: NAME, type: 'A', server, ...LIMITS },
    requests,
    close: () => listening.close(),
  };
}
