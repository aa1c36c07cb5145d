// `host:port`, as sophia.yaml writes it; an IPv6 address stands in brackets.
import type { Shape } from '../shape.ts';
import { toldShape } from './told-shape.ts';

export interface HostPort {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Null for what is none. */
export function parseHostPort(text: string): HostPort | null {
  const found = /^(?:\[([\da-fA-F:.]+)\]|([^\s:/?#@[\]]+)):(\d{1,5})$/.exec(text);
  const [, v6, name, digits] = found ?? [];
  const host = v6 ?? name;
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535 || (v6 !== undefined && !v6.includes(':'))) return null;
  return { host, port };
}

/** Also one with a variable in it: what it is filled with is not known when the file is read. */
export const hostPortShape: Shape<string> = shapeOf('a host and a port, like db.internal:5432 or [::1]:5432', () => true);

/** A server that answers for names cannot be found by its own. */
export const addressPortShape: Shape<string> = shapeOf('an address and a port, like 127.0.0.1:53 or [::1]:53', ({ host }) =>
  /^\d+\.\d+\.\d+\.\d+$|:/.test(host),
);

function shapeOf(what: string, isRight: (address: HostPort) => boolean): Shape<string> {
  return toldShape({ type: 'string', description: what }, (value) => {
    const address = typeof value === 'string' ? parseHostPort(value) : null;
    if (typeof value === 'string' && value.includes('${')) return null;
    return address !== null && isRight(address) ? null : `must be ${what}`;
  });
}
