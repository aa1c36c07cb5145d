// `{a,b}` of a glob: every text it stands for.
import { SophiaError } from '../errors.ts';

const MAX_LENGTH = 4096;
const MAX_TEXTS = 1000;

/** `a.{ts,tsx}` → `a.ts`, `a.tsx`; nested ones too. Braces without a comma are text. Throws `GLOB_INVALID` beyond reason. */
export function expandBraces(glob: string): readonly string[] {
  if (glob.length > MAX_LENGTH)
    throw new SophiaError('GLOB_INVALID', { glob: `${glob.slice(0, 40)}…`, problem: `is longer than ${MAX_LENGTH} characters` });
  const texts = expand(glob);
  if (texts !== null) return texts;
  throw new SophiaError('GLOB_INVALID', {
    glob: glob.length > 80 ? `${glob.slice(0, 80)}…` : glob,
    problem: `stands for more than ${MAX_TEXTS} others`,
  });
}

/** Null where there are too many. */
function expand(glob: string): readonly string[] | null {
  const group = findGroup(glob);
  if (group === null) return [glob];
  const heads = new Set<string>();
  for (const choice of group.choices) {
    const texts = expand(choice);
    if (texts === null) return null;
    for (const text of texts) heads.add(text);
  }
  const tails = expand(group.after);
  if (tails === null || heads.size * tails.length > MAX_TEXTS) return null;
  return [...heads].flatMap((head) => tails.map((tail) => `${group.before}${head}${tail}`));
}

interface Group {
  readonly before: string;
  readonly choices: readonly string[];
  readonly after: string;
}

/** The first pair of braces with a comma of its own. */
function findGroup(glob: string): Group | null {
  const open: { start: number; commas: number[] }[] = [];
  let found: { start: number; end: number; commas: readonly number[] } | null = null;
  for (let at = 0; at < glob.length; at += 1) {
    const character = glob[at];
    if (character === '\\') at += 1;
    else if (character === '{') open.push({ start: at, commas: [] });
    else if (character === ',') open.at(-1)?.commas.push(at);
    else if (character === '}') {
      const pair = open.pop();
      if (pair !== undefined && pair.commas.length > 0 && (found === null || pair.start < found.start)) found = { ...pair, end: at };
    }
  }
  if (found === null) return null;
  const marks = [found.start, ...found.commas, found.end];
  const choices = marks.slice(1).map((mark, index) => glob.slice(marks[index]! + 1, mark));
  return { before: glob.slice(0, found.start), choices, after: glob.slice(found.end + 1) };
}
