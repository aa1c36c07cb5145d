// The tokens of an ASCII word from its bytes: those that tokens.ts gives of its text, and a property test holds the two together.
// A repository has hundreds of thousands of words to learn, and strings of all their parts took longer than all else about them.
import { MAX_PARTS, MAX_TOKEN_LENGTH, MAX_WORD_LENGTH } from './tokens.ts';

const OTHER = 0;
const UPPER = 1;
const LOWER = 2;
const DIGIT = 3;

const CLASS = new Uint8Array(128);
CLASS.fill(UPPER, 65, 91).fill(LOWER, 97, 123).fill(DIGIT, 48, 58);

/** Where each part begins and ends. */
const parts = new Int32Array((MAX_PARTS + 1) * 2);
const token = new Uint8Array(MAX_TOKEN_LENGTH);

/** False, and nothing is taken, where a byte is not ASCII. What `take` gets is overwritten by the next token. */
export function eachAsciiToken(
  source: Uint8Array,
  start: number,
  stop: number,
  take: (bytes: Uint8Array, length: number) => void,
): boolean {
  const end = Math.min(stop, start + MAX_WORD_LENGTH);
  const count = split(source, start, end);
  if (count < 0) return false;
  if (count === 0) return true;
  take(token, stem(copyWithoutMarks(source, start, end)));
  if (count === 1 || count > MAX_PARTS) return true;
  for (let part = 0; part < count; part += 1) {
    const from = parts[part * 2]!;
    const to = parts[part * 2 + 1]!;
    if (to - from > 1) take(token, stem(copyLower(source, from, to)));
  }
  return true;
}

/** The number of parts, of which no more are noted than count; below 0 where a byte is not ASCII. */
function split(source: Uint8Array, start: number, end: number): number {
  let count = 0;
  let from = start;
  let before = OTHER;
  for (let at = start; at <= end; at += 1) {
    const byte = at === end ? 0 : source[at]!;
    if (byte > 127) return -1;
    const found = CLASS[byte]!;
    const here = found === DIGIT ? before || LOWER : found;
    const isLastCapital = before === UPPER && here === LOWER && at - 1 > from;
    if (!isLastCapital && before !== OTHER && here !== OTHER && !(before === LOWER && here === UPPER)) {
      before = here;
      continue;
    }
    const to = isLastCapital ? at - 1 : at;
    if (before !== OTHER) {
      if (count <= MAX_PARTS) {
        parts[count * 2] = from;
        parts[count * 2 + 1] = to;
      }
      count += 1;
    }
    from = to;
    before = here;
  }
  return count;
}

function copyLower(source: Uint8Array, from: number, to: number): number {
  const length = Math.min(to - from, MAX_TOKEN_LENGTH);
  for (let index = 0; index < length; index += 1) token[index] = toLower(source[from + index]!);
  return length;
}

function copyWithoutMarks(source: Uint8Array, start: number, end: number): number {
  let length = 0;
  for (let at = start; at < end && length < MAX_TOKEN_LENGTH; at += 1) {
    if (source[at] === 95) continue;
    token[length] = toLower(source[at]!);
    length += 1;
  }
  return length;
}

function toLower(byte: number): number {
  return CLASS[byte] === UPPER ? byte + 32 : byte;
}

const A = 97;
const D = 100;
const E = 101;
const G = 103;
const I = 105;
const L = 108;
const N = 110;
const S = 115;
const U = 117;
const Y = 121;
const Z = 122;

/** Of the first bytes of `token`, in place; what is left of them. */
function stem(length: number): number {
  const last = token[length - 1];
  if (length < 4 || (last !== S && last !== G && last !== D && last !== E)) return length;
  for (let index = 0; index < length; index += 1) if (token[index]! < A || token[index]! > Z) return length;
  for (let current = length; ;) {
    const next = stemOnce(current);
    if (next === current) return current;
    current = next;
  }
}

function stemOnce(length: number): number {
  if (length < 4) return length;
  const before = token[length - 2]!;
  switch (token[length - 1]) {
    case S:
      return withoutS(length, before);
    case G:
      return before === N && token[length - 3] === I ? withoutEnding(length, 3) : length;
    case D:
      return before === E ? withoutEnding(length, 2) : length;
    case E:
      return before === E ? length : length - 1;
    default:
      return length;
  }
}

function withoutS(length: number, before: number): number {
  const third = token[length - 3];
  if (length > 4 && before === E && third === I) {
    token[length - 3] = Y;
    return length - 2;
  }
  if (before === E && third === S && token[length - 4] === S) return length - 2;
  return before === S || before === U || before === I ? length : length - 1;
}

function withoutEnding(length: number, endingLength: number): number {
  const rest = length - endingLength;
  if (rest < 3 || !hasVowel(rest)) return length;
  const last = token[rest - 1]!;
  const isDoubled = last === token[rest - 2] && last !== L && last !== S && last !== Z;
  return isDoubled ? rest - 1 : rest;
}

const IS_VOWEL = new Uint8Array(128);
for (const byte of Buffer.from('aeiouy')) IS_VOWEL[byte] = 1;

function hasVowel(length: number): boolean {
  for (let index = 0; index < length; index += 1) if (IS_VOWEL[token[index]!] === 1) return true;
  return false;
}
