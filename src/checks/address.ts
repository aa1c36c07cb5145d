// Where a path of a service is, under whatever its url begins with.

/**
 * `https://host/app` and `/healthz` are `https://host/app/healthz`: a path never leads to another host. Spelled as it is sent.
 * The url must be one.
 */
export function addressOf(url: string, path: string): string {
  const { origin, pathname } = new URL(url);
  const address = new URL(`${origin}${pathname.replace(/\/$/, '')}${path.startsWith('/') ? path : `/${path}`}`);
  address.hash = '';
  return address.href;
}
