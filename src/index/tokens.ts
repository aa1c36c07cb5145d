// Tokens are made here, once, for documents and queries and for every store.
// A word is a run of letters, digits and `_`. It gives itself, without `_` and in lower case, and its parts:
// `parseHTTPResponses_v2` → parsehttpresponsesv2, par, http, respon, v2. All are stemmed, so a token gives itself again.

/** Longer runs (hashes, encoded data) are cut: nobody types them. */
export const MAX_TOKEN_LENGTH = 64;
export const MAX_WORD_LENGTH = 1024;
export const MAX_PARTS = 12;

/** All tokens of a text, in order. Pure: the same text gives the same tokens everywhere. */
export function tokenise(text: string): string[] {
  const tokens: string[] = [];
  for (const word of wordsOf(text)) tokens.push(...expand(word));
  return tokens;
}

export function wordsOf(text: string): readonly string[] {
  return text.match(WORDS) ?? [];
}

/** ASCII separates words; every other character belongs to one, and `expand` looks closer. */
const WORDS = /[A-Za-z0-9_\u0080-\u{10FFFF}]+/gu;

/** The tokens of one word as `wordsOf` cuts it. */
export function expand(word: string): string[] {
  const text = word.length > MAX_WORD_LENGTH ? word.slice(0, MAX_WORD_LENGTH) : word;
  return isAscii(text) ? expandAscii(text) : expandUnicode(text);
}

function isAscii(word: string): boolean {
  for (let index = 0; index < word.length; index += 1) if (word.charCodeAt(index) > 127) return false;
  return true;
}

const OTHER = 0;
const UPPER = 1;
const LOWER = 2;
const DIGIT = 3;

function classOf(code: number): number {
  if (code >= 97 && code <= 122) return LOWER;
  if (code >= 65 && code <= 90) return UPPER;
  return code >= 48 && code <= 57 ? DIGIT : OTHER;
}

/** Breaks at `_`, before a capital after a small letter, and before the last capital of a row. A digit belongs to what it follows. */
function expandAscii(word: string): string[] {
  const parts: string[] = [];
  const lower = word.toLowerCase();
  let start = 0;
  let before = OTHER;
  for (let at = 0; at < word.length; at += 1) {
    const found = classOf(word.charCodeAt(at));
    const here = found === DIGIT ? before || LOWER : found;
    const isLastCapital = before === UPPER && here === LOWER && at - 1 > start;
    if (isLastCapital || before === OTHER || here === OTHER || (before === LOWER && here === UPPER)) {
      const end = isLastCapital ? at - 1 : at;
      if (before !== OTHER) parts.push(lower.slice(start, end));
      start = end;
    }
    before = here;
  }
  if (before !== OTHER) parts.push(lower.slice(start));
  return combine(lower, parts);
}

function combine(lower: string, parts: readonly string[]): string[] {
  if (parts.length === 0) return [];
  const tokens = [toToken(lower.includes('_') ? lower.replaceAll('_', '') : lower)];
  if (parts.length === 1 || parts.length > MAX_PARTS) return tokens;
  for (const part of parts) if (part.length > 1) tokens.push(toToken(part));
  return tokens;
}

function toToken(text: string): string {
  return stem(text.slice(0, MAX_TOKEN_LENGTH));
}

const RUNS = /[\p{L}\p{N}\p{M}_]+/gu;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+/gu;
const BOUNDARIES = /_+|(?<=\p{Ll}\p{N}*)(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;

function expandUnicode(word: string): string[] {
  const tokens: string[] = [];
  for (const run of word.toWellFormed().normalize('NFKC').match(RUNS) ?? []) {
    if (isAscii(run)) {
      tokens.push(...expandAscii(run));
      continue;
    }
    for (const unspaced of run.match(UNSPACED) ?? []) tokens.push(...pairsOf([...unspaced]));
    const spaced = run.replaceAll(UNSPACED, '_');
    const parts = spaced.split(BOUNDARIES).filter((part) => part !== '');
    tokens.push(
      ...combine(
        spaced.toLowerCase(),
        parts.map((part) => part.toLowerCase()),
      ),
    );
  }
  return tokens;
}

/** Scripts that do not put spaces between words are searched by pairs of characters. */
function pairsOf(characters: readonly string[]): string[] {
  if (characters.length === 1) return [characters[0]!];
  return characters.slice(1).map((character, index) => characters[index]! + character);
}

const VOWEL = /[aeiouy]/;
const PLAIN = /^[a-z]{4,}$/;
/** Last letters of what a stem takes away: most words end otherwise, which one look tells. */
const ENDINGS = new Set(['s', 'g', 'd', 'e'].map((letter) => letter.charCodeAt(0)));

/** A light English stem: plural, -ing, -ed and a final e. Stemming a stem changes nothing. */
export function stem(word: string): string {
  if (!ENDINGS.has(word.charCodeAt(word.length - 1)) || !PLAIN.test(word)) return word;
  let current = word;
  for (;;) {
    const next = stemOnce(current);
    if (next === current) return current;
    current = next;
  }
}

function stemOnce(word: string): string {
  if (word.length < 4) return word;
  if (word.endsWith('s')) {
    if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
    if (word.endsWith('sses')) return word.slice(0, -2);
    return /(ss|us|is)$/.test(word) ? word : word.slice(0, -1);
  }
  if (word.endsWith('ing')) return withoutEnding(word, 3);
  if (word.endsWith('ed')) return withoutEnding(word, 2);
  if (word.endsWith('e') && !word.endsWith('ee')) return word.slice(0, -1);
  return word;
}

function withoutEnding(word: string, length: number): string {
  const rest = word.slice(0, -length);
  if (rest.length < 3 || !VOWEL.test(rest)) return word;
  const isDoubled = rest.at(-1) === rest.at(-2) && !/[lsz]$/.test(rest);
  return isDoubled ? rest.slice(0, -1) : rest;
}
