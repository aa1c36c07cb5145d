// What the words of a language mean to its scanner.
import { Keywords } from './keywords.ts';
import { Token } from './head.ts';

export class Roles {
  /** The role of the word from `start` to `end`; a word without one is a name. */
  readonly roleOf: (source: Uint8Array, start: number, end: number) => number;

  constructor(roles: Readonly<Record<string, number>>) {
    const keywords = new Keywords(Object.keys(roles));
    const byWord = new Map(Object.entries(roles));
    this.roleOf = (source, start, end) => {
      const word = keywords.at(source, start, end);
      return word === undefined ? Token.Name : byWord.get(word)!;
    };
  }
}
