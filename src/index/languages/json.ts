// JSON, JSON with comments, JSON5: the keys of the top object. A top array has none, and is not read.
import { walkFlow } from '../scanning/flow.ts';
import type { Language, Scan } from './language.ts';
import { endOfLine, isSpace, Outline, startsWith, textOf } from '../scanning/outline.ts';

export default {
  name: 'json',
  extensions: ['.json', '.jsonc', '.json5', '.webmanifest'],
  filenames: ['.babelrc', '.eslintrc', '.jshintrc', '.swcrc'],
  scan: scanJson,
} satisfies Language;

function scanJson(source: Uint8Array): Scan {
  const outline = new Outline(source);
  const open = topValue(source);
  if (source[open] !== 123) return outline.finish();
  walkFlow(source, open, { comments: '/' }, ({ start, end, valueEnd }) => {
    const name = decodeKey(textOf(source, start, end));
    if (name !== '') outline.close(outline.open(name, 'key', start), valueEnd);
  });
  return outline.finish();
}

/** Offset of the first byte that is no blank, comment or byte order mark. */
function topValue(source: Uint8Array): number {
  let at = startsWith(source, '\u00ef\u00bb\u00bf', 0) ? 3 : 0;
  while (at < source.length) {
    if (isSpace(source[at])) at += 1;
    else if (startsWith(source, '//', at)) at = endOfLine(source, at);
    else if (startsWith(source, '/*', at)) at = afterBlock(source, at);
    else break;
  }
  return at;
}

function afterBlock(source: Uint8Array, at: number): number {
  let end = source.indexOf(47, at + 3);
  while (end !== -1 && source[end - 1] !== 42) end = source.indexOf(47, end + 1);
  return end === -1 ? source.length : end + 1;
}

/** `"a\u0062"` → `ab`; a JSON5 key may have single quotes or none. */
function decodeKey(text: string): string {
  const quote = text[0];
  if (quote !== '"' && quote !== "'") return text;
  if (!text.includes('\\')) return text.slice(1, -1);
  try {
    return String(JSON.parse(quote === '"' ? text : `"${text.slice(1, -1).replaceAll("\\'", "'").replaceAll('"', '\\"')}"`));
  } catch {
    // Not valid JSON: the raw bytes name it well enough.
    return text.slice(1, -1);
  }
}
