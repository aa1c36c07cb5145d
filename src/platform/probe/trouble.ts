import type { Trouble } from '../../answer.ts';
import type { FindingCode } from '../../codes.ts';
import { systemCodeOf } from '../../errors.ts';

/** How trouble travels through the probe until it becomes part of an answer. */
export class Troubled extends Error {
  readonly trouble: Trouble;

  constructor(code: FindingCode, detail: string) {
    super(detail);
    this.trouble = { code, detail };
  }
}

/** What the system and Node say of a connection. TLS has its own words (tls-trouble.ts). */
const CODES: { readonly [systemCode: string]: FindingCode } = {
  ECONNREFUSED: 'NET_REFUSED',
  ECONNRESET: 'NET_RESET',
  ECONNABORTED: 'NET_RESET',
  EPIPE: 'NET_RESET',
  // The kernel gave up before we did.
  ETIMEDOUT: 'NET_TIMEOUT_CONNECT',
};

/** Everything else that keeps a connection from coming about (no route, no socket left, a port that is none) is not reaching it. */
export function troubledBy(error: unknown, where: string): Troubled {
  if (error instanceof Troubled) return error;
  const code = systemCodeOf(error) ?? 'unknown';
  return new Troubled(CODES[code] ?? 'NET_UNREACHABLE', `${where}: ${code}`);
}
