// Which format a document is in, where nobody said it for certain.
import type { MetricsFormat } from './reading.ts';

/** Null where it is none of them: a page, an error in words, JSON of another kind. */
export function detectFormat(text: string, mediaType: string | null): MetricsFormat | null {
  const said = formatOfMediaType(mediaType);
  if (said !== null) return said;
  if (/^\s*\{/.test(text)) return 'sophia-json';
  if (/^\s*</.test(text) || !looksLikeText(text)) return null;
  return looksLikeOpenMetrics(text) ? 'openmetrics' : 'prometheus';
}

/** Whether any of the first lines is one of a text format. */
export function looksLikeText(text: string): boolean {
  const head = text.slice(0, EXCERPT_LENGTH);
  return METADATA.test(head) || SAMPLE.test(head);
}

/** So much is looked at. A line may be cut at its end: what stands before it decides. */
const EXCERPT_LENGTH = 64 * 1024;
const METADATA = /^[ \t]*#[ \t]*(?:HELP|TYPE|UNIT)[ \t]|^# EOF\s*$/m;
/** A name and a number, or a name and its first label. `Error: 502` is prose, although a name may end with a colon. */
const SAMPLE = /^[ \t]*[A-Za-z_:][\w:]*(?<!:)(?:[ \t]*\{[ \t]*[A-Za-z_}]|[ \t]+[-+]?(?:\.?\d|inf|nan))/im;

function formatOfMediaType(mediaType: string | null): MetricsFormat | null {
  const [type = '', ...parameters] = (mediaType ?? '').split(';').map((part) => part.trim().toLowerCase());
  if (type === 'application/openmetrics-text') return 'openmetrics';
  if (type === 'application/json' || type.endsWith('+json')) return 'sophia-json';
  return type === 'text/plain' && parameters.some((each) => /^version="?0\.0\.4"?$/.test(each)) ? 'prometheus' : null;
}

/** Its end, or what only it has; so a document that was cut off is not taken for one of the format that needs no end. */
function looksLikeOpenMetrics(text: string): boolean {
  if (/(?:^|\n)# EOF\s*$/.test(text.slice(-64))) return true;
  const head = text.slice(0, EXCERPT_LENGTH);
  if (/^# UNIT [A-Za-z_:]/m.test(head)) return true;
  if (/^# TYPE [\w:]+ (?:unknown|info|stateset|gaugehistogram)$/m.test(head)) return true;
  const counters = [...head.matchAll(/^# TYPE ([\w:]+) counter$/gm)].map(([, name = '']) => `${name}_total`);
  return counters.length > 0 && isAnyIn(new Set(counters), head);
}

/** A counter whose samples have a suffix that its name has not. */
function isAnyIn(names: ReadonlySet<string>, head: string): boolean {
  for (const [name] of head.matchAll(/^[A-Za-z_:][\w:]*/gm)) if (names.has(name)) return true;
  return false;
}
