// Patterns of the configuration. A regular expression can take longer than anyone waits, so those that certainly do are refused.
import { regex, type Shape } from '../../shape.ts';

/** As a key of sophia.yaml. */
export const PATTERN_SHAPE: Shape<string> = {
  schema: regex().schema,
  accepts: (value): value is string => regex().accepts(value) && flawOfPattern(value) === null,
  check: (value, pointer, flaws): value is string => {
    if (!regex().check(value, pointer, flaws)) return false;
    const flaw = flawOfPattern(value);
    if (flaw !== null) flaws.push({ pointer, message: flaw });
    return flaw === null;
  },
};

/** What is wrong with a pattern, or null. */
export function flawOfPattern(source: string): string | null {
  try {
    compilePattern(source);
  } catch (thrown) {
    return `is no regular expression: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
  if (repeatsRepetition(source))
    return 'repeats, without an end, something that itself repeats or branches: on a long line that can take for ever. Write the inner part as a class, or give the outer one a small maximum';
  return null;
}

/** For patterns that are known to be in order. */
export function compilePattern(source: string): RegExp {
  return new RegExp(source, 'g');
}

/** A maximum up to which an outer repetition is harmless. */
const SMALL = 8;

/** `(a+)*`, `(a|b)+`, `(a{2,})*`: how many ways there are to match grows with each letter by a factor. */
function repeatsRepetition(source: string): boolean {
  const open: { isDangerous: boolean }[] = [{ isDangerous: false }];
  let closed = false;
  for (let at = 0; at < source.length; at += 1) {
    const letter = source[at];
    const group = open.at(-1);
    const wasClosed: boolean = closed;
    closed = false;
    if (letter === '\\') at += 1;
    else if (letter === '[') at = endOfClass(source, at);
    else if (letter === '(') open.push({ isDangerous: false });
    else if (letter === ')' && open.length > 1) {
      closed = open.pop()?.isDangerous ?? false;
      const outer = open.at(-1);
      if (outer !== undefined && closed) outer.isDangerous = true;
    } else if (letter === '|' && group !== undefined) group.isDangerous = true;
    else {
      const most = maximumAt(source, at);
      if (most > SMALL && wasClosed) return true;
      if (most > 1 && group !== undefined) group.isDangerous = true;
      // `+?` is lazy, and `{2,5}` is skipped as a whole.
      if (letter === '{' && most > 0) at = source.indexOf('}', at);
    }
  }
  return false;
}

function endOfClass(source: string, start: number): number {
  let at = start + 1;
  while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1;
  return at;
}

/** How often the quantifier that stands here repeats at most; 0 where there is none. */
function maximumAt(source: string, at: number): number {
  const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(source.slice(at, at + 24)) ?? [];
  if (least !== undefined) return comma === '' ? 1 : most === '' ? Infinity : Number(most);
  return source[at] === '*' || source[at] === '+' ? Infinity : source[at] === '?' ? 1 : 0;
}
