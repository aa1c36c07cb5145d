// Dockerfile: named stages. What a heredoc holds, and what a backslash continues, is no instruction.
import { Keywords } from '../scanning/keywords.ts';
import type { Language, Scan } from './language.ts';
import { endOfLine, isSpace, Outline, startsWith, textOf } from '../scanning/outline.ts';

export default {
  name: 'dockerfile',
  extensions: ['.dockerfile'],
  filenames: ['Dockerfile', 'Containerfile'],
  scan: scanDockerfile,
} satisfies Language;

const INSTRUCTIONS = new Keywords(['from', 'as', 'run', 'copy', 'add', 'onbuild'], { ignoreCase: true });

function scanDockerfile(source: Uint8Array): Scan {
  const outline = new Outline(source);
  let stage = -1;
  let lastContent = 0;
  let at = startsWith(source, '\u00ef\u00bb\u00bf', 0) ? 3 : 0;
  const escape = escapeByte(source, at);
  while (at < source.length) {
    const start = skipSpace(source, at);
    const end = instructionEnd(source, start, escape);
    const instruction = INSTRUCTIONS.at(source, start, wordEnd(source, start, end));
    if (instruction === 'from') {
      outline.close(stage, lastContent);
      const name = stageName(source, start, end);
      stage = name === '' ? -1 : outline.open(name, 'namespace', start, { exported: true });
    }
    at = instruction === undefined || instruction === 'from' ? end + 1 : afterHeredocs(source, start, end);
    if (start < source.length && source[start] !== 35) lastContent = Math.min(at, source.length) - 1;
  }
  outline.close(stage, lastContent);
  return outline.finish();
}

/** `# escape=` followed by a backtick, on the first line: Windows paths keep their backslashes. */
function escapeByte(source: Uint8Array, start: number): number {
  return /^#\s*escape\s*=\s*`/i.test(textOf(source, start, Math.min(endOfLine(source, start), start + 100))) ? 96 : 92;
}

function skipSpace(source: Uint8Array, from: number): number {
  let at = from;
  while (isSpace(source[at])) at += 1;
  return at;
}

function wordEnd(source: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && !isSpace(source[at])) at += 1;
  return at;
}

/** The `\n` that ends the instruction; comments and empty lines inside a continued one are allowed. */
function instructionEnd(source: Uint8Array, start: number, escape: number): number {
  let end = endOfLine(source, start);
  if (source[start] === 35) return end;
  let continues = lastByte(source, start, end) === escape;
  while (continues && end < source.length) {
    const first = skipSpace(source, end + 1);
    end = endOfLine(source, first);
    if (source[first] !== 35) continues = lastByte(source, first, end) === escape;
  }
  return end;
}

function lastByte(source: Uint8Array, start: number, end: number): number | undefined {
  let at = end - 1;
  while (at >= start && isSpace(source[at])) at -= 1;
  return at >= start ? source[at] : undefined;
}

/** `FROM --platform=$X image AS name` */
function stageName(source: Uint8Array, start: number, end: number): string {
  const [, ...words] = textOf(source, start, Math.min(end, start + 2_000)).split(/\s+/);
  const as = words.findIndex((word) => word.toLowerCase() === 'as');
  return as > 0 ? (words[as + 1] ?? '') : '';
}

/** Offset of the line after the instruction and its `<<EOF … EOF` bodies. */
function afterHeredocs(source: Uint8Array, start: number, end: number): number {
  let at = end + 1;
  for (let mark = start; mark < end; mark += 1) {
    if (source[mark] !== 60 || source[mark + 1] !== 60) continue;
    const head = /^<<(-?)(["']?)([A-Za-z_]\w*)\2/.exec(textOf(source, mark, Math.min(end, mark + 100)));
    if (head !== null) at = afterBody(source, at, head[3]!, head[1] === '-');
    mark += 1;
  }
  return at;
}

function afterBody(source: Uint8Array, from: number, delimiter: string, stripsTabs: boolean): number {
  let at = from;
  while (at < source.length) {
    const end = endOfLine(source, at);
    if (stripsTabs) while (source[at] === 9) at += 1;
    const last = at + delimiter.length;
    if (startsWith(source, delimiter, at) && (last === end || (source[last] === 13 && last + 1 === end))) return end + 1;
    at = end + 1;
  }
  return source.length;
}
