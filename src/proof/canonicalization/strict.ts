// JSON of strangers, where two readers must not understand two things: what JSON.parse would silently decide is refused.
import type { Json } from '../../outcome.ts';
import { decodeUtf8, findTooDeep, parseJson } from '../canonical.ts';

export type Strict = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly problem: string };

/**
 * Refused: invalid UTF-8, a byte order mark, a key that an object has twice, half a surrogate pair, a number that overflows,
 * an integer that a double cannot keep (9007199254740993; -0 is 0), and nesting deeper than `maxDepth`.
 */
export function parseStrict(bytes: Uint8Array, maxDepth: number): Strict {
  // JSON.parse overflows the stack at some 20,000 levels: depth is counted before.
  const tooDeepAt = findTooDeep(bytes, maxDepth);
  if (tooDeepAt !== null) return refuse(`nested deeper than ${maxDepth} levels at byte ${tooDeepAt}`);
  const text = decodeUtf8(bytes);
  if (text === null) return refuse('not UTF-8');
  if (text.startsWith('\uFEFF')) return refuse('starts with a byte order mark');
  try {
    const value = parseJson(text);
    const flaw = findFlaw(text);
    return flaw === null ? { ok: true, value } : refuse(`${placeOf(text, flaw.at)}: ${flaw.problem}`);
  } catch (thrown) {
    return refuse(thrown instanceof Error ? thrown.message : 'not JSON');
  }
}

interface Flaw {
  readonly at: number;
  readonly problem: string;
}

/** The first one. The text is known to be JSON, so its tokens tell themselves apart by their first letter. */
function findFlaw(text: string): Flaw | null {
  // Of each object and list that is open; a list's stays empty.
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '{' || letter === '[') {
      open.push(new Set());
    } else if (letter === '}' || letter === ']') {
      open.pop();
    } else if (letter === '"') {
      const end = endOfString(text, at);
      const problem = judgeString(text, { start: at, end, keys: open.at(-1) });
      if (problem !== null) return { at, problem };
      at = end - 1;
    } else if (letter === '-' || (letter !== undefined && letter >= '0' && letter <= '9')) {
      const literal = numberAt(text, at);
      const problem = judgeNumber(literal);
      if (problem !== null) return { at, problem };
      at += literal.length - 1;
    }
  }
  return null;
}

interface StringToken {
  readonly start: number;
  readonly end: number;
  /** Those that the object around it has so far. */
  readonly keys: Set<string> | undefined;
}

function judgeString(text: string, { start, end, keys }: StringToken): string | null {
  const token = text.slice(start, end);
  const parsed = token.includes('\\') ? parseJson(token) : token.slice(1, -1);
  const value = typeof parsed === 'string' ? parsed : '';
  if (!value.isWellFormed()) return 'a string has a lone surrogate';
  if (!isKey(text, end)) return null;
  if (keys?.has(value)) return `the key ${excerpt(token)} is there twice`;
  keys?.add(value);
  return null;
}

/** In JSON a colon follows a key and nothing else. */
function isKey(text: string, end: number): boolean {
  let at = end;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\t' || text[at] === '\r') at += 1;
  return text[at] === ':';
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function numberAt(text: string, start: number): string {
  const number = /[-+.eE\d]*/y;
  number.lastIndex = start;
  return number.exec(text)?.[0] ?? '';
}

function judgeNumber(literal: string): string | null {
  const value = Number(literal);
  if (!Number.isFinite(value)) return `the number ${excerpt(literal)} overflows a double`;
  if (!/^-?\d+$/.test(literal)) return null;
  const kept = toDigits(Math.abs(value));
  return kept === literal.replace('-', '') ? null : `the integer ${excerpt(literal)} would become ${value}: write it as a string`;
}

/** An integer without an exponent: `1.5e+21` is 1500000000000000000000. */
function toDigits(value: number): string {
  const [, head = '', tail = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:e\+(\d+))?$/.exec(String(value)) ?? [];
  return `${head}${tail.padEnd(Number(exponent), '0')}`;
}

function placeOf(text: string, at: number): string {
  const before = text.slice(0, at);
  return `line ${before.split('\n').length}, column ${at - before.lastIndexOf('\n')}`;
}

function excerpt(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40).toWellFormed()}…`;
}

function refuse(problem: string): Strict {
  return { ok: false, problem };
}
