// A place in bytes that must not be shown.

export interface Hit {
  readonly start: number;
  readonly end: number;
  /** `env:NAME` or `pattern:ID`. */
  readonly label: string;
}

/** In order, and overlapping ones joined: what lies half in one secret and half in another is gone as a whole. */
export function disjoint(hits: readonly Hit[]): readonly Hit[] {
  if (hits.length === 0) return hits;
  const joined: Hit[] = [];
  for (const hit of hits.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = joined.at(-1);
    if (last === undefined || hit.start >= last.end) joined.push(hit);
    else if (hit.end > last.end) joined[joined.length - 1] = { ...last, end: hit.end };
  }
  return joined;
}

export function replaceHits(bytes: Uint8Array, hits: readonly Hit[], toText = toReplacement): Uint8Array {
  if (hits.length === 0) return bytes;
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const { start, end, label } of hits) {
    parts.push(bytes.subarray(from, start), Buffer.from(toText(label)));
    from = end;
  }
  return Buffer.concat([...parts, bytes.subarray(from)]);
}

function toReplacement(label: string): string {
  return `[redacted:${label}]`;
}
