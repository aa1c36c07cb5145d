// Markdown on a terminal: tables are aligned, marks become colour. chalk is loaded where there is colour.
import { harmless } from '../markdown.ts';

export interface TerminalOptions {
  readonly hasColour: boolean;
}

const RESULT_COLOURS = { PASSED: 'green', WARNED: 'yellow', FAILED: 'red', UNKNOWN: 'magenta' } as const;
const VERDICT_COLOURS = {
  pass: 'green',
  flaky: 'yellow',
  warn: 'yellow',
  fail: 'red',
  unknown: 'magenta',
  blocked: 'magenta',
  skipped: 'gray',
} as const;

export async function renderMarkdown(markdown: string, { hasColour }: TerminalOptions): Promise<string> {
  const paint = hasColour ? await loadColours() : PLAIN;
  // Names and contents of strangers are in it: what would move the cursor or the title is shown instead.
  const lines = harmless(markdown).split('\n');
  const output: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const fence = /^(`{3,})/.exec(lines[index]!)?.[1];
    if (fence !== undefined) {
      const end = lines.indexOf(fence, index + 1);
      output.push(...lines.slice(index + 1, end).map((line) => `  ${line}`));
      index = end === -1 ? lines.length : end;
    } else if (lines[index]!.startsWith('| ')) {
      const rows = takeTable(lines, index);
      output.push(...renderTable(rows, paint));
      index += rows.length - 1;
    } else {
      output.push(renderLine(lines[index]!, paint));
    }
  }
  return output.join('\n');
}

type Colour = (typeof RESULT_COLOURS)[keyof typeof RESULT_COLOURS] | (typeof VERDICT_COLOURS)[keyof typeof VERDICT_COLOURS];

/** What the marks of a text become. */
interface Paint {
  bold(text: string): string;
  heading(text: string): string;
  code(text: string): string;
  coloured(text: string, colour: Colour): string;
}

const PLAIN: Paint = { bold: (text) => text, heading: (text) => text, code: (text) => text, coloured: (text) => text };

async function loadColours(): Promise<Paint> {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return {
    bold: (text) => chalk.bold(text),
    heading: (text) => chalk.bold.underline(text),
    code: (text) => chalk.cyan(text),
    coloured: (text, colour) => chalk[colour](text),
  };
}

function takeTable(lines: readonly string[], from: number): string[] {
  let end = from;
  while (end < lines.length && lines[end]!.startsWith('| ')) end += 1;
  return lines.slice(from, end);
}

function renderTable(lines: readonly string[], paint: Paint): string[] {
  const rows = lines.map((line) =>
    line
      .slice(2, -2)
      .split(/(?<!\\) \| /)
      .map((cell) => cell.replaceAll(String.raw`\|`, '|')),
  );
  const [headers = [], marks = [], ...body] = rows;
  const cells = [headers, ...body].map((row) => row.map((cell) => renderInline(cell, paint)));
  const plain = [headers, ...body].map((row) => row.map(withoutMarks));
  const widths = headers.map((_, column) => Math.max(...plain.map((row) => widthOf(row[column] ?? ''))));
  return cells.map((row, rowIndex) =>
    row
      .map((cell, column) => {
        const padding = ' '.repeat(Math.max(0, widths[column]! - widthOf(plain[rowIndex]![column]!)));
        const text = rowIndex === 0 ? paint.bold(cell) : cell;
        return marks[column]?.endsWith(':') ? padding + text : text + padding;
      })
      .join('  ')
      .trimEnd(),
  );
}

function renderLine(line: string, paint: Paint): string {
  const heading = /^#+ (.*)$/.exec(line)?.[1];
  return heading === undefined ? renderInline(line, paint) : paint.heading(renderInline(heading, paint));
}

function renderInline(text: string, paint: Paint): string {
  // Links first: a colour begins with a bracket too.
  return text
    .replaceAll(/\[([^\]]*)\]\(([^)]*)\)/g, (_, inner: string, target: string) => (inner === target ? inner : `${inner} (${target})`))
    .replaceAll(/\*\*([^*]+)\*\*/g, (_, inner: string) => paintWord(inner, paint) ?? paint.bold(inner))
    .replaceAll(/(`+) ?(.+?) ?\1/g, (_, _fence: string, inner: string) => paint.code(inner))
    .replace(/^(pass|flaky|warn|fail|unknown|blocked|skipped)$/, (word) => paintWord(word, paint) ?? word);
}

function paintWord(word: string, paint: Paint): string | null {
  if (word in RESULT_COLOURS) return paint.bold(paint.coloured(word, RESULT_COLOURS[word as keyof typeof RESULT_COLOURS]));
  return word in VERDICT_COLOURS ? paint.coloured(word, VERDICT_COLOURS[word as keyof typeof VERDICT_COLOURS]) : null;
}

function withoutMarks(text: string): string {
  return renderInline(text, PLAIN);
}

/** Columns on a terminal: wide characters take two, combining marks none. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mn}|\p{Cf}/u.test(character)) continue;
    width +=
      /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Extended_Pictographic}/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}
