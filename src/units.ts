// Durations, sizes and moments as people write them, in options, in sophia.yaml and in documents.

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export const DURATION_PATTERN = '\\d+(?:\\.\\d+)?(?:ms|s|m|h|d)';

/** `10s` → 10000 (milliseconds); null for what is no duration. */
export function parseDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  return match === null ? null : Math.round(Number(match[1]) * MILLISECONDS[match[2] as keyof typeof MILLISECONDS]);
}

const BYTES: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
};

export const SIZE_PATTERN = '\\d+(?:\\.\\d+)?\\s*(?:[bB]|[kKmMgG](?:[iI]?[bB])?)?';

/** `1MiB`, `500KB`, `1048576` → bytes; null for what is no size. */
export function parseSize(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text);
  const factor = BYTES[(match?.[2] ?? '').toLowerCase() || 'b'];
  return match === null || factor === undefined ? null : Math.round(Number(match[1]) * factor);
}

/** `2026-11-23T06:00:00Z`, or with another zone → milliseconds since 1970; null for what is none, such as a 31st of February. */
export function parseMoment(text: string): number | null {
  const [, day] = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const ms = Date.parse(text);
  if (day === undefined || Number.isNaN(ms)) return null;
  // The 31st of February would silently be a day in March.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day) ? ms : null;
}
