// INI and its relatives: the sections. A header stands in the first column; an indented one continues a value.
import type { Language, Scan } from './language.ts';
import { endOfLine, Outline, startsWith, textOf } from '../scanning/outline.ts';

export default {
  name: 'ini',
  extensions: ['.ini', '.cfg', '.properties', '.editorconfig', '.gitconfig'],
  filenames: ['.editorconfig', '.gitconfig', '.gitmodules', '.npmrc', '.pylintrc', '.flake8', '.coveragerc'],
  scan: scanIni,
} satisfies Language;

function scanIni(source: Uint8Array): Scan {
  const outline = new Outline(source);
  let section = -1;
  let lastContent = 0;
  let at = startsWith(source, '\u00ef\u00bb\u00bf', 0) ? 3 : 0;
  while (at < source.length) {
    const end = endOfLine(source, at);
    const name = source[at] === 91 ? sectionName(source, at, end) : '';
    if (name !== '') {
      outline.close(section, lastContent);
      section = outline.open(name, 'namespace', at);
    }
    if (isContent(source, at, end)) lastContent = end - 1;
    at = end + 1;
  }
  outline.close(section, lastContent);
  return outline.finish();
}

/** Up to the last `]` before a comment: `[*.[ch]]` is a glob of .editorconfig. */
function sectionName(source: Uint8Array, start: number, end: number): string {
  const text = textOf(source, start + 1, Math.min(end, start + 1_000));
  const comment = text.search(/\s[;#]/);
  const close = text.lastIndexOf(']', comment === -1 ? undefined : comment);
  return close === -1 || /\S/.test(text.slice(close + 1, comment === -1 ? undefined : comment)) ? '' : text.slice(0, close).trim();
}

function isContent(source: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && (source[at] === 32 || source[at] === 9 || source[at] === 13)) at += 1;
  return at < end && source[at] !== 35 && source[at] !== 59;
}
