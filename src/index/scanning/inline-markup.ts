// A heading as its reader sees it: emphasis, code marks, links, images and tags removed, their text kept.
// Works on one short line, decoded.

interface Run {
  readonly character: string;
  readonly canOpen: boolean;
  readonly canClose: boolean;
  /** Index of its piece, and how many marks are not yet part of a pair. */
  readonly piece: number;
  count: number;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" };
const PUNCTUATION = /[!-/:-@[-`{-~]/;

export function plainText(line: string): string {
  const markup = line.trim();
  const pieces: string[] = [];
  const runs: Run[] = [];
  let at = 0;
  while (at < markup.length) at = readPiece(markup, at, pieces, runs);
  pairEmphasis(runs);
  for (const { piece, character, count } of runs) pieces[piece] = character.repeat(count);
  return pieces
    .join('')
    .replace(/\{#[^{}]*\}\s*$/, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** Appends what is at `at` and returns the index after it. */
function readPiece(markup: string, at: number, pieces: string[], runs: Run[]): number {
  const character = markup[at]!;
  switch (character) {
    case '\\':
      return readEscape(markup, at, pieces);
    case '`':
      return readCode(markup, at, pieces);
    case '<':
      return readTag(markup, at, pieces);
    case '&':
      return readEntity(markup, at, pieces);
    case '[':
      return readBracket(markup, at, at, pieces);
    case '!':
      return markup[at + 1] === '[' ? readBracket(markup, at, at + 1, pieces) : push(pieces, '!', at + 1);
    case '*':
    case '_':
    case '~':
      return readRun(markup, at, pieces, runs);
    default:
      return push(pieces, character, at + 1);
  }
}

function push(pieces: string[], text: string, next: number): number {
  pieces.push(text);
  return next;
}

function readEscape(markup: string, at: number, pieces: string[]): number {
  const next = markup[at + 1] ?? '';
  return PUNCTUATION.test(next) ? push(pieces, next, at + 2) : push(pieces, '\\', at + 1);
}

function readCode(markup: string, at: number, pieces: string[]): number {
  const marks = /^`+/.exec(markup.slice(at))![0];
  for (let close = markup.indexOf(marks, at + marks.length); close !== -1; close = markup.indexOf(marks, close + 1)) {
    if (markup[close - 1] === '`' || markup[close + marks.length] === '`') continue;
    const code = markup.slice(at + marks.length, close);
    return push(pieces, /^ .*\S.* $/.test(code) ? code.slice(1, -1) : code, close + marks.length);
  }
  return push(pieces, marks, at + marks.length);
}

/** `<https://x>` keeps its address, `<kbd>` and `<!-- note -->` vanish, `a < b` stays. */
function readTag(markup: string, at: number, pieces: string[]): number {
  const rest = markup.slice(at);
  const link = /^<([a-z][a-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)>/i.exec(rest);
  if (link !== null) return push(pieces, link[1]!, at + link[0].length);
  const tag = /^<(?:!--[^]*?-->|\/?[a-z][a-z0-9-]*(?:\s[^<>]*)?\/?>)/i.exec(rest);
  return tag === null ? push(pieces, '<', at + 1) : push(pieces, '', at + tag[0].length);
}

function readEntity(markup: string, at: number, pieces: string[]): number {
  const entity = /^&([a-z]+|#39);/.exec(markup.slice(at, at + 10));
  const text = entity === null ? undefined : ENTITIES[entity[1]!];
  return text === undefined ? push(pieces, '&', at + 1) : push(pieces, text, at + entity![0].length);
}

/** `[text](address)` and `[text][label]` leave `text`; so does `[1.2.0]`, a link by its own name in every changelog. */
function readBracket(markup: string, start: number, open: number, pieces: string[]): number {
  const close = matching(markup, open, '[', ']');
  const next = markup[close + 1];
  const target = next === '(' ? matching(markup, close + 1, '(', ')') : next === '[' ? matching(markup, close + 1, '[', ']') : -1;
  const end = target === -1 && close > open + 2 && start === 0 ? close : target;
  if (close === -1 || end === -1) return push(pieces, markup.slice(start, open + 1), open + 1);
  return push(pieces, plainText(markup.slice(open + 1, close)), end + 1);
}

function matching(markup: string, from: number, open: string, close: string): number {
  let depth = 0;
  for (let at = from; at < markup.length && at >= 0; at += 1) {
    if (markup[at] === '\\') at += 1;
    else if (markup[at] === open) depth += 1;
    else if (markup[at] === close && (depth -= 1) === 0) return at;
  }
  return -1;
}

function readRun(markup: string, at: number, pieces: string[], runs: Run[]): number {
  const character = markup[at]!;
  let end = at;
  while (markup[end] === character) end += 1;
  const before = markup[at - 1] ?? ' ';
  const after = markup[end] ?? ' ';
  const opens = !/\s/.test(after) && (!PUNCTUATION.test(after) || /\s/.test(before) || PUNCTUATION.test(before));
  const closes = !/\s/.test(before) && (!PUNCTUATION.test(before) || /\s/.test(after) || PUNCTUATION.test(after));
  const isInWord = character === '_' && opens && closes;
  const canOpen = opens && (!isInWord || PUNCTUATION.test(before));
  const canClose = closes && (!isInWord || PUNCTUATION.test(after));
  runs.push({ character, canOpen, canClose, piece: pieces.length, count: end - at });
  return push(pieces, '', end);
}

/** Each closer takes the nearest opener of its kind; marks without a partner are text. */
function pairEmphasis(runs: readonly Run[]): void {
  for (const [index, closer] of runs.entries()) {
    if (!closer.canClose) continue;
    for (let before = index - 1; before >= 0 && closer.count > 0; before -= 1) {
      const opener = runs[before]!;
      if (opener.character !== closer.character || !opener.canOpen || opener.count === 0) continue;
      const pair = Math.min(opener.count, closer.count);
      opener.count -= pair;
      closer.count -= pair;
    }
  }
}
