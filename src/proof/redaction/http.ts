// What of a conversation over HTTP may become evidence: headers by allowlist, and the address without who asks.
import { findInUrls } from './url-secrets.ts';
import { disjoint, replaceHits } from './hit.ts';

/** They say what was answered and by which software, never who asked. Authorization, Cookie and Set-Cookie are not here, and never will be. */
const KEPT_HEADERS = new Set(
  `accept-ranges access-control-allow-credentials access-control-allow-headers access-control-allow-methods access-control-allow-origin
  access-control-expose-headers access-control-max-age age allow cache-control content-encoding content-language content-length
  content-security-policy content-type date etag expires last-modified retry-after server strict-transport-security trailer
  transfer-encoding vary via x-content-type-options x-frame-options x-ratelimit-limit x-ratelimit-remaining x-ratelimit-reset x-request-id`.split(
    /\s+/,
  ),
);

/** Names in lower case and in order; of the others nothing stays, not even that they were there. */
export function keptHeaders(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Readonly<Record<string, string>> {
  const kept: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (value !== undefined && KEPT_HEADERS.has(lower)) kept.push([lower, typeof value === 'string' ? value : value.join(', ')]);
  }
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `https://user:pass@host/x?token=abc&page=2` → the same without user and token. */
export function keptUrl(url: string): string {
  const bytes = Buffer.from(url);
  const text = bytes.toString('latin1');
  const at = text.indexOf('://');
  return at === -1 ? url : Buffer.from(replaceHits(bytes, disjoint(findInUrls(text, [at], true)))).toString('utf8');
}
