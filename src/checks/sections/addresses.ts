// Where sophia.yaml sends requests to, and whether anyone on the way may read them.

export const NO_ADDRESS = 'is no address that anything could be asked at';

/** Null where nothing is wrong; with `${…}` in it, that shows only when it is filled in. */
export function flawOfAddress(text: string): 'no-address' | 'in-clear' | null {
  if (text.includes('${')) return null;
  if (!URL.canParse(text)) return 'no-address';
  const { protocol, hostname } = new URL(text);
  return protocol === 'http:' && !isLoopback(hostname) ? 'in-clear' : null;
}

/** As `URL` writes hosts: `127.1` has become 127.0.0.1. */
function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}
