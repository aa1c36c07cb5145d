// Reserved words, looked up by bytes: a word that is not one of them never becomes a string.

export class Keywords<Word extends string> {
  readonly #words = new Map<number, Word>();
  readonly #ignoreCase: boolean;
  readonly #longest: number;

  /** With `ignoreCase` the words are given in lower case. */
  constructor(words: readonly Word[], { ignoreCase = false } = {}) {
    this.#ignoreCase = ignoreCase;
    this.#longest = Math.max(...words.map((word) => word.length));
    for (const word of words) this.#words.set(hash(Buffer.from(word), 0, word.length), word);
  }

  /** The keyword that is exactly the bytes from `start` to `end`. */
  at(source: Uint8Array, start: number, end: number): Word | undefined {
    if (end - start > this.#longest) return undefined;
    const word = this.#words.get(hash(source, start, end));
    return word !== undefined && this.#isAt(word, source, start, end) ? word : undefined;
  }

  #isAt(word: Word, source: Uint8Array, start: number, end: number): boolean {
    if (word.length !== end - start) return false;
    for (let index = 0; index < word.length; index += 1) {
      const byte = source[start + index]!;
      const letter = this.#ignoreCase && byte >= 65 && byte <= 90 ? byte | 32 : byte;
      if (letter !== word.charCodeAt(index)) return false;
    }
    return true;
  }
}

/** The same for both cases of a letter. */
function hash(source: Uint8Array, start: number, end: number): number {
  let value = end - start;
  for (let at = start; at < end; at += 1) value = (Math.imul(value, 31) + (source[at]! | 32)) | 0;
  return value;
}
