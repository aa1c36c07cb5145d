// What the built-in checks of a service stand on: its url, and how it is to be asked.
import type { HttpQuestion, Limits } from '../../answer.ts';
import { addressOf } from '../address.ts';
import type { Defaults } from '../service.ts';

export interface Ground {
  /** Filled in. */
  readonly url: string;
  readonly defaults: Defaults;
  /** PEM. */
  readonly ca: string | null;
}

export function toGet({ url, defaults, ca }: Ground, path: string, accept: string): HttpQuestion {
  return {
    kind: 'http',
    method: 'GET',
    url: addressOf(url, path),
    headers: { accept, 'user-agent': defaults.userAgent },
    body: null,
    maxBodyBytes: defaults.maxBodyBytes,
    ca,
    ...limitsOf(defaults),
  };
}

export function limitsOf({ timeoutMs, connectTimeoutMs, family }: Defaults): Limits {
  return { timeoutMs, connectTimeoutMs, family };
}
