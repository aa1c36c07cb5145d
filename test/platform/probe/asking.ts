// Questions as tests ask them.
import type { TestContext } from 'node:test';
import type { DnsQuestion, HttpQuestion, TcpQuestion, TlsQuestion } from '../../../src/answer.ts';
import { LIMITS, MAX_BODY_BYTES } from '../../fakes/faults/fault.ts';
import type { Listening } from '../../fakes/faults/listening.ts';

export function get(url: string, rest: Partial<HttpQuestion> = {}): HttpQuestion {
  return { kind: 'http', method: 'GET', url, headers: {}, body: null, maxBodyBytes: MAX_BODY_BYTES, ca: null, ...LIMITS, ...rest };
}

export function tcp(port: number, rest: Partial<TcpQuestion> = {}): TcpQuestion {
  return { kind: 'tcp', host: '127.0.0.1', port, ...LIMITS, ...rest };
}

export function tls(port: number, rest: Partial<TlsQuestion> = {}): TlsQuestion {
  return { kind: 'tls', host: '127.0.0.1', port, ca: null, ...LIMITS, ...rest };
}

export function dns(port: number, rest: Partial<DnsQuestion> = {}): DnsQuestion {
  return { kind: 'dns', name: 'service.example', type: 'A', server: `127.0.0.1:${port}`, ...LIMITS, ...rest };
}

/** Closed with the test. */
export async function during<Server extends Pick<Listening, 'close'>>(t: TestContext, starting: Promise<Server>): Promise<Server> {
  const server = await starting;
  t.after(() => server.close());
  return server;
}
