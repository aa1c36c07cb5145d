// The scalars of a JSON text with the place of each: a finding that names no line is a riddle.
import type { Json } from '../../outcome.ts';
import { findTooDeep, parseJson } from '../canonical.ts';

export interface Fact {
  /** Keys and list positions from the top: `['services', '0', 'status']`. */
  readonly keys: readonly string[];
  /** The last key that is a name, plain: `exit_code` and `exitCode` are one. */
  readonly name: string;
  readonly value: string | number | boolean | null;
  /** Where its text begins, in UTF-16 units. */
  readonly offset: number;
}

export type JsonText =
  | { readonly ok: true; readonly value: Json; readonly facts: readonly Fact[] }
  | { readonly ok: false; readonly offset: number; readonly reason: string };

const MAX_DEPTH = 256;

export function readJson(text: string): JsonText {
  // JSON.parse overflows the stack at some 20,000 levels.
  if (findTooDeep(Buffer.from(text), MAX_DEPTH) !== null) return { ok: false, offset: 0, reason: `nested deeper than ${MAX_DEPTH} levels` };
  try {
    return { ok: true, value: parseJson(text), facts: factsIn(text) };
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : 'not JSON';
    return { ok: false, offset: findBreak(text, message), reason: describe(message) };
  }
}

/** `exit_code`, `exit-code`, `Exit Code`, `exitCode` → `exitcode`. */
export function plainName(key: string): string {
  return key.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** Without the text around the place, which V8 quotes and which may hold a secret. */
function describe(message: string): string {
  return message.replace(/,? *"[^]*$/, '').replace(/(?: in JSON)? at position[^]*$/, '');
}

/** V8 does not say where an unexpected token stands: at the end of the shortest beginning of the text that has one. */
function findBreak(text: string, message: string): number {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  if (!message.startsWith('Unexpected token')) return text.trimEnd().length;
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (hasUnexpectedToken(text.slice(0, middle))) bad = middle;
    else good = middle;
  }
  return good;
}

function hasUnexpectedToken(text: string): boolean {
  try {
    parseJson(text);
    return false;
  } catch (thrown) {
    return thrown instanceof Error && thrown.message.startsWith('Unexpected token');
  }
}

interface Level {
  readonly isList: boolean;
  /** Of what comes next: a position, or a key once it was read. */
  key: string | null;
  index: number;
}

const TOKEN = /\s*(?:([{}[\],:])|("(?:[^"\\]|\\[^])*")|([^\s{}[\],:"]+))/gy;

/** Of a text that is known to be JSON: its tokens tell themselves apart by their first letter. */
function factsIn(text: string): readonly Fact[] {
  const facts: Fact[] = [];
  const open: Level[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const [whole, mark, string, word] = match;
    const level = open.at(-1);
    const offset = match.index + whole.length - (mark ?? string ?? word ?? '').length;
    if (mark === '{' || mark === '[') open.push({ isList: mark === '[', key: mark === '[' ? '0' : null, index: 0 });
    else if (mark === '}' || mark === ']') open.pop();
    else if (mark === ',' && level !== undefined) moveOn(level);
    else if (mark !== undefined) continue;
    else if (level?.key === null) level.key = JSON.parse(string ?? '""') as string;
    else facts.push(factAt(open, parseJson(string ?? word ?? 'null') as Fact['value'], offset));
  }
  return facts;
}

function moveOn(level: Level): void {
  level.index += 1;
  level.key = level.isList ? String(level.index) : null;
}

function factAt(open: readonly Level[], value: Fact['value'], offset: number): Fact {
  const keys = open.map(({ key }) => key ?? '');
  const name = keys.findLast((_, depth) => open[depth]?.isList === false) ?? '';
  return { keys, name: plainName(name), value, offset };
}
