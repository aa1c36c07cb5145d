// The one way a command shows something. Plain Markdown: the terminal colours it, a job summary embeds it.
import type { Finding } from './outcome.ts';

export type Cell = string | number | null | undefined;

/** A table with a header row. Cells are text: pipes and line breaks are escaped, null is an em dash. */
export function table(headers: readonly string[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return '';
  const lines = [headers, headers.map((_, column) => (rows.every((row) => typeof row[column] === 'number') ? '---:' : '---'))];
  return [...lines, ...rows].map((row) => `| ${row.map(toCell).join(' | ')} |`).join('\n');
}

/** What a run refuses: one row for each finding that failed. Empty where none did. */
export function failures(findings: readonly Finding[]): string {
  const failed = findings.filter(({ verdict }) => verdict === 'fail');
  return table(
    ['check', 'target', 'reason'],
    failed.map(({ check, target, reason }) => [check, target, reason]),
  );
}

export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

export function link(text: string, target: string): string {
  return `[${text}](${target})`;
}

/** Inline code; longer fences where the text has backticks of its own. */
export function code(text: string): string {
  const runs = text.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  return fence.length === 1 ? `\`${text}\`` : `${fence} ${text} ${fence}`;
}

export function codeBlock(text: string, language = ''): string {
  const runs = text.match(/`{3,}/g) ?? [];
  const fence = '`'.repeat(Math.max(2, ...runs.map((run) => run.length)) + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

export function bold(text: string): string {
  return `**${text}**`;
}

/** Blocks separated by an empty line; empty ones left out. */
export function blocks(...parts: readonly (string | null | undefined | false)[]): string {
  return parts.filter((part) => typeof part === 'string' && part !== '').join('\n\n');
}

/** `1234567` → `1,234,567`. */
export function count(value: number): string {
  return String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ','); // toLocaleString would load all locales, which costs more than the rest
}

/** `file` with a number: `1 file`, `2 files`. */
export function plural(value: number, noun: string, nouns = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : nouns}`;
}

/** Bytes as `12 B`, `3.4 MB` (decimal). */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** Milliseconds as `12 ms`, `1.3 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`;
  if (ms < 172_800_000) return `${Math.floor(ms / 3_600_000)} h ${Math.floor((ms % 3_600_000) / 60_000)} min`;
  return `${Math.floor(ms / 86_400_000)} d ${Math.floor((ms % 86_400_000) / 3_600_000)} h`;
}

/** Text of strangers (file names, log lines) made harmless for a terminal: control characters become visible. */
export function visible(text: string): string {
  return harmless(text)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\t', String.raw`\t`);
}

/** As `visible`, of text whose line breaks and tabs are meant. */
export function harmless(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  return text.replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, (character) => {
    const codePoint = character.codePointAt(0)!;
    return codePoint < 256 ? `\\x${codePoint.toString(16).padStart(2, '0')}` : `\\u${codePoint.toString(16).padStart(4, '0')}`;
  });
}

function toCell(cell: Cell): string {
  if (cell === null || cell === undefined) return '—';
  if (typeof cell === 'number') return count(cell);
  return visible(cell.replaceAll('\n', ' ')).replaceAll('|', String.raw`\|`);
}
